import { type Constraint, TextConstraint } from "../constraint.js";
import { recognises } from "../recogniser.js";
import { regex } from "../regex.js";
import { lowerGrammar } from "./lower.js";
import { prepare } from "./prepare.js";
import { NetworkRecogniser } from "./recogniser.js";

export { GrammarError } from "./error.js";

/** The options of `grammar`. */
export interface GrammarOptions {
  /** The rule the whole text is; `start` by default. */
  readonly start?: string;
}

/**
 * The recogniser of the texts of a grammar.
 * @throws GrammarError PGLC020 where the text is no grammar, PGLC021 for what is too large, PGLC022 for undefined names,
 * PGLC023 for rules without a text, PGLC024 for terminals that are not regular: with line, column and remedy.
 */
export function grammarRecogniser(text: string, options: GrammarOptions = {}): NetworkRecogniser {
  const network = lowerGrammar(text, options.start ?? "start", (source, flags) => {
    return regex(source, flags).compiled()!.recogniser;
  });
  return new NetworkRecogniser(prepare(network));
}

/**
 * The text is one of a context-free grammar, written in the dialect of docs/grammars.md.
 * @throws GrammarError as `grammarRecogniser` does.
 */
export function grammar(text: string, options: GrammarOptions = {}): Constraint {
  const start = options.start === undefined ? "" : `, start: ${JSON.stringify(options.start)}`;
  const description = `grammar(${JSON.stringify(text)}${start})`;
  let constraint = made.get(description);
  if (constraint === undefined) {
    // At once: what is wrong with a grammar is wrong where it is written.
    const recogniser = grammarRecogniser(text, options);
    constraint = new TextConstraint(
      description,
      (value) => recognises(recogniser, value),
      () => ({ recogniser, decides: true }),
      description,
    );
    if (made.size >= 64) made.clear();
    made.set(description, constraint);
  }
  return constraint;
}

/** Programs make the same constraint again and again. */
const made = new Map<string, Constraint>();
