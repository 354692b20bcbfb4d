import {
  compare as compareMethods,
  defaultMethod,
  PglError,
  toJson,
  withParticles,
  type Comparison,
  type CompiledProgram,
  type Contender,
  type Method,
  type Query,
} from "@pgl/core";
import { interruption } from "../interruption.js";
import { Exit, UsageError, type Io } from "../io.js";
import { passesAgainst, passesWithout } from "../passes.js";
import { openProgram } from "../program.js";
import { comparisonSvg, renderComparison } from "../render/comparison.js";
import { renderFailure, renderNotes, runNotes } from "../render/diagnostics.js";
import { grouped } from "../render/number.js";
import { paint } from "../render/paint.js";
import { writePicture } from "../render/picture-file.js";
import { ProgressLine } from "../render/progress.js";
import { callText } from "../render/title.js";
import { clip } from "../render/width.js";
import { readSource } from "../source.js";
import {
  argumentsOf,
  checkAliases,
  loadModels,
  loadTwists,
  methodOf,
  onlyQuery,
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
  const passes = passesWithout([...options.pass, ...options.using.flatMap((using) => passesAgainst(using))]);
  const opened = await openProgram(source, passes, io, options.color);
  if (typeof opened === "number") return opened;
  const { program, files } = opened;
  const { using: _, ...run } = options;
  checkAliases(program, run);
  const query = onlyQuery(program, queryName, run, source.shown, "methods are compared on one");
  const contenders = await contendersOf(program, query, options);
  const lms = await loadModels(options.lm, io);
  const twists = loadTwists(options.twist ?? [], program, [query], io);
  const interrupt = interruption(io);
  const progress = new ProgressLine(io, io.errorIsTerminal && options.quiet !== true && options.json !== true);
  let result: Comparison;
  let args: readonly unknown[];
  try {
    args = argumentsOf(query, run);
    result = await compareMethods(query.model, args, contenders, {
      lms,
      ...(twists.length === 0 ? {} : { twists }),
      surrogates: surrogatesOf(program, run, io),
      automaticTwists: options.twists !== false,
      signal: interrupt.signal,
      repeats: options.repeats,
      exact: {
        ...(options.certifyBound === undefined ? {} : { bound: options.certifyBound }),
        ...(options.certifyExecutions === undefined ? {} : { executions: options.certifyExecutions }),
      },
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      onProgress: ({ what, done, total }) => {
        interrupt.poll();
        progress.show(`${what}: ${grouped(done)}${total === null ? "" : ` of ${grouped(total)}`}`);
      },
    });
  } catch (error) {
    progress.clear();
    if (error instanceof UsageError) throw error;
    if (interrupt.signal.aborted) {
      io.writeError("Interrupted: a comparison is whole or nothing.\n");
      return Exit.interrupted;
    }
    io.writeError(renderFailure(error, files, io, options.color));
    return Exit.run;
  } finally {
    interrupt.over();
  }
  progress.clear();
  const title = clip(callText(query, args), 80);
  const svg = options.svg === undefined ? null : comparisonSvg(result, title);
  if (svg !== null) writePicture(options.svg!, svg, io);
  if (options.json === true) {
    io.write(`${JSON.stringify({ query: query.name, args: toJson(args), ...(toJson(result) as object) }, null, 2)}\n`);
  } else {
    const c = paint(io, options.color, "output");
    io.write(renderComparison(result, `${c.bold(title)} ${c.dim(`seed ${result.seed}`)}`, io.columns, c));
    if (options.quiet !== true) {
      // What is said of the few particles of small budgets is what the comparison is about.
      const warnings = result.warnings.filter(({ code }) => !["PGLW003", "PGLW004", "PGLW015"].includes(code));
      io.writeError(renderNotes(runNotes(warnings), files, io, options.color, "warning"));
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
