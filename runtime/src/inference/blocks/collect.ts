import type { Environment } from "../../machine/environment.js";
import { showSite } from "../../machine/site.js";
import { LogWeights } from "../../weights/index.js";
import type { Stop } from "../environment.js";
import { Posterior, type HistoryEntry, type MethodReport, type WeightedSample } from "../posterior.js";
import { warningsOf, warnOfStop } from "./drive.js";
import { logEvidenceError } from "./evidence-error.js";
import { Status } from "./forward.js";
import type { Population } from "./population.js";

/** What there is to tell of a run beside its populations. */
export interface CollectOptions {
  readonly history?: readonly HistoryEntry[];
  /** What ended the run early. */
  readonly stop?: Stop | null;
  /** Executions begun, when that is not the number of particles. */
  readonly executions?: number;
  /** Log of what the weights have to be multiplied by, in nats: evidence that was extracted from them. */
  readonly evidence?: number;
}

/**
 * The posterior that populations stand for, with what there is to tell about it; several are islands of equal size, of
 * which each is unbiased by itself. Log Z is the log of their average Ẑ: its standard error comes from the genealogy of a
 * single population (see `logEvidenceError`) or from the spread of several.
 *
 * Identity: E[Ẑ·p̂(r)] = M(r), the measure of the populations.
 */
export function collect<R>(
  populations: Population | readonly Population[],
  method: MethodReport,
  environment: Environment,
  { history = [], stop = null, executions, evidence = 0 }: CollectOptions = {},
): Posterior<R> {
  const islands = isList(populations) ? populations : [populations];
  const [first] = islands;
  const size = islands.reduce((n, p) => n + p.size, 0);
  const logWeights = islands.length === 1 ? first!.logWeights() : together(islands, size);
  const weights = logWeights.normalized();
  const alive = logWeights.max() > -Infinity;
  const ess = logWeights.ess();
  const finished = islands.reduce((n, p) => n + p.count(Status.Done), 0);
  if (!alive) warnOfDeath(islands, environment);
  else if (stop === null) {
    warnOfFew(ess, size, environment);
    for (const population of islands) warnOfOneAncestor(population, environment);
  }
  if (stop !== null) {
    warnOfStop(
      environment,
      stop,
      `${finished} of ${size} executions had finished; the posterior is about those only, and log Z counts the factors met so far.`,
    );
  }
  const samples: WeightedSample<R>[] = [];
  let covered = 0;
  eachFinished(islands, (_, i) => (covered += weights[i]!));
  eachFinished(islands, ({ value, trace }, i) => {
    // A partial answer is about the executions that had finished.
    samples.push({
      value: value as R,
      weight: covered > 0 ? (stop === null ? weights[i]! : weights[i]! / covered) : 0,
      trace,
    });
  });
  return new Posterior<R>(
    samples,
    {
      estimate: logWeights.logMean() + evidence,
      stderr:
        !alive || stop !== null
          ? null
          : islands.length === 1
            ? logEvidenceError(weights, first!.eve, first!.resampled)
            : errorOfMean(islands.map((p) => p.logWeights().logMean())),
      exact: false,
    },
    {
      ess: stop === null ? ess : essOf(samples),
      history,
      distinctAncestors: islands.reduce((n, p) => n + distinctAncestors(p), 0),
      chains: null,
      unvisitedMass: 0,
      executions: executions ?? size,
      partial: stop !== null,
      warnings: warningsOf(environment),
    },
    method,
    environment.random.split(3),
  );
}

const isList = (populations: Population | readonly Population[]): populations is readonly Population[] =>
  Array.isArray(populations);

function together(islands: readonly Population[], size: number): LogWeights {
  const all = new Float64Array(size);
  let at = 0;
  for (const population of islands) {
    all.set(population.logWeights().toArray(), at);
    at += population.size;
  }
  return new LogWeights(all, true);
}

function eachFinished(
  islands: readonly Population[],
  visit: (particle: Population["particles"][number], index: number) => void,
): void {
  let at = 0;
  for (const { particles, status, size } of islands) {
    for (let i = 0; i < size; i++) if (status[i] === Status.Done) visit(particles[i]!, at + i);
    at += size;
  }
}

/**
 * Standard error of the log of an average of independent estimates (to first order), from their spread; null when there
 * are fewer than two, or all are zero.
 * @param logEstimates in nats.
 */
export function errorOfMean(logEstimates: readonly number[]): number | null {
  const n = logEstimates.length;
  const logs = new LogWeights(logEstimates);
  if (n < 2 || logs.max() === -Infinity) return null;
  let squares = 0;
  for (const w of logs.normalized()) squares += (n * w - 1) ** 2;
  return Math.sqrt(squares / (n * (n - 1)));
}

function warnOfDeath(islands: readonly Population[], environment: Environment): void {
  const death = islands.find((p) => p.lastDeath !== null)?.lastDeath;
  if (death === undefined || death === null) return;
  const { site, step } = death;
  environment.warn({
    code: "PGLW003",
    message: `Every execution had weight zero. The last one ended at ${site === null ? "the program's end" : showSite(site)}, step ${step}.`,
    site: site ?? undefined,
  });
}

function warnOfFew(ess: number, size: number, environment: Environment): void {
  if (size < 10 || ess >= Math.max(2, size / 50)) return;
  environment.warn({
    code: "PGLW004",
    message: `The effective sample size is ${ess.toFixed(1)} of ${size}: few executions carry all the weight. More particles, a proposal or a twist would help.`,
  });
}

/** The ESS counts copies: after many resamplings all particles may share one beginning, however even their weights. */
function warnOfOneAncestor(population: Population, environment: Environment): void {
  if (population.size < 10 || population.resampled === 0 || distinctAncestors(population) !== 1) return;
  environment.warn({
    code: "PGLW015",
    message: `After resampling, all ${population.size} particles descend from one of the first: what the program draws early rests on a single draw. More particles, a twist, or particle_gibbs would help.`,
  });
}

function distinctAncestors(population: Population): number {
  const seen = new Uint8Array(population.size);
  let distinct = 0;
  for (let i = 0; i < population.size; i++) {
    const root = population.eve[i]!;
    if (population.status[i] === Status.Dead || seen[root] === 1) continue;
    seen[root] = 1;
    distinct++;
  }
  return distinct;
}

function essOf(samples: readonly WeightedSample<unknown>[]): number {
  let squares = 0;
  for (const { weight } of samples) squares += weight * weight;
  return squares === 0 ? 0 : 1 / squares;
}
