import { compile } from "@pgl/core";
import { enumerate, map, marginal, mmap, plan, seeded, type Model } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { expectSameMeasure, measureOf, runMethod } from "../../../src/index.js";
import { bestExpectation, massByValues, mostProbable, namesIn, treeOf } from "./brute.js";

/** Programs in which a value that was drawn matters later by one way alone: whoever overlooks that way merges too much. */
const programs: Readonly<Record<string, string>> = {
  "an argument of a model": `
model f(b: bool): bool { let x ~ bernoulli(if b { 0.9 } else { 0.2 })
  return x }
model m(): bool {
  let z ~ bernoulli(0.5)
  let w ~ bernoulli(0.3)
  let r = f(z)
  condition r || w
  return r
}`,
  "an argument of a model that only returns it": `
model f(b: bool): (bool, bool) { let x ~ bernoulli(0.4)
  return (b, x) }
model m(): bool {
  let z ~ bernoulli(0.7)
  let w ~ bernoulli(0.3)
  let (b, x) = f(z)
  let y ~ bernoulli(if b == x { 0.1 } else { 0.6 })
  condition y || w
  return x
}`,
  "an argument of a function value": `
model m(): bool {
  let z ~ bernoulli(0.5)
  let w ~ bernoulli(0.3)
  let g = (b: bool) => { let x ~ bernoulli(if b { 0.9 } else { 0.2 })
    x }
  let h = (b: bool) => { let x ~ bernoulli(if b { 0.5 } else { 0.1 })
    !x }
  let r = (if w { g } else { h })(z)
  return r
}`,
  "what a function value has captured": `
model m(): int {
  let z ~ uniform_int(1, 3)
  let f = () => { let x ~ bernoulli(1.0 / z)
    x }
  let w ~ bernoulli(0.5)
  let a = f()
  let b = f()
  condition w || a
  return if a { 1 } else { 0 } + (if b { 2 } else { 0 })
}`,
  "the accumulator of a fold, for the draws to come": `
model m(): bool {
  let total = fold([0, 1, 2], 0, (sum, i) => { let b ~ bernoulli(if sum > 0 { 0.9 } else { 0.2 })
    if b { sum + 1 } else { sum } })
  return total > 1
}`,
  "the accumulator of a fold, for nothing but the result": `
model m(): int {
  return fold([1, 2, 3], 0, (sum, i) => { let b ~ bernoulli(0.3)
    if b { sum + i } else { sum } })
}`,
  "the results of a map": `
model m(): bool {
  let bs = map([0.2, 0.5, 0.7], p => { let b ~ bernoulli(p)
    b })
  factor if bs[0] && bs[2] { 1.0 } else { 0.0 }
  return bs[1]
}`,
  "the results of a map that are returned": `
model m(): list<bool> {
  return map([0.2, 0.5, 0.7], p => { let b ~ bernoulli(p)
    let c ~ bernoulli(if b { 0.3 } else { 0.6 })
    b == c })
}`,
  "what a filter lets through": `
model m(): int {
  let xs = filter([1, 2, 4], x => { let b ~ bernoulli(0.4)
    b })
  let y ~ uniform_int(0, len(xs))
  return y + sum(xs)
}`,
  "what flat_map puts together": `
model m(): int {
  let xs = flat_map([1, 2], x => { let n ~ uniform_int(0, 2)
    fill(n, x) })
  observe true ~ bernoulli(1.0 / (1 + len(xs)))
  return len(xs)
}`,
  "whether any, all and find go on": `
model m(): (bool, bool, int) {
  let a = any([0.2, 0.3, 0.5], p => { let b ~ bernoulli(p)
    b })
  let c = all([0.7, 0.8], p => { let b ~ bernoulli(p)
    b })
  let f = find([1, 2, 3], x => { let b ~ bernoulli(0.3)
    b })
  return (a, c, f ?? 0)
}`,
  "a draw inside each, for its weight": `
model m(): int {
  let n ~ uniform_int(1, 3)
  each(range(0, n), i => { let b ~ bernoulli(0.4)
    factor if b { 0.5 } else { 0.0 } })
  return n
}`,
  "the number of turns of a loop": `
model m(): int {
  var n = 0
  while n < 4 {
    let b ~ bernoulli(0.4)
    if b { break }
    n = n + 1
  }
  let c ~ bernoulli(0.5)
  return if c { n } else { 0 }
}`,
  "a value that is handed on through others": `
model m(): int {
  let a ~ uniform_int(0, 2)
  var b = a
  let x ~ bernoulli(0.5)
  var c = b + 1
  if x { c = b }
  for i in 0..2 { b = b + c }
  let y ~ bernoulli(0.5)
  observe y ~ bernoulli(b / 20.0)
  return 0
}`,
  "a branch that returns early": `
model m(): string {
  let a ~ uniform_int(0, 2)
  let b ~ bernoulli(0.5)
  if a == 0 { return "early" }
  let c ~ bernoulli(if a == 1 { 0.2 } else { 0.9 })
  return if c { "late" } else { "later" }
}`,
  "an index and a length": `
model m(): int {
  var xs: list<int> = []
  for i in 0..3 {
    let x ~ uniform_int(0, 1)
    xs = push(xs, x)
  }
  let at ~ uniform_int(0, len(xs) - 1)
  condition xs[at] == 1
  return at
}`,
  "a recursion with an answer for each level": `
model depth(n: int, up: int): int {
  let stop ~ bernoulli(0.4)
  if stop || n == 0 { return up }
  let below = depth(n - 1, up + 1)
  let more ~ bernoulli(if below > 2 { 0.8 } else { 0.3 })
  return if more { below + 1 } else { n }
}
model m(): int { return depth(3, 0) }`,
  "a distribution that is kept": `
model m(): bool {
  let z ~ uniform_int(1, 3)
  let d = bernoulli(1.0 / z)
  let w ~ bernoulli(0.5)
  let a ~ d
  let b ~ d
  return a == b && w
}`,
  "a posterior that is kept": `
model inner(p: float): bool { let x ~ bernoulli(p)
  let y ~ bernoulli(p)
  condition x || y
  return x }
model m(): bool {
  let z ~ uniform_int(1, 3)
  let d = infer inner(1.0 / z) using marginal()
  let w ~ bernoulli(0.5)
  let a ~ d
  observe w ~ d
  return a
}`,
  "the order of a map's entries": `
model m(): string {
  let x ~ bernoulli(0.5)
  let table = if x { map { "a": 1, "b": 2 } } else { map { "b": 2, "a": 1 } }
  let y ~ bernoulli(0.4)
  return keys(table)[if y { 0 } else { 1 }]
}`,
  "a record of which one field counts": `
model m(): int {
  var s = { count: 0, last: false }
  for i in 0..4 {
    let x ~ bernoulli(if s.last { 0.8 } else { 0.3 })
    s = { count: s.count + (if x { 1 } else { 0 }), last: x }
  }
  return s.count
}`,
};

describe("a value that matters by one way alone keeps executions apart", () => {
  for (const [name, text] of Object.entries(programs)) {
    it(name, async () => {
      for (const passes of ["none", "all"] as const) {
        const subject = { program: (await compile.source(text, { passes })).models["m"]! as Model, args: [] };
        const run = (method: ReturnType<typeof marginal>) => runMethod(subject, method, seeded(1));
        expectSameMeasure(measureOf(await run(marginal())), measureOf(await run(enumerate({ tolerance: 0 }))), 1e-12);
        const tree = await treeOf(subject);
        expect(Math.exp((await run(map())).logZ.estimate!)).toBeCloseTo(mostProbable(tree), 13);
        for (const draw of namesIn(tree)) {
          const names = new Set([draw]);
          const best = await run(mmap({ vars: [draw] }));
          expect(Math.exp(best.logZ.estimate!)).toBeCloseTo(Math.max(...massByValues(tree, names).values()), 13);
          if (passes === "all") continue;
          const policy = await run(plan({ decisions: [draw] }));
          expect(Math.exp(policy.logZ.estimate!)).toBeCloseTo(bestExpectation(tree, names), 13);
        }
      }
    });
  }
});
