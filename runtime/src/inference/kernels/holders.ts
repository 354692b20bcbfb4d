import type { JournalNode } from "../../machine/journal.js";
import type { TraceHolder } from "../../machine/trace.js";
import type { Execution } from "../blocks/execution.js";

/** Everybody who has a past in the ledger of these executions, each once: what `TraceLedger.compact` is given. */
export function holdersOf(
  executions: Iterable<Execution | null>,
  others: Iterable<TraceHolder> = [],
): Set<TraceHolder> {
  const holders = new Set<TraceHolder>(others);
  for (const execution of executions) {
    if (execution === null) continue;
    holders.add(execution);
    if (execution.end !== null) holders.add(execution.end);
    addJournal(execution.nodes[execution.nodes.length - 1] ?? null, holders);
  }
  return holders;
}

/** The entries up to `last` are holders too, where they are states to go back to. */
export function addJournal(last: JournalNode | null, holders: Set<TraceHolder>): void {
  for (let at = last; at !== null && at.frame !== null && !holders.has(at); at = at.previous) holders.add(at);
}
