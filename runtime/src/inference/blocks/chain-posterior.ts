import { bulkEss, rankNormalizedRHat } from "../../diagnostics/convergence.js";
import type { Environment } from "../../machine/environment.js";
import { Trace, type TraceHolder, type TraceLedger } from "../../machine/trace.js";
import { showSite } from "../../machine/site.js";
import type { Stop } from "../environment.js";
import {
  Posterior,
  type ChainDiagnostics,
  type LogEvidence,
  type MethodReport,
  type WeightedSample,
} from "../posterior.js";
import { warningsOf, warnOfStop } from "./drive.js";
import type { Death } from "./population.js";

/** One value that a chain has kept. */
export interface ChainDraw extends TraceHolder {
  readonly value: unknown;
  /** log of the weight of the execution (or of what estimates it), in nats. */
  readonly logWeight: number;
}

/** What one chain did after its burn-in. */
export interface ChainRecord {
  readonly draws: ChainDraw[];
  accepted: number;
  steps: number;
}

export interface ChainPosteriorOptions {
  readonly ledger: TraceLedger;
  /** Values wanted of each chain. */
  readonly wanted: number;
  readonly executions: number;
  readonly stop: Stop | null;
  /** Where executions died, when no chain has found a start. */
  readonly death: Death | null;
  readonly logEvidence?: LogEvidence;
}

/** R-hat above which chains have not mixed (Vehtari et al. 2021). */
const MIXED = 1.01;

/** Equally weighted draws of Markov chains, as a posterior with what they tell of themselves. */
export function posteriorOfChains<R>(
  chains: readonly ChainRecord[],
  method: MethodReport,
  environment: Environment,
  { ledger, wanted, executions, stop, death, logEvidence }: ChainPosteriorOptions,
): Posterior<R> {
  const draws = ([] as ChainDraw[]).concat(...chains.map((chain) => chain.draws));
  const found = diagnose(chains);
  if (stop !== null) {
    const done = Math.min(...chains.map((chain) => chain.draws.length));
    warnOfStop(
      environment,
      stop,
      `${Number.isFinite(done) ? done : 0} of ${wanted} samples of each chain had been drawn.`,
    );
  } else if (draws.length === 0) {
    const place =
      death === null
        ? ""
        : `; the last one ended at ${death.site === null ? "the program's end" : showSite(death.site)}`;
    environment.warn({
      code: "PGLW003",
      message: `No execution of positive weight was found to start from${place}.`,
      site: death?.site ?? undefined,
    });
  } else if (found.rHat !== null && found.rHat > MIXED) {
    environment.warn({
      code: "PGLW011",
      message: `The chains have not mixed: R-hat is ${found.rHat.toFixed(3)} (of ${found.summary}), above ${MIXED}. More samples would help, or steps that reach further: another kernel, more particles.`,
    });
  }
  return new Posterior<R>(
    samplesOf<R>(draws, ledger),
    logEvidence ?? { estimate: draws.length === 0 && stop === null ? -Infinity : null, stderr: null, exact: false },
    {
      ess: found.essBulk ?? draws.length,
      history: [],
      distinctAncestors: null,
      unvisitedMass: 0,
      executions,
      chains: found,
      partial: stop !== null,
      warnings: warningsOf(environment),
    },
    method,
    environment.random.split(3),
  );
}

/** Of a chain that stayed where it was, one object as often as it stayed. */
function samplesOf<R>(draws: readonly ChainDraw[], ledger: TraceLedger): WeightedSample<R>[] {
  const weight = 1 / draws.length;
  let last: ChainDraw | null = null;
  let sample: WeightedSample<R> | null = null;
  return draws.map((draw) => {
    if (draw !== last) {
      last = draw;
      sample = { value: draw.value as R, weight, trace: Trace.of(ledger, draw.lastDraw) };
    }
    return sample!;
  });
}

/** Values of a chain that are looked at: of more, every k-th. A chain of those has at most as large an ESS, and the same R-hat. */
const MOST_LOOKED_AT = 5000;

/** Of the returned value where it is a number or a truth value, else of the log of the execution's weight. */
function diagnose(chains: readonly ChainRecord[]): ChainDiagnostics {
  const draws = chains.length === 0 ? 0 : Math.min(...chains.map((chain) => chain.draws.length));
  const every = Math.max(1, Math.ceil(draws / MOST_LOOKED_AT));
  const looked = chains.map(({ draws: all }) =>
    Array.from({ length: Math.floor(draws / every) }, (_, i) => all[i * every]!),
  );
  const isNumeric = looked.every((all) =>
    all.every(({ value }) => typeof value === "number" || typeof value === "boolean"),
  );
  const values = looked.map((all) =>
    Float64Array.from(all, ({ value, logWeight }) => (isNumeric ? Number(value) : logWeight)),
  );
  const steps = chains.reduce((sum, chain) => sum + chain.steps, 0);
  return {
    count: chains.length,
    draws,
    acceptance: steps === 0 ? 0 : chains.reduce((sum, chain) => sum + chain.accepted, 0) / steps,
    rHat: draws === 0 ? null : rankNormalizedRHat(values),
    essBulk: draws === 0 ? null : bulkEss(values),
    summary: isNumeric ? "the returned value" : "the log weight",
  };
}
