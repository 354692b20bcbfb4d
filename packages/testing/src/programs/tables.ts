import type { TableModel } from "../reference/index.js";
import type { Tape } from "./tape.js";

/** Every text of generated programs is made of these, so that every vocabulary can spell it. */
export const alphabet = ["b", "a", "."] as const;
const merges = ["ab", "b.", ".a", "bb"] as const;

/** A table with what the generator has to know about it. */
export interface GeneratedTable {
  readonly table: TableModel;
  /** How many tokens a row gives probability to: the same ones in every row, so that a row covers any other. */
  readonly branching: number;
  readonly hasEos: boolean;
}

/**
 * A tiny language model: single characters, some tokens of two, an end token or none, rows that look back at most two
 * tokens. `b` always has positive probability.
 *
 * @param like a table whose tokens this one has too, and gives probability to the same.
 */
export function tableModel(tape: Tape, like: GeneratedTable | null = null): GeneratedTable {
  const order = tape.pick([1, 0, 1, 2]);
  const hasEos = tape.below(2) === 1;
  const tokens: string[] = [...alphabet, ...merges.filter(() => tape.below(2) === 1)];
  if (hasEos) tokens.push("</s>");
  const wanted = 2 + tape.below(2);
  const offset = tape.below(tokens.length);
  const positive = new Set([0]);
  if (hasEos && wanted > 2) positive.add(tokens.length - 1);
  for (let i = 0; positive.size < Math.min(wanted, tokens.length); i++) positive.add((1 + offset + i) % tokens.length);
  if (like !== null) return { ...like, table: { ...like.table, rows: otherRows(like.table.rows, 1 + tape.below(4)) } };
  const shades = Array.from({ length: 5 }, () => 1 + tape.below(6));
  let serial = 0;
  const row = (): number[] => {
    const weights = tokens.map((_, i) => (positive.has(i) ? shades[(serial * 3 + i) % shades.length]! : 0));
    serial++;
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((w) => w / total);
  };
  const words = tokens.filter((t) => t !== "</s>");
  const rows: Record<string, number[]> = { "": row() };
  if (order >= 1) for (const a of words) rows[a] = row();
  if (order >= 2) for (const a of words) for (const b of words) rows[`${a} ${b}`] = row();
  return { table: { tokens, eos: hasEos ? "</s>" : null, order, rows }, branching: positive.size, hasEos };
}

/** The rows, each token with another share. */
function otherRows(rows: GeneratedTable["table"]["rows"], shift: number): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(rows).map(([key, row], n) => {
      const weights = row.map((p, i) => (p > 0 ? 1 + ((n + i * shift) % 3) : 0));
      const total = weights.reduce((a, b) => a + b, 0);
      return [key, weights.map((w) => w / total)];
    }),
  );
}
