import type { RunProgress } from "@pgl/core";
import { describe, expect, test } from "vitest";
import { ProgressView } from "../src/progress-view.js";
import { all, parseMarkup, textOf } from "./markup-tree.js";

const at = (step: number, more: Partial<RunProgress> = {}): RunProgress => ({
  method: "smc",
  step,
  total: null,
  alive: 58,
  finished: 0,
  ess: 31.25,
  logZ: -4.2,
  elapsed: 3200,
  lm: { calls: 0, tokens: 0, cachedTokens: 0, time: 0 },
  ...more,
});

/** A view on a clock that the test moves. */
function watched() {
  const written: string[] = [];
  const clock = { now: 0, opened: 0 };
  const view = new ProgressView(
    () => clock.now,
    () => {
      clock.opened++;
      return { html: (markup) => void written.push(markup) };
    },
  );
  return { view, clock, written, texts: () => written.map((markup) => textOf(parseMarkup(markup))) };
}

describe("progress", () => {
  test("of a run that is soon over is not shown", () => {
    const { view, clock, written } = watched();
    for (let i = 0; i < 100; i++) {
      clock.now += 2;
      view.update(at(i));
    }
    view.finish("done");
    expect(written).toEqual([]);
  });

  test("is written now and then, into one place, and its end stays", () => {
    const { view, clock, texts } = watched();
    for (let i = 1; i <= 1000; i++) {
      clock.now += 1;
      view.update(at(i));
    }
    view.finish("done");
    expect(clock.opened).toBe(1);
    expect(texts().length).toBeGreaterThanOrEqual(5);
    expect(texts().length).toBeLessThanOrEqual(8);
    expect(texts().at(-1)).toBe("smc · step 1,000 · 58 alive · ESS 31.25 · log Z −4.2 · 3.2 s · done");
  });

  test("has a bar where the end is known", () => {
    const { view, clock, written } = watched();
    clock.now = 1000;
    view.update(at(3, { total: 12 }));
    const [bar] = all(parseMarkup(written[0]!), "progress");
    expect(bar!.attributes).toMatchObject({ max: "12", value: "3" });
    expect(textOf(parseMarkup(written[0]!))).toContain("step 3 of 12");
    view.finish("failed");
    expect(all(parseMarkup(written[1]!), "progress")).toEqual([]);
  });

  test.each<[Partial<RunProgress>, string]>([
    [{ method: "rejection", finished: 4 }, "rejection · 3 attempts · 4 accepted · "],
    [{ method: "enumerate", finished: 4 }, "enumerate · 3 executions · 4 finished · "],
    [{ lm: { calls: 9, tokens: 3200, cachedTokens: 0, time: 1 } }, "1,000 tokens/s"],
    [{ logZ: -Infinity, ess: NaN }, "ESS nan · log Z −inf"],
  ])("says what matters for the method", (more, text) => {
    const { view, clock, texts } = watched();
    clock.now = 1000;
    view.update(at(3, more));
    expect(texts()[0]).toContain(text);
  });
});
