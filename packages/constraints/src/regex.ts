import { ConstraintError } from "./errors.js";
import { type Constraint, compiledIfPossible, decidedBy, TextConstraint } from "./constraint.js";
import { recognises } from "./recogniser.js";
import { regexRecogniser } from "./regex/index.js";

/** The engine of Node.js 20 loses matches of complements that are repeated, with the flag `v` alone. */
const losesMatches = !new RegExp("^(?:a[^a])+$", "v").test("ab");

/**
 * The whole text matches a JavaScript regular expression. Flags keep their meaning: `i` any case, `s` the dot matches line
 * ends too, `m` the expression's own `^` and `$` match at line ends, `u` or `v` code points. `g`, `y` and `d` say how to
 * search and are refused.
 *
 * @throws ConstraintError PGLC001 when the expression or its flags are malformed.
 */
export function regex(source: string, flags = ""): Constraint {
  const refused = [...flags].find((flag) => !"imsuv".includes(flag));
  if (refused !== undefined) {
    throw new ConstraintError("PGLC001", `The flag \`${refused}\` of /${source}/${flags} has no meaning here.`, {
      hint: "A constraint looks at the whole text. Its flags are i, m, s, u and v.",
    });
  }
  let whole: RegExp;
  try {
    // Alone first: the group around it would hide an unbalanced parenthesis.
    new RegExp(source, flags);
    // Not ^ and $: with `m` they would match at every line. Sticky, because a search may begin inside a character.
    whole = new RegExp(`(?:${source})(?![^])`, `${flags}y`);
  } catch (cause) {
    throw new ConstraintError("PGLC001", `/${source}/${flags} is no regular expression: ${(cause as Error).message}`, {
      cause,
    });
  }
  const asksEngine = !(losesMatches && flags.includes("v"));
  const constraint: Constraint = new TextConstraint(
    `/${source}/${flags}`,
    (text) => {
      const own = asksEngine ? null : compiledIfPossible(constraint);
      if (own !== null) return recognises(own.recogniser, text);
      whole.lastIndex = 0;
      return whole.test(text);
    },
    decidedBy(() => regexRecogniser(source, flags)),
    `/${source}/${flags}`,
  );
  return constraint;
}
