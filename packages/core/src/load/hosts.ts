import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LoadError } from "./errors.js";

/** Host modules given as values, by the specifier a program imports them with. */
export type HostModules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const TYPESCRIPT = new Set([".ts", ".mts", ".cts", ".tsx"]);

/**
 * Loads what a `.pgl` file imports from TypeScript or JavaScript. TypeScript goes through jiti, which is loaded only then;
 * what the file imports in its turn works as in Node.
 *
 * @throws LoadError when there is no such module or its own code fails.
 */
export async function loadHost(specifier: string, importer: string): Promise<Readonly<Record<string, unknown>>> {
  const path = locate(specifier, importer);
  try {
    if (path === null || TYPESCRIPT.has(extname(path))) {
      const { createJiti } = await import("jiti");
      const jiti = createJiti(pathToFileURL(importer).href);
      return namespace(await jiti.import(path ?? specifier));
    }
    return namespace(await import(pathToFileURL(path).href));
  } catch (cause) {
    if (cause instanceof LoadError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new LoadError("PGLL002", `The host module ${JSON.stringify(specifier)} could not be loaded: ${message}`, {
      cause,
      hint: `It is imported by ${importer}. Does it run by itself, as in \`npx jiti ${path ?? specifier}\`?`,
    });
  }
}

/** The file a specifier means, or null for a package whose entry jiti is to find. */
function locate(specifier: string, importer: string): string | null {
  if (specifier.startsWith(".") || isAbsolute(specifier)) {
    const path = resolve(dirname(importer), specifier);
    if (existsSync(path)) return path;
    throw new LoadError(
      "PGLL001",
      `There is no file ${path}, which ${importer} imports as ${JSON.stringify(specifier)}.`,
    );
  }
  if (specifier.startsWith("node:")) return null;
  try {
    createRequire(importer).resolve(specifier);
  } catch (cause) {
    // A package with only an `import` entry is not resolvable this way, and still there.
    if ((cause as { code?: string }).code === "MODULE_NOT_FOUND") {
      throw new LoadError(
        "PGLL001",
        `The package ${JSON.stringify(specifier)}, imported by ${importer}, is not installed.`,
        {
          cause,
          hint: `Run: npm install ${specifier}`,
        },
      );
    }
  }
  return null;
}

/** The exports of a module; a CommonJS module's are those of its `module.exports`. */
function namespace(loaded: unknown): Readonly<Record<string, unknown>> {
  const exports = loaded as Record<string, unknown>;
  const inner = exports["default"];
  if (typeof inner !== "object" || inner === null) return exports;
  return { ...(inner as Record<string, unknown>), ...exports };
}
