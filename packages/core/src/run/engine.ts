import type { LanguageModel } from "@pgl/lm";
import { version } from "../version.js";
import type { Engine } from "./report.js";

/** What a run was computed with: beside seed and program, what its numbers depend on. */
export function engineOf(models: ReadonlyMap<string, LanguageModel>): Engine {
  const lms: Record<string, { name: string; vocabulary: string }> = {};
  for (const [alias, model] of models) lms[alias] = { name: model.name, vocabulary: model.vocabulary.identity };
  return { pgl: version, node: process.version, lms };
}
