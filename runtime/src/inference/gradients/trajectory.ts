import type { RandomSource } from "../../random/source.js";
import { DIVERGENT, leapfrog, type Asking, type InverseMass, type Phase, type Transition } from "./leapfrog.js";
import type { Point } from "./log-joint.js";

/** A stretch of a trajectory, and the point chosen from it with probability in proportion to exp(−energy). */
interface Stretch {
  /** The ends, in the direction it was made in. */
  readonly first: Phase;
  readonly last: Phase;
  /** Sum of its momenta. */
  readonly momenta: Float64Array;
  /** log Σ exp(−energy), relative to where the transition began. */
  readonly logWeight: number;
  readonly chosen: Point;
  readonly lowest: number;
  readonly highest: number;
}

/** What a transition has seen, for the step size. */
interface Seen {
  acceptance: number;
  points: number;
  divergent: boolean;
}

/**
 * A transition from a point and its momentum: the trajectory is doubled, forwards or backwards by chance, until it turns back,
 * and a point of it is drawn.
 *
 * Why it is right: whether a stretch goes on (`goesOn`) is a function of the stretch and its halves alone, not of where the
 * transition began. So every point of the final trajectory would have given the same trajectory with the same probability,
 * 2^−depth, and drawing from it by weight leaves exp(−energy) invariant. The last draw prefers the newer half (Betancourt
 * 2017, A.3.2), which keeps that balance between halves. For the same reason a trajectory counts as divergent by the spread of its
 * energies, where Stan compares with the start, which is only nearly right.
 */
export function* nutsTransition(
  start: Phase,
  step: number,
  inverseMass: InverseMass,
  maxDepth: number,
  random: RandomSource,
): Asking<Transition> {
  const seen: Seen = { acceptance: 0, points: 0, divergent: false };
  const grow = new Growing(start.energy, step, inverseMass, random, seen);
  let whole: Stretch = grow.single(start);
  for (let depth = 0; depth < maxDepth; depth++) {
    const forwards = random.bernoulli(0.5);
    // Seen in the direction in which it is to grow; `first` and `last` are forwards between the doublings.
    const near = forwards ? whole : reversed(whole);
    const far = yield* grow.stretch(depth, near.last, forwards ? 1 : -1);
    if (far === null) break;
    const moves = random.bernoulli(Math.min(1, Math.exp(far.logWeight - near.logWeight)));
    const joined = joinedWith(near, far, moves);
    whole = forwards ? joined : reversed(joined);
    if (!grow.goesOn(near, far, joined)) break;
  }
  return { point: whole.chosen, acceptance: seen.acceptance / seen.points, divergent: seen.divergent };
}

class Growing {
  constructor(
    private readonly energy: number,
    private readonly step: number,
    private readonly inverseMass: InverseMass,
    private readonly random: RandomSource,
    private readonly seen: Seen,
  ) {}

  single(phase: Phase): Stretch {
    const { energy, momentum, point } = phase;
    return {
      first: phase,
      last: phase,
      momenta: momentum,
      logWeight: this.energy - energy,
      chosen: point,
      lowest: energy,
      highest: energy,
    };
  }

  /** 2^depth more points beyond `from`; null when a stretch of them does not go on. */
  *stretch(depth: number, from: Phase, direction: 1 | -1): Asking<Stretch | null> {
    if (depth === 0) {
      const phase = yield* leapfrog(from, direction * this.step, this.inverseMass);
      this.seen.points++;
      this.seen.acceptance += Math.min(1, Math.exp(this.energy - phase.energy));
      if (phase.energy === Infinity) {
        this.seen.divergent = true;
        return null;
      }
      return this.single(phase);
    }
    const near = yield* this.stretch(depth - 1, from, direction);
    if (near === null) return null;
    const far = yield* this.stretch(depth - 1, near.last, direction);
    if (far === null) return null;
    const share = 1 / (1 + Math.exp(near.logWeight - far.logWeight));
    const joined = joinedWith(near, far, this.random.bernoulli(share));
    return this.goesOn(near, far, joined) ? joined : null;
  }

  /**
   * Neither turning back, as a whole or across its middle, nor divergent. The second pair of tests finds turns that begin
   * between the halves, which the ends of a trajectory that has come full circle do not show.
   */
  goesOn(near: Stretch, far: Stretch, joined: Stretch): boolean {
    if (joined.highest - joined.lowest > DIVERGENT) {
      this.seen.divergent = true;
      return false;
    }
    return (
      this.opens(joined.first, joined.last, joined.momenta) &&
      this.opens(near.first, far.first, added(near.momenta, far.first.momentum)) &&
      this.opens(near.last, far.last, added(far.momenta, near.last.momentum))
    );
  }

  /** Do the velocities at both ends still point the way of the momentum between them? */
  private opens(a: Phase, b: Phase, momenta: Float64Array): boolean {
    let atA = 0;
    let atB = 0;
    for (let i = 0; i < momenta.length; i++) {
      const along = this.inverseMass[i]! * momenta[i]!;
      atA += a.momentum[i]! * along;
      atB += b.momentum[i]! * along;
    }
    return atA > 0 && atB > 0;
  }
}

/** Both, one after the other; the chosen point is the second's if `second`. */
function joinedWith(near: Stretch, far: Stretch, second: boolean): Stretch {
  const larger = Math.max(near.logWeight, far.logWeight);
  return {
    first: near.first,
    last: far.last,
    momenta: added(near.momenta, far.momenta),
    logWeight: larger + Math.log(Math.exp(near.logWeight - larger) + Math.exp(far.logWeight - larger)),
    chosen: second ? far.chosen : near.chosen,
    lowest: Math.min(near.lowest, far.lowest),
    highest: Math.max(near.highest, far.highest),
  };
}

const reversed = (stretch: Stretch): Stretch => ({ ...stretch, first: stretch.last, last: stretch.first });

const added = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => x + b[i]!);
