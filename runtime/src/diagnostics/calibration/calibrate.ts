import { MethodError } from "../../errors.js";
import { RunEnvironment } from "../../inference/environment.js";
import type { Method, Target } from "../../inference/method.js";
import { checkCount } from "../../inference/options.js";
import type { RandomSource } from "../../random/source.js";
import { Given } from "./observations.js";
import { checkShape } from "./shape.js";
import { simulate, type Simulation } from "./simulate.js";
import { counts, distanceOn, statisticsOf, summaryOf } from "./statistics.js";
import { kolmogorovSmirnov, kolmogorovSmirnovProbability, standing } from "./uniformity.js";

export interface CalibrateOptions {
  /** Default 200. */
  readonly simulations?: number;
  /** Draws of each posterior. Default 100. */
  readonly draws?: number;
  /** How often a right method is called wrong. Default 0.01, over all tests together. */
  readonly falseAlarmRate?: number;
  /** See `simulate`. */
  readonly maxAttempts?: number;
  /** Called after each posterior. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Numbers in (0, 1) that are uniform when the method is right, and what is said when they are not. */
export interface CalibrationTest {
  /** The part of the result: empty for the whole value. */
  readonly statistic: string;
  /**
   * `rank`: where the true value stands among the posterior's draws (simulation-based calibration). `rank by data`: the same,
   * turned around where the data are below their middle: a posterior that does not look at the data fails it. `coverage`: how
   * many draws are nearer to a reference than the true value is (TARP), references from the prior. `coverage by data`: with
   * references chosen by the data.
   */
  readonly kind: "rank" | "rank by data" | "coverage" | "coverage by data";
  readonly values: readonly number[];
  /** Kolmogorov–Smirnov distance to the uniform law. */
  readonly distance: number;
  /** How probable so large a distance is for a right method. Of ranks: the smaller of that of place and of spread, doubled. */
  readonly probability: number;
  readonly passed: boolean;
  /** What the numbers say; empty when nothing. */
  readonly finding: string;
}

export interface Calibration {
  readonly simulations: number;
  readonly draws: number;
  /** Simulations for which the method found no execution of positive weight. */
  readonly empty: number;
  /** Executions begun for one whose conditions held, on average. */
  readonly attempts: number;
  readonly falseAlarmRate: number;
  readonly tests: readonly CalibrationTest[];
  /** Every test passed, and no posterior was empty. */
  readonly calibrated: boolean;
}

/**
 * Is a method right on a program? Draws results and observations together (`simulate`), finds the posterior of the result
 * given each drawn set of observations, and compares: were the posteriors exact, the true result would be one more draw of
 * each. By ranks (Talts et al. 2018, arXiv:1804.06788, with ties broken at random and a statistic that depends on the data,
 * Modrák et al. 2023, arXiv:2211.02383) and by coverage (TARP: Lemos et al. 2023, arXiv:2302.03026).
 *
 * What it can see: that the method, with the budget it has, gives wrong posteriors on this program, on average over data that
 * the program would give. What it cannot: errors that its statistics do not show, or that are too small for so few
 * simulations. A right method is called wrong with probability `falseAlarmRate` at most.
 *
 * @throws MethodError PGLR100 or PGLR102 when the program cannot be simulated; PGLR101 when how much it observes depends on
 * what it draws; PGLR103 for methods whose answer is no posterior, or that go through executions all at once.
 */
export async function calibrate<R>(
  program: Target<R>,
  method: Method,
  environment: RunEnvironment,
  options: CalibrateOptions = {},
): Promise<Calibration> {
  const { simulations = 200, draws = 100, falseAlarmRate = 0.01, maxAttempts, onProgress } = options;
  checkCount("calibrate", "simulations", simulations);
  checkCount("calibrate", "draws", draws);
  if (simulations < 20)
    throw new MethodError("PGLR030", "calibrate: with fewer than 20 `simulations` nothing is seen.");
  if (!(falseAlarmRate > 0 && falseAlarmRate < 1))
    throw new MethodError("PGLR030", `calibrate: \`falseAlarmRate\` is a probability, not ${falseAlarmRate}.`);
  if (method.guarantee === "maximum" || method.name === "marginal") {
    throw new MethodError(
      "PGLR103",
      method.guarantee === "maximum"
        ? `${method.name} finds a maximum, not a posterior: there is nothing to calibrate.`
        : `${method.name} puts executions together that observe in different places, and cannot be calibrated.`,
      { hint: "enumerate gives the same posterior execution by execution." },
    );
  }
  const { random } = environment;
  const simulated = await simulate(program, environment, random.split(1), {
    simulations,
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
  });
  checkShape(simulated);
  const kept: { readonly simulation: Simulation<R>; readonly posterior: readonly R[] }[] = [];
  for (const [i, simulation] of simulated.entries()) {
    environment.signal?.throwIfAborted();
    const own = new RunEnvironment(
      environment.services,
      random.split(2).split(i),
      environment.signal,
      environment.limits,
    );
    own.observations = new Given(simulation.observed);
    const found = await method.run(program, own);
    if (found.diagnostics.partial) throw new DOMException("The calibration was interrupted.", "AbortError");
    for (const { code, message, site } of own.warnings)
      environment.warn({ code, message, ...(site === undefined ? {} : { site }) });
    if (!found.isEmpty) {
      const source = random.split(3).split(i);
      kept.push({ simulation, posterior: Array.from({ length: draws }, (_, d) => found.sample(source.split(d))) });
    }
    onProgress?.(i + 1, simulations);
  }
  const tests = kept.length < 20 ? [] : testAll(kept, falseAlarmRate, random.split(4));
  const empty = simulations - kept.length;
  return {
    simulations,
    draws,
    empty,
    attempts: simulated.reduce((sum, { attempts }) => sum + attempts, 0) / simulations,
    falseAlarmRate,
    tests,
    calibrated: empty === 0 && tests.every(({ passed }) => passed),
  };
}

interface Pair<R> {
  readonly simulation: Simulation<R>;
  readonly posterior: readonly R[];
}

function testAll<R>(pairs: readonly Pair<R>[], falseAlarmRate: number, random: RandomSource): CalibrationTest[] {
  const truths = pairs.map(({ simulation }) => simulation.value);
  const summaries = pairs.map(({ simulation }) => summaryOf(simulation.observed));
  const middle = Float64Array.from(summaries).sort()[summaries.length >> 1]!;
  const hasData = summaries.some((s) => s !== summaries[0]);
  const statistics = statisticsOf([...truths, ...pairs.map(({ posterior }) => posterior[0])]);
  const made: Omit<CalibrationTest, "passed" | "finding">[] = [];
  const ties = random.split(1);
  for (const [k, statistic] of statistics.entries()) {
    const ranks = pairs.map(({ simulation, posterior }, i) => {
      const { less, equal } = counts(statistic, simulation.value, posterior);
      return standing(less, equal, posterior.length, ties.split(k).split(i));
    });
    made.push(uniformity(statistic.name, "rank", ranks));
    if (hasData) {
      const turned = ranks.map((rank, i) => (summaries[i]! < middle ? 1 - rank : rank));
      made.push(uniformity(statistic.name, "rank by data", turned));
    }
  }
  const distance = distanceOn(statistics, truths);
  const covered = (reference: (i: number) => number, stream: RandomSource): number[] =>
    pairs.map(({ simulation, posterior }, i) => {
      const from = truths[reference(i)];
      const own = distance(from, simulation.value);
      let less = 0;
      let equal = 0;
      for (const draw of posterior) {
        const other = distance(from, draw);
        if (other < own) less++;
        else if (other === own) equal++;
      }
      return standing(less, equal, posterior.length, stream.split(i));
    });
  const n = pairs.length;
  // A true value of another simulation, which is a draw of the prior that knows nothing of this one.
  made.push(
    uniformity(
      "",
      "coverage",
      covered((i) => (i + 1) % n, random.split(2)),
    ),
  );
  if (hasData) {
    const nearest = (i: number): number => {
      let best = (i + 1) % n;
      for (let j = 0; j < n; j++) {
        const [there, here] = [Math.abs(summaries[j]! - summaries[i]!), Math.abs(summaries[best]! - summaries[i]!)];
        if (j !== i && there < here) best = j;
      }
      return best;
    };
    made.push(uniformity("", "coverage by data", covered(nearest, random.split(3))));
  }
  // Each test may err with its share of the rate.
  const share = falseAlarmRate / made.length;
  return made.map((test) => {
    const passed = test.probability >= share;
    return { ...test, passed, finding: passed ? "" : findingOf(test) };
  });
}

function uniformity(
  statistic: string,
  kind: CalibrationTest["kind"],
  values: readonly number[],
): Omit<CalibrationTest, "passed" | "finding"> {
  const distance = kolmogorovSmirnov(values);
  const place = kolmogorovSmirnovProbability(distance, values.length);
  if (kind !== "rank") return { statistic, kind, values, distance, probability: place };
  // Too near the ends, or too near the middle, shows better when folded.
  const spread = kolmogorovSmirnovProbability(kolmogorovSmirnov(values.map((v) => Math.abs(2 * v - 1))), values.length);
  return { statistic, kind, values, distance, probability: Math.min(1, 2 * Math.min(place, spread)) };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function findingOf({ kind, values }: Omit<CalibrationTest, "passed" | "finding">): string {
  const off = mean(values) - 0.5;
  const spread = mean(values.map((v) => Math.abs(2 * v - 1))) - 0.5;
  switch (kind) {
    case "rank":
      if (Math.abs(spread) > Math.abs(off))
        return spread > 0
          ? "the true value is too often at the ends: the posterior is too narrow"
          : "the true value is too often in the middle: the posterior is too wide";
      return off > 0
        ? "the true value is too often above the posterior's draws"
        : "the true value is too often below the posterior's draws";
    case "rank by data":
      return "the true value follows the data more, or less, than the posterior does";
    default:
      return off > 0
        ? "the draws are too often nearer to the reference than the true value"
        : "the true value is too often nearer to the reference than the draws";
  }
}
