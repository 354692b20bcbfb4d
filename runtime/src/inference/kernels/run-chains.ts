import type { Environment } from "../../machine/environment.js";
import { posteriorOfChains, type ChainRecord } from "../blocks/chain-posterior.js";
import { drive } from "../blocks/drive.js";
import type { RunOptions } from "../method.js";
import type { MethodReport, Posterior } from "../posterior.js";
import type { Chains, ChainSettings } from "./chains.js";

/** Runs chains to their end, or until the run is stopped, and gives the posterior of what they kept. */
export async function runChains<R>(
  chains: Chains,
  { samples }: ChainSettings,
  report: MethodReport,
  environment: Environment,
  { onProgress }: RunOptions = {},
  /** Adds warnings of its own, when the run has come to its end. */
  warn: () => void = () => {},
): Promise<Posterior<R>> {
  const stop = await drive(chains.run(), environment, (progress) => onProgress?.(progress));
  const records = chains.executions.length === 0 ? [] : chains.records;
  if (stop === null && records.length > 0) {
    warnOfStanding(records, environment);
    warn();
  }
  return posteriorOfChains<R>(records, report, environment, {
    ledger: chains.ledger,
    wanted: samples,
    executions: chains.begun,
    stop,
    death: chains.death,
  });
}

/** A chain that never moved says nothing but where it started. */
function warnOfStanding(records: readonly ChainRecord[], environment: Environment): void {
  const standing = records.filter(({ accepted, steps }) => steps > 0 && accepted === 0).length;
  if (standing === 0) return;
  environment.warn({
    code: "PGLW009",
    message: `${standing} of ${records.length} chains never accepted a step: what they show is their first execution. Another kernel ("suffix", or "block" with draws that a condition ties together), smc or parallel_tempering would help.`,
  });
}
