import { standardNormal } from "../../distributions/samplers.js";
import type { RandomSource } from "../../random/source.js";
import type { Point } from "./log-joint.js";

/** A computation that asks for points at positions, one at a time. */
export type Asking<T> = Generator<Float64Array, T, Point>;

/** A place in phase space. */
export interface Phase {
  readonly point: Point;
  readonly momentum: Float64Array;
  /** −log joint + kinetic energy, in nats; ∞ where there is no density. */
  readonly energy: number;
}

/** Of a diagonal mass matrix its inverse: about the posterior variance of each coordinate. */
export type InverseMass = Float64Array;

/** Momentum from normal(0, mass). */
export function drawMomentum(inverseMass: InverseMass, random: RandomSource): Float64Array {
  return inverseMass.map((variance) => standardNormal(random) / Math.sqrt(variance));
}

export function phaseAt(point: Point, momentum: Float64Array, inverseMass: InverseMass): Phase {
  let kinetic = 0;
  for (let i = 0; i < momentum.length; i++) kinetic += 0.5 * inverseMass[i]! * momentum[i]! * momentum[i]!;
  const energy = kinetic - point.logJoint;
  return { point, momentum, energy: energy === energy ? energy : Infinity };
}

/**
 * One leapfrog step (Neal, MCMC using Hamiltonian dynamics, 2011, eqs. 5.18–5.20); `step` < 0 goes back. Each of its three parts
 * moves one half of phase space by a function of the other: it keeps volume exactly, and a step back undoes it, whatever
 * the field `gradient` is. If that is the gradient of the log joint, the energy's error is O(step²).
 */
export function* leapfrog(from: Phase, step: number, inverseMass: InverseMass): Asking<Phase> {
  const { position, gradient } = from.point;
  const n = position.length;
  const momentum = new Float64Array(n);
  const moved = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    momentum[i] = from.momentum[i]! + 0.5 * step * gradient[i]!;
    moved[i] = position[i]! + step * inverseMass[i]! * momentum[i]!;
  }
  const point = yield moved;
  for (let i = 0; i < n; i++) momentum[i]! += 0.5 * step * point.gradient[i]!;
  return phaseAt(point, momentum, inverseMass);
}

/** What one transition of a chain gives. */
export interface Transition {
  readonly point: Point;
  /** Average acceptance probability along the way, in [0, 1]: what the step size is adapted to. */
  readonly acceptance: number;
  readonly divergent: boolean;
}

/** A Markov kernel that keeps the density of points invariant, for every step size and mass. */
export type Kernel = (from: Point, step: number, inverseMass: InverseMass, random: RandomSource) => Asking<Transition>;

/** Differences of energy, in nats, above which a trajectory has left the one it should follow. */
export const DIVERGENT = 1000;
