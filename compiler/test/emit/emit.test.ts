import { SourceMap } from "node:module";
import { importance, Op, Particle, seeded, type Method, type Model } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import type { EmittedModule } from "../../src/emit/index.js";
import { environment, evaluate, load, measure, modulesOf, run } from "./evaluate.js";

/** The line of the source that an error's stack leads to, and the text there. */
function placeOf(error: Error, module: EmittedModule, source: string): { line: number; text: string } {
  const match = new RegExp(`${module.file}\\.js:(\\d+):(\\d+)`).exec(error.stack ?? "");
  if (match === null) throw new Error(`No frame of the module in ${error.stack}`);
  const entry = new SourceMap(module.map as never).findEntry(Number(match[1]) - 1, Number(match[2]) - 1) as {
    originalLine: number;
    originalColumn: number;
  };
  return { line: entry.originalLine + 1, text: source.split("\n")[entry.originalLine]!.slice(entry.originalColumn) };
}

describe("emitted code", () => {
  it("gives way with its names to JavaScript, the prelude and the frame", async () => {
    const text = `const Frame = 1
      fn delete(arguments: int): int = arguments + Frame
      model class(pc: int, parent: int, dist: int, particle: int, __proto__: int): list<int> {
        let site ~ uniform_int(pc, parent)
        let this = delete(dist)
        let constructor ~ delta(particle)
        let shared = { constructor, __proto__, depth: 9, let_: 1 }
        step
        let copy = shared.__proto__
        return [site, this, shared.constructor, copy, shared.depth, len(show(shared))]
      }`;
    const exports = await load(text);
    const [atom] = (await run<number[]>(exports["class"], [3, 3, 10, 20, 30])).atoms;
    expect(atom!.value).toEqual([3, 11, 20, 30, 9, "{ constructor: 20, __proto__: 30, depth: 9, let_: 1 }".length]);
    expect((exports["delete"] as (x: number) => number)(1)).toBe(2);
    expect(exports["Frame"]).toBe(1);
    const [module] = await modulesOf(text);
    expect(module!.javascript).not.toMatch(/\b__\w+ =/);
  });

  it("keeps every character of a string", async () => {
    const odd = "\uE000x\uE001 \uE002y\uE003 \u2028 ` ${ \\ ' \" */ \u0007 é 😀";
    const text = `/// Docs end here: */ and \uE000.\nmodel main(): list<string> { let n = "n"\n return [${JSON.stringify(odd).replace("${", "\\${")}, "\${n}: ${"\uE002"}\`\\\${n}"] }`;
    const { main } = await load(text, { passes: "none" });
    expect((await run(main)).mode()).toEqual([odd, "n: \uE002`${n}"]);
    const [module] = await modulesOf(text);
    const typescript = await module!.typescript();
    expect(/[\uE000-\uE003]/.test(typescript.text + module!.javascript)).toBe(false);
  });

  it("leads an error in plain code back to its line", async () => {
    const source = `fn pick(xs: list<int>, i: int): int {
  let doubled = map(xs, x => x * 2)
  return doubled[i] +
    xs[i - 1]
}

model main(i: int): int {
  let a ~ bernoulli(0.5)
  let b = pick([1, 2], i)
  return b
}
`;
    const modules = await modulesOf(source);
    const { main } = evaluate(modules);
    const outside = await run(main, [5]).catch((e: Error) => e);
    expect(placeOf(outside as Error, modules[0]!, source)).toEqual({ line: 3, text: "doubled[i] +" });
    const before = await run(main, [0]).catch((e: Error) => e);
    expect(placeOf(before as Error, modules[0]!, source)).toEqual({ line: 4, text: "xs[i - 1]" });
  });

  it("maps its TypeScript text too", async () => {
    const source = "model main(): int {\n  let a ~ bernoulli(0.5)\n  condition a\n  return 1\n}\n";
    const [module] = await modulesOf(source, { passes: "none" });
    const { text, map } = await module!.typescript();
    const line = text.split("\n").findIndex((l) => l.includes("particle.condition("));
    const column = text.split("\n")[line]!.search(/\S/);
    const entry = new SourceMap(map as never).findEntry(line, column) as { originalLine: number };
    expect(entry.originalLine).toBe(2);
    expect(map.sourcesContent).toEqual([source]);
  });

  it("describes sites and parameters", async () => {
    const { main } = await load(
      "model main(n: int, p: float = 0.5): bool {\n  let x ~ bernoulli(p)\n  observe n ~ delta(1)\n  return sample bernoulli(0.5)\n}",
    );
    const model = main as Model;
    expect(model.parameters).toEqual([
      { name: "n", type: "int", optional: false },
      { name: "p", type: "float", optional: true },
    ]);
    expect(model.sites.map(({ name, kind, file, line, column }) => ({ name, kind, file, line, column }))).toEqual([
      { name: "x", kind: "sample", file: "main.pgl", line: 2, column: 3 },
      { name: "observe@3:3", kind: "observe", file: "main.pgl", line: 3, column: 3 },
      { name: "sample@4:10", kind: "sample", file: "main.pgl", line: 4, column: 10 },
    ]);
  });

  it("forks without sharing what changes", async () => {
    const { main } = await load(`model main(): list<int> {
      var xs: list<int> = []
      var n = 0
      let f = (k: int) => k + n
      while n < 3 {
        let x ~ uniform_int(0, 9)
        n += 1
        let g = (k: int) => k * n
        xs = push(xs, g(x) + f(0))
        step
      }
      return xs
    }`);
    const env = environment();
    const first = new Particle((main as Model).start(), seeded(1), env);
    const draw = (particle: Particle, value: number): void => {
      while (particle.advance() !== Op.Sample);
      particle.value = value;
    };
    draw(first, 1);
    const second = first.fork(seeded(2));
    draw(first, 2);
    draw(second, 5);
    const third = second.fork(seeded(3));
    draw(first, 3);
    draw(second, 6);
    draw(third, 7);
    for (const particle of [third, first, second]) while (particle.advance() !== Op.Done);
    expect(first.value).toEqual([1, 4, 9]);
    expect(second.value).toEqual([1, 10, 18]);
    expect(third.value).toEqual([1, 10, 21]);
  });

  it("recurses deeper than JavaScript's stack", async () => {
    const { main } = await load(
      "model down(n: int): int { step\n return if n == 0 { 0 } else { 1 + down(n - 1) } }\nmodel main(): int { return down(3000) }",
    );
    expect((await run(main, [], importance({ samples: 1 }))).mode()).toBe(3000);
  });

  it("imports other modules, host functions and promises", async () => {
    const files = {
      "/lib/shapes.pgl":
        "export type P = { x: int }\nexport const base = 100\nexport fn add(p: P, n: int = 1): int = p.x + n\nexport model coin(p: float): int { return if sample bernoulli(p) { 1 } else { 0 } }",
      "/host.ts":
        "export async function later(x: number): Promise<number> { return x * 2; }\nexport function now(x: number): number { return x + 1; }\nexport interface Opaque { secret(): void }\nexport declare function make(): Opaque;\nexport declare function use(o: Opaque): number;",
    };
    const hosts = {
      "./host.ts": {
        later: async (x: number) => x * 2,
        now: (x: number) => x + 1,
        make: () => ({ hidden: 7 }),
        use: (o: { hidden: number }) => o.hidden,
      },
    };
    const text = `import { base as b, add, coin, P } from "./lib/shapes.pgl"
      import { later, now, make, use } from "./host.ts"
      model main(): list<int> {
        let p: P = { x: b }
        let c = coin(0.25)
        let l = later(now(1.0))
        let all = map([1.0, 2.0], later)
        return [add(p), add(p, n: 5), c, round(l), round(sum(all)), round(use(make()))]
      }`;
    const { main } = await load(text, { files, hosts });
    const masses = await measure(main);
    expect([...masses.keys()].sort()).toEqual(["[101,105,0,4,6,7]", "[101,105,1,4,6,7]"]);
    expect(masses.get("[101,105,1,4,6,7]")).toBeCloseTo(0.25, 12);
  });

  it("passes a proposal to the method that is told of it", async () => {
    const { queries, proposals } = await load(`model main(): bool {
        let rare ~ bernoulli(0.001)
        observe true ~ bernoulli(if rare { 0.9 } else { 0.0001 })
        return rare
      }
      proposal g for main { let rare ~ bernoulli(0.5) }
      query main() using smc(particles: 200, proposal: g)`);
    const [query] = queries as { model: Model; method(): Method }[];
    const posterior = await run<boolean>(query!.model, [], query!.method());
    expect(posterior.logZ.estimate).toBeCloseTo(Math.log(0.001 * 0.9 + 0.999 * 0.0001), 0);
    expect(proposals).toEqual({ g: { model: expect.anything(), target: "main" } });
  });

  it("keeps a model's name when it is that of something the module exports itself", async () => {
    const exports = await load("model queries(): int { return 1 }\nquery queries()");
    expect(exports["queries"]).toHaveLength(1);
    expect((await run(exports["queries_"])).mode()).toBe(1);
  });

  it("imports ts-morph for TypeScript text only", async () => {
    const [module] = await modulesOf("model main(): int { return 1 }");
    expect(module!.javascript).not.toContain(": number");
    expect(module!.dependencies).toEqual([]);
    expect(module!.hosts).toEqual([]);
  });
});
