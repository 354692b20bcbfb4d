import type { Constraint } from "@pgl/constraints";
import type { Drawable, Site } from "@pgl/runtime";
import { LanguageModelError } from "../errors.js";
import { isText } from "../processes/mixed-text.js";

/**
 * What compiled programs draw from where a text is drawn and then observed, at `site`, to match: the text conditioned on the
 * constraint.
 */
export function guided(text: Drawable<string>, wanted: Constraint, site: Site): Drawable<string> {
  if (isText(text)) return text.matching(wanted, site);
  throw new LanguageModelError("PGLM014", `A ${text.name} is not drawn token by token, so nothing can guide it.`, {
    site,
  });
}
