import { beforeAll, describe, expect, test } from "vitest";
import { RunError, seeded, type RandomSource } from "../../../src/index.js";
import { enumerateOutcomes } from "@pgl/testing";
import { load } from "../../../src/weights/tensors/engine.js";
import { rowOperations, type RowOperations } from "../../../src/weights/tensors/operations.js";
import { plainKernels } from "../../../src/weights/tensors/plain.js";
import { tfjsKernels } from "../../../src/weights/tensors/tfjs.js";

/** Log-weights such as models give: most of the mass on few entries, some impossible. */
function matrix(n: number, width: number, seed: number): { rows: Float32Array; mask: Uint8Array } {
  const random = seeded(seed);
  const rows = Float32Array.from({ length: n * width }, () => {
    const u = random.uniform();
    return u < 0.05 ? -Infinity : u < 0.1 ? -80 - 40 * random.uniform() : 30 * random.uniform() - 20;
  });
  return { rows, mask: Uint8Array.from({ length: n * width }, () => (random.bernoulli(0.7) ? 1 : 0)) };
}

/** In float64, by the definition. */
function exactLogSumExp(row: Iterable<number>): number {
  const values = [...row];
  const max = Math.max(...values);
  return max === -Infinity ? max : max + Math.log(values.reduce((sum, x) => sum + Math.exp(x - max), 0));
}

const sizes = [
  [1, 1],
  [3, 2],
  [5, 7],
  [64, 50],
  [4, 4096],
  [2, 50257],
] as const;

describe.each(["wasm", "cpu", "off"] as const)("row operations of the engine %s", (name) => {
  let operations: RowOperations;
  beforeAll(async () => {
    await load(name);
    // Small matrices too: below the threshold the engine would not be asked.
    const { default: tf } = (await import("@tensorflow/tfjs-core")) as unknown as {
      default: Parameters<typeof tfjsKernels>[0];
    };
    operations = rowOperations(name === "off" ? plainKernels : tfjsKernels(tf), 0);
  });

  test.each(sizes)("log-sum-exp of %i × %i is within 2e-5 of float64", (n, width) => {
    const { rows } = matrix(n, width, n + width);
    const found = operations.logSumExp(rows, width);
    for (let r = 0; r < n; r++) {
      const exact = exactLogSumExp(rows.subarray(r * width, (r + 1) * width));
      if (exact === -Infinity) expect(found[r]).toBe(-Infinity);
      else expect(Math.abs(found[r]! - exact)).toBeLessThan(2e-5);
    }
  });

  test.each(sizes)("masked log-softmax of %i × %i is within 2e-5 of float64", (n, width) => {
    const { rows, mask } = matrix(n, width, 7 * n + width);
    const found = operations.maskedLogSoftmax(rows, width, mask);
    for (let r = 0; r < n; r++) {
      const at = (j: number): number => (mask[r * width + j] === 0 ? -Infinity : rows[r * width + j]!);
      const total = exactLogSumExp(Array.from({ length: width }, (_, j) => at(j)));
      for (let j = 0; j < width; j++) {
        const exact = total === -Infinity ? -Infinity : at(j) - total;
        const value = found[r * width + j]!;
        if (exact === -Infinity ? value !== -Infinity : !(Math.abs(value - exact) <= 2e-5)) {
          expect.fail(`row ${r}, entry ${j}: ${value} for ${exact}`);
        }
      }
    }
  });

  test("rows without weight are -Infinity, and nothing is drawn from them", () => {
    const rows = Float32Array.from([-Infinity, -Infinity, 0, 1]);
    const mask = Uint8Array.from([1, 1, 0, 0]);
    expect([...operations.logSumExp(rows, 2)][0]).toBe(-Infinity);
    expect([...operations.maskedLogSoftmax(rows, 2, mask)]).toEqual([-Infinity, -Infinity, -Infinity, -Infinity]);
    expect([...operations.maskedDraw(rows, 2, mask, [seeded(1), seeded(2)])]).toEqual([-1, -1]);
    expect([...operations.gumbelTop(rows, 2, mask, 2, [seeded(1), seeded(2)])]).toEqual([-1, -1, -1, -1]);
  });

  test("a drawn entry has its probability, by enumeration", async () => {
    const rows = Float32Array.from([0, Math.log(3), -Infinity, 5]);
    const mask = Uint8Array.from([1, 1, 1, 0]);
    const outcomes = await enumerateOutcomes((random) => operations.maskedDraw(rows, 4, mask, [random])[0]!);
    expect(outcomes.map((o) => o.value)).toEqual([0, 1]);
    expect(outcomes[0]!.probability).toBeCloseTo(0.25, 6);
    expect(outcomes[1]!.probability).toBeCloseTo(0.75, 6);
  });

  test("the same sources draw the same", () => {
    const { rows, mask } = matrix(8, 300, 5);
    const draw = (): number[] => [...operations.maskedDraw(rows, 300, mask, streams(8))];
    expect(draw()).toEqual(draw());
  });

  test("bad entries and sizes are refused by name", () => {
    expect(() => operations.logSumExp(Float32Array.from([0, NaN]), 2)).toThrow(/entry 1 of row 0 is NaN/);
    expect(() => operations.logSumExp(Float32Array.from([0, 0, 0, Infinity]), 2)).toThrow(
      /entry 1 of row 1 is Infinity/,
    );
    expect(() => operations.logSumExp(new Float32Array(5), 2)).toThrow(RunError);
    expect(() => operations.maskedLogSoftmax(new Float32Array(4), 2, new Uint8Array(3))).toThrow(
      /3 mask entries for 4/,
    );
    expect(() => operations.maskedDraw(new Float32Array(4), 2, null, [seeded(1)])).toThrow(
      /1 sources of randomness for 2 rows/,
    );
    expect(() => operations.gumbelTop(new Float32Array(2), 2, null, 0, [seeded(1)])).toThrow(
      /k is a positive whole number/,
    );
  });
});

describe("Gumbel-top-k", () => {
  // A scripted uniform u gives the noise −log(−log u): the largest sum must win.
  const scripted = (values: readonly number[]): RandomSource => {
    let at = 0;
    return { ...seeded(1), uniform: () => values[at++]! } as RandomSource;
  };
  const operations = rowOperations(plainKernels);

  test("takes the entries with the largest perturbed weights, in order, skipping masked ones", () => {
    const rows = Float32Array.from([0, 0, 3, 0, -Infinity]);
    const mask = Uint8Array.from([1, 1, 1, 0, 1]);
    // Noise: 0.5 → 0.367, 0.9 → 2.25, 0.5 → 0.367: sums 0.367, 2.25, 3.367.
    expect([...operations.gumbelTop(rows, 5, mask, 4, [scripted([0.5, 0.9, 0.5])])]).toEqual([2, 1, 0, -1]);
  });

  test("draws in proportion to the weights", () => {
    const rows = Float32Array.from([0, Math.log(2), Math.log(5)]);
    const counts = [0, 0, 0];
    const source = seeded(11);
    const n = 20_000;
    for (let i = 0; i < n; i++) counts[operations.gumbelTop(rows, 3, null, 1, [source])[0]!]!++;
    // Four standard errors of a share are below 0.015.
    [1 / 8, 2 / 8, 5 / 8].forEach((p, i) => expect(Math.abs(counts[i]! / n - p)).toBeLessThan(0.015));
  });
});

const streams = (n: number): RandomSource[] => Array.from({ length: n }, (_, i) => seeded(3).split(i));
