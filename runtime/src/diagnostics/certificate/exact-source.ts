import { MethodError } from "../../errors.js";
import { RunEnvironment } from "../../inference/environment.js";
import type { Target } from "../../inference/method.js";
import type { RandomSource } from "../../random/source.js";
import { drawsByRejection, NoRejection } from "../bounds/by-rejection.js";
import { drawsByStates, isNotFinite } from "../bounds/by-states.js";
import type { ExactDraws } from "../bounds/exact-draws.js";
import type { Repetition } from "../bounds/runs.js";
import { Given } from "../calibration/observations.js";
import { checkObservedAll, checkShape } from "../calibration/shape.js";
import { simulate } from "../calibration/simulate.js";
import { noCertificate, type BoundsCertificate, type NoCertificate } from "./certificate.js";
import { driven } from "./driven.js";
import type { CertifySettings } from "./options.js";

/** Streams of its own: `certify` uses others. */
const Stream = { draws: 1, walks: 3 } as const;

/** Where repetitions with exact draws come from. */
export interface ExactSource {
  readonly by: BoundsCertificate["exactDraws"]["by"];
  readonly looked: number;
  readonly logZ: number | null;
  repetition(index: number, random: RandomSource): Repetition | Promise<Repetition>;
}

/**
 * Exact draws of the program's posterior for as many repetitions as are wanted, by the first way that there is; or the
 * reasons why there is none.
 *
 * @throws Ended when it was stopped; what the program throws.
 */
export async function exactSource(
  program: Target,
  environment: RunEnvironment,
  settings: CertifySettings,
): Promise<ExactSource | NoCertificate> {
  const reasons: string[] = [];
  let remedy = "Draw from finite distributions, or observe where you weigh by factors.";
  const wanted = (kind: CertifySettings["exact"]): boolean =>
    settings.exact === "auto" || settings.exact === kind || (settings.exact === "posterior" && kind !== "simulate");
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

async function byStates(
  program: Target,
  environment: RunEnvironment,
  { max_states, onProgress }: CertifySettings,
): Promise<ExactSource | string> {
  let found: ExactDraws | null;
  try {
    found = await driven(drawsByStates(program, environment, max_states, "enumeration"), environment, (done) =>
      onProgress?.({ phase: "exact draws", done, total: null }),
    );
  } catch (error) {
    if (isNotFinite(error)) return error.message;
    throw error;
  }
  return found === null
    ? "every execution that enumeration met has weight zero"
    : ofPosterior("enumeration", found, environment);
}

async function byRejection(
  program: Target,
  environment: RunEnvironment,
  { repetitions, bound, executions, onProgress }: CertifySettings,
): Promise<ExactSource> {
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

const ofPosterior = (by: ExactSource["by"], draws: ExactDraws, environment: RunEnvironment): ExactSource => ({
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
  { repetitions, executions }: CertifySettings,
): Promise<ExactSource> {
  const random = environment.random.split(Stream.draws);
  const simulated = await simulate(program, environment, random, { simulations: repetitions, maxAttempts: executions });
  checkShape(simulated);
  const { services, signal, limits } = environment;
  return {
    by: "simulation",
    looked: simulated.reduce((sum, { attempts }) => sum + attempts, 0),
    logZ: null,
    repetition: (index, own) => {
      const { observed, entries, arguments: args } = simulated[index]!;
      const given = new RunEnvironment(services, own, signal, limits);
      // What is learned for a program may depend on what it observes.
      given.arguments = args;
      given.observations = new Given(observed);
      return {
        environment: given,
        random: own,
        draw: entries,
        check: (particle) => checkObservedAll(particle, observed),
      };
    },
  };
}
