import { describe, expect, it } from "vitest";
import { constraint, jsonRecogniser, recognises, SchemaError } from "../../src/index.js";

const failure = (schema: unknown): SchemaError => {
  try {
    jsonRecogniser(schema);
  } catch (error) {
    if (error instanceof SchemaError) return error;
    throw error;
  }
  throw new Error("there was no error");
};

const two = { type: "array", items: { type: "integer" }, uniqueItems: true };

describe("errors name the place in the schema", () => {
  it.each<[string, unknown, string, string]>([
    ["an unknown keyword", { properties: { a: { foo: 1 } } }, "PGLC030", "/properties/a/foo"],
    ["one of an older draft", { $defs: { a: { additionalItems: false } } }, "PGLC030", "/$defs/a/additionalItems"],
    ["a dynamic reference", { items: { $dynamicRef: "#x" } }, "PGLC030", "/items/$dynamicRef"],
    ["unevaluated properties", { unevaluatedProperties: false }, "PGLC030", "/unevaluatedProperties"],
    ["an unknown format", { anyOf: [{ type: "string", format: "isbn" }] }, "PGLC030", "/anyOf/0/format"],
    ["a reference outside", { $ref: "https://example.org/x.json" }, "PGLC030", "/$ref"],
    ["a reference to nothing", { properties: { a: { $ref: "#/$defs/b" } } }, "PGLC031", "/properties/a/$ref"],
    [
      "a reference to itself",
      { $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } }, allOf: [{ $ref: "#/$defs/a" }] },
      "PGLC031",
      "/allOf/0",
    ],
    ["a negative length", { properties: { "a/b": { minLength: -1 } } }, "PGLC031", "/properties/a~1b/minLength"],
    ["a list of items", { items: [{}] }, "PGLC031", "/items"],
    ["an unknown type", { type: "float" }, "PGLC031", "/type"],
    ["an empty enum", { enum: [] }, "PGLC031", "/enum"],
    ["multiples of nothing", { multipleOf: 0 }, "PGLC031", "/multipleOf"],
    ["`then` alone", { then: {} }, "PGLC031", "/then"],
    ["`maxContains` alone", { maxContains: 1 }, "PGLC031", "/maxContains"],
    ["a broken pattern", { pattern: "(" }, "PGLC031", "/pattern"],
    ["a pattern with a backreference", { pattern: "(a+)\\1" }, "PGLC032", "/pattern"],
    ["no schema at all", "3", "PGLC031", ""],
    ["no schema within", { not: 3 }, "PGLC031", "/not"],
    ["unique items without end", { properties: { a: two } }, "PGLC032", "/properties/a/uniqueItems"],
    [
      "unique items of many values",
      { ...two, items: { type: "integer", minimum: 1, maximum: 13 } },
      "PGLC032",
      "/uniqueItems",
    ],
    ["unique items negated", { not: { ...two, items: { type: "boolean" } } }, "PGLC032", "/not/uniqueItems"],
    [
      "overlapping options that cannot be parted",
      { oneOf: [two, { type: "array", minItems: 1 }] },
      "PGLC032",
      "/oneOf",
    ],
    ["names that cannot be counted", { type: "object", minProperties: 2 }, "PGLC032", "/minProperties"],
    ["nothing", false, "PGLC033", ""],
    ["a contradiction", { type: "integer", minimum: 3, maximum: 2 }, "PGLC033", ""],
    [
      "one in a member",
      { type: "object", properties: { a: { type: "string", const: 1 } }, required: ["a"] },
      "PGLC033",
      "/properties/a",
    ],
    [
      "recursion without an end",
      { type: "object", properties: { a: { $ref: "#" } }, required: ["a"] },
      "PGLC033",
      "/properties/a",
    ],
    ["too many remainders", { multipleOf: 123456.789 }, "PGLC034", "/multipleOf"],
    ["too many items", { type: "array", minItems: 200_000 }, "PGLC034", ""],
    ["too many characters", { properties: { a: { type: "string", minLength: 200_000 } } }, "PGLC034", "/properties/a"],
    [
      "too many combinations",
      {
        allOf: Array.from({ length: 8 }, (_, i) => ({ anyOf: [0, 1, 2, 3].map((k) => ({ required: [`${i}-${k}`] })) })),
      },
      "PGLC034",
      "",
    ],
  ])("%s", (_, schema, code, pointer) => {
    const error = failure(schema);
    expect([error.code, error.pointer]).toEqual([code, pointer]);
    expect(error.message).toContain(pointer === "" ? "at its root" : `\`${pointer}\``);
  });

  it("and says what to do", () => {
    expect(failure({ nullable: true }).hint).toBe('Write `type: ["string", "null"]`.');
    expect(failure({ oneOf: [two, { type: "array", minItems: 1 }] }).hint).toContain("Use `anyOf`");
    expect(failure({ type: "string", format: "isbn" }).hint).toContain("A `pattern` can say any other.");
  });

  it("of text that is no JSON", () => {
    expect(failure("{").message).toContain("no JSON");
    expect(failure(undefined).code).toBe("PGLC031");
  });

  it("of styles", () => {
    expect(() => jsonRecogniser({}, { style: "pretty" as never })).toThrow("There is no style");
    expect(() => jsonRecogniser({ items: { $ref: "#" }, type: "array" }, { style: "indented" })).toThrow("`indented`");
  });
});

describe("styles", () => {
  const schema = {
    type: "object",
    properties: {
      a: { type: "array", items: { type: "integer" } },
      b: { type: "object", properties: { c: { type: "null" } } },
    },
    required: ["a"],
    additionalProperties: false,
  };
  const value = { a: [1, 2, 3], b: { c: null } };
  const pretty = JSON.stringify(value, null, 2);
  const compact = JSON.stringify(value);
  const spaced = '{"a": [1, 2, 3], "b": {"c": null}}';
  const odd = ' {\n"a" :[ 1,2 , 3],\t"b":{ "c":null}}\r\n';
  const is = (text: string, style?: "compact" | "spaced" | "indented" | "free"): boolean =>
    recognises(
      jsonRecogniser(
        {
          ...schema,
          properties: {
            ...schema.properties,
            b: { type: "object", properties: { c: { type: "null" } }, additionalProperties: false },
          },
        },
        { style },
      ),
      text,
    );

  it.each([
    [undefined, [compact]],
    ["compact", [compact]],
    ["spaced", [spaced]],
    ["indented", [pretty]],
    ["free", [compact, spaced, pretty, odd]],
  ] as const)("%s", (style, accepted) => {
    for (const text of [compact, spaced, pretty, odd]) {
      expect([text, is(text, style)]).toEqual([text, (accepted as readonly string[]).includes(text)]);
    }
  });

  it("write what is empty without anything inside", () => {
    const any = {
      type: "object",
      properties: { a: { type: "array", items: { type: "null" } } },
      additionalProperties: false,
    };
    for (const v of [{}, { a: [] }, { a: [null] }]) {
      expect(recognises(jsonRecogniser(any, { style: "indented" }), JSON.stringify(v, null, 2))).toBe(true);
    }
  });

  it("is part of the constraint", () => {
    expect(constraint.json({ const: [1, 2] }, { style: "spaced" }).test("[1, 2]")).toBe(true);
    expect(constraint.json({ const: [1, 2] }).test("[1, 2]")).toBe(false);
    expect(constraint.json('{"const": [1, 2]}').describe()).toBe('json({"const":[1,2]})');
  });
});
