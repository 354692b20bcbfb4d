import { randomBytes } from "node:crypto";
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { allowStates, useAutomatonStore } from "@pgl/constraints";
import { cacheFolder, type Variables } from "./cache-folder.js";

/** Bytes that the cache may have; beyond, what has not been written for longest goes. */
const MOST_BYTES = 256 * 2 ** 20;
/** What compiled constraints depend on beside their text: their meaning here, and the engine's tables of characters. */
const NAME = `constraints-1-unicode-${process.versions.unicode ?? "none"}`;

/** Where compiled constraints are kept between runs; null where nothing is kept. */
export const constraintCacheFolder = (environment: Variables): string | null => cacheFolder(environment, NAME);

/**
 * Keeps what takes long to compile of constraints in a folder, and takes it from there; null: not. Files are named by their
 * content, written aside and then renamed, so that several processes may share the folder; one that is damaged is made anew.
 * A folder that cannot be read or written is done without.
 */
export function useConstraintCache(folder: string | null): void {
  if (folder === null) return useAutomatonStore(null);
  useAutomatonStore({
    read(key) {
      try {
        return readFileSync(join(folder, key));
      } catch {
        return null;
      }
    },
    write(key, bytes) {
      const aside = join(folder, `${key}.${randomBytes(8).toString("hex")}.tmp`);
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(aside, bytes, { flag: "wx" });
        renameSync(aside, join(folder, key));
        makeRoom(folder);
      } catch {
        remove(aside);
      }
    },
  });
}

/**
 * Sets up constraints as the environment says: the cache, and `PGL_CONSTRAINT_STATES`, how many states one may have.
 * @throws ConstraintError PGLC009 for a number of states that is none.
 */
export function constraintsFromEnvironment(environment: Variables): void {
  useConstraintCache(constraintCacheFolder(environment));
  const states = environment["PGL_CONSTRAINT_STATES"];
  if (states === undefined || states === "") allowStates();
  else allowStates(Number(states));
}

/** What there is in the cache. */
export interface ConstraintCache {
  readonly folder: string | null;
  readonly constraints: number;
  readonly bytes: number;
  readonly writable: boolean;
}

/** What `pgl doctor` says of the cache. */
export function constraintCache(environment: Variables): ConstraintCache {
  const folder = constraintCacheFolder(environment);
  if (folder === null) return { folder, constraints: 0, bytes: 0, writable: false };
  const files = filesIn(folder);
  return {
    folder,
    constraints: files.length,
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    writable: isWritable(folder),
  };
}

/** Whether a folder can be written to, or made. */
function isWritable(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    try {
      statSync(at);
    } catch {
      if (dirname(at) === at) return false;
      continue;
    }
    try {
      accessSync(at, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  }
}

interface Kept {
  readonly path: string;
  readonly size: number;
  readonly written: number;
}

function filesIn(folder: string): readonly Kept[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const path = join(folder, name);
      const { size, mtimeMs } = statSync(path);
      return [{ path, size, written: mtimeMs }];
    } catch {
      // Another process has just taken it away.
      return [];
    }
  });
}

function makeRoom(folder: string): void {
  const files = [...filesIn(folder)].sort((a, b) => a.written - b.written);
  let bytes = files.reduce((sum, file) => sum + file.size, 0);
  for (const { path, size } of files) {
    if (bytes <= MOST_BYTES) return;
    remove(path);
    bytes -= size;
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What cannot be removed stays.
  }
}
