import type { Site } from "../../machine/site.js";
import type { Choice, Decision } from "./maximum.js";
import { forward } from "./semirings.js";
import type { StateGraph } from "./state-graph.js";

/**
 * The decisions of a policy in the states it may come to, earlier ones first.
 *
 * @param values by state: log of the expected weight from there on.
 * @param chosen by state that decides: the edge taken, −1 where all are worth nothing.
 * @param admit what an edge counts for under the policy; null for one it does not take.
 */
export function policyOf(
  graph: StateGraph,
  order: Int32Array,
  values: Float64Array,
  chosen: ReadonlyMap<number, number>,
  admit: (state: number, edge: number) => number | null,
): readonly Decision[] {
  const reached = forward(graph, order, (state, edge) => admit(state, edge) ?? -Infinity, false);
  const from = waysBack(graph, order, reached, admit);
  const policy: Decision[] = [];
  for (const state of order) {
    const edge = chosen.get(state);
    if (edge === undefined || edge < 0 || reached[state] === -Infinity) continue;
    policy.push(
      new StateDecision(
        graph.sites[state]!,
        graph.values[edge],
        Math.min(1, Math.exp(reached[state]!)),
        values[state]!,
        () => leadingTo(graph, from, state),
      ),
    );
  }
  return policy;
}

/** The draws before are put together when asked for: all of them would take the square of the states. */
class StateDecision implements Decision {
  constructor(
    readonly site: Site,
    readonly value: unknown,
    readonly probability: number,
    readonly logValue: number,
    private readonly leading: () => readonly Choice[],
  ) {}

  get after(): readonly Choice[] {
    return this.leading();
  }
}

interface Back {
  readonly state: number;
  readonly edge: number;
}

/** By state: an edge that leads to it, the first in order. */
function waysBack(
  graph: StateGraph,
  order: Int32Array,
  reached: Float64Array,
  admit: (state: number, edge: number) => number | null,
): readonly (Back | undefined)[] {
  const back = new Array<Back | undefined>(graph.size).fill(undefined);
  for (const state of order) {
    if (reached[state] === -Infinity) continue;
    for (let edge = graph.firstEdge(state); edge < graph.endEdge(state); edge++)
      if (admit(state, edge) !== null) back[graph.to[edge]!] ??= { state, edge };
  }
  return back;
}

function leadingTo(graph: StateGraph, back: readonly (Back | undefined)[], state: number): readonly Choice[] {
  const choices: Choice[] = [];
  for (let at = back[state]; at !== undefined; at = back[at.state])
    choices.push({ site: graph.sites[at.state]!, value: graph.values[at.edge] });
  return choices.reverse();
}
