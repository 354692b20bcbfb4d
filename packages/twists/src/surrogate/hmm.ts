import type { Future, Futures, TokenSurrogate } from "@pgl/lm";
import type { RandomSource } from "@pgl/runtime";

/** A hidden Markov model of token sequences. Rows sum to one. */
export interface HmmTables {
  readonly states: number;
  readonly size: number;
  /** Probability of the state that emits the first token. */
  readonly initial: Float64Array;
  /** states × states: from a state to that of the next token. */
  readonly transition: Float64Array;
  /** states × size. */
  readonly emission: Float64Array;
}

export interface HmmOptions {
  readonly states: number;
  /** Rounds of expectation maximisation. */
  readonly rounds: number;
  readonly random: RandomSource;
  readonly signal?: AbortSignal;
  /** Called after each round with the log-likelihood of a token, in nats. */
  readonly onRound?: (round: number, logLikelihood: number) => void;
}

/** Pseudo-counts of a state's emissions, spread as tokens are overall: nothing is impossible. */
const EMISSION_PRIOR = 20;
/** Pseudo-counts of a state's transitions, spread evenly. */
const TRANSITION_PRIOR = 1;
/** Tokens before a span that are read to know where it starts. */
const REACH = 64;

/**
 * Fits a hidden Markov model to token sequences by expectation maximisation (Baum and Welch), with Dirichlet priors.
 *
 * @param base probabilities of tokens overall
 */
export function fitHmm(texts: readonly Int32Array[], base: Float64Array, options: HmmOptions): HmmTables {
  const { states: n, rounds, random, signal, onRound } = options;
  const size = base.length;
  let tables = startOf(n, base, random);
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
  const forward = new Float64Array(longest * n);
  const beta = new Float64Array(n);
  const weighted = new Float64Array(n);
  for (let round = 1; round <= rounds; round++) {
    signal?.throwIfAborted();
    const { initial, transition, emission } = tables;
    const first = new Float64Array(n).fill(TRANSITION_PRIOR / n);
    const moves = new Float64Array(n * n).fill(TRANSITION_PRIOR / n);
    const emitted = new Float64Array(n * size);
    for (let h = 0; h < n; h++) for (let v = 0; v < size; v++) emitted[h * size + v] = EMISSION_PRIOR * base[v]!;
    let logLikelihood = 0;
    let tokens = 0;
    for (const text of texts) {
      if (text.length === 0) continue;
      // Filtered states, normalised at each token.
      for (let t = 0; t < text.length; t++) {
        const row = t * n;
        let sum = 0;
        for (let h = 0; h < n; h++) {
          let before = t === 0 ? initial[h]! : 0;
          if (t > 0) for (let g = 0; g < n; g++) before += forward[row - n + g]! * transition[g * n + h]!;
          sum += forward[row + h] = before * emission[h * size + text[t]!]!;
        }
        for (let h = 0; h < n; h++) forward[row + h]! /= sum;
        logLikelihood += Math.log(sum);
      }
      tokens += text.length;
      beta.fill(1);
      for (let t = text.length - 1; t >= 0; t--) {
        const row = t * n;
        let sum = 0;
        for (let h = 0; h < n; h++) sum += forward[row + h]! * beta[h]!;
        for (let h = 0; h < n; h++) {
          const share = (forward[row + h]! * beta[h]!) / sum;
          emitted[h * size + text[t]!]! += share;
          if (t === 0) first[h]! += share;
          weighted[h] = emission[h * size + text[t]!]! * beta[h]!;
        }
        if (t === 0) break;
        let total = 0;
        for (let g = 0; g < n; g++) {
          let ahead = 0;
          for (let h = 0; h < n; h++) ahead += transition[g * n + h]! * weighted[h]!;
          beta[g] = ahead;
          total += forward[row - n + g]! * ahead;
        }
        for (let g = 0; g < n; g++) {
          const from = forward[row - n + g]! / total;
          for (let h = 0; h < n; h++) moves[g * n + h]! += from * transition[g * n + h]! * weighted[h]!;
        }
        let most = 0;
        for (let g = 0; g < n; g++) most = Math.max(most, beta[g]!);
        for (let g = 0; g < n; g++) beta[g]! /= most;
      }
    }
    tables = {
      states: n,
      size,
      initial: normalised(first, n),
      transition: normalised(moves, n),
      emission: normalised(emitted, size),
    };
    onRound?.(round, logLikelihood / Math.max(1, tokens));
  }
  return tables;
}

/** Every state alike but for some noise: with none it would stay so. */
function startOf(n: number, base: Float64Array, random: RandomSource): HmmTables {
  const size = base.length;
  const noisy = (length: number, of: (i: number) => number, key: number, width: number): Float64Array => {
    const source = random.split(key);
    return normalised(
      Float64Array.from({ length }, (_, i) => of(i) * Math.exp(2 * source.uniform())),
      width,
    );
  };
  return {
    states: n,
    size,
    initial: noisy(n, () => 1, 0, n),
    transition: noisy(n * n, () => 1, 1, n),
    emission: noisy(n * size, (i) => base[i % size]!, 2, size),
  };
}

/** Each row of some width divided by its sum. */
function normalised(values: Float64Array, width: number): Float64Array {
  for (let at = 0; at < values.length; at += width) {
    let sum = 0;
    for (let i = at; i < at + width; i++) sum += values[i]!;
    for (let i = at; i < at + width; i++) values[i]! /= sum;
  }
  return values;
}

/** A hidden Markov model to look ahead with. What is known of its place is the law of the state that emits next. */
export class HmmSurrogate implements TokenSurrogate<Float64Array> {
  readonly exact = false;
  readonly places: number;
  readonly cost: number;
  /** By future, what is expected of it one transition earlier. */
  private readonly earlier = new WeakMap<Future, Float64Array>();
  /** By transitions of an automaton, the probability of each group of tokens, by state. */
  private readonly grouped = new WeakMap<Int32Array, Float64Array[]>();

  constructor(
    readonly name: string,
    readonly tables: HmmTables,
    private readonly bosId: number | null,
  ) {
    this.places = tables.states;
    this.cost = 4 * tables.states ** 2;
  }

  start(tokens: Int32Array): Float64Array {
    let known = this.tables.initial;
    for (let i = Math.max(0, tokens.length - REACH); i < tokens.length; i++) {
      if (tokens[i] !== this.bosId) known = this.advance(known, tokens[i]!);
    }
    return known;
  }

  advance(known: Float64Array, token: number): Float64Array {
    const { states: n, size, transition, emission } = this.tables;
    const next = new Float64Array(n);
    let sum = 0;
    for (let g = 0; g < n; g++) {
      const p = known[g]! * emission[g * size + token]!;
      sum += p;
      for (let h = 0; h < n; h++) next[h]! += p * transition[g * n + h]!;
    }
    for (let h = 0; h < n; h++) next[h]! /= sum;
    return next;
  }

  /** log P(token), in nats. */
  logProbability(known: Float64Array, token: number): number {
    const { states: n, size, emission } = this.tables;
    let sum = 0;
    for (let h = 0; h < n; h++) sum += known[h]! * emission[h * size + token]!;
    return Math.log(sum);
  }

  pull({ of, after }: Futures, into: Float64Array): void {
    const groups = this.groupsOf(of, after.length);
    into.fill(0);
    after.forEach((future, group) => {
      const expected = this.earlierOf(future);
      const p = groups[group]!;
      for (let h = 0; h < into.length; h++) into[h]! += p[h]! * expected[h]!;
    });
  }

  look(known: Float64Array, { of, after }: Futures, into: Float64Array, from: number, to: number): void {
    const { states: n, size, emission } = this.tables;
    const expected = after.map((future) => this.earlierOf(future));
    const totals = new Float64Array(to - from);
    const weights = new Float64Array(after.length);
    into.fill(0, from, to);
    for (let h = 0; h < n; h++) {
      const p = known[h]!;
      for (let group = 0; group < weights.length; group++) weights[group] = p * expected[group]![h]!;
      for (let v = from, at = h * size + from; v < to; v++, at++) {
        totals[v - from]! += p * emission[at]!;
        if (of[v]! >= 0) into[v]! += weights[of[v]!]! * emission[at]!;
      }
    }
    for (let v = from; v < to; v++) into[v]! /= totals[v - from]!;
  }

  private earlierOf(future: Future): Float64Array {
    let values = this.earlier.get(future);
    if (values === undefined) {
      const { states: n, transition } = this.tables;
      values = new Float64Array(n);
      for (let g = 0; g < n; g++) for (let h = 0; h < n; h++) values[g]! += transition[g * n + h]! * future.values[h]!;
      this.earlier.set(future, values);
    }
    return values;
  }

  private groupsOf(of: Int32Array, count: number): Float64Array[] {
    let groups = this.grouped.get(of);
    if (groups === undefined) {
      const { states: n, size, emission } = this.tables;
      groups = Array.from({ length: count }, () => new Float64Array(n));
      for (let h = 0; h < n; h++) {
        for (let v = 0; v < size; v++) if (of[v]! >= 0) groups[of[v]!]![h]! += emission[h * size + v]!;
      }
      this.grouped.set(of, groups);
    }
    return groups;
  }
}
