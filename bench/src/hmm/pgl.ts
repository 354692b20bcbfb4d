import { compile, infer, smc, type Model } from "@pgl/core";
import type { Hmm } from "./model.js";

/** The model as a PGL program. */
export const program = ({ transition, emission }: Hmm): string => `
const transition = ${JSON.stringify(transition)}
const emission = ${JSON.stringify(emission)}

model hmm(observations: list<int>): int {
  var state = 0
  for y in observations {
    state = sample categorical(transition[state])
    observe y ~ categorical(emission[state])
  }
  return state
}
`;

export interface HmmRun {
  readonly particles: number;
  /** Share of the particles below which the ESS makes the run resample; 1: at every step. */
  readonly ess: number;
  readonly resampler?: "systematic" | "residual";
  readonly seed: number;
}

/** Compiles the model; each call of the result is one run and gives log Ẑ. */
export async function pglHmm(model: Hmm): Promise<(run: HmmRun) => Promise<number>> {
  const compiled = await compile.source(program(model), { file: "hmm.pgl" });
  const hmm: Model = compiled["hmm"]!;
  return async ({ seed, ...options }) => {
    const posterior = await infer(hmm, [model.observations], smc(options), { seed });
    return posterior.logZ.estimate!;
  };
}
