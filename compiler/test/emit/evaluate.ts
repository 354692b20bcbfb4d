import { compileFunction } from "node:vm";
import {
  enumerate,
  RunEnvironment,
  seeded,
  target,
  type Environment,
  type Method,
  type Model,
  type Posterior,
} from "@pgl/runtime";
import * as prelude from "../../../packages/core/src/prelude.js";
import { compile, type CompileOptions } from "../../src/compile.js";
import type { EmittedModule } from "../../src/emit/index.js";
import { memoryFiles } from "../../src/hosts/source-host.js";

export type Exports = Readonly<Record<string, unknown>>;

/** Runs emitted modules with the real prelude; `hosts` are host modules by specifier. */
export function evaluate(modules: readonly EmittedModule[], hosts: Readonly<Record<string, Exports>> = {}): Exports {
  const loaded = new Map<string, Exports>();
  for (const module of modules) {
    const exports: Record<string, unknown> = {};
    const require = (specifier: string): unknown => {
      if (specifier === "@pgl/core/prelude") return prelude;
      const host = hosts[specifier];
      if (host !== undefined) return host;
      const file = module.dependencies.find((dependency) =>
        dependency.endsWith(specifier.replace(/^\.\//, "/").replace(/^.*\//, "")),
      );
      if (file === undefined || !loaded.has(file)) throw new Error(`Nothing is known of ${specifier}.`);
      return loaded.get(file);
    };
    compileFunction(module.javascript, ["exports", "require"], { filename: `${module.file}.js` })(exports, require);
    loaded.set(module.file, exports);
  }
  return loaded.get(modules[modules.length - 1]!.file)!;
}

export interface LoadOptions extends CompileOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly hosts?: Readonly<Record<string, Exports>>;
}

/** Compiles a text that must have no errors. */
export async function modulesOf(text: string, options: LoadOptions = {}): Promise<readonly EmittedModule[]> {
  const { program, modules } = await compile(
    memoryFiles({ "/main.pgl": text, ...options.files }),
    "/main.pgl",
    options,
  );
  const errors = program.diagnostics.filter((d) => d.severity === "error");
  if (errors.length > 0)
    throw new Error(
      errors.map((d) => `${d.code} ${text.slice(0, d.span.start).split("\n").length}: ${d.message}`).join("\n"),
    );
  return modules;
}

export async function load(text: string, options: LoadOptions = {}): Promise<Exports> {
  return evaluate(await modulesOf(text, options), options.hosts);
}

export const environment = (services: ReadonlyMap<string, unknown> = new Map(), seed = 1): Environment =>
  new RunEnvironment(services, seeded(seed));

/** The posterior of a model, by default exactly. */
export function run<R = unknown>(
  model: unknown,
  args: readonly unknown[] = [],
  method: Method = enumerate(),
  services?: ReadonlyMap<string, unknown>,
): Promise<Posterior<R>> {
  return method.run(target(model as Model, args), environment(services)) as Promise<Posterior<R>>;
}

/** The unnormalised measure: each value with its mass. */
export async function measure(
  model: unknown,
  args: readonly unknown[] = [],
  services?: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<unknown, number>> {
  const posterior = await run(model, args, enumerate(), services);
  const z = Math.exp(posterior.logZ.estimate!);
  return new Map(
    posterior.atoms.map(({ value, weight }) => [typeof value === "object" ? JSON.stringify(value) : value, weight * z]),
  );
}
