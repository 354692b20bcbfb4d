import { modelIdentity, type LanguageModel, type ModelIdentity } from "@pgl/lm";
import { seeded, tensorFlow, type RandomSource, type RunLimits, type Target } from "@pgl/runtime";
import { Adam } from "./adam.js";
import { describeArguments } from "./arguments.js";
import { assemble, type AssembledBatch, type Member } from "./batch.js";
import { TwistTrainingError } from "./errors.js";
import { drawExecutions, type SpanExecution } from "./executions.js";
import { spread, withGradients, type Tf } from "./gradients.js";
import { LearnedTwist, type LearnedTwistData } from "./learned-twist.js";
import { twistLosses, type TwistLoss, type TwistLossName, type TwistOutputs } from "./losses/index.js";
import { TwistNetwork, parameterNames, type ParameterName, type PlacesSeen } from "./network.js";
import { simulateExecutions, type SimulatedSet } from "./simulated.js";

/** A program with some arguments, whose draw a twist is learned for. */
export interface TwistProblem {
  /** Draws the program with other arguments too. */
  readonly target: (given: readonly unknown[]) => Target;
  /** Sets of arguments: the twist is conditional on them when there is more than one. */
  readonly arguments: readonly (readonly unknown[])[];
  readonly services: ReadonlyMap<string, unknown>;
  /** The model that the draw is made from. */
  readonly model: LanguageModel;
  /** The name of the draw. */
  readonly draw: string;
}

export interface TrainingOptions {
  /** Default `"ctl"`; `"dpg"` where there are exact draws of the target. */
  readonly loss?: TwistLossName;
  /**
   * Whether exact draws are made by simulating: an argument that the program observes is drawn with the rest, and the twist
   * is learned for all of its values. Default false.
   */
  readonly simulate?: boolean;
  /** Steps of the optimiser at most. Default: no limit. */
  readonly steps?: number;
  /** Minutes at most. Default 5, where `steps` is not given. */
  readonly minutes?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly limits?: RunLimits;
  readonly onRound?: (round: TrainingRound, trainer: TwistTrainer) => void | Promise<void>;
}

/** What a round of training has seen: of executions that were drawn before it, for what was learned before it. */
export interface TrainingRound {
  readonly round: number;
  /** Steps of the optimiser up to its end. */
  readonly step: number;
  /** Mean loss of the round's steps, in nats a token. */
  readonly loss: number;
  /** Loss on what was just drawn, before any step on it. */
  readonly heldOut: number;
  /** Effective sample size of the executions, of `size`. */
  readonly ess: number;
  readonly size: number;
  /** log Σ of the weights' mean: a lower bound of log Z in expectation, in nats. Null with several sets of arguments. */
  readonly logZ: number | null;
  /** Estimate of KL(σ ‖ q) of a single execution drawn towards the twist, in nats; null when it was not weighed. */
  readonly gap: number | null;
  /** The power by which the weights counted in this round: below 1 while too few executions had all the weight. */
  readonly power: number;
  /** Seconds of training. */
  readonly time: number;
}

/** Executions drawn a round, and steps made with them. */
const DRAWN = 384;
const STEPS = 16;
/** Executions of a step. */
const BATCH = 128;
const POSITIVES = 48;
/** With simulated observations: sets of arguments a round (fewer where each has negatives drawn) and a step, and negatives. */
const SETS = 192;
const SETS_WITH_NEGATIVES = 32;
const SETS_A_STEP = 16;
const NEGATIVES_A_SET = 8;
/** Effective executions that a round's positives should come to. */
const WANTED_ESS = 24;
/** Rounds of draws before it is said that the condition is never met. */
const MOST_BARREN = 20;
/** Rounds without a better gap before training ends. */
const PATIENCE = 12;
const RATE = 0.003;
/** Steps after which the rate has fallen to 1/√2. */
const COOLING = 200;
/** Without hidden states: tokens that the network reads. */
const WINDOW = 2;

/** Learns a twist for a draw of a program. The state between two rounds is data (`TrainingState`). */
export class TwistTrainer {
  readonly curve: TrainingRound[] = [];
  private version = 0;
  private best: { network: TwistNetwork; measure: number; round: number; offset: number } | null = null;
  private spent = 0;
  /** The rounds after which what there is was measured to be the best. */
  private latest = -1;

  private constructor(
    private readonly tf: Tf,
    readonly problem: TwistProblem,
    readonly loss: TwistLoss,
    readonly simulate: boolean,
    readonly seed: number,
    readonly lm: ModelIdentity,
    private network: TwistNetwork,
    private adam: Adam,
    /** About log Z: taken from the weights of whole executions. */
    private centre: number,
    private power: number,
    /** The largest log φ that has been seen, less the centre. */
    private largest: number,
    private readonly limits: Pick<TrainingOptions, "signal" | "limits">,
  ) {}

  static async begin(problem: TwistProblem, options: TrainingOptions): Promise<TwistTrainer> {
    const tf = withGradients(await tensorFlow());
    const { simulate = false, seed = 1 } = options;
    const loss = twistLosses[options.loss ?? (simulate ? "dpg" : "ctl")];
    const { model } = problem;
    const hidden = model.hiddenSize ?? 0;
    const conditional = simulate || problem.arguments.length > 1;
    const random = seeded(seed);
    const shape = {
      vocabulary: model.vocabulary.size,
      hidden,
      window: WINDOW,
      arguments: conditional ? describeArguments(problem.arguments[0]!, model).length : 0,
    };
    const lm = await modelIdentity(model);
    const blank = TwistNetwork.begin(shape, 1, random.split(0));
    const trainer = new TwistTrainer(
      tf,
      problem,
      loss,
      simulate,
      seed,
      lm,
      blank,
      Adam.begin(blank.parameters),
      0,
      1,
      -Infinity,
      options,
    );
    await trainer.look(random.split(1));
    return trainer;
  }

  /** Goes on from what a checkpoint says. @throws TwistTrainingError PGLX004 when it is of other training. */
  static async resume(problem: TwistProblem, state: TrainingState, options: TrainingOptions): Promise<TwistTrainer> {
    const tf = withGradients(await tensorFlow());
    const loss = twistLosses[state.loss];
    const trainer = new TwistTrainer(
      tf,
      problem,
      loss,
      state.simulate,
      state.seed,
      await modelIdentity(problem.model),
      state.network,
      state.adam,
      state.centre,
      state.power,
      state.largest,
      options,
    );
    trainer.curve.push(...state.curve);
    trainer.best = state.best;
    trainer.spent = state.curve.at(-1)?.time ?? 0;
    return trainer;
  }

  /** All there is to go on from. */
  get state(): TrainingState {
    const { seed, simulate, network, adam, centre, power, largest, curve, best } = this;
    return {
      loss: this.loss.name as TwistLossName,
      simulate,
      seed,
      network,
      adam,
      centre,
      power,
      largest,
      curve: [...curve],
      best,
    };
  }

  /** What has been learned: the best that has been measured, or what there is now where that was `measure`d to be better. */
  get twist(): LearnedTwist {
    const { best } = this;
    const isBest = best !== null && this.latest !== this.curve.length;
    return new LearnedTwist(isBest ? this.dataOf(best.network, best.offset) : this.dataOf(this.network, this.offset));
  }

  /** Draws executions towards the twist as it is now, and looks whether it is the best. The state stays what it is. */
  async measure(): Promise<void> {
    const round = this.curve.length;
    if (this.best === null) return;
    const random = seeded(this.seed).split(2 + round);
    const { power, largest } = this;
    const { groups, gap } = this.simulate ? await this.simulated(random.split(0)) : await this.drawn(random.split(0));
    const { value } = this.step(groups(random.split(1), true), null);
    const ofOther = this.power === 1 && this.curve.at(-1)!.power < 1;
    const measure = (this.loss.draws === "prior" ? null : gap) ?? value;
    this.latest = ofOther || measure < this.best.measure ? round : -1;
    this.power = power;
    this.largest = largest;
  }

  /** Whether rounds have brought nothing for a while. */
  get isDone(): boolean {
    return this.best !== null && this.curve.length - this.best.round >= PATIENCE;
  }

  /** One round: draws executions towards the twist as it is, and makes steps on them. */
  async round(): Promise<TrainingRound> {
    const start = performance.now();
    const round = this.curve.length;
    const random = seeded(this.seed).split(2 + round);
    const drawn = this.simulate ? await this.simulated(random.split(0)) : await this.drawn(random.split(0));
    const { groups, ...seen } = drawn;
    const measured = this.step(groups(random.split(1), true), null);
    // Draws of the program as it is say nothing about the twist.
    const measure = this.loss.draws === "prior" ? null : seen.gap;
    this.keepBest(measure ?? measured.value, round);
    let sum = 0;
    for (let s = 0; s < STEPS; s++) {
      const rate = RATE / Math.sqrt(1 + this.adam.steps / COOLING);
      sum += this.step(groups(random.split(2 + s), false), rate).value;
      this.limits.signal?.throwIfAborted();
    }
    this.version++;
    this.spent += (performance.now() - start) / 1000;
    const result: TrainingRound = {
      round,
      step: this.adam.steps,
      loss: sum / STEPS,
      heldOut: measured.value,
      power: this.power,
      time: this.spent,
      ...seen,
    };
    this.curve.push(result);
    return result;
  }

  private get offset(): number {
    if (this.loss.proposalOnly) return 0;
    return this.power * (this.centre + (this.loss.link === "log_sigmoid" ? this.largest : 0));
  }

  private keepBest(measure: number, round: number): void {
    // A target that is still being approached is another: what was best for it does not count.
    if (this.best !== null && this.power === 1 && this.curve.at(-1)!.power < 1) this.best = null;
    if (this.best !== null && measure >= this.best.measure) return;
    this.best = { network: this.network.copy(), measure, round, offset: this.offset };
  }

  private dataOf(network: TwistNetwork, offset: number): LearnedTwistData {
    const { problem, loss, lm } = this;
    return {
      network,
      draw: problem.draw,
      program: problem.target(problem.arguments[0]!).name,
      loss: loss.name,
      lm,
      link: loss.link,
      proposalOnly: loss.proposalOnly,
      offset,
    };
  }

  /** The twist as it is, for drawing towards it. */
  private get live(): LearnedTwist {
    return new LearnedTwist(this.dataOf(this.network, this.offset), null, () => this.version).trusting(
      this.problem.model,
    );
  }

  private twistFor(given: readonly unknown[]): LearnedTwist | null {
    return this.loss.draws === "prior" || this.curve.length === 0 ? null : this.live.with(given);
  }

  /** First executions, drawn from the program as it is: how large hidden states and weights are. */
  private async look(random: RandomSource): Promise<void> {
    const first = this.simulate
      ? (await this.simulateSets(random, null)).flatMap((s) => [s.positive, ...s.negatives])
      : (
          await Promise.all(
            this.problem.arguments
              .slice(0, 4)
              .map((given, i) => this.executions(given, random.split(i), DRAWN / 4, null)),
          )
        ).flat();
    let squares = 0;
    let count = 0;
    for (const { places } of first) {
      for (const { hidden } of places) {
        if (hidden === null) continue;
        for (const x of hidden) squares += x * x;
        count += hidden.length;
      }
    }
    const { shape, parameters } = this.network;
    this.network = new TwistNetwork(shape, parameters, squares > 0 ? 1 / Math.sqrt(squares / count) : 1);
    this.centre = logMean(first.map((e) => e.wholeRatio + e.wholeFactors).filter((w) => w > -Infinity));
  }

  private async executions(
    given: readonly unknown[],
    random: RandomSource,
    count: number,
    twist: LearnedTwist | null,
  ): Promise<readonly SpanExecution[]> {
    const { problem, loss, limits } = this;
    const { executions } = await drawExecutions(problem.target(given), problem.services, random, count, {
      span: problem.draw,
      twist,
      prior: loss.needsPrior,
      window: WINDOW,
      signal: limits.signal,
      limits: limits.limits,
    });
    if (executions.length === 0) {
      throw new TwistTrainingError("PGLX002", `No execution came to a draw \`${problem.draw}\` of a text.`, {
        hint: "Name the draw of a text: --draw NAME.",
      });
    }
    return executions;
  }

  /** Executions drawn towards the twist: positives are chosen among them by their final weights. */
  private async drawn(random: RandomSource): Promise<Drawn> {
    const { problem } = this;
    const sets = problem.arguments.map((given, i) => ({ given, i }));
    const some = sets.length <= 4 ? sets : rotate(sets, 4 * this.curve.length).slice(0, 4);
    const each = Math.ceil(DRAWN / some.length);
    const pools: SpanExecution[][] = [];
    for (const { given, i } of some) {
      const pool: SpanExecution[] = [];
      for (let barren = 0; ; barren++) {
        const more = await this.executions(given, random.split(i).split(barren), each, this.twistFor(given));
        pool.push(...more);
        if (pool.some((e) => e.wholeFactors > -Infinity)) break;
        if (barren === MOST_BARREN) throw neverMet(problem.draw, pool.length);
      }
      pools.push(pool);
    }
    this.seen(pools.flat());
    this.power = Math.max(...[this.curve.at(-1)?.power ?? 0], Math.min(...pools.map(powerFor)));
    const weights = pools.map((pool) => pool.map((e) => e.wholeRatio + e.wholeFactors));
    const evidence = weights.map(logMean);
    const gaps = weights.map((w, i) => {
      const shares = normalised(w);
      return w.reduce((sum, x, k) => sum + (shares[k]! > 0 ? shares[k]! * x : 0), 0) - evidence[i]!;
    });
    const { power } = this;
    const groups = (stream: RandomSource, whole: boolean): AssembledGroups => ({
      beta: power,
      described: some.map(({ given }) => this.described(given)),
      groups: pools.map((pool, g) => {
        const own = stream.split(g);
        const shares = normalised(pool.map((e) => e.wholeRatio + power * e.wholeFactors));
        if (whole) {
          return pool.map((execution, k) => ({
            execution,
            positive: shares[k]!,
            negative: true,
            behaviour: 1 / pool.length,
          }));
        }
        // The same executions are positives, by their whole weights, and negatives, by those of their beginnings: what is
        // pushed up is then among what is pushed down, and the loss has a minimum.
        const some = sample(pool.length, Math.ceil(BATCH / pools.length), own);
        const among = normalised(some.map((k) => pool[k]!.wholeRatio + power * pool[k]!.wholeFactors));
        if (this.loss.proposalOnly) {
          // The whole vocabulary is looked at for each: executions of next to no weight are not worth it.
          return chosen(among, POSITIVES, own.split(0)).map((i) => member(pool[some[i]!]!, 1 / POSITIVES, false, 0));
        }
        return some.map((k, i) => member(pool[k]!, among[i]!, true, 1 / some.length));
      }),
    });
    return {
      groups,
      ess: mean(weights.map((w) => essOf(normalised(w)))),
      size: mean(weights.map((w) => w.length)),
      logZ: evidence.length === 1 ? evidence[0]! : null,
      gap: mean(gaps),
    };
  }

  private async simulateSets(
    random: RandomSource,
    twist: ((given: readonly unknown[]) => LearnedTwist | null) | null,
  ): Promise<readonly SimulatedSet[]> {
    const { problem, loss, limits } = this;
    return simulateExecutions(problem, random, {
      sets: loss.proposalOnly ? SETS : SETS_WITH_NEGATIVES,
      negatives: loss.proposalOnly ? 0 : NEGATIVES_A_SET,
      twist: twist ?? (() => null),
      prior: loss.needsPrior,
      window: WINDOW,
      signal: limits.signal,
      limits: limits.limits,
    });
  }

  /** Executions simulated with what they observe: exact positives, each for observations of its own. */
  private async simulated(random: RandomSource): Promise<Drawn> {
    const sets = await this.simulateSets(random, (given) => this.twistFor(given));
    this.seen(sets.map((s) => s.positive));
    const groups = (stream: RandomSource, whole: boolean): AssembledGroups => {
      const some = whole
        ? sets.slice(0, 2 * SETS_A_STEP)
        : Array.from(
            { length: this.loss.proposalOnly ? POSITIVES : SETS_A_STEP },
            (_, i) => sets[stream.split(i).below(sets.length)]!,
          );
      return {
        beta: 1,
        described: some.map(({ given }) => this.described(given)),
        groups: some.map(({ positive, negatives }) => [
          member(positive, 1, false, 1),
          ...negatives.map((execution) => member(execution, 0, true, 0)),
        ]),
      };
    };
    return { groups, ess: sets.length, size: sets.length, logZ: null, gap: null };
  }

  private seen(executions: readonly SpanExecution[]): void {
    for (const { wholeFactors, logFactors } of executions) {
      this.largest = Math.max(this.largest, wholeFactors - logFactors.at(-1)! - this.centre);
    }
  }

  private described(given: readonly unknown[]): Float32Array {
    return this.network.shape.arguments === 0 ? new Float32Array(0) : describeArguments(given, this.problem.model);
  }

  /** The loss of a batch, and, with a rate, a step against its gradient. */
  private step({ groups, described, beta }: AssembledGroups, rate: number | null): { value: number } {
    const { tf, network, loss } = this;
    const batch = assemble(groups, { beta, centre: this.centre, largest: this.largest });
    const used = parameterNames.filter((name) => network.parameters[name].length > 0);
    return tf.tidy(() => {
      const all = network.tensors(tf);
      const value = (...some: unknown[]) => {
        const parameters = parameterNames.map((name, i) => {
          const at = used.indexOf(name);
          return at < 0 ? all[i]! : (some[at] as (typeof all)[number]);
        });
        const seen = network.at(tf, parameters, batch.places, described, batch.set);
        return loss.value(tf, batch, outputsOf(tf, batch, seen, network.shape.vocabulary));
      };
      const given = used.map((name) => all[parameterNames.indexOf(name)]!);
      if (rate === null) return { value: value(...given).dataSync()[0]! };
      const { value: result, grads } = tf.valueAndGrads(value as never)(given);
      const gradients = { ...network.parameters } as Record<ParameterName, Float32Array>;
      used.forEach((name, i) => (gradients[name] = grads[i]!.dataSync() as Float32Array));
      const found = result.dataSync()[0]!;
      if (!Number.isFinite(found)) {
        throw new TwistTrainingError("PGLX003", `The loss of step ${this.adam.steps} is ${found}.`, {
          hint: "Weights of the program that are very large or NaN do this.",
        });
      }
      this.adam.step(network.parameters, gradients, rate);
      return { value: found };
    });
  }
}

/** What training goes on from. */
export interface TrainingState {
  readonly loss: TwistLossName;
  readonly simulate: boolean;
  readonly seed: number;
  readonly network: TwistNetwork;
  readonly adam: Adam;
  readonly centre: number;
  readonly power: number;
  readonly largest: number;
  readonly curve: readonly TrainingRound[];
  readonly best: { network: TwistNetwork; measure: number; round: number; offset: number } | null;
}

interface AssembledGroups {
  readonly groups: readonly (readonly Member[])[];
  readonly described: readonly Float32Array[];
  readonly beta: number;
}

interface Drawn extends Pick<TrainingRound, "ess" | "size" | "logZ" | "gap"> {
  /** A batch: all that was drawn, or some of it. */
  readonly groups: (stream: RandomSource, whole: boolean) => AssembledGroups;
}

const member = (execution: SpanExecution, positive: number, negative: boolean, behaviour: number): Member => ({
  execution,
  positive,
  negative,
  behaviour,
});

/** What losses see of a network's outputs on a batch. */
function outputsOf(tf: Tf, batch: AssembledBatch, seen: PlacesSeen, size: number): TwistOutputs {
  const { paths, steps, tokens, entries, executions } = batch;
  const put = (rows: Parameters<TwistOutputs["spread"]>[0]) => spread(tf, rows, entries, [paths, steps]);
  return {
    all: seen.all,
    chosen: () => put(seen.tokens(tokens)),
    spread: put,
    logPrior: () => {
      const rows = new Float32Array(entries.length * size);
      let at = 0;
      for (const execution of executions) {
        for (const row of execution?.logPrior ?? []) {
          rows.set(row, at);
          at += size;
        }
      }
      return rows;
    },
  };
}

/** Trains until a limit is met or nothing gets better. @returns the trainer, with the best twist. */
export async function trainTwist(trainer: TwistTrainer, options: TrainingOptions): Promise<TwistTrainer> {
  const { steps = Infinity, signal, onRound } = options;
  const seconds = 60 * (options.minutes ?? (options.steps === undefined ? 5 : Infinity));
  for (;;) {
    const last = trainer.curve.at(-1);
    if (signal?.aborted === true) return trainer;
    if ((last?.step ?? 0) >= steps || (last?.time ?? 0) >= seconds || trainer.isDone) {
      await trainer.measure();
      return trainer;
    }
    const round = await trainer.round();
    await onRound?.(round, trainer);
  }
}

/** The largest power of the weights that leaves enough executions with a share; 1 where the weights themselves do. */
function powerFor(pool: readonly SpanExecution[]): number {
  const alive = pool.filter((e) => e.wholeFactors > -Infinity);
  const wanted = Math.min(WANTED_ESS, alive.length / 2);
  const ess = (power: number): number => essOf(normalised(alive.map((e) => e.wholeRatio + power * e.wholeFactors)));
  if (ess(1) >= wanted) return 1;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (ess(middle) >= wanted) low = middle;
    else high = middle;
  }
  return low;
}

const neverMet = (draw: string, count: number): TwistTrainingError =>
  new TwistTrainingError(
    "PGLX002",
    `In ${count} executions none had a weight above zero: there is nothing to learn \`${draw}\` from.`,
    {
      hint: "Give the text a constraint that guides it (`matching:`), or weigh with a `factor` instead of ruling out.",
    },
  );

function logMean(logs: readonly number[]): number {
  const most = Math.max(...logs);
  if (!(most > -Infinity)) return logs.length === 0 ? 0 : -Infinity;
  return most + Math.log(logs.reduce((sum, x) => sum + Math.exp(x - most), 0) / logs.length);
}

function normalised(logs: readonly number[]): readonly number[] {
  const most = Math.max(...logs);
  if (!(most > -Infinity)) return logs.map(() => 0);
  const weights = logs.map((x) => Math.exp(x - most));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

const essOf = (shares: readonly number[]): number =>
  1 /
  Math.max(
    1e-300,
    shares.reduce((sum, w) => sum + w * w, 0),
  );

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const rotate = <T>(values: readonly T[], by: number): readonly T[] =>
  values.map((_, i) => values[(i + by) % values.length]!);

/** Systematic draws by the given shares. */
function chosen(shares: readonly number[], count: number, random: RandomSource): number[] {
  const start = random.uniform();
  const picks: number[] = [];
  let sum = 0;
  let k = 0;
  for (let i = 0; i < count; i++) {
    const at = (start + i) / count;
    while (k < shares.length - 1 && sum + shares[k]! <= at) sum += shares[k++]!;
    picks.push(k);
  }
  return picks;
}

/** So many of the numbers below `size`, all different. */
function sample(size: number, count: number, random: RandomSource): number[] {
  const all = Array.from({ length: size }, (_, i) => i);
  for (let i = 0; i < Math.min(count, size); i++) {
    const at = i + random.split(i + 1).below(size - i);
    [all[i], all[at]] = [all[at]!, all[i]!];
  }
  return all.slice(0, count);
}
