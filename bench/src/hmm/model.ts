/** A hidden Markov model: what both languages are given. */
export interface Hmm {
  readonly states: number;
  readonly transition: readonly (readonly number[])[];
  readonly emission: readonly (readonly number[])[];
  readonly observations: readonly number[];
}

/** One with `states` states, as many symbols, and observations of which some are surprising. */
export function hmm(states: number, steps: number): Hmm {
  const rows = (stay: number): number[][] =>
    Array.from({ length: states }, (_, i) =>
      Array.from({ length: states }, (_, j) => (i === j ? stay : (1 - stay) / (states - 1))),
    );
  // A slow walk over the symbols with a jump now and then.
  const observations = Array.from({ length: steps }, (_, t) => (t % 7 === 5 ? t * 5 : t >> 2) % states);
  return { states, transition: rows(0.7), emission: rows(0.8), observations };
}

/** log of the probability of the observations, by the forward recursion; the state before the first is 0. In nats. */
export function exactLogEvidence({ states, transition, emission, observations }: Hmm): number {
  let belief = Array.from({ length: states }, (_, i) => (i === 0 ? 1 : 0));
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
