import type { Environment } from "@pgl/runtime";
import { ConstraintError } from "./errors.js";
import { Alphabet, LAST_CODE_POINT } from "./automata/alphabet.js";
import { whole } from "./automata/dfa.js";
import { type LetterAutomaton, Spelled } from "./automata/spelled.js";
import { type Constraint, decidedBy, TextConstraint } from "./constraint.js";
import { DEAD, type Recogniser } from "./recogniser.js";
import { whiteSpace } from "./regex/character-sets.js";

/** What counts a text's tokens: an alias of a language model. */
export interface TokenCounter {
  readonly name: string;
  countTokens(text: string, environment: Environment): number;
}

/** `low` to `high` characters (code points), both inclusive. @throws ConstraintError PGLC002 for a range that is none. */
export function chars(low: number, high: number): Constraint {
  checkRange("chars", low, high);
  const description = `chars(${low}..${high})`;
  return new TextConstraint(
    description,
    (text) => within(count(text), low, high),
    decidedBy(() => charsRecogniser(low, high, description)),
    description,
  );
}

/** `low` to `high` words (runs of what is no white space), both inclusive. @throws ConstraintError PGLC002. */
export function words(low: number, high: number): Constraint {
  checkRange("words", low, high);
  const description = `words(${low}..${high})`;
  return new TextConstraint(
    description,
    (text) => within(text.match(/\S+/gu)?.length ?? 0, low, high),
    decidedBy(() => wordsRecogniser(low, high, description)),
    description,
  );
}

/**
 * `low` to `high` tokens of a language model (of the canonical tokenisation of the text), both inclusive.
 * @throws ConstraintError PGLC002; from `test`, PGLC005 without a run's environment.
 */
export function tokens(low: number, high: number, lm: TokenCounter): Constraint {
  checkRange("tokens", low, high);
  const decide = (text: string, environment: Environment | undefined): boolean => {
    if (environment === undefined) {
      throw new ConstraintError(
        "PGLC005",
        "How many tokens a text has depends on the run's model: `test` needs the environment of a run.",
      );
    }
    return within(lm.countTokens(text, environment), low, high);
  };
  // The canonical tokens of a text are known when it is finished.
  return new TextConstraint(`tokens(${low}..${high}, ${lm.name})`, decide, () => null);
}

/** The state is how many characters there are, counted up to `low` when there is no upper limit. */
function charsRecogniser(low: number, high: number, description: string): Recogniser {
  const most = high === Infinity ? low : high;
  const automaton: LetterAutomaton = {
    alphabet: new Alphabet([[0, LAST_CODE_POINT]], "code point"),
    description,
    start: 0,
    next: (n) => (n < most ? n + 1 : high === Infinity ? n : DEAD),
    accepts: (n) => n >= low,
    shortest: (n) => Math.max(0, low - n),
  };
  return whole(new Spelled(automaton));
}

/** The state is twice the number of words begun, and one more within a word. */
function wordsRecogniser(low: number, high: number, description: string): Recogniser {
  const alphabet = new Alphabet([whiteSpace], "code point");
  const space = alphabet.letter(0x20);
  const most = high === Infinity ? low : high;
  const automaton: LetterAutomaton = {
    alphabet,
    description,
    start: 0,
    next: (state, letter) => {
      if (letter === space) return state - (state % 2);
      if (state % 2 === 1) return state;
      if (state / 2 < most) return state + 3;
      return high === Infinity ? state + 1 : DEAD;
    },
    accepts: (state) => state >> 1 >= low,
    shortest: (state) => Math.max(0, 2 * (low - (state >> 1)) - 1 + (state % 2)),
  };
  return whole(new Spelled(automaton));
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
