import type { Environment } from "../../machine/environment.js";
import { showSite, type Site } from "../../machine/site.js";
import { TraceLedger } from "../../machine/trace.js";
import { LogWeights, type ResamplingScheme } from "../../weights/index.js";
import { drive, warningsOf, warnOfStop } from "../blocks/drive.js";
import { logEvidenceError } from "../blocks/evidence-error.js";
import type { Execution } from "../blocks/execution.js";
import type { Progress, RunOptions, Target } from "../method.js";
import { Posterior, type HistoryEntry, type MethodReport, type WeightedSample } from "../posterior.js";
import { holdersOf } from "./holders.js";
import { through, type Kernel } from "./kernel.js";
import { together, Walk } from "./walk.js";

export interface TemperingSettings {
  readonly particles: number;
  /** Steps of the inverse temperature from 0 to 1. */
  readonly temperatures: number;
  /** Kernel steps of each particle at each temperature between the two. */
  readonly moves: number;
  /** When and how to resample; null: never. */
  readonly resampling: { readonly scheme: ResamplingScheme; readonly ess: number } | null;
}

/** The inverse temperature of the k-th of n steps: (k/n)², for what changes most is what happens first. */
export const inverseTemperature = (k: number, n: number): number => (k / n) ** 2;

/**
 * Weighted executions that are led from the prior to the posterior through `prior × exp(β · factors)`, β from 0 to 1 by a
 * schedule that is fixed beforehand. At each β the weights take over what the target has changed by, exp(Δβ · factors);
 * then particles may be resampled, and are moved by a kernel that leaves the target at β invariant.
 *
 * Identity: the population is properly weighted for the target at β after each of these (annealed importance sampling: Neal,
 * Statistics and Computing 2001, eq. 11; with resampling: Del Moral, Doucet & Jasra, Sequential Monte Carlo samplers, JRSS B
 * 2006, with the backward kernel of section 3.3.2.3), so E[Ẑ·p̂(r)] = Z·p(r) for every number of particles, temperatures and
 * moves. Executions that a condition rules out at the start have weight zero from the first β above 0 on.
 */
export class Tempering {
  /** By slot; null for one of weight zero. */
  private executions: (Execution | null)[] = [];
  private readonly walks: readonly Walk[];
  private logWeights: Float64Array;
  /** The slot of the beginning that each execution descends from. */
  private readonly eve: Int32Array;
  private resampled = 0;
  private beta = 0;
  private readonly ledger = new TraceLedger();
  private readonly history: HistoryEntry[] = [];

  constructor(
    private readonly program: Target,
    private readonly kernel: Kernel,
    private readonly settings: TemperingSettings,
    private readonly environment: Environment,
  ) {
    const { particles } = settings;
    const streams = environment.random.split(1);
    this.walks = Array.from(
      { length: particles },
      (_, i) => new Walk(program, environment, streams.split(i), this.ledger),
    );
    this.logWeights = new Float64Array(particles);
    this.eve = Int32Array.from({ length: particles }, (_, i) => i);
  }

  async run<R>(method: MethodReport, { onProgress }: RunOptions = {}): Promise<Posterior<R>> {
    const stop = await drive(this.steps(), this.environment, (entry: HistoryEntry) => {
      this.history.push(entry);
      onProgress?.(this.progress(method.name, entry));
    });
    if (stop !== null) {
      warnOfStop(
        this.environment,
        stop,
        `The inverse temperature was ${this.beta.toPrecision(3)}; the executions are weighted as if it had gone to 1 at once.`,
      );
      this.weigh(1);
    }
    return this.collect(method, stop !== null);
  }

  private *steps(): Generator<HistoryEntry | Promise<void>, void, void> {
    const { walks, environment, settings, ledger, kernel } = this;
    const { temperatures, moves, resampling } = settings;
    const choices = environment.random.split(2);
    this.executions = yield* together(
      walks.map((walk) => walk.start()),
      walks,
      environment,
    );
    this.executions.forEach((execution, i) => {
      let logWeight = execution === null ? -Infinity : 0;
      // What was drawn from proposals stands for the prior by its weight.
      if (execution !== null && execution.hasProposals)
        for (const { logRatio } of execution.nodes) logWeight += logRatio;
      this.logWeights[i] = logWeight;
    });
    for (let step = 1; step <= temperatures; step++) {
      this.weigh(inverseTemperature(step, temperatures));
      const weights = new LogWeights(this.logWeights);
      const ess = weights.ess();
      const last = step === temperatures;
      const due = resampling !== null && !last && ess > 0 && ess < resampling.ess * settings.particles;
      if (due) this.resample(resampling.scheme, choices.split(step));
      const alive = this.executions.filter((e) => e !== null).length;
      if (!last) {
        for (const walk of walks) walk.beta = this.beta;
        for (let move = 0; move < moves; move++) {
          const slots = walks.flatMap((_, i) => (this.executions[i] === null ? [] : [i]));
          const moved = yield* together(
            slots.map((i) => through(kernel.step(this.executions[i]!, walks[i]!))),
            slots.map((i) => walks[i]!),
            environment,
          );
          slots.forEach((slot, i) => (this.executions[slot] = moved[i]!));
          if (ledger.isDue) ledger.compact(holdersOf(this.executions));
        }
      }
      yield { step, ess, logZ: weights.logMean(), alive, resampled: due };
    }
  }

  /** Goes to another temperature, and weighs by what that changes. */
  private weigh(beta: number): void {
    const change = beta - this.beta;
    this.executions.forEach((execution, i) => {
      if (execution !== null) this.logWeights[i]! += change * execution.logFactors;
    });
    this.beta = beta;
  }

  private resample(scheme: ResamplingScheme, random: Walk["random"]): void {
    const { executions, eve } = this;
    const n = executions.length;
    const { ancestors, logWeights, variance } = scheme.resample(new LogWeights(this.logWeights), n, random);
    this.resampled += variance === undefined ? NaN : Math.log1p(-variance);
    this.executions = Array.from(ancestors, (a) => executions[a]!);
    eve.set(Int32Array.from(ancestors, (a) => eve[a]!));
    this.logWeights = Float64Array.from(logWeights);
  }

  private collect<R>(method: MethodReport, partial: boolean): Posterior<R> {
    const { environment, executions, walks, program } = this;
    const logWeights = new LogWeights(this.logWeights);
    const weights = logWeights.normalized();
    const alive = logWeights.max() > -Infinity;
    const ess = logWeights.ess();
    if (!alive)
      warnOfDeath(program.name, walks.find((walk) => walk.lastDeath !== null)?.lastDeath ?? null, environment);
    else if (!partial) warnOfFew(ess, executions.length, environment);
    const samples: WeightedSample<R>[] = [];
    executions.forEach((execution, i) => {
      if (execution !== null)
        samples.push({ value: execution.value as R, weight: weights[i]!, trace: execution.trace });
    });
    const families = new Set(this.eve.filter((_, i) => weights[i]! > 0));
    return new Posterior<R>(
      samples,
      {
        estimate: logWeights.logMean(),
        stderr: alive ? logEvidenceError(weights, this.eve, this.resampled) : null,
        exact: false,
      },
      {
        ess,
        history: this.history,
        distinctAncestors: families.size,
        chains: null,
        unvisitedMass: 0,
        executions: walks.reduce((sum, { proposed }) => sum + proposed, walks.length),
        partial,
        warnings: warningsOf(environment),
      },
      method,
      environment.random.split(3),
    );
  }

  private progress(method: string, { step, alive, ess, logZ }: HistoryEntry): Progress {
    return { method, step, total: this.settings.temperatures, alive, finished: alive, ess, logZ };
  }
}

function warnOfDeath(name: string, site: Site | null, environment: Environment): void {
  environment.warn({
    code: "PGLW003",
    message: `Every execution of ${name} had weight zero${site === null ? "" : `; one ended at ${showSite(site)}`}.`,
    site: site ?? undefined,
  });
}

function warnOfFew(ess: number, size: number, environment: Environment): void {
  if (size < 10 || ess >= Math.max(2, size / 50)) return;
  environment.warn({
    code: "PGLW004",
    message: `The effective sample size is ${ess.toFixed(1)} of ${size}: few executions carry all the weight. More temperatures, moves or particles would help.`,
  });
}
