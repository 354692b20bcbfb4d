const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;
/** Share of the hash table that may be taken; it grows by half when it is. */
const MAX_LOAD = 0.85;
/** Lengths are kept in 16 bits; longer paths are walked. */
const LONG = 0xffff;

/**
 * All token sequences one run has looked at, as a tree: a sequence is a number, its extensions share it. Node 0 is the
 * empty sequence. About 16 bytes a node, whatever its number of children: nodes live in typed arrays, and one hash table
 * finds the child of a node.
 */
export class PrefixTree {
  static readonly root = 0;
  private readonly parents: Int32Array[] = [];
  private readonly tokens: Int32Array[] = [];
  private readonly lengths: Uint16Array[] = [];
  /** Open addressing; holds node + 1, 0 is free. */
  private table = new Int32Array(1024);
  private limit = 1024 * MAX_LOAD;
  private count = 0;

  constructor() {
    this.add(-1, -1, 0);
  }

  /** Number of nodes. */
  get size(): number {
    return this.count;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.parents.length * PAGE * 10 + this.table.byteLength;
  }

  /** The sequence of `node` with `token` after it; the same number each time. */
  child(node: number, token: number): number {
    const { table } = this;
    let slot = place(node, token, table.length);
    for (;;) {
      const entry = table[slot]!;
      if (entry === 0) break;
      if (this.parent(entry - 1) === node && this.token(entry - 1) === token) return entry - 1;
      if (++slot === table.length) slot = 0;
    }
    const length = this.lengths[node >>> PAGE_BITS]![node & (PAGE - 1)]!;
    const fresh = this.add(node, token, Math.min(LONG, length + 1));
    table[slot] = fresh + 1;
    if (this.count > this.limit) this.grow();
    return fresh;
  }

  /** The node that `tokens` lead to from `node`. */
  extend(node: number, tokens: ArrayLike<number>): number {
    for (let i = 0; i < tokens.length; i++) node = this.child(node, tokens[i]!);
    return node;
  }

  /** -1 for the root. */
  parent(node: number): number {
    return this.parents[node >>> PAGE_BITS]![node & (PAGE - 1)]!;
  }

  /** The last token of the sequence; -1 for the root. */
  token(node: number): number {
    return this.tokens[node >>> PAGE_BITS]![node & (PAGE - 1)]!;
  }

  /** Number of tokens. */
  length(node: number): number {
    let n = 0;
    for (;;) {
      const length = this.lengths[node >>> PAGE_BITS]![node & (PAGE - 1)]!;
      if (length < LONG) return n + length;
      n++;
      node = this.parent(node);
    }
  }

  /** The last `count` tokens of the sequence, all of them by default; fewer when it is shorter. */
  last(node: number, count = Infinity): Int32Array {
    const ids = new Int32Array(Math.min(count, this.length(node)));
    for (let i = ids.length - 1; i >= 0; i--) {
      ids[i] = this.token(node);
      node = this.parent(node);
    }
    return ids;
  }

  private add(parent: number, token: number, length: number): number {
    const node = this.count++;
    const page = node >>> PAGE_BITS;
    if (page === this.parents.length) {
      this.parents.push(new Int32Array(PAGE));
      this.tokens.push(new Int32Array(PAGE));
      this.lengths.push(new Uint16Array(PAGE));
    }
    this.parents[page]![node & (PAGE - 1)] = parent;
    this.tokens[page]![node & (PAGE - 1)] = token;
    this.lengths[page]![node & (PAGE - 1)] = length;
    return node;
  }

  private grow(): void {
    const table = new Int32Array(Math.ceil(this.table.length * 1.5));
    for (const entry of this.table) {
      if (entry === 0) continue;
      let slot = place(this.parent(entry - 1), this.token(entry - 1), table.length);
      while (table[slot] !== 0) if (++slot === table.length) slot = 0;
      table[slot] = entry;
    }
    this.table = table;
    this.limit = table.length * MAX_LOAD;
  }
}

/** Where a child is looked for first in a hash table of some size. */
function place(node: number, token: number, size: number): number {
  let h = Math.imul(node, 0x9e3779b1) ^ Math.imul(token + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return Math.floor(((h ^ (h >>> 15)) >>> 0) * (size / 2 ** 32));
}
