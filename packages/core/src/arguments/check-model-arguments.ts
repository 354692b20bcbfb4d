import type { Model } from "@pgl/runtime";
import { originOf } from "../load/origin.js";
import { ArgumentError } from "./check-json.js";

/**
 * Arguments for a compiled model from JSON: a list in order, or an object by name.
 *
 * @throws ArgumentError that names what is wrong, or when the model was written in TypeScript and says nothing of its
 * parameters at run time.
 */
export function checkModelArguments(model: Model, value: unknown, path = "args"): readonly unknown[] {
  const check = originOf(model)?.checkArguments;
  if (check === undefined || check === null) {
    if (Array.isArray(value)) return value;
    throw new ArgumentError(path, `${model.name} takes its arguments as a list.`);
  }
  return check(value, path);
}
