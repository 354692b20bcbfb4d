import { calibrate as calibrateModel, defaultMethod, show, type CalibrationResult, type Method } from "@pgl/core";
import { interruption } from "../interruption.js";
import { Exit, UsageError, type Io } from "../io.js";
import { openProgram } from "../program.js";
import { calibrationSvg, renderCalibration } from "../render/calibration.js";
import { renderFailure, renderNotes, runNotes } from "../render/diagnostics.js";
import { grouped } from "../render/number.js";
import { paint } from "../render/paint.js";
import { writePicture } from "../render/picture-file.js";
import { ProgressLine } from "../render/progress.js";
import { callText, methodText, TITLE, withTwist } from "../render/title.js";
import { clip } from "../render/width.js";
import { readSource } from "../source.js";
import { argumentsOf, checkAliases, loadModels, methodOf, onlyQuery, type RunOptions } from "./run.js";

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
  if (options.simulations < FEWEST)
    throw new UsageError(`--simulations ${options.simulations}: with fewer than ${FEWEST} nothing is seen.`);
  // Passes may make of an observation what is no observation any more.
  const opened = await openProgram(source, "none", io, options.color);
  if (typeof opened === "number") return opened;
  const { program, files } = opened;
  const run: RunOptions = { ...options, pass: ["all"] };
  checkAliases(program, run);
  const query = onlyQuery(program, queryName, run, source.shown, "one is calibrated at a time");
  const lms = await loadModels(options.lm, io);
  const interrupt = interruption(io);
  const progress = new ProgressLine(io, io.errorIsTerminal && options.quiet !== true && options.json !== true);
  let result: CalibrationResult;
  let args: readonly unknown[];
  let method: Method;
  try {
    args = argumentsOf(query, run);
    method = (await methodOf(program, query, run)) ?? defaultMethod;
    result = await calibrateModel(query.model, args, method, {
      simulations: options.simulations,
      lms,
      signal: interrupt.signal,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      onProgress: (done, total) => {
        interrupt.poll();
        progress.show(`${grouped(done)} of ${grouped(total)} posteriors`);
      },
    });
  } catch (error) {
    progress.clear();
    if (error instanceof UsageError) throw error;
    if (interrupt.signal.aborted) {
      io.writeError("Interrupted: a calibration is whole or nothing.\n");
      return Exit.interrupted;
    }
    io.writeError(renderFailure(error, files, io, options.color));
    return Exit.run;
  } finally {
    interrupt.over();
  }
  progress.clear();
  if (options.svg !== undefined) writePicture(options.svg, calibrationSvg(result), io);
  if (options.json === true) {
    io.write(`${JSON.stringify({ query: query.name, arguments: args.map((a) => show(a)), ...result }, null, 2)}\n`);
  } else {
    const c = paint(io, options.color, "output");
    const title = clip(callText(query, args), TITLE);
    const using = `using ${methodText(withTwist(program, query, method, method))}, seed ${result.seed}`;
    io.write(renderCalibration(result, `${c.bold(title)} ${c.dim(using)}`, c));
    if (options.quiet !== true) {
      io.writeError(renderNotes(runNotes(result.warnings), files, io, options.color, "warning"));
    }
  }
  return result.calibrated ? Exit.fine : Exit.run;
}
