import type { Distribution, Support } from "../../distributions/distribution.js";
import { MethodError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import { Particle } from "../../machine/particle.js";
import { lawOf } from "../../machine/request.js";
import { showSite, type Site } from "../../machine/site.js";
import { TraceLedger } from "../../machine/trace.js";
import { answerRequests } from "../blocks/answer.js";
import { choose, runToChoice, Status, warnOfEmptyDraw } from "../blocks/forward.js";
import { located } from "../blocks/located.js";
import type { Progress, Target } from "../method.js";
import type { Companion, Option, Taken } from "./companion.js";
import { Outcome, StateGraph } from "./state-graph.js";
import { StateKeys } from "./state-keys.js";

/** States looked at together, so that a language model is asked in batches; and between two reports. */
const BATCH = 256;

/** What a distribution's probabilities may lack of one by rounding. */
const SOME_MISSING = 1e-6;

export interface ExplorationOptions {
  /** The method's name, for messages. */
  readonly method: string;
  /** Whether what the program returns is wanted: values that only flow into it then keep states apart. */
  readonly result: boolean;
  /** The search ends with an error beyond so many states. */
  readonly maxStates: number;
  readonly companion?: Companion;
  /** The companion lets one execution through: there is nothing to merge, and no keys are made. */
  readonly single?: boolean;
  /** Names of draws whose own probabilities do not count. */
  readonly decisions?: ReadonlySet<string>;
}

/** The search has met more states than it was allowed to. */
export class StateLimitError extends MethodError {}

/** A state whose particle has not gone on yet: the particle before the draw, and the value. */
interface Open {
  readonly state: number;
  readonly particle: Particle;
  readonly value: unknown;
  /** Nobody else needs the particle. */
  readonly last: boolean;
}

/**
 * Finds the states of a program, in the order of the number of draws, and the draws between them. Executions that come to one
 * state go on as one: the work is that of the states, not of the executions.
 *
 * Identity: for every weight function of the program, the sum (or maximum) over ways through the graph is that over the
 * program's executions, each with the product of its draws' probabilities and its weights.
 */
export class Exploration {
  readonly graph = new StateGraph();
  readonly keys: StateKeys;
  readonly ledger = new TraceLedger();
  /** Where the draws of the execution that came to an end first are recorded; −1 when none did. */
  lastDraw = -1;
  lastDeath: Site | null = null;
  ended = 0;
  private readonly states = new Map<string, number>();
  /** By support: distributions that are made once are drawn from often. */
  private readonly known = new WeakMap<Support<unknown>, readonly Option[]>();
  private frontier: Open[] = [];
  private explored = 0;
  private rounds = 0;

  constructor(
    private readonly program: Target,
    private readonly environment: Environment,
    private readonly options: ExplorationOptions,
  ) {
    this.keys = new StateKeys(options.result);
  }

  /**
   * @throws MethodError PGLR093 at a draw that has infinitely many values, PGLR094 at an answer drawn at random;
   * StateLimitError PGLR090 beyond `maxStates`.
   */
  *run(): Generator<Progress | Promise<void>, void, void> {
    const { program, environment, options } = this;
    const frame = program.start();
    if (!options.result) frame.drop();
    const root = new Particle(frame, environment.random, environment, undefined, undefined, this.ledger);
    this.graph.add(options.companion?.start ?? 0);
    const waiting = this.explore([[0, root]]);
    if (waiting.length > 0) yield* this.answered(waiting);
    for (let reported = 0; this.frontier.length > 0;) {
      const batch = this.frontier;
      this.frontier = [];
      for (let from = 0; from < batch.length; from += BATCH) {
        const particles = batch.slice(from, from + BATCH).map((open): [number, Particle] => [open.state, begun(open)]);
        const waiting = this.explore(particles);
        if (waiting.length > 0) yield* this.answered(waiting);
        if (this.explored < reported + BATCH) continue;
        reported = this.explored;
        yield this.progress(this.frontier.length + batch.length - from);
      }
    }
    yield this.progress(0);
  }

  private progress(alive: number): Progress {
    return {
      method: this.options.method,
      step: this.explored,
      total: null,
      alive,
      finished: this.ended,
      ess: this.ended,
      logZ: null,
    };
  }

  /** Runs particles on until none of them waits any more. */
  private *answered(waiting: [number, Particle][]): Generator<Promise<void>, void, void> {
    for (let now = waiting; now.length > 0;) {
      for (const [, particle] of now) this.checkRequest(particle);
      const tick = ++this.rounds;
      const pending = answerRequests(
        now.map(([, particle]) => particle),
        this.environment,
        tick,
        (_, i) => this.environment.random.split(tick).split(i),
      );
      if (pending !== undefined) yield pending;
      now = this.explore(now);
    }
  }

  private checkRequest(particle: Particle): void {
    const request = particle.request!;
    if (lawOf(request) === null) return;
    const site = particle.site ?? undefined;
    throw new MethodError(
      "PGLR094",
      `${this.options.method} is exact, but the answer of \`${request.handler.name}\`${site === undefined ? "" : ` at ${showSite(site)}`} is drawn at random.`,
      { site, hint: "Use an exact method inside too: infer … using marginal()." },
    );
  }

  /** Runs each to its next draw. Gives back those that wait for an answer. */
  private explore(particles: readonly [number, Particle][]): [number, Particle][] {
    return particles.filter(([state, particle]) => {
      const status = runOn(particle);
      if (status === Status.Waiting) return true;
      this.explored++;
      const { graph } = this;
      const { logWeight, site } = particle;
      switch (status) {
        case Status.Done:
          this.ended++;
          if (this.lastDraw < 0) this.lastDraw = particle.lastDraw;
          graph.settle(state, Outcome.Ended, logWeight, site);
          graph.returned[state] = particle.value;
          break;
        case Status.Dead:
          this.lastDeath = site ?? this.lastDeath;
          graph.settle(state, Outcome.Dead, -Infinity, site);
          break;
        default:
          this.expand(state, particle);
      }
      return false;
    });
  }

  private expand(state: number, particle: Particle): void {
    const { graph } = this;
    const site = particle.site!;
    if (this.options.decisions?.has(site.name) === true) checkDecision(particle);
    const options = this.optionsOf(particle);
    let mass = 0;
    for (const { logProbability } of options) mass += Math.exp(logProbability);
    if (mass < 1 - SOME_MISSING) {
      // An empty posterior, by itself or in a mixture.
      warnOfEmptyDraw(this.environment, site);
      this.lastDeath = site;
    }
    const companion = graph.companions[state]!;
    const taken: readonly (Taken | null)[] =
      this.options.companion?.take(companion, site, options) ??
      options.map(({ logProbability }) => ({ companion, logProbability }));
    const standing = this.options.single === true ? null : this.keys.standing(particle.frame!);
    graph.settle(state, Outcome.Draw, particle.logWeight, site);
    particle.logWeight = 0;
    const from = this.frontier.length;
    for (let i = 0; i < options.length; i++) {
      const way = taken[i]!;
      if (way === null) continue;
      const { value } = options[i]!;
      const key = standing && `${way.companion}:${standing.key}=${standing.awaits ? this.keys.values.of(value) : ""}`;
      let to = key === null ? undefined : this.states.get(key);
      if (to === undefined) {
        to = graph.add(way.companion);
        if (to >= this.options.maxStates) this.tooMany(site);
        if (key !== null) this.states.set(key, to);
        this.frontier.push({ state: to, particle, value, last: false });
      }
      graph.connect(state, to, way.logProbability, value);
    }
    const end = this.frontier.length - 1;
    if (end >= from) this.frontier[end] = { ...this.frontier[end]!, last: true };
  }

  /** The values of positive probability. */
  private optionsOf(particle: Particle): readonly Option[] {
    const { support, name } = particle.distribution as Distribution<unknown>;
    if (support.kind !== "finite") {
      const { method } = this.options;
      const many = support.kind === "countable" ? "has no end of values" : "is continuous";
      throw new MethodError(
        "PGLR093",
        `${method} goes through every value of every draw, and ${name} at ${showSite(particle.site!)} ${many}.`,
        {
          site: particle.site!,
          hint:
            support.kind === "countable"
              ? "Bound it (`where`), or use enumerate, which stops at `tolerance`."
              : "Use importance or smc, or a discrete distribution.",
        },
      );
    }
    let options = this.known.get(support);
    if (options === undefined) this.known.set(support, (options = possible(support)));
    return options;
  }

  private tooMany(site: Site): never {
    const { method, maxStates } = this.options;
    throw new StateLimitError(
      "PGLR090",
      `${method} has met more than ${maxStates} states, the last ones after ${showSite(site)}.`,
      {
        site,
        hint: "Values that later draws, weights or the result depend on keep executions apart. Keep less of the past, raise `max_states`, or use smc.",
      },
    );
  }
}

function possible({ values, probabilities }: Support<unknown> & { readonly kind: "finite" }): readonly Option[] {
  const options: Option[] = [];
  for (let i = 0; i < values.length; i++)
    if (probabilities[i]! > 0) options.push({ value: values[i], logProbability: Math.log(probabilities[i]!) });
  return options;
}

/** A condition that has become part of a distribution, with its mass as a weight, would be counted in the weight alone. */
function checkDecision(particle: Particle): void {
  const site = particle.site!;
  if (particle.distribution!.name !== "restricted") return;
  throw new MethodError(
    "PGLR097",
    `plan: the compiler's pass restricted-draws has put a condition into the distribution of the decision at ${showSite(site)}.`,
    { site, hint: "Compile without it: --no-pass restricted-draws." },
  );
}

function begun({ particle, value, last }: Open): Particle {
  const own = last ? particle : particle.fork(particle.random);
  choose(own, value);
  return own;
}

function runOn(particle: Particle): Status {
  try {
    return runToChoice(particle);
  } catch (error) {
    throw located(error, particle);
  }
}
