import { grammarError } from "./scan.js";
import { lowerGrammar, type RegexCompiler } from "./lower.js";
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
 * @throws GrammarError PGLC020 to PGLC024 with line, column and remedy.
 */
export function grammarRecogniser(text: string, options: GrammarOptions, regex: RegexCompiler): NetworkRecogniser {
  const network = lowerGrammar(text, options.start ?? "start", regex);
  return new NetworkRecogniser(
    prepare(network, (rule, states) => {
      const at = Math.max(0, text.search(new RegExp(`(?<!\\w)${rule.replace(/\W/g, "\\$&")}\\s*:`)));
      throw grammarError(
        text,
        at,
        "PGLC021",
        `The rule \`${rule}\` is too large: it needs more than ${states - 1} states.`,
        "Bound its repetitions by smaller numbers.",
      );
    }),
  );
}
