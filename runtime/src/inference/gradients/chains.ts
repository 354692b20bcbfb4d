import { twinOf } from "../../autodiff/twin.js";
import { bulkEss, rankNormalizedRHat } from "../../diagnostics/convergence.js";
import type { Environment } from "../../machine/environment.js";
import { Trace } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import { drive, warningsOf, warnOfStop } from "../blocks/drive.js";
import type { Method, Progress, RunOptions, Target } from "../method.js";
import { checkCount, refused } from "../options.js";
import { Posterior, type ChainDiagnostics, type WeightedSample } from "../posterior.js";
import { DualAveraging, firstStep, RunningVariance, windows } from "./adaptation.js";
import type { InverseMass, Kernel } from "./leapfrog.js";
import { LogJoint, type Execution, type Point } from "./log-joint.js";

/** What all methods with gradients have. */
export interface ChainSettings {
  readonly samples: number;
  readonly burn: number;
  readonly chains: number;
  readonly target_accept: number;
  /** Fixed, with unit masses; adapted when undefined. */
  readonly step_size?: number;
}

/** Executions drawn from the prior in search of a start, for each chain. */
const MOST_STARTS = 1000;
/** R̂ above which chains have not mixed (Vehtari et al. 2021). */
const MIXED = 1.01;

/** The method that runs several chains of a kernel on a program's log joint. @throws MethodError PGLR030 */
export function gradientMethod(name: string, settings: ChainSettings, kernel: Kernel): Method {
  for (const option of ["samples", "chains"] as const) checkCount(name, option, settings[option]);
  if (!Number.isSafeInteger(settings.burn) || settings.burn < 0)
    throw refused(name, "burn", "a whole number from 0", settings.burn);
  if (!(settings.target_accept > 0 && settings.target_accept < 1))
    throw refused(name, "target_accept", "a probability between 0 and 1", settings.target_accept);
  const options = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return {
    name,
    guarantee: "consistent",
    options,
    run: (program, environment, run) => runChains({ name, options }, program, settings, kernel, environment, run),
  };
}

async function runChains<R>(
  { name, options }: { readonly name: string; readonly options: Readonly<Record<string, unknown>> },
  program: Target<R>,
  settings: ChainSettings,
  kernel: Kernel,
  environment: Environment,
  { onProgress }: RunOptions = {},
): Promise<Posterior<R>> {
  const joint = new LogJoint(name, program, twinOf(program.model), environment);
  const chains = new Chains(name, joint, settings, kernel, environment);
  const stop = await drive(chains.run(), environment, (progress) => onProgress?.(progress));
  const kept = chains.walkers.flatMap((walker) => walker.executions);
  if (stop === null && chains.walkers.length === 0) {
    environment.warn({
      code: "PGLW003",
      message: `No execution of positive weight was found among ${MOST_STARTS} from the prior: there is nowhere to start.`,
    });
  }
  if (stop !== null) {
    const done = Math.min(...chains.walkers.map((walker) => walker.executions.length), settings.samples);
    warnOfStop(
      environment,
      stop,
      `${chains.walkers.length === 0 ? 0 : done} of ${settings.samples} samples of each chain had been drawn.`,
    );
  }
  const diagnosis = chains.diagnose();
  if (stop === null) chains.warn(diagnosis);
  return new Posterior<R>(
    kept.map(({ value, lastDraw }): WeightedSample<R> => ({
      value: value as R,
      weight: 1 / kept.length,
      trace: Trace.of(joint.ledger, lastDraw),
    })),
    { estimate: kept.length === 0 ? -Infinity : null, stderr: null, exact: false },
    {
      ess: diagnosis?.essBulk ?? kept.length,
      history: [],
      distinctAncestors: null,
      unvisitedMass: 0,
      executions: joint.executions,
      chains: diagnosis,
      partial: stop !== null,
      warnings: warningsOf(environment),
    },
    { name, guarantee: "consistent", options },
    environment.random.split(3),
  );
}

/** One chain: what it has adapted, where it has been. */
class Walker {
  readonly kept: Point[] = [];
  readonly executions: Execution[] = [];
  /** Sums over the transitions after burn-in. */
  acceptance = 0;
  divergences = 0;
  transitions = 0;

  constructor(
    private readonly settings: ChainSettings,
    private readonly kernel: Kernel,
    private readonly random: RandomSource,
  ) {}

  /** All transitions; asks for points at positions. */
  *walk(start: Point): Generator<Float64Array, void, Point> {
    const { burn, samples, step_size, target_accept } = this.settings;
    const dimension = start.position.length;
    let mass: InverseMass = new Float64Array(dimension).fill(1);
    let point = start;
    const fixed = step_size !== undefined || dimension === 0;
    const first = step_size ?? (fixed ? 1 : yield* firstStep(start, mass, this.random.split(0)));
    const steps = new DualAveraging(first, target_accept);
    const { begin, ends } = windows(burn);
    let variance = new RunningVariance(dimension);
    for (let t = 0; t < burn + samples; t++) {
      const burning = t < burn;
      const size = fixed ? first : burning ? steps.step : steps.settled;
      const { point: next, acceptance, divergent } = yield* this.kernel(point, size, mass, this.random.split(t + 1));
      point = next;
      this.transitions = t + 1;
      if (burning) {
        if (fixed) continue;
        steps.update(acceptance);
        if (t >= begin) variance.add(point.position);
        if (ends.includes(t)) {
          mass = variance.regularized();
          variance = new RunningVariance(dimension);
          steps.restart();
        }
        continue;
      }
      this.acceptance += acceptance;
      if (divergent) this.divergences++;
      this.kept.push(point);
    }
  }
}

/** Several chains side by side: each goes on when it has its point, and the points of all are asked for together. */
class Chains {
  walkers: Walker[] = [];

  constructor(
    private readonly name: string,
    private readonly joint: LogJoint,
    private readonly settings: ChainSettings,
    private readonly kernel: Kernel,
    private readonly environment: Environment,
  ) {}

  *run(): Generator<Progress | Promise<unknown>, void, void> {
    const starts = yield* this.starts();
    if (starts === null) return;
    const { burn, samples } = this.settings;
    const streams = this.environment.random.split(2);
    this.walkers = starts.map((_, c) => new Walker(this.settings, this.kernel, streams.split(c)));
    const walks = this.walkers.map((walker, c) => walker.walk(starts[c]!));
    let asked = walks.map((walk) => walk.next());
    let step = 0;
    while (asked.some(({ done }) => done !== true)) {
      const asking = asked.flatMap(({ done }, c) => (done === true ? [] : [c]));
      const points = yield* this.joint.evaluate(asking.map((c) => asked[c]!.value as Float64Array));
      asked = [...asked];
      asking.forEach((c, i) => (asked[c] = walks[c]!.next(points[i]!)));
      const slowest = Math.min(...this.walkers.map((walker) => walker.transitions));
      if (slowest === step) continue;
      step = slowest;
      yield* this.execute();
      yield this.progress(step, burn + samples);
    }
    yield* this.execute();
    yield this.progress(burn + samples, burn + samples);
  }

  /** A point of positive density for each chain, from the prior; null when there is none for one of them. */
  private *starts(): Generator<Promise<void>, Point[] | null, void> {
    const streams = this.environment.random.split(1);
    const found: Point[] = [];
    for (let c = 0; c < this.settings.chains; c++) {
      const own = streams.split(c);
      for (let attempt = 0; found.length === c; attempt++) {
        if (attempt === MOST_STARTS) return null;
        const position = yield* this.joint.simulate(own.split(attempt));
        if (position === null) continue;
        const [point] = yield* this.joint.evaluate([position]);
        if (Number.isFinite(point!.logJoint)) found.push(yield* this.joint.verified(point!));
      }
    }
    return found;
  }

  /** The program's own executions at the points kept since the last time. */
  private *execute(): Generator<Promise<void>, void, void> {
    const fresh: { readonly walker: Walker; readonly point: Point }[] = [];
    for (const walker of this.walkers) {
      const { kept, executions } = walker;
      for (let i = executions.length; i < kept.length; i++) {
        // A chain that has not moved has the same execution.
        if (i === 0 || kept[i] !== kept[i - 1]) fresh.push({ walker, point: kept[i]! });
      }
    }
    const made = yield* this.joint.replay(fresh.map(({ point }) => point.position));
    let next = 0;
    for (const { kept, executions } of this.walkers) {
      for (let i = executions.length; i < kept.length; i++) {
        executions.push(i === 0 || kept[i] !== kept[i - 1] ? made[next++]! : executions[i - 1]!);
      }
    }
  }

  private progress(step: number, total: number): Progress {
    const { walkers } = this;
    const kept = walkers.reduce((sum, walker) => sum + walker.kept.length, 0);
    return { method: this.name, step, total, alive: walkers.length, finished: kept, ess: kept, logZ: null };
  }

  /** The worst of all coordinates and of the log density: a chain has mixed when everything has. */
  diagnose(): ChainDiagnostics | null {
    const { walkers, joint } = this;
    const draws = Math.min(...walkers.map((walker) => walker.kept.length));
    if (walkers.length === 0) return null;
    const statistics = [...joint.names().map((name, i) => ({ name, of: (p: Point) => p.position[i]! }))];
    statistics.push({ name: "the log density", of: (p) => p.logJoint });
    let worst: string | null = null;
    let rHat: number | null = null;
    let essBulk: number | null = null;
    for (const { name, of } of statistics) {
      const values = walkers.map(({ kept }) => Float64Array.from(kept.slice(0, draws), of));
      const r = rankNormalizedRHat(values);
      const ess = bulkEss(values);
      if (r !== null && (rHat === null || r > rHat)) [rHat, worst] = [r, name];
      if (ess !== null && (essBulk === null || ess < essBulk)) essBulk = ess;
    }
    const after = walkers.reduce((sum, walker) => sum + walker.kept.length, 0);
    const acceptance = walkers.reduce((sum, walker) => sum + walker.acceptance, 0) / Math.max(1, after);
    const of = `${joint.dimension} coordinate${joint.dimension === 1 ? "" : "s"} and the log density`;
    const summary = worst === null ? of : `${of}, at worst (R-hat: ${worst})`;
    return { count: walkers.length, draws, acceptance, rHat, essBulk, summary, gradients: joint.gradientMode };
  }

  warn(diagnosis: ChainDiagnostics | null): void {
    const { environment, joint, walkers, settings } = this;
    const divergences = walkers.reduce((sum, walker) => sum + walker.divergences, 0);
    if (divergences > 0) {
      const more = settings.step_size === undefined ? "raise target_accept (0.95)" : "lower step_size";
      environment.warn({
        code: "PGLW010",
        message: `${divergences} of ${settings.samples * settings.chains} trajectories diverged: where the density bends sharply the chains may miss a part of the posterior. Draw variables that scale others apart from them (x = m + s * z with z ~ normal(0, 1)), or ${more}.`,
      });
    }
    const rHat = diagnosis?.rHat ?? null;
    if (diagnosis !== null && rHat !== null && rHat > MIXED) {
      environment.warn({
        code: "PGLW011",
        message: `The chains have not mixed: R-hat is ${rHat.toFixed(3)} (${diagnosis.summary}), above ${MIXED}. More samples, or another parametrisation, would help.`,
      });
    }
    if (joint.gradientMode === "central differences" && joint.dimension > 0) {
      const why = joint.loss === null ? joint.reason : `a derivative is lost in ${joint.loss.taker}`;
      environment.warn({
        code: "PGLW012",
        message: `Gradients are central differences, ${2 * joint.dimension} runs each, because ${why}. The answer is no less exact; it takes longer.`,
      });
    }
  }
}
