/** A noisy-OR network of two layers: causes that may be present, findings that each present cause may bring about. */
export interface NoisyOr {
  /** Probability of each cause. */
  readonly priors: readonly number[];
  /** Probability of a finding without any cause. */
  readonly leak: number;
  /** By finding: which causes bring it about, with what probability. */
  readonly links: readonly (readonly { readonly cause: number; readonly strength: number }[])[];
  readonly findings: readonly boolean[];
}

/** A network with as many links a finding as `degree`, and findings drawn from it. */
export function noisyOr(causes: number, findings: number, degree: number): NoisyOr {
  const uniform = congruential(1000 * causes + findings);
  const priors = Array.from({ length: causes }, () => 0.05 + 0.25 * uniform());
  const leak = 0.02;
  const links = Array.from({ length: findings }, () => {
    const chosen = new Set<number>();
    while (chosen.size < degree) chosen.add(Math.floor(causes * uniform()));
    return [...chosen].map((cause) => ({ cause, strength: 0.3 + 0.6 * uniform() }));
  });
  const present = priors.map((p) => uniform() < p);
  const observed = links.map((of) => uniform() < 1 - absence(of, leak, present));
  return { priors, leak, links, findings: observed };
}

const absence = (of: NoisyOr["links"][number], leak: number, present: readonly boolean[]): number =>
  of.reduce((none, { cause, strength }) => (present[cause]! ? none * (1 - strength) : none), 1 - leak);

/** Posterior probability that the first cause is present, by going through all states of the causes. */
export function exactFirstCause({ priors, leak, links, findings }: NoisyOr): number {
  let total = 0;
  let first = 0;
  for (let state = 0; state < 2 ** priors.length; state++) {
    const present = priors.map((_, i) => ((state >> i) & 1) === 1);
    let p = 1;
    priors.forEach((prior, i) => (p *= present[i]! ? prior : 1 - prior));
    links.forEach((of, i) => {
      const none = absence(of, leak, present);
      p *= findings[i]! ? 1 - none : none;
    });
    total += p;
    if (present[0]!) first += p;
  }
  return first / total;
}

/** Numbers in [0, 1): good enough to make data that is the same each time. */
function congruential(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}
