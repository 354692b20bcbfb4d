import { likelyTokens, type NextTokens, type TokenDraw } from "@pgl/lm";

/** Tokens with so much probability have an output of their own: what is beyond them is a few thousandths of the whole. */
const LEAST = 2 ** -12;
/** As many at most. */
const MOST = 128;

/** The tokens of a distribution that a learned twist tells apart; to it all others are one. */
export const listed = (law: TokenDraw, size: number): Int32Array => likelyTokens(law, size, LEAST, MOST);

/** The same, of what may come next. */
export const listedNext = (tokens: NextTokens): Int32Array => tokens.above(LEAST, MOST);
