import type { Vocabulary } from "../vocabulary.js";

/**
 * The tokens of a vocabulary as a tree of bytes, flat and in depth-first order: a walk goes from node to node, and over
 * what it need not look at (`after`). Tokens are listed in the same order, so those below a node are one run of `order`.
 */
export class TokenTrie {
  /** By node: its last byte, its depth (the root's children have 0), and the node after all below it. */
  readonly byte: Uint8Array;
  readonly depth: Uint16Array;
  readonly after: Int32Array;
  /** By node, how many bytes its longest token has from here on, its own byte counted. */
  readonly height: Uint16Array;
  /** By node, where `sets` has the bytes of its subtree, its own counted: a bit each, in eight words; -1 without any below. */
  readonly setOf: Int32Array;
  readonly sets: Uint32Array;
  /** By byte, the node of depth 0 that it leads to; -1 for none. */
  readonly roots = new Int32Array(256).fill(-1);
  /** By node, where its own tokens begin in `order`; those of node `i` end where those of node `i + 1` begin. */
  readonly first: Int32Array;
  /** Tokens that have bytes. */
  readonly order: Int32Array;
  /** Tokens without bytes, the end token left out: special tokens, which add nothing to a text. */
  readonly empty: readonly number[];
  /** Bytes of the longest token; 0 when none has any. */
  readonly longest: number;
  /** Whether each byte is a token by itself, so that any text can be spelled from anywhere. */
  readonly hasEveryByte: boolean;

  private constructor(readonly vocabulary: Vocabulary) {
    const ids: number[] = [];
    const empty: number[] = [];
    const single = new Set<number>();
    let longest = 0;
    for (let id = 0; id < vocabulary.size; id++) {
      const length = vocabulary.start(id + 1) - vocabulary.start(id);
      if (length > 0) ids.push(id);
      else if (id !== vocabulary.eosId) empty.push(id);
      longest = Math.max(longest, length);
      if (length === 1) single.add(vocabulary.allBytes[vocabulary.start(id)]!);
    }
    const data = vocabulary.allBytes;
    // By bytes, a prefix before what it begins, equal ones by id.
    ids.sort((a, b) => {
      const [i, iEnd, j, jEnd] = [
        vocabulary.start(a),
        vocabulary.start(a + 1),
        vocabulary.start(b),
        vocabulary.start(b + 1),
      ];
      const common = Math.min(iEnd - i, jEnd - j);
      for (let k = 0; k < common; k++) if (data[i + k] !== data[j + k]) return data[i + k]! - data[j + k]!;
      return iEnd - i - (jEnd - j) || a - b;
    });

    const byte: number[] = [];
    const depth: number[] = [];
    const first: number[] = [];
    const after: number[] = [];
    const path: number[] = [];
    let previous: Uint8Array = data.subarray(0, 0);
    ids.forEach((id, at) => {
      const bytes = vocabulary.bytes(id);
      let common = 0;
      while (common < previous.length && common < bytes.length && previous[common] === bytes[common]) common++;
      while (path.length > common) after[path.pop()!] = byte.length;
      for (let k = common; k < bytes.length; k++) {
        path.push(byte.length);
        byte.push(bytes[k]!);
        depth.push(k);
        first.push(at);
        after.push(-1);
      }
      previous = bytes;
    });
    while (path.length > 0) after[path.pop()!] = byte.length;
    first.push(ids.length);

    this.byte = Uint8Array.from(byte);
    this.depth = Uint16Array.from(depth);
    this.after = Int32Array.from(after);
    this.first = Int32Array.from(first);
    this.order = Int32Array.from(ids);
    this.empty = empty;
    this.longest = longest;
    this.hasEveryByte = single.size === 256;
    for (let node = 0; node < byte.length; node = after[node]!) this.roots[byte[node]!] = node;

    this.height = new Uint16Array(byte.length);
    this.setOf = new Int32Array(byte.length).fill(-1);
    const sets: number[] = [];
    // From the last node back: what is below a node has been seen before it, by depth.
    const below = Array.from({ length: longest + 2 }, () => ({ height: 0, set: new Uint32Array(8) }));
    for (let node = byte.length - 1; node >= 0; node--) {
      const children = below[depth[node]! + 1]!;
      const siblings = below[depth[node]!]!;
      const { set } = children;
      set[byte[node]! >> 5]! |= 1 << (byte[node]! & 31);
      this.height[node] = children.height + 1;
      if (after[node]! - node > 1) {
        this.setOf[node] = sets.length;
        for (let k = 0; k < 8; k++) sets.push(set[k]!);
      }
      for (let k = 0; k < 8; k++) siblings.set[k]! |= set[k]!;
      siblings.height = Math.max(siblings.height, children.height + 1);
      set.fill(0);
      children.height = 0;
    }
    this.sets = Uint32Array.from(sets);
  }

  /** The node that a byte leads to from `node`; -1 for none. */
  child(node: number, next: number): number {
    const { byte, after } = this;
    for (let at = node + 1; at < after[node]!; at = after[at]!) if (byte[at] === next) return at;
    return -1;
  }

  /** The tree of a vocabulary, made once. */
  static of(vocabulary: Vocabulary): TokenTrie {
    let trie = tries.get(vocabulary);
    if (trie === undefined) tries.set(vocabulary, (trie = new TokenTrie(vocabulary)));
    return trie;
  }

  /** How many nodes there are, without the root. */
  get size(): number {
    return this.byte.length;
  }
}

const tries = new WeakMap<Vocabulary, TokenTrie>();
