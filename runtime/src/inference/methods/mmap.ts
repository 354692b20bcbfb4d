import type { Environment } from "../../machine/environment.js";
import { Assignments } from "../elimination/assignments.js";
import { attained } from "../elimination/attained.js";
import type { Exploration } from "../elimination/exploration.js";
import { explore } from "../elimination/explore.js";
import { checkMet } from "../elimination/names.js";
import { checkElimination, checkNames, type EliminationOptions } from "../elimination/options.js";
import { forward, sum } from "../elimination/semirings.js";
import { Outcome } from "../elimination/state-graph.js";
import { ValueKeys } from "../elimination/value-keys.js";
import type { Method, RunOptions, Target } from "../method.js";
import type { Posterior } from "../posterior.js";

export interface MmapOptions extends EliminationOptions {
  /** Names of the draws that are maximised over. */
  readonly vars: readonly string[];
}

type Settings = Required<MmapOptions>;

/**
 * Marginal maximum a posteriori of a finite program: the values of the named draws whose total weight, summed over all other
 * draws, is largest. A name in a loop stands for all its visits; not to be drawn at all is a value of its own. The named
 * draws' own probabilities count: of a decision that is drawn from a uniform distribution over k values, the expected weight
 * is k times what is found (its open-loop value: decided once, whatever is drawn before; compare `plan`).
 *
 * States are those of `map`, kept apart also by the values of the named draws so far, of which there may be many: it is a
 * method for a few named draws and any number of others.
 *
 * The answer is the posterior of the returned value given the best values of the named draws, which are in
 * `diagnostics.maximum.choices`. `logZ` is the log of their total weight, in nats (exact); less `diagnostics.maximum.logEvidence`
 * it is the log of their posterior probability.
 *
 * @throws MethodError as `map`; PGLR096 for a name that no execution draws.
 */
export function mmap(options: MmapOptions): Method {
  const settings = checkElimination("mmap", options, ["vars"]);
  checkNames("mmap", "vars", settings.vars);
  return {
    name: "mmap",
    guarantee: "maximum",
    options: { ...settings },
    run: (program, environment, run) => runMmap(program, settings, environment, run),
  };
}

async function runMmap<R>(
  program: Target<R>,
  settings: Settings,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const { vars, max_states: maxStates } = settings;
  const companion = new Assignments(new Set(vars), new ValueKeys());
  const exploration = await explore(
    program,
    environment,
    { method: "mmap", result: false, maxStates, companion },
    onProgress,
  );
  const { graph } = exploration;
  const order = graph.order("mmap");
  const masses = forward(graph, order, (_, edge) => graph.logProbabilities[edge]!);
  const totals = endsByCompanion(exploration, masses);
  let best = -1;
  let logValue = -Infinity;
  let logEvidence = -Infinity;
  for (const [assignment, total] of totals) {
    logEvidence = sum(logEvidence, total);
    if (total <= logValue) continue;
    logValue = total;
    best = assignment;
  }
  if (best >= 0) checkMet("mmap", "vars", vars, companion.met);
  const leads = leadingTo(exploration, order, best);
  return attained(
    program,
    environment,
    {
      exploration,
      order,
      admit: (_, edge) => (leads[graph.to[edge]!] === 1 ? graph.logProbabilities[edge]! : null),
      single: false,
      maximum: { logValue, logEvidence, choices: best < 0 ? [] : companion.choices(best), policy: [] },
    },
    maxStates,
    { name: "mmap", guarantee: "maximum", options: { ...settings } },
    onProgress,
  );
}

/** log of the mass that ends with each companion, in the order they come up. */
function endsByCompanion({ graph }: Exploration, masses: Float64Array): ReadonlyMap<number, number> {
  const totals = new Map<number, number>();
  for (let state = 0; state < graph.size; state++) {
    if (graph.outcomes[state] !== Outcome.Ended) continue;
    const companion = graph.companions[state]!;
    totals.set(companion, sum(totals.get(companion) ?? -Infinity, masses[state]! + graph.weights[state]!));
  }
  return totals;
}

/** 1 for the states from which an end with the companion can be reached. */
function leadingTo({ graph }: Exploration, order: Int32Array, companion: number): Uint8Array {
  const leads = new Uint8Array(graph.size);
  for (let i = order.length - 1; i >= 0; i--) {
    const state = order[i]!;
    if (graph.outcomes[state] === Outcome.Ended) leads[state] = graph.companions[state] === companion ? 1 : 0;
    for (let edge = graph.firstEdge(state); edge < graph.endEdge(state); edge++)
      if (leads[graph.to[edge]!] === 1) leads[state] = 1;
  }
  return leads;
}
