import type { BenchTable } from "./model.js";

/**
 * What no program can do without when every context has fresh rows: one batched answer a step, and for each particle the
 * normaliser of its row and one draw. No weights, no copies, no history.
 */
export function bareLoop(model: BenchTable, particles: number, tokens: number): readonly number[] {
  const { size } = model.vocabulary;
  const last = new Array<number>(particles).fill(-1);
  for (let step = 0; step < tokens; step++) {
    const rows = model.answer(last);
    for (let i = 0; i < particles; i++) {
      const row = rows.subarray(i * size, (i + 1) * size);
      let max = -Infinity;
      for (let v = 0; v < size; v++) if (row[v]! > max) max = row[v]!;
      let sum = 0;
      for (let v = 0; v < size; v++) sum += Math.exp(row[v]! - max);
      let rest = Math.random() * sum;
      let v = 0;
      while (v < size - 1 && (rest -= Math.exp(row[v]! - max)) >= 0) v++;
      last[i] = v;
    }
  }
  return last;
}
