import {
  argumentObserved,
  drawObserved,
  showSite,
  type Drawable,
  type Observations,
  type Op,
  type Particle,
  type RandomSource,
  type RunLimits,
  type Site,
} from "@pgl/runtime";
import { describeArguments } from "./arguments.js";
import { TwistTrainingError } from "./errors.js";
import { drawExecutions, type SpanExecution } from "./executions.js";
import { ratiosTowards, type LearnedTwist } from "./learned-twist.js";
import type { TwistProblem } from "./trainer.js";

/** Nats that the weight of an execution that only observes may be off zero. */
const ROUNDING = 1e-6;

/**
 * An exact draw of the target of some arguments, which were drawn with it, and draws towards the twist for the same. Where
 * there are such draws, what the exact one weighs as a sample of the model is what it would, had it been drawn as they were.
 */
export interface SimulatedSet {
  readonly given: readonly unknown[];
  readonly positive: SpanExecution;
  readonly negatives: readonly SpanExecution[];
}

export interface SimulateOptions {
  readonly sets: number;
  /** For how many of them there are draws towards the twist, and how many for each. */
  readonly contrasted: number;
  readonly negatives: number;
  readonly twist: (given: readonly unknown[]) => LearnedTwist | null;
  readonly window: number;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: RunLimits | undefined;
}

/**
 * Draws executions together with what they observe, where that is an argument of the program: an execution is then an exact
 * draw of the posterior for the arguments that were drawn (Grosse et al. 2016, bidirectional Monte Carlo).
 *
 * @throws TwistTrainingError PGLX005 when the program weighs otherwise, or observes what is no argument.
 */
export async function simulateExecutions(
  { target, arguments: sets, services, draw, model }: TwistProblem,
  random: RandomSource,
  { sets: count, contrasted, negatives, twist, ...options }: SimulateOptions,
): Promise<readonly SimulatedSet[]> {
  const [known] = sets;
  const observed = new ArgumentsDrawn(known!);
  const { executions, particles } = await drawExecutions(target(known!), services, random.split(0), count, {
    ...options,
    span: draw,
    twist: null,
    observations: observed,
  });
  if (executions.length < count) {
    throw new TwistTrainingError(
      "PGLX002",
      `Not every execution draws \`${draw}\`: its observations cannot be simulated.`,
    );
  }
  const drawn: SimulatedSet[] = [];
  for (let i = 0; i < count; i++) {
    const given = observed.argumentsOf(particles[i]!);
    if (given === null) {
      throw new TwistTrainingError("PGLX005", "The program observes none of its arguments: nothing can be simulated.", {
        hint: "Pass what is observed as an argument, or train without --simulate.",
      });
    }
    const positive = executions[i]!;
    // The program may rule out what it has drawn: the others are exact draws of what is left.
    if (positive.wholeFactors === -Infinity) continue;
    if (Math.abs(positive.wholeRatio + positive.wholeFactors) > ROUNDING) {
      throw new TwistTrainingError(
        "PGLX005",
        "The program weighs executions by what it does not observe: those that are simulated are no exact draws.",
        { hint: "Weigh by `observe v ~ D` alone, or train without --simulate." },
      );
    }
    const weighed = { ...positive, wholeFactors: observed.densityOf(particles[i]!) };
    if (drawn.length >= contrasted) {
      drawn.push({ given, positive: weighed, negatives: [] });
      continue;
    }
    const towards = twist(given);
    const others = await drawExecutions(target(given), services, random.split(1).split(i), negatives, {
      ...options,
      span: draw,
      twist: towards,
    });
    const ratios =
      towards === null ? {} : ratiosTowards(towards, describeArguments(given, model), positive.places, positive.tokens);
    drawn.push({ given, positive: { ...weighed, ...ratios }, negatives: others.executions });
  }
  if (drawn.length === 0) throw new TwistTrainingError("PGLX002", "The program rules out everything that it draws.");
  return drawn;
}

/** Draws what is observed, and keeps it as the argument it stands for: one population's, which is not resampled. */
class ArgumentsDrawn implements Observations {
  private readonly found = new Map<Particle, { given: unknown[]; logDensity: number }>();

  constructor(private readonly known: readonly unknown[]) {}

  observe(particle: Particle, distribution: Drawable<unknown>, value: unknown, site: Site): Op {
    const which = argumentObserved(this.known, value);
    if (typeof which === "string") {
      throw new TwistTrainingError(
        "PGLX005",
        `What ${showSite(site)} observes is ${which === "none" ? "no argument" : "more than one argument"} of the program: it cannot be simulated.`,
        { site, hint: "Pass what is observed as an argument of its own, or train without --simulate." },
      );
    }
    return drawObserved(particle, distribution, site, (drawn) => this.keep(drawn, which));
  }

  private keep(particle: Particle, argument: number): void {
    let found = this.found.get(particle);
    if (found === undefined) this.found.set(particle, (found = { given: [...this.known], logDensity: 0 }));
    const { value } = particle;
    const density = particle.ledger.density(particle.lastDraw);
    found.given[argument] = value;
    found.logDensity += typeof density === "number" ? density : density.logDensity(value as never);
  }

  argumentsOf(particle: Particle): readonly unknown[] | null {
    return this.found.get(particle)?.given ?? null;
  }

  densityOf(particle: Particle): number {
    return this.found.get(particle)!.logDensity;
  }
}
