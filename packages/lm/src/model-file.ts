import { readFileSync } from "node:fs";
import { LanguageModelError } from "./errors.js";

/** Reads a file of a model. @throws LanguageModelError PGLM003 naming the path and why. */
export function readModelFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : (cause as Error).message;
    throw new LanguageModelError("PGLM003", `The model file ${path} cannot be read: ${why}.`, {
      cause,
      hint: "Paths of models are relative to the program that names them, or to the working folder on the command line.",
    });
  }
}

/** A JSON file of a model. @throws LanguageModelError PGLM003, or PGLM004 when it is no JSON. */
export function readModelJson(path: string): unknown {
  const text = readModelFile(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw malformed(path, `it is not JSON (${(cause as Error).message})`, cause);
  }
}

/** What a malformed model file is reported as. */
export function malformed(path: string, why: string, cause?: unknown): LanguageModelError {
  return new LanguageModelError("PGLM004", `${path} is not a valid model file: ${why}.`, { cause });
}

/** Values of one JSON object, each checked as it is read; errors name the file and the place in it. */
export class Fields {
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    private readonly path: string,
    value: unknown,
    /** Where the object stands, as `onnx.inputs`; empty for the whole file. */
    private readonly place = "",
  ) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw malformed(path, `${place === "" ? "it" : `\`${place}\``} must be an object`);
    }
    this.fields = value as Readonly<Record<string, unknown>>;
  }

  get keys(): string[] {
    return Object.keys(this.fields);
  }

  /** @throws LanguageModelError PGLM004 when there is a key beside these. */
  only(...known: string[]): this {
    const extra = this.keys.find((key) => !known.includes(key));
    if (extra !== undefined)
      throw malformed(this.path, `\`${this.name(extra)}\` is not known; there are ${known.join(", ")}`);
    return this;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.fields, key);
  }

  any(key: string): unknown {
    if (!this.has(key)) throw malformed(this.path, `\`${this.name(key)}\` is missing`);
    return this.fields[key];
  }

  object(key: string): Fields {
    return new Fields(this.path, this.any(key), this.name(key));
  }

  string(key: string): string {
    const value = this.any(key);
    if (typeof value !== "string") throw malformed(this.path, `\`${this.name(key)}\` must be a string`);
    return value;
  }

  /** A whole number of at least `least`. */
  int(key: string, least: number): number {
    const value = this.any(key);
    if (!Number.isSafeInteger(value) || (value as number) < least) {
      throw malformed(this.path, `\`${this.name(key)}\` must be a whole number of at least ${least}`);
    }
    return value as number;
  }

  strings(key: string): string[] {
    const value = this.any(key);
    if (!Array.isArray(value) || !value.every((v) => typeof v === "string")) {
      throw malformed(this.path, `\`${this.name(key)}\` must be a list of strings`);
    }
    return value as string[];
  }

  private name(key: string): string {
    return this.place === "" ? key : `${this.place}.${key}`;
  }
}
