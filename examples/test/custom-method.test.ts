import { readFileSync } from "node:fs";
import { compile, enumerate, infer } from "@pgl/core";
import { expectProperlyWeighted } from "@pgl/testing";
import { expect, test } from "vitest";
import { everyStep } from "../custom-method.js";

const program = await compile.source(`model walk(n: int): int {
  var x = 0
  for i in 0..n {
    if sample bernoulli(0.4) { x += 1 }
    observe x > 0 ~ bernoulli(0.9)
  }
  condition x < n
  return x
}`);
const walk = program.models["walk"]!;

test("a method made of blocks is properly weighted: every outcome of its own draws is visited", async () => {
  for (const particles of [1, 2]) {
    const { outcomes } = await expectProperlyWeighted({ program: walk, args: [2], method: everyStep({ particles }) });
    expect(outcomes).toBeGreaterThan(3);
  }
});

test("it runs as any other", async () => {
  const exact = await infer(walk, [6], enumerate());
  const here = await infer(walk, [6], everyStep({ particles: 2000 }), { seed: 1 });
  expect(here.mean()).toBeCloseTo(exact.mean(), 0);
  expect(here.logZ.estimate).toBeCloseTo(exact.logZ.estimate!, 1);
  expect(here.method).toMatchObject({ name: "every_step", options: { particles: 2000 } });
});

test("in less than thirty lines", () => {
  const text = readFileSync(new URL("../custom-method.ts", import.meta.url), "utf8");
  expect(text.split("\n").length).toBeLessThan(30);
});
