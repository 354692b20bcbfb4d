import { MethodError } from "../../errors.js";
import { answerRequests } from "../../inference/blocks/answer.js";
import { choose, runToChoice, Status } from "../../inference/blocks/forward.js";
import { Exploration } from "../../inference/elimination/exploration.js";
import { backward, sum } from "../../inference/elimination/semirings.js";
import { Outcome, type StateGraph } from "../../inference/elimination/state-graph.js";
import type { Progress, Target } from "../../inference/method.js";
import type { Environment } from "../../machine/environment.js";
import { journalOf, startJournal } from "../../machine/journal.js";
import { Particle } from "../../machine/particle.js";
import type { RandomSource } from "../../random/source.js";
import { LogWeights } from "../../weights/index.js";
import type { ExactDraw, ExactDraws } from "./exact-draws.js";

/** What elimination says of programs that are not finite, or too large. */
const NOT_FINITE: ReadonlySet<string> = new Set(["PGLR090", "PGLR091", "PGLR093", "PGLR094"]);

/** Whether an error of `drawsByStates` says that the program is not one for it. */
export const isNotFinite = (error: unknown): error is MethodError =>
  error instanceof MethodError && NOT_FINITE.has(error.code);

/**
 * Exact draws of a finite program's posterior: all its states are found (as by `marginal`), the total weight of what may
 * still come is summed up from their ends, and a draw goes from state to state by it.
 *
 * @returns null when every execution has weight zero.
 * @throws MethodError as `marginal`, for programs that are not finite, or have more than `maxStates` states.
 */
export function* drawsByStates(
  program: Target,
  environment: Environment,
  maxStates: number,
  name: string,
): Generator<Progress | Promise<void>, ExactDraws | null, void> {
  const exploration = new Exploration(program, environment, { method: name, result: false, maxStates });
  yield* exploration.run();
  const { graph } = exploration;
  const logProbability = (edge: number): number => graph.logProbabilities[edge]!;
  const values = backward(graph, graph.order(name), () => ({ add: sum, logProbability }));
  const logZ = values[0]!;
  if (logZ === -Infinity) return null;
  return {
    logZ,
    looked: graph.size,
    draw: (_, random) => execute(program, environment, walk(graph, values, random), random),
  };
}

/** The values of one execution's draws. */
function walk(graph: StateGraph, values: Float64Array, random: RandomSource): unknown[] {
  const drawn: unknown[] = [];
  for (let state = 0; graph.outcomes[state] === Outcome.Draw;) {
    const first = graph.firstEdge(state);
    const ahead = Array.from(
      { length: graph.endEdge(state) - first },
      (_, i) => graph.logProbabilities[first + i]! + values[graph.to[first + i]!]!,
    );
    const edge = first + random.split(drawn.length).categorical(new LogWeights(ahead).normalized());
    drawn.push(graph.values[edge]);
    state = graph.to[edge]!;
  }
  return drawn;
}

/** Runs the program on these values, writing down what it consumes. */
async function execute(
  program: Target,
  environment: Environment,
  drawn: readonly unknown[],
  random: RandomSource,
): Promise<ExactDraw> {
  const particle = new Particle(program.start(), random, environment);
  startJournal(particle);
  for (let at = 0, tick = 0; ;) {
    const status = runToChoice(particle);
    if (status === Status.Waiting) await answerRequests([particle], environment, tick++);
    else if (status === Status.Choice && at < drawn.length) choose(particle, drawn[at++]);
    else if (status === Status.Done && at === drawn.length) return journalOf(particle);
    else {
      throw new MethodError("PGLR092", "Run again on the same values, the program did something else.", {
        site: particle.site ?? undefined,
        hint: "Does a host function give different answers to the same arguments?",
      });
    }
  }
}
