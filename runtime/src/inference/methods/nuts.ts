import { gradientMethod } from "../gradients/chains.js";
import { drawMomentum, phaseAt, type Kernel } from "../gradients/leapfrog.js";
import { nutsTransition } from "../gradients/trajectory.js";
import type { Method } from "../method.js";
import { checkCount, complete, refused } from "../options.js";

export interface NutsOptions {
  /** Points kept of each chain. Default 1000. */
  readonly samples?: number;
  /** Transitions before the first that counts, in which step size and mass are adapted. Default 500. */
  readonly burn?: number;
  /** Independent chains, each from a start of its own. Default 4. */
  readonly chains?: number;
  /** Doublings of a trajectory at most: it has up to 2^max_depth − 1 leapfrog steps. Default 10. */
  readonly max_depth?: number;
  /** The acceptance probability that the step size is adapted to. Default 0.8. */
  readonly target_accept?: number;
}

/** Doublings beyond which a transition would not end. */
const DEEPEST = 20;

/**
 * The No-U-Turn sampler: Hamiltonian Monte Carlo whose trajectories end when they turn back, so that there is no length to
 * choose (Hoffman & Gelman 2014; multinomial sampling and the generalised criterion of Betancourt 2017, arXiv 1701.02434).
 *
 * Guarantee: as `hmc`.
 *
 * @throws MethodError as `hmc`.
 */
export function nuts(options: NutsOptions = {}): Method {
  const settings = complete<Required<NutsOptions>>("nuts", options, {
    samples: 1000,
    burn: 500,
    chains: 4,
    max_depth: 10,
    target_accept: 0.8,
  });
  checkCount("nuts", "max_depth", settings.max_depth);
  if (settings.max_depth > DEEPEST) throw refused("nuts", "max_depth", `at most ${DEEPEST}`, settings.max_depth);
  return gradientMethod("nuts", settings, nutsKernel(settings.max_depth));
}

export const nutsKernel = (maxDepth: number): Kernel =>
  function* (from, step, inverseMass, random) {
    const start = phaseAt(from, drawMomentum(inverseMass, random), inverseMass);
    return yield* nutsTransition(start, step, inverseMass, maxDepth, random);
  };
