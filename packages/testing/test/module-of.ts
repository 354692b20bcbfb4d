import { parse, type Module } from "@pgl/grammar";
import { measure, type Measure, type MeasureOptions } from "../src/reference/index.js";

/** The tree of a program that has no syntax errors. */
export function moduleOf(text: string): Module {
  const { tree, diagnostics } = parse(text);
  const errors = diagnostics.filter((d) => d.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((d) => `${d.code} at ${d.span.start}: ${d.message}`).join("\n"));
  return tree;
}

/** The measure of the model `m`. */
export const measureText = (text: string, args: readonly unknown[] = [], options: MeasureOptions = {}): Measure =>
  measure(moduleOf(text), "m", args, options);

/** Masses by JSON of the value. */
export const table = (measured: Measure): Record<string, number> =>
  Object.fromEntries(measured.atoms.map((a) => [JSON.stringify(a.value), a.mass]));
