import { equalsSymbol, jsonSymbol, keySymbol, plusSymbol, showSymbol, textSymbol } from "@pgl/runtime";
import { LanguageModelError } from "./errors.js";
import type { PrefixTree } from "./prefix-tree.js";
import { Token } from "./token.js";
import { decodeUtf8, encodeUtf8 } from "./utf8.js";
import type { Vocabulary } from "./vocabulary.js";

/**
 * What a model has read so far, an immutable value: text and tokens in order. Text pieces next to each other are one
 * text; each run of text is tokenised canonically on its own, and tokens stay the tokens they are. So `context("ab")` and
 * `context("a") + "b"` are equal, and a context built from drawn tokens goes on exactly where the draws left off.
 */
export class Context {
  static readonly empty: Context = new Context(null, "");
  private cachedText: string | null = null;
  /** The node this context has in the tree it was last looked up in. */
  private tree: WeakRef<PrefixTree> | null = null;
  private node = 0;

  private constructor(
    private readonly before: Context | null,
    private readonly piece: string | Token,
  ) {}

  static of(value: string | Context): Context {
    if (value instanceof Context) return value;
    if (typeof value !== "string") {
      throw new LanguageModelError("PGLM012", "A context is made of a string or of another context.");
    }
    return value === "" ? Context.empty : new Context(null, value);
  }

  /** This context with more after it. */
  plus(more: string | Token | Context): Context {
    if (more instanceof Token) return new Context(this, more);
    if (more instanceof Context) {
      let joined: Context = more.before === null ? this : this.plus(more.before);
      joined = joined.plus(more.piece);
      return joined;
    }
    if (typeof more !== "string") {
      throw new LanguageModelError("PGLM012", "A context can be extended by a string, a token or a context.");
    }
    if (more === "") return this;
    return typeof this.piece === "string" ? new Context(this.before, this.piece + more) : new Context(this, more);
  }

  /** What has been read, as text; special tokens add nothing, parts of characters in neighbouring tokens are joined. */
  get text(): string {
    if (this.cachedText === null) {
      const parts = this.pieces().map((p) => (typeof p === "string" ? encodeUtf8(p) : p.bytes));
      const bytes = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
      let at = 0;
      for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
      }
      this.cachedText = decodeUtf8(bytes);
    }
    return this.cachedText;
  }

  /** The tokens a model with this vocabulary reads, its begin token first where it has one. */
  tokens(vocabulary: Vocabulary): Int32Array {
    const ids: number[] = vocabulary.bosId === null ? [] : [vocabulary.bosId];
    for (const piece of this.pieces()) {
      if (typeof piece === "string") ids.push(...vocabulary.encode(piece));
      else ids.push(vocabulary.idOf(piece));
    }
    return Int32Array.from(ids);
  }

  /** The node of the context in a run's prefix tree. */
  nodeIn(tree: PrefixTree, vocabulary: Vocabulary): number {
    if (this.tree?.deref() === tree) return this.node;
    const start =
      this.before === null
        ? vocabulary.bosId === null
          ? 0
          : tree.child(0, vocabulary.bosId)
        : this.before.nodeIn(tree, vocabulary);
    const node =
      typeof this.piece === "string"
        ? tree.extend(start, vocabulary.encode(this.piece))
        : tree.child(start, vocabulary.idOf(this.piece));
    if (this !== Context.empty) {
      this.tree = weak(tree);
      this.node = node;
    }
    return node;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): unknown {
    return this.text;
  }

  private pieces(): (string | Token)[] {
    const pieces: (string | Token)[] = this.piece === "" ? [] : [this.piece];
    for (let at = this.before; at !== null; at = at.before) if (at.piece !== "") pieces.push(at.piece);
    return pieces.reverse();
  }

  [textSymbol](): string {
    return this.text;
  }

  [plusSymbol](more: unknown): Context {
    return this.plus(more as string | Token | Context);
  }

  [jsonSymbol](): unknown {
    return this.text;
  }

  [showSymbol](): string {
    return `context(${JSON.stringify(this.text)})`;
  }

  [keySymbol](): string {
    return `context:${JSON.stringify(this.pieces().map((p) => (typeof p === "string" ? p : [p[keySymbol]()])))}`;
  }

  [equalsSymbol](other: unknown): boolean {
    return this === other || (other instanceof Context && this[keySymbol]() === other[keySymbol]());
  }
}

const references = new WeakMap<PrefixTree, WeakRef<PrefixTree>>();

/** One weak reference a tree: a context must not keep the tree of a finished run. */
function weak(tree: PrefixTree): WeakRef<PrefixTree> {
  let reference = references.get(tree);
  if (reference === undefined) references.set(tree, (reference = new WeakRef(tree)));
  return reference;
}
