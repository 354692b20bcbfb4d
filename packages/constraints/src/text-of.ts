import { hooksOf, textSymbol } from "@pgl/runtime";
import { ConstraintError } from "./errors.js";

/** The text of a string, a token or a context. @throws ConstraintError PGLC004 for anything else. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) {
    const text = hooksOf(value)[textSymbol]?.();
    if (text !== undefined) return text;
  }
  throw new ConstraintError("PGLC004", "`matches` looks at text: a string, a token or a context; this value is none.", {
    hint: "Make a string of it first: string(x).",
  });
}
