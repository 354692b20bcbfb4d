import type { Environment } from "../../machine/environment.js";
import { attained } from "../elimination/attained.js";
import { explore } from "../elimination/explore.js";
import type { Choice } from "../elimination/maximum.js";
import { checkElimination, type EliminationOptions } from "../elimination/options.js";
import { backward, bestEdge, maximum, sum } from "../elimination/semirings.js";
import type { Method, RunOptions, Target } from "../method.js";
import type { Posterior } from "../posterior.js";

export type MapOptions = EliminationOptions;

/**
 * The most probable execution of a finite program, and what it returns: the maximum, over all values of all its draws, of
 * the product of their probabilities and of the program's weights. (Not the most probable value returned, to which many
 * executions may contribute: that is the mode of `marginal`.) Of equally probable ones the first, in the order of the draws'
 * values.
 *
 * Found by elimination, as in the Viterbi algorithm: executions that come to the same state have one future, and only the
 * best of them goes on. What is only returned does not keep states apart: a hidden Markov model that returns all its states
 * takes time linear in its length. Such values are computed on the best execution and on those that stand for their state
 * only: if computing one fails elsewhere, that is not noticed.
 *
 * The answer is one value with weight 1 and its trace. `logZ` is the log of the maximum, in nats, unnormalised (exact);
 * `diagnostics.maximum` has the draws and log Z of the program: their difference is the log of the execution's posterior
 * probability. All draws of the program as it was compiled count; the compiler's pass `dead-samples`, which leaves out draws
 * that nothing reads, does not run on programs that say `using map` themselves.
 *
 * @throws MethodError as `marginal`; RunError PGLR092 when the program does otherwise on the same values.
 */
export function map(options: MapOptions = {}): Method {
  const settings = checkElimination("map", options);
  return {
    name: "map",
    guarantee: "maximum",
    options: { ...settings },
    run: (program, environment, run) => runMap(program, settings, environment, run),
  };
}

async function runMap<R>(
  program: Target<R>,
  settings: Required<MapOptions>,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const maxStates = settings.max_states;
  const exploration = await explore(program, environment, { method: "map", result: false, maxStates }, onProgress);
  const { graph } = exploration;
  const order = graph.order("map");
  const logProbability = (edge: number): number => graph.logProbabilities[edge]!;
  const best = { add: maximum, logProbability };
  const total = { add: sum, logProbability };
  const values = backward(graph, order, () => best);
  const logValue = values[0]!;
  const way = new Map<number, number>();
  const choices: Choice[] = [];
  if (logValue > -Infinity) {
    for (let state = 0; graph.firstEdge(state) < graph.endEdge(state);) {
      const edge = bestEdge(graph, state, best, values);
      way.set(state, edge);
      choices.push({ site: graph.sites[state]!, value: graph.values[edge] });
      state = graph.to[edge]!;
    }
  }
  const logEvidence = backward(graph, order, () => total)[0]!;
  return attained(
    program,
    environment,
    {
      exploration,
      order,
      admit: (state, edge) => (way.get(state) === edge ? logProbability(edge) : null),
      single: true,
      maximum: { logValue, logEvidence, choices, policy: [] },
    },
    maxStates,
    { name: "map", guarantee: "maximum", options: { ...settings } },
    onProgress,
  );
}
