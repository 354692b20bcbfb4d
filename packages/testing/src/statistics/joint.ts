import { kolmogorovSmirnovProbability, seeded, type RandomSource } from "@pgl/runtime";
import { LawError } from "../laws/difference.js";
import { twoSampleDistance } from "./two-sample.js";

export interface JointTestOptions<P, D> {
  /** Draws parameters from the prior. */
  readonly prior: (random: RandomSource) => P;
  /** Draws data given parameters. */
  readonly data: (parameters: P, random: RandomSource) => D;
  /** One step of a kernel that should leave the posterior of the parameters given the data invariant. */
  readonly kernel: (parameters: P, data: D, random: RandomSource) => P | Promise<P>;
  /** Numbers to compare, of parameters and data together: statistics of both see the most. */
  readonly statistics: Readonly<Record<string, (parameters: P, data: D) => number>>;
  /** Rounds of a kernel step and new data. Default 10. */
  readonly rounds?: number;
  /** Independent runs. Default 1000. */
  readonly runs?: number;
  readonly seed?: number;
  /** How often a right kernel fails, all statistics together. Default 1e-3. */
  readonly falseAlarmRate?: number;
}

/**
 * Throws unless a kernel keeps the joint law of parameters and data, as far as its statistics show (Geweke, Getting it right:
 * joint distribution tests of posterior simulators, JASA 2004): from an exact draw of both, `rounds` kernel steps given
 * the data, and new data given the parameters between them. A right kernel ends where it began, in law; that is compared, over
 * independent runs, with other exact draws, by the two-sample Kolmogorov–Smirnov test. There is no chain whose correlation
 * would have to be estimated, so the false-alarm rate is what it says (less where a statistic takes few values).
 *
 * @throws LawError naming the statistic that differs most.
 */
export async function expectJointInvariance<P, D>(options: JointTestOptions<P, D>): Promise<void> {
  const { prior, data, kernel, statistics, rounds = 10, runs = 1000, seed = 1, falseAlarmRate = 1e-3 } = options;
  const random = seeded(seed);
  const names = Object.keys(statistics);
  const before = new Map(names.map((name) => [name, [] as number[]]));
  const after = new Map(names.map((name) => [name, [] as number[]]));
  for (let run = 0; run < runs; run++) {
    const exact = random.split(1).split(run);
    const other = prior(exact.split(1));
    const otherData = data(other, exact.split(2));
    const moving = random.split(2).split(run);
    let parameters = prior(moving.split(1));
    let current = data(parameters, moving.split(2));
    for (let round = 0; round < rounds; round++) {
      // The last step is looked at together with the data it was given.
      if (round > 0) current = data(parameters, moving.split(4).split(round));
      parameters = await kernel(parameters, current, moving.split(3).split(round));
    }
    for (const name of names) {
      before.get(name)!.push(statistics[name]!(other, otherData));
      after.get(name)!.push(statistics[name]!(parameters, current));
    }
  }
  let worst = { name: "", probability: 1, distance: 0 };
  for (const name of names) {
    const distance = twoSampleDistance(before.get(name)!, after.get(name)!);
    // Two samples of n differ as one of n/2 differs from its law.
    const probability = kolmogorovSmirnovProbability(distance, runs / 2);
    if (probability < worst.probability) worst = { name, probability, distance };
  }
  if (worst.probability >= falseAlarmRate / names.length) return;
  throw new LawError(
    `The kernel does not keep the joint law: after ${rounds} rounds, \`${worst.name}\` differs by ${worst.distance.toPrecision(3)} (probability ${worst.probability.toExponential(1)} for a right kernel; false-alarm rate ${falseAlarmRate}).`,
  );
}
