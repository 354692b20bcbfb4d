import { logAddExp } from "../../weights/index.js";
import { Outcome, type StateGraph } from "./state-graph.js";

/**
 * How alternatives at a state are put together: `logAddExp` adds them up, `Math.max` keeps the best. Along a way numbers
 * are multiplied (their logs added), and both distribute over that: each is the addition of a semiring on [0, ∞), so what
 * is found state by state is what would be found execution by execution.
 */
export type Addition = (a: number, b: number) => number;

/** The sum of products: evidence, marginals, expectations. */
export const sum: Addition = (a, b) => (a === -Infinity ? b : b === -Infinity ? a : logAddExp(a, b));
/** The maximum of products: the most probable execution, the best decision. */
export const maximum: Addition = Math.max;

/** How a state puts its edges together, and what an edge's probability counts for (log, nats). */
export interface Rule {
  readonly add: Addition;
  logProbability(edge: number): number;
}

/**
 * By state: log of the sum (by the rules) over the ways from it to an end, its own weight included; -Infinity where there is
 * none. The value of state 0 is that of the program.
 *
 * @param order each state before those its edges lead to.
 * @param power that weights are raised to.
 */
export function backward(
  graph: StateGraph,
  order: Int32Array,
  ruleAt: (state: number) => Rule,
  power = 1,
): Float64Array {
  const values = new Float64Array(graph.size);
  for (let i = order.length - 1; i >= 0; i--) {
    const state = order[i]!;
    const weight = power * graph.weights[state]!;
    switch (graph.outcomes[state]) {
      case Outcome.Ended:
        values[state] = weight;
        break;
      case Outcome.Draw: {
        const rule = ruleAt(state);
        let total = -Infinity;
        for (let edge = graph.firstEdge(state); edge < graph.endEdge(state); edge++)
          total = rule.add(total, rule.logProbability(edge) + values[graph.to[edge]!]!);
        values[state] = weight + total;
        break;
      }
      default:
        values[state] = -Infinity;
    }
  }
  return values;
}

/**
 * By state: log of the total weight of the ways that lead to it from state 0, without its own weight; by probabilities alone
 * if not `weighted`.
 *
 * @param logProbability what an edge counts for (log, nats); -Infinity for one that is not taken.
 */
export function forward(
  graph: StateGraph,
  order: Int32Array,
  logProbability: (state: number, edge: number) => number,
  weighted = true,
): Float64Array {
  const masses = new Float64Array(graph.size).fill(-Infinity);
  masses[0] = 0;
  for (const state of order) {
    if (graph.outcomes[state] !== Outcome.Draw) continue;
    const mass = masses[state]! + (weighted ? graph.weights[state]! : 0);
    if (mass === -Infinity) continue;
    for (let edge = graph.firstEdge(state); edge < graph.endEdge(state); edge++) {
      const to = graph.to[edge]!;
      masses[to] = sum(masses[to]!, mass + logProbability(state, edge));
    }
  }
  return masses;
}

/** The edge of a draw whose way has the largest value; the first of equals, −1 when every way has weight zero. */
export function bestEdge(graph: StateGraph, state: number, rule: Rule, values: Float64Array): number {
  let best = -1;
  let largest = -Infinity;
  for (let edge = graph.firstEdge(state); edge < graph.endEdge(state); edge++) {
    const value = rule.logProbability(edge) + values[graph.to[edge]!]!;
    if (value > largest) {
      largest = value;
      best = edge;
    }
  }
  return best;
}
