import {
  boundsFromBelow,
  checkCertifyOptions,
  differenceOf,
  driven,
  estimateOf,
  exactSource,
  fromBelow,
  MethodError,
  repeatRuns,
  RunEnvironment,
  RunError,
  seeded,
  target,
  type CertifyOptions,
  type Estimate,
  type ExactDraw,
  type ExactSource,
  type Method,
  type Model,
  type RandomSource,
  type RunLimits,
  type Target,
  type Warning,
} from "@pgl/runtime";
import type { Given } from "../given.js";
import { originOf } from "../load/origin.js";
import { explain } from "./explain.js";
import { bindLanguageModels, meter, type LanguageModels } from "./language-models.js";
import { seedOr } from "./seed.js";
import { runTwists, type TwistOptions } from "./twist-service.js";

export interface CompareOptions extends TwistOptions {
  /** As for `infer`, as are twists. */
  readonly lms?: LanguageModels;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly limits?: RunLimits;
  /** Runs at each point, and as many that are given an exact draw. Default 20. */
  readonly repeats?: number;
  /** Where exact draws come from; those of simulated data are not used. */
  readonly exact?: Pick<CertifyOptions, "bound" | "executions" | "max_states">;
  readonly onProgress?: (progress: CompareProgress) => void;
}

export interface CompareProgress {
  /** What is being done. */
  readonly what: string;
  readonly done: number;
  readonly total: number | null;
}

/** A method at its budgets: one line of the comparison. */
export interface Contender {
  readonly label: string;
  /** The method by its budget; one entry for a method that has none. */
  readonly methods: readonly { readonly budget: number | null; readonly method: Method }[];
}

/** A method at one budget. Numbers of nats are means over the repeats. */
export interface ComparedPoint {
  readonly budget: number | null;
  /** Of one run, on average: positions a language model has computed, and executions. */
  readonly tokens: number;
  readonly executions: number;
  /** Milliseconds of one run, on average. */
  readonly time: number;
  /** Runs that had an execution of positive weight in the end. */
  readonly survived: number;
  /** E[log Ẑ | survival] + log P(survival) ≤ log Z. */
  readonly lower: Estimate;
  /** Standard deviation of log Ẑ, of the runs that survived; null for fewer than two. */
  readonly spread: number | null;
  /** E_σ[log Ẑ] ≥ log Z; null where there are no exact draws, or the method cannot be given one. */
  readonly upper: Estimate | null;
  /** Bounds KL(q‖σ) + KL(σ‖q) of one value drawn from a run that survives, q being its law and σ the posterior. */
  readonly gap: Estimate | null;
}

export interface ComparedMethod {
  readonly label: string;
  /** Smallest budget first. */
  readonly points: readonly ComparedPoint[];
}

export interface Comparison {
  readonly seed: number;
  readonly repeats: number;
  /** What a run costs is counted in. */
  readonly cost: "model tokens" | "executions";
  /** Where the exact draws came from; null without. */
  readonly exactDraws: { readonly by: string; readonly looked: number; readonly logZ: number | null } | null;
  /** Why there are no upper bounds, for all methods or for some. */
  readonly notes: readonly string[];
  readonly methods: readonly ComparedMethod[];
  readonly warnings: readonly Warning[];
}

/** Streams: of the exact draws, and of the points. */
const Stream = { draws: 1, points: 2 } as const;

/**
 * Several methods on one program: at each budget, the lower bound E[log Ẑ] of log Z and, where exact draws of the posterior
 * are to be had, the upper bound and the gap of the two, against what a run costs. All methods see the same exact draws.
 *
 * @throws MethodError PGLR104 for a method that has no estimate to bound log Z with; and whatever running it throws.
 */
export async function compare<A extends readonly unknown[], R>(
  model: Model<A, R>,
  args: Given<A>,
  contenders: readonly Contender[],
  options: CompareOptions = {},
): Promise<Comparison> {
  const { repeats = 20, exact = {}, onProgress, signal, limits } = options;
  const settings = checkCertifyOptions({
    ...exact,
    repetitions: repeats,
    exact: "posterior",
    onProgress: ({ phase, done, total }) => onProgress?.({ what: phase, done, total }),
  });
  for (const { label, methods } of contenders) for (const { method } of methods) checkHasEstimate(label, method);
  const origin = originOf(model as unknown as Model);
  const seed = seedOr(options.seed);
  const complete = (origin?.checkArguments?.(args, model.name) ?? args) as A;
  const models = await bindLanguageModels(origin?.aliases ?? [], options.lms);
  const services = new Map<string, unknown>([...models].map(([alias, lm]) => [`lm:${alias}`, lm] as const));
  services.set("twists", (await runTwists(options, models, complete, origin)).service);
  const usage = meter(models.values());
  const program = target(model, complete);
  const random = seeded(seed);
  /** What runs share they would have for nothing: each gets its own. */
  const fresh = (own: RandomSource): RunEnvironment => new RunEnvironment(new Map(services), own, signal, limits);
  const warnings = new Map<string, Warning>();
  try {
    const source = await exactSource(program, fresh(random.split(Stream.draws)), settings);
    const notes = "kind" in source ? source.reasons.map((r) => r.replace(/\.$/, "")) : [];
    const draws = "kind" in source ? null : await drawn(source, repeats, random.split(Stream.draws));
    const total = contenders.reduce((n, { methods }) => n + methods.length, 0) * repeats;
    let done = 0;
    const compared: ComparedMethod[] = [];
    for (const [c, { label, methods }] of contenders.entries()) {
      const points: ComparedPoint[] = [];
      for (const [b, { budget, method }] of methods.entries()) {
        const own = random.split(Stream.points).split(c).split(b);
        const at = budget === null ? label : `${label}, ${budget}`;
        const runs: OneRun[] = [];
        for (let r = 0; r < repeats; r++) {
          signal?.throwIfAborted();
          onProgress?.({ what: at, done: done++, total });
          const environment = fresh(own.split(1).split(r));
          runs.push(await oneRun(program, method, environment, usage));
          for (const warning of environment.warnings) warnings.set(`${warning.code} ${warning.message}`, warning);
        }
        let given: readonly number[] | null = null;
        try {
          if (draws !== null) given = await givenRuns(program, method, draws, fresh, own.split(2));
        } catch (error) {
          if (!(error instanceof MethodError && error.code === "PGLR089")) throw error;
          notes.push(`${at}: it cannot make an execution that the posterior can: a proposal leaves it out`);
        }
        points.push(pointOf(budget, runs, given));
      }
      compared.push({ label, points });
      const [{ method } = { method: null }] = methods;
      if (draws !== null && method !== null && !canBeGiven(method))
        notes.push(`${label}: no run of it that is given an exact draw of the posterior is known here`);
    }
    return {
      seed,
      repeats,
      cost: compared.some(({ points }) => points.some(({ tokens }) => tokens > 0)) ? "model tokens" : "executions",
      exactDraws: "kind" in source ? null : { by: source.by, looked: source.looked, logZ: source.logZ },
      notes,
      methods: compared,
      warnings: [...warnings.values()],
    };
  } catch (error) {
    throw explain(error, origin?.places ?? null);
  }
}

interface OneRun {
  readonly logZ: number;
  readonly tokens: number;
  readonly executions: number;
  readonly time: number;
}

async function oneRun(
  program: Target,
  method: Method,
  environment: RunEnvironment,
  usage: ReturnType<typeof meter>,
): Promise<OneRun> {
  const before = usage().tokens;
  const start = performance.now();
  const found = await method.run(program, environment);
  if (found.diagnostics.partial) {
    if (environment.signal?.aborted === true) throw new DOMException("The comparison was interrupted.", "AbortError");
    throw new RunError("PGLT022", `A run of ${method.name} was ended by a limit: an incomplete run bounds nothing.`);
  }
  return {
    logZ: found.logZ.estimate!,
    tokens: usage().tokens - before,
    executions: found.diagnostics.executions,
    time: performance.now() - start,
  };
}

/** One exact draw for each repeat: all methods are given the same. */
async function drawn(source: ExactSource, repeats: number, random: RandomSource): Promise<readonly ExactDraw[]> {
  const draws: ExactDraw[] = [];
  for (let r = 0; r < repeats; r++) draws.push((await source.repetition(r, random.split(r))).draw!);
  return draws;
}

/** log Ẑ of runs that are given exact draws; null when the method cannot be given one. */
async function givenRuns(
  program: Target,
  method: Method,
  draws: readonly ExactDraw[],
  fresh: (random: RandomSource) => RunEnvironment,
  random: RandomSource,
): Promise<readonly number[] | null> {
  if (!canBeGiven(method)) return null;
  // These are no part of what a run costs, and may share what they can.
  const environment = fresh(random.split(1));
  const repetitions = draws.map((draw, r) => ({ environment, random: random.split(3).split(r), draw, free: false }));
  const plan = method.sequential!;
  const found = await driven(
    repeatRuns(plan.program?.(program) ?? program, plan, repetitions),
    environment,
    () => undefined,
  );
  return found.map(({ given }) => given!);
}

const canBeGiven = ({ sequential }: Method): boolean =>
  sequential !== undefined && sequential.moves === 0 && sequential.proposal === undefined;

function pointOf(budget: number | null, runs: readonly OneRun[], given: readonly number[] | null): ComparedPoint {
  const n = runs.length;
  const mean = (of: (run: OneRun) => number): number => runs.reduce((sum, run) => sum + of(run), 0) / n;
  const { survived, alive, lower } = fromBelow(runs.map(({ logZ }) => logZ));
  const upper = given === null ? null : estimateOf(given);
  return {
    budget,
    tokens: mean(({ tokens }) => tokens),
    executions: mean(({ executions }) => executions),
    time: mean(({ time }) => time),
    survived,
    lower,
    spread: alive.stderr === null ? null : alive.stderr * Math.sqrt(survived),
    upper,
    gap: upper === null || survived === 0 ? null : differenceOf(upper, alive),
  };
}

/** @throws MethodError PGLR104 unless E[log Ẑ] ≤ log Z for the method. */
function checkHasEstimate(label: string, method: Method): void {
  const { name, guarantee } = method;
  if (boundsFromBelow(method)) return;
  const why =
    guarantee === "exact" || guarantee === "maximum"
      ? "is exact: there is nothing to compare"
      : "has no unbiased estimate of Z that is never negative, which the bounds are made of";
  throw new MethodError("PGLR104", `${label}: ${name} ${why}.`, {
    hint: "smc, importance, alive, tempered, annealed, smc2, dc_smc and rejection of more than one sample have one.",
  });
}
