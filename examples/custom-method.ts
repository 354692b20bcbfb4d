import { blocks, type Environment, type Method, type Target } from "@pgl/core";

/**
 * An inference method of one's own: sequential Monte Carlo that resamples at every step, whatever the weights. Every block
 * keeps the measure that the population stands for, so the method is unbiased, whatever the program.
 */
export function everyStep({ particles = 100 }: { readonly particles?: number } = {}): Method {
  const report = { name: "every_step", guarantee: "unbiased", options: { particles } } as const;
  return {
    ...report,
    async run<R>(program: Target<R>, environment: Environment) {
      const [draws, choices] = [environment.random.split(1), environment.random.split(2)];
      const population = blocks.spawn(program, particles, environment, draws);
      while (!population.finished) {
        await blocks.advance(population);
        if (!population.finished) blocks.resample(population, choices.split(population.step));
      }
      return blocks.collect<R>(population, report, environment);
    },
  };
}
