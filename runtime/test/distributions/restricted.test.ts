import { describe, expect, it } from "vitest";
import {
  categorical,
  choice,
  delta,
  normal,
  poisson,
  restrict,
  seeded,
  uniformInt,
  ValueMap,
  type Process,
} from "../../src/index.js";

describe("restrict", () => {
  it("splits a distribution into the event's mass and what is left", () => {
    const d = categorical(
      ValueMap.from([
        ["a", 1],
        ["b", 2],
        ["c", 5],
      ] as const),
    );
    const { distribution, logMass } = restrict(d, (x) => x !== "b")!;
    expect(logMass).toBeCloseTo(Math.log(6 / 8), 14);
    for (const x of ["a", "b", "c"] as const) {
      const expected = x === "b" ? -Infinity : d.logDensity(x);
      expect(logMass + distribution.logDensity(x)).toBeCloseTo(expected, 12);
    }
    const random = seeded(1);
    for (let i = 0; i < 100; i++) expect(distribution.sample(random)).not.toBe("b");
  });

  it("gives an impossible event mass zero, and no error", () => {
    const restricted = restrict(uniformInt(0, 3), (x) => x > 5)!;
    expect(restricted.logMass).toBe(-Infinity);
    expect(restricted.distribution.kind).toBe("distribution");
  });

  it("leaves alone what is certain", () => {
    const d = choice([0.1, 0.2, 0.3]);
    const restricted = restrict(d, () => true)!;
    expect(restricted.logMass).toBe(0);
    expect(restricted.distribution).toBe(d);
    expect(restrict(categorical([0, 1, 3]), (i) => i > 0)!.logMass).toBe(0);
    expect(restrict(delta("x"), (x) => x === "x")!.logMass).toBe(0);
  });

  it("asks of values that can be drawn only", () => {
    const asked: number[] = [];
    restrict(categorical([0, 1, 0, 1]), (i) => asked.push(i) > 0);
    expect(asked).toEqual([1, 3]);
  });

  it("does not go through what it cannot list", () => {
    expect(restrict(uniformInt(0, 1e9), () => true)).toBeNull();
    expect(restrict(poisson(3), () => true)).toBeNull();
    expect(restrict(normal(0, 1), () => true)).toBeNull();
    const process = { kind: "process", name: "text" } as Process<string>;
    expect(restrict(process, () => true)).toBeNull();
  });
});
