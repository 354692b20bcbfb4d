import type { Measure } from "../reference/index.js";

/** A law does not hold. The message says where, and by how much. */
export class LawError extends Error {
  override readonly name = "LawError";
}

/** Mass by key, with a value to show. */
export type Masses = ReadonlyMap<string, number>;

export const massesOf = (measure: Measure): Masses => new Map(measure.atoms.map((a) => [a.key, a.mass]));

export const totalOf = (masses: Masses): number => [...masses.values()].reduce((a, b) => a + b, 0);

/**
 * Throws unless two measures agree on every value. `tolerance` is relative to the larger total, so that the constant counts:
 * measures are compared unnormalised. `missing` is mass that `actual` may lack: what was not visited.
 */
export function expectMasses(law: string, actual: Masses, expected: Masses, tolerance: number, missing = 0): void {
  const scale = Math.max(totalOf(actual), totalOf(expected));
  const rows = [...new Set([...actual.keys(), ...expected.keys()])].map((key) => {
    const a = actual.get(key) ?? 0;
    const e = expected.get(key) ?? 0;
    return { key, a, e, difference: a > e ? a - e : Math.max(0, e - a - missing) };
  });
  rows.sort((x, y) => (Number.isNaN(x.difference) ? -1 : y.difference - x.difference));
  const worst = rows[0];
  if (worst === undefined || worst.difference <= tolerance * scale) return;
  const table = rows
    .slice(0, 8)
    .map(({ key, a, e, difference }) => `  ${key}: ${a} instead of ${e} (off by ${difference.toExponential(2)})`)
    .join("\n");
  throw new LawError(
    `${law} does not hold: total ${totalOf(actual)} instead of ${totalOf(expected)}; tolerance ${tolerance * scale}.\n${table}` +
      (rows.length > 8 ? `\n  … ${rows.length - 8} more values` : ""),
  );
}
