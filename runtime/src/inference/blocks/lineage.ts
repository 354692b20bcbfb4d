import type { Particle } from "../../machine/particle.js";
import type { Status } from "./forward.js";

/**
 * A particle as it was at a checkpoint, and the checkpoints before: what the reference of a conditional sequential Monte
 * Carlo is made of. Particles with a past in common share it.
 */
export interface Checkpoint {
  /** A fork, which never runs itself. Its twist is the one that holds here; its weight means nothing. */
  readonly state: Particle;
  readonly status: Status;
  /** What the step up to here has added to the log of the target weight, in nats. */
  readonly increment: number;
  readonly previous: Checkpoint | null;
}

/** The states of one execution, checkpoint by checkpoint, the oldest first. The last one has finished. */
export type ReferencePath = readonly Checkpoint[];

/** The checkpoints up to this one, the oldest first. */
export function pathTo(last: Checkpoint): ReferencePath {
  const path: Checkpoint[] = [];
  for (let at: Checkpoint | null = last; at !== null; at = at.previous) path.push(at);
  return path.reverse();
}

/** log of the target weight at the end of a path (nats), with no resampling in it. */
export function logWeightOf(path: ReferencePath): number {
  let sum = 0;
  for (const { increment } of path) sum += increment;
  return sum;
}
