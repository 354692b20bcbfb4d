import { createHash } from "node:crypto";
import { LanguageModelError } from "./errors.js";
import { Token } from "./token.js";
import { decodeUtf8, encodeUtf8, noBytes } from "./utf8.js";

export interface VocabularyDescription {
  /** What each token adds to a text, by id. Special tokens: null, and their label in `labels`. */
  readonly tokens: readonly (Uint8Array | null)[];
  /** Names of special tokens for messages, by id. */
  readonly labels?: ReadonlyMap<number, string>;
  readonly eosId: number | null;
  /** Put before every context, when the model was trained so. */
  readonly bosId: number | null;
  /**
   * The canonical tokenisation of a text, or null when the vocabulary cannot spell it. Never yields a special token.
   * Must hold: the bytes of the tokens are the bytes of the text.
   */
  encode(text: string): readonly number[] | null;
  /** What, beside the tokens, decides the canonical tokenisation (a merge table): part of the identity. */
  readonly encoding?: string;
}

const ENCODE_CACHE = 4096;

/**
 * The tokens of a model: their bytes, and the canonical tokenisation of text. Different tokens may have the same bytes;
 * special tokens have none, so no text contains one.
 */
export class Vocabulary {
  readonly size: number;
  readonly eosId: number | null;
  readonly bosId: number | null;
  /** Hash of tokens, special ids and encoding. Models with equal identities can be mixed and can propose for each other. */
  readonly identity: string;

  private readonly data: Uint8Array;
  private readonly offsets: Int32Array;
  private readonly special: Uint8Array;
  private readonly texts: (string | undefined)[];
  private readonly values: (Token | undefined)[];
  private readonly labels: ReadonlyMap<number, string>;
  private readonly encoder: VocabularyDescription;
  private encoded = new Map<string, Int32Array | null>();
  private allTokens: readonly Token[] | null = null;

  constructor(description: VocabularyDescription) {
    const { tokens } = description;
    this.size = tokens.length;
    this.eosId = description.eosId;
    this.bosId = description.bosId;
    this.labels = description.labels ?? new Map();
    this.encoder = description;
    this.texts = new Array<string | undefined>(this.size);
    this.values = new Array<Token | undefined>(this.size);
    this.offsets = new Int32Array(this.size + 1);
    this.special = new Uint8Array(this.size);
    for (let id = 0; id < this.size; id++) {
      const bytes = tokens[id]!;
      if (bytes === null) this.special[id] = 1;
      this.offsets[id + 1] = this.offsets[id]! + (bytes?.length ?? 0);
    }
    this.data = new Uint8Array(this.offsets[this.size]!);
    for (let id = 0; id < this.size; id++) {
      const bytes = tokens[id]!;
      if (bytes !== null) this.data.set(bytes, this.offsets[id]!);
    }
    const hash = createHash("sha256");
    hash.update(JSON.stringify([this.size, this.eosId, this.bosId, description.encoding ?? null]));
    hash.update(new Uint8Array(this.offsets.buffer)).update(this.special).update(this.data);
    this.identity = hash.digest("hex").slice(0, 32);
  }

  same(other: Vocabulary): boolean {
    return this === other || this.identity === other.identity;
  }

  bytes(id: number): Uint8Array {
    return this.data.subarray(this.offsets[id]!, this.offsets[id + 1]!);
  }

  /** The bytes of all tokens in one array: token `id` is `data[start(id)]` up to, not including, `data[start(id + 1)]`. */
  get allBytes(): Uint8Array {
    return this.data;
  }

  start(id: number): number {
    return this.offsets[id]!;
  }

  text(id: number): string {
    return (this.texts[id] ??= decodeUtf8(this.bytes(id)));
  }

  isSpecial(id: number): boolean {
    return this.special[id] === 1;
  }

  /** Special tokens that have a name, by id. */
  get specials(): ReadonlyMap<number, string> {
    return this.labels;
  }

  /** A name for messages: the text of an ordinary token, the label of a special one. */
  label(id: number): string {
    return this.isSpecial(id) ? (this.labels.get(id) ?? `<special ${id}>`) : this.text(id);
  }

  /** The token value; the same object each time. */
  token(id: number): Token {
    return (this.values[id] ??= new Token(id, this, id === this.eosId));
  }

  /** All tokens by id. */
  get tokens(): readonly Token[] {
    return (this.allTokens ??= Array.from({ length: this.size }, (_, id) => this.token(id)));
  }

  /**
   * The id a token value has here.
   * @throws LanguageModelError PGLM010 when it belongs to a different vocabulary.
   */
  idOf(token: Token): number {
    if (token.vocabulary === this) return token.id;
    if (token.isEos) {
      if (this.eosId !== null) return this.eosId;
      throw new LanguageModelError("PGLM010", "This model has no end-of-sequence token.");
    }
    if (token.vocabulary !== null && this.same(token.vocabulary)) return token.id;
    throw new LanguageModelError(
      "PGLM010",
      `The token ${JSON.stringify(token.text)} belongs to another model's vocabulary.`,
      {
        hint: "Append its text (`tok.text`) instead: it is tokenised for this model.",
      },
    );
  }

  /** The canonical tokenisation, or null when some part of the text cannot be spelled. */
  tryEncode(text: string): Int32Array | null {
    let ids = this.encoded.get(text);
    if (ids === undefined) {
      const fresh = text === "" ? [] : this.encoder.encode(text);
      ids = fresh === null ? null : Int32Array.from(fresh);
      if (this.encoded.size >= ENCODE_CACHE) this.encoded = new Map();
      this.encoded.set(text, ids);
    }
    return ids;
  }

  /**
   * The canonical tokenisation.
   * @throws LanguageModelError PGLM008 when the vocabulary cannot spell the text.
   */
  encode(text: string): Int32Array {
    const ids = this.tryEncode(text);
    if (ids !== null) return ids;
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    throw new LanguageModelError("PGLM008", `No sequence of this model's tokens spells ${JSON.stringify(shown)}.`, {
      hint: "Use text made of the model's tokens, or a model with a byte-level vocabulary.",
    });
  }

  /** The text of a sequence; parts of characters at the ends of tokens are joined, special tokens add nothing. */
  decode(ids: ArrayLike<number>): string {
    return decodeUtf8(this.join(ids));
  }

  /** The bytes of a sequence. */
  join(ids: ArrayLike<number>): Uint8Array {
    let total = 0;
    for (let i = 0; i < ids.length; i++) total += this.offsets[ids[i]! + 1]! - this.offsets[ids[i]!]!;
    const bytes = total === 0 ? noBytes : new Uint8Array(total);
    for (let i = 0, at = 0; i < ids.length; i++) {
      const piece = this.bytes(ids[i]!);
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
}

/**
 * Tokenisation of a vocabulary that is only a list of strings: the fewest tokens, and among those the one whose tokens
 * are longest from the left. Exists whenever any sequence of tokens spells the text.
 */
export function fewestTokens(tokens: readonly (Uint8Array | null)[]): (text: string) => readonly number[] | null {
  const byBytes = new Map<string, number>();
  let longest = 0;
  const key = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
  for (let id = 0; id < tokens.length; id++) {
    const bytes = tokens[id];
    if (bytes === null || bytes === undefined || bytes.length === 0) continue;
    if (!byBytes.has(key(bytes))) byBytes.set(key(bytes), id);
    longest = Math.max(longest, bytes.length);
  }
  return (text) => {
    const bytes = encodeUtf8(text);
    const n = bytes.length;
    let whole = "";
    for (let i = 0; i < n; i++) whole += String.fromCharCode(bytes[i]!);
    // From the end, so that the first token of each suffix's best split is known when walking forward.
    const cost = new Float64Array(n + 1).fill(Infinity);
    const first = new Int32Array(n + 1).fill(-1);
    const length = new Int32Array(n + 1);
    cost[n] = 0;
    for (let i = n - 1; i >= 0; i--) {
      for (let l = Math.min(longest, n - i); l >= 1; l--) {
        const id = byBytes.get(whole.slice(i, i + l));
        if (id !== undefined && cost[i + l]! + 1 < cost[i]!) {
          cost[i] = cost[i + l]! + 1;
          first[i] = id;
          length[i] = l;
        }
      }
    }
    if (cost[0] === Infinity) return null;
    const ids: number[] = [];
    for (let i = 0; i < n; i += length[i]!) ids.push(first[i]!);
    return ids;
  };
}
