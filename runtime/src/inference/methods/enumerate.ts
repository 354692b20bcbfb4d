import type { Distribution } from "../../distributions/distribution.js";
import { MethodError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import { Particle } from "../../machine/particle.js";
import { lawOf } from "../../machine/request.js";
import { showSite, type Site } from "../../machine/site.js";
import { Trace, TraceLedger, type TraceHolder } from "../../machine/trace.js";
import { logAddExp, logSumExp } from "../../weights/index.js";
import { answerRequests } from "../blocks/answer.js";
import type { BestFirst } from "../blocks/best-first.js";
import { DepthFirst } from "../blocks/depth-first.js";
import { drive, warningsOf, warnOfStop } from "../blocks/drive.js";
import { choose, runToChoice, Status, warnOfEmptyDraw } from "../blocks/forward.js";
import { located } from "../blocks/located.js";
import { CountableRemaining, FiniteRemaining, likeliestFirst, type Remaining } from "../blocks/remaining.js";
import { RunEnvironment } from "../environment.js";
import type { Method, Progress, RunOptions, Target } from "../method.js";
import { checkCount, complete, refused } from "../options.js";
import { Posterior, type WeightedSample } from "../posterior.js";

export interface EnumerateOptions {
  /** Stop after this many finished executions. Default 1 000 000. */
  readonly max_traces?: number;
  /**
   * Stop when what has not been visited has less prior probability than this, and weighs less than this share of what has.
   * Default 1e-12; 0 never. The first thousand steps are always taken, so small programs are visited whole.
   */
  readonly tolerance?: number;
}

type Settings = Required<EnumerateOptions>;

/**
 * Exact inference by visiting every execution, the heaviest first (prior probability times factors so far) unless the
 * program is small enough to be visited whole in any order. On a
 * program with finitely many executions the posterior and log Z are exact. Otherwise it stops at `tolerance` or
 * `max_traces` and says how much prior probability it has not visited; log Z is then that of the visited part. Where an
 * inference inside the program is answered at random, all executions after the answers that were given are visited: unbiased,
 * not exact.
 *
 * @throws MethodError PGLR040 at a continuous draw; PGLR030 or PGLR034 for options that are out of range or that it has not.
 */
export function enumerate(options: EnumerateOptions = {}): Method {
  const settings = complete<Settings>("enumerate", options, { max_traces: 1_000_000, tolerance: 1e-12 });
  checkCount("enumerate", "max_traces", settings.max_traces);
  if (!(settings.tolerance >= 0 && settings.tolerance < 1)) {
    throw refused("enumerate", "tolerance", "a probability below 1", settings.tolerance);
  }
  return {
    name: "enumerate",
    guarantee: "exact",
    options: { ...settings },
    run: (program, environment, run) => runEnumerate(program, settings, environment, run),
  };
}

async function runEnumerate<R>(
  program: Target<R>,
  settings: Settings,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const search = new Search(program, settings, environment);
  const stop = await drive(search.run(), environment, (progress) => onProgress?.(progress));
  const { finished, lastDeath } = search;
  const unvisited = search.unvisitedMass();
  if (stop !== null) {
    warnOfStop(environment, stop, `Prior probability ${unvisited.toPrecision(3)} was not visited.`);
  } else if (unvisited > 1e-9) {
    environment.warn({
      code: "PGLW006",
      message: `Enumeration stopped after ${finished.length} executions with prior probability ${unvisited.toPrecision(3)} not visited.`,
    });
  }
  const logZ = logSumExp(finished.map((f) => f.logWeight));
  if (logZ === -Infinity) {
    environment.warn({
      code: "PGLW003",
      message: `Every execution visited had weight zero${lastDeath === null ? "" : `; the last one ended at ${showSite(lastDeath)}`}.`,
      site: lastDeath ?? undefined,
    });
  }
  let squares = 0;
  const samples: WeightedSample<R>[] = finished.map(({ value, logWeight, lastDraw }) => {
    const weight = logZ === -Infinity ? 0 : Math.exp(logWeight - logZ);
    squares += weight * weight;
    return { value: value as R, weight, trace: Trace.of(search.ledger, lastDraw) };
  });
  const exact = unvisited === 0 && !search.hasRandomAnswers;
  return new Posterior<R>(
    samples,
    { estimate: logZ, stderr: exact ? 0 : null, exact },
    {
      ess: squares === 0 ? 0 : 1 / squares,
      history: [],
      distinctAncestors: null,
      chains: null,
      unvisitedMass: unvisited,
      executions: search.ended,
      partial: stop !== null,
      warnings: warningsOf(environment),
    },
    {
      name: "enumerate",
      guarantee: exact ? "exact" : unvisited === 0 ? "unbiased" : "approximate",
      options: { ...settings },
    },
    environment.random.split(3),
  );
}

/** An execution that has not been finished, and what it may still become. */
interface Open {
  readonly particle: Particle;
  /** log prior probability of everything below. */
  readonly logPrior: number;
  /** When the particle stands at a draw: the values it may still take. `logPrior` is then that of the draws before. */
  readonly rest: Remaining | null;
}

/** An execution that has returned. */
interface Finished extends TraceHolder {
  readonly value: unknown;
  readonly logWeight: number;
}

/** Executions in flight at once, so that a language model is asked in batches. */
const BATCH = 64;
/** Draws with more values than this open them one after the other. */
const EAGER = 16;
/** Probability missing from a support beyond what rounding may lose. */
const SOME_MISSING = 1e-6;
/** Steps between two looks at the clock and two reports. */
const REPORT = 256;
/** Open executions beyond which the search gives up: the program branches without end, and memory has one. */
const MOST_OPEN = 1_000_000;
/** Steps before `tolerance` may end the search. */
const AT_LEAST = 1000;
/**
 * Steps in which a program that may be small is gone through depth first: where every execution is visited the order does not
 * matter, and this one costs least.
 */
const SMALL = 20_000;
/** Open executions beyond which a program is not small, whatever the steps: it may recurse without end. */
const SHALLOW = 256;

class Search {
  readonly finished: Finished[] = [];
  lastDeath: Site | null = null;
  /** Executions that have come to their end, one way or the other. */
  ended = 0;
  /** Some inference inside the program was answered at random. */
  hasRandomAnswers = false;
  readonly ledger = new TraceLedger();
  private frontier: DepthFirst<Open> | BestFirst<Open> = new DepthFirst<Open>();
  /** Particles that nobody needs any more. */
  private readonly free: Particle[] = [];
  private visited = 0;
  /** log Σ of the weights of the first `counted` finished executions. */
  private sum = -Infinity;
  private counted = 0;
  /** Prior probability of the ends of countable supports that rounding has cut off. */
  private lost = 0;
  private rounds = 0;

  constructor(
    program: Target,
    private readonly settings: Settings,
    private readonly environment: Environment,
  ) {
    const particle = new Particle(program.start(), environment.random, environment, undefined, undefined, this.ledger);
    this.add({ particle, logPrior: 0, rest: null });
  }

  *run(): Generator<Progress | Promise<void>, void, void> {
    const { finished, settings, environment } = this;
    const maxSteps = environment instanceof RunEnvironment ? environment.maxSteps : Infinity;
    // Who may not go through all wants the heaviest.
    if (Math.min(settings.max_traces, maxSteps) <= SMALL) this.orderByWeight();
    let reported = 0;
    let checked = AT_LEAST;
    const mostOpen = Math.max(MOST_OPEN, settings.max_traces);
    while (this.frontier.size > 0 && finished.length < settings.max_traces && this.frontier.size <= mostOpen) {
      // To add up the frontier costs as much as going through it, so it is done as often as it has been gone through.
      if (settings.tolerance > 0 && this.visited >= checked) {
        if (this.isNegligible()) break;
        checked = this.visited + Math.max(REPORT, this.frontier.size);
      }
      if (this.ledger.isDue) this.ledger.compact([...Array.from(this.frontier, (open) => open.particle), ...finished]);
      let waiting: Open[] = [];
      do {
        const next = this.frontier.pop()!;
        if (this.explore(next)) waiting.push(next);
      } while (waiting.length > 0 && waiting.length < BATCH && this.frontier.size > 0);
      if (waiting.length > 0 || this.visited >= SMALL || this.frontier.size > SHALLOW) this.orderByWeight();
      while (waiting.length > 0) {
        const tick = ++this.rounds;
        this.hasRandomAnswers ||= waiting.some(({ particle: { request } }) => lawOf(request!) !== null);
        const pending = answerRequests(
          waiting.map((open) => open.particle),
          environment,
          tick,
          (_, i) => environment.random.split(tick).split(i),
        );
        if (pending !== undefined) yield pending;
        waiting = waiting.filter((open) => this.explore(open));
      }
      if (this.visited - reported >= REPORT || this.visited >= maxSteps) {
        reported = this.visited;
        yield this.progress();
      }
    }
    yield this.progress();
  }

  unvisitedMass(): number {
    let sum = this.lost;
    for (const open of this.frontier) sum += massOf(open);
    return sum;
  }

  private progress(): Progress {
    const { frontier, finished, visited } = this;
    return {
      method: "enumerate",
      step: visited,
      total: null,
      alive: frontier.size,
      finished: finished.length,
      ess: finished.length,
      logZ: this.logZ(),
    };
  }

  /** Of what has been visited. */
  private logZ(): number {
    const { finished } = this;
    const fresh = finished.slice(this.counted).map((f) => f.logWeight);
    this.counted = finished.length;
    return (this.sum = logAddExp(this.sum, logSumExp(fresh)));
  }

  private orderByWeight(): void {
    if (this.frontier instanceof DepthFirst) this.frontier = this.frontier.bestFirst();
  }

  private isNegligible(): boolean {
    const { tolerance } = this.settings;
    let prior = 0;
    const weights: number[] = [];
    for (const open of this.frontier) {
      prior += massOf(open);
      weights.push(open.particle.logWeight + (open.rest === null ? 0 : Math.log(open.rest.mass)));
    }
    return prior < tolerance && logSumExp(weights) < this.logZ() + Math.log(tolerance);
  }

  private add(open: Open): void {
    this.frontier.push(open, open.particle.logWeight + (open.rest === null ? 0 : open.rest.logNext));
  }

  /** Goes on with an execution to its next draw, and opens what that draw can become. True when it has to wait. */
  private explore(open: Open): boolean {
    this.visited++;
    const { particle } = open;
    if (open.rest !== null) {
      this.takeNext(particle, open.logPrior, open.rest);
      return false;
    }
    switch (runOn(particle)) {
      case Status.Waiting:
        return true;
      case Status.Done:
        this.ended++;
        this.finished.push({ value: particle.value, logWeight: particle.logWeight, lastDraw: particle.lastDraw });
        this.free.push(particle);
        return false;
      case Status.Dead:
        this.ended++;
        this.lastDeath = particle.site ?? this.lastDeath;
        this.free.push(particle);
        return false;
      default:
        this.expand(particle, open.logPrior);
        return false;
    }
  }

  private expand(particle: Particle, logPrior: number): void {
    const distribution = particle.distribution as Distribution<unknown>;
    const support = distribution.support;
    if (support.kind === "finite") {
      const { order, logs, tail } = likeliestFirst(support);
      if (tail[0]! < 1 - SOME_MISSING) {
        // An empty posterior, by itself or in a mixture.
        this.ended++;
        this.lastDeath = particle.site ?? this.lastDeath;
        warnOfEmptyDraw(this.environment, particle.site!);
      }
      const n = order.length;
      if (n > EAGER) return this.takeNext(particle, logPrior, new FiniteRemaining(support));
      // What goes onto a stack last is visited first.
      const backwards = this.frontier instanceof DepthFirst;
      for (let k = 0; k < n; k++) {
        const i = backwards ? n - 1 - k : k;
        // The last value has the particle itself: nobody needs it unforked any more.
        this.open(k === n - 1 ? particle : this.fork(particle), support.values[order[i]!], logs[i]!, logPrior);
      }
    } else if (support.kind === "countable") {
      this.takeNext(particle, logPrior, new CountableRemaining(distribution, support));
    } else {
      const site = particle.site!;
      throw new MethodError(
        "PGLR040",
        `enumerate cannot visit every value of ${distribution.name} at ${showSite(site)}: it is continuous.`,
        { site, hint: "Use importance or smc, or a discrete distribution." },
      );
    }
  }

  /** Takes the next value of a draw, and leaves the others for later. */
  private takeNext(particle: Particle, logPrior: number, rest: Remaining): void {
    const next = rest.take();
    if (next === null) {
      this.lost += Math.exp(logPrior) * rest.mass;
      return;
    }
    if (rest.mass > 0) this.add({ particle: this.fork(particle), logPrior, rest });
    this.open(particle, next.value, next.logProbability, logPrior);
  }

  private fork(particle: Particle): Particle {
    const unused = this.free.pop();
    if (unused === undefined) return particle.fork(particle.random);
    unused.become(particle);
    return unused;
  }

  private open(particle: Particle, value: unknown, logProbability: number, logPrior: number): void {
    if (logProbability === -Infinity) return;
    choose(particle, value);
    particle.logWeight += logProbability;
    this.add({ particle, logPrior: logPrior + logProbability, rest: null });
  }
}

const massOf = ({ logPrior, rest }: Open): number => Math.exp(logPrior) * (rest === null ? 1 : rest.mass);

function runOn(particle: Particle): Status {
  try {
    return runToChoice(particle);
  } catch (error) {
    throw located(error, particle);
  }
}
