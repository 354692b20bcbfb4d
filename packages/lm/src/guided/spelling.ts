import { DEAD } from "@pgl/constraints";
import type { SpanAutomaton } from "./span-automaton.js";
import type { TokenTrie } from "./token-trie.js";

/** Bytes that a token may reach into a way out that is known. */
const REACH = 16;

/**
 * Numbers of tokens with which texts can be brought to an end, by the fewest tokens that spell one way out of each state
 * that is shortest in bytes. There may be ways of fewer tokens.
 */
export class Spelling {
  private readonly counts = new Map<number, number>();

  constructor(
    private readonly span: SpanAutomaton,
    private readonly trie: TokenTrie,
  ) {}

  /** Tokens that are enough from `state` on, the end token not counted; `Infinity` when the way out is not known. */
  tokens(state: number): number {
    const { counts } = this;
    const known = counts.get(state);
    if (known !== undefined) return known;
    const path: number[] = [];
    const bytes: number[] = [];
    let at = state;
    while (!counts.has(at)) {
      path.push(at);
      if (this.span.shortest(at) === 0) {
        counts.set(at, 0);
        break;
      }
      const byte = this.byteOut(at);
      if (byte < 0) {
        counts.set(at, Infinity);
        break;
      }
      bytes.push(byte);
      at = this.span.step(at, byte);
      if (counts.has(at)) path.push(at);
    }
    // On from what is known: tokens may reach into that.
    for (let i = 0; i < REACH && this.span.shortest(at) > 0; i++) {
      const byte = this.byteOut(at);
      if (byte < 0) break;
      bytes.push(byte);
      at = this.span.step(at, byte);
      path.push(at);
    }
    for (let i = path.length - 1; i >= 0; i--)
      if (!counts.has(path[i]!)) counts.set(path[i]!, this.fewest(path, bytes, i));
    return counts.get(state)!;
  }

  private fewest(path: readonly number[], bytes: readonly number[], from: number): number {
    const { trie, counts } = this;
    let least = Infinity;
    let node = from < bytes.length ? trie.roots[bytes[from]!]! : -1;
    for (let i = from + 1; node >= 0 && i < path.length; i++) {
      if (trie.first[node + 1]! > trie.first[node]!) least = Math.min(least, 1 + (counts.get(path[i]!) ?? Infinity));
      if (i >= bytes.length) break;
      node = trie.child(node, bytes[i]!);
    }
    return least;
  }

  /** The first byte of a shortest way out; -1 when bounds are no true numbers, and none is seen. */
  private byteOut(state: number): number {
    const { span } = this;
    const shortest = span.shortest(state);
    for (let byte = 0; byte < 256; byte++) {
      const next = span.step(state, byte);
      if (next !== DEAD && span.shortest(next) < shortest) return byte;
    }
    return -1;
  }
}
