import { MethodError } from "../errors.js";

/**
 * The options of a method with its defaults for those that are not given.
 * @throws MethodError PGLR034 for an option the method has not.
 */
export function complete<T extends object>(
  method: string,
  options: Partial<T>,
  defaults: T,
  optional: readonly string[] = [],
): T {
  const known = [...Object.keys(defaults), ...optional];
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new MethodError("PGLR034", `${method} has no option \`${name}\`.`, { hint: `It has ${known.join(", ")}.` });
    }
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...defaults, ...given };
}

/** @throws MethodError PGLR030 unless `value` is a positive whole number, and at least `least`. */
export function checkCount(method: string, option: string, value: unknown, least = 1): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw refused(method, option, least === 1 ? "a positive whole number" : `a whole number from ${least}`, value);
}

/** @throws MethodError PGLR030 unless `value` is a whole number from 0. */
export function checkFromZero(method: string, option: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw refused(method, option, "a whole number from 0", value);
}

/** @throws MethodError PGLR030 unless `value` is true or false. */
export function checkFlag(method: string, option: string, value: unknown): void {
  if (typeof value !== "boolean") throw refused(method, option, "true or false", value);
}

/** The error for an option whose value is not what it must be. */
export function refused(method: string, option: string, wanted: string, value: unknown): MethodError {
  return new MethodError(
    "PGLR030",
    `${method}: \`${option}\` must be ${wanted}, not ${typeof value === "string" ? JSON.stringify(value) : String(value)}.`,
  );
}
