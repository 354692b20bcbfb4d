import type { Environment } from "../../machine/environment.js";
import type { RandomSource } from "../../random/source.js";
import { resamplers } from "../../weights/index.js";
import type { Execution } from "../blocks/execution.js";
import { particleGibbsKernel } from "../blocks/particle-gibbs-kernel.js";
import { Chains, type ChainSettings } from "../kernels/chains.js";
import type { Kernel } from "../kernels/kernel.js";
import { kernelNamed, type KernelName } from "../kernels/named.js";
import { runChains } from "../kernels/run-chains.js";
import type { Method } from "../method.js";
import { checkCount, complete, refused } from "../options.js";
import { chainDefaults, checkChains } from "./mh.js";

export interface ParallelTemperingOptions {
  /** Temperature of each chain, rising from 1; in place of `rungs` and `max_temperature`. */
  readonly temperatures?: readonly number[];
  /** Number of chains, at temperatures in geometric progression. Default 5. */
  readonly rungs?: number;
  /** Temperature of the last chain. Default 10. */
  readonly max_temperature?: number;
  /** Values kept, of the chain at temperature 1. Default 1000. */
  readonly samples?: number;
  /** Steps before the first that counts. Default half of `samples`. */
  readonly burn?: number;
  /** How each chain moves between exchanges. Default `mh`. */
  readonly inner?: "mh" | "particle_gibbs";
  /** What a step of `mh` does. Default `single`. */
  readonly kernel?: KernelName | Kernel;
  /** Particles of a step of `particle_gibbs`. Default 16. */
  readonly particles?: number;
}

type Settings = Required<Omit<ParallelTemperingOptions, "temperatures">> &
  Pick<ParallelTemperingOptions, "temperatures">;

/** Share of exchanges accepted below which neighbours hardly meet. */
const SELDOM = 0.05;

/**
 * Parallel tempering (Geyer 1991): chains at rising temperatures T, whose targets are `prior × exp(factors / T)`, exchange
 * their executions: after each step, neighbours (of odd and even rungs in turn) with probability
 * min(1, exp((1/Tᵢ − 1/Tⱼ)(Wⱼ − Wᵢ))), W the sum of an execution's factors. Hot chains cross what stops cold ones; the values
 * are those of the chain at temperature 1.
 *
 * Consistent: the product of the targets is invariant, exactly. A condition rules executions out at every temperature.
 *
 * With `inner: "particle_gibbs"` a chain moves by a sweep of particle Gibbs, whose weights are tempered too.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not.
 */
export function parallelTempering(options: ParallelTemperingOptions = {}): Method {
  const name = "parallel_tempering";
  const { samples, burn } = chainDefaults(options);
  const settings = complete<Settings>(
    name,
    options,
    { rungs: 5, max_temperature: 10, samples, burn, inner: "mh", kernel: "single", particles: 16 },
    ["temperatures"],
  );
  const chain: ChainSettings = { samples: settings.samples, burn: settings.burn, thin: 1 };
  checkChains(name, chain);
  checkCount(name, "particles", settings.particles, settings.inner === "particle_gibbs" ? 2 : 1);
  const betas = temperaturesOf(settings, options).map((t) => 1 / t);
  const kernel = innerKernel(settings);
  const { temperatures, rungs, max_temperature, inner } = settings;
  const ladder = temperatures === undefined ? { rungs, max_temperature } : { temperatures };
  const described = { ...ladder, samples: chain.samples, burn: chain.burn, inner, kernel: kernel.name };
  return {
    name,
    guarantee: "consistent",
    options: described,
    run: async (program, environment, run) => {
      const ladder = new Ladder(betas, environment.random.split(4));
      const chains = new Chains(name, program, kernel, chain, environment, {
        betas,
        recorded: 1,
        exchange: (executions, step) => ladder.exchange(executions, step),
      });
      const report = { name, guarantee: "consistent", options: described };
      return runChains(chains, chain, report, environment, run, () => ladder.warn(environment));
    },
  };
}

/** What moves a chain between exchanges, at whatever temperature its walk has. */
function innerKernel({ inner, kernel, particles }: Settings): Kernel {
  switch (inner) {
    case "mh":
      return kernelNamed("parallel_tempering", kernel);
    case "particle_gibbs":
      return particleGibbsKernel(particles, resamplers.systematic);
    default:
      throw refused("parallel_tempering", "inner", "mh or particle_gibbs", inner);
  }
}

function temperaturesOf(settings: Settings, given: ParallelTemperingOptions): readonly number[] {
  const { temperatures, rungs, max_temperature } = settings;
  if (temperatures === undefined) {
    checkCount("parallel_tempering", "rungs", rungs);
    if (!(max_temperature >= 1 && max_temperature < Infinity))
      throw refused("parallel_tempering", "max_temperature", "a number from 1", max_temperature);
    return Array.from({ length: rungs }, (_, r) => (rungs === 1 ? 1 : max_temperature ** (r / (rungs - 1))));
  }
  if (given.rungs !== undefined || given.max_temperature !== undefined)
    throw refused("parallel_tempering", "temperatures", "given without `rungs` and `max_temperature`", "all of them");
  const rise = temperatures.every((t, i) => t < Infinity && (i === 0 ? t === 1 : t > temperatures[i - 1]!));
  if (temperatures.length === 0 || !rise)
    throw refused(
      "parallel_tempering",
      "temperatures",
      "a list of rising numbers of which the first is 1",
      temperatures,
    );
  return temperatures;
}

/** Exchanges between neighbours. */
export class Ladder {
  private readonly tried: number[];
  private readonly accepted: number[];

  constructor(
    private readonly betas: readonly number[],
    private readonly random: RandomSource,
  ) {
    this.tried = betas.map(() => 0);
    this.accepted = betas.map(() => 0);
  }

  /** Leaves the product of the chains' targets invariant. */
  exchange(executions: Execution[], step: number): void {
    const { betas, random } = this;
    for (let low = step % 2; low + 1 < betas.length; low += 2) {
      const high = low + 1;
      const [a, b] = [executions[low]!, executions[high]!];
      const logRatio = (betas[low]! - betas[high]!) * (b.logFactors - a.logFactors);
      this.tried[low]!++;
      if (logRatio < 0 && !random.bernoulli(Math.exp(logRatio))) continue;
      this.accepted[low]!++;
      executions[low] = b;
      executions[high] = a;
    }
  }

  /** Says when two neighbours hardly ever exchange anything. */
  warn(environment: Environment): void {
    const { tried, accepted, betas } = this;
    const apart = tried.findIndex((n, i) => n >= 100 && accepted[i]! < SELDOM * n);
    if (apart < 0) return;
    const [low, high] = [1 / betas[apart]!, 1 / betas[apart + 1]!].map((t) => t.toPrecision(3));
    environment.warn({
      code: "PGLW014",
      message: `The chains at temperatures ${low} and ${high} exchanged their executions in ${accepted[apart]} of ${tried[apart]} attempts: what the hot ones find does not reach the cold one. More rungs, closer together, would help.`,
    });
  }
}
