import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PrefixTree } from "../src/index.js";

describe("the prefix tree", () => {
  it("gives equal sequences equal nodes, and gives the sequences back", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat({ max: 4 }), { maxLength: 8 }), { maxLength: 60 }), (sequences) => {
        const tree = new PrefixTree();
        const known = new Map<string, number>();
        for (const s of sequences) {
          const node = tree.extend(0, s);
          expect(known.get(s.join()) ?? node).toBe(node);
          known.set(s.join(), node);
          expect([...tree.last(node)]).toEqual(s);
          expect(tree.length(node)).toBe(s.length);
          expect([...tree.last(node, 2)]).toEqual(s.slice(-2));
        }
        expect(new Set(known.values()).size).toBe(known.size);
      }),
    );
  });

  it("holds many nodes in few bytes, whatever their shape", () => {
    const tree = new PrefixTree();
    for (let i = 0; i < 1000; i++)
      tree.extend(
        tree.child(0, i),
        Array.from({ length: 99 }, (_, j) => (i * j) % 977),
      );
    expect(tree.size).toBe(100_001);
    expect(tree.bytes / tree.size).toBeLessThan(18);
  });

  it("measures paths longer than its 16-bit lengths", () => {
    const tree = new PrefixTree();
    let node = 0;
    for (let i = 0; i < 70_000; i++) node = tree.child(node, 1);
    expect(tree.length(node)).toBe(70_000);
    expect(tree.last(node).length).toBe(70_000);
  });
});
