import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Method } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { load, measure, run } from "./evaluate.js";

const example = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url)), "utf8");

describe("programs of the language page", () => {
  it("coin", async () => {
    const { fair_or_not, queries } = await load(example("coin.pgl"));
    const [query] = queries as { args(): unknown[]; method(): Method }[];
    const posterior = await run<boolean>(fair_or_not, query!.args(), query!.method());
    expect(posterior.probability((fair) => fair)).toBeCloseTo(9 / 25, 1);
    expect(posterior.logZ.estimate).toBeCloseTo(Math.log((1 / 32 + 1 / 18) / 2), 1);
  });

  it("scalar implicature: exact nested inference", async () => {
    const { listener } = await load(example("scalar-implicature.pgl"));
    const posterior = await run<number>(listener, ["some"]);
    expect(posterior.probability((n) => n === 1)).toBeCloseTo(4 / 9, 10);
    expect(posterior.probability((n) => n === 3)).toBeCloseTo(1 / 9, 10);
  });

  it("a hidden Markov model", async () => {
    const { weather } = await load(example("hmm.pgl"));
    const exact = await measure(weather, [[0, 2]]);
    // By hand, forwards: start (.6, .4), transition, emission 0, transition, emission 2.
    const t = [
      [0.7, 0.3],
      [0.4, 0.6],
    ];
    const e = [
      [0.6, 0.3, 0.1],
      [0.1, 0.4, 0.5],
    ];
    const forward = (p: number[], y: number) =>
      [0, 1].map((to) => (p[0]! * t[0]![to]! + p[1]! * t[1]![to]!) * e[to]![y]!);
    const by_hand = forward(forward([0.6, 0.4], 0), 2);
    expect(exact.get("sunny")).toBeCloseTo(by_hand[0]!, 12);
    expect(exact.get("rainy")).toBeCloseTo(by_hand[1]!, 12);
  });

  it("a recursive grammar", async () => {
    const { that_makes } = await load(example("arithmetic.pgl"));
    const posterior = await run<string>(that_makes, [6]);
    for (const { value } of posterior.atoms) expect(Number(new Function(`return ${value}`)())).toBe(6);
    expect(posterior.atoms.length).toBeGreaterThan(3);
  });
});
