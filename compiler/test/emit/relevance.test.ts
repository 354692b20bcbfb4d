import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile.js";
import { memoryFiles } from "../../src/hosts/source-host.js";

/** The JavaScript of the frame class that `model main` or a closure became, without passes. */
async function frameOf(text: string, className = "MainFrame"): Promise<string> {
  const { program, modules } = await compile(memoryFiles({ "/main.pgl": text }), "/main.pgl", { passes: "none" });
  const errors = program.diagnostics.filter((d) => d.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((d) => `${d.code} ${d.message}`).join("\n"));
  const whole = modules[0]!.javascript;
  const from = whole.indexOf(`class ${className} `);
  if (from < 0) throw new Error(`There is no ${className}.`);
  return whole.slice(from, whole.indexOf("\n}\n", from));
}

/** What `live` gives by `pc`: `[returned, dropped]`, fields without `this`. */
async function liveIn(text: string, className?: string): Promise<Record<number, readonly [string, string]>> {
  const frame = await frameOf(text, className);
  const body = /\n {2}live\(.*?\) \{\n([\s\S]*?)\n {2}\}/.exec(frame)![1]!.replaceAll("this.", "");
  const both = (value: string): readonly [string, string] => {
    const split = /^result \? \[(.*)\] : \[(.*)\]$/.exec(value);
    return split === null ? [value.slice(1, -1), value.slice(1, -1)] : [split[1]!, split[2]!];
  };
  const found: Record<number, readonly [string, string]> = {};
  const always = /^\s*return (.*);$/.exec(body);
  // Where nothing is listed for it, nothing is needed.
  for (const [, id] of frame.matchAll(/this\.pc = (\d+);\n\s*return (?:particle\.(?:sample|call)|enterAny)/g))
    found[Number(id)] = always === null ? ["", ""] : both(always[1]!);
  for (const [, labels, value] of body.matchAll(/((?: *case \d+:\n)+) *return (.*);/g))
    for (const [, id] of labels!.matchAll(/case (\d+)/g)) found[Number(id)] = both(value!);
  return found;
}

const coin = "sample bernoulli(0.5)";

describe("what a frame's future depends on", () => {
  it("is what later draws, weights and, if it matters, the result are made of", async () => {
    const text = `model main(p: float, q: float): bool {
  let a = ${coin}
  let b = sample bernoulli(if a { p } else { q })
  factor if b { p } else { 0.0 }
  let c = ${coin}
  return a || c
}`;
    // After the second draw `q` is dead; `a` is wanted by the result alone.
    expect(await liveIn(text)).toEqual({ 1: ["p, q", "p, q"], 2: ["p, a", "p"], 4: ["a", ""] });
    expect(await frameOf(text)).toContain("awaits(result) {");
  });

  it("does not take in a list that only grows, though each length needs the one before", async () => {
    const live = await liveIn(`model main(n: int): list<bool> {
  var path: list<bool> = []
  for i in 0..n {
    let x = ${coin}
    path = push(path, x)
  }
  return path
}`);
    expect(Object.values(live)).toEqual([["n, path, i_next", "n, i_next"]]);
  });

  it("takes in what a branch or a loop with draws in it turns on", async () => {
    const live = await liveIn(`model main(n: int): int {
  var seen: list<bool> = []
  while len(seen) < n {
    let x = ${coin}
    seen = push(seen, x)
  }
  return 0
}`);
    expect(Object.values(live)).toEqual([["n, seen", "n, seen"]]);
  });

  it("takes in what says `fail`, and not what may fail otherwise", async () => {
    const model = (use: string) => `model main(): int {
  let x = ${coin}
  let y = ${coin}
  ${use}
  let z = ${coin}
  condition z
  return 0
}`;
    const [, second] = Object.values(await liveIn(model('if x { fail("no") }')));
    expect(second).toEqual(["x", "x"]);
    const [, other] = Object.values(await liveIn(model("let w = [1, 2][if x { 5 } else { 0 }]")));
    expect(other).toEqual(["", ""]);
  });

  it("leaves twists and proposals out: they do not change the measure", async () => {
    const live = await liveIn(`model main(): int {
  let x = ${coin}
  let y = ${coin}
  twist if x { 1.0 } else { 0.0 }
  let z ~ bernoulli(0.5) proposal bernoulli(if x { 0.4 } else { 0.6 })
  condition z
  return 0
}`);
    expect(Object.values(live).map(([returned]) => returned)).toEqual(["", "", ""]);
  });

  it("of arguments takes in those that the function called depends on", async () => {
    const text = `model walk(n: int, label: string, at: int, path: list<int>): list<int> {
  if n == 0 { return path }
  let move ~ uniform_int(0, at)
  factor if move > 1 { -1.0 } else { 0.0 }
  return walk(n - 1, label + "!", move, push(path, move))
}
model main(n: int): int {
  let label = string(${coin})
  let start ~ uniform_int(1, 3)
  let path = sample_path(n, label, start)
  return len(path)
}
model sample_path(n: int, label: string, start: int): list<int> { return walk(n, label, start, [start]) }`;
    expect((await liveIn(text, "WalkFrame"))[1]).toEqual(["n, path", "n"]);
    const main = await liveIn(text);
    // `label` is handed on and on, and never used.
    expect(main[2]).toEqual(["n", "n"]);
    expect(main[3]).toEqual(["", ""]);
  });

  it("in closures, of what they have captured", async () => {
    const live = await liveIn(
      `model main(p: float, names: list<string>): list<bool> {
  return map(names, name => {
    let x = sample bernoulli(p)
    let y = sample bernoulli(p / 2)
    x || y || name == "a"
  })
}`,
      "MainLambdaFrame",
    );
    expect(live[1]).toEqual(["p, name", "p"]);
    expect(live[2]).toEqual(["name, x", ""]);
  });
});

describe("values that only flow into the result of a model", () => {
  it("are not computed when it is not wanted", async () => {
    const frame = await frameOf(`model main(n: int): string {
  var path: list<int> = []
  var shown = ""
  for i in 0..n {
    let x ~ uniform_int(0, 2)
    path = push(path, x)
    shown = string(path) + shown
    factor if x > 0 { -1.0 } else { 0.0 }
  }
  return shown
}`);
    expect(frame).toMatch(/if \(!this\.dropped\) this\.path = \$\.push/);
    expect(frame).toMatch(/if \(!this\.dropped\) this\.shown = /);
    expect(frame).toMatch(
      /if \(this\.dropped\) return particle\.return\(undefined\);\s+return particle\.return\(this\.shown\);/,
    );
    expect(frame).toContain("twin.dropped = this.dropped;");
  });

  it("are computed when anything else reads them, be it only a twist", async () => {
    for (const use of [
      "twist float(len(path))",
      "if len(path) > 5 { count = count + 1 }",
      'if path == [7] { fail("no") }',
    ]) {
      const frame = await frameOf(`model main(n: int): list<int> {
  var path: list<int> = []
  var count = 0
  for i in 0..n {
    let x ~ uniform_int(0, 2)
    path = push(path, x)
    ${use}
  }
  return push(path, count)
}`);
      expect(frame, use).not.toContain("dropped");
    }
  });
});
