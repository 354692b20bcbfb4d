import type { Atom, Posterior } from "@pgl/core";

/** More different values than this are summarised, not listed, when they are made of numbers. */
const MANY = 24;
/** Records and lists of more numbers than this are listed as they are. */
const COMPONENTS = 32;

/** What is shown of many different numbers. Weights are shares of the whole posterior. */
export interface NumberSummary {
  /** The field or place in a record or list; empty for numbers by themselves. */
  readonly name: string;
  /** The finite ones, ascending. A number may come several times. */
  readonly atoms: readonly Atom<number>[];
  readonly mean: number;
  readonly sd: number;
  /** The smallest number below or at which a share of `level` of the weight lies. */
  readonly quantile: (level: number) => number;
  /** Weight of infinities and NaN, which the other fields leave out. */
  readonly notFinite: number;
  /** Are all whole numbers? */
  readonly whole: boolean;
}

/**
 * A summary of the numbers of a posterior over many different ones; of each component, over many different records or
 * lists of numbers; null for others, whose values are better listed.
 */
export function summarise({ atoms }: Pick<Posterior<unknown>, "atoms">): readonly NumberSummary[] | null {
  // Weights below zero have no quantiles.
  if (atoms.length <= MANY || atoms.some((a) => a.weight < 0)) return null;
  const names = typeof atoms[0]!.value === "number" ? null : componentNames(atoms[0]!.value);
  if (names !== null && (names.length === 0 || names.length > COMPONENTS)) return null;
  const columns = (names ?? [""]).map((): Atom<number>[] => []);
  for (const { value, weight } of atoms) {
    if (names !== null && !sameNames(componentNames(value), names)) return null;
    for (const [i, column] of columns.entries()) {
      const part: unknown = names === null ? value : (value as Readonly<Record<string, unknown>>)[names[i]!];
      if (typeof part !== "number") return null;
      column.push({ value: part, weight });
    }
  }
  const summaries = columns.map((column, i) => summaryOf(names?.[i] ?? "", column));
  return summaries.some((s) => s === null) ? null : (summaries as readonly NumberSummary[]);
}

function summaryOf(name: string, all: readonly Atom<number>[]): NumberSummary | null {
  const atoms = all.filter((a) => Number.isFinite(a.value)).sort((a, b) => a.value - b.value);
  if (atoms.length === 0) return null;
  const finite = sum(atoms, () => 1);
  const mean = sum(atoms, (x) => x) / finite;
  return {
    name,
    atoms,
    mean,
    sd: Math.sqrt(sum(atoms, (x) => (x - mean) ** 2) / finite),
    quantile: (level) => {
      let covered = 0;
      for (const { value, weight } of atoms) if ((covered += weight) >= (level - 1e-12) * finite) return value;
      return atoms[atoms.length - 1]!.value;
    },
    notFinite: atoms.length === all.length ? 0 : Math.max(0, 1 - finite),
    whole: atoms.every((a) => Number.isInteger(a.value)),
  };
}

function sum(atoms: readonly Atom<number>[], f: (x: number) => number): number {
  let total = 0;
  for (const { value, weight } of atoms) total += weight * f(value);
  return total;
}

/** Fields of a record, places of a list; null for other values. */
export function componentNames(value: unknown): readonly string[] | null {
  if (typeof value !== "object" || value === null) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null ? Object.keys(value) : null;
}

export const sameNames = (own: readonly string[] | null, names: readonly string[]): boolean =>
  own !== null && own.length === names.length && own.every((name, i) => name === names[i]);
