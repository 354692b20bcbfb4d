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
