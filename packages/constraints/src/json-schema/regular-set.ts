import { allOf, anyOf, noneOf } from "../automata/combine.js";
import { listRecogniser } from "../automata/list.js";
import { utf8 } from "../automata/utf8.js";
import { chars } from "../lengths.js";
import { DEAD, type Recogniser } from "../recogniser.js";

/**
 * A regular set of texts within a universe (all texts, or all numbers as they are written). Lists of texts, and all texts
 * but those of a list, are kept as lists: most sets in schemas are such, and their automata are seldom needed.
 */
export class RegularSet {
  private static count = 0;
  readonly id = RegularSet.count++;
  private made: Recogniser | null = null;

  constructor(
    /** The texts, or those left out; null for a set that is given by an automaton alone. */
    readonly list: ReadonlySet<string> | null,
    /** Whether `list` is what is left out. */
    readonly leftOut: boolean,
    private readonly make: () => Recogniser,
    /** The least and largest number of characters, for the set of all texts of such lengths. */
    readonly lengths: readonly [number, number] | null = null,
  ) {}

  get recogniser(): Recogniser {
    return (this.made ??= this.make());
  }

  get isEmpty(): boolean {
    // Universes are infinite.
    if (this.lengths !== null) return false;
    return this.list === null ? this.recogniser.start === DEAD : !this.leftOut && this.list.size === 0;
  }

  /** Whether a text of the universe is in the set. */
  has(text: string): boolean {
    if (this.list !== null) return this.list.has(text) !== this.leftOut;
    if (this.lengths !== null) {
      const length = [...text].length;
      return this.lengths[0] <= length && length <= this.lengths[1];
    }
    const { recogniser } = this;
    let state = recogniser.start;
    for (const byte of encoder.encode(text)) {
      if (state === DEAD) return false;
      state = recogniser.step(state, byte);
    }
    return state !== DEAD && recogniser.accepts(state);
  }
}

const encoder = new TextEncoder();
const MOST_RESULTS = 2000;

export class Universe {
  readonly all: RegularSet;
  readonly none: RegularSet;
  private readonly results = new Map<string, RegularSet>();

  constructor(private readonly everything: Recogniser) {
    this.all = this.butFor([]);
    this.none = this.listed([]);
  }

  /** The texts that the recogniser accepts: of the universe if `within`, else cut down to it. */
  accepted(recogniser: Recogniser, within: boolean): RegularSet {
    if (recogniser.start === DEAD) return this.none;
    const cut = within ? recogniser : allOf([this.everything, recogniser], "a set of texts");
    return cut.start === DEAD ? this.none : new RegularSet(null, false, () => cut);
  }

  /** These texts, which must be of the universe. */
  listed(texts: Iterable<string>): RegularSet {
    const list = new Set(texts);
    return this.keep(`list ${JSON.stringify([...list].sort())}`, () => {
      return new RegularSet(list, false, () => listRecogniser([...list]));
    });
  }

  /** All texts but these. */
  butFor(texts: Iterable<string>): RegularSet {
    const list = new Set(texts);
    return this.keep(`all but ${JSON.stringify([...list].sort())}`, () => {
      return new RegularSet(list, true, () =>
        list.size === 0 ? this.everything : this.complement(listRecogniser([...list])),
      );
    });
  }

  /** All texts of so many characters, both ends included. Only in the universe of all texts. */
  ofLength(min: number, max: number): RegularSet {
    if (min > max) return this.none;
    if (min === 0 && max === Infinity) return this.all;
    return this.keep(`length ${min} ${max}`, () => {
      return new RegularSet(null, false, () => chars(min, max).compiled()!.recogniser, [min, max]);
    });
  }

  and(a: RegularSet, b: RegularSet): RegularSet {
    if (a === b || b === this.all) return a;
    if (a === this.all) return b;
    if (a.list !== null && !a.leftOut) return this.listed([...a.list].filter((text) => b.has(text)));
    if (b.list !== null && !b.leftOut) return this.listed([...b.list].filter((text) => a.has(text)));
    if (a.list !== null && b.list !== null) return this.butFor([...a.list, ...b.list]);
    if (a.lengths !== null && b.lengths !== null) {
      return this.ofLength(Math.max(a.lengths[0], b.lengths[0]), Math.min(a.lengths[1], b.lengths[1]));
    }
    // What is left out does not matter where it has not been.
    if (a.list !== null && ![...a.list].some((text) => b.has(text))) return b;
    if (b.list !== null && ![...b.list].some((text) => a.has(text))) return a;
    return this.operation("and", a, b, () => allOf([a.recogniser, b.recogniser], "an intersection"));
  }

  or(a: RegularSet, b: RegularSet): RegularSet {
    if (a === b || b.isEmpty) return a;
    if (a.isEmpty) return b;
    if (a.list !== null && a.leftOut) return this.butFor([...a.list].filter((text) => !b.has(text)));
    if (b.list !== null && b.leftOut) return this.butFor([...b.list].filter((text) => !a.has(text)));
    if (a.list !== null && b.list !== null) return this.listed([...a.list, ...b.list]);
    return this.operation("or", a, b, () => anyOf([a.recogniser, b.recogniser], "a union"));
  }

  not(a: RegularSet): RegularSet {
    if (a.list !== null) return a.leftOut ? this.listed(a.list) : this.butFor(a.list);
    return this.operation("not", a, a, () => this.complement(a.recogniser));
  }

  private complement(recogniser: Recogniser): Recogniser {
    const outside = noneOf(recogniser, "a complement");
    return this.everything === utf8 ? outside : allOf([this.everything, outside], "a complement");
  }

  private operation(name: string, a: RegularSet, b: RegularSet, make: () => Recogniser): RegularSet {
    const key = a.id < b.id ? `${name} ${a.id} ${b.id}` : `${name} ${b.id} ${a.id}`;
    return this.keep(key, () => {
      const recogniser = make();
      return recogniser.start === DEAD ? this.none : new RegularSet(null, false, () => recogniser);
    });
  }

  private keep(key: string, make: () => RegularSet): RegularSet {
    let set = this.results.get(key);
    if (set === undefined) {
      set = make();
      if (this.results.size >= MOST_RESULTS) this.results.clear();
      this.results.set(key, set);
    }
    return set;
  }
}

/** Texts as they are, not as JSON writes them. */
export const strings = new Universe(utf8);
