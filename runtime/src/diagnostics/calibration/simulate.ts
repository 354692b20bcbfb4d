import { MethodError } from "../../errors.js";
import { RunEnvironment } from "../../inference/environment.js";
import type { Target } from "../../inference/method.js";
import { answerRequests } from "../../inference/blocks/answer.js";
import { chooseAtRandom, Status } from "../../inference/blocks/forward.js";
import { located } from "../../inference/blocks/located.js";
import { journalOf, startJournal, type JournalEntry } from "../../machine/journal.js";
import { Op } from "../../machine/op.js";
import { Particle } from "../../machine/particle.js";
import { showSite } from "../../machine/site.js";
import type { RandomSource } from "../../random/source.js";
import { Simulated, type Observed } from "./observations.js";

/** One execution in which what is observed was drawn too: a value of the joint law of result and observations. */
export interface Simulation<R> {
  readonly value: R;
  readonly observed: Observed;
  /** The program's arguments, with what was drawn in place of those that it observes. */
  readonly arguments: readonly unknown[];
  /** What the execution consumed beside what it observes: given `observed`, an exact draw of the posterior. */
  readonly entries: readonly JournalEntry[];
  /** Executions begun until the program's conditions held. */
  readonly attempts: number;
}

export interface SimulateOptions {
  readonly simulations: number;
  /** Executions of one simulation whose conditions do not hold, until it is given up. Default 100 000. */
  readonly maxAttempts?: number;
}

/** Simulations run side by side, so that a language model is asked in batches. Not a setting: it does not change the answer. */
const SIDE_BY_SIDE = 32;

/**
 * Draws results and observations of a program together: each `observe v ~ D` draws a value of `D` in place of `v`, and
 * executions in which a condition fails are drawn anew. Proposals and twists are left aside. What inferences inside the
 * program observe stays as it is.
 *
 * @throws MethodError PGLR100 where the program weighs without observing (a `factor`): it says how likely something is, but
 * not how to draw it. PGLR102 when the conditions hardly ever hold.
 */
export async function simulate<R>(
  program: Target<R>,
  environment: RunEnvironment,
  random: RandomSource,
  { simulations, maxAttempts = 100_000 }: SimulateOptions,
): Promise<readonly Simulation<R>[]> {
  const done: Simulation<R>[] = [];
  for (let from = 0; from < simulations; from += SIDE_BY_SIDE) {
    const some = Array.from(
      { length: Math.min(SIDE_BY_SIDE, simulations - from) },
      (_, i) => new Attempt(program, environment, random.split(from + i), maxAttempts),
    );
    for (let tick = 0; ; tick++) {
      const waiting = some.filter((attempt) => attempt.run());
      if (waiting.length === 0) break;
      environment.signal?.throwIfAborted();
      await answerRequests(
        waiting.map((attempt) => attempt.particle),
        environment,
        tick,
      );
    }
    done.push(...some.map((attempt) => attempt.result as Simulation<R>));
  }
  return done;
}

/** One simulation: executions until one is possible. */
class Attempt {
  particle!: Particle;
  result: Simulation<unknown> | null = null;
  private simulated!: Simulated;
  private attempts = 0;

  constructor(
    private readonly program: Target,
    private readonly environment: RunEnvironment,
    private readonly random: RandomSource,
    private readonly maxAttempts: number,
  ) {
    this.begin();
  }

  /** True when it has to wait for an answer. */
  run(): boolean {
    while (this.result === null) {
      let status: Status;
      try {
        status = advance(this.particle);
      } catch (error) {
        throw located(error, this.particle);
      }
      if (status === Status.Waiting) return true;
      if (status === Status.Done) {
        this.result = {
          value: this.particle.value,
          observed: this.simulated.values,
          arguments: this.simulated.arguments,
          entries: journalOf(this.particle),
          attempts: this.attempts,
        };
      } else if (this.attempts >= this.maxAttempts) {
        const { site } = this.particle;
        throw new MethodError(
          "PGLR102",
          `The program's conditions did not hold in ${this.attempts} executions drawn from the prior${site === null ? "" : `; the last one ended at ${showSite(site)}`}.`,
          { site: site ?? undefined, hint: "A program is simulated by drawing until its conditions hold." },
        );
      } else this.begin();
    }
    return false;
  }

  private begin(): void {
    const random = this.random.split(this.attempts++);
    this.simulated = new Simulated(this.program.arguments);
    const { services, signal, limits } = this.environment;
    const own = new RunEnvironment(services, random.split(0), signal, limits);
    own.observations = this.simulated;
    this.particle = new Particle(this.program.start(), random.split(1), own);
    startJournal(this.particle);
  }
}

/** Runs to the end, to a request, or to where the weight becomes zero. */
function advance(particle: Particle): Status {
  for (;;) {
    const op = particle.advance();
    const site = particle.site!;
    switch (op) {
      case Op.Sample: {
        const drawn = particle.distribution!;
        if (drawn.kind === "process") particle.call(drawn.draw(site, null));
        else if (!chooseAtRandom(particle)) return Status.Dead;
        break;
      }
      case Op.Weight: {
        const { increment } = particle;
        if (increment !== 0 && increment !== -Infinity) {
          throw new MethodError(
            "PGLR100",
            `The program weighs at ${showSite(site)} by what it does not observe, so it cannot be simulated.`,
            {
              site,
              hint: "`observe v ~ D` says what to draw; a `factor` says only how much something counts.",
            },
          );
        }
        if (!particle.weigh(increment, site)) return Status.Dead;
        break;
      }
      case Op.Request:
        return Status.Waiting;
      case Op.Done:
        return Status.Done;
      default:
        // Twists and steps say how to find the posterior, not what it is.
        break;
    }
  }
}
