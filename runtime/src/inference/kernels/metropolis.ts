import type { Distribution } from "../../distributions/distribution.js";
import type { JournalNode } from "../../machine/journal.js";
import type { Particle } from "../../machine/particle.js";
import type { Execution } from "../blocks/execution.js";
import { Status } from "../blocks/forward.js";
import type { Next, Steps } from "./kernel.js";
import { Rerun, type Change, type Redraws } from "./rerun.js";
import type { Walk } from "./walk.js";

/** What a Metropolis–Hastings step proposes. */
export interface Proposal {
  /** The choice from which on the execution is run again; −1 from the program's beginning. */
  readonly from: number;
  /** A value for that choice; null when it is drawn like those after it that are not kept. */
  readonly change: Change | null;
  readonly redraws: Redraws | null;
  /** log of the probability of picking this proposal's place in an execution of so many choices; 0 when it is no choice. */
  readonly logPick: ((length: number) => number) | null;
}

/** The places of an execution are picked with equal probability. */
export const uniformPick = (length: number): number => -Math.log(length);

/**
 * A step of Metropolis and Hastings: proposes, and accepts with probability min(1, ratio). The ratio is that of `Rerun`, of
 * the factors at the walk's temperature and of the probabilities of picking the same place from both ends (Wingate,
 * Stuhlmüller & Goodman, Lightweight implementations of probabilistic programming languages, AISTATS 2011; with the terms for
 * choices that appear and disappear as in Kiselyov's correction, Problems of the lightweight implementation, 2016).
 */
export function metropolis(execution: Execution, walk: Walk, proposal: Proposal): Next {
  walk.proposed++;
  const { from, change, redraws } = proposal;
  const rerun = new Rerun(execution, from, change, redraws);
  const particle = from < 0 ? walk.begin() : resumed(walk, execution.nodes[from]!);
  particle.source = rerun;
  particle.logWeight = 0;
  const recorded = walk.ledger.length;
  const status = walk.run(particle);
  if (status === Status.Waiting) return waiting(execution, walk, proposal, rerun, particle);
  const next = decided(execution, walk, proposal, rerun, particle, status);
  // Nobody else has recorded since.
  if (next === execution) walk.ledger.forget(recorded);
  return next;
}

function* waiting(
  execution: Execution,
  walk: Walk,
  proposal: Proposal,
  rerun: Rerun,
  particle: Particle,
): Steps<Execution> {
  let status: Status = Status.Waiting;
  while (status === Status.Waiting) {
    yield [particle];
    status = walk.run(particle);
  }
  return decided(execution, walk, proposal, rerun, particle, status);
}

/** Accepts or rejects what the particle has come to. */
function decided(
  execution: Execution,
  walk: Walk,
  { from, logPick }: Proposal,
  rerun: Rerun,
  particle: Particle,
  status: Status,
): Execution {
  if (status === Status.Dead) {
    walk.give(particle);
    return execution;
  }
  let logRatio = rerun.logRatioOf() + logTarget(particle, walk.beta) - logTarget(execution, walk.beta);
  if (logPick !== null) logRatio += logPick(particle.journal!.length) - logPick(execution.length);
  if (!accepts(logRatio, walk)) {
    walk.give(particle);
    return execution;
  }
  walk.accepted++;
  return walk.execution(particle, execution, Math.max(0, from));
}

/** The logarithm of what the target has beside the prior, in nats. */
export const logTarget = (of: { readonly logFactors: number; readonly logTwist: number }, beta: number): number =>
  beta * of.logFactors + of.logTwist;

function resumed(walk: Walk, node: JournalNode): Particle {
  const particle = walk.take();
  particle.resume(node);
  return particle;
}

function accepts(logRatio: number, walk: Walk): boolean {
  if (logRatio >= 0) return true;
  if (Number.isNaN(logRatio)) throw new RangeError("The acceptance ratio is not a number.");
  return walk.random.bernoulli(Math.exp(logRatio));
}

/**
 * A value for a choice, drawn as the program draws it: from its proposal if it has one. Null for an answer, which is asked
 * for again.
 */
export function redrawn(node: JournalNode, walk: Walk): Change | null {
  const { distribution, proposal } = node;
  if (distribution === null) return null;
  const value = ((proposal ?? distribution) as Distribution<unknown>).sample(walk.random);
  if (proposal === null) return { value, logRatio: 0 };
  return { value, logRatio: distribution.logDensity(value) - proposal.logDensity(value) - node.logRatio };
}
