import {
  calibrate as calibrateTarget,
  defaultMethod,
  RunEnvironment,
  seeded,
  target,
  type Calibration,
  type CalibrateOptions as TargetOptions,
  type Method,
  type Model,
  type RunLimits,
  type Warning,
} from "@pgl/runtime";
import type { Given } from "../given.js";
import { originOf } from "../load/origin.js";
import { explain } from "./explain.js";
import { bindLanguageModels, type LanguageModels } from "./language-models.js";
import { seedOr } from "./seed.js";
import { runTwists } from "./twist-service.js";

export interface CalibrateOptions extends TargetOptions {
  /** As for `infer`. */
  readonly lms?: LanguageModels;
  /** Seed of all randomness; a random one by default. The one used is in the result. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly limits?: RunLimits;
}

export interface CalibrationResult extends Calibration {
  readonly seed: number;
  readonly method: string;
  readonly warnings: readonly Warning[];
}

/**
 * Is a method right on a model? Simulates results together with what the model observes, infers each back, and tests whether
 * the posteriors are what they should be: simulation-based calibration and coverage. The arguments say how much is observed
 * (as how many elements a list of data has); the data themselves are drawn.
 *
 * Compile the program with `passes: "none"`: passes may turn an observation into something that is no observation any more.
 *
 * @throws MethodError PGLR100–PGLR103 when it cannot be done, with the place in the program; and whatever running it throws.
 */
export async function calibrate<A extends readonly unknown[], R>(
  model: Model<A, R>,
  args: Given<A>,
  method: Method = defaultMethod,
  options: CalibrateOptions = {},
): Promise<CalibrationResult> {
  const origin = originOf(model as unknown as Model);
  const seed = seedOr(options.seed);
  const complete = (origin?.checkArguments?.(args, model.name) ?? args) as A;
  const models = await bindLanguageModels(origin?.aliases ?? [], options.lms);
  const services = new Map<string, unknown>([...models].map(([alias, lm]) => [`lm:${alias}`, lm] as const));
  services.set("twists", (await runTwists({ lms: options.lms }, models, complete, origin)).service);
  try {
    const environment = new RunEnvironment(services, seeded(seed), options.signal, options.limits);
    const found = await calibrateTarget(target(model, complete), method, environment, options);
    return { ...found, seed, method: method.name, warnings: environment.warnings };
  } catch (error) {
    throw explain(error, origin?.places ?? null);
  }
}
