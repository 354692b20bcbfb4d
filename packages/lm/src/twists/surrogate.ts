/**
 * A tractable stand-in for a language model, to look ahead with: a chain over finitely many places that emits a token at
 * each step. What a place is (the last tokens, a hidden state) is its own affair.
 */
export interface TokenSurrogate<S = unknown> {
  /** For reports. */
  readonly name: string;
  /** Whether it has the model's own probabilities. */
  readonly exact: boolean;
  readonly places: number;
  /** Multiplications that a step back takes, roughly: `change` where there is one, with few tokens, else `pull`. */
  readonly cost: number;
  /** What is known of the place after a sequence of tokens, the begin token included where there is one. */
  start(tokens: Int32Array): S;
  /** The same, one token later. */
  advance(state: S, token: number): S;
  /** One step back: for each place the sum, over the next token, of its probability times the future after it. */
  pull(futures: Futures, into: Float64Array): void;
  /**
   * The same as `pull` from what it gave for other futures, which differ after some tokens only. Missing where it would
   * save nothing, or cost digits that matter.
   */
  change?(from: Pulled, futures: Futures, tokens: Int32Array, into: Float64Array): void;
  /** For each token from `from` on and before `to` the expected future after it, given that it comes next; by token id. */
  look(state: S, futures: Futures, into: Float64Array, from: number, to: number): void;
}

/** What is to be expected after each token. */
export interface Futures {
  /** By token, its place in `after`; -1: nothing. */
  readonly of: Int32Array;
  readonly after: readonly Future[];
}

/** What `pull` gave. */
export interface Pulled {
  readonly futures: Futures;
  readonly values: Float64Array;
}

/** An expected future, by the place of the surrogate. */
export class Future {
  constructor(
    readonly values: Float64Array,
    /** What is to be expected where the place is not known. */
    readonly elsewhere = 1,
  ) {}
}
