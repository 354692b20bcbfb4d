import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LanguageModelError } from "../../errors.js";
import { OnnxModel } from "./onnx-model.js";

/** The folder of the model that comes with this package. */
export function storiesFolder(): string {
  // The module is somewhere below the package's folder: how deep depends on how it was built.
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, "models", "stories");
    if (existsSync(join(candidate, "config.json"))) return candidate;
    if (dirname(folder) === folder) {
      throw new LanguageModelError("PGLM003", "The embedded model `stories` is not there.", {
        hint: "Install @pgl/lm again.",
      });
    }
  }
}

/** Loads the embedded story model (870,000 parameters, 1024 tokens, contexts of up to 256 tokens). */
export const loadStories = (): Promise<OnnxModel> => OnnxModel.load(storiesFolder());
