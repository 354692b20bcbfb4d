import { describe, expect, it } from "vitest";
import { DepthFirst } from "../../src/inference/blocks/depth-first.js";

describe("depth first", () => {
  it("gives the last entry first", () => {
    const open = new DepthFirst<string>();
    open.push("a", 3);
    open.push("b", 1);
    expect(open.pop()).toBe("b");
    open.push("c", 2);
    expect([...open]).toEqual(["a", "c"]);
    expect([open.pop(), open.pop(), open.pop(), open.size]).toEqual(["c", "a", undefined, 0]);
  });

  it("can go on by priority", () => {
    const open = new DepthFirst<string>();
    for (const [item, priority] of Object.entries({ a: 2, b: 3, c: 1, d: 9 })) open.push(item, priority);
    expect(open.pop()).toBe("d");
    const ordered = open.bestFirst();
    expect([ordered.pop(), ordered.pop(), ordered.pop(), ordered.pop()]).toEqual(["b", "a", "c", undefined]);
  });
});
