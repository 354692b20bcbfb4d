import type { Asking } from "../../../src/inference/gradients/leapfrog.js";
import type { Point } from "../../../src/inference/gradients/log-joint.js";

/** A log-density with its gradient, written by hand. */
export interface Density {
  readonly dimension: number;
  logJoint(x: Float64Array): number;
  gradient(x: Float64Array): Float64Array;
}

export const pointAt = (density: Density, position: Float64Array): Point => ({
  position,
  logJoint: density.logJoint(position),
  gradient: density.gradient(position),
});

/** Runs a computation, giving it the points it asks for. */
export function answered<T>(asking: Asking<T>, density: Density): T {
  let next = asking.next();
  while (next.done !== true) next = asking.next(pointAt(density, next.value));
  return next.value;
}

/** exp(−Σ cosh xᵢ) with a coupling: smooth, convex, no Gaussian. */
export const coshes: Density = {
  dimension: 3,
  logJoint: ([a, b, c]) => -(Math.cosh(a!) + Math.cosh(b! - 0.5 * a!) + Math.cosh(0.7 * c! + 0.3 * b!)),
  gradient: ([a, b, c]) => {
    const [u, v, w] = [Math.sinh(a!), Math.sinh(b! - 0.5 * a!), Math.sinh(0.7 * c! + 0.3 * b!)];
    return Float64Array.of(-u + 0.5 * v, -v - 0.3 * w, -0.7 * w);
  },
};

/** A normal density with correlation. */
export const tilted: Density = {
  dimension: 2,
  logJoint: ([x, y]) => (-0.5 * (x! * x! - 1.2 * x! * y! + y! * y!)) / 0.64,
  gradient: ([x, y]) => Float64Array.of(-(x! - 0.6 * y!) / 0.64, -(y! - 0.6 * x!) / 0.64),
};
