import { Chains, type ChainSettings } from "../kernels/chains.js";
import type { Kernel } from "../kernels/kernel.js";
import { kernelNamed, type KernelName } from "../kernels/named.js";
import { runChains } from "../kernels/run-chains.js";
import type { Method } from "../method.js";
import { checkCount, checkFromZero, complete } from "../options.js";

export interface MhOptions {
  /** Values kept of each chain. Default 1000. */
  readonly samples?: number;
  /** Steps before the first that counts; kernels adapt in them. Default half of `samples`. */
  readonly burn?: number;
  /** Steps from one kept value to the next. Default 1. */
  readonly thin?: number;
  /** Independent chains, each from a start of its own. Default 4. */
  readonly chains?: number;
  /** What a step does, by name or as an object of one's own. Default `single`. */
  readonly kernel?: KernelName | Kernel;
  /** Names of the draws that the kernel `block` draws again together. */
  readonly sites?: readonly string[];
}

type Settings = Required<Omit<MhOptions, "sites" | "kernel">> &
  Pick<MhOptions, "sites"> & { readonly kernel: KernelName | Kernel };

/**
 * Trace Metropolis–Hastings: Markov chains on the executions of the program, that start from the prior and run side by side.
 *
 * Consistent: every kernel leaves the posterior of executions invariant, exactly, whatever the program draws; that the chains
 * reach all of it (and how soon) depends on the kernel and the program. The draws depend on each other; log Z is not
 * estimated. R-hat and ESS tell when chains disagree, and cannot tell when they all miss the same part.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not; PGLR083 for a kernel without
 * the sites it needs.
 */
export function mh(options: MhOptions = {}): Method {
  const settings = complete<Settings>("mh", options, { ...chainDefaults(options), chains: 4, kernel: "single" }, [
    "sites",
  ]);
  checkChains("mh", settings);
  const kernel = kernelNamed("mh", settings.kernel, settings.sites);
  return chainMethod("mh", settings, { ...settings, kernel: kernel.name }, kernel);
}

export const chainDefaults = ({ samples = 1000 }: { readonly samples?: number }): ChainSettings => ({
  samples,
  burn: Math.floor(samples / 2),
  thin: 1,
});

/** @throws MethodError PGLR030 for counts that are none. */
export function checkChains(method: string, settings: ChainSettings & { readonly chains?: number }): void {
  checkCount(method, "samples", settings.samples);
  checkFromZero(method, "burn", settings.burn);
  checkCount(method, "thin", settings.thin);
  if (settings.chains !== undefined) checkCount(method, "chains", settings.chains);
}

/** The method that runs independent chains of a kernel. */
export function chainMethod(
  name: string,
  settings: ChainSettings & { readonly chains: number },
  described: Readonly<Record<string, unknown>>,
  kernel: Kernel,
): Method {
  const options = Object.fromEntries(Object.entries(described).filter(([, value]) => value !== undefined));
  return {
    name,
    guarantee: "consistent",
    options,
    run: (program, environment, run) => {
      const betas = new Array<number>(settings.chains).fill(1);
      const chains = new Chains(name, program, kernel, settings, environment, { betas, recorded: betas.length });
      return runChains(chains, settings, { name, guarantee: "consistent", options }, environment, run);
    },
  };
}
