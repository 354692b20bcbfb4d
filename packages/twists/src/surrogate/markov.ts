import { BackoffChain } from "@pgl/lm";
import type { SeenToken } from "./samples.js";

/** How far a Markov surrogate looks back, and how much it keeps. */
export interface MarkovOptions {
  /** Tokens that count at most: 1 or 2. */
  readonly order: number;
  /** Probabilities kept beside those of single tokens. */
  readonly entries: number;
}

/** Share of the uniform distribution in the probabilities of single tokens: nothing is impossible. */
const FLOOR = 1e-4;
/** Share of what a shorter history says that a longer one keeps at least. */
const LEAST = 1e-6;
/** Times a history of two tokens must have been seen. */
const SEEN = 12;
/** Weight of the shorter history in the probabilities after a longer one, in tokens. */
const PRIOR = 4;
/** Histories of two tokens that are followed up. */
const MAX_PAIRS = 8192;

/** Probabilities by history, as a file keeps them. */
export interface MarkovTables {
  readonly size: number;
  /** P(v), by token. */
  readonly base: Float64Array;
  /** Histories of one or two tokens, the later one last; -1 stands before a history of one. Shorter ones first. */
  readonly histories: readonly (readonly [number, number])[];
  /** Where the tokens of a history begin; one longer than there are histories. */
  readonly first: Int32Array;
  readonly tokens: Int32Array;
  readonly probabilities: Float64Array;
}

/**
 * Counts what follows histories. Not the tokens drawn are counted but their probabilities, all of them: the same in
 * expectation, and far less noisy.
 */
export class MarkovCounts {
  private readonly base: Float64Array;
  private readonly after: (Float64Array | undefined)[];
  private readonly times: Float64Array;
  private readonly pairs = new Map<number, { times: number; sums: Float64Array | null }>();
  private followed = 0;
  private readonly row: Float64Array;
  private seen = 0;

  constructor(
    private readonly size: number,
    private readonly options: MarkovOptions,
  ) {
    this.base = new Float64Array(size);
    this.after = new Array<Float64Array | undefined>(size);
    this.times = new Float64Array(size);
    this.row = new Float64Array(size);
  }

  see({ before, row }: SeenToken): void {
    const { row: p, size } = this;
    const scale = row.logNormaliser;
    for (let id = 0; id < size; id++) p[id] = Math.exp(row.logits[id]! - scale);
    this.seen++;
    add(this.base, p);
    const last = before[before.length - 1];
    if (last === undefined) return;
    this.times[last]!++;
    add((this.after[last] ??= new Float64Array(size)), p);
    const previous = before[before.length - 2];
    if (this.options.order < 2 || previous === undefined) return;
    const key = previous * size + last;
    let pair = this.pairs.get(key);
    if (pair === undefined) this.pairs.set(key, (pair = { times: 0, sums: null }));
    // The first times say only that it comes up.
    if (++pair.times > SEEN / 2 && pair.sums === null && this.followed < MAX_PAIRS) {
      this.followed++;
      pair.sums = new Float64Array(size);
      pair.times = 1;
    }
    if (pair.sums !== null) add(pair.sums, p);
  }

  /** The tables: of all probabilities after histories those that tell the most, as many as were asked for. */
  tables(): MarkovTables {
    const { size, seen, options } = this;
    const base = Float64Array.from(this.base, (n) => (1 - FLOOR) * (n / seen) + FLOOR / size);
    const single = this.after.map((sums, last) => {
      if (sums === undefined) return undefined;
      const n = this.times[last]!;
      return Float64Array.from(sums, (s, id) => (s + PRIOR * base[id]!) / (n + PRIOR));
    });
    interface Kept {
      readonly history: number;
      readonly token: number;
      readonly gain: number;
      readonly p: number;
    }
    const histories: (readonly [number, number])[] = [];
    const found: Kept[] = [];
    const consider = (name: readonly [number, number], times: number, p: Float64Array, shorter: Float64Array): void => {
      const history = histories.push(name) - 1;
      for (let token = 0; token < size; token++) {
        const q = shorter[token]!;
        // What is lost by saying q for p: this token's share of the relative entropy.
        const gain = times * (p[token]! * Math.log(p[token]! / q) - p[token]! + q);
        if (gain > 1e-6 * times) found.push({ history, token, gain, p: p[token]! });
      }
    };
    single.forEach((p, last) => p !== undefined && consider([-1, last], this.times[last]!, p, base));
    for (const [key, { times, sums }] of this.pairs) {
      if (sums === null || times < SEEN / 2) continue;
      const last = key % size;
      const shorter = single[last]!;
      const p = Float64Array.from(sums, (s, id) => (s + PRIOR * shorter[id]!) / (times + PRIOR));
      consider([Math.floor(key / size), last], times, p, shorter);
    }
    found.sort((a, b) => b.gain - a.gain || a.history - b.history || a.token - b.token);
    const kept = found.slice(0, options.entries);
    const used = [...new Set(kept.map((k) => k.history))].sort((a, b) => a - b);
    const byHistory = new Map<number, Kept[]>(used.map((h) => [h, []]));
    for (const k of kept) byHistory.get(k.history)!.push(k);
    // The shorter form of a history has to be there.
    const singles = new Set(used.flatMap((h) => (histories[h]![0] < 0 ? [histories[h]![1]] : [])));
    const list = used.filter((h) => histories[h]![0] < 0 || singles.has(histories[h]![1]));
    const rows = list.map((h) => byHistory.get(h)!.sort((a, b) => a.token - b.token));
    const first = new Int32Array(list.length + 1);
    rows.forEach((row, i) => (first[i + 1] = first[i]! + row.length));
    return {
      size,
      base,
      histories: list.map((h) => histories[h]!),
      first,
      tokens: Int32Array.from(rows.flatMap((row) => row.map((k) => k.token))),
      probabilities: Float64Array.from(rows.flatMap((row) => row.map((k) => k.p))),
    };
  }
}

function add(into: Float64Array, p: Float64Array): void {
  for (let id = 0; id < p.length; id++) into[id]! += p[id]!;
}

/** The surrogate that tables stand for. What is kept of a history need not sum to one: the rest backs off. */
export function markovSurrogate(name: string, tables: MarkovTables): BackoffChain {
  const { size, base, histories } = tables;
  const places = histories.length + 1;
  const single = new Int32Array(size).fill(0);
  const pairs = new Map<number, number>();
  histories.forEach(([previous, last], i) => {
    if (previous < 0) single[last] = i + 1;
    else pairs.set(previous * size + last, i + 1);
  });
  const placeOf = (previous: number, last: number): number =>
    (previous < 0 ? undefined : pairs.get(previous * size + last)) ?? (last < 0 ? 0 : single[last]!);
  const shorter = new Int32Array(places).fill(-1);
  const keep = new Float64Array(places);
  const first = new Int32Array(places + 1);
  const after = new Int32Array(tables.tokens.length);
  const probabilities = tables.probabilities.slice();
  // Places in the order of the tables, shorter histories first: what is below a place is known when it comes up.
  const probability = (place: number, token: number): number => {
    let kept = 1;
    for (; place > 0; place = shorter[place]!) {
      for (let i = first[place]!; i < first[place + 1]!; i++)
        if (tables.tokens[i] === token) return kept * probabilities[i]!;
      kept *= keep[place]!;
    }
    return kept * base[token]!;
  };
  histories.forEach(([previous, last], i) => {
    const place = i + 1;
    shorter[place] = previous < 0 ? 0 : single[last]!;
    first[place] = tables.first[i]!;
    first[place + 1] = tables.first[i + 1]!;
    let own = 0;
    let passed = 0;
    for (let at = first[place]!; at < first[place + 1]!; at++) {
      own += probabilities[at]!;
      passed += probability(shorter[place]!, tables.tokens[at]!);
      after[at] = placeOf(last, tables.tokens[at]!);
    }
    // Rounding may leave nothing for the other tokens; they keep a little.
    const others = Math.max(0, 1 - passed);
    keep[place] = others < LEAST ? LEAST : Math.max(LEAST, (1 - own) / others);
    const scale = (1 - keep[place]! * others) / own;
    for (let at = first[place]!; at < first[place + 1]!; at++) probabilities[at]! *= scale;
  });
  return new BackoffChain({
    name,
    exact: false,
    shorter,
    keep,
    first,
    tokens: tables.tokens,
    probabilities,
    after,
    base,
    baseAfter: Int32Array.from(base, (_, token) => placeOf(-1, token)),
    start: (tokens) => {
      const last = tokens[tokens.length - 1];
      return last === undefined ? 0 : placeOf(tokens[tokens.length - 2] ?? -1, last);
    },
  });
}
