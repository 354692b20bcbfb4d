import type { RunProgress } from "@pgl/core";
import type { Io } from "../io.js";
import { duration, grouped, short } from "./number.js";
import { clip } from "./width.js";

/** Milliseconds between two drawings. */
const INTERVAL = 80;

/** One line on the terminal that says how far a run is. Writes nothing where there is no terminal to draw on. */
export class ProgressLine {
  private drawn = 0;
  private visible = false;

  constructor(
    private readonly io: Io,
    private readonly enabled: boolean,
  ) {}

  update(progress: RunProgress): void {
    if (this.isDue()) this.draw(describe(progress));
  }

  /** Another text in the same line. */
  show(text: string): void {
    if (this.isDue()) this.draw(text);
  }

  private isDue(): boolean {
    return this.enabled && performance.now() - this.drawn >= INTERVAL;
  }

  private draw(text: string): void {
    this.drawn = performance.now();
    this.visible = true;
    this.io.writeError(`\r\x1b[2K${clip(text, this.io.columns - 1)}`);
  }

  clear(): void {
    if (!this.visible) return;
    this.visible = false;
    this.io.writeError("\r\x1b[2K");
  }
}

/** `smc  step 12  58 alive  ESS 31.2  log Z -4.21  812 tokens/s  3.2 s`. */
export function describe(p: RunProgress): string {
  const parts = [p.method];
  if (p.method === "rejection") parts.push(`${grouped(p.step)} attempts`, `${p.finished} accepted`);
  else if (p.method === "enumerate")
    parts.push(`${grouped(p.step)} executions`, `${grouped(p.finished)} finished`, `${grouped(p.alive)} open`);
  else
    parts.push(
      p.total === null ? `step ${p.step}` : `step ${p.step} of ${p.total}`,
      `${p.alive} alive`,
      `ESS ${p.ess.toFixed(1)}`,
    );
  if (p.logZ !== null) parts.push(`log Z ${short(p.logZ)}`);
  if (p.lm.tokens > 0 && p.elapsed > 0) parts.push(`${grouped(p.lm.tokens / (p.elapsed / 1000))} tokens/s`);
  parts.push(duration(p.elapsed));
  if (p.total !== null && p.step > 0) parts.push(`${duration((p.elapsed * (p.total - p.step)) / p.step)} left`);
  return parts.join("  ");
}
