/**
 * What a constraint takes: a string; a string or a list of strings; a range `lo..hi` (both ends included here, an end may be
 * `inf`); a whole number; a language model; a constraint; an object with the functions of a predicate.
 */
export type ConstraintParameter = "string" | "strings" | "range" | "int" | "lm" | "constraint" | "predicate";

/** A constraint that is written like a call, after `matches`. */
export interface ConstraintKind {
  readonly name: string;
  readonly parameters: readonly ConstraintParameter[];
  /** How many of the parameters may be left away, from the end. */
  readonly optional: number;
  /** The last parameter may be given any number of times. */
  readonly variadic: boolean;
  /** Whether the range is one of lengths or counts, which none is below zero. */
  readonly counts: boolean;
  readonly doc: string;
}

const kind = (
  name: string,
  parameters: readonly ConstraintParameter[],
  doc: string,
  { optional = 0, variadic = false, counts = true }: Partial<ConstraintKind> = {},
): ConstraintKind => ({ name, parameters, optional, variadic, counts, doc });

export const constraintKinds: readonly ConstraintKind[] = [
  kind("contains", ["strings"], "The text has this string in it, or one of these."),
  kind("starts_with", ["string"], "The text begins with this string."),
  kind("ends_with", ["string"], "The text ends with this string."),
  kind("phrases", ["strings"], "The text has all of these strings in it, in any order.", { variadic: true }),
  kind("in_order", ["strings"], "The text has these strings in it, one after the other.", { variadic: true }),
  kind("without_words", ["strings"], "The text has none of these in it as whole words, in any case.", {
    variadic: true,
  }),
  kind("count", ["string", "range"], "The text has the string in it so many times, both ends included."),
  kind("chars", ["range"], "Its length in characters is in the range, both ends included."),
  kind("words", ["range"], "Its length in words is in the range, both ends included."),
  kind("tokens", ["range", "lm"], "Its length in the model's tokens is in the range, both ends included."),
  kind("int", ["range"], "The text is a whole number of the range, both ends included.", {
    optional: 1,
    counts: false,
  }),
  kind("number", ["range"], "The text is a number of the range, written in one way.", { optional: 1, counts: false }),
  kind("decimal", ["range", "int"], "The text is a number of the range with so many digits after the point.", {
    counts: false,
  }),
  kind("date", ["string"], 'The text is a date of the calendar, written as the format says: `"YYYY-MM-DD"`.', {
    optional: 1,
  }),
  kind("sequence", ["constraint"], "The text is one of each constraint, one after the other.", { variadic: true }),
  kind(
    "repeated",
    ["constraint", "range", "constraint"],
    "So many texts of a constraint, with one of another between.",
    {
      optional: 1,
    },
  ),
  kind("predicate", ["predicate"], "The text is one that functions of the program's own say yes to."),
];

export const constraintKind: ReadonlyMap<string, ConstraintKind> = new Map(
  constraintKinds.map((each) => [each.name, each]),
);
