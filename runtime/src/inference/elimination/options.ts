import { show } from "../../values.js";
import { checkCount, complete, refused } from "../options.js";

export interface EliminationOptions {
  /**
   * The most states that are looked at; beyond it the run ends with the error PGLR090. Default 1 000 000. A state takes some
   * hundred bytes.
   */
  readonly max_states?: number;
}

const DEFAULTS = { max_states: 1_000_000 };

/**
 * The options with defaults for those that are not given.
 * @param rest the options that the method has beside these.
 * @throws MethodError PGLR030 or PGLR034 for options that are out of range or that the method has not.
 */
export function checkElimination<T extends EliminationOptions>(
  method: string,
  options: T,
  rest: readonly string[] = [],
): T & Required<EliminationOptions> {
  const settings = complete<T & Required<EliminationOptions>>(
    method,
    options as Partial<T & Required<EliminationOptions>>,
    DEFAULTS as T & Required<EliminationOptions>,
    rest,
  );
  checkCount(method, "max_states", settings.max_states);
  return settings;
}

/** @throws MethodError PGLR030 unless `names` is a list of names of draws, with at least one. */
export function checkNames(method: string, option: string, names: unknown): void {
  if (Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === "string")) return;
  throw refused(method, option, "a list of names of draws, at least one", show(names));
}
