import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError, type Io } from "./io.js";

/** The text of a program named on the command line. */
export interface Source {
  /** As it was written on the command line, for messages. */
  readonly shown: string;
  /** Absolute; for standard input a made-up name in the current directory, so that its imports are found. */
  readonly path: string;
  readonly text: string;
  readonly isInput: boolean;
}

/** @throws UsageError when there is no such file, or it cannot be read as text. */
export function readSource(file: string, io: Io): Source {
  if (file === "-")
    return { shown: "standard input", path: resolve(io.directory, "stdin.pgl"), text: io.readInput(), isInput: true };
  const path = resolve(io.directory, file);
  if (!existsSync(path)) {
    const withEnding = `${file}.pgl`;
    throw new UsageError(
      `There is no file ${file}.`,
      existsSync(resolve(io.directory, withEnding)) ? `Did you mean ${withEnding}?` : undefined,
    );
  }
  if (statSync(path).isDirectory()) throw new UsageError(`${file} is a directory, not a program.`);
  try {
    return { shown: file, path, text: readFileSync(path, "utf8"), isInput: false };
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
