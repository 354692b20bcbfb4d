import type { RunProgress } from "@pgl/core";
import { newOutput, type CellOutput } from "./kernel.js";
import { element } from "./markup.js";
import { duration, grouped, short } from "./numbers.js";
import { framed } from "./style.js";

/** Milliseconds before anything is shown, and between two updates. */
const PATIENCE = 250;
const INTERVAL = 150;

/** How far a run is, in the output of its cell, written over and over in one place. Runs that are soon over show nothing. */
export class ProgressView {
  private output: CellOutput | null = null;
  private last: RunProgress | null = null;
  private readonly begun: number;
  private shown = -Infinity;

  /** @param now milliseconds; @param open where to write, null when there is no cell. */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly open: () => CellOutput | null = newOutput,
  ) {
    this.begun = now();
  }

  /** Called after every step; cheap unless it is time to show something. */
  update(progress: RunProgress): void {
    this.last = progress;
    const now = this.now();
    if (now - this.begun < PATIENCE || now - this.shown < INTERVAL) return;
    this.shown = now;
    this.output ??= this.open();
    this.output?.html(html(progress, null));
  }

  /** The last line, which stays: what was reached and how it ended. */
  finish(end: "done" | "ended early" | "failed"): void {
    if (this.output !== null && this.last !== null) this.output.html(html(this.last, end));
  }

  /** Something else in the same place. */
  replace(markup: string): void {
    this.output ??= this.open();
    this.output?.html(markup);
  }
}

function html(progress: RunProgress, end: string | null): string {
  const { step, total } = progress;
  const bar =
    total !== null &&
    total > 0 &&
    end === null &&
    element("progress", { max: total, value: Math.min(step, total), "aria-label": "Progress" });
  return framed(
    element("div", { class: "pgl-more", role: "status" }, bar, describe(progress), end !== null && ` · ${end}`),
  ).toString();
}

/** `smc · step 12 · 58 alive · ESS 31.2 · log Z −4.21 · 812 tokens/s · 3.2 s`. */
function describe(p: RunProgress): string {
  const parts = [p.method];
  if (p.method === "rejection") parts.push(`${grouped(p.step)} attempts`, `${grouped(p.finished)} accepted`);
  else if (p.method === "enumerate") parts.push(`${grouped(p.step)} executions`, `${grouped(p.finished)} finished`);
  else
    parts.push(
      p.total === null ? `step ${grouped(p.step)}` : `step ${grouped(p.step)} of ${grouped(p.total)}`,
      `${grouped(p.alive)} alive`,
      `ESS ${short(p.ess)}`,
    );
  if (p.logZ !== null) parts.push(`log Z ${short(p.logZ)}`);
  if (p.lm.tokens > 0 && p.elapsed > 0) parts.push(`${grouped(p.lm.tokens / (p.elapsed / 1000))} tokens/s`);
  parts.push(duration(p.elapsed));
  return parts.join(" · ");
}
