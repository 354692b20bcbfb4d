import { LawError } from "../laws/difference.js";
import { normalQuantile } from "./two-sample.js";

export interface KnownEvidenceOptions {
  /** The log of the true Z, in nats. */
  readonly logZ: number;
  /** log Ẑ of an independent run; −∞ is a run that found nothing. */
  readonly estimate: (seed: number) => number | Promise<number>;
  /** Default 100. */
  readonly runs?: number;
  /** The first seed; the others follow. Default 1. */
  readonly seed?: number;
  /** How often a right method fails. Default 1e-4. */
  readonly falseAlarmRate?: number;
}

/**
 * Throws unless E[Ẑ] = Z, as far as independent runs can tell: the average of Ẑ/Z is within its standard error times the
 * normal quantile of the false-alarm rate from one. The rate is that of the normal approximation; it asks for enough particles
 * that Ẑ/Z is not far from one in a single run, and says so where it is.
 *
 * @throws LawError with the average and its standard error.
 */
export async function expectKnownEvidence(
  options: KnownEvidenceOptions,
): Promise<{ readonly ratio: number; readonly stderr: number }> {
  const { logZ, estimate, runs = 100, seed = 1, falseAlarmRate = 1e-4 } = options;
  const ratios: number[] = [];
  for (let i = 0; i < runs; i++) ratios.push(Math.exp((await estimate(seed + i)) - logZ));
  const ratio = ratios.reduce((a, b) => a + b, 0) / runs;
  const variance = ratios.reduce((sum, r) => sum + (r - ratio) ** 2, 0) / (runs - 1);
  const stderr = Math.sqrt(variance / runs);
  if (!(stderr < 0.5))
    throw new LawError(
      `Ẑ/Z varies too much to tell anything: ${ratio} ± ${stderr} over ${runs} runs. Use more particles.`,
    );
  const allowed = normalQuantile(falseAlarmRate) * stderr + 1e-9;
  if (!(Math.abs(ratio - 1) <= allowed)) {
    throw new LawError(
      `E[Ẑ] = Z does not hold: the average of Ẑ/Z is ${ratio.toPrecision(5)} ± ${stderr.toPrecision(2)} over ${runs} runs (false-alarm rate ${falseAlarmRate}).`,
    );
  }
  return { ratio, stderr };
}
