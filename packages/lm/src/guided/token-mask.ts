/** A set of tokens. Immutable. */
export class TokenMask {
  /** How many tokens are in it. */
  readonly count: number;
  /** The tokens in it, ascending, if they are the smaller part; else null. */
  readonly members: Int32Array | null;
  /** The tokens not in it, ascending, if they are the smaller part; else null. */
  readonly others: Int32Array | null;
  private meets: WeakMap<TokenMask, TokenMask> | null = null;

  constructor(
    /** Token `id` is in it when bit `id & 31` of `bits[id >> 5]` is set. */
    private readonly bits: Uint32Array,
    /** How many tokens there are. */
    readonly size: number,
  ) {
    let count = 0;
    for (let i = 0; i < bits.length; i++) count += ones(bits[i]!);
    this.count = count;
    const few = count <= size / 2;
    this.members = few ? this.list(count, 0) : null;
    this.others = few ? null : this.list(size - count, -1);
  }

  has(id: number): boolean {
    return ((this.bits[id >> 5]! >>> (id & 31)) & 1) === 1;
  }

  /** The tokens in both; made once. */
  and(other: TokenMask): TokenMask {
    let both = this.meets?.get(other);
    if (both === undefined) {
      both = new TokenMask(
        this.bits.map((word, i) => word & other.bits[i]!),
        this.size,
      );
      (this.meets ??= new WeakMap()).set(other, both);
    }
    return both;
  }

  /** All tokens but some. */
  static allBut(ids: readonly number[], size: number): TokenMask {
    const bits = new Uint32Array(Math.ceil(size / 32)).fill(0xffffffff);
    if (size % 32 > 0) bits[bits.length - 1] = 2 ** (size % 32) - 1;
    for (const id of ids) bits[id >> 5]! &= ~(1 << (id & 31));
    return new TokenMask(bits, size);
  }

  /** Bytes held. */
  get bytes(): number {
    return this.bits.byteLength + (this.members ?? this.others)!.byteLength;
  }

  /** Tokens whose bit, exclusive or `flip`, is set. */
  private list(count: number, flip: 0 | -1): Int32Array {
    const ids = new Int32Array(count);
    for (let word = 0, at = 0; at < count; word++) {
      let rest = (this.bits[word]! ^ flip) >>> 0;
      while (rest !== 0) {
        const low = 31 - Math.clz32(rest & -rest);
        const id = word * 32 + low;
        if (id >= this.size) break;
        ids[at++] = id;
        rest = (rest & (rest - 1)) >>> 0;
      }
    }
    return ids;
  }
}

/** A set of tokens being made. */
export class MaskBuilder {
  readonly bits: Uint32Array;

  constructor(private readonly size: number) {
    this.bits = new Uint32Array(Math.ceil(size / 32));
  }

  add(id: number): void {
    this.bits[id >> 5]! |= 1 << (id & 31);
  }

  done(): TokenMask {
    return new TokenMask(this.bits, this.size);
  }
}

function ones(x: number): number {
  x -= (x >>> 1) & 0x55555555;
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
