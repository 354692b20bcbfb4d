import type { SpanTwist } from "@pgl/lm";
import {
  equal,
  Frame,
  showSite,
  type Drawable,
  type JournalNode,
  type Observations,
  type Op,
  type Particle,
  type RandomSource,
  type RunLimits,
  type Site,
} from "@pgl/runtime";
import { TwistTrainingError } from "./errors.js";
import { drawExecutions, type SpanExecution } from "./executions.js";
import type { TwistProblem } from "./trainer.js";

/** An exact draw of the target of some arguments, which were drawn with it, and draws towards the twist for the same. */
export interface SimulatedSet {
  readonly given: readonly unknown[];
  readonly positive: SpanExecution;
  readonly negatives: readonly SpanExecution[];
}

export interface SimulateOptions {
  readonly sets: number;
  readonly negatives: number;
  readonly twist: (given: readonly unknown[]) => SpanTwist | null;
  readonly prior: boolean;
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
  { target, arguments: sets, services, draw }: TwistProblem,
  random: RandomSource,
  { sets: count, negatives, twist, ...options }: SimulateOptions,
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
    // The program may rule out what it has drawn.
    if (positive.wholeFactors === -Infinity) continue;
    const others =
      negatives === 0
        ? []
        : (
            await drawExecutions(target(given), services, random.split(1).split(i), negatives, {
              ...options,
              span: draw,
              twist: twist(given),
            })
          ).executions;
    drawn.push({
      given,
      positive: { ...positive, wholeFactors: observed.densityOf(particles[i]!) },
      negatives: others,
    });
  }
  if (drawn.length === 0) throw new TwistTrainingError("PGLX002", "The program rules out everything that it draws.");
  return drawn;
}

/** Draws what is observed, and keeps it as the argument it stands for: one population's, which is not resampled. */
class ArgumentsDrawn implements Observations {
  private readonly found = new Map<Particle, { given: unknown[]; logDensity: number }>();

  constructor(private readonly known: readonly unknown[]) {}

  observe(particle: Particle, distribution: Drawable<unknown>, value: unknown, site: Site): Op {
    const which = this.known.flatMap((argument, i) => (equal(argument, value) ? [i] : []));
    if (which.length !== 1) {
      throw new TwistTrainingError(
        "PGLX005",
        `What ${showSite(site)} observes is ${which.length === 0 ? "no argument" : "more than one argument"} of the program: it cannot be simulated.`,
        { site, hint: "Pass what is observed as an argument of its own, or train without --simulate." },
      );
    }
    return particle.call(new DrawArgument(distribution, site, which[0]!, this));
  }

  keep(particle: Particle, argument: number, value: unknown, logDensity: number): void {
    let found = this.found.get(particle);
    if (found === undefined) this.found.set(particle, (found = { given: [...this.known], logDensity: 0 }));
    found.given[argument] = value;
    found.logDensity += logDensity;
  }

  argumentsOf(particle: Particle): readonly unknown[] | null {
    return this.found.get(particle)?.given ?? null;
  }

  densityOf(particle: Particle): number {
    return this.found.get(particle)!.logDensity;
  }
}

/** Draws what is observed. The journal is that of the program's own draws. */
class DrawArgument extends Frame {
  private before: JournalNode | null = null;

  constructor(
    private readonly distribution: Drawable<unknown>,
    private readonly site: Site,
    private readonly argument: number,
    private readonly drawn: ArgumentsDrawn,
  ) {
    super();
  }

  step(particle: Particle): Op {
    if (this.pc++ === 0) {
      this.before = particle.journal;
      return particle.sample(this.distribution, this.site);
    }
    particle.journal = this.before;
    const density = particle.ledger.density(particle.lastDraw);
    const { value } = particle;
    this.drawn.keep(
      particle,
      this.argument,
      value,
      typeof density === "number" ? density : density.logDensity(value as never),
    );
    return particle.return(undefined);
  }

  protected copy(): Frame {
    const copy = new DrawArgument(this.distribution, this.site, this.argument, this.drawn);
    copy.before = this.before;
    return copy;
  }
}
