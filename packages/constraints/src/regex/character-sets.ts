import type { AST } from "@eslint-community/regexpp";
import { LAST_CODE_POINT, LAST_UNIT } from "../automata/alphabet.js";
import { type CodePointSet, complement, intersection, ofRanges, union } from "../automata/code-point-set.js";
import { ConstraintError } from "../errors.js";

/** What decides which characters a piece of an expression stands for. */
export interface SetFlags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  /** `u` or `v`: the expression reads code points, not UTF-16 units. */
  readonly unicode: boolean;
  readonly unicodeSets: boolean;
}

/** A character of an expression, or a class of them, may also stand for longer strings (`v` alone). */
export interface ClassContents {
  readonly set: CodePointSet;
  readonly strings: readonly string[];
}

type SetNode = AST.Character | AST.CharacterSet | AST.CharacterClass | AST.ExpressionCharacterClass;

export const lineEnds: CodePointSet = [0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029];
export const digits: CodePointSet = [0x30, 0x39];
export const wordCharacters: CodePointSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** White space and line ends, as `\s` has them (ECMA-262, WhiteSpace and LineTerminator). */
export const whiteSpace: CodePointSet = ofRanges([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);

/**
 * The characters a piece of an expression stands for, by the rules of the flags. What case folding and Unicode properties
 * are is asked of the JavaScript engine itself.
 */
export function contentsOf(node: SetNode, flags: SetFlags): ClassContents {
  const plain = plainContents(node, flags);
  if (!flags.ignoreCase) return plain;
  // Characters without another case mean the same with `i` and without; about the others the engine is asked.
  const cased = casedCharacters(flags.unicode);
  const matched = matchedBy(node.raw, flags, cased.text);
  const last = lastOf(flags);
  return {
    set: union(intersection(plain.set, complement(cased.set, last)), matched),
    strings: plain.strings,
  };
}

/** What `\w` is to `\b`: with `i` and `u` two letters more. */
export function wordSet(flags: SetFlags): CodePointSet {
  if (!(flags.ignoreCase && flags.unicode)) return wordCharacters;
  return union(wordCharacters, matchedBy("\\w", flags, casedCharacters(true).text));
}

const lastOf = (flags: SetFlags): number => (flags.unicode ? LAST_CODE_POINT : LAST_UNIT);

function plainContents(node: SetNode, flags: SetFlags): ClassContents {
  switch (node.type) {
    case "Character":
      return only([node.value, node.value]);
    case "CharacterSet":
      return characterSet(node, flags);
    case "CharacterClass":
      return characterClass(node, flags);
    case "ExpressionCharacterClass": {
      const inner = operation(node.expression, flags);
      return node.negate ? only(complement(inner.set, lastOf(flags))) : inner;
    }
  }
}

function characterSet(node: AST.CharacterSet, flags: SetFlags): ClassContents {
  const last = lastOf(flags);
  switch (node.kind) {
    case "any":
      return only(flags.dotAll ? [0, last] : complement(lineEnds, last));
    case "digit":
      return only(node.negate ? complement(digits, last) : digits);
    case "space":
      return only(node.negate ? complement(whiteSpace, last) : whiteSpace);
    case "word":
      return only(node.negate ? complement(wordCharacters, last) : wordCharacters);
    case "property": {
      if (node.strings) {
        throw new ConstraintError("PGLC007", `\`${node.raw}\` is a property of strings, which is not supported.`, {
          hint: "Use properties of single characters, or list the strings: \\q{…|…}.",
        });
      }
      return only(propertySet(node.raw));
    }
  }
}

function characterClass(node: AST.CharacterClass, flags: SetFlags): ClassContents {
  const parts = (node.elements as readonly AST.CharacterClassElement[]).map((e) => element(e, flags));
  const set = union(...parts.map((p) => p.set));
  if (node.negate) return only(complement(set, lastOf(flags)));
  return { set, strings: [...new Set(parts.flatMap((p) => p.strings))] };
}

function element(node: AST.CharacterClassElement | AST.ClassSetOperand, flags: SetFlags): ClassContents {
  switch (node.type) {
    case "CharacterClassRange":
      return only([node.min.value, node.max.value]);
    case "ClassStringDisjunction": {
      const singles: [number, number][] = [];
      const strings: string[] = [];
      for (const { elements } of node.alternatives) {
        const values = elements.map((c) => c.value);
        if (values.length === 1) singles.push([values[0]!, values[0]!]);
        else strings.push(String.fromCodePoint(...values));
      }
      return { set: ofRanges(singles), strings };
    }
    default:
      return plainContents(node, flags);
  }
}

function operation(node: AST.ClassIntersection | AST.ClassSubtraction, flags: SetFlags): ClassContents {
  const side = (n: AST.ClassIntersection | AST.ClassSubtraction | AST.ClassSetOperand): ClassContents =>
    n.type === "ClassIntersection" || n.type === "ClassSubtraction" ? operation(n, flags) : element(n, flags);
  const left = side(node.left);
  const right = side(node.right);
  const inRight = new Set(right.strings);
  return node.type === "ClassIntersection"
    ? { set: intersection(left.set, right.set), strings: left.strings.filter((s) => inRight.has(s)) }
    : {
        set: intersection(left.set, complement(right.set, LAST_CODE_POINT)),
        strings: left.strings.filter((s) => !inRight.has(s)),
      };
}

const only = (set: CodePointSet): ClassContents => ({ set, strings: [] });

/** The characters of `text` that the piece matches alone. */
function matchedBy(raw: string, flags: SetFlags, text: string): CodePointSet {
  const letters = `${flags.ignoreCase ? "i" : ""}${flags.dotAll ? "s" : ""}${flags.unicodeSets ? "v" : flags.unicode ? "u" : ""}`;
  const expression = new RegExp(`^(?:${raw})$`, letters);
  const found: [number, number][] = [];
  const each = flags.unicode ? text : text.split("");
  for (const character of each) {
    if (!expression.test(character)) continue;
    const value = flags.unicode ? character.codePointAt(0)! : character.charCodeAt(0);
    found.push([value, value]);
  }
  return ofRanges(found);
}

interface Cased {
  readonly set: CodePointSet;
  readonly text: string;
}

const cased = new Map<boolean, Cased>();

/** Characters that have another case, and those that are another case of one. */
function casedCharacters(unicode: boolean): Cased {
  const known = cased.get(unicode);
  if (known !== undefined) return known;
  const found = new Set<string>();
  for (const [character] of everyCodePoint().matchAll(/[\p{CWCM}\p{CWCF}]/gu)) {
    for (const variant of [character, character.toUpperCase(), character.toLowerCase()]) {
      const length = variant.codePointAt(0)! > LAST_UNIT ? 2 : 1;
      if (variant.length === length && (unicode || length === 1)) found.add(variant);
    }
  }
  const text = [...found].join("");
  const answer = { text, set: ofRanges([...found].map((c) => [c.codePointAt(0)!, c.codePointAt(0)!])) };
  cased.set(unicode, answer);
  return answer;
}

const properties = new Map<string, CodePointSet>();

/** What `\p{…}` stands for, by the tables of the engine. */
function propertySet(raw: string): CodePointSet {
  let set = properties.get(raw);
  if (set === undefined) {
    const ranges: [number, number][] = [];
    // A run never crosses from before the surrogates to after them: code points in between are tried alone.
    for (const match of everyCodePoint().matchAll(new RegExp(`${raw}+`, "gu"))) {
      const run = match[0];
      const low = run.codePointAt(0)!;
      const high = run.codePointAt(run.length - (isLow(run.charCodeAt(run.length - 1)) ? 2 : 1))!;
      if (low < 0xd800 && high > 0xdfff) ranges.push([low, 0xd7ff], [0xe000, high]);
      else ranges.push([low, high]);
    }
    properties.set(raw, (set = ofRanges(ranges)));
  }
  return set;
}

const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

let allText: string | null = null;

/** All code points in order, without the surrogates: they stand in no text. */
function everyCodePoint(): string {
  if (allText === null) {
    const parts: string[] = [];
    const block: number[] = [];
    for (let c = 0; c <= LAST_CODE_POINT; c++) {
      if (c >= 0xd800 && c <= 0xdfff) continue;
      block.push(c);
      if (block.length === 4096) parts.push(String.fromCodePoint(...block.splice(0)));
    }
    parts.push(String.fromCodePoint(...block));
    allText = parts.join("");
  }
  return allText;
}
