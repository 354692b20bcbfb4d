import { MethodError } from "../../errors.js";
import type { Frame } from "../../machine/frame.js";
import { answerRequests } from "../../inference/blocks/answer.js";
import { chooseAtRandom, Status } from "../../inference/blocks/forward.js";
import { located } from "../../inference/blocks/located.js";
import type { Target } from "../../inference/method.js";
import { RunEnvironment } from "../../inference/environment.js";
import { isProduct } from "../../distributions/product.js";
import type { Environment, Observations } from "../../machine/environment.js";
import { journalOf, startJournal } from "../../machine/journal.js";
import { Op } from "../../machine/op.js";
import { Particle } from "../../machine/particle.js";
import type { Drawable } from "../../machine/process.js";
import { showSite, type Site } from "../../machine/site.js";
import type { RandomSource } from "../../random/source.js";
import type { ExactDraw, ExactDraws } from "./exact-draws.js";

export interface RejectionSettings {
  /** Draws wanted. */
  readonly count: number;
  /** A number of nats that no weight exceeds; null: 0, and only where the program's weights are probabilities. */
  readonly bound: number | null;
  /** Executions of the prior, all together, after which it is given up. */
  readonly executions: number;
}

/** What stood in the way of rejection. */
export class NoRejection extends Error {
  constructor(
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(reason);
  }
}

/** Executions at once, so that a language model is asked in batches. Not a setting: it does not change the answer. */
const BATCH = 64;
/** Excess over the bound that is rounding. */
const ROUNDING = 1e-9;

/**
 * Exact draws by rejection: executions of the prior (proposals and twists are left aside), each accepted with probability
 * `exp(weight − bound)`.
 *
 * Without a bound, weights have to be known to be at most 1: those of conditions, and of observations under discrete
 * distributions and texts, are probabilities. A density may be larger, and so may a factor.
 *
 * @throws NoRejection when a weight has no bound that is known, or too few executions are accepted; MethodError PGLR032 when
 * a weight exceeds the bound.
 */
export function* drawsByRejection(
  program: Target,
  environment: Environment,
  random: RandomSource,
  { count, bound, executions }: RejectionSettings,
): Generator<{ readonly step: number; readonly accepted: number } | Promise<void>, ExactDraws, void> {
  const accepted: ExactDraw[] = [];
  let begun = 0;
  while (accepted.length < count && begun < executions) {
    const size = Math.min(BATCH, executions - begun);
    const attempts = Array.from(
      { length: size },
      (_, i) => new Attempt(program, environment, random.split(begun + i), bound === null),
    );
    for (let round = 0, going = attempts.filter((a) => a.run()); going.length > 0; round++) {
      const pending = answerRequests(
        going.map((a) => a.particle),
        environment,
        round,
      );
      if (pending !== undefined) yield pending;
      going = going.filter((a) => a.run());
    }
    for (let i = 0; i < size && accepted.length < count; i++) {
      begun++;
      if (attempts[i]!.isAccepted(bound ?? 0)) accepted.push(journalOf(attempts[i]!.particle));
    }
    yield { step: begun, accepted: accepted.length };
  }
  if (accepted.length < count) {
    throw new NoRejection(
      `only ${accepted.length} of ${count} draws were accepted in ${begun} executions of the prior`,
      "Allow more of them (`executions`, or --certify-executions), or want fewer repetitions.",
    );
  }
  return { logZ: null, looked: begun, draw: (index) => accepted[index % count]! };
}

/** One execution of the prior. */
class Attempt {
  readonly particle: Particle;

  constructor(
    program: Target,
    environment: Environment,
    private readonly random: RandomSource,
    /** Every weight must be known to be a probability. */
    private readonly probabilities: boolean,
  ) {
    const own = random.split(0);
    this.particle = new Particle(program.start(), own, probabilities ? watched(environment, own) : environment);
    startJournal(this.particle);
  }

  /** True when it has to wait for an answer. */
  run(): boolean {
    try {
      return this.advance() === Status.Waiting;
    } catch (error) {
      throw error instanceof NoRejection ? error : located(error, this.particle);
    }
  }

  isAccepted(bound: number): boolean {
    const { particle } = this;
    if (particle.logWeight === -Infinity) return false;
    const excess = particle.logWeight - bound;
    if (excess > ROUNDING) {
      throw new MethodError(
        "PGLR032",
        `An execution weighs ${particle.logWeight.toFixed(3)} nats, above the bound ${bound}.`,
        { site: particle.site ?? undefined, hint: "Give a larger bound." },
      );
    }
    return excess >= 0 || this.random.split(1).bernoulli(Math.exp(excess));
  }

  private advance(): Status {
    const { particle } = this;
    for (;;) {
      const op = particle.advance();
      const site = particle.site!;
      switch (op) {
        case Op.Sample: {
          const drawn = particle.distribution!;
          if (drawn.kind === "process") {
            if (this.probabilities && isProduct(drawn)) throw unbounded(site, "a product of distributions");
            particle.call(drawn.draw(site, null) as Frame);
          } else if (!chooseAtRandom(particle)) return Status.Dead;
          break;
        }
        case Op.Weight: {
          const { increment } = particle;
          if (this.probabilities && site.kind === "factor") throw unbounded(site, "a factor");
          if (!particle.weigh(increment, site)) return Status.Dead;
          particle.logFactors += increment;
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
}

/** The same environment, in which an observation under what has densities is an error. */
function watched(environment: Environment, random: RandomSource): Environment {
  const { services, signal, limits, observations } = environment;
  const own = new RunEnvironment(services, random, signal, limits);
  own.observations = new Probabilities(observations);
  return own;
}

class Probabilities implements Observations {
  constructor(private readonly inner: Observations | undefined) {}

  observe(particle: Particle, distribution: Drawable<unknown>, value: unknown, site: Site): Op {
    if (!isDiscrete(distribution)) throw unbounded(site, `a density of ${distribution.name}`);
    return this.inner === undefined
      ? particle.observed(distribution, value, site)
      : this.inner.observe(particle, distribution, value, site);
  }
}

/** True when what it gives a value is a probability: a process is discrete unless it is a product, which has no mass of one. */
function isDiscrete(distribution: Drawable<unknown>): boolean {
  if (isProduct(distribution)) return false;
  if (distribution.kind === "process") return true;
  const { kind } = distribution.support;
  return kind === "finite" || kind === "countable";
}

const unbounded = (site: Site, what: string): NoRejection =>
  new NoRejection(
    `${what} at ${showSite(site)} may weigh more than 1, as far as is known`,
    "If no execution can weigh more than some number of nats, say which: `bound`, or --certify-bound.",
  );
