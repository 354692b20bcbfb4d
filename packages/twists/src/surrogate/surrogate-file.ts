import {
  LanguageModelError,
  modelIdentity,
  sameModel,
  type LanguageModel,
  type ModelIdentity,
  type TokenSurrogate,
} from "@pgl/lm";
import { fromBase64, readStored, toBase64, writeStored } from "../stored.js";
import { HmmSurrogate, type HmmTables } from "./hmm.js";
import { markovSurrogate, type MarkovTables } from "./markov.js";

const SURROGATE = { format: "pgl-surrogate", version: 1 };

/** A surrogate as it is kept in a file. */
export interface StoredSurrogate {
  readonly model: ModelIdentity;
  readonly training: SurrogateTraining;
  readonly content: ({ readonly kind: "markov" } & MarkovTables) | ({ readonly kind: "hmm" } & HmmTables);
}

/** How a surrogate came about, and how good it is on texts that it was not fitted to, in nats a token. */
export interface SurrogateTraining {
  readonly samples: number;
  readonly length: number;
  readonly seed: number;
  /** Of the model under itself: no surrogate can be below. */
  readonly entropy: number;
  /** Of the model under the surrogate. */
  readonly crossEntropy: number;
}

/** Writes a surrogate. The file is whole or not there. */
export function writeSurrogate(path: string, { model, training, content }: StoredSurrogate): void {
  writeStored(path, SURROGATE, { model, training, ...toJson(content) });
}

/** Reads a surrogate file. @throws LanguageModelError PGLM003 when it cannot be read, PGLM004 when it is no such file. */
export function readSurrogate(path: string): StoredSurrogate {
  const file = readStored(path, SURROGATE, {
    unreadable: (cause) =>
      new LanguageModelError("PGLM003", `The surrogate ${path} cannot be read: ${cause.message}.`, {
        cause,
        hint: "`pgl distill MODEL -o FILE` makes one.",
      }),
    malformed: (why) => malformed(path, why),
  });
  const model = file["model"] as ModelIdentity | undefined;
  if (typeof model?.name !== "string" || typeof model.weights !== "string" || typeof model.vocabulary !== "string") {
    throw malformed(path, "`model` must have `name`, `weights` and `vocabulary`");
  }
  const training = file["training"] as SurrogateTraining | undefined;
  if (typeof training?.samples !== "number" || typeof training.crossEntropy !== "number") {
    throw malformed(path, "`training` is incomplete");
  }
  return { model, training, content: new Reader(path, file).content() };
}

/**
 * The surrogate of a file, for a model.
 * @throws LanguageModelError PGLM019 when it was distilled from another model, or for another vocabulary.
 */
export async function surrogateFor(
  model: LanguageModel,
  stored: StoredSurrogate,
  path: string,
): Promise<TokenSurrogate> {
  const own = await modelIdentity(model);
  if (!sameModel(own, stored.model)) {
    const what = own.vocabulary === stored.model.vocabulary ? "other weights" : "other tokens";
    throw new LanguageModelError(
      "PGLM019",
      `The surrogate ${path} was distilled from a model with ${what} (${stored.model.name}) than ${model.name} has.`,
      { hint: `Distil one from this model: pgl distill ${model.name} -o ${path}` },
    );
  }
  return surrogateOf(stored.content, model.vocabulary.bosId);
}

/** What looks ahead by some tables. */
export function surrogateOf(content: StoredSurrogate["content"], bosId: number | null): TokenSurrogate {
  return content.kind === "hmm"
    ? new HmmSurrogate(`a hidden Markov model of ${content.states} states`, content, bosId)
    : markovSurrogate(`a Markov chain of ${content.histories.length} histories`, content);
}

const malformed = (path: string, why: string): LanguageModelError =>
  new LanguageModelError("PGLM004", `${path} is not a surrogate that can be used: ${why}.`, {
    hint: "`pgl distill MODEL -o FILE` makes one.",
  });

// Numbers are kept in base64, little-endian: whole ones in 32 bits, probabilities as 16 bits of their logarithm.

/** Nats below one that 16 bits of a log-probability reach. */
const REACH = 32;
const STEPS = 65535;

function toJson(content: StoredSurrogate["content"]): Record<string, unknown> {
  if (content.kind === "hmm") {
    const { kind, states, size, initial, transition, emission } = content;
    return { kind, states, size, initial: packed(initial), transition: packed(transition), emission: packed(emission) };
  }
  const { kind, size, base, histories, first, tokens, probabilities } = content;
  const wide = size > STEPS;
  const ids = (values: Iterable<number>): string => toBase64(wide ? Int32Array.from(values) : Uint16Array.from(values));
  return {
    kind,
    size,
    base: packed(base),
    // A missing earlier token is written as the number of tokens.
    histories: ids(histories.flatMap(([previous, last]) => [previous < 0 ? size : previous, last])),
    first: toBase64(first),
    tokens: ids(tokens),
    probabilities: packed(probabilities),
  };
}

const packed = (probabilities: Float64Array): string =>
  toBase64(
    Uint16Array.from(probabilities, (p) => Math.round((Math.min(REACH, Math.max(0, -Math.log(p))) / REACH) * STEPS)),
  );

class Reader {
  constructor(
    private readonly path: string,
    private readonly file: Record<string, unknown>,
  ) {}

  content(): StoredSurrogate["content"] {
    const { kind } = this.file;
    if (kind === "hmm") {
      const [states, size] = [this.count("states"), this.count("size")];
      return {
        kind,
        states,
        size,
        initial: this.rows("initial", states, states),
        transition: this.rows("transition", states * states, states),
        emission: this.rows("emission", states * size, size),
      };
    }
    if (kind !== "markov") throw malformed(this.path, `there is no kind ${JSON.stringify(kind)}`);
    const size = this.count("size");
    const flat = this.ids("histories", size);
    const histories: [number, number][] = [];
    for (let i = 0; i + 1 < flat.length; i += 2) histories.push([flat[i] === size ? -1 : flat[i]!, flat[i + 1]!]);
    const tokens = this.ids("tokens", size - 1);
    const first = new Int32Array(fromBase64(this.text("first"), 4));
    if (
      first.length !== histories.length + 1 ||
      first[first.length - 1] !== tokens.length ||
      first.some((n, i) => n < (first[i - 1] ?? 0))
    ) {
      throw malformed(this.path, "`first` does not fit `histories` and `tokens`");
    }
    const singles = new Set(histories.flatMap(([previous, last]) => (previous < 0 ? [last] : [])));
    if (
      histories.some(
        ([previous, last], i) =>
          (previous >= 0 && !singles.has(last)) || (previous < 0 && i > 0 && histories[i - 1]![0] >= 0),
      )
    ) {
      throw malformed(this.path, "`histories` are not in order");
    }
    return {
      kind,
      size,
      base: this.rows("base", size, size),
      histories,
      first,
      tokens,
      probabilities: this.probabilities("probabilities", tokens.length),
    };
  }

  private count(key: string): number {
    const value = this.file[key];
    if (!Number.isSafeInteger(value) || (value as number) < 1) throw malformed(this.path, `\`${key}\` must be a count`);
    return value as number;
  }

  private text(key: string): string {
    const value = this.file[key];
    if (typeof value !== "string") throw malformed(this.path, `\`${key}\` must be a string`);
    return value;
  }

  private ids(key: string, most: number): Int32Array {
    const text = this.text(key);
    const ids =
      this.count("size") > STEPS
        ? new Int32Array(fromBase64(text, 4))
        : Int32Array.from(new Uint16Array(fromBase64(text, 2)));
    if (ids.some((id) => id < 0 || id > most)) throw malformed(this.path, `\`${key}\` has a token that is none`);
    return ids;
  }

  private probabilities(key: string, length: number): Float64Array {
    const steps = new Uint16Array(fromBase64(this.text(key), 2));
    if (steps.length !== length) throw malformed(this.path, `\`${key}\` has not ${length} numbers`);
    return Float64Array.from(steps, (n) => Math.exp((-n / STEPS) * REACH));
  }

  /** Rows of some width that sum to one; rounding is taken out of them. */
  private rows(key: string, length: number, width: number): Float64Array {
    const values = this.probabilities(key, length);
    for (let at = 0; at < length; at += width) {
      let sum = 0;
      for (let i = at; i < at + width; i++) sum += values[i]!;
      if (!(Math.abs(sum - 1) < 0.01)) throw malformed(this.path, `\`${key}\` has a row that sums to ${sum}`);
      for (let i = at; i < at + width; i++) values[i]! /= sum;
    }
    return values;
  }
}
