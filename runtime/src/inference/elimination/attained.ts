import type { Environment } from "../../machine/environment.js";
import { Trace } from "../../machine/trace.js";
import { warningsOf } from "../blocks/drive.js";
import type { Progress, Target } from "../method.js";
import { Posterior, type MethodReport, type WeightedSample } from "../posterior.js";
import { Follower } from "./companion.js";
import { StateLimitError, type Exploration } from "./exploration.js";
import { explore, warnOfNoMass } from "./explore.js";
import type { Maximum } from "./maximum.js";
import { returnedValues } from "./returned.js";
import { backward, bestEdge, forward, maximum } from "./semirings.js";
import { Outcome } from "./state-graph.js";

/** A maximum found on the states of a program, and the executions that attain it. */
export interface Attained {
  readonly exploration: Exploration;
  /** Of its graph. */
  readonly order: Int32Array;
  /** What an edge counts for among the executions that attain the maximum (log, nats); null for one they do not take. */
  readonly admit: (state: number, edge: number) => number | null;
  /** There is one such execution. */
  readonly single: boolean;
  readonly maximum: Maximum;
}

/**
 * The answer of a method that maximises: what the program returns in the executions that attain the maximum, weighted as
 * they are among themselves. The states of the maximisation do not hold what is returned; so the program is run again, along
 * the ways that attain the maximum. If these are too many to be told apart by what they return, the most probable one is
 * shown, with a warning and the share of the others as `unvisitedMass`.
 */
export async function attained<R>(
  program: Target<R>,
  environment: Environment,
  found: Attained,
  maxStates: number,
  report: MethodReport,
  onProgress: ((progress: Progress) => void) | undefined,
): Promise<Posterior<R>> {
  const { exploration, maximum: best } = found;
  let answer: { samples: readonly WeightedSample<R>[]; unvisitedMass: number } = { samples: [], unvisitedMass: 0 };
  if (best.logValue === -Infinity) warnOfNoMass(environment, exploration);
  else {
    const follow = (ways: Attained) => followed<R>(program, environment, ways, maxStates, report.name, onProgress);
    try {
      answer = await follow(found);
    } catch (error) {
      if (!(error instanceof StateLimitError)) throw error;
      answer = await follow({ ...found, admit: likeliest(found), single: true });
      environment.warn({
        code: "PGLW030",
        message: `${report.name} found the maximum, but the executions that attain it return more values than \`max_states\` allows; the most probable one is shown, with ${(1 - answer.unvisitedMass).toPrecision(3)} of their weight.`,
      });
    }
  }
  const { samples, unvisitedMass } = answer;
  return new Posterior<R>(
    samples,
    { estimate: best.logValue, stderr: 0, exact: true },
    {
      ess: samples.length === 0 ? 0 : 1 / samples.reduce((total, { weight }) => total + weight * weight, 0),
      history: [],
      distinctAncestors: null,
      unvisitedMass,
      executions: exploration.graph.size,
      chains: null,
      partial: false,
      warnings: warningsOf(environment),
      maximum: best,
    },
    report,
    environment.random.split(3),
  );
}

async function followed<R>(
  program: Target<R>,
  environment: Environment,
  { exploration, admit, single, maximum: best }: Attained,
  maxStates: number,
  method: string,
  onProgress: ((progress: Progress) => void) | undefined,
): Promise<{ samples: readonly WeightedSample<R>[]; unvisitedMass: number }> {
  const companion = new Follower(exploration.graph, admit);
  const second = await explore(
    program,
    environment,
    { method, result: true, maxStates, companion, single },
    onProgress,
  );
  const order = second.graph.order(method);
  const masses = forward(second.graph, order, (_, edge) => second.graph.logProbabilities[edge]!);
  const { samples, logMass } = returnedValues<R>(second.graph, masses);
  // Rounding apart, all of the maximum is there unless some of its ways were left out.
  const share = Math.exp(logMass - best.logValue);
  const unvisitedMass = share > 1 - 1e-9 ? 0 : 1 - share;
  if (second.ended !== 1) return { samples, unvisitedMass };
  const trace = Trace.of(second.ledger, second.lastDraw);
  return { samples: samples.map((sample) => ({ ...sample, trace })), unvisitedMass };
}

/** Lets through, of what is let through, the most probable way alone. */
function likeliest({ exploration: { graph }, order, admit }: Attained): Attained["admit"] {
  const ruleAt = (state: number) => ({
    add: maximum,
    logProbability: (edge: number) => admit(state, edge) ?? -Infinity,
  });
  const values = backward(graph, order, ruleAt);
  return (state, edge) =>
    graph.outcomes[state] === Outcome.Draw && edge === bestEdge(graph, state, ruleAt(state), values)
      ? admit(state, edge)
      : null;
}
