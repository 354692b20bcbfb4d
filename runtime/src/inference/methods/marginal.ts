import type { Environment } from "../../machine/environment.js";
import { warningsOf } from "../blocks/drive.js";
import { explore, warnOfNoMass } from "../elimination/explore.js";
import { checkElimination, type EliminationOptions } from "../elimination/options.js";
import { returnedValues } from "../elimination/returned.js";
import { backward, forward, sum } from "../elimination/semirings.js";
import type { StateGraph } from "../elimination/state-graph.js";
import type { Method, RunOptions, Target } from "../method.js";
import { Posterior } from "../posterior.js";

export type MarginalOptions = EliminationOptions;

/**
 * The exact posterior of a finite program by elimination: executions that come to the same state (the same place, and equal
 * values of everything that what is still to come depends on) go on as one, and their weights add up. A hidden Markov model
 * that returns its last state takes time linear in its length, where `enumerate` visits every sequence of states. What the
 * program returns is part of the state: one that returns all it has drawn has as many states as executions.
 *
 * log Z (nats) and the posterior are exact up to rounding. Values have no traces: many executions stand behind each.
 * `diagnostics.executions` counts states; `diagnostics.ess` is 1/Σ W² over the program's executions.
 *
 * @throws MethodError PGLR090 beyond `max_states` states; PGLR091 when an execution may go on for ever; PGLR093 at a draw
 * with infinitely many values; PGLR094 at an answer drawn at random (`infer` with a sampling method); PGLR095 when the run is
 * ended early; PGLR030 or PGLR034 for options out of range.
 */
export function marginal(options: MarginalOptions = {}): Method {
  const settings = checkElimination("marginal", options);
  return {
    name: "marginal",
    guarantee: "exact",
    options: { ...settings },
    run: (program, environment, run) => runMarginal(program, settings, environment, run),
  };
}

async function runMarginal<R>(
  program: Target<R>,
  settings: Required<MarginalOptions>,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const maxStates = settings.max_states;
  const exploration = await explore(program, environment, { method: "marginal", result: true, maxStates }, onProgress);
  const { graph } = exploration;
  const order = graph.order("marginal");
  const masses = forward(graph, order, (_, edge) => graph.logProbabilities[edge]!);
  const { samples, logMass } = returnedValues<R>(graph, masses);
  if (logMass === -Infinity) warnOfNoMass(environment, exploration);
  return new Posterior<R>(
    samples,
    { estimate: logMass, stderr: 0, exact: true },
    {
      ess: logMass === -Infinity ? 0 : Math.exp(2 * logMass - logSquares(graph, order)),
      history: [],
      distinctAncestors: null,
      unvisitedMass: 0,
      executions: graph.size,
      chains: null,
      partial: false,
      warnings: warningsOf(environment),
    },
    { name: "marginal", guarantee: "exact", options: { ...settings } },
    environment.random.split(3),
  );
}

/** log of the sum of the executions' squared weights: the same sum of products, with every number squared. */
function logSquares(graph: StateGraph, order: Int32Array): number {
  const rule = { add: sum, logProbability: (edge: number) => 2 * graph.logProbabilities[edge]! };
  return backward(graph, order, () => rule, 2)[0]!;
}
