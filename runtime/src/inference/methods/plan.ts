import type { Environment } from "../../machine/environment.js";
import { attained } from "../elimination/attained.js";
import { explore } from "../elimination/explore.js";
import { checkMet } from "../elimination/names.js";
import { checkElimination, checkNames, type EliminationOptions } from "../elimination/options.js";
import { policyOf } from "../elimination/policy.js";
import { backward, bestEdge, maximum, sum, type Rule } from "../elimination/semirings.js";
import { Outcome } from "../elimination/state-graph.js";
import type { Method, RunOptions, Target } from "../method.js";
import type { Posterior } from "../posterior.js";

export interface PlanOptions extends EliminationOptions {
  /** Names of the draws that are decisions. */
  readonly decisions: readonly string[];
}

type Settings = Required<PlanOptions>;

/**
 * The best policy of a finite program: at the draws named as decisions the value is chosen that makes the expected weight
 * largest, at all others chance decides, in the order in which they are drawn (expectimax over the program's states). What
 * has been drawn before a decision is known to it (closed loop). The distribution of a decision says only what can be
 * chosen: its probabilities do not count. Weights are rewards that multiply: `factor r` for a reward of r nats, `condition`
 * for what must hold; the value of a policy is E[exp(Σ factors)] under it.
 *
 * Executions that come to the same state are planned for once; what is only returned does not keep states apart.
 *
 * The answer is the posterior of the returned value under the best policy. `logZ` is the log of the expected weight, in
 * nats (exact). `diagnostics.maximum.policy` is the policy: a decision for each state it may come to, with the draws that
 * lead there. `diagnostics.maximum.logEvidence` is log Z of the program with its decisions drawn like all else. Of equally good
 * decisions the first in the order of values is taken.
 *
 * @throws MethodError as `map`; PGLR096 for a name that no execution draws; PGLR097 when the compiler has put a condition into
 * the distribution of a decision.
 */
export function plan(options: PlanOptions): Method {
  const settings = checkElimination("plan", options, ["decisions"]);
  checkNames("plan", "decisions", settings.decisions);
  return {
    name: "plan",
    guarantee: "maximum",
    options: { ...settings },
    run: (program, environment, run) => runPlan(program, settings, environment, run),
  };
}

async function runPlan<R>(
  program: Target<R>,
  settings: Settings,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const { max_states: maxStates } = settings;
  const names = new Set(settings.decisions);
  const exploration = await explore(
    program,
    environment,
    { method: "plan", result: false, maxStates, decisions: names },
    onProgress,
  );
  const { graph } = exploration;
  const order = graph.order("plan");
  const met = new Set<string>();
  const decides = (state: number): boolean =>
    graph.outcomes[state] === Outcome.Draw && names.has(graph.sites[state]!.name);
  for (let state = 0; state < graph.size; state++) if (decides(state)) met.add(graph.sites[state]!.name);

  const chance: Rule = { add: sum, logProbability: (edge) => graph.logProbabilities[edge]! };
  const decision: Rule = { add: maximum, logProbability: () => 0 };
  const values = backward(graph, order, (state) => (decides(state) ? decision : chance));
  if (values[0]! > -Infinity) checkMet("plan", "decisions", names, met);
  const chosen = new Map<number, number>();
  for (const state of order) if (decides(state)) chosen.set(state, bestEdge(graph, state, decision, values));
  const admit = (state: number, edge: number): number | null => {
    const best = chosen.get(state);
    return best === undefined ? graph.logProbabilities[edge]! : best === edge ? 0 : null;
  };
  return attained(
    program,
    environment,
    {
      exploration,
      order,
      admit,
      single: false,
      maximum: {
        logValue: values[0]!,
        logEvidence: backward(graph, order, () => chance)[0]!,
        choices: [],
        policy: policyOf(graph, order, values, chosen, admit),
      },
    },
    maxStates,
    { name: "plan", guarantee: "maximum", options: { ...settings } },
    onProgress,
  );
}
