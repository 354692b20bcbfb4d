import { checkLanguageModel, type ConformanceOptions, type LanguageModel } from "@pgl/lm";
import { LawError } from "./difference.js";

/**
 * Throws unless a language model keeps the laws of every backend (`checkLanguageModel` of @pgl/lm): rows are distributions,
 * and depend on nothing but their contexts; the vocabulary spells exactly; limits are kept.
 *
 * @throws LawError with every law that does not hold.
 */
export async function expectLanguageModelLaws(model: LanguageModel, options: ConformanceOptions): Promise<void> {
  const broken = (await checkLanguageModel(model, options)).filter((report) => !report.holds);
  if (broken.length === 0) return;
  throw new LawError(`${model.name}:\n${broken.map(({ law, detail }) => `  ${law}: ${detail}`).join("\n")}`);
}
