import { Context, Token } from "@pgl/lm";
import { Posterior, ValueMap } from "@pgl/runtime";
import { numberKey } from "../reference/index.js";

/** The key that the reference interpreter gives the same value: what a compiled program returns, compared across the two. */
export function runtimeKey(value: unknown): string {
  if (value === null) return "none";
  if (value === undefined) return "unit";
  if (typeof value === "number") return `#${numberKey(value)}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(runtimeKey).join(",")}]`;
  if (value instanceof ValueMap) {
    const entries = [...value.entries()].map(([k, v]) => `${runtimeKey(k)}:${runtimeKey(v)}`);
    return `map{${entries.sort().join(",")}}`;
  }
  if (value instanceof Token) return value.isEos ? "eos" : `token:${value.id}:${JSON.stringify(value.text)}`;
  if (value instanceof Context)
    throw new TypeError("A context has no key that is the same everywhere; return its text.");
  if (value instanceof Posterior || typeof value === "function")
    throw new TypeError("Functions and posteriors have no key.");
  if (typeof value === "object") {
    const fields = Object.entries(value).map(([name, v]) => `${JSON.stringify(name)}:${runtimeKey(v)}`);
    return `{${fields.sort().join(",")}}`;
  }
  throw new TypeError(`A ${typeof value} is no value of the language.`);
}
