import { LanguageModelError, ModelSession, TokenDistribution, type LanguageModel, type LogRow } from "@pgl/lm";
import type { RandomSource } from "@pgl/runtime";

/** Texts drawn together: a batch of the model. */
const BATCH = 64;

export interface SampleOptions {
  /** Texts to draw. */
  readonly samples: number;
  /** Tokens of a text at most, its end token counted. */
  readonly length: number;
  readonly random: RandomSource;
  readonly signal?: AbortSignal;
  /** Called after every token of a batch. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What is seen of one token of a text: where it is drawn, and from what. */
export interface SeenToken {
  /** Number of the text. */
  readonly text: number;
  /** Tokens before it, the begin token first where there is one. Not to be kept: it goes on growing. */
  readonly before: readonly number[];
  readonly row: LogRow;
  readonly token: number;
}

/**
 * Draws texts of a model from its own distribution, each from an empty beginning to its end token or `length`, and shows
 * every token with the row it was drawn from.
 *
 * @throws LanguageModelError PGLM006 when `length` does not fit the model's context, PGLM021 when the model does not give
 * whole distributions.
 */
export async function drawTexts(
  model: LanguageModel,
  options: SampleOptions,
  see: (seen: SeenToken) => void,
): Promise<void> {
  const { samples, length, random, signal, onProgress } = options;
  const { vocabulary, capabilities } = model;
  if (!capabilities.fullDistribution) {
    throw new LanguageModelError("PGLM021", `${model.name} does not give the probabilities of all tokens.`, {
      hint: "A surrogate is distilled from a model that runs here.",
    });
  }
  const total = samples * length;
  for (let first = 0; first < samples; first += BATCH) {
    // A session of its own: what was computed for the texts before is not needed again.
    const session = new ModelSession(model);
    const start = vocabulary.bosId === null ? 0 : session.tree.child(0, vocabulary.bosId);
    let open = Array.from({ length: Math.min(BATCH, samples - first) }, (_, i) => ({
      text: first + i,
      node: start,
      before: vocabulary.bosId === null ? [] : [vocabulary.bosId],
      random: random.split(first + i),
    }));
    for (let at = 0; at < length && open.length > 0; at++) {
      signal?.throwIfAborted();
      const rows = await session.rows(open.map(({ node }) => node));
      open = open.filter((text, i) => {
        const row = rows[i]!;
        const token = TokenDistribution.of(vocabulary, row).sampleId(text.random.split(at));
        see({ text: text.text, before: text.before, row, token });
        if (token === vocabulary.eosId) return false;
        text.before.push(token);
        text.node = session.tree.child(text.node, token);
        return true;
      });
      onProgress?.(first * length + (at + 1) * Math.min(BATCH, samples - first), total);
    }
  }
}
