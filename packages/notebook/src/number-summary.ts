import type { Atom, Posterior } from "@pgl/core";

/** More different numbers than this are summarised, not listed. */
const MANY = 24;

/** What is shown of a posterior over many different numbers. Weights are shares of the whole posterior. */
export interface NumberSummary {
  /** Ascending. */
  readonly atoms: readonly Atom<number>[];
  readonly mean: number;
  readonly sd: number;
  readonly quantiles: readonly (readonly [level: number, value: number])[];
  /** Weight of infinities and NaN, which the other fields leave out. */
  readonly notFinite: number;
  /** Are all values whole numbers? */
  readonly whole: boolean;
  readonly quantile: (level: number) => number;
}

/** The summary, or null when the values are few, or not numbers. */
export function summarise({ atoms: all }: Pick<Posterior<unknown>, "atoms">): NumberSummary | null {
  if (all.length <= MANY || !all.every((atom) => typeof atom.value === "number")) return null;
  const atoms = (all as readonly Atom<number>[])
    .filter((a) => Number.isFinite(a.value))
    .sort((a, b) => a.value - b.value);
  if (atoms.length === 0) return null;
  const finite = sum(atoms, () => 1);
  const mean = sum(atoms, (x) => x) / finite;
  const quantile = (level: number): number => {
    let covered = 0;
    for (const { value, weight } of atoms) if ((covered += weight) >= (level - 1e-12) * finite) return value;
    return atoms[atoms.length - 1]!.value;
  };
  return {
    atoms,
    mean,
    sd: Math.sqrt(sum(atoms, (x) => (x - mean) ** 2) / finite),
    quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map((level) => [level, quantile(level)] as const),
    notFinite: atoms.length === all.length ? 0 : Math.max(0, 1 - finite),
    whole: atoms.every((a) => Number.isInteger(a.value)),
    quantile,
  };
}

function sum(atoms: readonly Atom<number>[], f: (x: number) => number): number {
  let total = 0;
  for (const { value, weight } of atoms) total += weight * f(value);
  return total;
}
