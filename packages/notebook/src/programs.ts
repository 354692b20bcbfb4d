import {
  compile as compileQuietly,
  pgl as pglQuietly,
  PglError,
  type AnyModels,
  type CompiledProgram,
  type CompileOptions,
  type Interpolated,
  type Site,
  type SourceOptions,
  type Warning,
  type WithModels,
} from "@pgl/core";
import { basename } from "node:path";
import { codeFrame } from "./code-frame.js";

/** The program each model was compiled in: what a run's errors are about. A cell's programs have no file to look into. */
const programs = new WeakMap<object, CompiledProgram>();
/** By error or warning. */
const frames = new WeakMap<object, string>();

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
  if (error instanceof PglError) locate(error, model);
}

/** The same for the warnings of a run. */
export function locateWarnings(warnings: readonly Warning[], model: object): void {
  for (const warning of warnings) locate(warning, model);
}

function locate(about: { readonly site?: Site | undefined }, model: object): void {
  const { site } = about;
  if (site?.line === undefined) return;
  const modules = [...(programs.get(model)?.checked.modules.values() ?? [])];
  // Sites name files as seen from the program's folder.
  const module = modules.find(({ file }) => basename(file) === basename(site.file ?? ""));
  const frame = module === undefined ? null : codeFrame(module.text, site);
  if (frame !== null) frames.set(about, frame);
}

export const frameOf = (about: PglError | Warning): string | undefined => frames.get(about);
