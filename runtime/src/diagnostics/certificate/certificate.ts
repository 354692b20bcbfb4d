import type { Estimate } from "../bounds/estimate.js";

/**
 * What is known of how far the law of one value drawn from a run is from the posterior. In all of it q is that law (the
 * randomness of the run and of the draw together), σ the posterior, and numbers are nats.
 */
export type Certificate = ExactCertificate | BoundsCertificate | NoCertificate;

/** The method draws from the posterior itself: q = σ. */
export interface ExactCertificate {
  readonly kind: "exact";
  readonly statement: string;
}

/** Bounds from repeated runs, half of them given an exact draw of the posterior. */
export interface BoundsCertificate {
  readonly kind: "bounds";
  /** The certificate in words. */
  readonly statement: string;
  /**
   * What `divergence` is about: the posterior of this program, or, on average, the posteriors given data that the program
   * would give itself (then nothing is said about the data at hand).
   */
  readonly of: "posterior" | "simulated data";
  /** Where the exact draws came from, and how many executions (states, for enumeration) were looked at. */
  readonly exactDraws: { readonly by: "enumeration" | "rejection" | "simulation"; readonly looked: number };
  /** Runs of each kind. */
  readonly repetitions: number;
  /** Runs, of those that were given nothing, that had an execution of positive weight in the end. */
  readonly survived: number;
  /** Some execution in some run had weight zero: then a run may lose all of its executions, whether one did or not. */
  readonly deaths: boolean;
  /** Of simulated data: the average over them of log Z, and of its bounds. */
  readonly logZ: {
    /** Where enumeration gives it. */
    readonly exact: number | null;
    /** The average of log Ẑ, ≤ log Z. −Infinity as soon as a run loses all its executions. */
    readonly mean: Estimate;
    /** E[log Ẑ | survival] + log P(survival) ≤ log Z: the same as `mean` while every run survives, and finite when not. */
    readonly lower: Estimate;
    /** E_σ[log Ẑ] ≥ log Z, of runs that were given an exact draw. */
    readonly upper: Estimate;
  };
  /** KL(q‖σ) + KL(σ‖q) is at most this; q is the law given that the run survives. */
  readonly divergence: Estimate;
  /** KL(q‖σ) alone is at most this; null where log Z is not known exactly. */
  readonly towardsPosterior: Estimate | null;
  /** KL(σ‖q) alone is at most this; null where log Z is not known exactly. */
  readonly fromPosterior: Estimate | null;
}

/** Nothing is certified. */
export interface NoCertificate {
  readonly kind: "none";
  readonly statement: string;
  readonly reasons: readonly string[];
  /** What can be done about it. */
  readonly remedy: string;
}

export const noCertificate = (reasons: readonly string[], remedy: string): NoCertificate => ({
  kind: "none",
  statement: `No certificate: ${reasons.map((r) => r.replace(/\.$/, "")).join("; ")}.`,
  reasons,
  remedy,
});

export const exactCertificate = (why: string): ExactCertificate => ({
  kind: "exact",
  statement: `This sample's law is the posterior: ${why}.`,
});

/** `0.08 ± 0.01`, to the first digit of the error that is not 0 (two where it is 1). Below zero, which no divergence is, 0. */
export function showDivergence({ estimate, stderr }: Estimate): string {
  const shown = Math.max(0, estimate);
  if (stderr === null) return shown.toPrecision(2);
  // Rounding of sums of logarithms.
  if (stderr < 1e-9) return shown < 1e-9 ? "0" : `${Number(shown.toPrecision(3))}`;
  const power = Math.floor(Math.log10(stderr));
  const digits = Math.max(0, -power + (stderr / 10 ** power < 2 ? 1 : 0));
  return `${shown.toFixed(digits)} ± ${stderr.toFixed(digits)}`;
}

/** A certificate of bounds in words. */
export function statementOf({
  of,
  divergence,
  deaths,
  survived,
  repetitions,
}: Pick<BoundsCertificate, "of" | "divergence" | "deaths" | "survived" | "repetitions">): string {
  const within = `within ${showDivergence(divergence)} nats of the posterior`;
  const simulated = of === "simulated data";
  const parts = [
    simulated ? "on data that the program itself would give" : "",
    deaths ? "given that a run does not lose all its executions" : "",
    `this sample's law is ${within} (sum of both divergences${simulated ? ", on average over the data" : ""})`,
  ].filter((part) => part !== "");
  const law = parts.join(", ");
  const lost = repetitions - survived;
  return [
    `${law[0]!.toUpperCase()}${law.slice(1)}.`,
    ...(deaths
      ? [
          `${lost === 0 ? "None" : lost} of ${repetitions} runs did, and some executions do: the law that counts such runs ` +
            "as an answer has an infinite KL(q‖σ).",
        ]
      : []),
    ...(simulated ? ["Nothing is said about the data at hand."] : []),
  ].join(" ");
}
