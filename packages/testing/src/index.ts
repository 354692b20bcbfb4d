/**
 * Exact oracles and laws for PGL programs and inference methods: an interpreter that enumerates, programs made at random, a
 * random source that visits every outcome, and laws that say what must be equal.
 */
export * from "./reference/index.js";
export * from "./random/index.js";
export * from "./oracles/index.js";
export * from "./programs/index.js";
export * from "./laws/index.js";
export * from "./statistics/index.js";
