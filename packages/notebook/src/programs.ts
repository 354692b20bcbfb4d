import {
  compile as compileQuietly,
  pgl as pglQuietly,
  PglError,
  type AnyModels,
  type CompiledProgram,
  type CompileOptions,
  type Interpolated,
  type SourceOptions,
  type WithModels,
} from "@pgl/core";
import { basename } from "node:path";
import { codeFrame } from "./code-frame.js";

/** The program each model was compiled in: what a run's errors are about. A cell's programs have no file to look into. */
const programs = new WeakMap<object, CompiledProgram>();
const frames = new WeakMap<PglError, string>();

/** `pgl` of @pgl/core; errors of runs show the lines of the program they happened at. */
export async function pgl<M = AnyModels>(
  strings: TemplateStringsArray,
  ...values: readonly Interpolated[]
): Promise<CompiledProgram & WithModels<M>> {
  return remember(await pglQuietly<M>(strings, ...values));
}

/** `compile` of @pgl/core; errors of runs show the lines of the program they happened at. */
export const compile = {
  async file<M = AnyModels>(path: string, options: CompileOptions = {}): Promise<CompiledProgram & WithModels<M>> {
    return remember(await compileQuietly.file<M>(path, options));
  },
  async source<M = AnyModels>(text: string, options: SourceOptions = {}): Promise<CompiledProgram & WithModels<M>> {
    return remember(await compileQuietly.source<M>(text, options));
  },
};

function remember<P extends CompiledProgram>(program: P): P {
  for (const model of Object.values(program.models)) programs.set(model, program);
  for (const query of program.queries) programs.set(query.model, program);
  return program;
}

/** Notes the lines that an error of a run of `model` is about, where they are known. */
export function locateError(error: unknown, model: object): void {
  if (!(error instanceof PglError) || error.site?.line === undefined) return;
  const { site } = error;
  const modules = [...(programs.get(model)?.checked.modules.values() ?? [])];
  // Sites name files as seen from the program's folder.
  const module = modules.find(({ file }) => basename(file) === basename(site.file ?? ""));
  const frame = module === undefined ? null : codeFrame(module.text, site);
  if (frame !== null) frames.set(error, frame);
}

export const frameOf = (error: PglError): string | undefined => frames.get(error);
