import type { JournalNode } from "../../machine/journal.js";
import { standardNormal } from "../../distributions/samplers.js";
import type { RandomSource } from "../../random/source.js";
import { constrain, shapeOf, unconstrain } from "../gradients/coordinates.js";
import { through, type Kernel } from "./kernel.js";
import { metropolis, uniformPick } from "./metropolis.js";
import type { Change } from "./rerun.js";
import { changeOne, pick } from "./single-site.js";
import type { Walk } from "./walk.js";

/** A step of the random walk in one coordinate, in units of the scale. Its law must be symmetric about zero. */
export type Noise = (random: RandomSource) => number;

/**
 * A choice picked uniformly moves a little if it is continuous: a random walk in unconstrained coordinates (see
 * `gradients/coordinates.ts`) with the Jacobian in the ratio, at a scale of its site that is learnt in burn-in and fixed
 * after. A discrete choice is drawn again as in `single`. The rest keeps its values where it can.
 */
export function drift(noise: Noise = standardNormal): Kernel {
  return {
    name: "drift",
    *step(execution, walk) {
      if (execution.length === 0) return execution;
      const from = pick(execution, walk);
      const node = execution.nodes[from]!;
      const moved = move(node, walk, noise);
      if (moved === null) return yield* through(changeOne(execution, walk, from));
      const { dimensions, change } = moved;
      if (change.logRatio === -Infinity) walk.proposed++;
      const next =
        change.logRatio === -Infinity
          ? execution
          : yield* through(metropolis(execution, walk, { from, change, redraws: null, logPick: uniformPick }));
      if (walk.adapting) walk.scales.learn(node.site, dimensions, next !== execution);
      return next;
    },
  };
}

/** A random walk of a choice; null when it is not continuous, or is at a place that has no coordinates. */
export function move(
  { site, distribution, value, logDensity }: JournalNode,
  walk: Walk,
  noise: Noise,
): { readonly dimensions: number; readonly change: Change } | null {
  if (distribution === null) return null;
  const { support } = distribution;
  const shape = shapeOf(support);
  if (shape === null || shape.count === 0) return null;
  const from = unconstrain(shape, support, value);
  const scale = walk.scales.at(site);
  const here = constrain(shape, support, from);
  const there = constrain(
    shape,
    support,
    from.map((u) => u + scale * noise(walk.random)),
  );
  const stretch = (there.logJacobian as number) - (here.logJacobian as number);
  const logRatio = distribution.logDensity(there.value) - logDensity + stretch;
  return { dimensions: shape.count, change: { value: there.value, logRatio } };
}
