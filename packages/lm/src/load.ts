import { isAbsolute, resolve } from "node:path";
import { NgramModel } from "./backends/ngram/ngram-model.js";
import { TableModel } from "./backends/table/table-model.js";
import { LanguageModelError } from "./errors.js";
import type { LanguageModel } from "./language-model.js";

/** How `loadLanguageModel` finds what a spec names. */
export interface LoadOptions {
  /** The folder that relative paths start from; the working folder by default. */
  readonly directory?: string;
}

const LATER: Readonly<Record<string, string>> = {
  gguf: "GGUF files",
  openai: "models behind an OpenAI-compatible server",
};

/** What a spec can be, for messages. */
export const languageModelSpecs: readonly string[] = ["stories", "table:FILE.json", "ngram:FILE.txt", "onnx:FOLDER"];

/**
 * Loads the model a spec names: `stories` (a small story model that comes with PGL), `table:FILE.json` (probabilities
 * written down), `ngram:FILE.txt` (a character 5-gram model learned from a text), `onnx:FOLDER` (an exported model with
 * its tokenizer).
 *
 * @throws LanguageModelError PGLM001 for an unknown spec, PGLM002 for one of a later version, PGLM003 for files that
 *   cannot be read, PGLM004 for files that say something else than they should.
 */
export async function loadLanguageModel(
  spec: string,
  { directory = process.cwd() }: LoadOptions = {},
): Promise<LanguageModel> {
  if (spec === "stories") {
    const { loadStories } = await import("./backends/onnx/stories.js");
    return loadStories();
  }
  const colon = spec.indexOf(":");
  const kind = colon < 0 ? spec : spec.slice(0, colon);
  const rest = colon < 0 ? "" : spec.slice(colon + 1);
  const later = LATER[kind];
  if (later !== undefined) {
    throw new LanguageModelError("PGLM002", `\`${spec}\`: support for ${later} comes with a later version of PGL.`, {
      hint: `This version loads ${languageModelSpecs.join(", ")}.`,
    });
  }
  if (kind !== "table" && kind !== "ngram" && kind !== "onnx") {
    throw new LanguageModelError("PGLM001", `There is no kind of language model \`${kind}\` (in \`${spec}\`).`, {
      hint: `A model is one of ${languageModelSpecs.join(", ")}.`,
    });
  }
  if (rest === "") {
    throw new LanguageModelError("PGLM001", `\`${spec}\` names no file.`, {
      hint: `Write ${languageModelSpecs.find((s) => s.startsWith(kind))!}.`,
    });
  }
  const path = isAbsolute(rest) ? rest : resolve(directory, rest);
  if (kind === "table") return TableModel.read(path);
  if (kind === "ngram") return NgramModel.read(path);
  const { OnnxModel } = await import("./backends/onnx/onnx-model.js");
  return OnnxModel.load(path);
}
