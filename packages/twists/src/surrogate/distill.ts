import { modelIdentity, type LanguageModel } from "@pgl/lm";
import { MethodError, seeded } from "@pgl/runtime";
import { fitHmm } from "./hmm.js";
import { MarkovCounts } from "./markov.js";
import { drawTexts } from "./samples.js";
import { surrogateOf, type StoredSurrogate } from "./surrogate-file.js";
import type { BackoffChain } from "@pgl/lm";
import type { HmmSurrogate } from "./hmm.js";

export interface DistillOptions {
  /** Texts that are drawn from the model. Default 1000. */
  readonly samples?: number;
  /** Tokens of a text at most. Default 96. */
  readonly length?: number;
  /** `markov`: histories of up to two tokens. `hmm`: hidden states. Default `markov`. */
  readonly kind?: "markov" | "hmm";
  /** Tokens that count, of a Markov surrogate: 1 or 2. Default 2. */
  readonly order?: number;
  /** Probabilities that a Markov surrogate keeps. Default 24 a token of the vocabulary. */
  readonly entries?: number;
  /** Hidden states. Default 64. */
  readonly states?: number;
  /** Rounds of expectation maximisation. Default 40. */
  readonly rounds?: number;
  /** Default 1. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DistillProgress) => void;
}

export type DistillProgress =
  | { readonly phase: "samples"; readonly done: number; readonly total: number }
  | { readonly phase: "fit"; readonly round: number; readonly rounds: number; readonly logLikelihood: number };

/** Share of the texts that a surrogate is measured on, not fitted to. */
const HELD_OUT = 0.1;

/**
 * Distils a surrogate from a model: draws the model's own texts and fits a variable-order Markov chain to the rows they were
 * drawn from, or a hidden Markov model to the texts.
 *
 * @throws MethodError PGLR110 for options that make no sense; LanguageModelError PGLM006 when texts are longer than the model
 * reads, PGLM021 when it does not give whole distributions.
 */
export async function distill(model: LanguageModel, options: DistillOptions = {}): Promise<StoredSurrogate> {
  const { size, bosId, eosId } = model.vocabulary;
  const { samples = 1000, length = 96, kind = "markov", order = 2, states = 64, rounds = 40, seed = 1 } = options;
  const { entries = 24 * size, signal, onProgress } = options;
  for (const [name, value, least] of [
    ["samples", samples, 10],
    ["length", length, 2],
    ["states", states, 2],
    ["rounds", rounds, 1],
    ["entries", entries, 1],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new MethodError("PGLR110", `\`${name}\` is a whole number of at least ${least}, not ${value}.`);
    }
  }
  if (kind !== "markov" && kind !== "hmm") throw new MethodError("PGLR110", '`kind` is "markov" or "hmm".');
  if (order !== 1 && order !== 2) throw new MethodError("PGLR110", `\`order\` is 1 or 2, not ${String(order)}.`);
  const heldOut = Math.max(1, Math.round(HELD_OUT * samples));
  const random = seeded(seed);
  const counts = new MarkovCounts(size, { order: kind === "markov" ? order : 1, entries });
  const texts: number[][] = [];
  const held: number[][] = [];
  let entropy = 0;
  let tokens = 0;
  await drawTexts(
    model,
    {
      samples,
      length,
      random: random.split(0),
      signal,
      onProgress: (done, total) => onProgress?.({ phase: "samples", done, total }),
    },
    (seen) => {
      if (seen.text < heldOut) {
        entropy -= seen.row.logProbability(seen.token);
        tokens++;
        (held[seen.text] ??= []).push(seen.token);
        return;
      }
      counts.see(seen);
      if (kind === "hmm") (texts[seen.text] ??= []).push(seen.token);
    },
  );
  const tables = counts.tables();
  const content: StoredSurrogate["content"] =
    kind === "markov"
      ? { kind, ...tables }
      : {
          kind,
          ...fitHmm(
            texts.filter((text) => text !== undefined).map((text) => Int32Array.from(text)),
            tables.base,
            {
              states,
              rounds,
              random: random.split(1),
              signal,
              onRound: (round, logLikelihood) => onProgress?.({ phase: "fit", round, rounds, logLikelihood }),
            },
          ),
        };
  let crossEntropy = 0;
  const surrogate = surrogateOf(content, bosId) as BackoffChain | HmmSurrogate;
  for (const text of held) {
    let known: unknown = surrogate.start(bosId === null ? new Int32Array(0) : Int32Array.of(bosId));
    for (const token of text) {
      crossEntropy -=
        content.kind === "hmm"
          ? (surrogate as HmmSurrogate).logProbability(known as Float64Array, token)
          : Math.log((surrogate as BackoffChain).probability(known as number, token));
      if (token !== eosId) known = (surrogate as { advance(s: unknown, t: number): unknown }).advance(known, token);
    }
  }
  return {
    model: await modelIdentity(model),
    training: { samples, length, seed, entropy: entropy / tokens, crossEntropy: crossEntropy / tokens },
    content,
  };
}
