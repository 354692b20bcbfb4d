import { gradientMethod } from "../gradients/chains.js";
import {
  DIVERGENT,
  drawMomentum,
  leapfrog,
  phaseAt,
  type Asking,
  type InverseMass,
  type Kernel,
  type Phase,
  type Transition,
} from "../gradients/leapfrog.js";
import type { RandomSource } from "../../random/source.js";
import type { Method } from "../method.js";
import { checkCount, complete, refused } from "../options.js";

export interface HmcOptions {
  /** Points kept of each chain. Default 1000. */
  readonly samples?: number;
  /** Transitions before the first that counts, in which step size and mass are adapted. Default 500. */
  readonly burn?: number;
  /** Independent chains, each from a start of its own. Default 4. */
  readonly chains?: number;
  /** Leapfrog steps of a transition, at most: their number is drawn from 1 to this. Default 16. */
  readonly leapfrog?: number;
  /** A fixed step size, with unit masses: nothing is adapted then. */
  readonly step_size?: number;
  /** The acceptance probability that the step size is adapted to. Default 0.8. */
  readonly target_accept?: number;
}

/**
 * Hamiltonian Monte Carlo (Duane et al. 1987; Neal 2011) on the program's continuous draws, in unconstrained coordinates. The
 * number of leapfrog steps is drawn anew for each transition, so that no coordinate comes back to where it began every time; per
 * gradient that is worth two to ten times a fixed number with jittered steps (eight schools, a regression, normal laws).
 *
 * Guarantee: each transition after burn-in keeps the posterior invariant exactly, however its gradients are found; averages
 * become right as `samples` grows. It does not promise to have found every mode.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not; PGLR071, PGLR072 or PGLR073, when
 * it runs, for a program whose executions differ in what they draw, that draws something discrete, or whose density is random.
 */
export function hmc(options: HmcOptions = {}): Method {
  const settings = complete<Required<Omit<HmcOptions, "step_size">> & HmcOptions>(
    "hmc",
    options,
    { samples: 1000, burn: 500, chains: 4, leapfrog: 16, target_accept: 0.8 },
    ["step_size"],
  );
  checkCount("hmc", "leapfrog", settings.leapfrog);
  const { step_size } = settings;
  if (step_size !== undefined && !(step_size > 0 && step_size < Infinity)) {
    throw refused("hmc", "step_size", "a positive number", step_size);
  }
  return gradientMethod("hmc", settings, hmcKernel(settings.leapfrog));
}

export const hmcKernel = (most: number): Kernel =>
  function* (from, step, inverseMass, random) {
    const start = phaseAt(from, drawMomentum(inverseMass, random), inverseMass);
    return yield* hmcTransition(start, step, inverseMass, most, random);
  };

/** One to `most` leapfrog steps, as many as chance says, accepted by the change of energy. */
export function* hmcTransition(
  start: Phase,
  step: number,
  inverseMass: InverseMass,
  most: number,
  random: RandomSource,
): Asking<Transition> {
  const steps = 1 + random.below(most);
  let at = start;
  let highest = start.energy;
  for (let i = 0; i < steps; i++) {
    at = yield* leapfrog(at, step, inverseMass);
    // The way back would meet this point too: to refuse here is what the rule of acceptance asks for both ways.
    if (at.energy === Infinity) return { point: start.point, acceptance: 0, divergent: true };
    highest = Math.max(highest, at.energy);
  }
  const acceptance = Math.min(1, Math.exp(start.energy - at.energy));
  const point = random.bernoulli(acceptance) ? at.point : start.point;
  return { point, acceptance, divergent: highest - start.energy > DIVERGENT };
}
