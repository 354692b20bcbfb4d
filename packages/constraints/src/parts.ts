import { decidedBy, type Constraint, TextConstraint } from "./constraint.js";
import { listRecogniser } from "./automata/list.js";
import { escapeRegex } from "./regex/escape.js";
import { regexRecogniser } from "./regex/index.js";

/** The text is this string, or one of these. */
export function text(options: string | readonly string[]): Constraint {
  const all = typeof options === "string" ? [options] : [...options];
  const set = new Set(all);
  const shown = all.map((s) => JSON.stringify(s));
  const description = typeof options === "string" ? shown[0]! : `[${shown.join(", ")}]`;
  return new TextConstraint(
    description,
    (value) => set.has(value),
    decidedBy(() => listRecogniser(all)),
    description,
  );
}

/** The text has this string in it, or one of these; none for an empty list. */
export function contains(part: string | readonly string[]): Constraint {
  const all = typeof part === "string" ? [part] : [...part];
  const shown = all.map((s) => JSON.stringify(s)).join(", ");
  const description = `contains(${typeof part === "string" ? shown : `[${shown}]`})`;
  return new TextConstraint(
    description,
    (value) => all.some((one) => value.includes(one)),
    decidedBy(() =>
      all.length === 0 ? listRecogniser([]) : regexRecogniser(`[^]*(?:${all.map(escapeRegex).join("|")})[^]*`),
    ),
    description,
  );
}

export function startsWith(part: string): Constraint {
  const description = `starts_with(${JSON.stringify(part)})`;
  return new TextConstraint(
    description,
    (value) => value.startsWith(part),
    decidedBy(() => regexRecogniser(`${escapeRegex(part)}[^]*`)),
    description,
  );
}

export function endsWith(part: string): Constraint {
  const description = `ends_with(${JSON.stringify(part)})`;
  return new TextConstraint(
    description,
    (value) => value.endsWith(part),
    decidedBy(() => regexRecogniser(`[^]*${escapeRegex(part)}`)),
    description,
  );
}
