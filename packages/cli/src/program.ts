import { dirname } from "node:path";
import { memoryFiles, nodeFiles } from "@pgl/compiler";
import { compile, CompileError, PglError, type AnyModels, type CompiledProgram } from "@pgl/core";
import { prepareConstraints } from "./compilations.js";
import { Exit, type Io } from "./io.js";
import { renderCompileError } from "./render/compile-error.js";
import { renderFailure } from "./render/diagnostics.js";
import type { Texts } from "./render/place.js";
import type { Source } from "./source.js";

/** A program that compiles, and the texts that places in messages refer to: the entry as it was read, others from disk. */
export interface OpenProgram {
  readonly program: CompiledProgram & AnyModels;
  readonly files: Texts;
}

/**
 * Compiles a program. What is wrong with it is printed; then the result is the status to exit with.
 * @param untrained whether files of twists and surrogates may be missing
 */
export async function openProgram(
  source: Source,
  passes: readonly string[] | "all" | "none",
  io: Io,
  color: string | undefined,
  untrained = false,
): Promise<OpenProgram | number> {
  const files: Texts = {
    ...memoryFiles({ [source.path]: source.text }, nodeFiles(io.directory)),
    folder: dirname(source.path),
  };
  await prepareConstraints(io);
  try {
    return { program: await compile.source(source.text, { file: source.path, passes, untrained }), files };
  } catch (error) {
    if (error instanceof CompileError) {
      io.writeError(renderCompileError(error.diagnostics, files, io, color));
      return Exit.program;
    }
    io.writeError(renderFailure(error, files, io, color));
    return error instanceof PglError ? Exit.run : Exit.program;
  }
}
