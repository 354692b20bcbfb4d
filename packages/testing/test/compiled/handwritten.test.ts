import { compile } from "@pgl/core";
import { TableModel } from "@pgl/lm";
import { enumerate, seeded } from "@pgl/runtime";
import { describe, test } from "vitest";
import { expectSameMeasure, measure, measureOf, runMethod, t3, type TableModel as Table } from "../../src/index.js";
import { moduleOf } from "../module-of.js";

const w: Table = {
  tokens: ["a", "b", "ab", "b.", ".", "</s>"],
  eos: "</s>",
  order: 1,
  rows: {
    "": [0.3, 0.2, 0.1, 0.1, 0.1, 0.2],
    a: [0.1, 0.4, 0.1, 0.1, 0.1, 0.2],
    b: [0.3, 0.1, 0.2, 0.1, 0.2, 0.1],
    ab: [0.25, 0.25, 0, 0.25, 0, 0.25],
    "b.": [0.5, 0, 0, 0, 0, 0.5],
    ".": [0.2, 0.2, 0.2, 0.2, 0.1, 0.1],
  },
};

/** What random programs do not often write. Each has a model `m` without parameters. */
const programs: Record<string, string> = {
  "how many tokens a text has, where nothing else waits": `
    lm w = "table:w.json"
    fn short(x: string): bool { return x matches not tokens(2..9, w) }
    model m(): (bool, list<string>) {
      let d ~ choice(["a", "ab", "bb"])
      let f = (x: string) => x matches tokens(0..1, w)
      condition f(d) || short(d) || d == "bb"
      return (f(d), ["ab", "ba", d].filter(short))
    }`,
  "assignments on one branch only": `
    model m(): (int, list<int>) {
      var x = 0
      var seen: list<int> = []
      let f = (y: int) => x + y
      for i in 0..3 {
        if sample bernoulli(0.5) { x += i } else { seen = push(seen, f(x)) }
      }
      return (x, seen)
    }`,
  "a closure made in each round keeps that round's values": `
    model m(): list<int> {
      var fs = [(z: int) => z]
      for i in 0..2 {
        let d ~ uniform_int(0, 1)
        fs = push(fs, (z: int) => z + 10 * i + d)
      }
      return fs.map(f => f(1))
    }`,
  "closures that draw, made and called in different places": `
    model m(): (int, int) {
      var p = 0.25
      let f = (k: int) => k + (if sample bernoulli(p) { 1 } else { 0 })
      p = 0.75
      let g = (k: int) => f(k) + f(10 * k)
      return (f(1), g(2))
    }`,
  "a closure that returns a closure": `
    model m(): int {
      let add = (a: int) => (b: int) => a + b
      let d ~ uniform_int(0, 2)
      return add(d)(10) + add(1)(d)
    }`,
  "functions drawn from a choice": `
    model m(): int {
      let f ~ choice([(x: int) => x, (x: int) => 2 * x, (x: int) => 2 * x])
      observe true ~ bernoulli(1.0 / float(f(2)))
      return f(3)
    }`,
  "mutual recursion of models": `
    model even(n: int): bool { if n == 0 { return true }; let go ~ bernoulli(0.75); if !go { return true }; return odd(n - 1) }
    model odd(n: int): bool { if n == 0 { return false }; factor -0.3; return even(n - 1) }
    model m(): bool { return even(3) }`,
  "draws inside arguments, conditions and operands, from left to right": `
    model m(): (int, bool) {
      let x = (sample uniform_int(0, 1)) * 10 + sample uniform_int(0, 2)
      let y = max(sample uniform_int(0, 1), if sample bernoulli(0.2) { 5 } else { x })
      return (y, sample bernoulli(0.1) || (y > 3 && sample bernoulli(0.6)))
    }`,
  "break and continue out of nested loops, early returns from inside": `
    model m(): (int, int) {
      var outer = 0
      var inner = 0
      for i in 0..3 {
        for j in 0..2 {
          let d ~ categorical([0.5, 0.25, 0.125, 0.125])
          if d == 0 { continue }
          if d == 1 { break }
          if d == 2 { return (i, -j - 1) }
          inner += 1
        }
        outer += 1
      }
      return (outer, inner)
    }`,
  "while with draws in its test": `
    model m(): int {
      var n = 0
      while n < 3 && sample bernoulli(0.5) {
        n += 1
        if n == 2 && sample bernoulli(0.5) { continue }
        factor -0.2
      }
      return n
    }`,
  "match on draws, with guards that draw": `
    model m(): string {
      let pair = (sample uniform_int(0, 2), sample bernoulli(0.5))
      return match pair {
        (0, true) => "zero",
        (n, false) if n > 0 && sample bernoulli(0.25) => "lucky \${n}",
        (1 | 2, _) => { factor 0.5; "some" },
        _ => "rest"
      }
    }`,
  "records, patterns, spreads, maps": `
    type Point = { x: int, y: int }
    fn flip(p: Point): Point { return { ...p, x: p.y, y: p.x } }
    model m(): (Point, map<string, int>) {
      let p = { x: sample uniform_int(0, 1), y: 5 }
      let { x, y: why } = flip(p)
      var d = map { "x": x }
      for (i, c) in indexed(["x", "z"]) { d = put(d, c, i + why) }
      return (flip({ ...p, y: x + 1 }), d)
    }`,
  optionals: `
    model m(): int? {
      let xs = [1, 2, 3].filter(x => sample bernoulli(0.5))
      let y = find(xs, x => x > 1) ?? -1
      if y == 3 { return none }
      return y
    }`,
  "higher-order built-ins that draw": `
    model m(): (list<int>, int, bool) {
      let xs = [1, 2].flat_map(x => if sample bernoulli(0.5) { [x, x] } else { [] })
      let s = xs.fold(0, (a, x) => a + x * sample uniform_int(0, 1))
      return (xs, s, xs.any(x => x == 2 && sample bernoulli(0.5)))
    }`,
  "each with weights": `
    model m(): bool {
      let b ~ bernoulli(0.5)
      each([0.2, 0.4], p => { observe b ~ bernoulli(p) })
      return b
    }`,
  "nested inference with closures, summaries of posteriors": `
    model inner(f: (int) ~> int, n: int): int { let x = f(n); condition x > 0; return x }
    model m(): (int, bool) {
      let k ~ uniform_int(1, 2)
      let post = infer inner((z: int) => k * sample uniform_int(0, z), 2) using enumerate()
      factor log_z(post) + 0.1 * mean(post) + log_prob(post, 2 * k)
      let x ~ post
      return (x, probability(post, v => v > 2) > 0.4)
    }`,
  "inference three deep": `
    model a(n: int): int { let x ~ uniform_int(0, n); factor 0.3 * x; return x }
    model b(n: int): int { let x ~ infer a(n) using enumerate(); observe x ~ infer a(2) using enumerate(); return x }
    model m(): int { let n ~ uniform_int(0, 2); observe 1 ~ mix([0.5, 0.5], [infer b(n + 1) using enumerate(), delta(1)]); return n }`,
  "distributions as values": `
    fn noisy(d: dist<int>): dist<int> { return mix([0.9, 0.1], [d, uniform_int(0, 3)]) }
    model m(): (int, float) {
      let d = noisy(categorical([1.0, 2.0]).where(x => x != 0))
      let x ~ noisy(d).top_k(2)
      return (x, round(1000.0 * probability(d, v => v == 1)) / 1000.0)
    }`,
  "shadowed names": `
    model m(): (int, int) {
      let x = 1
      var y = 10
      if sample bernoulli(0.5) {
        let x = 2
        y += x
        for x in [5, 6] { y += x }
      }
      let f = (x: int) => x + y
      y = 0
      return (x, f(100))
    }`,
  "recursive local functions": `
    model m(): int {
      let base ~ uniform_int(1, 2)
      fn power(n: int): int { if n == 0 { return 1 }; return base * power(n - 1) }
      return power(3)
    }`,
  "text: stops inside tokens, contexts, scores, choices": `
    lm w = "table:w.json"
    model m(): (string, string) {
      let s ~ w.text(after: "a", stop_before: ".", max_tokens: 2)
      let t ~ w.choose(after: w.context("b.") + s, options: ["b", "ab", "a"])
      observe "b." ~ w.text(after: s, stop_at: ["b.", "a"], max_tokens: 3)
      factor 0.5 * w.score("ab", after: s)
      return (s, t)
    }`,
  "choices are scored after the context's own tokens, as `score` does": `
    lm w = "table:w.json"
    model m(): string {
      let after ~ choice(["a", "ba", ""])
      let s ~ w.choose(after: after, options: ["b", "b.", "ab"])
      factor -w.score(s, after: after)
      return after + "|" + s
    }`,
  "text that must stop": `
    lm w = "table:w.json"
    model m(): string {
      let s ~ w.text(after: "", stop_at: ".", max_tokens: 2, must_stop: true)
      observe s matches /a.*/ or "" and not contains("bb")
      return s
    }`,
  "tokens: masks, tempering, mixtures, eos": `
    lm w = "table:w.json"
    model m(): string {
      var c = w.context("a")
      for i in 0..2 {
        let t ~ mix([0.5, 0.5], [w.next(c).where(t => !contains(t, ".")), w.next("b").tempered(2.0).top_k(3)])
        if t == eos { return c.text + "!" }
        observe t ~ w.next(c).top_p(0.85)
        c = c + t
      }
      return c.text
    }`,
  "tokens of a text": `
    lm w = "table:w.json"
    model m(): (int, list<string>) {
      let s ~ choice(["ab", "abb.", "bab"])
      let ts = w.tokens(s)
      for t in ts { observe t ~ w.next("a") }
      return (len(ts), ts.map(t => t.text))
    }`,
  "twists and proposals of tokens do not show in the measure": t3.program
    .replace("model twisted", "model m")
    .replace('"table:t3.json"', '"table:toy.json"'),
  "defaults and named arguments that draw": `
    const ten = 10
    model f(x: int, y: int = len([1, 2]), z: int = 10 * ten): int { return x + sample uniform_int(0, y) + z }
    model m(): int { return f(1) + f(z: 0, x: sample uniform_int(0, 1)) }`,
  "constants are computed once, before anything runs": `
    const table = [1, 2, 3].map(x => x * x)
    const total = match len(table) { 3 => sum(table), _ => 0 }
    model m(): int { let i ~ uniform_int(0, 2); return table[i] + total }`,
};

describe("the compiled program has the reference's measure", () => {
  for (const [name, text] of Object.entries(programs)) {
    test(name, async () => {
      const tables = { w, toy: t3.table };
      const expected = measure(moduleOf(text), "m", [], { lms: tables });
      for (const passes of ["none", "all"] as const) {
        const { models } = await compile.source(text, { passes });
        const lms = Object.fromEntries(
          Object.entries(tables).map(([alias, table]) => [alias, TableModel.from(table, alias)]),
        );
        const posterior = await runMethod({ program: models["m"]!, lms }, enumerate({ tolerance: 0 }), seeded(1));
        expectSameMeasure(measureOf(posterior), expected);
      }
    });
  }
});
