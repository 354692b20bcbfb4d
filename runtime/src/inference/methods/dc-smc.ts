import type { Environment } from "../../machine/environment.js";
import { DividingParticle, divisionOf, PartFrame, type Part } from "../../machine/independent.js";
import type { Frame } from "../../machine/frame.js";
import type { DrawSource } from "../../machine/journal.js";
import { Op } from "../../machine/op.js";
import type { Particle } from "../../machine/particle.js";
import { TraceLedger } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import { LogWeights, type ResamplerName } from "../../weights/index.js";
import { answerRequests } from "../blocks/answer.js";
import { collect } from "../blocks/collect.js";
import { drive } from "../blocks/drive.js";
import { runToCheckpoint, Status } from "../blocks/forward.js";
import { located } from "../blocks/located.js";
import { Population } from "../blocks/population.js";
import { checkShare, runTogether, schemeNamed, stepTogether, type Resampling } from "../blocks/sequential.js";
import type { Method, Progress, RunOptions, Target } from "../method.js";
import { checkCount, complete, refused } from "../options.js";
import type { HistoryEntry, Posterior } from "../posterior.js";

export interface DcSmcOptions {
  /** Particles of each part, and of what joins them. Default 100. */
  readonly particles?: number;
  /** Resampling scheme; `systematic` by default. */
  readonly resampler?: ResamplerName;
  /** Resample when ESS falls below this share of the particles; 0 never, 1 at every informative step. Default 0.5. */
  readonly ess?: number;
  /**
   * How particles of the parts are put together: `pairs` of slots, after resampling; or as a `mixture`, all N² pairs being run
   * on to their next weight, by which N are chosen. Default `pairs`.
   */
  readonly merge?: "pairs" | "mixture";
}

type Settings = Required<DcSmcOptions>;

/**
 * Divide-and-conquer sequential Monte Carlo (Lindsten, Johansen, Naesseth, Kirkpatrick, Schön, Aston & Bouchard-Côté,
 * Divide-and-conquer with sequential Monte Carlo, JCGS 2017) for programs that declare independent parts,
 * `independent(f, g, …)`: each part has a population of its own, which is run to its end; particles of the parts are put
 * together, and what the program does with them weighs the pairs. Parts may have independent parts themselves.
 *
 * It divides where the parts are reached before the first draw of the program (or of the part that declares them). Those
 * reached later belong to particles that differ already, and are run one after the other in each.
 *
 * Unbiased: E[Ẑ·p̂(r)] = Z·p(r). The populations of the parts are independent, so the product of their weighted measures is
 * what the parts mean together; pairs are taken by a uniform permutation, which keeps it in expectation. The standard error
 * of log Z is not estimated.
 *
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that it has not.
 */
export function dcSmc(options: DcSmcOptions = {}): Method {
  const settings = complete<Settings>("dc_smc", options, {
    particles: 100,
    resampler: "systematic",
    ess: 0.5,
    merge: "pairs",
  });
  checkCount("dc_smc", "particles", settings.particles);
  checkShare("dc_smc", settings.ess);
  schemeNamed("dc_smc", settings.resampler);
  if (settings.merge !== "pairs" && settings.merge !== "mixture")
    throw refused("dc_smc", "merge", "pairs or mixture", settings.merge);
  return {
    name: "dc_smc",
    guarantee: "unbiased",
    options: { ...settings },
    run: (program, environment, run) => runDcSmc(program, settings, environment, run),
  };
}

async function runDcSmc<R>(
  program: Target<R>,
  settings: Settings,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const conquest = new Conquest(settings, environment);
  const history: HistoryEntry[] = [];
  const steps = conquest.run(() => program.start());
  const stop = await drive(steps, environment, (step: HistoryEntry & Progress) => {
    const { step: index, ess, logZ, alive, resampled } = step;
    history.push({ step: index, ess, logZ, alive, resampled });
    onProgress?.(step);
  });
  if (!conquest.hasDivided && stop === null) {
    environment.warn({
      code: "PGLW016",
      message:
        "The program has no independent parts before its first draw: it was run as by smc. `let (a, b) = independent(f, g)` declares parts.",
    });
  }
  const report = { name: "dc_smc", guarantee: "unbiased", options: { ...settings } };
  const { population, executions } = conquest;
  return collect<R>(population ?? [], report, environment, { history, stop, executions });
}

/** Lets a particle stop before its first draw. */
const noDraws: DrawSource = { draw: () => false, request: () => "ask" };

class Conquest {
  /** Of the whole program; null while only parts have been run. */
  population: Population | null = null;
  hasDivided = false;
  executions = 0;
  private step = 0;
  private readonly ledger = new TraceLedger();
  private readonly resampling: Resampling;

  constructor(
    private readonly settings: Settings,
    private readonly environment: Environment,
  ) {
    this.resampling = { scheme: schemeNamed("dc_smc", settings.resampler), ess: settings.ess };
  }

  *run(start: () => Frame): Generator<(HistoryEntry & Progress) | Promise<void>, void, void> {
    const random = this.environment.random.split(1);
    const population = yield* this.spawn(start(), random);
    this.population = population;
    const choices = random.split(2);
    yield this.progress(population, false);
    while (!population.finished) {
      const [entry] = yield* stepTogether([population], this.resampling, (_, step) => choices.split(step));
      yield this.progress(population, entry!.resampled);
    }
  }

  private progress(population: Population, resampled: boolean): HistoryEntry & Progress {
    const weights = population.logWeights();
    return {
      method: "dc_smc",
      step: ++this.step,
      total: null,
      alive: population.size - population.count(Status.Dead),
      finished: population.count(Status.Done),
      ess: weights.ess(),
      logZ: weights.logMean(),
      resampled,
    };
  }

  /** A population at the place where a program (or part) begins to draw, its independent parts being done. */
  private *spawn(frame: Frame, random: RandomSource): Generator<Promise<void>, Population, void> {
    const { environment, ledger, settings } = this;
    const root = new DividingParticle(frame, random.split(0), environment, undefined, undefined, ledger);
    root.source = noDraws;
    // It goes into its first text as those that are made of it do.
    root.twists = "automatic";
    let population: Population | null = null;
    for (let tick = 0; population === null; tick++) {
      const status = this.runRoot(root);
      const parts = status === Status.Waiting ? divisionOf(root) : null;
      if (parts !== null) population = yield* this.divide(root, parts, random);
      else if (status === Status.Waiting && root.request !== null) {
        const pending = answerRequests([root], environment, tick);
        if (pending !== undefined) yield pending;
      } else {
        // At its first draw, or at its end.
        if (status === Status.Waiting) root.held = Op.Sample;
        root.source = null;
        population = this.populate(new Array<Particle>(settings.particles).fill(root), random.split(1));
      }
    }
    return population;
  }

  private populate(states: readonly Particle[], random: RandomSource): Population {
    this.executions += states.length;
    const population = Population.from(states, this.environment, random);
    // What the genealogy says of the error does not know of the parts.
    if (this.hasDivided) population.resampled = NaN;
    return population;
  }

  private runRoot(root: Particle): Status {
    try {
      for (;;) {
        const status = runToCheckpoint(root);
        if (status !== Status.Checkpoint) return status;
      }
    } catch (error) {
      throw located(error, root);
    }
  }

  /** Populations of the parts, put together to one of what comes after them. */
  private *divide(
    root: Particle,
    parts: readonly Part[],
    random: RandomSource,
  ): Generator<Promise<void>, Population, void> {
    this.hasDivided = true;
    const sources = parts.map((_, k) => random.split(3).split(k));
    const populations: Population[] = [];
    for (let k = 0; k < parts.length; k++) populations.push(yield* this.spawn(new PartFrame(parts[k]!), sources[k]!));
    yield* runTogether(populations, this.resampling, (k, step) => sources[k]!.split(2).split(step));
    return yield* this.merge(root, populations, random.split(4));
  }

  private *merge(
    root: Particle,
    populations: readonly Population[],
    random: RandomSource,
  ): Generator<Promise<void>, Population, void> {
    const own = random.split(1);
    if (populations.some((p) => p.logWeights().max() === -Infinity)) {
      const dead = root.fork(own);
      dead.site = populations.find((p) => p.lastDeath !== null)?.lastDeath?.site ?? root.site;
      dead.die();
      return this.populate(new Array<Particle>(this.settings.particles).fill(dead), own);
    }
    if (this.settings.merge === "pairs" || populations.length < 2) {
      const columns = populations.map((p, k) => this.column(p, random.split(2).split(k), k > 0));
      const rows = columns[0]!.map((_, i) => columns.map((column) => column[i]!));
      return this.populate(
        rows.map((row) => this.join(root, row, own)),
        random.split(5),
      );
    }
    return yield* this.mixture(root, populations, random);
  }

  /** As many members of a population as there are particles, resampled and, if so wished, in random order. */
  private column(population: Population, random: RandomSource, shuffled: boolean): Member[] {
    const { particles: n } = this.settings;
    const weights = population.logWeights();
    const isEven = population.size === n && n - weights.ess() <= 1e-9 * n;
    const made = isEven ? null : this.resampling.scheme.resample(weights, n, random.split(0));
    // The weights of a population are averaged: with another size, each is worth more or less.
    const scale = Math.log(n) - Math.log(population.size);
    const members = Array.from({ length: n }, (_, i): Member => {
      const particle = population.particles[made?.ancestors[i] ?? i]!;
      return { particle, logWeight: made === null ? particle.logWeight : made.logWeights[i]! + scale };
    });
    if (shuffled) shuffle(members, random.split(1));
    return members;
  }

  /** All pairs of what comes before with the last part, run on to the next weight; by that, as many as there are particles. */
  private *mixture(
    root: Particle,
    populations: readonly Population[],
    random: RandomSource,
  ): Generator<Promise<void>, Population, void> {
    const { particles: n } = this.settings;
    const own = random.split(1);
    const last = populations[populations.length - 1]!;
    const first =
      populations.length === 2
        ? membersOf(populations[0]!).map((member) => [member])
        : zip(populations.slice(0, -1).map((p, k) => this.column(p, random.split(2).split(k), k > 0)));
    const pairs = first.flatMap((row) => membersOf(last).map((member) => this.join(root, [...row, member], own)));
    const all = this.populate(pairs, random.split(5));
    if (!all.finished) {
      const pending = all.advance();
      if (pending !== undefined) yield pending;
    }
    if (all.finished) return all;
    // A twist of -Infinity rules nothing out: it steers nothing.
    const twists = all.particles.map(({ logTwist }) => (logTwist === -Infinity ? 0 : logTwist));
    const steering = new LogWeights(all.particles.map(({ logWeight }, i) => logWeight + twists[i]!));
    if (steering.max() === -Infinity) return all;
    const made = this.resampling.scheme.resample(steering, n, random.split(6));
    const scale = Math.log(n) - Math.log(all.size);
    const states = Array.from(made.ancestors, (a, i) => {
      const state = all.particles[a]!.fork(own);
      state.logWeight = made.logWeights[i]! + scale - twists[a]!;
      return state;
    });
    return this.populate(states, random.split(7));
  }

  /** The program after its parts, when they have come out so. */
  private join(root: Particle, members: readonly Member[], random: RandomSource): Particle {
    const state = root.fork(random);
    state.source = null;
    state.request = null;
    state.value = members.map(({ particle }) => particle.value);
    for (const { particle, logWeight } of members) {
      state.logWeight += logWeight;
      this.record(state, particle);
    }
    return state;
  }

  /** Puts the draws of a part after those that the state has. */
  private record(state: Particle, { lastDraw }: Particle): void {
    const { ledger } = this;
    const draws: number[] = [];
    for (let draw = lastDraw; draw >= 0; draw = ledger.previous(draw)) draws.push(draw);
    for (let i = draws.length - 1; i >= 0; i--) {
      const draw = draws[i]!;
      state.record(ledger.site(draw), ledger.value(draw), ledger.density(draw));
    }
  }
}

/** A particle of a part, with what it weighs there: the average over a column stands for the part. */
interface Member {
  readonly particle: Particle;
  readonly logWeight: number;
}

const membersOf = ({ particles }: Population): readonly Member[] =>
  particles.map((particle) => ({ particle, logWeight: particle.logWeight }));

const zip = (columns: readonly (readonly Member[])[]): Member[][] =>
  columns[0]!.map((_, i) => columns.map((column) => column[i]!));

/** Every order is equally probable (Fisher & Yates). */
function shuffle<T>(items: T[], random: RandomSource): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
}
