import type { ParameterType, Type } from "@pgl/compiler";
import { bernoulli, ValueMap } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { ArgumentError, checkArguments, checkJson } from "../../src/index.js";

const int: Type = { kind: "int" };
const float: Type = { kind: "float" };
const bool: Type = { kind: "bool" };
const string: Type = { kind: "string" };
const none: Type = { kind: "none" };
const list = (element: Type): Type => ({ kind: "list", element });
const union = (...members: Type[]): Type => ({ kind: "union", members });
const record = (fields: Record<string, Type>, optional: readonly string[] = []): Type => ({
  kind: "record",
  fields: new Map(Object.entries(fields).map(([name, type]) => [name, { type, optional: optional.includes(name) }])),
});

describe("checkJson", () => {
  const suspect = record({ name: string, age: int, alibi: union(string, none) }, ["alibi"]);
  test.each<[Type, unknown, unknown]>([
    [int, 3, 3],
    [float, 3, 3],
    [float, "inf", Infinity],
    [float, "-inf", -Infinity],
    [float, "nan", NaN],
    [bool, false, false],
    [string, "", ""],
    [{ kind: "literal", value: "a" }, "a", "a"],
    [union(string, none), null, null],
    [union(string, none), "x", "x"],
    [list(int), [], []],
    [list(list(int)), [[1], [2, 3]], [[1], [2, 3]]],
    [{ kind: "tuple", elements: [int, string] }, [1, "a"], [1, "a"]],
    [suspect, { name: "Ann", age: 30 }, { name: "Ann", age: 30, alibi: null }],
    [suspect, { name: "Ann", age: 30, alibi: "home" }, { name: "Ann", age: 30, alibi: "home" }],
    [union(int, list(int)), [1], [1]],
    [{ kind: "unit" }, null, undefined],
  ])("takes what fits", (type, json, value) => {
    expect(checkJson(type, json)).toEqual(value);
  });

  test.each<[Type, unknown, string]>([
    [int, 1.5, "value: expected int, but it is 1.5."],
    [int, "3", 'value: expected int, but it is "3".'],
    [int, Infinity, "value: expected int, but it is null."],
    [float, "big", "value: expected float"],
    [bool, 1, "value: expected bool, but it is 1."],
    [string, null, "value: expected string, but it is null."],
    [list(int), { 0: 1 }, "value: expected list<int>"],
    [list(int), [1, 2, "x"], 'value[2]: expected int, but it is "x".'],
    [list(list(bool)), [[true], [false, 0]], "value[1][1]: expected bool, but it is 0."],
    [{ kind: "tuple", elements: [int, string] }, [1], "2 elements, but there are 1"],
    [suspect, { name: "Ann" }, "value: the field `age: int` is missing."],
    [suspect, { name: "Ann", age: "old" }, 'value.age: expected int, but it is "old".'],
    [suspect, { name: "Ann", age: 3, agee: 4 }, "value: there is no field `agee`"],
    [suspect, [], "value: expected"],
    [union(int, list(int)), [1, "x"], 'value[1]: expected int, but it is "x".'],
    [union(string, none), 3, "value: expected string?, but it is 3."],
    [{ kind: "dist", element: int, domain: "unknown" }, 3, "cannot be written as JSON"],
    [{ kind: "token" }, "a", "cannot be written as JSON"],
    [{ kind: "function", parameters: [], result: int, effect: "pure" }, "f", "cannot be written as JSON"],
  ])("says which part does not fit", (type, json, message) => {
    expect(() => checkJson(type, json)).toThrow(ArgumentError);
    expect(() => checkJson(type, json)).toThrow(message);
  });

  test("makes maps of objects, pairs and JavaScript's maps", () => {
    const byName: Type = { kind: "map", key: string, value: int };
    const expected = ValueMap.from([
      ["a", 1],
      ["b", 2],
    ]);
    for (const given of [
      { a: 1, b: 2 },
      [
        ["a", 1],
        ["b", 2],
      ],
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
    ]) {
      const made = checkJson(byName, given) as ValueMap<string, number>;
      expect(made.entries()).toEqual(expected.entries());
    }
    expect(() => checkJson(byName, { a: "x" })).toThrow('value["a"]: expected int');
    expect(() => checkJson({ kind: "map", key: int, value: int }, [[1]])).toThrow(
      "value[0]: the entry of a map is a pair",
    );
    expect(() => checkJson({ kind: "map", key: int, value: int }, { 1: 2 })).toThrow("expected int");
  });

  test("keeps what already is a value of PGL", () => {
    const coin = bernoulli(0.5);
    expect(checkJson({ kind: "dist", element: bool, domain: "finite" }, coin)).toBe(coin);
    const f = (x: number): number => x;
    expect(checkJson({ kind: "function", parameters: [], result: int, effect: "pure" }, f)).toBe(f);
  });

  test("does not take a prototype's properties for a record's", () => {
    expect(() => checkJson(record({ toString: string }), {})).toThrow("the field `toString: string` is missing");
  });
});

describe("checkArguments", () => {
  const parameters: readonly ParameterType[] = [
    { name: "hero", type: string, optional: false },
    { name: "times", type: int, optional: true },
  ];

  test("takes a list in order, or an object by name; what has a default may be left out", () => {
    expect(checkArguments(parameters, ["Max", 3])).toEqual(["Max", 3]);
    expect(checkArguments(parameters, ["Max"])).toEqual(["Max", undefined]);
    expect(checkArguments(parameters, { times: 3, hero: "Max" })).toEqual(["Max", 3]);
    expect(checkArguments(parameters, { hero: "Max" })).toEqual(["Max", undefined]);
    expect(checkArguments([], [])).toEqual([]);
  });

  test.each<[unknown, string]>([
    [["Max", 3, 4], "args: there are 3 arguments for the 2 of (hero: string, times?: int)."],
    [[], "args[0]: the argument `hero: string` is missing."],
    [{ times: 3 }, "args.hero: the argument `hero: string` is missing."],
    [{ hero: "Max", tmies: 3 }, "args: there is no parameter `tmies`."],
    [{ hero: "Max", times: 0.5 }, "args.times: expected int, but it is 0.5."],
    ["Max", 'args: expected a list of arguments or an object by name, but it is "Max".'],
    [null, "but it is null"],
  ])("says what is wrong with %j", (json, message) => {
    expect(() => checkArguments(parameters, json)).toThrow(message);
  });
});
