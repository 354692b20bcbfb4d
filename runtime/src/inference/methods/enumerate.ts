import type { Distribution } from "../../distributions/distribution.js";
import { MethodError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import { Particle } from "../../machine/particle.js";
import { showSite, type Site } from "../../machine/site.js";
import { answerRequests } from "../blocks/answer.js";
import { choose, runToChoice, Status } from "../blocks/forward.js";
import { BestFirst } from "../blocks/best-first.js";
import { located } from "../blocks/population.js";
import { RunEnvironment } from "../environment.js";
import type { Method, RunOptions, Target } from "../method.js";
import { Posterior, type WeightedSample } from "../posterior.js";
import { checkCount, defined } from "./smc.js";

export interface EnumerateOptions {
  /** Stop after this many finished executions. */
  readonly max_traces?: number;
  /** Stop when the prior probability of what has not been visited is below this. */
  readonly tolerance?: number;
}

/** An execution that has not been finished, and what it may still become. */
interface Open {
  readonly particle: Particle;
  /** log prior probability of the draws so far: a bound on the prior mass of everything below. */
  readonly logPrior: number;
  /** For a countable draw: the values not yet taken and the prior mass left for them. */
  readonly rest: { readonly values: Iterator<unknown>; readonly mass: number } | null;
}

/** Executions in flight at once, so that a language model is asked in batches. */
const BATCH = 64;

/**
 * Exact inference by visiting every execution, the heaviest first (prior probability times factors so far). On a
 * program with finitely many executions the posterior and log Z are exact. Otherwise it stops at `tolerance` or
 * `max_traces` and says how much prior probability it has not visited; log Z is then that of the visited part.
 *
 * @throws MethodError at a continuous draw.
 */
export function enumerate(options: EnumerateOptions = {}): Method {
  const settings = { max_traces: 1_000_000, tolerance: 1e-12, ...defined(options) } as Required<EnumerateOptions>;
  checkCount("enumerate", "max_traces", settings.max_traces);
  if (!(settings.tolerance >= 0 && settings.tolerance < 1)) {
    throw new MethodError("PGLR030", `enumerate: \`tolerance\` is a probability below 1, not ${settings.tolerance}.`);
  }
  return {
    name: "enumerate",
    guarantee: "exact",
    options: { ...settings },
    run: (program, environment, run) => runEnumerate(program, settings, environment, run),
  };
}

async function runEnumerate<R>(
  program: Target<R>,
  { max_traces, tolerance }: Required<EnumerateOptions>,
  environment: Environment,
  run: RunOptions = {},
): Promise<Posterior<R>> {
  const frontier = new BestFirst<Open>();
  frontier.push({ particle: new Particle(program.start(), environment.random, environment), logPrior: 0, rest: null }, 0);
  const finished: { value: R; logWeight: number; trace: Particle["trace"] }[] = [];
  const visit: Visit = {
    add: (open) => frontier.push(open, open.rest === null ? open.particle.logWeight : open.particle.logWeight + Math.log(open.rest.mass)),
    finish: (particle) => finished.push({ value: particle.value as R, logWeight: particle.logWeight, trace: particle.trace }),
    died: (site) => (lastDeath = site ?? lastDeath),
  };
  let lastDeath: Site | null = null;
  let executions = 0;
  let open = 1;
  let partial = false;
  let reported = 0;
  let rounds = 0;
  while (frontier.size > 0 && finished.length < max_traces) {
    if (environment.signal?.aborted === true) {
      partial = true;
      break;
    }
    // The sum over the frontier costs as much as a step of it, so it is taken now and then.
    if (executions % 256 === 0 && tolerance > 0 && (open = frontierMass(frontier)) < tolerance) break;
    const waiting: { particle: Particle; logPrior: number }[] = [];
    do {
      const next = frontier.pop()!;
      executions++;
      if (explore(next, visit)) waiting.push(next);
    } while (waiting.length > 0 && waiting.length < BATCH && frontier.size > 0);
    let asked = waiting;
    while (asked.length > 0) {
      await answerRequests(
        asked.map((w) => w.particle),
        environment,
        ++rounds,
      );
      asked = asked.filter(({ particle, logPrior }) => explore({ particle, logPrior, rest: null }, visit));
    }
    if (run.onProgress !== undefined && executions - reported >= 1024) {
      reported = executions;
      run.onProgress({
        method: "enumerate",
        step: executions,
        total: null,
        alive: frontier.size,
        finished: finished.length,
        ess: finished.length,
        logZ: logSum(finished.map((f) => f.logWeight)),
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const unvisited = frontier.size === 0 ? 0 : frontierMass(frontier);
  if (unvisited > 1e-9) {
    environment.warn({
      code: "PGLW006",
      message: `Enumeration stopped with prior probability ${unvisited.toPrecision(3)} not visited.`,
    });
  }
  const logZ = logSum(finished.map((f) => f.logWeight));
  if (logZ === -Infinity) {
    environment.warn({
      code: "PGLW003",
      message: `Every execution visited had weight zero${lastDeath === null ? "" : `; the last one ended at ${showSite(lastDeath)}`}.`,
      site: lastDeath ?? undefined,
    });
  }
  const samples: WeightedSample<R>[] = finished.map(({ value, logWeight, trace }) => ({
    value,
    weight: logZ === -Infinity ? 0 : Math.exp(logWeight - logZ),
    trace,
  }));
  let squares = 0;
  for (const { weight } of samples) squares += weight * weight;
  return new Posterior<R>(
    samples,
    { estimate: logZ, stderr: unvisited === 0 ? 0 : null, exact: unvisited === 0 },
    {
      ess: squares === 0 ? 0 : 1 / squares,
      history: [],
      distinctAncestors: null,
      unvisitedMass: unvisited,
      executions,
      partial,
      warnings: environment instanceof RunEnvironment ? environment.warnings : [],
    },
    { name: "enumerate", guarantee: unvisited === 0 ? "exact" : "approximate", options: { max_traces, tolerance } },
  );
}

interface Visit {
  add(open: Open): void;
  finish(particle: Particle): void;
  died(site: Site | null): void;
}

/** Goes on with an execution to its next draw, and opens what that draw can become. True when it has to wait. */
function explore(open: Open, visit: Visit): boolean {
  const { particle, logPrior } = open;
  if (open.rest !== null) {
    expandCountable(particle, logPrior, open.rest.values, open.rest.mass, visit);
    return false;
  }
  let status: Status;
  try {
    status = runToChoice(particle);
  } catch (error) {
    throw located(error, particle, 0);
  }
  switch (status) {
    case Status.Waiting:
      return true;
    case Status.Done:
      visit.finish(particle);
      return false;
    case Status.Dead:
      visit.died(particle.site);
      return false;
    default:
      expand(particle, logPrior, visit);
      return false;
  }
}

function expand(particle: Particle, logPrior: number, visit: Visit): void {
  const distribution = particle.distribution as Distribution<unknown>;
  const support = distribution.support;
  if (support.kind === "finite") {
    const { values, probabilities } = support;
    let last = values.length - 1;
    while (last >= 0 && !(probabilities[last]! > 0)) last--;
    for (let i = 0; i <= last; i++) {
      const p = probabilities[i]!;
      if (!(p > 0)) continue;
      // The last branch may have the particle itself: nobody needs it unforked any more.
      const branch = i === last ? particle : particle.fork(particle.random);
      take(branch, values[i], distribution.logDensity(values[i]), logPrior, visit);
    }
    return;
  }
  if (support.kind === "countable") {
    expandCountable(particle, logPrior, support.values()[Symbol.iterator](), 1, visit);
    return;
  }
  const site = particle.site!;
  throw new MethodError(
    "PGLR040",
    `enumerate cannot visit every value of ${distribution.name} at ${showSite(site)}: it is continuous.`,
    { site, hint: "Use importance or smc, or a discrete distribution." },
  );
}

/** Takes the next value of a countable draw, and leaves the others for later. */
function expandCountable(particle: Particle, logPrior: number, values: Iterator<unknown>, mass: number, visit: Visit): void {
  const next = values.next();
  if (next.done === true) return;
  const logP = (particle.distribution as Distribution<unknown>).logDensity(next.value);
  const left = mass - Math.exp(logP);
  if (left > 1e-15) {
    const remaining = particle.fork(particle.random);
    remaining.logWeight = particle.logWeight;
    visit.add({ particle: remaining, logPrior: logPrior - Math.log(mass) + Math.log(left), rest: { values, mass: left } });
  }
  // `logPrior` of a remainder already counts the mass left; the value's own is relative to the whole draw.
  take(particle, next.value, logP, logPrior - Math.log(mass), visit);
}

function take(particle: Particle, value: unknown, logP: number, logPrior: number, visit: Visit): void {
  if (logP === -Infinity) return;
  choose(particle, value, logP);
  particle.logWeight += logP;
  visit.add({ particle, logPrior: logPrior + logP, rest: null });
}

function frontierMass(frontier: BestFirst<Open>): number {
  let sum = 0;
  for (const open of frontier) sum += Math.exp(open.logPrior);
  return sum;
}

function logSum(values: readonly number[]): number {
  let max = -Infinity;
  for (const v of values) if (v > max) max = v;
  if (max === -Infinity) return -Infinity;
  let sum = 0;
  for (const v of values) sum += Math.exp(v - max);
  return max + Math.log(sum);
}
