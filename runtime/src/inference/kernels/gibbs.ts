import type { Distribution } from "../../distributions/distribution.js";
import type { Particle } from "../../machine/particle.js";
import { equal } from "../../values.js";
import type { Execution } from "../blocks/execution.js";
import { Status } from "../blocks/forward.js";
import { through, type Kernel, type Steps } from "./kernel.js";
import { logTarget } from "./metropolis.js";
import { Rerun } from "./rerun.js";
import { changeOne, pick } from "./single-site.js";
import type { Walk } from "./walk.js";

/** Draws of more values than this are drawn again instead: to run every candidate would cost more than it gains. */
const MOST_CANDIDATES = 256;

/**
 * A choice picked uniformly gets a value drawn from its distribution given all the others, when it has finitely many values:
 * the execution is run again with each. That is a Gibbs step only where no candidate (of those that are run to their end)
 * has another set of choices and none, whatever becomes of it, draws or asks for anything at random; else the choice is
 * drawn again as in `single`, as continuous ones are.
 *
 * Invariant: where the condition holds, it holds with the same candidates from each candidate of positive weight, for each
 * is run with the same values; there the step is exactly Gibbs. Where it does not, the step of `single` is reversible, and
 * never leads to an execution where the condition holds: from there, the way back would be a candidate, and none draws what
 * this one has and that one has not.
 *
 * @param sites names of the draws that are enumerated; the others are drawn again. By default all.
 */
export function gibbs(sites: readonly string[] | null = null): Kernel {
  const names = sites === null ? null : new Set(sites);
  return {
    name: "gibbs",
    *step(execution, walk) {
      if (execution.length === 0) return execution;
      const at = pick(execution, walk);
      const { distribution, site } = execution.nodes[at]!;
      if (distribution !== null && (names === null || names.has(site.name)) && execution.lastAnswer < at) {
        const next = yield* enumerated(execution, walk, at, distribution);
        if (next !== null) return next;
      }
      return yield* through(changeOne(execution, walk, at));
    },
  };
}

interface Candidate {
  readonly particle: Particle;
  readonly rerun: Rerun;
  status: Status;
}

/** Null where it would not be a Gibbs step. */
function* enumerated(
  execution: Execution,
  walk: Walk,
  at: number,
  distribution: Distribution<unknown>,
): Steps<Execution | null> {
  const { support } = distribution;
  if (support.kind !== "finite" || support.values.length > MOST_CANDIDATES) return null;
  const node = execution.nodes[at]!;
  const candidates: Candidate[] = [];
  const giveBack = (): void => {
    for (const { particle } of candidates) walk.give(particle);
  };
  for (let v = 0; v < support.values.length; v++) {
    const value = support.values[v];
    if (!(support.probabilities[v]! > 0) || value === node.value || equal(value, node.value)) continue;
    const change = { value, logRatio: distribution.logDensity(value) - node.logDensity };
    const rerun = new Rerun(execution, at, change, null, true);
    const particle = walk.take();
    particle.resume(node);
    particle.source = rerun;
    particle.logWeight = 0;
    const candidate = { particle, rerun, status: walk.run(particle) };
    candidates.push(candidate);
    if (isOther(candidate, execution)) {
      giveBack();
      return null;
    }
  }
  for (;;) {
    const waiting = candidates.filter(({ status }) => status === Status.Waiting);
    if (waiting.length === 0) break;
    yield waiting.map(({ particle }) => particle);
    for (const candidate of waiting) candidate.status = walk.run(candidate.particle);
  }
  if (candidates.some((candidate) => isOther(candidate, execution))) {
    giveBack();
    return null;
  }
  walk.proposed++;
  walk.accepted++;
  // Relative to the current value, which comes last.
  const logWeights = candidates.map(({ particle, rerun, status }) =>
    status === Status.Dead
      ? -Infinity
      : rerun.logRatioOf() + logTarget(particle, walk.beta) - logTarget(execution, walk.beta),
  );
  const max = Math.max(0, ...logWeights);
  const weights = [...logWeights, 0].map((w) => Math.exp(w - max));
  const drawn = walk.random.categorical(weights);
  let next = execution;
  candidates.forEach(({ particle }, i) => {
    if (i === drawn) next = walk.execution(particle, execution, at);
    else walk.give(particle);
  });
  return next;
}

/** True when the candidate is known to have other choices than the execution, or draws. */
function isOther({ particle, rerun, status }: Candidate, execution: Execution): boolean {
  if (rerun.redrew) return true;
  return status !== Status.Dead && status !== Status.Waiting && particle.journal!.length !== execution.length;
}
