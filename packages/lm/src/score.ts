import { Context } from "./context.js";
import type { LanguageModel } from "./language-model.js";
import { ModelSession } from "./session.js";
import type { Token } from "./token.js";

/** One token of a scored text. */
export interface ScoredToken {
  readonly token: Token;
  /** log p(token | what came before), in nats. */
  readonly logProbability: number;
}

/**
 * The canonical tokens of a text after a context, each with its log-probability in nats; their sum is what `score` gives in
 * a program. No ending is counted.
 * @throws LanguageModelError PGLM006 when it is too long, PGLM008 when the model cannot spell it.
 */
export async function tokenLogProbabilities(
  model: LanguageModel,
  text: string,
  options: { readonly after?: string | Context } = {},
): Promise<readonly ScoredToken[]> {
  const session = new ModelSession(model);
  const { vocabulary } = model;
  const tokens = vocabulary.encode(text);
  const start = Context.of(options.after ?? "").nodeIn(session.tree, vocabulary);
  const [scores] = await session.scorePaths([{ start, tokens, law: session.plain }]);
  return Array.from(tokens, (id, i) => ({ token: vocabulary.token(id), logProbability: scores![i]! }));
}
