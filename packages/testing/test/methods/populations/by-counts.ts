import type { ConditionalScheme, LogWeights } from "@pgl/runtime";

/** Ascending vectors of `length` numbers below n. */
function* ascending(n: number, length: number, least = 0): Generator<number[]> {
  if (length === 0) yield [];
  else for (let i = least; i < n; i++) for (const rest of ascending(n, length - 1, i)) yield [i, ...rest];
}

/** How many orders a vector with repetitions has. */
function orders(vector: readonly number[]): number {
  let count = 1;
  let run = 0;
  vector.forEach((x, i) => {
    run = i > 0 && vector[i - 1] === x ? run + 1 : 1;
    count *= (i + 1) / run;
  });
  return count;
}

function draw(weights: LogWeights, n: number, random: Parameters<ConditionalScheme["resample"]>[2]): number[] {
  const shares = weights.normalized();
  const vectors = [...ascending(weights.length, n)];
  const law = vectors.map((v) => v.reduce((p, i) => p * shares[i]!, orders(v)));
  return vectors[random.categorical(law)]!;
}

/**
 * Multinomial resampling with one draw for all ancestors: the law of the runtime's scheme (see its own tests) with fewer
 * outcomes to visit, because the order of independent draws does not matter.
 */
export const byCounts: ConditionalScheme = {
  name: "multinomial by counts",
  resample: (weights, n, random) => ({
    ancestors: Int32Array.from(draw(weights, n, random)),
    logWeights: new Float64Array(n).fill(weights.logSum() - Math.log(n)),
  }),
  resampleGiven: (weights, n, reference, random) => {
    const ancestors = Int32Array.from([reference, ...draw(weights, n - 1, random)]).sort();
    return {
      ancestors,
      logWeights: new Float64Array(n).fill(weights.logSum() - Math.log(n)),
      slot: ancestors.indexOf(reference),
    };
  },
};
