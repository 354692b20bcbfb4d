import { allOf } from "./automata/combine.js";
import { whole } from "./automata/dfa.js";
import { LazyRecogniser } from "./automata/lazy.js";
import { utf8 } from "./automata/utf8.js";
import { combine } from "./combination.js";
import { type Constraint, decidedBy, TextConstraint } from "./constraint.js";
import { ConstraintError } from "./errors.js";
import { contains } from "./parts.js";
import { regex } from "./regex.js";
import { escapeRegex } from "./regex/escape.js";
import { regexRecogniser } from "./regex/index.js";

type Strings = readonly (string | readonly string[])[];

/** The text has all of these strings in it, in any order; they may overlap. */
export function phrases(...parts: Strings): Constraint {
  const all = flat("phrases", parts);
  return named(`phrases(${quoted(all)})`, combine.and(...all.map((part) => contains(part))));
}

/** The text has these strings in it in this order, one after the other. */
export function inOrderOf(...parts: Strings): Constraint {
  const all = flat("in_order", parts);
  const description = `in_order(${quoted(all)})`;
  return new TextConstraint(
    description,
    (text) => {
      // Each as early as it can be: that leaves most for those after it.
      let at = 0;
      for (const part of all) {
        const found = text.indexOf(part, at);
        if (found < 0) return false;
        at = found + part.length;
      }
      return true;
    },
    decidedBy(() => regexRecogniser(`[^]*${all.map((part) => `${escapeRegex(part)}[^]*`).join("")}`)),
    description,
  );
}

/** What is part of a word: letters of any script, marks on them, digits and `_`. */
const WORD = "[\\p{L}\\p{M}\\p{N}_]";

/** The text has none of these words in it: not as whole words, in any case. A word may be several words, as a name is. */
export function withoutWords(...words: Strings): Constraint {
  const all = flat("without_words", words);
  const some = all.map(escapeRegex).join("|");
  const banned = regex(`[^]*(?<!${WORD})(?:${some})(?!${WORD})[^]*`, "iu");
  return named(`without_words(${quoted(all)})`, combine.not(banned));
}

/**
 * The text has this string in it `low` to `high` times, both included; what overlaps is counted once, from the left.
 * @throws ConstraintError PGLC002 for a range that is none, PGLC009 for an empty string.
 */
export function count(part: string, low: number, high: number): Constraint {
  const isNumber = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
  if (!isNumber(low) || !(isNumber(high) || high === Infinity) || low > high) {
    throw new ConstraintError(
      "PGLC002",
      `\`count\` needs a range of whole numbers, the smaller first and none negative, not ${low}..${high}.`,
    );
  }
  const [own] = flat("count", [part]) as [string];
  const description = `count(${JSON.stringify(own)}, ${low}..${high === Infinity ? "inf" : high})`;
  return new TextConstraint(
    description,
    (text) => {
      const n = text.split(own).length - 1;
      return n >= low && n <= high;
    },
    () => {
      // Half of a character has no bytes to look for: the finished text is asked.
      if (!isWellFormed(own)) return null;
      const counting = whole(new Counting(new TextEncoder().encode(own), low, high, description));
      return { recogniser: allOf([utf8, counting], description), decides: true };
    },
    description,
  );
}

/** The state is how often the string has been found, and how much of it the text ends with (Knuth, Morris and Pratt 1977). */
class Counting extends LazyRecogniser<number> {
  private readonly most: number;
  /** By length of a beginning, the length of the longest shorter one that it ends with. */
  private readonly failure: Int32Array;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly low: number,
    private readonly high: number,
    description: string,
  ) {
    super(description, classesOf(bytes));
    this.most = high === Infinity ? low : high;
    this.failure = new Int32Array(bytes.length + 1);
    for (let i = 1, k = 0; i < bytes.length; i++) {
      while (k > 0 && bytes[i] !== bytes[k]) k = this.failure[k]!;
      if (bytes[i] === bytes[k]) k++;
      this.failure[i + 1] = k;
    }
  }

  protected begin(): number {
    return 0;
  }

  protected next(value: number, byte: number): number | null {
    const { bytes, failure } = this;
    let matched = value % bytes.length;
    const found = (value - matched) / bytes.length;
    while (matched > 0 && bytes[matched] !== byte) matched = failure[matched]!;
    if (bytes[matched] === byte) matched++;
    if (matched < bytes.length) return found * bytes.length + matched;
    if (found < this.most) return (found + 1) * bytes.length;
    return this.high === Infinity ? found * bytes.length : null;
  }

  protected isAccepting(value: number): boolean {
    return Math.floor(value / this.bytes.length) >= this.low;
  }

  protected bound(value: number): number {
    const matched = value % this.bytes.length;
    return (this.low - (value - matched) / this.bytes.length) * this.bytes.length - matched;
  }

  protected key(value: number): number {
    return value;
  }
}

function classesOf(bytes: Uint8Array): Uint8Array {
  const classes = new Uint8Array(256);
  [...new Set(bytes)].forEach((byte, i) => (classes[byte] = i + 1));
  return classes;
}

const quoted = (texts: readonly string[]): string => texts.map((s) => JSON.stringify(s)).join(", ");

/** The same constraint under the name it was made by. */
function named(description: string, constraint: Constraint): Constraint {
  return new TextConstraint(
    description,
    (text, environment) => constraint.test(text, environment),
    () => constraint.compiled(),
    description,
  );
}

function flat(name: string, parts: Strings): readonly string[] {
  const all = parts.flat();
  if (all.length > 0 && all.every((part) => typeof part === "string" && part !== "")) return all;
  throw new ConstraintError("PGLC009", `\`${name}\` needs strings of at least one character.`);
}

function isWellFormed(text: string): boolean {
  return new TextDecoder().decode(new TextEncoder().encode(text)) === text;
}
