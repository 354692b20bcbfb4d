import { enumerate, geometric, importance, rejection, smc, bernoulli } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import {
  begin,
  call,
  compile,
  condition,
  factor,
  infer,
  loop,
  model,
  observe,
  pure,
  sample,
  version,
  type RunProgress,
} from "../../src/index.js";

const counts = model("counts", () => sample(geometric(0.3)).chain((n) => factor(-0.1 * n).map(() => n)));
const endless = model("endless", () =>
  loop(0, (n: number) => observe(bernoulli(0.5), true).map(() => ({ again: n + 1 }))),
);

describe("the report of a run", () => {
  test("has what is needed to repeat it", async () => {
    const first = await infer(counts, [], smc({ particles: 100 }));
    expect(Number.isSafeInteger(first.run.seed)).toBe(true);
    expect((await infer(counts, [], smc({ particles: 100 }), { seed: first.run.seed })).atoms).toEqual(first.atoms);
    expect(first.run.engine).toMatchObject({ pgl: version, node: process.version });
    expect(first.run.time.total).toBeGreaterThan(0);
    expect(first.run.lm).toEqual({ calls: 0, tokens: 0, cachedTokens: 0 });
    // Seeds differ from run to run.
    expect((await infer(counts, [])).run.seed).not.toBe(first.run.seed);
  });

  test("counts what the language model did", async () => {
    const sky = new URL("../../../../examples/models/sky.json", import.meta.url).pathname;
    const program = await compile.source(
      `lm words = "table:${sky}"\nmodel m(): string {\n  let w ~ words.text(after: "", max_tokens: 2)\n  return w\n}\n`,
    );
    const posterior = await infer(program.m!, [], smc({ particles: 20 }), { seed: 1 });
    expect(posterior.run.lm.calls).toBeGreaterThan(0);
    expect(posterior.run.lm.tokens).toBeGreaterThan(0);
    expect(posterior.run.engine.lms["words"]!.vocabulary).toMatch(/^[0-9a-f]{32}$/);
    const again = await infer(program.m!, [], smc({ particles: 20 }), { seed: 1 });
    expect(again.run.lm.calls).toBe(posterior.run.lm.calls);
  });
});

describe("a run is ended", () => {
  test("by the time it may take, even when nothing in it waits", async () => {
    await expect(infer(endless, [], smc({ particles: 5 }), { limits: { max_time: 0.2 } })).resolves.toMatchObject({
      diagnostics: { partial: true },
      isEmpty: true,
    });
  });

  test("by the number of steps", async () => {
    const posterior = await infer(endless, [], smc({ particles: 5 }), { limits: { max_steps: 7 } });
    expect(posterior.diagnostics.partial).toBe(true);
    expect(posterior.diagnostics.history.length).toBe(7);
  });

  test("by a signal; what was accepted by then is the answer", async () => {
    const controller = new AbortController();
    let seen: RunProgress | undefined;
    const posterior = await infer(counts, [], rejection({ samples: 100_000_000, max_attempts: 100_000_000 }), {
      signal: controller.signal,
      onProgress: (progress) => {
        seen = progress;
        if (progress.finished > 500) controller.abort();
      },
    });
    expect(posterior.diagnostics.partial).toBe(true);
    expect(posterior.samples.length).toBeGreaterThan(500);
    expect(posterior.atoms.reduce((sum, a) => sum + a.weight, 0)).toBeCloseTo(1, 12);
    expect(seen!.elapsed).toBeGreaterThan(0);
  });

  test("by a timer's signal, though the run computes without a pause", async () => {
    const posterior = await infer(endless, [], smc({ particles: 5 }), { signal: AbortSignal.timeout(100) });
    expect(posterior.diagnostics.partial).toBe(true);
  });

  test("before its first step, when the signal is already there", async () => {
    await expect(infer(counts, [], smc(), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "PGLT013" });
  });
});

test("an answer that does not come is no reason to wait for ever", async () => {
  const silent = model("silent", () => call(() => new Promise<number>(() => {}), [], "judge").chain((w) => factor(w)));
  await expect(infer(silent, [], smc({ particles: 2 }), { limits: { max_time: 0.1 } })).rejects.toMatchObject({
    code: "PGLT014",
    message: expect.stringMatching(
      /before its first step: the host function `judge` has not answered for \d+\.\d s/,
    ) as string,
  });
});

test("an impossible condition is an empty posterior, and a warning that names the place", async () => {
  const impossible = model("impossible", () => sample(bernoulli(0.5), "x").chain(() => condition(false, "never")));
  for (const method of [enumerate(), smc({ particles: 10 }), importance({ samples: 10 })]) {
    const posterior = await infer(impossible, [], method);
    expect(posterior.isEmpty).toBe(true);
    expect(posterior.logZ.estimate).toBe(-Infinity);
    expect(posterior.diagnostics.warnings[0]).toMatchObject({ code: "PGLW003", site: { name: "never" } });
  }
});

test.each([
  [{ seed: -1 }, "A seed is a whole number"],
  [{ seed: 0.5 }, "A seed is a whole number"],
  [{ limits: { max_time: 0 } }, "`max_time`"],
  [{ limits: { max_time: NaN } }, "`max_time`"],
  [{ limits: { max_steps: 0 } }, "`max_steps`"],
])("%j is refused", async (options, message) => {
  await expect(infer(counts, [], smc(), options)).rejects.toThrow(message);
});

test("a weight that is no number names its place", async () => {
  const bad = model("bad", () =>
    begin()
      .do(factor(NaN, "judge"))
      .andThen(() => pure(1)),
  );
  await expect(infer(bad, [], smc({ particles: 2 }))).rejects.toMatchObject({
    message: expect.stringContaining("is NaN") as string,
    site: { name: "judge" },
  });
});
