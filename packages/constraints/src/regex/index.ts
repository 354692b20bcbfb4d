import { whole } from "../automata/dfa.js";
import { Spelled } from "../automata/spelled.js";
import type { Recogniser } from "../recogniser.js";
import { RegexAutomaton } from "./letter-automaton.js";
import { programOf } from "./program.js";

/**
 * The recogniser of the texts that a JavaScript regular expression matches from end to end. The expression and its flags
 * (of `imsuv`) must be well-formed.
 * @throws ConstraintError PGLC006 when it is too large, PGLC007 when no finite automaton can check it.
 */
export function regexRecogniser(source: string, flags = ""): Recogniser {
  return whole(new Spelled(new RegexAutomaton(programOf(source, flags))));
}
