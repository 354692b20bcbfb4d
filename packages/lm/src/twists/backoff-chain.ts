import type { Futures, Pulled, TokenSurrogate } from "./surrogate.js";

/**
 * A variable-order Markov chain that backs off: the next token of a history h has probability
 * λ(h)·P(v | shorter h), and more than that for the tokens seen after h. Places are histories, a shorter form always
 * before the longer one; place 0 is the empty history.
 */
export interface BackoffTables {
  readonly name: string;
  readonly exact: boolean;
  /** By place, its history without the first token; -1 for place 0. */
  readonly shorter: Int32Array;
  /** λ by place. */
  readonly keep: Float64Array;
  /** Where the tokens seen after a place begin in the arrays below; one longer than there are places. */
  readonly first: Int32Array;
  readonly tokens: Int32Array;
  /** P(v | h), of tokens seen after h. */
  readonly probabilities: Float64Array;
  /** The place after h and v: the longest history there is. */
  readonly after: Int32Array;
  /** P(v | nothing), by token, and the place after it. */
  readonly base: Float64Array;
  readonly baseAfter: Int32Array;
  /** The place after a sequence of tokens. */
  start(tokens: Int32Array): number;
}

/** Futures whose part that is the same for all histories is kept: so many, or more where they take so few bytes. */
const RECENT = 64;
const RECENT_BYTES = 2 ** 24;
/** Least share of what is passed on that is kept when tokens seen take all of it away: below lies rounding. */
const ROUNDING = 1e-14;

/**
 * A surrogate that backs off: a step back costs as many multiplications as there are tokens seen after histories, and from
 * a step for futures that are the same after most tokens, as many as there are places and histories that saw the others.
 */
export class BackoffChain implements TokenSurrogate<number> {
  readonly name: string;
  readonly exact: boolean;
  readonly places: number;
  readonly cost: number;
  /** λ(h)·P(v | shorter h), and the place after v from the shorter history. */
  private readonly passed: Float64Array;
  private readonly shorterAfter: Int32Array;
  /** By token: where its entries are, and of which places they are. */
  private readonly firstOf: Int32Array;
  private readonly entries: Int32Array;
  private readonly placeOf: Int32Array;
  private readonly nothing: Float64Array;
  private readonly recent = new Map<Futures, Float64Array>();
  /** Of `change`, while it works. */
  private readonly difference: Float64Array;
  readonly change?: (from: Pulled, futures: Futures, tokens: Int32Array, into: Float64Array) => void;

  constructor(private readonly tables: BackoffTables) {
    const { shorter, keep, first, tokens } = tables;
    this.name = tables.name;
    this.exact = tables.exact;
    this.places = shorter.length;
    this.cost = tables.exact ? tables.base.length + 2 * tokens.length : 4 * this.places;
    this.passed = new Float64Array(tokens.length);
    this.shorterAfter = new Int32Array(tokens.length);
    for (let place = 1; place < this.places; place++) {
      for (let i = first[place]!; i < first[place + 1]!; i++) {
        const before = this.seen(shorter[place]!, tokens[i]!);
        this.passed[i] = keep[place]! * this.probability(shorter[place]!, tokens[i]!);
        this.shorterAfter[i] = before < 0 ? tables.baseAfter[tokens[i]!]! : tables.after[before]!;
      }
    }
    this.nothing = new Float64Array(this.places);
    this.difference = new Float64Array(this.places);
    this.placeOf = new Int32Array(tokens.length);
    for (let place = 0; place < this.places; place++) this.placeOf.fill(place, first[place], first[place + 1]);
    this.firstOf = new Int32Array(tables.base.length + 1);
    for (const token of tokens) this.firstOf[token + 1]!++;
    for (let token = 0; token < tables.base.length; token++) this.firstOf[token + 1]! += this.firstOf[token]!;
    this.entries = new Int32Array(tokens.length);
    const next = this.firstOf.slice();
    for (let i = 0; i < tokens.length; i++) this.entries[next[tokens[i]!]!++] = i;
    // The difference of two steps may be far below their digits: no way to be exact.
    if (!tables.exact) this.change = this.changeFew;
  }

  /** P(token | place). */
  probability(place: number, token: number): number {
    const { shorter, keep, probabilities, base } = this.tables;
    let kept = 1;
    for (; place > 0; place = shorter[place]!) {
      const at = this.within(place, token);
      if (at >= 0) return kept * probabilities[at]!;
      kept *= keep[place]!;
    }
    return kept * base[token]!;
  }

  start(tokens: Int32Array): number {
    return this.tables.start(tokens);
  }

  advance(place: number, token: number): number {
    const at = this.seen(place, token);
    return at < 0 ? this.tables.baseAfter[token]! : this.tables.after[at]!;
  }

  pull({ of, after: futures }: Futures, into: Float64Array): void {
    const { shorter, keep, first, tokens, probabilities, after, base, baseAfter } = this.tables;
    const { passed, shorterAfter } = this;
    const values = futures.map((future) => future.values);
    let sum = 0;
    for (let token = 0; token < base.length; token++) {
      const future = of[token]!;
      if (future >= 0) sum += base[token]! * values[future]![baseAfter[token]!]!;
    }
    into[0] = sum;
    for (let place = 1; place < into.length; place++) {
      const before = keep[place]! * into[shorter[place]!]!;
      let expected = before;
      for (let i = first[place]!; i < first[place + 1]!; i++) {
        const future = of[tokens[i]!]!;
        if (future < 0) continue;
        const by = values[future]!;
        expected += probabilities[i]! * by[after[i]!]! - passed[i]! * by[shorterAfter[i]!]!;
      }
      into[place] = Math.max(expected, ROUNDING * before);
    }
  }

  private readonly changeFew = (from: Pulled, futures: Futures, tokens: Int32Array, into: Float64Array): void => {
    const { shorter, keep, probabilities, after, base, baseAfter } = this.tables;
    const { passed, shorterAfter, firstOf, entries, placeOf, nothing, difference } = this;
    // First what is different, then the sum.
    difference.fill(0);
    for (let t = 0; t < tokens.length; t++) {
      const token = tokens[t]!;
      const next = futures.of[token]!;
      const previous = from.futures.of[token]!;
      const now = next < 0 ? nothing : futures.after[next]!.values;
      const before = previous < 0 ? nothing : from.futures.after[previous]!.values;
      difference[0]! += base[token]! * (now[baseAfter[token]!]! - before[baseAfter[token]!]!);
      for (let k = firstOf[token]!; k < firstOf[token + 1]!; k++) {
        const i = entries[k]!;
        const to = after[i]!;
        const other = shorterAfter[i]!;
        difference[placeOf[i]!]! +=
          probabilities[i]! * (now[to]! - before[to]!) - passed[i]! * (now[other]! - before[other]!);
      }
    }
    const { values } = from;
    for (let place = 0; place < into.length; place++) {
      const own = place === 0 ? difference[0]! : (difference[place]! += keep[place]! * difference[shorter[place]!]!);
      into[place] = Math.max(values[place]! + own, ROUNDING * values[place]!);
    }
  };

  look(place: number, given: Futures, into: Float64Array, from: number, to: number): void {
    const { of, after: futures } = given;
    const { after, first, tokens, shorter } = this.tables;
    const expected = this.afterNothing(given);
    if (to - from === expected.length) into.set(expected);
    else for (let token = from; token < to; token++) into[token] = expected[token]!;
    // Longer histories know better: the shortest one first.
    const histories: number[] = [];
    for (let history = place; history > 0; history = shorter[history]!) histories.push(history);
    for (let h = histories.length - 1; h >= 0; h--) {
      const end = first[histories[h]! + 1]!;
      for (let i = this.notBefore(histories[h]!, from); i < end && tokens[i]! < to; i++) {
        const future = of[tokens[i]!]!;
        if (future >= 0) into[tokens[i]!] = futures[future]!.values[after[i]!]!;
      }
    }
  }

  /** What follows each token when nothing is known of what came before: the same for all particles of a step. */
  private afterNothing(futures: Futures): Float64Array {
    let expected = this.recent.get(futures);
    if (expected === undefined) {
      const { baseAfter } = this.tables;
      const values = futures.after.map((future) => future.values);
      expected = Float64Array.from(baseAfter, (place, token) => {
        const future = futures.of[token]!;
        return future < 0 ? 0 : values[future]![place]!;
      });
      if (this.recent.size >= Math.max(RECENT, RECENT_BYTES / expected.byteLength))
        this.recent.delete(this.recent.keys().next().value!);
      this.recent.set(futures, expected);
    }
    return expected;
  }

  /** Where a token stands among those seen after the longest form of a history that has seen it; -1 if none has. */
  private seen(place: number, token: number): number {
    for (; place > 0; place = this.tables.shorter[place]!) {
      const at = this.within(place, token);
      if (at >= 0) return at;
    }
    return -1;
  }

  private within(place: number, token: number): number {
    const at = this.notBefore(place, token);
    return at < this.tables.first[place + 1]! && this.tables.tokens[at] === token ? at : -1;
  }

  /** Where the tokens seen after a place that are not below `token` begin. */
  private notBefore(place: number, token: number): number {
    const { first, tokens } = this.tables;
    let low = first[place]!;
    let high = first[place + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (tokens[middle]! < token) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
