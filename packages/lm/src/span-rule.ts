import { LanguageModelError } from "./errors.js";
import { StopMatcher } from "./stop-matcher.js";
import { completeLength, decodeUtf8, encodeUtf8 } from "./utf8.js";
import type { Vocabulary } from "./vocabulary.js";

/** When a text span ends. */
export interface SpanOptions {
  /** Strings that end the span and stay in it. */
  readonly stop_at?: string | readonly string[];
  /** Strings that end the span and are left out. */
  readonly stop_before?: string | readonly string[];
  /** Tokens drawn at most, the end token counted; 64 by default. */
  readonly max_tokens?: number;
  /** Rule out spans that `max_tokens` has cut. */
  readonly must_stop?: boolean;
}

/** How a span ended. */
export const Ending = { None: 0, Eos: 1, Stop: 2, Cut: 3 } as const;
export type Ending = (typeof Ending)[keyof typeof Ending];

const DEFAULT_MAX_TOKENS = 64;

/**
 * The stopping rule of a text span. Tokens are drawn until the first of: the end token; a token that completes a stop
 * string; `max_tokens` drawn. The span's text is what the tokens spell, cut at the stop string that was complete first
 * (at its end for `stop_at`, at its beginning for `stop_before`; of strings complete at the same byte the longest
 * counts). A character that the span's tokens end in the middle of, or begin in the middle of, is left out.
 */
export class SpanRule {
  /** All stop strings: those kept first, then those left out. */
  readonly stops: readonly string[];
  private readonly kept: number;
  readonly matcher: StopMatcher | null;
  readonly maxTokens: number;
  readonly mustStop: boolean;
  private readonly key: string;

  private constructor(
    at: readonly string[],
    before: readonly string[],
    maxTokens: number,
    mustStop: boolean,
    key: string,
  ) {
    this.stops = [...at, ...before];
    this.kept = at.length;
    this.matcher = this.stops.length === 0 ? null : new StopMatcher(this.stops);
    this.maxTokens = maxTokens;
    this.mustStop = mustStop;
    this.key = key;
  }

  /** @throws LanguageModelError PGLM012 naming the option that is out of range. */
  static of(options: SpanOptions): SpanRule {
    const at = stopStrings("stop_at", options.stop_at);
    const before = stopStrings("stop_before", options.stop_before);
    const max_tokens = options.max_tokens ?? DEFAULT_MAX_TOKENS;
    const must_stop = options.must_stop ?? false;
    if (!Number.isSafeInteger(max_tokens) || max_tokens < 1) {
      throw new LanguageModelError(
        "PGLM012",
        `\`max_tokens\` must be a whole number of at least 1, not ${String(max_tokens)}.`,
      );
    }
    if (typeof must_stop !== "boolean") {
      throw new LanguageModelError("PGLM012", `\`must_stop\` is true or false, not ${String(must_stop)}.`);
    }
    const both = at.find((s) => before.includes(s));
    if (both !== undefined) {
      throw new LanguageModelError(
        "PGLM012",
        `${JSON.stringify(both)} is in \`stop_at\` and in \`stop_before\`: it cannot be kept and left out.`,
      );
    }
    // Programs make the same rule again and again, once a draw.
    const key = JSON.stringify([at, before, max_tokens, must_stop]);
    let rule = rules.get(key);
    if (rule === undefined) {
      if (rules.size >= 256) rules.clear();
      rules.set(key, (rule = new SpanRule(at, before, max_tokens, must_stop, key)));
    }
    return rule;
  }

  same(other: SpanRule): boolean {
    return this.key === other.key;
  }

  /** Whether the stop string is left out of the span. */
  leftOut(stop: number): boolean {
    return stop >= this.kept;
  }

  /** Whether some stop strings are left out. */
  get leavesOut(): boolean {
    return this.kept < this.stops.length;
  }

  /**
   * How many more bytes complete a stop string that is left out and whose first `begun` bytes are the last ones read;
   * `Infinity` when there is none. `state` is the matcher's.
   */
  bytesToLeaveOut(state: number, begun: number): number {
    const { matcher } = this;
    if (matcher === null || begun > matcher.depth(state)) return Infinity;
    let least = Infinity;
    for (let stop = this.kept; stop < this.stops.length; stop++) {
      const bytes = encodeUtf8(this.stops[stop]!);
      if (bytes.length <= begun) continue;
      if (matcher.endsWith(state, bytes, begun)) least = Math.min(least, bytes.length - begun);
    }
    return least;
  }

  /**
   * Reads one token in `state` (0 at the start). The new state, or -1 when the token completes a stop string.
   */
  read(state: number, vocabulary: Vocabulary, token: number): number {
    const { matcher } = this;
    if (matcher === null) return 0;
    const data = vocabulary.allBytes;
    const end = vocabulary.start(token + 1);
    for (let i = vocabulary.start(token); i < end; i++) {
      state = matcher.step(state, data[i]!);
      if (matcher.found(state) >= 0) return -1;
    }
    return state;
  }

  /** The text of a span that these tokens (without the end token) make. */
  textOf(vocabulary: Vocabulary, tokens: ArrayLike<number>): string {
    return this.textOfBytes(vocabulary.join(tokens));
  }

  private textOfBytes(bytes: Uint8Array): string {
    const { matcher } = this;
    if (matcher !== null) {
      let state = 0;
      for (let i = 0; i < bytes.length; i++) {
        state = matcher.step(state, bytes[i]!);
        const stop = matcher.found(state);
        if (stop < 0) continue;
        bytes = bytes.subarray(0, this.leftOut(stop) ? i + 1 - matcher.lengths[stop]! : i + 1);
        break;
      }
    }
    let start = 0;
    while (start < bytes.length && start < 3 && (bytes[start]! & 0xc0) === 0x80) start++;
    return decodeUtf8(bytes.subarray(start, completeLength(bytes)));
  }

  /** What `textOf` says of these tokens with one more, for each of `next`. Most add their own text to that of the others. */
  textsWith(vocabulary: Vocabulary, tokens: Int32Array, next: ArrayLike<number>): string[] {
    const bytes = vocabulary.join(tokens);
    const text = this.textOfBytes(bytes);
    let state = 0;
    for (let i = 0; i < tokens.length && state >= 0; i++) state = this.read(state, vocabulary, tokens[i]!);
    const isOpen = state >= 0 && completeLength(bytes) === bytes.length;
    const texts: string[] = [];
    for (let i = 0; i < next.length; i++) {
      const token = next[i]!;
      const own = vocabulary.text(token);
      // A part of a character, or what is none, is read with what comes before it.
      const isWhole = isOpen && !own.includes("\ufffd") && this.read(state, vocabulary, token) >= 0;
      texts.push(isWhole ? text + own : this.textOf(vocabulary, Int32Array.of(...tokens, token)));
    }
    return texts;
  }

  /**
   * Every way in which drawing *canonical* tokens ends in exactly this text: the token sequences (an end token included)
   * whose probabilities add up to the text's. Empty when the text cannot come out.
   */
  endings(text: string, vocabulary: Vocabulary): Int32Array[] {
    const ways: Int32Array[] = [];
    const own = vocabulary.tryEncode(text);
    if (own !== null) {
      const ending = this.endingOf(own, vocabulary);
      const whole = this.textOf(vocabulary, own) === text;
      if (whole && (ending === Ending.Stop || (ending === Ending.Cut && !this.mustStop))) ways.push(own);
      if (whole && ending === Ending.None && vocabulary.eosId !== null)
        ways.push(Int32Array.of(...own, vocabulary.eosId));
    }
    for (let stop = this.kept; stop < this.stops.length; stop++) {
      const tokens = vocabulary.tryEncode(text + this.stops[stop]!);
      if (tokens === null || this.endingOf(tokens, vocabulary) !== Ending.Stop) continue;
      if (this.textOf(vocabulary, tokens) === text) ways.push(tokens);
    }
    return ways;
  }

  /** How a span of these tokens ends; null when it would have ended before the last of them. */
  private endingOf(tokens: Int32Array, vocabulary: Vocabulary): Ending | null {
    if (tokens.length > this.maxTokens) return null;
    let state = 0;
    for (let i = 0; i < tokens.length; i++) {
      state = this.read(state, vocabulary, tokens[i]!);
      if (state < 0) return i === tokens.length - 1 ? Ending.Stop : null;
    }
    return tokens.length === this.maxTokens ? Ending.Cut : Ending.None;
  }
}

const rules = new Map<string, SpanRule>();

function stopStrings(option: string, value: string | readonly string[] | null | undefined): string[] {
  const strings = value === undefined || value === null ? [] : typeof value === "string" ? [value] : [...value];
  for (const s of strings) {
    if (typeof s !== "string" || s === "") {
      throw new LanguageModelError("PGLM012", `\`${option}\` needs strings of at least one character.`, {
        hint: "To end only at the end of the sequence, leave it out.",
      });
    }
  }
  return [...new Set(strings)].sort();
}
