import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError, type Io } from "../io.js";

/** Writes what `--svg` asks for. @throws UsageError when it cannot be written. */
export function writePicture(file: string, svg: string, io: Io): void {
  try {
    writeFileSync(resolve(io.directory, file), svg);
  } catch (error) {
    throw new UsageError(`--svg ${file}: ${(error as Error).message}`);
  }
}
