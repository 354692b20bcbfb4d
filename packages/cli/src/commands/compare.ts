import { writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { memoryFiles, nodeFiles } from "@pgl/compiler";
import {
  compare as compareMethods,
  compile,
  CompileError,
  defaultMethod,
  PglError,
  show,
  toJson,
  withParticles,
  type AnyModels,
  type Comparison,
  type CompiledProgram,
  type Contender,
  type Method,
  type Query,
} from "@pgl/core";
import { Exit, UsageError, type Io } from "../io.js";
import { passesAgainst, passesWithout } from "../passes.js";
import { comparisonSvg, renderComparison } from "../render/comparison.js";
import { renderCompileError, renderFailure, renderNotes } from "../render/diagnostics.js";
import { grouped } from "../render/number.js";
import { paint } from "../render/paint.js";
import type { Texts } from "../render/place.js";
import { clip } from "../render/width.js";
import { readSource } from "../source.js";
import {
  argumentsOf,
  checkAliases,
  loadModels,
  loadTwists,
  methodOf,
  selectQueries,
  surrogatesOf,
  type RunOptions,
} from "./run.js";

export interface CompareOptions extends Omit<RunOptions, "using" | "particles" | "maxTime"> {
  readonly using: readonly string[];
  readonly budgets: readonly number[];
  readonly repeats: number;
  /** File for the picture. */
  readonly svg?: string;
}

/** `pgl compare`: bounds of log Z of several methods at several budgets, against what a run costs. */
export async function compare(
  file: string,
  queryName: string | undefined,
  options: CompareOptions,
  io: Io,
): Promise<number> {
  const source = readSource(file, io);
  const files: Texts = {
    ...memoryFiles({ [source.path]: source.text }, nodeFiles(io.directory)),
    folder: dirname(source.path),
  };
  const passes = passesWithout([...options.pass, ...options.using.flatMap((using) => passesAgainst(using))]);
  let program: CompiledProgram & AnyModels;
  try {
    program = await compile.source(source.text, { file: source.path, passes });
  } catch (error) {
    if (error instanceof CompileError) {
      io.writeError(renderCompileError(error.diagnostics, files, io, options.color));
      return Exit.program;
    }
    io.writeError(renderFailure(error, files, io, options.color));
    return error instanceof PglError ? Exit.run : Exit.program;
  }
  const { using: _, ...run } = options;
  checkAliases(program, run);
  const [query, ...others] = selectQueries(program, queryName, run, source.shown);
  if (others.length > 0) {
    throw new UsageError(
      `${source.shown} has ${others.length + 1} queries, and methods are compared on one.`,
      `Name one: ${program.queries.map((q) => q.name).join(", ")}.`,
    );
  }
  const contenders = await contendersOf(program, query!, options);
  const lms = await loadModels(options.lm, io);
  const twists = loadTwists(options.twist ?? [], program, [query!], io);
  const controller = new AbortController();
  const unlisten = io.interrupt?.listen(() => controller.abort());
  const over = io.interrupt?.running(null);
  const showsProgress = io.errorIsTerminal && options.quiet !== true && options.json !== true;
  const clear = (): void => {
    if (showsProgress) io.writeError("\r\x1b[2K");
  };
  let result: Comparison;
  let args: readonly unknown[];
  try {
    args = argumentsOf(query!, run);
    result = await compareMethods(query!.model, args, contenders, {
      lms,
      ...(twists.length === 0 ? {} : { twists }),
      surrogates: surrogatesOf(program, run, io),
      automaticTwists: options.twists !== false,
      signal: controller.signal,
      repeats: options.repeats,
      exact: {
        ...(options.certifyBound === undefined ? {} : { bound: options.certifyBound }),
        ...(options.certifyExecutions === undefined ? {} : { executions: options.certifyExecutions }),
      },
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      onProgress: ({ what, done, total }) => {
        if (io.interrupt?.requested === true) controller.abort();
        if (!showsProgress) return;
        const text = `${what}: ${grouped(done)}${total === null ? "" : ` of ${grouped(total)}`}`;
        io.writeError(`\r\x1b[2K${clip(text, io.columns - 1)}`);
      },
    });
  } catch (error) {
    clear();
    if (error instanceof UsageError) throw error;
    if (controller.signal.aborted) {
      io.writeError("Interrupted: a comparison is whole or nothing.\n");
      return Exit.interrupted;
    }
    io.writeError(renderFailure(error, files, io, options.color));
    return Exit.run;
  } finally {
    unlisten?.();
    over?.();
  }
  clear();
  const call = `${query!.model.name}(${args.map((a) => (a === undefined ? "default" : show(a))).join(", ")})`;
  const title = call.length > 80 ? `${call.slice(0, 79)}…` : call;
  if (options.svg !== undefined) writePicture(options.svg, comparisonSvg(result, title), io);
  if (options.json === true) {
    io.write(`${JSON.stringify({ query: query!.name, args: toJson(args), ...(toJson(result) as object) }, null, 2)}\n`);
  } else {
    const c = paint(io, options.color, "output");
    io.write(renderComparison(result, `${c.bold(title)} ${c.dim(`seed ${result.seed}`)}`, io.columns, c));
    if (options.quiet !== true) {
      // What is said of the few particles of small budgets is what the comparison is about.
      const notes = result.warnings
        .filter(({ code }) => !["PGLW003", "PGLW004", "PGLW015"].includes(code))
        .map(({ code, message, site }) => ({
          source: "run" as const,
          code,
          message,
          ...(site === undefined ? {} : { site }),
        }));
      io.writeError(renderNotes(notes, files, io, options.color, "warning"));
    }
  }
  return Exit.fine;
}

/** The methods at their budgets: those of the command line, or the query's own. */
async function contendersOf(program: CompiledProgram, query: Query, options: CompareOptions): Promise<Contender[]> {
  const budgets = [...new Set(options.budgets)].sort((a, b) => a - b);
  const written = options.using.length > 0 ? options.using : [undefined];
  const contenders: Contender[] = [];
  for (const using of written) {
    const { pass, lm } = options;
    const method =
      (await methodOf(program, query, { pass, lm, ...(using === undefined ? {} : { using }) })) ?? defaultMethod;
    contenders.push({
      label: using ?? `${method.name}, the query's own`,
      methods: atBudgets(method, program, budgets),
    });
  }
  return contenders;
}

function atBudgets(method: Method, program: CompiledProgram, budgets: readonly number[]): Contender["methods"] {
  const hasBudget = ["particles", "samples"].some((name) => Object.hasOwn(method.options, name));
  if (!hasBudget) return [{ budget: null, method }];
  try {
    return budgets.map((budget) => ({
      budget,
      method: withParticles(method, budget, program.proposals, program.twists),
    }));
  } catch (error) {
    // A method of samples that are no particles: chains, which are said to have no bounds.
    if (error instanceof PglError) return [{ budget: null, method }];
    throw error;
  }
}

function writePicture(file: string, svg: string | null, io: Io): void {
  if (svg === null) return;
  try {
    writeFileSync(resolve(io.directory, file), svg);
  } catch (error) {
    throw new UsageError(`--svg ${file}: ${(error as Error).message}`);
  }
}
