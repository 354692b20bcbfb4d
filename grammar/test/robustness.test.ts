import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { format, parse, parseExpression, parseMethod, print, tokenTable, type Diagnostic } from "../src/index.js";

/** Reads a text in every way there is; whatever it is, what comes back has to be sound. */
function survives(text: string): void {
  const { tree, diagnostics } = parse(text);
  expect(tree.kind).toBe("Module");
  sound(text, diagnostics);
  sound(text, parseExpression(text).diagnostics);
  sound(text, parseMethod(text).diagnostics);
  const formatted = format(text);
  const wrong = diagnostics.some((each) => each.severity === "error");
  if (wrong) expect(formatted.text).toBe(text);
  else expect(formatted.diagnostics.map((each) => each.code)).not.toContain("PGL1034");
  if (JSON.stringify(tree).includes('"MissingExpression"')) expect(wrong).toBe(true);
  print(tree);
}

function sound(text: string, diagnostics: readonly Diagnostic[]): void {
  for (const { code, span, message, hint, fix, related } of diagnostics) {
    expect(code).toMatch(/^PGL1\d{3}$/);
    expect(code, message).not.toBe("PGL1099");
    expect(message).not.toMatch(/undefined|NaN|\[object|Token/);
    expect(hint ?? "").not.toMatch(/undefined|NaN|\[object/);
    for (const each of [span, ...(fix ? [fix.span] : []), ...(related ?? []).map((one) => one.span)]) {
      expect(each.start >= 0 && each.start <= each.end && each.end <= text.length, JSON.stringify({ code, each })).toBe(
        true,
      );
    }
  }
}

const pieces = tokenTable
  .flatMap((entry) => ("text" in entry ? [entry.text as string] : []))
  .concat([
    "x",
    "1",
    '"s"',
    "/r/",
    '"',
    '"""',
    "${",
    "\n",
    "\n",
    "\n  ",
    "'",
    "`",
    "#",
    "\\",
    "//",
    "/*",
    "*/",
    "é",
    "&",
  ]);

const folder = fileURLToPath(new URL("../../examples/", import.meta.url));
const examples = readdirSync(folder)
  .filter((name) => name.endsWith(".pgl"))
  .map((name) => readFileSync(folder + name, "utf8"));

/** Milliseconds of processor time, which a busy machine does not change as it does the clock's. */
function processorTime(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe("any text", () => {
  test("of bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => survives(String.fromCharCode(...bytes))),
      { numRuns: 200 },
    );
  });
  test("of UTF-16 units, whole characters or not", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 }), (units) =>
        survives(String.fromCharCode(...units)),
      ),
      {
        numRuns: 200,
      },
    );
  });
  test("of the language's own tokens", () => {
    const words = fc.array(fc.constantFrom(...pieces), { maxLength: 80 });
    fc.assert(
      fc.property(words, fc.constantFrom(" ", ""), (texts, between) => survives(texts.join(between))),
      { numRuns: 250 },
    );
    fc.assert(
      fc.property(words, (texts) => survives(`model m() {\n${texts.join(" ")}\n}`)),
      { numRuns: 250 },
    );
  });
  test("near to a program", () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 20 }), fc.constantFrom(...pieces)), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.constantFrom(...examples), changes, (example, list) => {
        let text = example;
        for (const [at, cut, piece] of list) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + piece + text.slice(place + cut);
        }
        survives(text);
      }),
      { numRuns: 200 },
    );
  });
});

describe("nesting", () => {
  const many = 10_000;
  test.each<[string, string]>([
    ["round brackets", `const x = ${"(".repeat(many)}1${")".repeat(many)}`],
    ["open round brackets", `const x = ${"(".repeat(many)}`],
    ["square brackets", "[".repeat(30_000)],
    ["braces", `model m() {${"if a {".repeat(many)}`],
    ["interpolations", `const x = ${'"${'.repeat(many)}`],
    ["long strings with interpolations", `const x = ${'"""${'.repeat(many)}1${'}"""'.repeat(many)}`],
    ["cases", `const x = ${"match a { _ => ".repeat(many)}`],
    ["prefix operators", `const x = ${"-".repeat(many)}1`],
    ["sums", `const x = 1${" + 1".repeat(many)}`],
    ["powers", `const x = 1${" ^ 1".repeat(many)}`],
    ["members", `const x = a${".b".repeat(many)}`],
    ["calls", `const x = a${"()".repeat(many)}`],
    ["functions", `const x = ${"a => ".repeat(many)}1`],
    ["draws", `const x = ${"sample ".repeat(many)}d`],
    ["branches", `const x = if a { 1 }${" else if a { 1 }".repeat(many)}`],
    ["negations", `const x = a matches ${"not ".repeat(many)}b`],
    ["optional types", `type T = int${"?".repeat(many)}`],
    ["function types", `type T = ${"() -> ".repeat(many)}int`],
    ["type arguments", `type T = ${"list<".repeat(many)}int`],
  ])("of %s is refused in words", (_name, text) => {
    let diagnostics: readonly Diagnostic[] = [];
    expect(processorTime(() => ({ diagnostics } = parse(text)))).toBeLessThan(1500);
    expect(diagnostics.map((each) => each.code)).toContain("PGL1009");
    expect(diagnostics.length).toBeLessThan(5);
    survives(text);
  });

  test("of a hundred and ten brackets and of five hundred operands is fine", () => {
    const deep = (open: string, inside: string, close: string) => open.repeat(110) + inside + close.repeat(110);
    for (const text of [
      `const x = ${deep("(", "1", ")")}`,
      `const x = ${deep("match a { _ => ", "1", " }")}`,
      `model m() ${deep("{ if a ", "{}", " }")}`,
      `const x = a matches ${deep("(not ", "/a/", ")")}`,
      `type T = ${deep("{ a: ", "int", " }")}`,
      `const x = 1${" + 1".repeat(500)}`,
    ]) {
      expect(parse(text).diagnostics, text.slice(0, 40)).toEqual([]);
      expect(format(text).diagnostics).toEqual([]);
      print(parse(text).tree);
    }
  });

  test("is refused in words also where little of the stack is left", () => {
    const text = `const x = ${"match a { _ => f(x => { ".repeat(39)}1${"})}".repeat(39)}`;
    const within = (depth: number): readonly Diagnostic[] =>
      depth === 0 ? parse(text).diagnostics : [...within(depth - 1)];
    const found = within(7000);
    expect(found.map((each) => each.code).filter((code) => code !== "PGL1009")).toEqual([]);
    expect(parse(text).diagnostics).toEqual([]);
  });
});

describe("time", () => {
  const program = examples.join("\n");
  const long = program.repeat(Math.ceil(5000 / program.split("\n").length));

  // Several times what it takes: the bounds are there to notice what grows faster than the text.
  test("a program of 5,000 lines is read well within a second, and formatted", () => {
    expect(long.split("\n").length).toBeGreaterThan(5000);
    expect(processorTime(() => expect(parse(long).diagnostics).toEqual([]))).toBeLessThan(1000);
    expect(processorTime(() => format(long))).toBeLessThan(3000);
  });

  test.each<[string, string]>([
    ["closing brackets", "}\n".repeat(50_000)],
    ["opening brackets", "f(\n".repeat(30_000)],
    ["strings that break off", 'let x = "${a\n'.repeat(10_000)],
    ["headers without bodies", "for x in y\n".repeat(20_000) + "}".repeat(20_000)],
    ["statements on one line", `model m() { ${"a b ".repeat(50_000)}}`],
    ["errors on lines of their own", `model m() {\n${"let a = b c\n".repeat(20_000)}`],
    ["half a program", long.slice(0, long.length / 2)],
    ["characters lost here and there", [...long].filter((_, i) => i % 97 !== 0).join("")],
  ])("%s take no longer than their length warrants", (_name, text) => {
    expect(processorTime(() => parse(text))).toBeLessThan(3000);
  });
});
