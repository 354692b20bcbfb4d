import type { Environment } from "@pgl/runtime";
import { ConstraintError } from "./errors.js";
import { type Constraint, TextConstraint } from "./constraint.js";

/** What counts a text's tokens: an alias of a language model. */
export interface TokenCounter {
  readonly name: string;
  countTokens(text: string, environment: Environment): number;
}

/** `low` to `high` characters (code points), both inclusive. @throws ConstraintError PGLC002 for a range that is none. */
export function chars(low: number, high: number): Constraint {
  checkRange("chars", low, high);
  return new TextConstraint(`chars(${low}..${high})`, (text) => within(count(text), low, high));
}

/** `low` to `high` words (runs of what is no white space), both inclusive. @throws ConstraintError PGLC002. */
export function words(low: number, high: number): Constraint {
  checkRange("words", low, high);
  return new TextConstraint(`words(${low}..${high})`, (text) => within(text.match(/\S+/gu)?.length ?? 0, low, high));
}

/**
 * `low` to `high` tokens of a language model (of the canonical tokenisation of the text), both inclusive.
 * @throws ConstraintError PGLC002; from `test`, PGLC005 without a run's environment.
 */
export function tokens(low: number, high: number, lm: TokenCounter): Constraint {
  checkRange("tokens", low, high);
  return new TextConstraint(`tokens(${low}..${high}, ${lm.name})`, (text, environment) => {
    if (environment === undefined) {
      throw new ConstraintError(
        "PGLC005",
        "How many tokens a text has depends on the run's model: `test` needs the environment of a run.",
      );
    }
    return within(lm.countTokens(text, environment), low, high);
  });
}

function count(text: string): number {
  let n = 0;
  for (const _ of text) n++;
  return n;
}

const within = (n: number, low: number, high: number): boolean => n >= low && n <= high;

function checkRange(name: string, low: number, high: number): void {
  const whole = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
  if (whole(low) && (whole(high) || high === Infinity) && low <= high) return;
  throw new ConstraintError(
    "PGLC002",
    `\`${name}\` needs a range of whole numbers, the smaller first and none negative, not ${low}..${high}.`,
  );
}
