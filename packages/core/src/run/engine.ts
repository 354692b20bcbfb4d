import type { LanguageModel } from "@pgl/lm";
import { tensorEngineInUse } from "@pgl/runtime";
import { version } from "../version.js";
import type { Engine } from "./report.js";

/** What a run was computed with: beside seed and program, what its numbers depend on. */
export function engineOf(models: ReadonlyMap<string, LanguageModel>): Engine {
  const lms: Record<string, Engine["lms"][string]> = {};
  for (const [alias, model] of models) {
    // Models that can be evaluated by several engines say by which: their last digits may differ.
    const { engine = null } = model as { readonly engine?: string };
    lms[alias] = { name: model.name, vocabulary: model.vocabulary.identity, engine };
  }
  return { pgl: version, node: process.version, tensors: tensorEngineInUse(), lms };
}
