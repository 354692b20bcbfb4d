import { resolve } from "node:path";
import {
  ArgumentError,
  checkModelArguments,
  infer,
  loadLanguageModel,
  methodFromText,
  MethodTextError,
  PglError,
  readTwist,
  withParticles,
  type CertifyOptions,
  type CompiledProgram,
  type LanguageModel,
  type LanguageModels,
  type LearnedTwist,
  type Method,
  type Query,
  type Result,
} from "@pgl/core";
import { interruption } from "../interruption.js";
import { Exit, UsageError, type Io } from "../io.js";
import { passesAgainst, passesWithout } from "../passes.js";
import { openProgram } from "../program.js";
import { renderCompileError } from "../render/compile-error.js";
import { renderFailure, renderNotes, runNotes, type Note } from "../render/diagnostics.js";
import { renderCertificate } from "../render/certificate.js";
import { posteriorFacts } from "../render/facts.js";
import { renderMaximum } from "../render/maximum.js";
import { duration, grouped } from "../render/number.js";
import { paint, type Colors } from "../render/paint.js";
import { renderPosterior } from "../render/posterior.js";
import { ProgressLine } from "../render/progress.js";
import type { Texts } from "../render/place.js";
import { runJson } from "../render/run-json.js";
import { callText, methodText, TITLE, withTwist, type ShownMethod } from "../render/title.js";
import { clip } from "../render/width.js";
import { readSource } from "../source.js";
import { suggestion } from "../suggestion.js";

export interface RunOptions {
  readonly args?: string;
  readonly seed?: number;
  readonly particles?: number;
  readonly using?: string;
  readonly lm: readonly (readonly [alias: string, spec: string])[];
  readonly pass: readonly string[];
  readonly maxTime?: number;
  /** Files of surrogates by alias. */
  readonly surrogate?: readonly (readonly [alias: string, file: string])[];
  /** False: no looking ahead. */
  readonly twists?: boolean;
  /** Files of learned twists. */
  readonly twist?: readonly string[];
  readonly certify?: boolean;
  readonly certifyRepetitions?: number;
  readonly certifyExecutions?: number;
  readonly certifyBound?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: string;
}

/** `pgl run`: compiles a program and runs its queries. */
export async function run(file: string, queryName: string | undefined, options: RunOptions, io: Io): Promise<number> {
  const source = readSource(file, io);
  const passes = passesWithout([...options.pass, ...passesAgainst(options.using)]);
  const opened = await openProgram(source, passes, io, options.color);
  if (typeof opened === "number") return opened;
  const { program, files } = opened;
  checkAliases(program, options);
  const queries = selectQueries(program, queryName, options, source.shown);
  const lms = await loadModels(options.lm, io);
  const twists = loadTwists(options.twist ?? [], program, queries, io);
  // With --json warnings are part of the object.
  const warns = options.quiet !== true && options.json !== true;
  if (warns && program.diagnostics.length > 0) {
    io.writeError(renderCompileError(program.diagnostics, files, io, options.color));
  }
  let status: number = Exit.fine;
  for (const [i, query] of queries.entries()) {
    if (i > 0 && options.json !== true) io.write("\n");
    const one = await runQuery(program, query, lms, twists, options, io, files);
    if (one === Exit.interrupted) return one;
    if (one !== Exit.fine) status = one;
  }
  return status;
}

async function runQuery(
  program: CompiledProgram,
  query: Query,
  lms: LanguageModels,
  twists: readonly LearnedTwist[],
  options: RunOptions,
  io: Io,
  files: Texts,
): Promise<number> {
  const interrupt = interruption(io, options.maxTime ?? null);
  const progress = new ProgressLine(io, io.errorIsTerminal && options.quiet !== true && options.json !== true);
  let result: Result<unknown>;
  let args: readonly unknown[];
  let method: Method | undefined;
  try {
    args = argumentsOf(query, options);
    method = await methodOf(program, query, options);
    result = await infer(query.model, args, method, {
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      lms,
      signal: interrupt.signal,
      limits: options.maxTime === undefined ? {} : { max_time: options.maxTime },
      ...(twists.length === 0 ? {} : { twists }),
      surrogates: surrogatesOf(program, options, io),
      automaticTwists: options.twists !== false,
      certify: certifyOptions(options, ({ phase, done, total }) => {
        interrupt.poll();
        progress.show(`certificate: ${phase}, ${grouped(done)}${total === null ? "" : ` of ${grouped(total)}`}`);
      }),
      onProgress: (p) => {
        interrupt.poll();
        progress.update(p);
      },
    });
  } catch (error) {
    progress.clear();
    if (error instanceof UsageError) throw error;
    io.writeError(renderFailure(error, files, io, options.color));
    return interrupt.signal.aborted ? Exit.interrupted : Exit.run;
  } finally {
    interrupt.over();
  }
  progress.clear();

  const interrupted = interrupt.signal.aborted;
  const notes = notesOf(program, result);
  const shown = withTwist(program, query, method, result.method);
  if (options.json === true) {
    io.write(`${JSON.stringify(runJson(query.name, args, result, shown.options, notes, files), null, 2)}\n`);
  } else {
    io.write(describe(query, shown, args, result, options, io));
  }
  if (result.isEmpty) {
    // Nothing has been found: the note that says where the last execution ended is the result.
    io.writeError(
      renderNotes(
        notes.filter((note) => note.code === "PGLW003"),
        files,
        io,
        options.color,
        "error",
      ),
    );
  } else if (options.quiet !== true && options.json !== true) {
    io.writeError(
      renderNotes(
        notes.filter((note) => note.source === "run"),
        files,
        io,
        options.color,
        "warning",
      ),
    );
  }
  if (interrupted) return Exit.interrupted;
  return result.isEmpty ? Exit.run : Exit.fine;
}

/** What `pgl run` shows for people. */
function describe(
  query: Query,
  method: ShownMethod,
  args: readonly unknown[],
  result: Result<unknown>,
  options: RunOptions,
  io: Io,
): string {
  const c = paint(io, options.color, "output");
  const call = callText(query, args);
  const title = query.name === query.model.name ? call : `${query.name} = ${call}`;
  const lines = [`${c.bold(clip(title, TITLE))} ${c.dim(`using ${methodText(method)}, seed ${result.run.seed}`)}`];
  if (result.method.guarantee === "maximum")
    lines.push(c.dim("an exact maximum and what attains it, not the posterior"));
  if (result.diagnostics.partial) lines.push(c.yellow("partial: the run was ended before it was complete"));
  lines.push("", renderPosterior(result, io.columns, c));
  const { maximum } = result.diagnostics;
  if (maximum !== undefined && !result.isEmpty) lines.push(renderMaximum(maximum, io.columns, c));
  lines.push(footer(result, options, c));
  if (result.certificate !== null) lines.push(renderCertificate(result.certificate, io.columns, c));
  return `${lines.join("\n")}\n`;
}

function footer(result: Result<unknown>, options: RunOptions, c: Colors): string {
  const parts = [...posteriorFacts(result, c)];
  if (options.quiet !== true) {
    const { lm, time, twists } = result.run;
    if (lm.calls > 0)
      parts.push(`${grouped(lm.calls)} model calls, ${grouped(lm.tokens)} tokens, ${grouped(lm.cachedTokens)} cached`);
    if (twists.length > 0) {
      parts.push(`looking ahead in ${twists.map(({ draw, twist }) => `${draw} with ${twist}`).join(", ")}`);
    }
    parts.push(lm.calls > 0 ? `${duration(time.total)} (${duration(time.lm)} in the model)` : duration(time.total));
  }
  return parts.join(c.dim("  ·  "));
}

function notesOf(program: CompiledProgram, result: Result<unknown>): readonly Note[] {
  const notes: Note[] = program.diagnostics.map(({ code, message, file, span }) => ({
    source: "compiler",
    code,
    message,
    site: { kind: "call", name: code, file, ...span },
  }));
  return [...notes, ...runNotes(result.diagnostics.warnings)];
}

export function selectQueries(
  program: CompiledProgram,
  name: string | undefined,
  options: RunOptions,
  shown: string,
): readonly Query[] {
  const { queries } = program;
  const names = queries.map((q) => q.name);
  if (queries.length === 0) {
    const model = Object.keys(program.models)[0];
    throw new UsageError(
      `${shown} has no query.`,
      `Add one, as: query ${model ?? "model"}(…) using smc(particles: 100)`,
    );
  }
  if (name !== undefined) {
    const found = queries.filter((q) => q.name === name);
    if (found.length === 1) return found;
    if (found.length > 1) {
      throw new UsageError(
        `${shown} has ${found.length} queries called ${name}.`,
        `Give them names: query first = ${name}(…)`,
      );
    }
    throw new UsageError(
      `${shown} has no query ${name}.`,
      `${suggestion(name, names)}Its queries: ${names.join(", ")}.`,
    );
  }
  if (queries.length > 1) {
    const needsOne =
      options.json === true
        ? "--json prints one object"
        : options.args === undefined
          ? null
          : "--args is for one query";
    if (needsOne !== null)
      throw new UsageError(
        `${needsOne}, and ${shown} has ${queries.length} queries.`,
        `Name one: ${names.join(", ")}.`,
      );
  }
  return queries;
}

/** The query of a command that works on one. @param done as "methods are compared on one" */
export function onlyQuery(
  program: CompiledProgram,
  name: string | undefined,
  options: RunOptions,
  shown: string,
  done: string,
): Query {
  const [query, ...others] = selectQueries(program, name, options, shown);
  if (others.length === 0) return query!;
  throw new UsageError(
    `${shown} has ${others.length + 1} queries, and ${done}.`,
    `Name one: ${program.queries.map((q) => q.name).join(", ")}.`,
  );
}

export function argumentsOf(query: Query, options: RunOptions): readonly unknown[] {
  if (options.args === undefined) return query.args();
  let json: unknown;
  try {
    json = JSON.parse(options.args);
  } catch (error) {
    throw new UsageError(
      `--args is not JSON: ${(error as Error).message}`,
      `As in --args '["Max", 3]' or --args '{"hero": "Max"}'.`,
    );
  }
  try {
    return checkModelArguments(query.model, json);
  } catch (error) {
    if (error instanceof ArgumentError) throw new UsageError(`--${error.message}`, error.hint);
    throw error;
  }
}

export async function methodOf(
  program: CompiledProgram,
  query: Query,
  options: RunOptions,
): Promise<Method | undefined> {
  try {
    const method =
      options.using === undefined
        ? query.method()
        : await methodFromText(options.using, program.proposals, program.drawNames(query.model.name), program.twists);
    return options.particles === undefined
      ? method
      : withParticles(method, options.particles, program.proposals, program.twists);
  } catch (error) {
    if (error instanceof MethodTextError) throw new UsageError(`--using ${error.message}`, error.hint);
    if (error instanceof PglError && (options.using !== undefined || options.particles !== undefined)) {
      throw new UsageError(error.message, error.hint);
    }
    throw error;
  }
}

/** What `--certify` and the options that go with it ask for; without, what costs little. */
export function certifyOptions(
  options: Pick<RunOptions, "certify" | "certifyRepetitions" | "certifyExecutions" | "certifyBound">,
  onProgress: NonNullable<CertifyOptions["onProgress"]>,
): CertifyOptions | "auto" | false {
  const { certifyRepetitions, certifyExecutions, certifyBound } = options;
  const given = { certifyRepetitions, certifyExecutions, certifyBound };
  if (options.certify !== true) {
    const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
    if (name === undefined) return options.certify ?? "auto";
    const written = `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
    throw new UsageError(`${written} goes with --certify.`);
  }
  return {
    ...(certifyRepetitions === undefined ? {} : { repetitions: certifyRepetitions }),
    ...(certifyExecutions === undefined ? {} : { executions: certifyExecutions }),
    ...(certifyBound === undefined ? {} : { bound: certifyBound }),
    onProgress,
  };
}

/** The files of `--surrogate`, from the working folder. */
export function surrogatesOf(program: CompiledProgram, options: RunOptions, io: Io): Readonly<Record<string, string>> {
  const given = options.surrogate ?? [];
  for (const [alias] of given) checkAlias("surrogate", alias, program);
  return Object.fromEntries(given.map(([alias, file]) => [alias, resolve(io.directory, file)]));
}

/** The twists of `--twist`. A file that cannot be used is a fault of the command line. */
export function loadTwists(
  paths: readonly string[],
  program: CompiledProgram,
  queries: readonly Query[],
  io: Io,
): readonly LearnedTwist[] {
  return paths.map((path) => {
    try {
      const twist = readTwist(resolve(io.directory, path));
      const { draw } = twist.data;
      const draws = [...new Set(queries.flatMap((query) => program.drawNames(query.model.name)))];
      if (!draws.includes(draw)) {
        throw new UsageError(
          `--twist ${path}: it is for a draw \`${draw}\`, which the program has not.`,
          draws.length === 0 ? "None of its draws has a name." : `Its draws: ${draws.join(", ")}.`,
        );
      }
      return twist;
    } catch (error) {
      if (error instanceof PglError) throw new UsageError(`--twist ${path}: ${error.message}`, error.hint);
      throw error;
    }
  });
}

/** Loaded here, so that a spec that cannot be loaded is a fault of the command line. */
export async function loadModels(specs: RunOptions["lm"], io: Io): Promise<LanguageModels> {
  const models: Record<string, LanguageModel> = {};
  for (const [alias, spec] of specs) {
    try {
      models[alias] = await loadLanguageModel(spec, { directory: io.directory });
    } catch (error) {
      if (error instanceof PglError) throw new UsageError(`--lm ${alias}=${spec}: ${error.message}`, error.hint);
      throw error;
    }
  }
  return models;
}

export function checkAliases(program: CompiledProgram, { lm }: Pick<RunOptions, "lm">): void {
  for (const [alias] of lm) checkAlias("lm", alias, program);
}

function checkAlias(option: string, alias: string, program: CompiledProgram): void {
  const declared = program.aliases.map((a) => a.name);
  if (declared.includes(alias)) return;
  throw new UsageError(
    `--${option} ${alias}=…: the program has no language model called ${alias}.`,
    declared.length === 0 ? "It declares none." : `${suggestion(alias, declared)}It declares: ${declared.join(", ")}.`,
  );
}
