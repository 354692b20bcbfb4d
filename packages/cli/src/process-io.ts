import { readFileSync } from "node:fs";
import type { Io } from "./io.js";

/** The streams of this process, for commands that end by themselves. */
export function processIo(): Io {
  return {
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    readInput: () => readFileSync(0),
    outputIsTerminal: process.stdout.isTTY === true,
    errorIsTerminal: process.stderr.isTTY === true,
    columns: process.stdout.columns || process.stderr.columns || 100,
    environment: process.env,
    directory: process.cwd(),
  };
}
