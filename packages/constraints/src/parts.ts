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

/** The text has this string in it. */
export function contains(part: string): Constraint {
  const description = `contains(${JSON.stringify(part)})`;
  return new TextConstraint(
    description,
    (value) => value.includes(part),
    decidedBy(() => regexRecogniser(`[^]*${escapeRegex(part)}[^]*`)),
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
