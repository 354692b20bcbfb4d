/** Counters of a model's work. */
export interface ModelUsage {
  /** Batched evaluations. */
  readonly calls: number;
  /** Token positions computed. */
  readonly tokens: number;
  /** Token positions that contexts asked for and that were already known. */
  readonly cachedTokens: number;
  /** Wall-clock time of the evaluations, in milliseconds. */
  readonly time: number;
}

/** A model's running counters; `since` gives what one run used. */
export class ModelStats implements ModelUsage {
  calls = 0;
  tokens = 0;
  cachedTokens = 0;
  time = 0;

  snapshot(): ModelUsage {
    return { calls: this.calls, tokens: this.tokens, cachedTokens: this.cachedTokens, time: this.time };
  }

  since(before: ModelUsage): ModelUsage {
    return {
      calls: this.calls - before.calls,
      tokens: this.tokens - before.tokens,
      cachedTokens: this.cachedTokens - before.cachedTokens,
      time: this.time - before.time,
    };
  }

  /** Counts one evaluation of `tokens` positions that began at `start` (as `performance.now()` tells time). */
  count(tokens: number, start: number): void {
    this.calls++;
    this.tokens += tokens;
    this.time += performance.now() - start;
  }

  toJSON(): ModelUsage {
    return this.snapshot();
  }
}
