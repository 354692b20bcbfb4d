import fc from "fast-check";
import { TableModel } from "../src/index.js";

/** A table model of order 1 with the same row everywhere unless `rows` says otherwise. */
export function table(
  tokens: readonly string[],
  eos: string | null,
  rows: Readonly<Record<string, readonly number[]>>,
  order = 1,
): TableModel {
  return TableModel.from({ tokens, eos, order, rows });
}

/** Three letters and an end token; all strings have one tokenisation. */
export const letters = (): TableModel =>
  table(["a", "b", ".", "</s>"], "</s>", {
    "": [0.5, 0.3, 0.1, 0.1],
    a: [0.1, 0.6, 0.2, 0.1],
    b: [0.4, 0.1, 0.25, 0.25],
    ".": [0.3, 0.3, 0.2, 0.2],
    "</s>": [0.25, 0.25, 0.25, 0.25],
  });

/** Random rows for the given tokens, order 1. */
export const randomTable = (tokens: readonly string[], eos: string | null): fc.Arbitrary<TableModel> =>
  fc
    .array(fc.array(fc.integer({ min: 0, max: 8 }), { minLength: tokens.length, maxLength: tokens.length }), {
      minLength: tokens.length + 1,
      maxLength: tokens.length + 1,
    })
    .filter((rows) => rows.every((row) => row.some((n) => n > 0)))
    .map((counts) => {
      const rows = counts.map((row) => {
        const total = row.reduce((a, b) => a + b, 0);
        return row.map((n) => n / total);
      });
      return table(tokens, eos, Object.fromEntries([["", rows[0]!], ...tokens.map((t, i) => [t, rows[i + 1]!])]));
    });

/** Probability of a token sequence under a table of order 1, by looking numbers up. */
export function lookUp(model: TableModel, tokens: readonly string[], after: readonly string[] = []): number {
  const path = [...after];
  let p = 1;
  for (const token of tokens) {
    const ids = path.map((t) => allNames(model).indexOf(t));
    p *= Math.exp(model.row(ids).logProbability(allNames(model).indexOf(token)));
    path.push(token);
  }
  return p;
}

export const allNames = (model: TableModel): string[] =>
  Array.from({ length: model.vocabulary.size }, (_, id) => model.vocabulary.label(id));
