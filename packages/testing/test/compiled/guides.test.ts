import { compile } from "@pgl/core";
import { TableModel } from "@pgl/lm";
import { importance, smc } from "@pgl/runtime";
import { test } from "vitest";
import { expectProperlyWeighted, measure } from "../../src/index.js";
import { moduleOf } from "../module-of.js";

/** Whole-trace proposals of every shape. Whatever a guide does, the target does not change. */
const table = { tokens: ["a", "b", "ab", "</s>"], eos: "</s>", order: 0, rows: { "": [0.3, 0.3, 0.2, 0.2] } };
const cases: Record<string, string> = {
  "same name in a called model": `
model sub(): int { let x ~ uniform_int(0, 2); return x }
model m(): (bool, int) { let x ~ bernoulli(0.5); let y = sub(); return (x, y) }
proposal g() for m { let x ~ bernoulli(0.8) }`,
  "called model first": `
model sub(): bool { let x ~ bernoulli(0.3); factor if x { 0.5 } else { 0.0 }; return x }
model m(): (bool, bool) { let y = sub(); let x ~ bernoulli(0.5); return (x, y) }
proposal g() for m { let x ~ bernoulli(0.8) }`,
  recursion: `
model m(n: int = 2): int { let x ~ bernoulli(0.5); if x || n == 0 { return n }; factor 0.3; return 10 + m(n - 1) }
proposal g(n: int = 2) for m { let x ~ bernoulli(0.8) }`,
  "loop in both": `
model m(): int { var s = 0; for i in 0..2 { let x ~ uniform_int(0, 1); factor 0.4 * x; s += x }; return s }
proposal g() for m { for i in 0..3 { let x ~ categorical([0.3, 0.7]) } }`,
  "shorter loop in guide": `
model m(): int { var s = 0; for i in 0..3 { let x ~ uniform_int(0, 1); factor 0.4 * x; s += x }; return s }
proposal g() for m { for i in 0..2 { let x ~ categorical([0.3, 0.7]) } }`,
  "guide that looks at earlier draws": `
model m(): (bool, int) { let a ~ bernoulli(0.5); factor if a { 0.2 } else { -0.3 }; let b ~ uniform_int(0, 1); factor if a { 0.4 * b } else { 0.0 }; return (a, b) }
proposal g() for m { let a ~ bernoulli(0.6); let b ~ categorical(if a { [0.2, 0.8] } else { [0.5, 0.5] }) }`,
  "guide with own draws": `
model m(): (bool, int) { let a ~ bernoulli(0.5); let b ~ uniform_int(0, 1); factor 0.7 * b; return (a, b) }
proposal g() for m { let c = sample bernoulli(0.4); let b ~ categorical(if c { [0.2, 0.8] } else { [0.5, 0.5] }) }`,
  "drawn ahead, and less often than in the model": `
model m(): (bool, int) { let y ~ bernoulli(0.5); var s = 0; for i in 0..2 { let x ~ uniform_int(0, 1); factor 0.6 * x; s = 10 * s + x }; return (y, s) }
proposal g() for m { let x ~ categorical([0.3, 0.7]); let y ~ bernoulli(if x == 1 { 0.8 } else { 0.4 }) }`,
  "text in a guide": `
lm w = "table:x.json"
model m(): string { let t ~ w.text(after: "", max_tokens: 2); let a ~ bernoulli(0.5); observe t matches contains("a"); return t }
proposal g() for m { let t ~ w.text(after: "a", max_tokens: 2); let a ~ bernoulli(0.9) }`,
  "products, which weigh before they draw": `
model m(): (bool, int, bool) { let a ~ product(bernoulli(0.3), bernoulli(0.6) ^ -0.5); let b ~ uniform_int(0, 1) ^ 2; let c ~ bernoulli(0.4); factor 0.5 * b; return (a, b, c) }
proposal g() for m { let a ~ bernoulli(0.8); let b ~ categorical([0.3, 0.7]); let c ~ bernoulli(if a { 0.5 } else { 0.2 }) }`,
  "a product's value drawn ahead": `
model m(): (bool, bool) { var x = false; for i in 0..2 { let a ~ bernoulli(0.5); factor if a { 0.3 } else { 0.0 }; x = x != a }; let b ~ product(bernoulli(0.3), bernoulli(0.6) ^ 0.5); return (x, b) }
proposal g() for m { let a ~ bernoulli(0.8); let b ~ bernoulli(if a { 0.5 } else { 0.2 }) }`,
  "site proposal and guide": `
model m(): int { let x ~ uniform_int(0, 1) proposal categorical([0.9, 0.1]); factor 1.0 * x; let y ~ uniform_int(0, 1) proposal categorical([0.2, 0.8]); return x + y }
proposal g() for m { let x ~ categorical([0.3, 0.7]) }`,
  "a branch decides which draws there are": `
model m(): int { let a ~ bernoulli(0.5); if a { let b ~ uniform_int(0, 1); factor 0.5 * b; return b } else { let c ~ uniform_int(0, 2); return 10 + c } }
proposal g() for m { let a ~ bernoulli(0.2); let c ~ categorical([0.5, 0.3, 0.2]); let b ~ categorical([0.9, 0.1]) }`,
  "shadow proposal in lambda": `
model m(): list<int> { let f = (p: float) => { let x ~ bernoulli(p); int(x) }; let x ~ bernoulli(0.5); return [f(0.3), int(x), f(0.6)] }
proposal g() for m { let x ~ bernoulli(0.8) }`,
};
for (const [name, text] of Object.entries(cases)) {
  test(name, async () => {
    const args = name === "recursion" ? [2] : [];
    const { models, proposals } = await compile.source(text);
    const subject = {
      program: models["m"]!,
      args,
      lms: { w: TableModel.from(table, "w") },
      expected: measure(moduleOf(text), "m", args, { lms: { w: table } }),
    };
    const proposal = proposals["g"]!.model;
    await expectProperlyWeighted({ ...subject, method: importance({ samples: 1, proposal }) });
    await expectProperlyWeighted({ ...subject, method: smc({ particles: 2, ess: 1, proposal }), maxOutcomes: 20_000 });
  });
}
