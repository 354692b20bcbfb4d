import type { Execution } from "../blocks/execution.js";
import type { Kernel, Next } from "./kernel.js";
import { metropolis, redrawn, uniformPick } from "./metropolis.js";
import { redrawAll } from "./rerun.js";
import type { Walk } from "./walk.js";

/**
 * Single-site trace Metropolis–Hastings: a choice picked uniformly among the n of the execution is drawn again, from its own
 * distribution or the program's proposal; what comes after keeps its values where it can. The number of choices may change:
 * n/n′ is in the ratio.
 *
 * Invariant for every program. Irreducible where any execution can be reached by changing one choice at a time through
 * executions of positive weight; hard conditions that tie choices together can break that, and so can supports that depend
 * on other choices: then use `suffix`, or a kernel that moves them together.
 */
export const single: Kernel = {
  name: "single",
  step(execution, walk) {
    return execution.length === 0 ? execution : changeOne(execution, walk, pick(execution, walk));
  },
};

/**
 * Everything from a choice on, picked uniformly, is drawn again. Irreducible on every program, because the first choice may
 * be picked; and as an independence sampler is, slow where the factors are many.
 */
export const suffix: Kernel = {
  name: "suffix",
  step(execution, walk) {
    if (execution.length === 0) return execution;
    const from = pick(execution, walk);
    return metropolis(execution, walk, { from, change: null, redraws: redrawAll, logPick: uniformPick });
  },
};

/**
 * The whole execution is drawn again: the independence sampler whose proposal is the program. Irreducible on every program;
 * it is uniformly ergodic when the weights are bounded.
 */
export const prior: Kernel = {
  name: "prior",
  step: (execution, walk) => metropolis(execution, walk, { from: -1, change: null, redraws: redrawAll, logPick: null }),
};

/**
 * All draws with one of these names (those of the parts of a text of that name too) are drawn again at once, the others keep
 * their values where they can. An execution without such a draw stays as it is.
 */
export function block(sites: readonly string[]): Kernel {
  const names = new Set(sites);
  return {
    name: "block",
    step(execution, walk) {
      const from = execution.nodes.findIndex((node) => names.has(node.site.name));
      if (from < 0) return execution;
      const redraws = (site: { readonly name: string }): boolean => names.has(site.name);
      return metropolis(execution, walk, { from, change: null, redraws, logPick: null });
    },
  };
}

/** A place, picked uniformly. */
export const pick = (execution: Execution, walk: Walk): number =>
  execution.length === 1 ? 0 : walk.random.below(execution.length);

/** Draws the choice at `from`, which was picked uniformly, again. */
export function changeOne(execution: Execution, walk: Walk, from: number): Next {
  const node = execution.nodes[from]!;
  const change = redrawn(node, walk);
  if (change !== null) {
    // The rest would be what it is.
    const same = change.value === node.value && execution.lastAnswer < from;
    if (same || change.logRatio === -Infinity) {
      walk.proposed++;
      if (same) walk.accepted++;
      return execution;
    }
  }
  return metropolis(execution, walk, { from, change, redraws: null, logPick: uniformPick });
}
