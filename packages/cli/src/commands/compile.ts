import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { compile as compileProgram, memoryFiles, nodeFiles, type EmittedModule } from "@pgl/compiler";
import { prepareConstraints } from "../compilations.js";
import { Exit, UsageError, type Io } from "../io.js";
import { passesWithout } from "../passes.js";
import { renderCompileError } from "../render/compile-error.js";
import { readSource } from "../source.js";

export interface CompileOptions {
  readonly out?: string;
  readonly pass: readonly string[];
  readonly color?: string;
}

/** `pgl compile`: writes TypeScript, declarations and a source map for each `.pgl` file of the program. */
export async function compile(name: string, options: CompileOptions, io: Io): Promise<number> {
  const source = readSource(name, io);
  const files = memoryFiles({ [source.path]: source.text }, nodeFiles(io.directory));
  const { program, modules } = await compileProgram(files, source.path, {
    passes: passesWithout(options.pass),
    beforeConstraints: () => prepareConstraints(io),
  });
  io.writeError(renderCompileError(program.diagnostics, files, io, options.color));
  if (program.diagnostics.some((d) => d.severity === "error")) return Exit.program;

  const from = dirname(source.path);
  const to = options.out === undefined ? from : resolve(io.directory, options.out);
  try {
    for (const module of modules) {
      const place = relative(from, module.file);
      if (options.out !== undefined && place.startsWith("..")) {
        throw new UsageError(
          `--out: ${module.file}, which the program imports, is outside its folder.`,
          "Compile without --out.",
        );
      }
      const { text, declarations, map } = await module.typescript();
      const target = join(to, place);
      mkdirSync(dirname(target), { recursive: true });
      for (const [file, content] of [
        [`${target}.ts`, withHosts(text, module, dirname(target))],
        [`${target}.d.ts`, declarations],
        [`${target}.ts.map`, JSON.stringify(map)],
      ] as const) {
        writeFileSync(file, content);
        io.write(`${relative(io.directory, file)}\n`);
      }
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The output cannot be written: ${(error as Error).message}`);
  }
  return Exit.fine;
}

/** The text with its imports of host modules as they are seen from `folder`. */
function withHosts(text: string, module: EmittedModule, folder: string): string {
  const from = dirname(module.file);
  if (folder === from) return text;
  return module.hosts.reduce((current, specifier) => {
    if (!specifier.startsWith(".")) return current;
    // As the emitter writes it: TypeScript files are imported by the names they are compiled to.
    const written = specifier.replace(/\.([cm]?)ts$/, ".$1js");
    const path = relative(folder, resolve(from, written)).split(sep).join("/");
    const seen = path.startsWith(".") ? path : `./${path}`;
    return current.replace(`from ${JSON.stringify(written)}`, `from ${JSON.stringify(seen)}`);
  }, text);
}
