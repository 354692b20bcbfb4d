/** Twists of language models: surrogates to look ahead with, and twists that are learned. */
export * from "./learned/index.js";
export * from "./surrogate/index.js";
