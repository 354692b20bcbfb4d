import type * as Tfjs from "@tensorflow/tfjs-core";
import { modelIdentity, type LanguageModel, type ModelIdentity } from "@pgl/lm";
import {
  LogWeights,
  resamplers,
  seeded,
  tensorFlow,
  type RandomSource,
  type RunLimits,
  type Target,
} from "@pgl/runtime";
import { Adam } from "./adam.js";
import { describeArguments } from "./arguments.js";
import { BatchOutputs } from "./batch-outputs.js";
import { assemble, type AssembledBatch, type Member } from "./batch.js";
import { TwistTrainingError } from "./errors.js";
import { drawExecutions, type SpanExecution } from "./executions.js";
import { Evaluation } from "./evaluation.js";
import { LearnedTwist, type LearnedTwistData } from "./learned-twist.js";
import { twistLosses, type TwistLoss, type TwistLossName } from "./losses/index.js";
import { TwistNetwork } from "./network.js";
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
const DRAWN = 768;
const STEPS = 16;
/** Executions of a step. */
const BATCH = 128;
const POSITIVES = 48;
/** With simulated observations: sets of arguments a round, those of them that have negatives drawn, and those of a step. */
const SETS = 512;
const CONTRASTED = 48;
const CONTRASTED_A_STEP = 16;
const NEGATIVES_A_SET = 6;
/** Effective executions that a round's positives should come to. */
const WANTED_ESS = 24;
/** Rounds of draws before it is said that the condition is never met. */
const MOST_BARREN = 20;
/** Rounds whose measures are averaged before they are compared: one is noisy. */
const MEASURED = 3;
/** Rounds without a better gap before training ends. */
const PATIENCE = 12;
/** What drawing and keeping use is the mean of the parameters over about 1/(1 − AVERAGED) steps. */
const AVERAGED = 0.95;
const RATE = 0.004;
/** Steps after which the rate has fallen to 1/√2. */
const COOLING = 200;
/** Without hidden states: tokens that the network reads. */
const WINDOW = 2;

/** Learns a twist for a draw of a program. The state between two rounds is data (`TrainingState`). */
export class TwistTrainer {
  readonly curve: TrainingRound[] = [];
  private best: { network: TwistNetwork; measure: number; round: number; offset: number } | null = null;
  private spent = 0;
  /** The rounds after which what there is was measured to be the best. */
  private latest = -1;

  private constructor(
    private readonly tf: typeof Tfjs,
    readonly problem: TwistProblem,
    readonly loss: TwistLoss,
    readonly simulate: boolean,
    readonly seed: number,
    readonly lm: ModelIdentity,
    private network: TwistNetwork,
    /** With the mean of the latest parameters: what is drawn towards, measured and kept. */
    private average: TwistNetwork,
    private adam: Adam,
    /** About log Z: taken from the weights of whole executions. */
    private centre: number,
    private power: number,
    /** The largest log φ that has been seen, less the centre. */
    private largest: number,
    private readonly limits: Pick<TrainingOptions, "signal" | "limits">,
  ) {}

  static async begin(problem: TwistProblem, options: TrainingOptions): Promise<TwistTrainer> {
    const tf = await tensorFlow();
    const { simulate = false, seed = 1 } = options;
    const loss = twistLosses[options.loss ?? (simulate ? "dpg" : "ctl")];
    const { model } = problem;
    const hidden = model.hiddenSize ?? 0;
    const random = seeded(seed);
    const shape = {
      vocabulary: model.vocabulary.size,
      hidden,
      window: WINDOW,
      arguments: argumentsSize(problem, simulate),
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

  /**
   * Goes on from what a checkpoint says. A loss or a seed that `options` does not say is as it was.
   * @throws TwistTrainingError PGLX004 when it is of other training.
   */
  static async resume(problem: TwistProblem, state: TrainingState, options: TrainingOptions): Promise<TwistTrainer> {
    const { loss: wanted = state.loss, simulate = false, seed = state.seed } = options;
    const now = { loss: wanted, simulate, seed };
    for (const name of ["loss", "simulate", "seed"] as const) {
      if (now[name] !== state[name]) {
        throw otherTraining(`\`${name}\` was ${state[name]}, and is ${now[name]} now`);
      }
    }
    if (state.network.shape.arguments !== argumentsSize(problem, state.simulate)) {
      throw otherTraining("it was for other arguments");
    }
    const tf = await tensorFlow();
    const loss = twistLosses[state.loss];
    const trainer = new TwistTrainer(
      tf,
      problem,
      loss,
      state.simulate,
      state.seed,
      await modelIdentity(problem.model),
      state.network,
      state.average,
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
    const { seed, simulate, network, average, adam, centre, power, largest, curve, best } = this;
    return {
      loss: this.loss.name as TwistLossName,
      simulate,
      seed,
      network,
      average,
      adam,
      centre,
      power,
      largest,
      curve: [...curve],
      best,
    };
  }

  /**
   * What has been learned: the best that has been measured, or what there is now where that was `measure`d to be better.
   * Training that goes on does not change it.
   */
  get twist(): LearnedTwist {
    const { best } = this;
    const isBest = best !== null && this.latest !== this.curve.length;
    return new LearnedTwist(
      isBest ? this.dataOf(best.network, best.offset) : this.dataOf(this.average.copy(), this.offset),
    );
  }

  /** Draws executions towards the twist as it is now, and looks whether it is the best. The state stays what it is. */
  async measure(): Promise<void> {
    const round = this.curve.length;
    if (this.best === null) return;
    const random = seeded(this.seed).split(2 + round);
    const { power, largest } = this;
    const { groups, gap } = this.simulate ? await this.simulated(random.split(0)) : await this.drawn(random.split(0));
    const value = this.lossOf(groups(random.split(1), true));
    const ofOther = this.power === 1 && this.curve.at(-1)!.power < 1;
    const measure = this.measureOf({ gap, heldOut: value });
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
    const heldOut = this.lossOf(groups(random.split(1), true));
    this.keepBest(this.measureOf({ gap: seen.gap, heldOut }), round);
    let sum = 0;
    for (let s = 0; s < STEPS; s++) {
      const rate = RATE / Math.sqrt(1 + this.adam.steps / COOLING);
      sum += this.step(groups(random.split(2 + s), false), rate);
      this.average.approach(this.network, 1 - Math.min(AVERAGED, this.adam.steps / (this.adam.steps + 10)));
      this.limits.signal?.throwIfAborted();
    }
    this.spent += (performance.now() - start) / 1000;
    const result: TrainingRound = {
      round,
      step: this.adam.steps,
      loss: sum / STEPS,
      heldOut,
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

  /** How good the twist is that these executions were drawn towards, with those of the rounds just before: less is better. */
  private measureOf(now: Pick<TrainingRound, "gap" | "heldOut">): number {
    // Draws of the program as it is say nothing about the twist.
    const one = ({ gap, heldOut }: typeof now): number => (this.loss.draws === "prior" ? null : gap) ?? heldOut;
    return mean([...this.curve.slice(1 - MEASURED), now].map(one));
  }

  private keepBest(measure: number, round: number): void {
    // A target that is still being approached is another: what was best for it does not count.
    if (this.best !== null && this.power === 1 && this.curve.at(-1)!.power < 1) this.best = null;
    if (this.best !== null && measure >= this.best.measure) return;
    this.best = { network: this.average.copy(), measure, round, offset: this.offset };
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
    return new LearnedTwist(this.dataOf(this.average, this.offset)).trusting(this.problem.model);
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
    this.average = this.network.copy();
    const possible = first.filter(isPossible);
    this.centre = possible.length === 0 ? 0 : weightsOf(possible).logMean();
  }

  private async executions(
    given: readonly unknown[],
    random: RandomSource,
    count: number,
    twist: LearnedTwist | null,
  ): Promise<readonly SpanExecution[]> {
    const { problem, limits } = this;
    const { executions } = await drawExecutions(problem.target(given), problem.services, random, count, {
      span: problem.draw,
      twist,
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
        // A twist that has gone wrong does not keep from what there is to learn it from.
        const twist = barren === 0 ? this.twistFor(given) : null;
        const more = await this.executions(given, random.split(i).split(barren), each, twist);
        pool.push(...more);
        if (pool.some(isPossible)) break;
        if (barren === MOST_BARREN) throw neverMet(problem.draw, pool.length);
      }
      pools.push(pool);
    }
    this.seen(pools.flat());
    this.power = Math.max(this.curve.at(-1)?.power ?? 0, Math.min(...pools.map(powerFor)));
    const weights = pools.map((pool) => weightsOf(pool));
    const gaps = weights.map((w) => {
      const mean = w.normalized().reduce((sum, share, k) => sum + (share > 0 ? share * w.at(k) : 0), 0);
      return mean - w.logMean();
    });
    const { power } = this;
    const groups = (stream: RandomSource, whole: boolean): AssembledGroups => ({
      beta: power,
      described: some.map(({ given }) => this.described(given)),
      contrast: pools.map(() => 1),
      groups: pools.map((pool, g) => {
        const own = stream.split(g);
        const all = (some: readonly SpanExecution[]): Member[] => {
          const shares = weightsOf(some, power).normalized();
          return some.map((execution, k) => member(execution, shares[k]!, true, 1 / some.length));
        };
        if (whole) return all(pool);
        // The same executions are positives, by their whole weights, and negatives, by those of their beginnings: what is
        // pushed up is then among what is pushed down, and the loss has a minimum.
        const some = sample(pool, Math.ceil(BATCH / pools.length), own);
        // Without any positive there would be no minimum either.
        if (!some.some(isPossible)) {
          const possible = pool.filter(isPossible);
          some[0] = possible[own.split(pool.length + 1).below(possible.length)]!;
        }
        if (!this.loss.proposalOnly) return all(some);
        // The whole vocabulary is looked at for each: executions of next to no weight are not worth it.
        const { ancestors } = resamplers.systematic.resample(weightsOf(some, power), POSITIVES, own.split(0));
        return Array.from(ancestors, (i) => member(some[i]!, 1 / POSITIVES, false, 0));
      }),
    });
    return {
      groups,
      ess: mean(weights.map((w) => w.ess())),
      size: mean(weights.map((w) => w.length)),
      logZ: weights.length === 1 ? weights[0]!.logMean() : null,
      gap: mean(gaps),
    };
  }

  private async simulateSets(
    random: RandomSource,
    twist: ((given: readonly unknown[]) => LearnedTwist | null) | null,
  ): Promise<readonly SimulatedSet[]> {
    const { problem, loss, limits } = this;
    return simulateExecutions(problem, random, {
      sets: loss.contrasted === "all" ? CONTRASTED : SETS,
      contrasted: loss.contrasted === "none" ? 0 : CONTRASTED,
      negatives: NEGATIVES_A_SET,
      twist: twist ?? (() => null),
      window: WINDOW,
      signal: limits.signal,
      limits: limits.limits,
    });
  }

  /** Executions simulated with what they observe: exact positives, each for observations of its own. */
  private async simulated(random: RandomSource): Promise<Drawn> {
    const sets = await this.simulateSets(random, (given) => this.twistFor(given));
    this.seen(sets.map((s) => s.positive));
    // A mean over what the program draws as it is: exact draws of the target are none.
    const ofPrior = this.loss.draws === "prior";
    const contrasted = sets.filter(({ negatives }) => negatives.length > 0);
    const alone = sets.filter(({ negatives }) => negatives.length === 0);
    const groups = (stream: RandomSource, whole: boolean): AssembledGroups => {
      const of = (from: readonly SimulatedSet[], count: number, own: RandomSource): SimulatedSet[] =>
        from.length === 0
          ? []
          : whole
            ? from.slice(0, 2 * count)
            : Array.from({ length: count }, (_, i) => from[own.split(i).below(from.length)]!);
      const against = of(contrasted, CONTRASTED_A_STEP, stream.split(0));
      const some = [...against, ...of(alone, POSITIVES, stream.split(1))];
      return {
        beta: 1,
        described: some.map(({ given }) => this.described(given)),
        contrast: some.map((_, i) => (i < against.length ? some.length / against.length : 0)),
        groups: some.map(({ positive, negatives }, i) => [
          member(positive, 1, i < against.length && this.loss.contrasted === "some", ofPrior ? 0 : 1),
          ...negatives.map((execution) => member(execution, 0, true, ofPrior ? 1 / negatives.length : 0)),
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

  /** The loss of a batch, of the mean of the latest parameters. */
  private lossOf(groups: AssembledGroups): number {
    return this.evaluated(this.average, groups, (batch, outputs) => this.loss.at(batch, outputs).value);
  }

  /** A step against the gradient of the loss of a batch. @returns the loss before it */
  private step(groups: AssembledGroups, rate: number): number {
    const { network, loss, adam } = this;
    return this.evaluated(network, groups, (batch, outputs, at) => {
      const { value, ...derivatives } = loss.at(batch, outputs);
      if (!Number.isFinite(value)) {
        throw new TwistTrainingError("PGLX003", `The loss of step ${adam.steps} is ${value}.`, {
          hint: "Weights of the program that are very large or NaN do this.",
        });
      }
      adam.step(network.parameters, at.gradients(outputs.cotangents(derivatives)), rate);
      return value;
    });
  }

  /** Looks at what a network makes of a batch. */
  private evaluated(
    network: TwistNetwork,
    { groups, described, contrast, beta }: AssembledGroups,
    look: (batch: AssembledBatch, outputs: BatchOutputs, at: Evaluation) => number,
  ): number {
    const { tf, centre, largest } = this;
    const batch = assemble(groups, contrast, { beta, centre, largest });
    return tf.tidy(() => {
      const at = new Evaluation(tf, network, batch.places, described, batch.set);
      return look(batch, new BatchOutputs(batch, at.x), at);
    });
  }
}

/** What training goes on from. */
export interface TrainingState {
  readonly loss: TwistLossName;
  readonly simulate: boolean;
  readonly seed: number;
  readonly network: TwistNetwork;
  /** With the mean of the latest parameters. */
  readonly average: TwistNetwork;
  readonly adam: Adam;
  readonly centre: number;
  readonly power: number;
  readonly largest: number;
  readonly curve: readonly TrainingRound[];
  readonly best: { network: TwistNetwork; measure: number; round: number; offset: number } | null;
}

interface AssembledGroups {
  readonly contrast: readonly number[];
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
  const possible = pool.filter(isPossible);
  const wanted = Math.min(WANTED_ESS, possible.length / 2);
  const ess = (power: number): number => weightsOf(possible, power).ess();
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

/** Numbers that a network reads of the arguments: none where there is one set of them. */
const argumentsSize = ({ arguments: sets, model }: TwistProblem, simulate: boolean): number =>
  simulate || sets.length > 1 ? describeArguments(sets[0]!, model).length : 0;

const otherTraining = (why: string): TwistTrainingError =>
  new TwistTrainingError("PGLX004", `The checkpoint is of other training: ${why}.`, {
    hint: "Go on with the options that it was begun with, or train without a checkpoint.",
  });

/** Whether it was not ruled out. */
const isPossible = ({ wholeFactors }: SpanExecution): boolean => wholeFactors > -Infinity;

/** The weights of executions, those of the program by a power; what is ruled out is so with every power, 0 too. */
const weightsOf = (executions: readonly SpanExecution[], power = 1): LogWeights =>
  new LogWeights(executions.map((e) => (isPossible(e) ? e.wholeRatio + power * e.wholeFactors : -Infinity)));

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const rotate = <T>(values: readonly T[], by: number): readonly T[] =>
  values.map((_, i) => values[(i + by) % values.length]!);

/** So many of some values, none of them twice. */
function sample<T>(values: readonly T[], count: number, random: RandomSource): T[] {
  const all = [...values];
  for (let i = 0; i < Math.min(count, all.length); i++) {
    const at = i + random.split(i + 1).below(all.length - i);
    [all[i], all[at]] = [all[at]!, all[i]!];
  }
  return all.slice(0, count);
}
