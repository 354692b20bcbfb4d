import { checkCount, complete, refused } from "../../inference/options.js";

export interface CertifyOptions {
  /** Runs, and runs that are given an exact draw of the posterior: as many of each. Default 20. */
  readonly repetitions?: number;
  /**
   * Where exact draws of the posterior come from. `enumerate`: all states of a finite program. `rejection`: executions of the
   * prior that are accepted. `simulate`: data are drawn together with the execution; then the certificate is about such data.
   * Default `auto`: the first of these that is to be had; `posterior`: the first of the first two, which say something of the
   * data at hand.
   */
  readonly exact?: "auto" | "posterior" | "enumerate" | "rejection" | "simulate";
  /** For rejection: a number of nats that no weight exceeds. By default 0, where all weights are known to be probabilities. */
  readonly bound?: number;
  /** Executions of the prior after which it is given up: all together for rejection, for each datum for simulation. Default 10 000. */
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

export type CertifySettings = Required<Omit<CertifyOptions, "bound" | "onProgress">> &
  Pick<CertifyOptions, "bound" | "onProgress">;

/** Fewer repetitions than this have no error to show. */
const FEWEST = 2;

/** Options checked, with their defaults. @throws MethodError PGLR030 or PGLR034. */
export function checkCertifyOptions(options: CertifyOptions): CertifySettings {
  const settings = complete<CertifySettings>(
    "certify",
    options,
    { repetitions: 20, exact: "auto", executions: 10_000, max_states: 10_000 },
    ["bound", "onProgress"],
  );
  checkCount("certify", "repetitions", settings.repetitions, FEWEST);
  for (const option of ["executions", "max_states"] as const) checkCount("certify", option, settings[option]);
  if (!["auto", "posterior", "enumerate", "rejection", "simulate"].includes(settings.exact))
    throw refused("certify", "exact", "auto, posterior, enumerate, rejection or simulate", settings.exact);
  if (settings.bound !== undefined && !Number.isFinite(settings.bound))
    throw refused("certify", "bound", "a finite number of nats", settings.bound);
  return settings;
}
