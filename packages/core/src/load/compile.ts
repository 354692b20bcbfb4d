import { readFileSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { build, type AnyModels, type CompiledProgram, type CompileOptions, type WithModels } from "./compiled.js";
import { LoadError } from "./errors.js";

/** How text without a file of its own is compiled. */
export interface SourceOptions extends CompileOptions {
  /** Where the text stands, or would stand: imports start from its folder, messages name it. */
  readonly file?: string;
}

/**
 * Compiles PGL programs. The result has the program's models as properties. To have them typed, say what module it is:
 * `compile.file<typeof import("./story.pgl")>("story.pgl")` with the declarations that `pgl compile story.pgl` writes.
 *
 * All throw CompileError, with every diagnostic, when the program has errors.
 */
export const compile = {
  /** The program in a file. Relative paths start from the current directory. @throws LoadError when there is no such file. */
  async file<M = AnyModels>(path: string, options: CompileOptions = {}): Promise<CompiledProgram & WithModels<M>> {
    const absolute = resolve(path);
    try {
      readFileSync(absolute);
    } catch (cause) {
      throw new LoadError("PGLL006", `The program ${path} cannot be read: ${(cause as Error).message}`, { cause });
    }
    const { nodeFiles } = await import("@pgl/compiler");
    return build<M>(nodeFiles(), absolute, options);
  },

  /** A program given as text. */
  async source<M = AnyModels>(
    text: string,
    { file = "program.pgl", ...options }: SourceOptions = {},
  ): Promise<CompiledProgram & WithModels<M>> {
    const path = isAbsolute(file) ? file : resolve(file);
    const { memoryFiles, nodeFiles } = await import("@pgl/compiler");
    return build<M>(memoryFiles({ [path]: text }, nodeFiles(dirname(path))), path, options);
  },
};
