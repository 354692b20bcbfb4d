import {
  LogWeights,
  Population,
  Posterior,
  resamplers,
  Status,
  type Environment,
  type Method,
  type ResamplingScheme,
  type Target,
} from "@pgl/runtime";

/** The places where a sequential Monte Carlo can be changed, and go wrong. */
export interface Variation {
  readonly scheme?: ResamplingScheme;
  /** After which steps it resamples; all by default. */
  readonly resampleAt?: (step: number) => boolean;
  readonly afterResample?: (population: Population, steering: Float64Array) => void;
  readonly afterAdvance?: (population: Population) => void;
  /** The log-weights that the answer is made of. */
  readonly final?: (population: Population) => Float64Array;
  /** log Ẑ. */
  readonly evidence?: (final: LogWeights) => number;
}

/** Sequential Monte Carlo of the runtime's own blocks, with something done to it. */
export function blockSmc(variation: Variation, particles = 2): Method {
  const scheme = variation.scheme ?? resamplers.multinomial;
  return {
    name: "block smc",
    guarantee: "unbiased",
    options: {},
    async run<R>(program: Target<R>, environment: Environment): Promise<Posterior<R>> {
      const population = Population.spawn(program, particles, environment, environment.random.split(1));
      while (!population.finished) {
        await population.advance();
        variation.afterAdvance?.(population);
        const steering = population.steeringWeights();
        if (
          !population.finished &&
          (variation.resampleAt?.(population.step) ?? true) &&
          new LogWeights(steering).ess() > 0
        ) {
          population.resample(scheme, steering, environment.random.split(2).split(population.step));
          variation.afterResample?.(population, steering);
        }
      }
      const final = new LogWeights(
        variation.final?.(population) ?? Float64Array.from(population.particles, (p) => p.logWeight),
      );
      const normalised = final.normalized();
      const samples = population.particles.flatMap((p, i) =>
        population.status[i] === Status.Done ? [{ value: p.value as R, weight: normalised[i]!, trace: null }] : [],
      );
      const logZ = variation.evidence?.(final) ?? final.logMean();
      const diagnostics = {
        ess: 0,
        history: [],
        distinctAncestors: null,
        chains: null,
        unvisitedMass: 0,
        executions: particles,
        partial: false,
        warnings: [],
      };
      return new Posterior(samples, { estimate: logZ, stderr: null, exact: false }, diagnostics, {
        name: "block smc",
        guarantee: "",
        options: {},
      });
    },
  };
}
