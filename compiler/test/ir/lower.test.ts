import { describe, expect, it } from "vitest";
import { load, measure, run } from "../emit/evaluate.js";
import { outline } from "./outline.js";

/** A model of one execution: what it returns. */
const only = async (text: string, args: readonly unknown[] = []): Promise<unknown> =>
  (await run((await load(text, { passes: "none" }))["main"], args)).mode();

/** Masses, to nine digits. */
const masses = async (model: unknown, args: readonly unknown[] = []): Promise<Record<string, number>> =>
  Object.fromEntries(
    [...(await measure(model, args))].map(([value, mass]) => [String(value), Math.round(mass * 1e9) / 1e9]),
  );

/** Calls of host functions in the order in which they happen. */
async function callsOf(text: string): Promise<readonly string[]> {
  const log: string[] = [];
  const hosts = { "./host.ts": { note: (what: string) => (log.push(what), 1) } };
  const files = { "/host.ts": "export function note(what: string): number { return what.length; }" };
  const { main } = await load(`import { note } from "./host.ts"\n${text}`, { passes: "none", files, hosts });
  await run(main);
  return log;
}

describe("lowering", () => {
  it("makes a statement of whatever suspends, where it stands", async () => {
    expect(
      await outline(`model main(): int {
        let x = 1 + (if sample bernoulli(0.5) { sample uniform_int(0, 1) } else { 7 })
        condition x > 0
        return x
      }`),
    ).toEqual(["draw drawn", "declare value", "if(draw value | assign value)", "let x", "condition", "return"]);
  });

  it("keeps plain expressions as expressions", async () => {
    expect(await outline("model main(n: int): int { let a = if n > 0 { n } else { -n }\n return a * 2 }")).toEqual([
      "let a",
      "return",
    ]);
  });

  it("evaluates from left to right, whatever has to suspend", async () => {
    expect(
      await callsOf('model main(): float { return note("a") + note("b") * (sample delta(1.0)) + note("c") }'),
    ).toEqual(["a", "b", "c"]);
    expect(
      await callsOf('model main(): list<float> { return [note("a"), sample delta(note("b")), note("c")] }'),
    ).toEqual(["a", "b", "c"]);
    expect(await callsOf('model main() { observe note("a") ~ delta(note("b")) }')).toEqual(["a", "b"]);
  });

  it("evaluates named arguments in the order they are written", async () => {
    const calls = await callsOf(`model pair(x: float, y: float): float { return x - y }
      model main(): float { return pair(y: note("first"), x: note("second") + sample delta(0.0)) }`);
    expect(calls).toEqual(["first", "second"]);
  });

  it("reads a variable before what changes it", async () => {
    expect(await only("model main(): int { var x = 1\n return x + { x = 10\n x } + x }")).toBe(21);
  });

  it("leaves out the right side of && and || when the left decides", async () => {
    const draws = "model main(b: bool): bool { return b && sample bernoulli(0.5) }";
    const { main } = await load(draws);
    expect((await measure(main, [false])).get(false)).toBe(1);
    expect((await measure(main, [true])).get(true)).toBeCloseTo(0.5, 12);
    expect(await callsOf('model main(): bool { return true || note("never") > 0 && sample bernoulli(0.5) }')).toEqual(
      [],
    );
  });

  it("takes ?? only where there is none", async () => {
    const { main } = await load("model main(x: int?): int { return x ?? sample uniform_int(1, 2) }");
    expect((await measure(main, [5])).get(5)).toBe(1);
    expect((await measure(main, [null])).get(2)).toBeCloseTo(0.5, 12);
  });

  it("lets closures capture values, not places", async () => {
    expect(
      await only(`model main(): list<int> {
        var n = 1
        let now = (x: int) => x + n
        n = 100
        var fs: list<int> = []
        for i in 0..3 {
          let f = (x: int) => x * i + n
          fs = push(fs, f(2))
        }
        return push(fs, now(1))
      }`),
    ).toEqual([100, 102, 104, 2]);
  });

  it("lets suspending closures capture values too", async () => {
    const { main } = await load(`model main(): list<int> {
      var n = 1
      let draws = map([1, 2], k => (sample uniform_int(0, 1)) * k + n)
      n = 5
      return draws
    }`);
    expect([...(await measure(main)).keys()].sort()).toEqual(["[1,1]", "[1,3]", "[2,1]", "[2,3]"]);
  });

  it("takes patterns apart", async () => {
    expect(
      await only(`type P = { x: int, y: (int, int) }
      model main(): int {
        let p: P = { x: 1, y: (20, 300) }
        let { x, y: (a, b) } = p
        var (c, _) = (4000, 1)
        c += 1
        var sum = 0
        for (k, v) in [(1, 2), (3, 4)] { sum += k * v }
        return x + a + b + c + sum
      }`),
    ).toBe(1 + 20 + 300 + 4001 + 14);
  });

  it("matches literals, alternatives, guards, tuples, records and unions", async () => {
    const text = `type Shape = { kind: "sq", side: int } | { kind: "ci", r: int }
      fn size(s: Shape?): int = match s {
        none => 0,
        { kind: "sq", side } => side,
        { kind: "ci", r } if r > 5 => 100 * r,
        { kind: "ci", r } => 10 * r,
      }
      fn word(n: int, flag: bool?): string = match (n, flag) {
        (0 | 1, _) => "small",
        (m, true) if m > 10 => "big \${m}",
        (_, none) => "unknown",
        _ => "other",
      }
      model main(): list<string> {
        let sq: Shape = { kind: "sq", side: 3 }
        let ci: Shape = { kind: "ci", r: 2 }
        let big: Shape = { kind: "ci", r: 7 }
        return [string(size(none)), string(size(sq)), string(size(ci)), string(size(big)), word(1, none), word(11, true), word(5, none), word(5, false)]
      }`;
    expect(await only(text)).toEqual(["0", "3", "20", "700", "small", "big 11", "unknown", "other"]);
  });

  it("draws in guards only where the pattern fits", async () => {
    const { main } = await load(`model main(n: int): string {
      return match n { 0 if sample bernoulli(0.25) => "a", 1 => "b", _ => "c" }
    }`);
    expect(await masses(main, [0])).toEqual({ a: 0.25, c: 0.75 });
    expect(await masses(main, [1])).toEqual({ b: 1 });
  });

  it("tests a loop's condition anew when it draws", async () => {
    const { main } = await load(`model main(): int {
      var n = 0
      while n < 3 && sample bernoulli(0.5) { n += 1 }
      return n
    }`);
    expect(await masses(main)).toEqual({ 0: 0.5, 1: 0.25, 2: 0.125, 3: 0.125 });
  });

  it("fills in defaults, of functions and of models", async () => {
    const text = `const four = 4
      fn f(a: int, b: int = 2, c: int = match four * 1 { 4 => 3, n if n > 4 => 0, _ => 1 }): int = a + 10 * b + 100 * c
      model m(x: int = 7): int { return x + sample delta(0) }\n`;
    expect(await only(`${text}model main(): list<int> { return [f(1), f(1, 5), f(1, c: 7), m(), m(1)] }`)).toEqual([
      321, 351, 721, 7, 1,
    ]);
  });

  it("computes constants after what they need, and those that need statements", async () => {
    expect(
      await only(`fn f(x: int): int = x + b
      const b = 3
      const words = match b * 1 { 3 => ["three"], n if n > 3 => ["more"], _ => [] }
      const a = f(2)
      model main(): (int, list<string>) { return (a, words) }`),
    ).toEqual([5, ["three"]]);
  });

  it("chooses enumeration where the model certainly has few executions", async () => {
    const method = async (body: string): Promise<string | undefined> => {
      const { queries } = await load(`${body}\nquery main()`);
      return (queries as { method(): { name: string } | undefined }[])[0]!.method()?.name;
    };
    expect(await method("model main(): bool { let x ~ bernoulli(0.5)\n return x }")).toBe("enumerate");
    expect(await method("model main(): bool { for i in 0..3 { observe true ~ bernoulli(0.5) }\n return true }")).toBe(
      "enumerate",
    );
    expect(await method("model main(): float { let x ~ normal(0, 1)\n return x }")).toBeUndefined();
    expect(
      await method("model main(): bool { for i in 0..99 { let x ~ bernoulli(0.5) }\n return true }"),
    ).toBeUndefined();
    expect(
      await method(
        "model m(): int { return if sample bernoulli(0.5) { 1 } else { m() } }\nmodel main(): int { return m() }",
      ),
    ).toBeUndefined();
  });
});
