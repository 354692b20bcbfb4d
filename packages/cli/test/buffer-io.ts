import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Interrupt, Io } from "../src/io.js";
import { main } from "../src/main.js";

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly input?: string;
  readonly terminal?: boolean;
  readonly environment?: Record<string, string>;
  readonly interrupt?: Interrupt;
}

/** A folder of its own for a test, with these files. */
export function folder(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), "pgl-cli-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

/** Runs the command in this process and keeps what it prints. */
export async function pgl(directory: string, argv: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  let out = "";
  let err = "";
  const io: Io = {
    write: (text) => void (out += text),
    writeError: (text) => void (err += text),
    readInput: () => new TextEncoder().encode(surroundings.input ?? ""),
    outputIsTerminal: surroundings.terminal ?? false,
    errorIsTerminal: surroundings.terminal ?? false,
    columns: 100,
    environment: surroundings.environment ?? {},
    directory,
    ...(surroundings.interrupt === undefined ? {} : { interrupt: surroundings.interrupt }),
  };
  const status = await main(argv, io);
  return { status, out, err };
}
