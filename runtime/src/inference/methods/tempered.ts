import type { ResamplerName } from "../../weights/index.js";
import { checkShare, schemeNamed } from "../blocks/sequential.js";
import type { Kernel } from "../kernels/kernel.js";
import { kernelNamed, type KernelName } from "../kernels/named.js";
import { Tempering } from "../kernels/tempering.js";
import type { Method } from "../method.js";
import { complete } from "../options.js";
import { checkTempering } from "./annealed.js";

export interface TemperedOptions {
  /** Number of particles. Default 100. */
  readonly particles?: number;
  /** Steps of the inverse temperature from 0 to 1. Default 20. */
  readonly temperatures?: number;
  /** Kernel steps of each particle at each temperature. Default 1. */
  readonly moves?: number;
  /** What a move does, as in `mh`. Default `single`. */
  readonly kernel?: KernelName | Kernel;
  /** Resample when ESS falls below this share of the particles; 0 never. Default 0.5. */
  readonly ess?: number;
  /** Resampling scheme; `systematic` by default. */
  readonly resampler?: ResamplerName;
}

type Settings = Required<TemperedOptions>;

/**
 * A sequential Monte Carlo sampler over inverse temperatures (Del Moral, Doucet & Jasra, Sequential Monte Carlo samplers,
 * JRSS B 2006): as `annealed`, but particles of little weight are replaced by resampling on the way.
 *
 * Unbiased: E[Ẑ·p̂(r)] = Z·p(r) for every number of particles, temperatures and moves, and every resampling scheme.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not.
 */
export function tempered(options: TemperedOptions = {}): Method {
  const settings = complete<Settings>("tempered", options, {
    particles: 100,
    temperatures: 20,
    moves: 1,
    kernel: "single",
    ess: 0.5,
    resampler: "systematic",
  });
  checkTempering("tempered", settings);
  checkShare("tempered", settings.ess);
  const kernel = kernelNamed("tempered", settings.kernel);
  const resampling = { scheme: schemeNamed("tempered", settings.resampler), ess: settings.ess };
  const report = { name: "tempered", guarantee: "unbiased", options: { ...settings, kernel: kernel.name } } as const;
  return {
    ...report,
    run: (program, environment, run) =>
      new Tempering(program, kernel, { ...settings, resampling }, environment).run(report, run),
  };
}
