import { readdirSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { posix } from "node:path";
import { decodeSource, type Decoded } from "./source-text.js";

/** Where source text comes from. Paths are absolute, or made up by the host. */
export interface SourceHost {
  /** The text of a file, or `undefined` when there is none. */
  read(path: string): string | undefined;
  /** Why a file that is there has no text; `undefined` when it has, or there is none. */
  problem?(path: string): string | undefined;
  /** The path that `specifier`, written in the file `from`, means. */
  resolve(from: string, specifier: string): string;
  /** Names of the files in the folder of `path`, for suggestions when a file is missing. */
  neighbours?(path: string): readonly string[];
}

/** Files on disk. Relative entry paths are taken from `directory`, by default the current one. */
export function nodeFiles(directory: string = process.cwd()): SourceHost {
  const decode = (path: string): Decoded | undefined => {
    try {
      return decodeSource(readFileSync(path));
    } catch {
      return undefined;
    }
  };
  return {
    read(path) {
      const decoded = decode(path);
      return decoded !== undefined && "text" in decoded ? decoded.text : undefined;
    },
    problem(path) {
      const decoded = decode(path);
      return decoded !== undefined && "problem" in decoded ? decoded.problem : undefined;
    },
    resolve: (from, specifier) =>
      isAbsolute(specifier) ? specifier : resolve(from === "" ? directory : dirname(from), specifier),
    neighbours(path) {
      try {
        return readdirSync(dirname(path));
      } catch {
        return [];
      }
    },
  };
}

/**
 * Files that exist only in memory, by path. Where `under` is given, what is not among them is looked for there: text that
 * lives in a host program may import the files around it.
 */
export function memoryFiles(files: Readonly<Record<string, string>>, under?: SourceHost): SourceHost {
  const own = new Map(Object.entries(files).map(([path, text]) => [posix.normalize(path), text]));
  return {
    read: (path) => own.get(path) ?? under?.read(path),
    problem: (path) => (own.has(path) ? undefined : under?.problem?.(path)),
    resolve(from, specifier) {
      const path = posix.normalize(specifier.startsWith("/") ? specifier : posix.join(posix.dirname(from), specifier));
      return own.has(path) || under === undefined ? path : under.resolve(from, specifier);
    },
    neighbours(path) {
      const folder = posix.dirname(path);
      const names = [...own.keys()]
        .filter((other) => posix.dirname(other) === folder)
        .map((other) => posix.basename(other));
      return [...names, ...(under?.neighbours?.(path) ?? [])];
    },
  };
}
