import { RunError } from "../../errors.js";
import { showSite, type Site } from "../../machine/site.js";
import type { StateGraph } from "./state-graph.js";

/** A value that a draw may be given. */
export interface Option {
  readonly value: unknown;
  readonly logProbability: number;
}

/** Where a companion goes when a draw is given a value, and what the value's probability counts for. */
export interface Taken {
  readonly companion: number;
  readonly logProbability: number;
}

/**
 * Something that goes along with an execution and remembers of its draws what the machine's state does not tell, as a number.
 * States merge only when their companions are equal too.
 */
export interface Companion {
  readonly start: number;
  /** For each option in turn; null for one that is not to be followed. */
  take(companion: number, site: Site, options: readonly Option[]): readonly (Taken | null)[];
}

/** The executions that go through a graph made before, along the edges that `admit` lets through. */
export class Follower implements Companion {
  readonly start = 0;

  constructor(
    private readonly graph: StateGraph,
    /** The log-probability that an edge of a state counts with; null for an edge that is not followed. */
    private readonly admit: (state: number, edge: number) => number | null,
  ) {}

  /** @throws RunError PGLR092 when the program draws something else than it did the first time. */
  take(state: number, site: Site, options: readonly Option[]): readonly (Taken | null)[] {
    const { graph } = this;
    const first = graph.firstEdge(state);
    const same =
      graph.sites[state] === site &&
      graph.endEdge(state) - first === options.length &&
      options.every(({ value }, i) => mayBeSame(value, graph.values[first + i]));
    if (!same) {
      throw new RunError("PGLR092", `At ${showSite(site)} the program draws otherwise than it did before.`, {
        site,
        hint: "Does a host function give different answers to the same arguments?",
      });
    }
    return options.map((_, i) => {
      const logProbability = this.admit(state, first + i);
      return logProbability === null ? null : { companion: graph.to[first + i]!, logProbability };
    });
  }
}

/** What has parts may have been made anew; it is the number of options that tells then. */
const mayBeSame = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || (typeof a === typeof b && (typeof a === "object" || typeof a === "function"));
