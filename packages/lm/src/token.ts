import { equalsSymbol, jsonSymbol, keySymbol, showSymbol, textSymbol } from "@pgl/runtime";
import { noBytes } from "./utf8.js";
import type { Vocabulary } from "./vocabulary.js";

/**
 * One token of one vocabulary, a value of the language. Two tokens are equal when they have the same id in the same
 * vocabulary; every end-of-sequence token equals `eos`. A token never equals a string: different tokens can have the same
 * text, and special tokens have none.
 */
export class Token {
  constructor(
    /** Place in the vocabulary; -1 for `eos`, which belongs to none. */
    readonly id: number,
    readonly vocabulary: Vocabulary | null,
    /** Ends the sequence. */
    readonly isEos: boolean,
  ) {}

  /** What the token adds to a text. Empty for special tokens. */
  get bytes(): Uint8Array {
    return this.vocabulary === null ? noBytes : this.vocabulary.bytes(this.id);
  }

  /** The bytes as text; a part of a character shows as U+FFFD. Empty for special tokens. */
  get text(): string {
    return this.vocabulary === null ? "" : this.vocabulary.text(this.id);
  }

  get isSpecial(): boolean {
    return this.vocabulary === null || this.vocabulary.isSpecial(this.id);
  }

  toString(): string {
    return this.text;
  }

  toJSON(): unknown {
    return this[jsonSymbol]();
  }

  [textSymbol](): string {
    return this.text;
  }

  [jsonSymbol](): unknown {
    if (this.isEos) return { special: "eos" };
    return this.isSpecial ? { special: this.vocabulary!.label(this.id) } : this.text;
  }

  [equalsSymbol](other: unknown): boolean {
    if (this === other) return true;
    if (!(other instanceof Token)) return false;
    if (this.isEos || other.isEos) return this.isEos && other.isEos;
    return this.id === other.id && this.vocabulary!.same(other.vocabulary!);
  }

  [keySymbol](): string {
    return this.isEos ? "token:eos" : `token:${this.vocabulary!.identity}:${this.id}`;
  }

  [showSymbol](): string {
    if (this.isEos) return "eos";
    return this.isSpecial ? this.vocabulary!.label(this.id) : JSON.stringify(this.text);
  }
}

/** The end of a sequence, whatever the model: `tok == eos` holds for the end token of every vocabulary. */
export const eos: Token = new Token(-1, null, true);

/** The text of a token or a string: what string functions see when they are given either. */
export function tokenText(value: Token | string): string {
  return typeof value === "string" ? value : value.text;
}
