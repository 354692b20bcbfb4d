import { MethodError, PglError } from "../../errors.js";
import { drive } from "../../inference/blocks/drive.js";
import { RunEnvironment, type Stop } from "../../inference/environment.js";
import type { Method, SequentialPlan, Target } from "../../inference/method.js";
import { checkCount, complete, refused } from "../../inference/options.js";
import type { Posterior } from "../../inference/posterior.js";
import type { RandomSource } from "../../random/source.js";
import { drawsByRejection, NoRejection } from "../bounds/by-rejection.js";
import { drawsByStates } from "../bounds/by-states.js";
import { differenceOf, estimateOf, shifted, sumOf, type Estimate } from "../bounds/estimate.js";
import type { ExactDraws } from "../bounds/exact-draws.js";
import { repeatRuns, type Repeated, type Repetition } from "../bounds/runs.js";
import { Given } from "../calibration/observations.js";
import { simulate } from "../calibration/simulate.js";
import {
  exactCertificate,
  noCertificate,
  statementOf,
  type BoundsCertificate,
  type Certificate,
  type NoCertificate,
} from "./certificate.js";

export interface CertifyOptions {
  /** Runs, and runs that are given an exact draw of the posterior: as many of each. Default 20. */
  readonly repetitions?: number;
  /**
   * Where exact draws of the posterior come from. `enumerate`: all states of a finite program. `rejection`: executions of the
   * prior that are accepted. `simulate`: data are drawn together with the execution; then the certificate is about such data.
   * Default `auto`: the first of these that is to be had.
   */
  readonly exact?: "auto" | "enumerate" | "rejection" | "simulate";
  /** For rejection: a number of nats that no weight exceeds. By default 0, where all weights are known to be probabilities. */
  readonly bound?: number;
  /** For rejection and simulation: executions of the prior, all together, after which it is given up. Default 10 000. */
  readonly executions?: number;
  /** For enumeration: states of executions after which it is given up. Default 10 000. */
  readonly max_states?: number;
  /** Called while exact draws are looked for, and after some repetitions. */
  readonly onProgress?: (progress: CertifyProgress) => void;
}

export interface CertifyProgress {
  readonly phase: "exact draws" | "runs";
  readonly done: number;
  readonly total: number | null;
}

type Settings = Required<Omit<CertifyOptions, "bound" | "onProgress">> & Pick<CertifyOptions, "bound" | "onProgress">;

/** Fewer repetitions than this have no error to show. */
const FEWEST = 2;

/** Options checked, with their defaults. @throws MethodError PGLR030 or PGLR034. */
export function checkCertifyOptions(options: CertifyOptions): Settings {
  const settings = complete<Settings>(
    "certify",
    options,
    { repetitions: 20, exact: "auto", executions: 10_000, max_states: 10_000 },
    ["bound", "onProgress"],
  );
  checkCount("certify", "repetitions", settings.repetitions, FEWEST);
  for (const option of ["executions", "max_states"] as const) checkCount("certify", option, settings[option]);
  if (!["auto", "enumerate", "rejection", "simulate"].includes(settings.exact))
    throw refused("certify", "exact", "auto, enumerate, rejection or simulate", settings.exact);
  if (settings.bound !== undefined && !Number.isFinite(settings.bound))
    throw refused("certify", "bound", "a finite number of nats", settings.bound);
  return settings;
}

/**
 * How far is the law of a value drawn from a run of the method from the posterior? Repeats the run, and the run given an
 * exact draw of the posterior (conditional sequential Monte Carlo): by Zhao, Brekelmans, Makhzani & Grosse 2024 (arXiv
 * 2404.17546, prop. 5.1; after Grosse, Ancha & Roy 2016, bidirectional Monte Carlo) the mean log Ẑ of the former is below
 * log Z, that of the latter above, and the difference bounds KL(q‖σ) + KL(σ‖q). Without resampling the two are the
 * importance-weighted bounds.
 *
 * A run can lose all its executions: Ẑ = 0 and E[log Ẑ] = −∞. Let S be that it does not, and q the law given S, which is
 * what somebody sees who sees a value. Then
 *
 *     KL(q‖σ) ≤ log Z − E[log Ẑ | S] − log P(S)      KL(σ‖q) ≤ E_σ[log Ẑ] − log Z + log P(S),
 *
 * so that log P(S) is in each of the bounds, and in E[log Ẑ | S] + log P(S) ≤ log Z, but not in their sum.
 *
 * Guaranteed are the inequalities between expectations; the numbers are their estimates, with standard errors. What is said
 * is about one value: more values of one run depend on each other.
 *
 * @param posterior what the run gave whose law is asked for; null when there was none.
 * @returns a certificate, or the reasons why there is none. Errors of the program while it is repeated are such reasons.
 * @throws MethodError PGLR030 or PGLR034 for options out of range or that it has not.
 */
export async function certify(
  program: Target,
  method: Method,
  posterior: Posterior<unknown> | null,
  environment: RunEnvironment,
  options: CertifyOptions = {},
): Promise<Certificate> {
  const settings = checkCertifyOptions(options);
  const plan = planFor(method, posterior);
  if ("kind" in plan) return plan;
  try {
    const source = await exactSource(program, environment, settings);
    if ("kind" in source) return source;
    return await bounds(program, plan, source, environment, settings);
  } catch (error) {
    if (error instanceof Ended) return noCertificate([error.message], "Give it more time, or want fewer repetitions.");
    if (error instanceof DOMException && error.name === "AbortError")
      return noCertificate(["it was ended before there was anything to show"], "Give it more time.");
    if (error instanceof PglError) return noCertificate([`the program failed: ${error.message}`], error.hint ?? "");
    throw error;
  }
}

const TAKE_SMC = "Use smc or importance (without `moves` and `proposal`): both can be given an exact draw.";

/** How the method's runs are repeated; or the certificate that needs no repetition, or the reason why there is none. */
function planFor(method: Method, posterior: Posterior<unknown> | null): SequentialPlan | Certificate {
  const { name, guarantee, sequential } = method;
  if (posterior?.isEmpty === true)
    return noCertificate(["the run has lost all its executions, so there is no sample"], "Use more particles.");
  if (posterior?.diagnostics.partial === true)
    return noCertificate(
      ["the run was ended early, and has another law than a complete one"],
      "Let it come to its end.",
    );
  if (guarantee === "maximum") return noCertificate([`${name} gives a maximum, not a sample`], "Use enumerate or smc.");
  if (guarantee === "exact") return exactCertificate(`${name} finds it exactly`);
  if (name === "enumerate") {
    return posterior !== null && posterior.diagnostics.unvisitedMass === 0
      ? exactCertificate("every execution was visited")
      : noCertificate(
          ["enumeration has not visited every execution: its posterior lacks some, so KL(σ‖q) may be infinite"],
          "Lower `tolerance`, raise `max_traces`, or use smc.",
        );
  }
  if (name === "rejection")
    return exactCertificate("executions accepted by rejection are exact draws, if no weight exceeds `bound`");
  if (sequential === undefined) {
    return noCertificate(
      [
        guarantee === "unbiased"
          ? `no run of ${name} that is given an exact draw of the posterior is known here, so there is no upper bound`
          : `${name} has no unbiased estimate of Z, which the bounds are made of`,
      ],
      TAKE_SMC,
    );
  }
  if (sequential.moves > 0)
    return noCertificate(["a run whose particles are moved cannot be given an exact draw"], TAKE_SMC);
  if (sequential.proposal !== undefined)
    return noCertificate(["a run with a whole-trace proposal cannot be given an exact draw"], TAKE_SMC);
  return sequential;
}

/** The run was stopped while it was repeated. */
class Ended extends Error {}

const ENDED: Readonly<Record<Stop, string>> = {
  interrupted: "was interrupted",
  max_time: "has reached its limit `max_time`",
  max_steps: "has reached its limit `max_steps`",
};

/** Streams of the certificate's own. */
const Stream = { draws: 1, runs: 2, walks: 3 } as const;

/** Where the repetitions come from. */
interface Source {
  readonly by: BoundsCertificate["exactDraws"]["by"];
  readonly looked: number;
  readonly logZ: number | null;
  repetition(index: number, random: RandomSource): Repetition | Promise<Repetition>;
}

async function exactSource(
  program: Target,
  environment: RunEnvironment,
  settings: Settings,
): Promise<Source | NoCertificate> {
  const reasons: string[] = [];
  let remedy = "Draw from finite distributions, or observe where you weigh by factors.";
  const wanted = (kind: Settings["exact"]): boolean => settings.exact === "auto" || settings.exact === kind;
  if (wanted("enumerate")) {
    const found = await byStates(program, environment, settings);
    if (typeof found !== "string") return found;
    reasons.push(found);
  }
  if (wanted("rejection")) {
    try {
      return await byRejection(program, environment, settings);
    } catch (error) {
      if (error instanceof NoRejection) {
        reasons.push(`rejection: ${error.reason}`);
        remedy = error.remedy;
      } else if (error instanceof MethodError && error.code === "PGLR032") {
        reasons.push(`rejection: ${error.message}`);
        remedy = error.hint ?? remedy;
      } else throw error;
    }
  }
  if (wanted("simulate")) {
    try {
      return await bySimulation(program, environment, settings);
    } catch (error) {
      if (!(error instanceof MethodError && ["PGLR100", "PGLR101", "PGLR102"].includes(error.code))) throw error;
      reasons.push(`simulation: ${error.message}`);
    }
  }
  return noCertificate(reasons, remedy);
}

/** What elimination says of programs that are not finite, or too large. */
const NOT_FINITE: ReadonlySet<string> = new Set(["PGLR090", "PGLR091", "PGLR093", "PGLR094"]);

async function byStates(
  program: Target,
  environment: RunEnvironment,
  { max_states, onProgress }: Settings,
): Promise<Source | string> {
  let found: ExactDraws | null;
  try {
    found = await driven(drawsByStates(program, environment, max_states, "enumeration"), environment, (done) =>
      onProgress?.({ phase: "exact draws", done, total: null }),
    );
  } catch (error) {
    if (error instanceof MethodError && NOT_FINITE.has(error.code)) return error.message;
    throw error;
  }
  return found === null
    ? "every execution that enumeration met has weight zero"
    : ofPosterior("enumeration", found, environment);
}

async function byRejection(
  program: Target,
  environment: RunEnvironment,
  { repetitions, bound, executions, onProgress }: Settings,
): Promise<Source> {
  const random = environment.random.split(Stream.draws);
  const steps = drawsByRejection(program, environment, random, {
    count: repetitions,
    bound: bound ?? null,
    executions,
  });
  const found = await driven(steps, environment, (done) =>
    onProgress?.({ phase: "exact draws", done, total: executions }),
  );
  return ofPosterior("rejection", found, environment);
}

const ofPosterior = (by: Source["by"], draws: ExactDraws, environment: RunEnvironment): Source => ({
  by,
  looked: draws.looked,
  logZ: draws.logZ,
  repetition: async (index, random) => ({
    environment,
    random,
    draw: await draws.draw(index, environment.random.split(Stream.walks).split(index)),
  }),
});

async function bySimulation(
  program: Target,
  environment: RunEnvironment,
  { repetitions, executions }: Settings,
): Promise<Source> {
  const random = environment.random.split(Stream.draws);
  const simulated = await simulate(program, environment, random, { simulations: repetitions, maxAttempts: executions });
  const { services, signal, limits } = environment;
  return {
    by: "simulation",
    looked: simulated.reduce((sum, { attempts }) => sum + attempts, 0),
    logZ: null,
    repetition: (index, own) => {
      const given = new RunEnvironment(services, own, signal, limits);
      given.observations = new Given(simulated[index]!.observed);
      return { environment: given, random: own, draw: simulated[index]!.entries };
    },
  };
}

async function bounds(
  program: Target,
  plan: SequentialPlan,
  source: Source,
  environment: RunEnvironment,
  { repetitions, onProgress }: Settings,
): Promise<Certificate> {
  const made: Repetition[] = [];
  for (let i = 0; i < repetitions; i++)
    made.push(await source.repetition(i, environment.random.split(Stream.runs).split(i)));
  let found: readonly Repeated[];
  try {
    found = await driven(repeatRuns(program, plan, made), environment, (done) =>
      onProgress?.({ phase: "runs", done, total: repetitions }),
    );
  } catch (error) {
    if (!(error instanceof MethodError && error.code === "PGLR089")) throw error;
    return noCertificate(
      ["the method cannot make an execution that the posterior can: a proposal leaves it out, and KL(σ‖q) is infinite"],
      "A proposal must have positive density wherever the posterior has.",
    );
  }
  return certificateOf(found, source);
}

/** Puts the repetitions together. See `certify` for the formulas. */
function certificateOf(found: readonly Repeated[], { by, looked, logZ }: Source): Certificate {
  const repetitions = found.length;
  const surviving = found.filter(({ free }) => free! > -Infinity);
  const survived = surviving.length;
  const of = by === "simulation" ? "simulated data" : "posterior";
  if (survived === 0 || (survived < repetitions && of === "simulated data")) {
    return noCertificate(
      [
        survived === 0
          ? `all of ${repetitions} runs lost all their executions`
          : `${repetitions - survived} of ${repetitions} runs on simulated data lost all their executions, and how often differs between data`,
      ],
      "Use more particles, a proposal or a twist.",
    );
  }
  const upper = estimateOf(found.map(({ given }) => given!));
  const alive = estimateOf(surviving.map(({ free }) => free!));
  const share = survived / repetitions;
  const survival: Estimate = {
    estimate: Math.log(share),
    stderr: Math.sqrt((1 - share) / (share * repetitions)),
  };
  const lower = sumOf(alive, survival);
  const divergence =
    // Both runs of a repetition were on the same data.
    of === "simulated data" ? estimateOf(found.map((r) => r.given! - r.free!)) : differenceOf(upper, alive);
  const deaths = found.some((r) => r.deaths);
  return {
    kind: "bounds",
    statement: statementOf({ of, divergence, deaths, survived, repetitions }),
    of,
    exactDraws: { by, looked },
    repetitions,
    survived,
    deaths,
    logZ: { exact: logZ, mean: estimateOf(found.map(({ free }) => free!)), lower, upper },
    divergence,
    towardsPosterior: logZ === null ? null : shifted(negated(lower), logZ),
    fromPosterior: logZ === null ? null : sumOf(shifted(upper, -logZ), survival),
  };
}

const negated = ({ estimate, stderr }: Estimate): Estimate => ({ estimate: -estimate, stderr });

/** Runs to the end. @throws Ended when it was stopped; whatever the steps throw. */
async function driven<T>(
  steps: Generator<{ readonly step: number } | Promise<void>, T, void>,
  environment: RunEnvironment,
  onStep: (step: number) => void,
): Promise<T> {
  const result = { value: undefined as T | undefined };
  const watched = (function* () {
    result.value = yield* steps;
  })();
  // Steps here are not those of a run, which `max_steps` counts: the environment has none.
  const stop = await drive(watched, environment, ({ step }) => onStep(step));
  if (stop !== null) throw new Ended(`the certificate ${ENDED[stop]} before it was complete`);
  return result.value as T;
}
