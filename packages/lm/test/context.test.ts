import { equal, hashKey, plusSymbol, show, text, toJson } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { Context, eos, PrefixTree, Vocabulary } from "../src/index.js";
import { letters, table } from "./tables.js";

const bytes = new Vocabulary({
  tokens: [...Array.from({ length: 256 }, (_, b) => Uint8Array.of(b)), null],
  labels: new Map([[256, "<s>"]]),
  eosId: null,
  bosId: 256,
  encode: (s) => [...new TextEncoder().encode(s)],
});

describe("contexts", () => {
  it("join neighbouring text before it is tokenised, and keep tokens", () => {
    const { vocabulary } = table(["a", "b", "ab"], null, { "": [1, 0, 0] }, 0);
    const [a] = vocabulary.tokens;
    expect([...Context.of("a").plus("b").tokens(vocabulary)]).toEqual([2]);
    expect([...Context.empty.plus(a!).plus("b").tokens(vocabulary)]).toEqual([0, 1]);
    expect([...Context.of("a").plus(a!).plus("a").plus("b").tokens(vocabulary)]).toEqual([0, 0, 2]);
    expect([...Context.of("a").plus(Context.of("b").plus(a!)).tokens(vocabulary)]).toEqual([2, 0]);
  });

  it("are immutable: adding makes another", () => {
    const one = Context.of("a");
    const two = one.plus("b");
    const three = one.plus("c");
    expect([one.text, two.text, three.text]).toEqual(["a", "ab", "ac"]);
    expect(one.plus("")).toBe(one);
  });

  it("are exact to the byte: parts of a character in neighbouring tokens become whole", () => {
    const [first, second] = new TextEncoder().encode("é");
    const half = Context.of("a").plus(bytes.token(first!));
    expect(half.text).toBe("a\uFFFD");
    expect(half.plus(bytes.token(second!)).text).toBe("aé");
  });

  it("begin with the begin token, and go where the tokens go in the tree", () => {
    const tree = new PrefixTree();
    const context = Context.of("hi").plus(bytes.token(33));
    const node = context.nodeIn(tree, bytes);
    expect([...tree.last(node)]).toEqual([256, 104, 105, 33]);
    expect(context.nodeIn(tree, bytes)).toBe(node);
    expect(Context.of("hi!").nodeIn(tree, bytes)).toBe(node);
    expect(context.nodeIn(new PrefixTree(), bytes)).toBe(4);
  });

  it("take the end token of any model, and refuse tokens of other vocabularies", () => {
    const { vocabulary } = letters();
    expect([...Context.of("a").plus(eos).tokens(vocabulary)]).toEqual([0, 3]);
    expect(Context.of("a").plus(eos).text).toBe("a");
    expect(() => Context.empty.plus(bytes.token(97)).tokens(vocabulary)).toThrow(/another model/);
    expect(() => Context.of("a").plus(eos).tokens(bytes)).toThrow(/no end-of-sequence/);
  });

  it("are values of the language", () => {
    const { vocabulary } = letters();
    const [a, b] = vocabulary.tokens;
    expect(equal(Context.of("ab"), Context.of("a").plus("b"))).toBe(true);
    expect(equal(Context.of("a"), Context.empty.plus(a!))).toBe(false);
    expect(hashKey(Context.of("ab"))).toBe(hashKey(Context.of("a").plus("b")));
    expect(hashKey(Context.empty.plus(a!))).not.toBe(hashKey(Context.empty.plus(b!)));
    expect(show(Context.of("a"))).toBe('context("a")');
    expect([text(Context.of("a")), toJson(Context.of("a"))]).toEqual(["a", "a"]);
    expect([text(a), toJson(a), show(a), show(eos)]).toEqual(["a", "a", '"a"', "eos"]);
    expect(equal(vocabulary.token(3), eos)).toBe(true);
    expect(equal(letters().vocabulary.token(0), a)).toBe(true);
    expect(Context.of("a")[plusSymbol](b).text).toBe("ab");
  });
});
