import { seeded, tensorEngineInUse, type RowOperations } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { LogRow, type LanguageModel } from "../src/index.js";
import { rowsOf } from "../src/log-row.js";
import { engineFor } from "../src/row-batch.js";
import { ModelSession } from "../src/session.js";

const WIDTH = 9000;

function numbers(rows: number, seed = 1): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length: rows * WIDTH }, () => 12 * random.uniform() - 6);
}

describe("rows of one batch", () => {
  it("are normalised by the engine in one call, and agree with float64", async () => {
    const engine = (await engineFor(WIDTH))!;
    let calls = 0;
    const counting = {
      ...engine,
      logSumExp: (rows: Float32Array, width: number) => {
        calls++;
        return engine.logSumExp(rows, width);
      },
    } satisfies RowOperations;
    const array = numbers(3);
    rowsOf(array, WIDTH, counting).forEach((row, r) => {
      const alone = new LogRow(array.subarray(r * WIDTH, (r + 1) * WIDTH));
      expect(Math.abs(row.logNormaliser - alone.logNormaliser)).toBeLessThan(2e-5);
      expect(Math.abs(row.logProbability(17) - alone.logProbability(17))).toBeLessThan(2e-5);
      expect(row.sample(seeded(r))).toBe(alone.sample(seeded(r)));
    });
    expect(calls).toBe(1);
  });

  it("need no normaliser to be drawn from", () => {
    const never = {
      logSumExp: () => {
        throw new Error("was asked");
      },
    } as unknown as RowOperations;
    const [row] = rowsOf(numbers(1), WIDTH, never);
    expect(row!.sample(seeded(3))).toBeGreaterThanOrEqual(0);
  });

  it("say each for itself what is wrong", async () => {
    const array = numbers(3);
    array[WIDTH + 5] = NaN;
    array.fill(-Infinity, 2 * WIDTH);
    const rows = rowsOf(array, WIDTH, await engineFor(WIDTH));
    expect(rows[0]!.logProbability(0)).toBeLessThan(0);
    expect(() => rows[1]!.logProbability(0)).toThrowError(expect.objectContaining({ code: "PGLM007" }) as Error);
    expect(() => rows[2]!.logProbability(0)).toThrowError(expect.objectContaining({ code: "PGLM009" }) as Error);
  });

  it("come from models with large vocabularies, and the run says by what engine", async () => {
    const array = numbers(2);
    const model = {
      name: "wide",
      vocabulary: { size: WIDTH },
      capabilities: { maxContext: null },
      stats: { tokens: 0, cachedTokens: 0 },
      logProbabilities: () => Promise.resolve(array),
    } as unknown as LanguageModel;
    const session = new ModelSession(model);
    const rows = await session.rows([session.tree.child(0, 1), session.tree.child(0, 2)]);
    const alone = new LogRow(array.subarray(WIDTH));
    expect(Math.abs(rows[1]!.logProbability(8) - alone.logProbability(8))).toBeLessThan(2e-5);
    expect(tensorEngineInUse()).not.toBeNull();
  });

  it("of small vocabularies are left to plain loops", async () => {
    expect(await engineFor(512)).toBeNull();
  });
});
