import { LawError } from "./difference.js";

/** What a constraint of the language offers to everyone. */
export interface ConstraintLike {
  test(value: unknown): boolean;
  describe(): string;
}

export interface ConstraintLawOptions {
  /** Characters to make texts of. */
  readonly alphabet: readonly string[];
  /** Every text up to this many characters is tried. */
  readonly maxLength: number;
  /** What the constraint should say. */
  readonly accepts: (text: string) => boolean;
}

/** Throws unless a constraint decides every short text as it should. @throws LawError with the shortest text it gets wrong. */
export function expectConstraintLaws(
  constraint: ConstraintLike,
  options: ConstraintLawOptions,
): { readonly texts: number; readonly accepted: number } {
  let texts = 0;
  let accepted = 0;
  let length: string[] = [""];
  for (let n = 0; n <= options.maxLength; n++) {
    for (const text of length) {
      const expected = options.accepts(text);
      const actual = constraint.test(text);
      if (actual !== expected) {
        throw new LawError(`${constraint.describe()} ${actual ? "accepts" : "rejects"} ${JSON.stringify(text)}.`);
      }
      texts++;
      if (expected) accepted++;
    }
    length = length.flatMap((text) => options.alphabet.map((c) => text + c));
  }
  return { texts, accepted };
}
