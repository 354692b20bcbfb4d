import { RunError } from "../errors.js";
import { text } from "../values.js";
import { checkLength, listOf, stringOf, type Text } from "./arguments.js";
import { codePoints } from "./code-points.js";

const separated = (operation: string, s: Text, separator: Text): readonly string[] => {
  const sep = stringOf(operation, separator);
  return sep === "" ? codePoints(stringOf(operation, s)) : stringOf(operation, s).split(sep);
};

export const strings = {
  starts_with: (s: Text, sub: Text): boolean => stringOf("starts_with", s).startsWith(stringOf("starts_with", sub)),
  ends_with: (s: Text, sub: Text): boolean => stringOf("ends_with", s).endsWith(stringOf("ends_with", sub)),

  /** The parts between the separators; between all characters when the separator is empty. */
  split: (s: Text, sep: Text): readonly string[] => separated("split", s, sep),
  /** Ended by LF or CRLF; a text that ends with one has an empty last line. */
  lines: (s: Text): readonly string[] => stringOf("lines", s).split(/\r?\n/),
  /** The runs of characters that are not white space. */
  words: (s: Text): readonly string[] => stringOf("words", s).match(/\S+/gu) ?? [],
  /** The code points. */
  chars: (s: Text): readonly string[] => codePoints(stringOf("chars", s)),
  join: (xs: readonly Text[], sep: Text = ""): string =>
    listOf("join", xs)
      .map((x) => stringOf("join", x))
      .join(stringOf("join", sep)),

  lower: (s: Text): string => stringOf("lower", s).toLowerCase(),
  upper: (s: Text): string => stringOf("upper", s).toUpperCase(),
  trim: (s: Text): string => stringOf("trim", s).trim(),
  /** Every `from` by `to`; an empty `from` stands between all characters. */
  replace: (s: Text, from: Text, to: Text): string => separated("replace", s, from).join(stringOf("replace", to)),
  /** @throws RunError PGLR057 when n is negative or the result too long. */
  repeat: (s: Text, n: number): string => {
    const part = stringOf("repeat", s);
    if (!(Number.isInteger(n) && n >= 0)) {
      throw new RunError("PGLR057", `repeat: ${n} is not a number of times.`, { hint: "It must be 0, 1, 2, …" });
    }
    checkLength("repeat", part.length * n);
    return part.repeat(n);
  },

  /** What `${x}` shows. */
  string: (x: unknown): string => text(x),
};
