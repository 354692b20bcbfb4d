import type { JournalEntry } from "../../machine/journal.js";
import type { RandomSource } from "../../random/source.js";

/** An execution drawn exactly from the posterior: what it consumed (`journalOf`). */
export type ExactDraw = readonly JournalEntry[];

/** Where independent, exact draws of a program's posterior come from. */
export interface ExactDraws {
  /** log Z in nats, where finding the draws gives it exactly; else null. */
  readonly logZ: number | null;
  /** Executions, or states of executions, that were looked at. */
  readonly looked: number;
  /** The draw of the given number. Each has a stream of its own; with the same one it is the same draw. */
  draw(index: number, random: RandomSource): ExactDraw | Promise<ExactDraw>;
}
