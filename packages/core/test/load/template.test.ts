import { enumerate, type Model } from "@pgl/runtime";
import { loadLanguageModel, lm } from "@pgl/lm";
import { describe, expect, test } from "vitest";
import { CompileError, host, infer, pgl } from "../../src/index.js";

async function valueOf(program: Promise<{ readonly models: Readonly<Record<string, Model>> }>): Promise<unknown> {
  return (await infer((await program).models["m"]!, [], enumerate())).mode();
}

describe("values in a template", () => {
  test.each<[string | number | boolean | null | readonly number[] | Record<string, number>, unknown]>([
    [3, 3],
    [-3, -3],
    [0.25, 0.25],
    [1e-9, 1e-9],
    [2 ** 60, 2 ** 60],
    [Infinity, Infinity],
    [-Infinity, -Infinity],
    [true, true],
    [null, null],
    ["plain", "plain"],
    ['quotes " and \\ backslashes', 'quotes " and \\ backslashes'],
    ["lines\n\tand ${holes} and 🐉", "lines\n\tand ${holes} and 🐉"],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [
      { a: 1, b: -2 },
      { a: 1, b: -2 },
    ],
  ])("%j is itself", async (value, expected) => {
    expect(await valueOf(pgl`model m() { return ${value} }`)).toEqual(expected);
  });

  test("may be nested", async () => {
    const data = [
      { name: "Ann", scores: [1, 2] },
      { name: "Bob", scores: [] },
    ];
    expect(await valueOf(pgl`model m() { return ${data}[0].scores[1] }`)).toBe(2);
    expect(
      await valueOf(
        pgl`model m() { return ${new Map([
          ["a", 1],
          ["b", 2],
        ])}["b"] }`,
      ),
    ).toBe(2);
  });

  test("inside a text are part of the text", async () => {
    const hero = 'Max "the" $dragon';
    expect(await valueOf(pgl`model m() { return "One day, ${hero} met ${3} others." }`)).toBe(
      'One day, Max "the" $dragon met 3 others.',
    );
    expect(
      await valueOf(pgl`model m() { let n = 2
      return "${hero}: \${n + ${40}}" }`),
    ).toBe('Max "the" $dragon: 42');
    expect(
      await valueOf(pgl`model m() { return """
      ${hero}
      """ }`),
    ).toBe(hero);
  });

  test("escapes belong to PGL", async () => {
    expect(await valueOf(pgl`model m() { return "a\n\`b\`" }`)).toBe("a\n`b`");
    expect(await valueOf(pgl`model m() { return "abc" matches /\w+/ }`)).toBe(true);
  });

  test("that PGL does not know are refused, with the part that is wrong", async () => {
    await expect(pgl`model m() { return ${NaN} }`).rejects.toThrow("NaN");
    await expect(pgl`model m() { return ${[1, { a: undefined }] as never} }`).rejects.toThrow("[1].a is undefined");
    await expect(pgl`model m() { return ${(() => 1) as never} }`).rejects.toThrow(
      "is a function, whose type is not known",
    );
    await expect(pgl`model m() { return ${new Date() as never} }`).rejects.toThrow("class Date");
    await expect(pgl`model m() { return ${{ "not a name": 1 }} }`).rejects.toThrow("not a name in PGL");
    await expect(pgl`model m() { return "a" matches /a${1}/ }`).rejects.toThrow("inside a regular expression");
  });
});

describe("functions in a template", () => {
  test("are called with PGL's values", async () => {
    const seen: unknown[] = [];
    const f = (s: string, xs: readonly number[], r: { readonly a: number }): number => {
      seen.push([s, xs, r]);
      return 0.5;
    };
    const type = host("(string, list<int>, { a: float }) -> float", f);
    expect(await valueOf(pgl`model m() { return ${type}("x", [1, 2], { a: 0.5 }) }`)).toBe(0.5);
    expect(seen).toEqual([["x", [1, 2], { a: 0.5 }]]);
  });

  test("may be asynchronous", async () => {
    const f = host.async("(string) -> string?", async (s: string) => (s === "a" ? "yes" : null));
    expect(
      await valueOf(pgl`model m() { let f = ${f}("a")
      return f ?? "no" }`),
    ).toBe("yes");
  });

  test("are checked against their types, by the compiler and while it runs", async () => {
    await expect(pgl`model m() { return ${host("(string) -> float", () => 1)}(3) }`).rejects.toThrow(CompileError);
    const liar = host("(string) -> float", () => "high");
    await expect(valueOf(pgl`model m() { return ${liar}("a") }`)).rejects.toThrow('"high" where float is declared');
    await expect(pgl`model m() { return ${host("string", () => 1)}("a") }`).rejects.toThrow(
      "not the type of a function",
    );
    await expect(pgl`model m() { return ${host("(string) -> int", () => 1)}("a") }`).rejects.toThrow(
      "numbers are floats",
    );
    await expect(pgl`model m() { return ${host("(string -> ", () => 1)}("a") }`).rejects.toThrow('host("(string -> "');
  });
});

test("a language model stands for its spec", async () => {
  const sky = await loadLanguageModel(
    `table:${new URL("../../../../examples/models/sky.json", import.meta.url).pathname}`,
  );
  for (const model of [sky, lm("anything", sky)]) {
    const program = await pgl`
      lm words = ${model}
      model m() { let w ~ words.choose(after: "", options: ["skill", "cloud"])
        return w }
    `;
    const posterior = await infer(program.m!, [], enumerate());
    expect(posterior.probability((w) => w === "cloud")).toBeCloseTo(0.959596, 5);
  }
});

test("errors of the program show the values as they stand in it", async () => {
  await expect(pgl`model m() { return ${"a"} + ${1} }`).rejects.toThrow('"a" + 1');
});
