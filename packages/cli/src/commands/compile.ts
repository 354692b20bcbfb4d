import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { compile as compileProgram, memoryFiles, nodeFiles } from "@pgl/compiler";
import { Exit, UsageError, type Io } from "../io.js";
import { passesWithout } from "../passes.js";
import { renderCompileError } from "../render/diagnostics.js";
import { readSource } from "../source.js";

export interface CompileOptions {
  readonly out?: string;
  readonly pass: readonly string[];
  readonly color?: string;
}

/** `pgl compile`: writes the program's TypeScript, its declarations and the source map. */
export async function compile(name: string, options: CompileOptions, io: Io): Promise<number> {
  const source = readSource(name, io);
  const files = memoryFiles({ [source.path]: source.text }, nodeFiles(io.directory));
  const { program, modules } = await compileProgram(files, source.path, { passes: passesWithout(options.pass) });
  io.writeError(renderCompileError(program.diagnostics, files, io, options.color));
  if (program.diagnostics.some((d) => d.severity === "error")) return Exit.program;

  const module = modules.find((m) => m.file === program.entry);
  if (module === undefined) throw new Error("The compiler returned no code for the entry module.");
  const { text, declarations, map } = await module.typescript();
  const directory = options.out === undefined ? dirname(source.path) : resolve(io.directory, options.out);
  const base = basename(source.path);
  const outputs = [
    [`${base}.ts`, text],
    [`${base}.d.ts`, declarations],
    [`${base}.ts.map`, typeof map === "string" ? map : JSON.stringify(map)],
  ] as const;
  try {
    mkdirSync(directory, { recursive: true });
    for (const [file, content] of outputs) {
      writeFileSync(join(directory, file), content);
      io.write(`${join(options.out ?? dirname(name === "-" ? "." : name), file)}\n`);
    }
  } catch (error) {
    throw new UsageError(`The output cannot be written: ${(error as Error).message}`);
  }
  return Exit.fine;
}
