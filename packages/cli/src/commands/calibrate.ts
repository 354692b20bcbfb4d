import { writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { memoryFiles, nodeFiles } from "@pgl/compiler";
import {
  calibrate as calibrateModel,
  compile,
  CompileError,
  defaultMethod,
  PglError,
  show,
  type AnyModels,
  type CalibrationResult,
  type CompiledProgram,
  type Method,
} from "@pgl/core";
import { Exit, UsageError, type Io } from "../io.js";
import { calibrationSvg, renderCalibration } from "../render/calibration.js";
import { renderCompileError, renderFailure, renderNotes } from "../render/diagnostics.js";
import { grouped } from "../render/number.js";
import { paint } from "../render/paint.js";
import type { Texts } from "../render/place.js";
import { readSource } from "../source.js";
import { argumentsOf, checkAliases, loadModels, methodOf, selectQueries, type RunOptions } from "./run.js";

export interface CalibrateOptions extends Omit<RunOptions, "pass" | "maxTime"> {
  readonly simulations: number;
  /** File for the picture. */
  readonly svg?: string;
}

/** Fewer simulations than this show nothing. */
const FEWEST = 20;

/**
 * `pgl calibrate`: simulates a query's result and data together, infers, and tests the posteriors.
 *
 * @returns 0 when no test failed, 3 when one did (or the run did).
 */
export async function calibrate(
  file: string,
  queryName: string | undefined,
  options: CalibrateOptions,
  io: Io,
): Promise<number> {
  const source = readSource(file, io);
  const files: Texts = {
    ...memoryFiles({ [source.path]: source.text }, nodeFiles(io.directory)),
    folder: dirname(source.path),
  };
  if (options.simulations < FEWEST)
    throw new UsageError(`--simulations ${options.simulations}: with fewer than ${FEWEST} nothing is seen.`);
  let program: CompiledProgram & AnyModels;
  try {
    // Passes may make of an observation what is no observation any more.
    program = await compile.source(source.text, { file: source.path, passes: "none" });
  } catch (error) {
    if (error instanceof CompileError) {
      io.writeError(renderCompileError(error.diagnostics, files, io, options.color));
      return Exit.program;
    }
    io.writeError(renderFailure(error, files, io, options.color));
    return error instanceof PglError ? Exit.run : Exit.program;
  }
  const run: RunOptions = { ...options, pass: ["all"] };
  checkAliases(program, run);
  const [query, ...others] = selectQueries(program, queryName, run, source.shown);
  if (others.length > 0) {
    throw new UsageError(
      `${source.shown} has ${others.length + 1} queries, and one is calibrated at a time.`,
      `Name one: ${program.queries.map((q) => q.name).join(", ")}.`,
    );
  }
  const lms = await loadModels(options.lm, io);
  const controller = new AbortController();
  const unlisten = io.interrupt?.listen(() => controller.abort());
  const over = io.interrupt?.running(null);
  const showsProgress = io.errorIsTerminal && options.quiet !== true && options.json !== true;
  const clear = (): void => {
    if (showsProgress) io.writeError("\r\x1b[2K");
  };
  let result: CalibrationResult;
  let args: readonly unknown[];
  let method: Method;
  try {
    args = argumentsOf(query!, run);
    method = (await methodOf(program, query!, run)) ?? defaultMethod;
    result = await calibrateModel(query!.model, args, method, {
      simulations: options.simulations,
      lms,
      signal: controller.signal,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      onProgress: (done, total) => {
        if (io.interrupt?.requested === true) controller.abort();
        if (showsProgress) io.writeError(`\r\x1b[2K${grouped(done)} of ${grouped(total)} posteriors`);
      },
    });
  } catch (error) {
    clear();
    if (error instanceof UsageError) throw error;
    if (controller.signal.aborted) {
      io.writeError("Interrupted: a calibration is whole or nothing.\n");
      return Exit.interrupted;
    }
    io.writeError(renderFailure(error, files, io, options.color));
    return Exit.run;
  } finally {
    unlisten?.();
    over?.();
  }
  clear();
  if (options.svg !== undefined) writePicture(options.svg, calibrationSvg(result), io);
  if (options.json === true) {
    io.write(`${JSON.stringify({ query: query!.name, arguments: args.map((a) => show(a)), ...result }, null, 2)}\n`);
  } else {
    const c = paint(io, options.color, "output");
    const call = `${query!.model.name}(${args.map((a) => (a === undefined ? "default" : show(a))).join(", ")})`;
    const title = call.length > 200 ? `${call.slice(0, 199)}…` : call;
    io.write(
      renderCalibration(result, `${c.bold(title)} ${c.dim(`using ${methodText(method)}, seed ${result.seed}`)}`, c),
    );
    if (options.quiet !== true) {
      const notes = result.warnings.map(({ code, message, site, count }) => ({
        source: "run" as const,
        code,
        message: count > 1 ? `${message} (${grouped(count)} times)` : message,
        ...(site === undefined ? {} : { site }),
      }));
      io.writeError(renderNotes(notes, files, io, options.color, "warning"));
    }
  }
  return result.calibrated ? Exit.fine : Exit.run;
}

function methodText({ name, options }: Method): string {
  const written = Object.entries(options).filter(([, value]) => value !== undefined);
  return `${name}(${written.map(([key, value]) => `${key}: ${show(value)}`).join(", ")})`;
}

function writePicture(file: string, svg: string, io: Io): void {
  try {
    writeFileSync(resolve(io.directory, file), svg);
  } catch (error) {
    throw new UsageError(`--svg ${file}: ${(error as Error).message}`);
  }
}
