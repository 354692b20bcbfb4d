import type { Result } from "@pgl/core";

/**
 * What a program's comments promise of its output. A line `//> claim`, or `//> query: claim` where a file has several
 * queries, with one of these claims:
 *
 *     log Z = -3.137 ± 0.05
 *     P(true) = 0.36 ± 0.03          the posterior probability of a value, in JSON
 *     mean = 1.02 ± 0.01             of a number
 *     mean(slope) = 2.02 ± 0.1       of a field of a record
 *     every value matches /regex/
 */
export interface Expectation {
  readonly query: string | null;
  readonly claim: string;
}

export function expectationsOf(text: string): readonly Expectation[] {
  return text.split("\n").flatMap((line) => {
    const found = /^\s*\/\/>\s*(?:(\w+):\s+)?(.*)$/.exec(line);
    return found === null ? [] : [{ query: found[1] ?? null, claim: found[2]! }];
  });
}

/** Undefined when the claim holds; otherwise what was found instead. */
export function failureOf(claim: string, result: Result<unknown>): string | undefined {
  const numeric = /^(.*?) = (\S+) ± (\S+)$/.exec(claim);
  if (numeric !== null) {
    const [, what, expected, tolerance] = numeric;
    const actual = quantity(what!, result);
    return Math.abs(actual - Number(expected)) <= Number(tolerance) ? undefined : `${what} = ${actual}`;
  }
  const pattern = /^every value matches \/(.*)\/(\w*)$/.exec(claim);
  if (pattern !== null) {
    const regex = new RegExp(pattern[1]!, pattern[2]);
    if (result.atoms.length === 0) return "the posterior is empty";
    const other = result.atoms.find(({ value }) => !regex.test(String(value)));
    return other === undefined ? undefined : `a value that does not: ${JSON.stringify(other.value)}`;
  }
  throw new Error(`No such claim: ${claim}`);
}

function quantity(what: string, result: Result<unknown>): number {
  if (what === "log Z") return result.logZ.estimate ?? NaN;
  const probability = /^P\((.*)\)$/.exec(what);
  if (probability !== null) {
    const wanted = JSON.stringify(JSON.parse(probability[1]!));
    return result.probability((value) => JSON.stringify(value) === wanted);
  }
  if (what === "mean") return result.mean();
  const mean = /^mean\((\w+)\)$/.exec(what);
  if (mean !== null) return result.mean((value) => (value as Readonly<Record<string, number>>)[mean[1]!]!);
  throw new Error(`No such quantity: ${what}`);
}
