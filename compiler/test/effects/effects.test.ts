import type * as ast from "@pgl/grammar";
import { describe, expect, it } from "vitest";
import type { CheckedModule } from "../../src/checked.js";
import { checkText, messages } from "../support.js";

/** Effect of each declaration by name, and of lambdas by their text. */
function effectsOf(module: CheckedModule): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...module.effects].map(([node, effect]) => [
      node.kind === "LambdaExpression" ? module.text.slice(node.span.start, node.span.end) : node.name.name,
      effect,
    ]),
  );
}

const defaults = (module: CheckedModule): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...module.defaultMethods].map(([node, method]) => [(node as ast.InferExpression).model.name, method]),
  );

describe("what running something may do", () => {
  it("spreads through calls, in circles and through lambdas", async () => {
    const { program, module } = await checkText(`
lm writer = "stories"
fn plain(n: int): int = n + 1
fn waits(s: string): float = writer.score(s)
fn indirect(s: string): float = waits(s) + 1
fn ping(n: int): float = if n == 0 { 0 } else { pong(n - 1) }
fn pong(n: int): float = if n == 0 { waits("a") } else { ping(n - 1) }
fn maps(xs: list<string>): list<float> = map(xs, s => indirect(s))
fn circles(n: int): float = sum(map(range(0, n), i => circles(i))) + waits("b")
fn takes(f: (int) -> int): int = f(1)
fn infers(): float = mean(infer drawn())
fn density(d: dist<float>): float = log_prob(d, 1)
fn plain_density(): float = log_prob(normal(0, 1), 1)
fn text_density(): float = log_prob(writer.text(after: "a"), "b")
model drawn(): float { let x ~ normal(0, 1); return x }
model still(): int { return plain(1) }
fn makes(): () ~> float = () => drawn()
`);
    expect(messages(program)).toEqual([]);
    expect(effectsOf(module)).toEqual({
      plain: "pure",
      waits: "async",
      indirect: "async",
      ping: "async",
      pong: "async",
      maps: "async",
      "s => indirect(s)": "async",
      circles: "async",
      "i => circles(i)": "async",
      takes: "async",
      infers: "async",
      density: "async",
      plain_density: "pure",
      text_density: "async",
      drawn: "generative",
      still: "generative",
      makes: "pure",
      "() => drawn()": "generative",
    });
  });

  it("comes from the declarations of host functions", async () => {
    const { program, module } = await checkText(
      'import { now, later } from "./host.ts"\nfn a(): float = now()\nfn b(): float = later()',
      {
        "/host.ts": "export const now = (): number => 1; export const later = async (): Promise<number> => 1;",
      },
    );
    expect(messages(program)).toEqual([]);
    expect(effectsOf(module)).toEqual({ a: "pure", b: "async" });
  });
});

describe("the default method", () => {
  it("is enumerate when every execution makes a bounded number of finite draws", async () => {
    const { program, module } = await checkText(`
lm writer = "stories"
model few(): int { let a ~ bernoulli(0.5); let b ~ helper(); return if a { 1 } else { 2 } }
fn helper(): dist<int> = choice([1, 2])
model finite(): bool { let a ~ bernoulli(0.5); return other() && a }
model other(): bool { let a ~ bernoulli(0.5); for x in [1, 2] { observe true ~ bernoulli(0.5) }; return a }
model counts(): int { let a ~ poisson(3); return a }
model loops(): int { for i in 0..3 { let a ~ bernoulli(0.5) }; return 1 }
model mapped(): int { let _a = map([1], i => sample bernoulli(0.5)); return 1 }
model recursive(): int { let a ~ bernoulli(0.5); return if a { recursive() } else { 1 } }
model text(): string { let a ~ writer.text(after: ""); return a }
model nested(): int { let a ~ infer text() using smc(particles: 3); return len(a) }
model calls_often(): int { for i in 0..3 { let _a = finite() }; return 1 }
model takes(f: () ~> int): int { return f() }
query finite()
query few()
query counts()
query loops()
query mapped()
query recursive()
query text()
query nested()
query calls_often()
query takes(() => 1)
`);
    expect(messages(program)).toEqual([]);
    expect(defaults(module)).toEqual({
      finite: "enumerate",
      few: "smc",
      counts: "smc",
      loops: "smc",
      mapped: "smc",
      recursive: "smc",
      text: "smc",
      nested: "enumerate",
      calls_often: "smc",
      takes: "smc",
    });
  });
});
