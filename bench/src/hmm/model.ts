/** A hidden Markov model: what both languages are given. */
export interface Hmm {
  readonly states: number;
  readonly transition: readonly (readonly number[])[];
  readonly emission: readonly (readonly number[])[];
  readonly observations: readonly number[];
}

/** One with `states` states, as many symbols, and observations drawn from it. */
export function hmm(states: number, steps: number): Hmm {
  const rows = (stay: number): number[][] =>
    Array.from({ length: states }, (_, i) =>
      Array.from({ length: states }, (_, j) => (i === j ? stay : (1 - stay) / (states - 1))),
    );
  const transition = rows(0.7);
  const emission = rows(0.6);
  const uniform = congruential(states * 1000 + steps);
  const draw = (weights: readonly number[]): number => {
    let rest = uniform();
    const at = weights.findIndex((w) => (rest -= w) < 0);
    return at < 0 ? weights.length - 1 : at;
  };
  let state = 0;
  const observations = Array.from({ length: steps }, () => draw(emission[(state = draw(transition[state]!))]!));
  return { states, transition, emission, observations };
}

/** Numbers in [0, 1): good enough to make data that is the same each time. */
function congruential(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** log of the probability of the observations, by the forward recursion; the state before the first is 0. In nats. */
export function exactLogEvidence({ states, transition, emission, observations }: Hmm): number {
  let belief = Array.from<unknown, number>({ length: states }, (_, i) => (i === 0 ? 1 : 0));
  let log = 0;
  for (const y of observations) {
    const next = Array.from({ length: states }, (_, j) => {
      let p = 0;
      for (let i = 0; i < states; i++) p += belief[i]! * transition[i]![j]!;
      return p * emission[j]![y]!;
    });
    const total = next.reduce((a, b) => a + b, 0);
    log += Math.log(total);
    belief = next.map((p) => p / total);
  }
  return log;
}
