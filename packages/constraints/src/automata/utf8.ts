import { Alphabet, LAST_CODE_POINT } from "./alphabet.js";
import { explore } from "./dfa.js";
import { type LetterAutomaton, Spelled } from "./spelled.js";

const any: LetterAutomaton = {
  alphabet: new Alphabet([[0, LAST_CODE_POINT]], "code point"),
  description: "any text",
  start: 0,
  next: () => 0,
  accepts: () => true,
  shortest: () => 0,
};

/** Accepts every text: what is valid UTF-8. It has fewer than 16 states. */
export const utf8 = explore(new Spelled(any), 16)!;
