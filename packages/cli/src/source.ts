import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { decodeSource } from "@pgl/compiler";
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
  if (file === "-") {
    const shown = "standard input";
    return { shown, path: resolve(io.directory, "stdin.pgl"), text: textOf(io.readInput(), shown), isInput: true };
  }
  const path = resolve(io.directory, file);
  if (!existsSync(path)) {
    const withEnding = `${file}.pgl`;
    throw new UsageError(
      `There is no file ${file}.`,
      existsSync(resolve(io.directory, withEnding)) ? `Did you mean ${withEnding}?` : undefined,
    );
  }
  if (statSync(path).isDirectory()) throw new UsageError(`${file} is a directory, not a program.`);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  return { shown: file, path, text: textOf(bytes, file), isInput: false };
}

function textOf(bytes: Uint8Array, shown: string): string {
  const decoded = decodeSource(bytes);
  if ("text" in decoded) return decoded.text;
  throw new UsageError(
    `${shown} is no program: ${decoded.problem}.`,
    "Programs are text in UTF-8. Was another file meant, or is it saved in another encoding?",
  );
}
