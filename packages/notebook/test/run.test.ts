import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compile, importance, infer, pgl, run, smc, type RunProgress } from "../src/index.js";
import { posteriorHtml } from "../src/posterior-view.js";
import { FakeKernel } from "./fake-kernel.js";
import { parseMarkup, textOf, withClass } from "./markup-tree.js";

const walk = await pgl`
  model walk(n: int): float {
    var x = 0.0
    for i in 0..n {
      let e ~ normal(0.0, 1.0)
      x = x + e
      observe 0.0 ~ normal(x, 1.0)
    }
    return x
  }
`;

let kernel: FakeKernel;
beforeEach(() => {
  kernel = new FakeKernel();
  kernel.begin();
});
afterEach(() => FakeKernel.end());

const endless = () => infer(walk["walk"]!, [100_000_000], smc({ particles: 20 }), { seed: 1 });
const later = (ms: number, act: () => void): void => void setTimeout(act, ms);

describe("a run in a cell", () => {
  test("shows how far it is", async () => {
    const posterior = await infer(walk["walk"]!, [100_000_000], smc({ particles: 20 }), {
      seed: 1,
      limits: { max_time: 0.6 },
    });
    expect(posterior.diagnostics.partial).toBe(true);
    expect(kernel.outputs).toHaveLength(1);
    const texts = kernel.outputs[0]!.map((html) => textOf(parseMarkup(html)));
    expect(texts[0]).toMatch(/^smc · step [\d,]+ · 20 alive · ESS /);
    expect(texts.at(-1)).toMatch(/ended early$/);
  });

  test("gives what core gives, and calls the progress function it was given", async () => {
    const seen: RunProgress[] = [];
    const options = { seed: 3, onProgress: (progress: RunProgress) => void seen.push(progress) };
    const here = await infer(walk["walk"]!, [5], importance({ samples: 50 }), options);
    FakeKernel.end();
    const there = await infer(walk["walk"]!, [5], importance({ samples: 50 }), { seed: 3 });
    expect(here.atoms).toEqual(there.atoms);
    expect(seen.map((progress) => progress.step)).toEqual(seen.map((_, i) => i + 1));
    expect(seen.length).toBeGreaterThan(3);
    expect(kernel.outputs).toEqual([]);
  });

  test("queries too", async () => {
    const program = await compile.source("model m(n: int): int { return n }\nquery m(3) using enumerate()");
    expect((await run(program.queries[0]!)).mode()).toBe(3);
    expect((await run(program.queries[0]!, { args: [4] })).mode()).toBe(4);
  });

  test("an interrupt ends it, shows what it had, and keeps the rest of the cell from running", async () => {
    const before = process.listenerCount("SIGINT");
    later(400, () => process.emit("SIGINT"));
    await expect(endless()).rejects.toMatchObject({ name: "AbortError" });
    const last = parseMarkup(kernel.outputs[0]!.at(-1)!);
    expect(textOf(withClass(last, "p", "pgl-facts")[0]!)).toContain("ended early");
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  test("listens for interrupts only after the cell's own turn", async () => {
    const before = process.listenerCount("SIGINT");
    const running = infer(walk["walk"]!, [3], smc({ particles: 3 }));
    expect(process.listenerCount("SIGINT")).toBe(before);
    await running;
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  test("a signal of one's own ends it as in core", async () => {
    const end = new AbortController();
    later(300, () => end.abort());
    const posterior = await infer(walk["walk"]!, [100_000_000], smc({ particles: 20 }), {
      seed: 1,
      signal: end.signal,
    });
    expect(posterior.diagnostics.partial).toBe(true);
    await expect(infer(walk["walk"]!, [10], smc({ particles: 20 }), { signal: end.signal })).rejects.toThrow();
  });

  test("that fails leaves no listener", async () => {
    const before = process.listenerCount("SIGINT");
    await expect(infer(walk["walk"]!, ["x"])).rejects.toThrow("expected int");
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});

test("a warning shows the lines it is about", async () => {
  const program = await compile.source(
    "model m(): int {\n  let n ~ uniform_int(1, 6)\n  condition n > 6\n  return n\n}\nquery m() using smc(particles: 10)\n",
  );
  const posterior = await run(program.queries[0]!, { seed: 1 });
  expect(posterior.diagnostics.warnings.map((w) => w.code)).toContain("PGLW003");
  const [frame] = withClass(parseMarkup(posteriorHtml(posterior)), "pre", "pgl-frame");
  expect(textOf(frame!)).toContain("> 3 |   condition n > 6\n    |   ^^^^^^^^^^^^^^^");
});
