import { PglError } from "@pgl/runtime";

/**
 * Everything this package raises on purpose. Codes: PGLM001 unknown spec, PGLM002 spec of another version, PGLM003
 * unreadable file, PGLM004 malformed model file, PGLM005 missing table row, PGLM006 context too long, PGLM007 logits that
 * are no numbers, PGLM008 text the vocabulary cannot spell, PGLM009 nothing left to draw, PGLM010 different vocabularies,
 * PGLM011 no chat template, PGLM012 an option out of range, PGLM013 a text that cannot end, PGLM014 a proposal of a kind
 * that cannot be used, PGLM015 a model used after `dispose`, PGLM016 an engine that failed, PGLM017 a constraint that cannot
 * mask, PGLM018 texts that cannot be multiplied, PGLM019 a twist made for another model, PGLM020 no looking ahead, PGLM021 a
 * model that cannot be distilled, PGLM022 a run that reads no files of twists, PGLM025 hidden states of a model that has none.
 */
export class LanguageModelError extends PglError {}

/** @throws LanguageModelError PGLM015 when the model has been disposed of. */
export function refuseDisposed(model: string, disposed: boolean): void {
  if (disposed) throw new LanguageModelError("PGLM015", `The model ${model} was used after \`dispose\`.`);
}
