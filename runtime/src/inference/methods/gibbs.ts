import { gibbs as gibbsKernel } from "../kernels/gibbs.js";
import type { Method } from "../method.js";
import { complete } from "../options.js";
import { chainDefaults, chainMethod, checkChains } from "./mh.js";

export interface GibbsOptions {
  /** Values kept of each chain. Default 1000. */
  readonly samples?: number;
  /** Steps before the first that counts. Default half of `samples`. */
  readonly burn?: number;
  /** Steps from one kept value to the next. Default 1. */
  readonly thin?: number;
  /** Independent chains, each from a start of its own. Default 4. */
  readonly chains?: number;
  /** Names of the draws that are enumerated; by default all that are finite. */
  readonly sites?: readonly string[];
}

type Settings = Required<Omit<GibbsOptions, "sites">> & Pick<GibbsOptions, "sites">;

/**
 * Gibbs sampling: a choice picked at random gets a value drawn given all the others, by running the program again with each
 * value it may have. Choices that are not finite, and those on which it depends what else is drawn, are drawn again by
 * single-site Metropolis–Hastings instead. What it promises, and what not, is as for `mh`.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not.
 */
export function gibbs(options: GibbsOptions = {}): Method {
  const settings = complete<Settings>("gibbs", options, { ...chainDefaults(options), chains: 4 }, ["sites"]);
  checkChains("gibbs", settings);
  return chainMethod("gibbs", settings, { ...settings }, gibbsKernel(settings.sites ?? null));
}
