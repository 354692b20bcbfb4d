import type { Environment } from "../../machine/environment.js";
import { TraceLedger } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import type { ChainDraw, ChainRecord } from "../blocks/chain-posterior.js";
import { Execution } from "../blocks/execution.js";
import type { Death } from "../blocks/population.js";
import { RunEnvironment } from "../environment.js";
import type { Progress, Target } from "../method.js";
import { holdersOf } from "./holders.js";
import type { Kernel, Steps } from "./kernel.js";
import { together, Walk } from "./walk.js";

export interface ChainSettings {
  /** Values kept of each chain. */
  readonly samples: number;
  /** Steps before the first that counts. */
  readonly burn: number;
  /** Steps from one kept value to the next. */
  readonly thin: number;
}

/** Executions drawn in search of one of positive weight, for each chain. */
export const MOST_STARTS = 10_000;
/** Of these, at once. */
const STARTS_AT_ONCE = 64;
/** Steps between two reports. */
const REPORT = 64;

/**
 * Markov chains on the executions of a program, side by side: all make a step before one makes the next, and what they wait
 * for is asked for together. Each chain has its own stream of randomness, so what it does depends neither on how many there
 * are nor on how they are batched, unless `exchange` makes them meet.
 */
export class Chains {
  /** Where each chain is; empty until all have a start, and when there is none. */
  executions: Execution[] = [];
  readonly walks: readonly Walk[];
  /** What was kept, of the first chains only when there are fewer records than chains. */
  readonly records: readonly ChainRecord[];
  readonly ledger = new TraceLedger();
  private readonly waiting: { readonly chain: number; readonly steps: Steps<Execution> }[] = [];
  private starts = 0;
  private lastDeath: Death | null = null;
  /** What was kept last, and of which execution: a chain that stays keeps the same object. */
  private readonly different: ChainDraw[] = [];
  private readonly last: { execution: Execution; draw: ChainDraw }[] = [];

  constructor(
    private readonly method: string,
    private readonly program: Target,
    private readonly kernel: Kernel,
    private readonly settings: ChainSettings,
    private readonly environment: Environment,
    private readonly options: {
      /** Inverse temperature of each chain. */
      readonly betas: readonly number[];
      /** Chains of which values are kept: the first ones. */
      readonly recorded: number;
      /** Done after each step with where the chains are. */
      readonly exchange?: (executions: Execution[], step: number) => void;
    },
  ) {
    const streams = environment.random.split(1);
    this.walks = options.betas.map((beta, c) => {
      const walk = new Walk(program, environment, streams.split(c), this.ledger);
      walk.beta = beta;
      return walk;
    });
    this.records = Array.from({ length: options.recorded }, () => ({ draws: [], accepted: 0, steps: 0 }));
  }

  /** Executions begun. */
  get begun(): number {
    return this.walks.reduce((sum, walk) => sum + walk.proposed, this.starts);
  }

  /** A step of every chain that has not to wait. True when some have. */
  private stepAll(): boolean {
    const { executions, walks, kernel, waiting } = this;
    for (let c = 0; c < walks.length; c++) {
      const next = kernel.step(executions[c]!, walks[c]!);
      if (next instanceof Execution) executions[c] = next;
      else waiting.push({ chain: c, steps: next });
    }
    return waiting.length > 0;
  }

  private *wait(): Generator<Promise<void>, void, void> {
    const { waiting, walks } = this;
    const reached = yield* together(
      waiting.map(({ steps }) => steps),
      waiting.map(({ chain }) => walks[chain]!),
      this.environment,
    );
    for (const [i, { chain }] of waiting.entries()) this.executions[chain] = reached[i]!;
    waiting.length = 0;
  }

  private get total(): number {
    const { burn, samples, thin } = this.settings;
    return burn + samples * thin;
  }

  get death(): Death | null {
    return this.lastDeath;
  }

  *run(): Generator<Progress | Promise<void>, void, void> {
    const { environment, walks, ledger } = this;
    const { total } = this;
    const { burn, thin } = this.settings;
    const started = yield* this.start();
    if (started === null) return;
    this.executions = started;
    const maxSteps = environment instanceof RunEnvironment ? environment.maxSteps : Infinity;
    for (const walk of walks) walk.adapting = burn > 0;
    for (let step = 1; step <= total; step++) {
      if (step === burn + 1) this.endBurnIn();
      if (this.stepAll()) yield* this.wait();
      this.options.exchange?.(this.executions, step);
      if (step > burn && (step - burn) % thin === 0) this.keep();
      if (ledger.isDue) ledger.compact(holdersOf(this.executions, this.different));
      if (step % REPORT !== 0 && step !== total && step < maxSteps) continue;
      this.count();
      yield this.progress(step, total);
    }
  }

  /** An execution of positive weight for each chain, from the prior; null when one is not found. */
  private *start(): Generator<Progress | Promise<void>, Execution[] | null, void> {
    const { program, environment, ledger } = this;
    const streams = environment.random.split(2);
    const found = new Array<Execution | null>(this.walks.length).fill(null);
    let atOnce = 1;
    for (let tried = 0; tried < MOST_STARTS && found.includes(null); tried += atOnce, atOnce = next(atOnce)) {
      const attempts: { readonly chain: number; readonly walk: Walk }[] = [];
      for (let chain = 0; chain < found.length; chain++) {
        if (found[chain] !== null) continue;
        const own: RandomSource = streams.split(chain);
        for (let k = 0; k < atOnce; k++)
          attempts.push({ chain, walk: new Walk(program, environment, own.split(tried + k), ledger) });
      }
      this.starts += attempts.length;
      const executions = yield* together(
        attempts.map(({ walk }) => walk.start()),
        attempts.map(({ walk }) => walk),
        environment,
      );
      attempts.forEach(({ chain, walk }, i) => {
        found[chain] ??= executions[i]!;
        if (executions[i] === null) this.lastDeath = { site: walk.lastDeath, step: 0 };
      });
      if (ledger.isDue) ledger.compact(holdersOf(found));
      yield this.progress(0, this.total);
    }
    return found.includes(null) ? null : (found as Execution[]);
  }

  private endBurnIn(): void {
    for (const walk of this.walks) walk.adapting = false;
    this.starts = this.begun;
    for (const walk of this.walks) walk.proposed = walk.accepted = 0;
  }

  /** Tells the records how many steps there were since burn-in. */
  private count(): void {
    this.records.forEach((record, c) => {
      const { accepted, proposed, adapting } = this.walks[c]!;
      if (adapting) return;
      record.accepted = accepted;
      record.steps = proposed;
    });
  }

  private keep(): void {
    const { records, last, executions } = this;
    for (let c = 0; c < records.length; c++) {
      const execution = executions[c]!;
      const record = records[c]!;
      if (last[c]?.execution !== execution) {
        const { value, lastDraw, logFactors } = execution;
        last[c] = { execution, draw: { value, lastDraw, logWeight: logFactors } };
        this.different.push(last[c]!.draw);
      }
      record.draws.push(last[c]!.draw);
    }
  }

  private progress(step: number, total: number): Progress {
    const kept = this.records.reduce((sum, { draws }) => sum + draws.length, 0);
    return { method: this.method, step, total, alive: this.walks.length, finished: kept, ess: kept, logZ: null };
  }
}

const next = (atOnce: number): number => Math.min(2 * atOnce, STARTS_AT_ONCE);
