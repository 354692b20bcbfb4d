import { compile, type CompiledProgram } from "@pgl/core";
import { print } from "@pgl/grammar";
import { TableModel } from "@pgl/lm";
import { measure, printProgram, type GeneratedProgram, type LawSubject, type Measure } from "../../src/index.js";

export type Passes = readonly string[] | "all" | "none";

/** A generated program, compiled and evaluated, ready to be run by any method. */
export async function compiled(
  program: GeneratedProgram,
  passes: Passes = "all",
): Promise<LawSubject & { readonly whole: CompiledProgram }> {
  const whole = await compile.source(print(program.module), { passes });
  const model = whole.models[program.model];
  if (model === undefined) throw new Error(`The compiled program has no model ${program.model}.`);
  const lms = Object.fromEntries(
    Object.entries(program.lms).map(([name, table]) => [name, TableModel.from(table, name)]),
  );
  return { program: model, args: program.args, lms, whole };
}

/** What the reference says, or the error it ends with; executions that fail may be left out. */
export function reference(
  program: GeneratedProgram,
  executions = 5000,
  failing: "throw" | "leave" = "throw",
): Measure | Error {
  try {
    return measure(program.module, program.model, program.args, { lms: program.lms, limits: { executions }, failing });
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** Puts the program before the message of whatever goes wrong with it. */
export async function shown<T>(program: GeneratedProgram, note: string, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${printProgram(program)}\n${note}: ${message}`, { cause: error });
  }
}
