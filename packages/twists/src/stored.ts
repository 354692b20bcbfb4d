import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** What a file says that it is. */
export interface StoredKind {
  readonly format: string;
  readonly version: number;
}

/** Errors of whoever reads a file. */
export interface Refusal {
  readonly unreadable: (cause: Error) => Error;
  /** @param why it is no such file, as the end of a sentence */
  readonly malformed: (why: string) => Error;
}

/** Writes a file of JSON. It is whole or not there, also where several processes write it. */
export function writeStored(path: string, { format, version }: StoredKind, content: object): void {
  const draft = `${path}.${randomBytes(6).toString("hex")}.part`;
  writeFileSync(draft, `${JSON.stringify({ format, version, ...content })}\n`);
  renameSync(draft, path);
}

/** Reads a file that `writeStored` has written. @throws what `refuse` makes, when it cannot be read or is of another kind. */
export function readStored(path: string, kind: StoredKind, refuse: Refusal): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw refuse.unreadable(cause as Error);
  }
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw refuse.malformed(`it is not JSON (${(cause as Error).message})`);
  }
  const { format, version } = (file ?? {}) as { format?: unknown; version?: unknown };
  if (format !== kind.format) throw refuse.malformed(`\`format\` is not "${kind.format}"`);
  if (version !== kind.version) {
    throw refuse.malformed(`it has version ${String(version)}, and this PGL reads ${kind.version}`);
  }
  return file as Record<string, unknown>;
}

/** The bytes of numbers in base64. Little-endian, as everywhere this runs. */
export const toBase64 = (values: Float32Array | Int32Array | Uint16Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");

/** The bytes that base64 stands for, as many as make whole numbers of `width` bytes. */
export function fromBase64(text: string, width: number): ArrayBuffer {
  const bytes = Buffer.from(text, "base64");
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length - (bytes.length % width));
}
