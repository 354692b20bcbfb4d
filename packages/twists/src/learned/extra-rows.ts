/**
 * Rows of a network's outputs after those of the vocabulary: for all tokens that are not listed; for every token; for tokens of
 * the arguments.
 */
export const EXTRA = { rest: 0, level: 1, given: 2 } as const;
export const EXTRAS = 3;
