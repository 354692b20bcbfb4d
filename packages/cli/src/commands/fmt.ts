import { writeFileSync } from "node:fs";
import { memoryFiles } from "@pgl/compiler";
import { format } from "@pgl/grammar";
import { Exit, UsageError, type Io } from "../io.js";
import { renderCompileError } from "../render/compile-error.js";
import { paint } from "../render/paint.js";
import { readSource, type Source } from "../source.js";

export interface FmtOptions {
  readonly check?: boolean;
  readonly stdout?: boolean;
  readonly color?: string;
}

/** `pgl fmt`: formats programs in place. Programs with syntax errors are left as they are. */
export async function fmt(names: readonly string[], options: FmtOptions, io: Io): Promise<number> {
  if (options.check === true && options.stdout === true)
    throw new UsageError("--check and --stdout exclude each other.");
  let status: number = Exit.fine;
  // All are read first: a missing file is found before another is written.
  for (const source of names.map((name) => readSource(name, io))) {
    if (!fmtOne(source, options, io)) status = Exit.program;
  }
  return status;
}

/** False when the file has syntax errors, or with `--check` when it is not formatted. */
function fmtOne(source: Source, options: FmtOptions, io: Io): boolean {
  const { text, diagnostics } = format(source.text);
  if (diagnostics.some((d) => d.severity === "error")) {
    const files = memoryFiles({ [source.path]: source.text });
    io.writeError(
      renderCompileError(
        diagnostics.map((d) => ({ ...d, file: source.path })),
        files,
        io,
        options.color,
      ),
    );
    return false;
  }
  if (options.check === true) {
    if (text === source.text) return true;
    io.writeError(`${source.shown} is not formatted.\n`);
    return false;
  }
  if (source.isInput || options.stdout === true) {
    io.write(text);
    return true;
  }
  if (text === source.text) return true;
  try {
    writeFileSync(source.path, text);
  } catch (error) {
    throw new UsageError(`${source.shown} cannot be written: ${(error as Error).message}`);
  }
  io.writeError(`${paint(io, options.color, "error").dim("formatted")} ${source.shown}\n`);
  return true;
}
