import { type CodePointSet, contains } from "./code-point-set.js";

export const LAST_CODE_POINT = 0x10ffff;
export const LAST_UNIT = 0xffff;

/** What a text is a sequence of, to an expression: whole code points, or the UTF-16 units of JavaScript's older mode. */
export type Unit = "code point" | "utf-16";

const INVALID = -1;

/**
 * The letters an automaton tells apart, and how they are written in UTF-8. Letters are classes of units that no set of the
 * automaton separates. Reading bytes goes down a tree (`child`) whose leaves are the letters of one character: one, or the
 * two of a surrogate pair.
 */
export class Alphabet {
  /** How many classes there are. */
  readonly size: number;
  private readonly borders: number[];
  private readonly classOf: number[];
  /** Tree of UTF-8: by node and byte the child; leaves are `-2 - symbol`. Node 0 is the root. */
  private readonly tree: Int32Array;
  /** By symbol, the letters of the character. */
  readonly symbols: readonly (readonly number[])[];
  /** By node, the symbols below it. */
  readonly below: readonly (readonly number[])[];
  /** By byte: bytes of one class lead to the same child of every node. */
  readonly byteClasses: Uint8Array;

  constructor(
    sets: readonly CodePointSet[],
    readonly unit: Unit,
  ) {
    const last = unit === "code point" ? LAST_CODE_POINT : LAST_UNIT;
    const cuts = new Set<number>([0]);
    for (const set of sets) {
      for (let i = 0; i < set.length; i += 2) {
        if (set[i]! <= last) cuts.add(set[i]!);
        if (set[i + 1]! < last) cuts.add(set[i + 1]! + 1);
      }
    }
    this.borders = [...cuts].sort((a, b) => a - b);
    const numbers = new Map<string, number>();
    this.classOf = this.borders.map((low) => {
      const key = sets.map((set) => (contains(set, low) ? "1" : "0")).join("");
      let n = numbers.get(key);
      if (n === undefined) numbers.set(key, (n = numbers.size));
      return n;
    });
    this.size = numbers.size;

    const builder = new TreeBuilder(this.characterRanges(), LEADS);
    this.tree = builder.table();
    this.symbols = builder.symbols;
    this.below = builder.below();
    this.byteClasses = byteClasses(this.tree);
  }

  /** The class of a unit. */
  letter(value: number): number {
    const { borders } = this;
    let low = 0;
    let high = borders.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (borders[middle]! <= value) low = middle;
      else high = middle - 1;
    }
    return this.classOf[low]!;
  }

  /** Which classes a set has in it: the set must be one of those the alphabet was made for. */
  lettersOf(set: CodePointSet): Uint8Array {
    const letters = new Uint8Array(this.size);
    this.borders.forEach((low, i) => {
      if (contains(set, low)) letters[this.classOf[i]!] = 1;
    });
    return letters;
  }

  /** Where `byte` leads from `node`: another node (positive), a character (`-2 - symbol`), or -1: no UTF-8. */
  child(node: number, byte: number): number {
    return this.tree[node * 256 + byte]!;
  }

  get nodes(): number {
    return this.tree.length / 256;
  }

  /** Ranges of code points with the letters each is made of, ascending, surrogates left out. */
  private characterRanges(): CharacterRange[] {
    const ranges: CharacterRange[] = [];
    const add = (low: number, high: number, letters: readonly number[]): void => {
      const last = ranges[ranges.length - 1];
      if (last !== undefined && last.high === low - 1 && same(last.letters, letters)) last.high = high;
      else ranges.push({ low, high, letters });
    };
    const { borders, classOf } = this;
    const addPlain = (from: number, to: number): void => {
      for (let i = 0; i < borders.length; i++) {
        const low = Math.max(from, borders[i]!);
        const high = Math.min(to, (borders[i + 1] ?? Infinity) - 1);
        if (low <= high) add(low, high, [classOf[i]!]);
      }
    };
    addPlain(0, 0xd7ff);
    addPlain(0xe000, 0xffff);
    if (this.unit === "code point") addPlain(0x10000, LAST_CODE_POINT);
    else {
      const lows: [number, number, number][] = [];
      for (let i = 0; i < borders.length; i++) {
        const low = Math.max(0xdc00, borders[i]!);
        const high = Math.min(0xdfff, (borders[i + 1] ?? Infinity) - 1);
        if (low <= high) lows.push([low, high, classOf[i]!]);
      }
      for (let lead = 0xd800; lead <= 0xdbff; lead++) {
        const first = this.letter(lead);
        const base = 0x10000 + ((lead - 0xd800) << 10) - 0xdc00;
        for (const [low, high, second] of lows) add(base + low, base + high, [first, second]);
      }
    }
    return ranges;
  }
}

interface CharacterRange {
  readonly low: number;
  high: number;
  readonly letters: readonly number[];
}

/** First bytes of UTF-8 by how many more follow, and what the code points of each are (no overlong forms, no surrogates). */
const LEADS = { two: [0xc2, 0xdf], three: [0xe0, 0xef], four: [0xf0, 0xf4] } as const;

class TreeBuilder {
  readonly symbols: (readonly number[])[] = [];
  private readonly symbolNumbers = new Map<string, number>();
  private readonly rows: Int32Array[] = [];
  private readonly rowNumbers = new Map<string, number>();
  private readonly uniform = new Map<string, number>();
  private readonly symbolOf: number[];

  constructor(
    private readonly ranges: readonly CharacterRange[],
    leads: typeof LEADS,
  ) {
    this.symbolOf = ranges.map((r) => this.symbol(r.letters));
    const root = new Int32Array(256).fill(INVALID);
    // The root comes first, so that its number is 0; its children are filled in below.
    this.rows.push(root);
    for (let byte = 0; byte < 0x80; byte++) root[byte] = -2 - this.symbolOf[this.rangeOf(byte)]!;
    for (let b = leads.two[0]; b <= leads.two[1]; b++) root[b] = this.node((b & 0x1f) << 6, 1);
    for (let b = leads.three[0]; b <= leads.three[1]; b++) root[b] = this.node((b & 0x0f) << 12, 2);
    for (let b = leads.four[0]; b <= leads.four[1]; b++) root[b] = this.node((b & 0x07) << 18, 3);
  }

  table(): Int32Array {
    const table = new Int32Array(this.rows.length * 256);
    this.rows.forEach((row, i) => table.set(row, i * 256));
    return table;
  }

  below(): number[][] {
    const found = this.rows.map(() => new Set<number>());
    // Children of a node other than the root are made before it.
    const gather = (node: number): void => {
      for (const child of this.rows[node]!) {
        if (child <= -2) found[node]!.add(-2 - child);
        else if (child > 0) for (const s of found[child]!) found[node]!.add(s);
      }
    };
    for (let node = 1; node < this.rows.length; node++) gather(node);
    gather(0);
    return found.map((s) => [...s]);
  }

  /** The node that reads `depth` continuation bytes of the code points from `base` on. */
  private node(base: number, depth: number): number {
    const span = 1 << (6 * depth);
    const first = this.rangeOf(base);
    const range = this.ranges[first]!;
    // Overlong forms and surrogates begin below the shortest code point of the length, or fall between ranges.
    const least = depth === 3 ? 0x10000 : depth === 2 ? 0x800 : 0;
    const plain = base >= least && range.low <= base && range.high >= base + span - 1;
    const key = plain ? `${this.symbolOf[first]}:${depth}` : "";
    if (plain) {
      const known = this.uniform.get(key);
      if (known !== undefined) return known;
    }
    const row = new Int32Array(256).fill(INVALID);
    const step = span >> 6;
    for (let i = 0; i < 64; i++) {
      const from = base + i * step;
      row[0x80 + i] = this.entry(from, depth - 1, depth);
    }
    const number = this.intern(row);
    if (plain) this.uniform.set(key, number);
    return number;
  }

  /** What the continuation byte that leads to code points from `from` on gives, `depth` more bytes to come. */
  private entry(from: number, depth: number, length: number): number {
    const least = length === 3 ? 0x10000 : length === 2 ? 0x800 : 0;
    const to = from + (1 << (6 * depth)) - 1;
    if (to < least || from > LAST_CODE_POINT || (from >= 0xd800 && to <= 0xdfff)) return INVALID;
    return depth === 0 ? -2 - this.symbolOf[this.rangeOf(from)]! : this.node(from, depth);
  }

  private rangeOf(codePoint: number): number {
    let low = 0;
    let high = this.ranges.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.ranges[middle]!.low <= codePoint) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private intern(row: Int32Array): number {
    const key = row.subarray(0x80, 0xc0).join();
    let number = this.rowNumbers.get(key);
    if (number === undefined) {
      number = this.rows.length;
      this.rows.push(row);
      this.rowNumbers.set(key, number);
    }
    return number;
  }

  private symbol(letters: readonly number[]): number {
    const key = letters.join();
    let number = this.symbolNumbers.get(key);
    if (number === undefined) {
      number = this.symbols.length;
      this.symbols.push(letters);
      this.symbolNumbers.set(key, number);
    }
    return number;
  }
}

/** Classes of bytes that no node tells apart. */
function byteClasses(tree: Int32Array): Uint8Array {
  const numbers = new Map<string, number>();
  const classes = new Uint8Array(256);
  const nodes = tree.length / 256;
  const column = new Int32Array(nodes);
  for (let byte = 0; byte < 256; byte++) {
    for (let n = 0; n < nodes; n++) column[n] = tree[n * 256 + byte]!;
    const key = column.join();
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = numbers.size));
    classes[byte] = number;
  }
  return classes;
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
