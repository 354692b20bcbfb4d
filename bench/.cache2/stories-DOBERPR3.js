import {
  OnnxModel
} from "./chunk-KNVDATEQ.js";
import {
  LanguageModelError
} from "./chunk-TLZDQAJ7.js";
import "./chunk-3EFK655J.js";
import "./chunk-PZ5AY32C.js";

// ../packages/lm/src/backends/onnx/stories.ts
import { existsSync } from "fs";
import { dirname, join } from "path";
import { fileURLToPath } from "url";
function storiesFolder() {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, "models", "stories");
    if (existsSync(join(candidate, "config.json"))) return candidate;
    if (dirname(folder) === folder) {
      throw new LanguageModelError("PGLM003", "The embedded model `stories` is not there.", {
        hint: "Install @pgl/lm again."
      });
    }
  }
}
var loadStories = () => OnnxModel.load(storiesFolder());
export {
  loadStories,
  storiesFolder
};
//# sourceMappingURL=stories-DOBERPR3.js.map