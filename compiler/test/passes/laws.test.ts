import { describe, expect, it } from "vitest";
import { PassError, passes } from "../../src/passes/index.js";
import { load, measure } from "../emit/evaluate.js";

/** Programs that each pass has something to do in, and something to keep its hands off. */
const programs: Readonly<Record<string, string>> = {
  "weights behind draws": `model main(): int {
    let a ~ uniform_int(0, 3)
    let unused ~ bernoulli(0.3)
    let b ~ uniform_int(0, 3)
    factor if a == 1 { -0.5 } else { 0.25 * a }
    condition a < 3
    let c ~ categorical([0.2, 0.3, 0.5])
    observe b ~ categorical([0.1, 0.2, 0.3, 0.4])
    condition b + a > 1
    return a * 100 + b * 10 + c
  }`,
  "weights in branches and loops": `model main(): int {
    var n = 0
    for i in 0..3 {
      let up ~ bernoulli(if i == 1 { 0.5 } else { 0.25 })
      let noise ~ uniform_int(0, 1)
      if up { n = n + 1
        factor 0.5 * n }
      if n == 2 { break }
      condition up || i > 0
    }
    let dead ~ choice([n, 2])
    return n
  }`,
  "conditions on finite draws": `model main(): (int, string) {
    var low = 1
    let n ~ uniform_int(0, 9)
    condition n > low && n % 2 == 0
    low = 7
    let who ~ categorical(map { "a": 1.0, "b": 2.0, "c": 3.0 })
    observe who matches ["a", "c"]
    let p = 0.5
    let flag ~ bernoulli(p * n / 9)
    condition flag
    return (n, who)
  }`,
  "nothing is possible": `model main(): int {
    let n ~ uniform_int(0, 3)
    condition n > 5
    return n
  }`,
  "a guard before what it guards": `model main(): int {
    let xs = [10, 20]
    let i ~ uniform_int(0, 3)
    let j ~ bernoulli(0.5)
    condition i < 2
    factor 0.1 * xs[i]
    condition xs[i] > 5
    return xs[i]
  }`,
  "functions that weigh": `model part(n: int): int {
      let x ~ uniform_int(0, n)
      condition x != 1
      return x
    }
    model main(): int {
      let a ~ uniform_int(0, 2)
      let b = part(2)
      let d ~ bernoulli(0.5)
      let doubled = a * 2
      condition doubled > 0
      let xs = map([1, 2], k => { let y ~ bernoulli(0.5)
        condition y || k > 1
        if y { k } else { 0 } })
      return a * 100 + b * 10 + sum(xs)
    }`,
  "twists and steps": `model main(): int {
    let a ~ uniform_int(0, 2)
    twist 0.5 * a
    let b ~ uniform_int(0, 2)
    step
    factor 0.3 * a
    return a * 10 + b
  }`,
};

/** Every order of the passes but one, which comes in at all places. */
const [last, ...others] = passes.map((pass) => pass.name).reverse();
const orders: readonly (readonly string[])[] = permutations(others).map((order, i) =>
  order.toSpliced(i % passes.length, 0, last!),
);

describe.each(Object.entries(programs))("%s", (_, text) => {
  it("means the same after every pass, in every order, twice", async () => {
    const expected = await measure((await load(text, { passes: "none" }))["main"]);
    const chosen = [
      ...passes.map((pass) => [pass.name]),
      ...orders,
      [...orders[0]!, ...orders[0]!],
      [...orders[5]!, ...orders[9]!],
    ];
    for (const names of chosen) {
      const found = await measure((await load(text, { passes: names }))["main"]);
      expect([...found.keys()].sort(), names.join()).toEqual([...expected.keys()].sort());
      for (const [value, mass] of expected) expect(found.get(value)!, names.join()).toBeCloseTo(mass, 12);
    }
  });
});

describe("passes", () => {
  it("say their laws", () => {
    for (const { law } of passes) expect(law.length).toBeGreaterThan(80);
  });

  it("are refused by name when there is no such pass", async () => {
    await expect(load("model main(): int { return 1 }", { passes: ["fold"] })).rejects.toThrow(PassError);
    await expect(load("model main(): int { return 1 }", { passes: ["fold"] })).rejects.toThrow(/constant-folding/);
  });
});

function permutations(names: readonly string[]): string[][] {
  if (names.length === 0) return [[]];
  return names.flatMap((name, i) =>
    permutations([...names.slice(0, i), ...names.slice(i + 1)]).map((rest) => [name, ...rest]),
  );
}
