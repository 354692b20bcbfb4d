import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constraint, ConstraintError, type GrammarError, grammarRecogniser } from "../../src/index.js";
import { parseGrammar } from "../../src/grammar/parse.js";
import type { Pattern } from "../../src/grammar/syntax.js";
import { recognises } from "../../src/recogniser.js";
import { randomFrom, walk } from "../json-schema/oracle.js";

/**
 * Whether a text belongs to a grammar, straight from the meaning of the dialect: where in the text each part may end when it
 * begins somewhere, as sets that grow until nothing is added.
 */
function belongs(source: string, text: string): boolean {
  const { definitions, ignored } = parseGrammar(source);
  const bodies = new Map(definitions.map((d) => [d.name, d.body]));
  /** Ends of the rule from a place, as known so far. */
  const table = new Map<string, Set<number>>();
  let grown = true;
  const ends = (name: string, at: number): Set<number> => {
    const key = `${name}@${at}`;
    let found = table.get(key);
    if (found === undefined) {
      table.set(key, (found = new Set()));
      grown = true;
    }
    return found;
  };
  const isTerminal = (name: string): boolean => /^_*[A-Z]/.test(name);
  const skip = (from: ReadonlySet<number>): Set<number> => {
    const all = new Set(from);
    for (const at of all) for (const pattern of ignored) for (const end of match(pattern, at, true)) all.add(end);
    return all;
  };
  function match(pattern: Pattern, at: number, inside: boolean): Set<number> {
    const terminal = (found: Set<number>): Set<number> => (inside ? found : skip(found));
    switch (pattern.kind) {
      case "string": {
        const part = text.slice(at, at + pattern.text.length);
        const same = pattern.anyCase ? part.toLowerCase() === pattern.text.toLowerCase() : part === pattern.text;
        return terminal(new Set(same ? [at + pattern.text.length] : []));
      }
      case "range": {
        const c = text.codePointAt(at);
        const is = c !== undefined && pattern.low.codePointAt(0)! <= c && c <= pattern.high.codePointAt(0)!;
        return terminal(new Set(is ? [at + String.fromCodePoint(c).length] : []));
      }
      case "regex": {
        const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags);
        const found = new Set<number>();
        for (let end = at; end <= text.length; end++) if (whole.test(text.slice(at, end))) found.add(end);
        return terminal(found);
      }
      case "name":
        if (isTerminal(pattern.name)) return terminal(match(bodies.get(pattern.name)!, at, true));
        return ends(pattern.name, at);
      case "sequence":
        return pattern.parts.reduce((from, part) => then(from, part, inside), new Set([at]));
      case "choice":
        return new Set(pattern.options.flatMap((option) => [...match(option, at, inside)]));
      case "repeat": {
        let from = new Set([at]);
        for (let i = 0; i < pattern.low; i++) from = then(from, pattern.part, inside);
        const all = new Set(from);
        for (let i = pattern.low; i < pattern.high; i++) {
          from = then(from, pattern.part, inside);
          const size = all.size;
          for (const end of from) all.add(end);
          if (all.size === size) break;
        }
        return all;
      }
    }
  }
  const then = (from: ReadonlySet<number>, part: Pattern, inside: boolean): Set<number> =>
    new Set([...from].flatMap((at) => [...match(part, at, inside)]));

  const begins = [...skip(new Set([0]))];
  begins.forEach((at) => ends("start", at));
  while (grown) {
    grown = false;
    for (const key of [...table.keys()]) {
      const [name, at] = key.split("@") as [string, string];
      const found = table.get(key)!;
      for (const end of match(bodies.get(name)!, Number(at), false)) {
        if (found.has(end)) continue;
        found.add(end);
        grown = true;
      }
    }
  }
  return begins.some((at) => ends("start", at).has(text.length));
}

const grammars: Record<string, string> = {
  arithmetic: `
    start: sum
    sum: sum "+" product | sum "-" product | product
    product: product "*" atom | atom
    atom: NUMBER | "(" sum ")"
    NUMBER: /[0-9]+/
    %ignore " "`,
  "without ignoring": `start: "a" start "b" | "c"+ | `,
  repetitions: `start: "a"~2 "b"~1..3 ("c" | "d")* [x] x?
    x: "e"+`,
  "words and ranges": `start: WORD ("," WORD)*
    WORD: "a".."f" LETTER*
    LETTER: "a".."z" | "é".."ü"
    %ignore /[ \\t]+/`,
  "any case": `start: "select"i " " NAME (" where"i " " NAME)?
    NAME: /[a-z_]+/`,
  "keywords are no more than their letters": `start: ("if" | NAME)+
    NAME: /[a-z]/`,
  "a terminal that may be empty": `start: A B A
    A: /x*/
    B: "y"?`,
  ambiguous: `start: start start | "a" | "b" start "b"`,
  "json, nearly": `
    ?start: value
    value: object | array | STRING | NUMBER | "true" | "false" | "null"
    object: "{" [pair ("," pair)*] "}"
    pair: STRING ":" value -> member
    array: "[" [value ("," value)*] "]"
    STRING: /"[^"\\\\]*"/
    NUMBER: /-?(0|[1-9][0-9]*)/
    %ignore /[ \\n]/`,
  comments: `// a comment
    start: "a" # another
         | "b" // and one "with quotes"
    `,
  "ignored: two kinds": `start: "x"+
    %ignore " " | "-"
    %ignore COMMENT
    COMMENT: /\\([^)]*\\)/`,
  "ends in what is optional": `start: line* last?
    line: /[a-c]+/ "\\n"
    last: /[a-c]+/`,
};

describe("the dialect", () => {
  it.each(Object.entries(grammars))("means what it says: %s", (_, source) => {
    const recogniser = grammarRecogniser(source);
    const random = randomFrom(17);
    const letters = [...'ab c(d)e+x*1-2,\n{}[]:"yifé'];
    const texts = new Set<string>([""]);
    for (let n = 0; n < 60; n++) {
      const text = walk(recogniser, random, n % 12).slice(0, 60);
      texts.add(text);
      const at = Math.floor(random() * (text.length + 1));
      const letter = letters[Math.floor(random() * letters.length)]!;
      texts.add(text.slice(0, at) + text.slice(at + 1));
      texts.add(text.slice(0, at) + letter + text.slice(at));
      texts.add(text.slice(0, at) + letter + text.slice(at + 1));
    }
    for (const text of texts) {
      // A cut may have gone through a surrogate pair: that is no text.
      if (/\p{Surrogate}/u.test(text)) continue;
      expect([text, recognises(recogniser, text)]).toEqual([text, belongs(source, text)]);
    }
  });

  it("takes names from the library", () => {
    const recogniser = grammarRecogniser(`start: SIGNED_NUMBER WS NAME ESCAPED_STRING
      %import common.SIGNED_NUMBER
      %import common.WS
      %import common.CNAME -> NAME
      %import common.ESCAPED_STRING`);
    expect(recognises(recogniser, '-12.5e3 \n x_1"a\\"b"')).toBe(true);
    expect(recognises(recogniser, "-12.5e3 x_1")).toBe(false);
  });

  it("begins with another rule when told so", () => {
    const source = 'start: "a" other\nother: "b" | "c"';
    expect(recognises(grammarRecogniser(source, { start: "other" }), "c")).toBe(true);
    expect(recognises(grammarRecogniser(source, { start: "other" }), "ac")).toBe(false);
  });

  it("is a constraint like others", () => {
    const sums = constraint.grammar('start: "1" ("+" "1")*');
    expect(sums.test("1+1")).toBe(true);
    expect(constraint.and(sums, constraint.chars(5, 5)).test("1+1+1")).toBe(true);
    expect(constraint.and(sums, constraint.chars(5, 5)).test("1+1")).toBe(false);
    expect(sums.describe()).toBe('grammar("start: \\"1\\" (\\"+\\" \\"1\\")*")');
  });

  it("is linear in right recursion and in nesting", () => {
    const lists = grammarRecogniser('start: "a" start | "b" start "c" |');
    expect(recognises(lists, "a".repeat(20_000))).toBe(true);
    expect(recognises(lists, "b".repeat(5000) + "c".repeat(5000))).toBe(true);
  });
});

const failure = (source: string): GrammarError => {
  try {
    grammarRecogniser(source);
  } catch (error) {
    return error as GrammarError;
  }
  throw new Error("there was no error");
};

describe("errors", () => {
  it.each([
    ['start: "a" nome\nname: "b"', "PGLC022", 1, 12, "There is no rule `nome`. "],
    ["start: WRD\nWORD: /a/", "PGLC022", 1, 8, "There is no terminal `WRD`."],
    ['begin: "a"', "PGLC022", 1, 1, "There is no rule `start`, where the text begins."],
    ['start: "a"\nstart: "b"', "PGLC022", 2, 1, "`start` is defined twice."],
    ['start: x\nx: x "a" | "b" x', "PGLC023", 1, 1, "No text ever ends the rule `start`"],
    ['start: "a" | x\n  x: "b" y\ny: x', "PGLC023", 2, 3, "No text ever ends the rule `x`"],
    ['start: A\nA: "a" b\nb: "c"', "PGLC024", 2, 8, "A terminal cannot contain the rule `b`."],
    ['start: A\nA: "a" A | "b"', "PGLC024", 2, 8, "The terminal `A` contains itself."],
    ["start: A\nA: /[/", "PGLC020", 2, 4, "This regular expression has no end."],
    ["start: A\nA: /a(/", "PGLC001", 2, 4, "is no regular expression"],
    ['start: "a', "PGLC020", 1, 8, "This string has no end."],
    ["start: 'a'", "PGLC020", 1, 8, "A string is written in double quotes."],
    ['start: "a" )', "PGLC020", 1, 12, "Here a definition `name: …` is missing before `)`."],
    ['start: ("a"', "PGLC020", 1, 12, "Here `)` is missing before the end."],
    ['start: "a"~3..2', "PGLC020", 1, 11, "~3..2 is no range."],
    ['start: "b".."a"', "PGLC020", 1, 8, "No character is in this range."],
    ['start.2: "b"', "PGLC020", 1, 6, "Priorities are not in this dialect."],
    ["%declare A", "PGLC020", 1, 1, "The directive `%declare` is not in this dialect."],
    ["start: WORD\n%import common.WRD", "PGLC022", 2, 16, "`common` has no terminal `WRD`."],
    ["start: WORD", "PGLC022", 1, 8, "There is no terminal `WORD`."],
    ['start: "\\q"', "PGLC020", 1, 9, "`\\q` is no escape."],
    ['Start: "a"', "PGLC020", 1, 1, "`Start` mixes capitals and small letters."],
    ['start: x~120000\nx: "ab"', "PGLC021", 1, 9, "`start` makes the grammar too large"],
    ["start: A\nA: /(?:a|b)*a(?:a|b){18}/", "PGLC021", 2, 4, "needs more than 10000 states"],
  ])("%j", (source, code, line, column, message) => {
    const error = failure(source);
    expect(error).toBeInstanceOf(ConstraintError);
    expect([error.code, error.line, error.column]).toEqual([code, line, column]);
    expect(error.message).toContain(message.trim());
  });

  it("end with a remedy or are named, whatever the text (random texts)", () => {
    const pieces = [
      "start",
      "x",
      "A",
      ":",
      "|",
      "(",
      ")",
      "[",
      "]",
      '"a"',
      "/b+/",
      "*",
      "+",
      "?",
      "~",
      "2",
      "..",
      "\n",
      "%ignore",
      "->",
      "#",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), (parts) => {
        try {
          grammarRecogniser(parts.join(" "));
        } catch (error) {
          expect(error).toBeInstanceOf(ConstraintError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
