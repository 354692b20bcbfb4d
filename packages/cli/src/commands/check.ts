import { check as checkProgram, diagnosticsToJson, memoryFiles, nodeFiles, type FiledDiagnostic } from "@pgl/compiler";
import { prepareConstraints } from "../compilations.js";
import { Exit, type Io } from "../io.js";
import { renderCompileError } from "../render/compile-error.js";
import { readSource } from "../source.js";

export interface CheckOptions {
  readonly json?: boolean;
  readonly color?: string;
}

/** `pgl check`: everything that is wrong with the programs and what they import, each diagnostic once. */
export async function check(names: readonly string[], options: CheckOptions, io: Io): Promise<number> {
  const sources = names.map((name) => readSource(name, io));
  const files = memoryFiles(Object.fromEntries(sources.map((s) => [s.path, s.text])), nodeFiles(io.directory));
  const beforeConstraints = (): Promise<void> => prepareConstraints(io);
  const found = new Map<string, FiledDiagnostic>();
  for (const { path } of sources) {
    const { diagnostics } = await checkProgram(files, path, { models: true, beforeConstraints });
    // A module imported by two of the programs is reported once.
    for (const d of diagnostics) found.set(`${d.file}\0${d.span.start}\0${d.code}\0${d.message}`, d);
  }
  const diagnostics = [...found.values()];
  if (options.json === true) {
    io.write(`${JSON.stringify(diagnosticsToJson(diagnostics, files), null, 2)}\n`);
  } else {
    io.writeError(renderCompileError(diagnostics, files, io, options.color));
  }
  return diagnostics.some((d) => d.severity === "error") ? Exit.program : Exit.fine;
}
