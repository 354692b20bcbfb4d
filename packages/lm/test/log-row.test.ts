import { seeded, type RandomSource } from "@pgl/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogRow } from "../src/index.js";

/** Visits every piece of [0, 1) a draw tells apart: outcome → probability. */
function outcomes(row: LogRow): Map<number, number> {
  const found = new Map<number, number>();
  let pieces: [number, number][] | null = null;
  const visit = (place: number): number => {
    const source = {
      uniformAmong: (breakpoints: () => Float64Array) => {
        const ends = [...breakpoints(), 1];
        pieces = ends.map((end, i) => [i === 0 ? 0 : ends[i - 1]!, end]);
        const [low, high] = pieces[place]!;
        return (low + high) / 2;
      },
    } as unknown as RandomSource;
    return row.sample(source);
  };
  visit(0);
  for (const [i, [low, high]] of pieces!.entries()) found.set(visit(i), (found.get(visit(i)) ?? 0) + high - low);
  return found;
}

describe("rows", () => {
  it("draw each entry with its probability, exactly", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 120 }), (counts) => {
        const total = counts.reduce((a, b) => a + b, 0);
        fc.pre(total > 0);
        const found = outcomes(new LogRow(Float64Array.from(counts, Math.log)));
        counts.forEach((n, i) => expect(found.get(i) ?? 0).toBeCloseTo(n / total, 12));
      }),
    );
  });

  it("never draw an entry of probability zero, whatever the number", () => {
    const row = new LogRow(Float64Array.from([-Infinity, 0, -Infinity, -50, -Infinity]));
    for (const u of [0, Number.MIN_VALUE, 0.5, 1 - 2 ** -53, 1]) {
      expect([1, 3]).toContain(row.sample({ uniformAmong: () => u } as unknown as RandomSource));
    }
  });

  it("do not mind constants, and normalise in float64", () => {
    const row = new LogRow(Float32Array.from([1000, 1001, 999]));
    const total = [0, 1, 2].reduce((s, i) => s + Math.exp(row.logProbability(i)), 0);
    expect(total).toBeCloseTo(1, 14);
    expect(row.toFloat32Array()[1]! - row.toFloat32Array()[0]!).toBeCloseTo(1, 6);
  });

  it("refuse what is no distribution", () => {
    const code = (...logits: number[]): string => {
      try {
        new LogRow(Float64Array.from(logits)).sample(seeded(1));
      } catch (error) {
        return (error as { code: string }).code;
      }
      return "accepted";
    };
    expect(code(-Infinity, -Infinity)).toBe("PGLM009");
    expect(code(0, NaN)).toBe("PGLM007");
    expect(code(NaN, NaN)).toBe("PGLM007");
    expect(code(0, Infinity)).toBe("PGLM007");
  });
});
