import type { Compiled, Constraint } from "@pgl/constraints";
import type { SpanRule } from "../span-rule.js";
import type { Vocabulary } from "../vocabulary.js";
import { TokenAutomaton } from "./token-automaton.js";

/**
 * How the draws of a span are guided. `mask`: each token is drawn among those that can still lead to a match, and their
 * probability weighs the execution. `awrs`: tokens are drawn and tried until one can lead to a match, which asks the
 * constraint about few tokens. `none`: drawn freely, and asked at the end. The measure is the same.
 */
export type GuideChoice = "mask" | "awrs" | "none";

export const guideChoices: readonly GuideChoice[] = ["mask", "awrs", "none"];

/** What guides spans towards a constraint. */
export interface Guide {
  readonly constraint: Constraint;
  readonly compiled: Compiled;
  automaton(rule: SpanRule, vocabulary: Vocabulary): TokenAutomaton;
}

/**
 * The guide of a constraint; null when it has no say before the text is finished.
 * @throws ConstraintError PGLC006 or PGLC007 when the constraint is too large, or no automaton can check it.
 */
export function guideOf(constraint: Constraint): Guide | null {
  const compiled = constraint.compiled();
  if (compiled === null) return null;
  return {
    constraint,
    compiled,
    automaton: (rule, vocabulary) => TokenAutomaton.of(constraint, compiled, rule, vocabulary),
  };
}
