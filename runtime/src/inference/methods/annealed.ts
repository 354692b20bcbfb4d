import type { Kernel } from "../kernels/kernel.js";
import { kernelNamed, type KernelName } from "../kernels/named.js";
import { Tempering } from "../kernels/tempering.js";
import type { Method } from "../method.js";
import { checkCount, checkFromZero, complete } from "../options.js";

export interface AnnealedOptions {
  /** Number of executions. Default 100. */
  readonly particles?: number;
  /** Steps of the inverse temperature from 0 to 1. Default 20; 1 is importance sampling. */
  readonly temperatures?: number;
  /** Kernel steps at each temperature. Default 1. */
  readonly moves?: number;
  /** What a move does, as in `mh`. Default `single`. */
  readonly kernel?: KernelName | Kernel;
}

type Settings = Required<AnnealedOptions>;

/**
 * Annealed importance sampling (Neal, Annealed importance sampling, Statistics and Computing 2001): independent executions
 * that are led from the prior to the posterior by moves at rising inverse temperatures (k/n)² of the factors.
 *
 * Unbiased: E[Ẑ·p̂(r)] = Z·p(r) for every number of particles, temperatures and moves, whatever the kernel reaches; how far Ẑ
 * varies depends on how well it moves.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not.
 */
export function annealed(options: AnnealedOptions = {}): Method {
  const settings = complete<Settings>("annealed", options, {
    particles: 100,
    temperatures: 20,
    moves: 1,
    kernel: "single",
  });
  checkTempering("annealed", settings);
  const kernel = kernelNamed("annealed", settings.kernel);
  const report = { name: "annealed", guarantee: "unbiased", options: { ...settings, kernel: kernel.name } } as const;
  return {
    ...report,
    run: (program, environment, run) =>
      new Tempering(program, kernel, { ...settings, resampling: null }, environment).run(report, run),
  };
}

/** @throws MethodError PGLR030 for numbers that are out of range. */
export function checkTempering(
  method: string,
  settings: { readonly particles: number; readonly temperatures: number; readonly moves: number },
): void {
  checkCount(method, "particles", settings.particles);
  checkCount(method, "temperatures", settings.temperatures);
  checkFromZero(method, "moves", settings.moves);
}
