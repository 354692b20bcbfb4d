/** Constraints on text: what `observe s matches C` decides, and what guides the drawing of a text towards it. */
import { between } from "./between.js";
import { combine } from "./combination.js";
import { grammar } from "./grammar/index.js";
import { json } from "./json-schema/index.js";
import { count, inOrderOf, phrases, withoutWords } from "./keyphrases.js";
import { chars, tokens, words } from "./lengths.js";
import { contains, endsWith, startsWith, text } from "./parts.js";
import { pattern } from "./pattern.js";
import { predicate } from "./predicate.js";
import { regex } from "./regex.js";
import { repeated, sequence } from "./sequences.js";
import { date, decimal, int, number } from "./values.js";

export { type Compiled, Constraint, decidedBy, TextConstraint } from "./constraint.js";
export { allowStates, type Compilation, watchCompilation } from "./compiling.js";
export { type AutomatonStore, useAutomatonStore } from "./store.js";
export { ConstraintError } from "./errors.js";
export type { TextPredicate } from "./predicate.js";
export type { TokenCounter } from "./lengths.js";
export { DEAD, read, type Recogniser, recognises } from "./recogniser.js";
export { allOf, anyOf, inOrder, noneOf, timesOver } from "./automata/combine.js";
export { Dfa, explore, whole } from "./automata/dfa.js";
export { LazyRecogniser } from "./automata/lazy.js";
export { regexRecogniser } from "./regex/index.js";
export { GrammarError, type GrammarOptions, grammarRecogniser } from "./grammar/index.js";
export { type JsonOptions, jsonRecogniser, type JsonStyle, SchemaError } from "./json-schema/index.js";

/** Makers of constraints, by the names programs use. */
export const constraint = {
  regex,
  chars,
  words,
  tokens,
  text,
  contains,
  starts_with: startsWith,
  ends_with: endsWith,
  phrases,
  in_order: inOrderOf,
  without_words: withoutWords,
  count,
  int,
  number,
  decimal,
  date,
  json,
  grammar,
  pattern,
  predicate,
  between,
  sequence,
  repeated,
  and: combine.and,
  or: combine.or,
  not: combine.not,
} as const;
