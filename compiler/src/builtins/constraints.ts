/** A constraint that is written like a call, after `matches`. */
export interface ConstraintKind {
  readonly name: string;
  /** What it takes, in order: a string, a range `lo..hi` (both ends included here), a language model. */
  readonly parameters: readonly ("string" | "range" | "lm")[];
  readonly doc: string;
}

export const constraintKinds: readonly ConstraintKind[] = [
  { name: "contains", parameters: ["string"], doc: "The text has this string in it." },
  { name: "starts_with", parameters: ["string"], doc: "The text begins with this string." },
  { name: "ends_with", parameters: ["string"], doc: "The text ends with this string." },
  { name: "chars", parameters: ["range"], doc: "Its length in characters is in the range, both ends included." },
  { name: "words", parameters: ["range"], doc: "Its length in words is in the range, both ends included." },
  {
    name: "tokens",
    parameters: ["range", "lm"],
    doc: "Its length in the model's tokens is in the range, both ends included.",
  },
];

export const constraintKind: ReadonlyMap<string, ConstraintKind> = new Map(
  constraintKinds.map((kind) => [kind.name, kind]),
);

/** In the language's plan, and not here yet: an error says so. */
export const laterConstraints: ReadonlySet<string> = new Set(["lark", "int", "float"]);
