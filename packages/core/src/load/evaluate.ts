import { dirname, resolve } from "node:path";
import { compileFunction } from "node:vm";
import type { EmittedModule } from "@pgl/compiler";
import { PglError } from "@pgl/runtime";
import * as prelude from "../prelude.js";
import { differentiableHosts, differentiablePrelude } from "./differentiable.js";
import { LoadError } from "./errors.js";
import { watched, type ResultCheck } from "./host-calls.js";
import { loadHost, type HostModules } from "./hosts.js";

/** What evaluated modules export, by the file of the module. */
export type LoadedModules = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** The name evaluated code has in stack traces; `located` finds it there. */
export const evaluatedName = (file: string): string => `${file}.js`;

export interface EvaluateOptions {
  /** Host modules given as values; the others are loaded from disk. */
  readonly hosts?: HostModules;
  /** What is wrong with a result of a host function, as a message, if anything is. `importer` and `specifier` name the module. */
  readonly checkResult?: (importer: string, specifier: string, name: string) => ResultCheck | undefined;
}

/**
 * Evaluates compiled modules in this process. Each runs once, as a CommonJS function body whose `require` knows the
 * prelude, the other modules of the program, and the host modules it imports.
 *
 * @throws LoadError
 */
export async function evaluate(
  modules: readonly EmittedModule[],
  options: EvaluateOptions = {},
): Promise<LoadedModules> {
  return instantiate(modules, await hostsOf(modules, options), prelude, (module) => module.javascript);
}

/** Evaluates a program twice: as it is, and, when first asked for it, as methods that need gradients run it. */
export async function evaluateWithTwin(
  modules: readonly EmittedModule[],
  options: EvaluateOptions = {},
): Promise<{ readonly loaded: LoadedModules; twin(): LoadedModules }> {
  const hosts = await hostsOf(modules, options);
  let twin: LoadedModules | null = null;
  return {
    loaded: instantiate(modules, hosts, prelude, (module) => module.javascript),
    twin: () =>
      (twin ??= instantiate(modules, differentiableHosts(hosts), differentiablePrelude, (module) =>
        module.differentiable(),
      )),
  };
}

type Hosts = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** The host modules of a program, by who imports them. */
async function hostsOf(modules: readonly EmittedModule[], options: EvaluateOptions): Promise<Hosts> {
  const hosts = new Map<string, Readonly<Record<string, unknown>>>();
  for (const module of modules) {
    for (const specifier of module.hosts) {
      const exports = options.hosts?.[specifier] ?? (await loadHost(specifier, module.file));
      hosts.set(
        hostKey(module.file, specifier),
        guarded(exports, specifier, (name) => options.checkResult?.(module.file, specifier, name)),
      );
    }
  }
  return hosts;
}

function instantiate(
  modules: readonly EmittedModule[],
  hosts: Hosts,
  ground: Readonly<Record<string, unknown>>,
  textOf: (module: EmittedModule) => string,
): LoadedModules {
  const byFile = new Map(modules.map((module) => [module.file, module]));
  const loaded = new Map<string, Record<string, unknown>>();
  const load = (module: EmittedModule): Record<string, unknown> => {
    const known = loaded.get(module.file);
    if (known !== undefined) return known;
    const cjs = { exports: {} as Record<string, unknown> };
    // Registered first, so that a module that imports itself through others gets what is there.
    loaded.set(module.file, cjs.exports);
    const require = (specifier: string): unknown => {
      if (specifier === "@pgl/core/prelude") return ground;
      const host = hosts.get(hostKey(module.file, specifier));
      if (host !== undefined) return host;
      const dependency = byFile.get(specifier) ?? byFile.get(resolve(dirname(module.file), specifier));
      if (dependency !== undefined) return load(dependency);
      throw new LoadError(
        "PGLL005",
        `${module.file} asks for ${JSON.stringify(specifier)}, which is not part of the program.`,
      );
    };
    try {
      compileFunction(textOf(module), ["exports", "require", "module"], { filename: evaluatedName(module.file) })(
        cjs.exports,
        require,
        cjs,
      );
    } catch (cause) {
      if (cause instanceof PglError) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new LoadError("PGLL004", `The code compiled from ${module.file} could not be evaluated: ${message}`, {
        cause,
      });
    }
    if (cjs.exports !== loaded.get(module.file)) loaded.set(module.file, cjs.exports);
    return cjs.exports;
  };
  for (const module of modules) load(module);
  return loaded;
}

const hostKey = (importer: string, specifier: string): string => `${importer}\0${specifier}`;

/** A host module's exports: functions report failures under their names, a missing export is an error that says so. */
function guarded(
  exports: Readonly<Record<string, unknown>>,
  specifier: string,
  checkOf: (name: string) => ResultCheck | undefined,
): Readonly<Record<string, unknown>> {
  const wrapped = new Map<string, unknown>();
  // The target is an object of its own: a frozen one would forbid handing out wrapped functions in place of its own.
  return new Proxy(Object.create(null) as Readonly<Record<string, unknown>>, {
    get(_, name) {
      if (typeof name !== "string") return undefined;
      if (wrapped.has(name)) return wrapped.get(name);
      const value = exports[name];
      if (value === undefined) {
        throw new LoadError("PGLL003", `The host module ${JSON.stringify(specifier)} exports no \`${name}\`.`, {
          hint: `It exports: ${
            Object.keys(exports)
              .filter((n) => n !== "default")
              .join(", ") || "nothing"
          }.`,
        });
      }
      const usable =
        typeof value === "function" ? watched(value as (...args: unknown[]) => unknown, name, checkOf(name)) : value;
      wrapped.set(name, usable);
      return usable;
    },
  });
}
