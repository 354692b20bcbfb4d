import { largest } from "../largest.js";
import type { TokenMask } from "../guided/token-mask.js";
import type { TokenDistribution } from "../token-distribution.js";

/** The tokens that may come next, to a twist that looks at some of them only. */
export interface NextTokens {
  /** Ids of the `k` likeliest, likeliest first; of equal ones the lower ids. Fewer where fewer can be drawn. */
  likeliest(k: number): readonly number[];
}

/** Those of a distribution that a mask leaves. */
export class Candidates implements NextTokens {
  constructor(
    private readonly tokens: TokenDistribution,
    private readonly mask: TokenMask | null,
  ) {}

  likeliest(k: number): readonly number[] {
    const { mask } = this;
    const { row, ids } = this.tokens;
    const idAt = (place: number): number => (ids === null ? place : ids[place]!);
    let { logits } = row;
    if (mask !== null) {
      logits = logits.slice();
      for (let place = 0; place < logits.length; place++) if (!mask.has(idAt(place))) logits[place] = -Infinity;
    }
    return largest(logits, k)
      .filter((place) => logits[place]! > -Infinity)
      .map(idAt);
  }
}
