import { describe, expect, it } from "vitest";
import { checkText, messages, typeOf } from "../support.js";

/** The type of `value` in a function with some parameters to use. */
async function inferred(value: string, declarations = ""): Promise<string | undefined> {
  const text = `lm writer = "stories"\ntype Mood = "glad" | "sad"\n${declarations}
model m(n: int, x: float, s: string, b: bool, xs: list<int>, o: int?, mood: Mood, t: token, p: (int, string), r: { a: int, b?: string }, k: map<string, int>, d: dist<int>) {\n  let _subject = (${value})\n}\n`;
  const { program, module } = await checkText(text);
  expect(messages(program)).toEqual([]);
  return typeOf(module, value) ?? typeOf(module, `(${value})`);
}

describe("the type of an expression", () => {
  it.each([
    ["n + 1", "int"],
    ["sum([])", "int"],
    ["float(min(sum([]), 3))", "float"],
    ["float(sort([2, 1])[0])", "float"],
    ["n + x", "float"],
    ["n / 2", "float"],
    ["n % 2", "int"],
    ["int_div(n, 2)", "int"],
    ["n ^ 2", "int"],
    ["n ^ n", "float"],
    ["-x", "float"],
    ["s + t", "string"],
    ['writer.context(s) + t + "a"', "context"],
    ["xs + [x]", "list<float>"],
    ["n < x && b", "bool"],
    ["o ?? x", "float"],
    ["o ?? none", "int?"],
    ["[1, none]", "list<int?>"],
    ["(n, s)", "(int, string)"],
    ["p.0", "int"],
    ["p[1]", "string"],
    ["r.b", "string?"],
    ['k["a"]', "int"],
    ["{ ...r, c: b }", "{ a: int, b?: string, c: bool }"],
    ['map { "a": 1, s: 2.5 }', "map<string, float>"],
    ["0..n", "list<int>"],
    ["if b { n } else { x }", "float"],
    ["if b { mood } else { s }", "string"],
    ["xs.map(v => v > 1)", "list<bool>"],
    ["xs.fold(0, (a, v) => a + v / 2)", "float"],
    ["xs.fold([], (a, v) => push(a, v))", "list<int>"],
    ["xs.fold(none, (a, v) => if a == none { v } else { a })", "int?"],
    ["first(xs)", "int?"],
    ["zip(xs, [s])", "list<(int, string)>"],
    ["group_by(xs, v => v > 1)", "map<bool, list<int>>"],
    ["entries(k)", "list<(string, int)>"],
    ["min(n, x)", "float"],
    ["max(xs)", "int"],
    ["abs(-3)", "int"],
    ["choice([1, 2])", "dist<int>"],
    ["categorical([0.5, 0.5])", "dist<int>"],
    ['categorical(map { "a": 1.0 })', "dist<string>"],
    ["mix([1, 1], [d, poisson(3)])", "dist<int>"],
    ["d.where(v => v > 1).top_k(2)", "dist<int>"],
    ["sample normal(0, 1)", "float"],
    ["writer.next(s)", "dist<token>"],
    ["writer.score(s)", "float"],
    ["writer.tokens(s)", "list<token>"],
    ["mean(d)", "float"],
    ["map(xs, string)", "list<string>"],
    ["map([s], len)", "list<int>"],
    ["(v: int) => v + x", "(int) -> float"],
    ["() => sample d", "() ~> int"],
    ["() => writer.score(s)", "() -> float"],
    ['match mood { "glad" => 1, "sad" => none }', "int?"],
    ["s matches /a/ ", "bool"],
    ["{ let q = n; q * x }", "float"],
    ["unwrap(o)", "int"],
    ['if b { n } else { fail("no") }', "int"],
    ["indexed(xs)", "list<(int, int)>"],
    ["support(d)", "list<int>"],
    ["parse_int(s) ?? 0", "int"],
  ])("%s is %s", async (value, expected) => expect(await inferred(value.trim())).toBe(expected));

  it("follows what is wanted for literals, through generic calls", async () => {
    const { program, module } = await checkText(`
type Mood = "glad" | "sad"
fn first_mood(): Mood = unwrap(first(["glad", "sad"]))
model m(): Mood {
  let mood: Mood ~ categorical(map { "glad": 1.0, "sad": 2.0 })
  let all: list<Mood> = push(["glad"], mood)
  return all[0]
}
`);
    expect(messages(program)).toEqual([]);
    expect(typeOf(module, 'push(["glad"], mood)')).toBe("list<Mood>");
  });

  it("of an inferred result follows from what it calls, in any order", async () => {
    const { program, module } = await checkText(
      "fn a(n: int) = b(n) + 0.5\nfn b(n: int) = n * 2\nmodel c() { let x ~ choice([b(1)]); return (x, a(x)) }",
    );
    expect(messages(program)).toEqual([]);
    expect(typeOf(module, "c")).toBe("() ~> (int, float)");
  });
});

describe("a `var` without a written type", () => {
  const widened = async (body: string) => {
    const { program, module } = await checkText(`fn f(xs: list<int>) {\n${body}\n}`);
    return messages(program).length > 0 ? messages(program) : typeOf(module, "v");
  };
  it("holds what is assigned later: floats, none, elements", async () => {
    expect(await widened("var v = 0\nfor x in xs { v += x / 2 }\nreturn v")).toBe("float");
    expect(await widened("var v = []\nfor x in xs { v = push(v, x) }\nreturn v")).toBe("list<int>");
    expect(await widened("var v = none\nfor x in xs { v = x }\nreturn v")).toBe("int?");
    expect(await widened("var v = map {}\nfor x in xs { v = put(v, string(x), x) }\nreturn v")).toBe(
      "map<string, int>",
    );
  });
  it("but nothing unlike", async () => {
    expect(await widened('var v = 0\nv = "a"\nreturn v')).toEqual(["PGL3001 `v` must be `int`, not `string`."]);
    expect(await widened('var v = []\nv = push(v, 1)\nv = push(v, "a")\nreturn v')).toEqual([
      "PGL3002 `x` of `push` must be `int`, not `string`.",
    ]);
  });
  it("and knows less of a distribution that may be another", async () => {
    const { module } = await checkText(
      'lm w = "stories"\nfn f(b: bool): float {\n var d = choice(["a"])\n if b { d = w.text(after: "a") }\n return log_prob(d, "a")\n}',
    );
    // Were it taken for the finite one, its density would be computed in place.
    expect([...module.effects.values()]).toEqual(["async"]);
  });
});

describe("tests narrow what follows", () => {
  it.each([
    "if o != none { return o }\nreturn 0",
    "if o == none { return 0 }\nreturn o",
    "if is_none(o) { return 0 } else { return o }",
    "if !(o == none) && o > 3 { return o }\nreturn 0",
    "if o == none || o > 3 { return 0 }\nreturn o",
    "match o { none => { return 0 }, _ => {} }\nreturn o",
    "return match o { none => 0, n => n }",
    "while o == none { return 0 }\nreturn o",
    "if r.v != none { return r.v }\nreturn 0",
    "let f = () => if o != none { o } else { 0 }\nreturn f()",
    "if o != none { return [1].map(x => x + o)[0] }\nreturn 0",
    "var v = o\nif v == none { v = 3 }\nreturn v",
    "var v: int? = 3\nv = 4\nreturn v",
    'if s.kind == "a" { return s.n }\nreturn 0',
    "return if o == none { 0 } else { o }",
    "condition o != none\nreturn o",
  ])("%s", async (body) => {
    const word = body.startsWith("condition") ? "model" : "fn";
    const declared = 's: { kind: "a" | "b", n: int }';
    const { program } = await checkText(`${word} f(o: int?, r: { v: int? }, ${declared}): int {\n${body}\n}`);
    expect(messages(program)).toEqual([]);
  });

  it("until the variable is assigned, or a loop comes round", async () => {
    const { program } = await checkText(
      "fn f(o: int?): int {\n var v = o\n if v == none { return 0 }\n for i in 0..3 {\n  let a = v + 1\n  v = if a > 1 { none } else { a }\n }\n return 1\n}",
    );
    expect(messages(program)).toEqual(["PGL3005 `+` cannot add `int?` and `int`."]);
  });
});
