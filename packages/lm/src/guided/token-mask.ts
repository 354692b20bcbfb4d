/** Tokens in a stretch of ids that `TokenMask.stretches` tells apart. */
export const STRETCH = 256;

/** A set of tokens. Immutable. */
export class TokenMask {
  /** How many tokens are in it. */
  readonly count: number;
  private list: Int32Array | null = null;
  private places: Int32Array | null = null;
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
  }

  /** The tokens in it, ascending, if they are the smaller part; else null. */
  get members(): Int32Array | null {
    return this.isSmall ? (this.list ??= this.listed(this.count, 0)) : null;
  }

  /** The tokens not in it, ascending, if they are the smaller part; else null. */
  get others(): Int32Array | null {
    return this.isSmall ? null : (this.list ??= this.listed(this.size - this.count, -1));
  }

  /** Where the ids from each multiple of `STRETCH` on begin in the smaller part, and where the last ones end. */
  get stretches(): Int32Array {
    if (this.places !== null) return this.places;
    const part = (this.members ?? this.others)!;
    const places = new Int32Array(Math.ceil(this.size / STRETCH) + 1);
    for (let stretch = 1, at = 0; stretch < places.length; stretch++) {
      while (at < part.length && part[at]! < stretch * STRETCH) at++;
      places[stretch] = at;
    }
    return (this.places = places);
  }

  private get isSmall(): boolean {
    return this.count <= this.size / 2;
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

  /** Bytes that it holds or may come to hold. */
  get bytes(): number {
    return this.bits.byteLength + 4 * Math.min(this.count, this.size - this.count) + this.size / 64;
  }

  /** A number that equal sets have in common. */
  get hash(): number {
    let hash = 0x811c9dc5;
    for (let i = 0; i < this.bits.length; i++) hash = Math.imul(hash ^ this.bits[i]!, 0x01000193);
    return hash;
  }

  equals(other: TokenMask): boolean {
    if (this.count !== other.count || this.size !== other.size) return false;
    for (let i = 0; i < this.bits.length; i++) if (this.bits[i] !== other.bits[i]) return false;
    return true;
  }

  /** Tokens whose bit, exclusive or `flip`, is set. */
  private listed(count: number, flip: 0 | -1): Int32Array {
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

  /** Adds `ids[from]` to `ids[to - 1]`. */
  addAll(ids: Int32Array, from: number, to: number): void {
    const { bits } = this;
    for (let i = from; i < to; i++) {
      const id = ids[i]!;
      bits[id >> 5]! |= 1 << (id & 31);
    }
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
