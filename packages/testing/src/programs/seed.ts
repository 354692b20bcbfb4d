import type * as ast from "@pgl/grammar";
import type { TableModel } from "../reference/index.js";

/** What a statement is made from: its own numbers, and the statements inside it. */
export interface StatementSeed {
  readonly tape: readonly number[];
  readonly body: readonly StatementSeed[];
}

/** What a program is made from. */
export interface ProgramSeed {
  readonly helpers: readonly StatementSeed[];
  /** Draws that the model begins with. */
  readonly opening: readonly (readonly number[])[];
  readonly main: readonly StatementSeed[];
  readonly result: readonly number[];
  readonly tables: readonly number[];
  readonly arguments: readonly number[];
  readonly guide: readonly number[];
}

export interface ElaborateOptions {
  /** Upper bound of log₂(number of executions), roughly. */
  readonly bits: number;
  /** No twists, or no proposals, language models, or nested inference. */
  readonly without?: readonly Feature[];
}

/** Constructs that are counted, and can be left out. */
export type Feature =
  | "twist"
  | "site proposal"
  | "guide"
  | "lm"
  | "infer"
  | "loop"
  | "while"
  | "closure"
  | "recursion"
  | "early return"
  | "constraint"
  | "higher order"
  | "map"
  | "match"
  | "short circuit"
  | "where"
  | "mix"
  | "step"
  | "break"
  | "inline model"
  | "product"
  | "local product"
  | "masked"
  | "matching"
  | "independent"
  | "empty posterior";

/** A random program with all that is needed to run it. */
export interface GeneratedProgram {
  readonly module: ast.Module;
  readonly model: string;
  readonly args: readonly unknown[];
  readonly lms: Readonly<Record<string, TableModel>>;
  /** The name of a whole-trace proposal for the model, if the program has one. */
  readonly guide: string | null;
  readonly features: ReadonlySet<Feature>;
}
