import { describe, expect, test } from "vitest";
import { forwardBackward, t3 } from "../../src/oracles/index.js";
import {
  BudgetError,
  ProgramError,
  UnsupportedError,
  type MeasureOptions,
  type TableModel,
} from "../../src/reference/index.js";
import { measureText, table } from "../module-of.js";

/** Checks a measure against numbers worked out by hand. */
function expectMeasure(
  text: string,
  expected: Record<string, number>,
  args: readonly unknown[] = [],
  options: MeasureOptions = {},
): void {
  const measured = measureText(text, args, options);
  const actual = table(measured);
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [key, mass] of Object.entries(expected)) expect(actual[key], key).toBeCloseTo(mass, 12);
  const total = Object.values(expected).reduce((a, b) => a + b, 0);
  expect(measured.total).toBeCloseTo(total, 12);
  expect(measured.logZ).toBeCloseTo(Math.log(total), 12);
}

describe("draws and weights", () => {
  test("a coin", () => {
    expectMeasure(`model m(): bool { let x ~ bernoulli(0.3); return x }`, { true: 0.3, false: 0.7 });
  });

  test("an observation multiplies by the density", () => {
    expectMeasure(
      `model m(flips: list<bool>): bool {
         let fair ~ bernoulli(0.5)
         let p = if fair { 0.5 } else { 0.9 }
         for f in flips { observe f ~ bernoulli(p) }
         return fair
       }`,
      { true: 0.5 * 0.5 ** 3, false: 0.5 * 0.9 * 0.9 * 0.1 },
      [[true, true, false]],
    );
  });

  test("factors, in nats", () => {
    expectMeasure(`model m(): int { let x ~ uniform_int(0, 2); factor 0.5 * x; return x }`, {
      0: 1 / 3,
      1: Math.exp(0.5) / 3,
      2: Math.exp(1) / 3,
    });
  });

  test("a condition rules out, and does not renormalise", () => {
    expectMeasure(`model m(): int { let x ~ uniform_int(1, 6); condition x % 2 == 0; return int_div(x, 2) }`, {
      1: 1 / 6,
      2: 1 / 6,
      3: 1 / 6,
    });
  });

  test("a factor of -inf rules out", () => {
    expectMeasure(`model m(): bool { let x ~ bernoulli(0.25); factor if x { 0.0 } else { -inf }; return x }`, {
      true: 0.25,
    });
  });

  test("a program that cannot happen has the zero measure", () => {
    const measured = measureText(`model m(): int { condition false; return 1 }`);
    expect(measured.atoms).toEqual([]);
    expect(measured.logZ).toBe(-Infinity);
    expect(measured.total).toBe(0);
  });

  test("equal values are one value", () => {
    expectMeasure(`model m(): bool { let x ~ uniform_int(0, 3); return x > 0 }`, { true: 0.75, false: 0.25 });
  });

  test("a density above one, of a continuous observation", () => {
    const density = Math.exp(-0.5 * (0.05 / 0.1) ** 2) / (0.1 * Math.sqrt(2 * Math.PI));
    expectMeasure(`model m(): bool { let x ~ bernoulli(0.5); observe 0.05 ~ normal(0, 0.1); return x }`, {
      true: 0.5 * density,
      false: 0.5 * density,
    });
  });

  test("weights of different branches", () => {
    expectMeasure(
      `model m(): int {
         let a ~ bernoulli(0.5)
         if a { return 1 }
         factor log(0.5)
         factor log(0.5)
         return 2
       }`,
      { 1: 0.5, 2: 0.125 },
    );
  });

  test("huge weights do not overflow", () => {
    const measured = measureText(
      `model m(): bool { let x ~ bernoulli(0.5); factor 1000.0; factor if x { 1.0 } else { 0.0 }; return x }`,
    );
    expect(measured.logZ).toBeCloseTo(1000 + Math.log(0.5 * (1 + Math.E)), 9);
  });

  test("a weight that is NaN or +inf is an error", () => {
    expect(() => measureText(`model m(): int { factor inf; return 1 }`)).toThrow(ProgramError);
    expect(() => measureText(`model m(): int { factor inf - inf; return 1 }`)).toThrow(ProgramError);
  });

  test("twists and proposals are not in the measure", () => {
    expectMeasure(
      `model m(): bool {
         let x ~ bernoulli(0.3) proposal bernoulli(0.9)
         twist if x { 5.0 } else { -2.0 }
         step
         twist 1.0
         factor log(0.5)
         return x
       }`,
      { true: 0.15, false: 0.35 },
    );
  });

  test("code after a zero weight does not run", () => {
    let calls = 0;
    const options = { hosts: { touch: () => ++calls } };
    expectMeasure(
      `import { touch } from "./touch.ts"
       model m(): bool { let x ~ bernoulli(0.5); condition x; let n = touch(); return x }`,
      { true: 0.5 },
      [],
      options,
    );
    expect(calls).toBe(1);
  });
});

describe("distributions", () => {
  const distributionOf = (source: string): Record<string, number> =>
    table(measureText(`model m(): int { return sample ${source} }`));
  const close = (actual: Record<string, number>, expected: Record<string, number>): void => {
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
    for (const [k, v] of Object.entries(expected)) expect(actual[k], k).toBeCloseTo(v, 12);
  };

  test("categorical, by weights and by map", () => {
    close(distributionOf("categorical([1.0, 0.0, 3.0])"), { 0: 0.25, 2: 0.75 });
    close(distributionOf("categorical(map { 5: 0.5, 7: 1.5 })"), { 5: 0.25, 7: 0.75 });
  });
  test("choice and empirical merge equal values", () => {
    close(distributionOf("choice([1, 2, 1])"), { 1: 2 / 3, 2: 1 / 3 });
    close(distributionOf("empirical([4, 4, 5, 4])"), { 4: 0.75, 5: 0.25 });
  });
  test("binomial", () => {
    close(distributionOf("binomial(2, 0.25)"), { 0: 0.5625, 1: 0.375, 2: 0.0625 });
  });
  test("multinomial", () => {
    close(distributionOf("multinomial(2, [0.25, 0.75])"), { "[0,2]": 0.5625, "[1,1]": 0.375, "[2,0]": 0.0625 });
  });
  test("where renormalises", () => {
    close(distributionOf("uniform_int(0, 4).where(x => x % 2 == 1)"), { 1: 0.5, 3: 0.5 });
  });
  test("tempered", () => {
    close(distributionOf("categorical([1.0, 3.0]).tempered(0.5)"), { 0: 0.1, 1: 0.9 });
  });
  test("top_k takes the earlier of equally likely ones", () => {
    close(distributionOf("categorical([0.25, 0.5, 0.25]).top_k(2)"), { 0: 1 / 3, 1: 2 / 3 });
  });
  test("top_p takes the fewest that reach p", () => {
    close(distributionOf("categorical([0.2, 0.5, 0.3]).top_p(0.6)"), { 1: 0.625, 2: 0.375 });
  });
  test("mix", () => {
    close(distributionOf("mix([1.0, 3.0], [delta(1), choice([1, 2])])"), { 1: 0.25 + 0.375, 2: 0.375 });
  });
  test("what is not finite cannot be drawn, but observed", () => {
    expect(() => distributionOf("poisson(2.0)")).toThrow(UnsupportedError);
    expect(() => distributionOf("beta(5, 1)")).toThrow(UnsupportedError);
    expectMeasure(`model m(): int { observe 2 ~ poisson(3.0); return 0 }`, { 0: (9 / 2) * Math.exp(-3) });
    expectMeasure(`model m(): int { observe 0.5 ~ beta(2, 2); return 0 }`, { 0: 1.5 });
    expectMeasure(`model m(): int { observe 2 ~ geometric(0.25); return 0 }`, { 0: 0.75 ** 2 * 0.25 });
  });
  test("parameters that are none", () => {
    expect(() => distributionOf("bernoulli(1.5)")).toThrow(ProgramError);
    expect(() => distributionOf("categorical([0.0, 0.0])")).toThrow(ProgramError);
    expect(() => distributionOf("uniform_int(0, 4).where(x => x > 9)")).toThrow(ProgramError);
  });
});

describe("control", () => {
  test("loops, break, continue", () => {
    expectMeasure(
      `model m(): int {
         var n = 0
         for i in 0..3 {
           let stop ~ bernoulli(0.5)
           if stop { break }
           if i == 1 { continue }
           n += 1
         }
         return n
       }`,
      // Stops at 0: n=0. Stops at 1, or at 2 (1 is skipped): n=1. Never: n=2.
      { 0: 0.5, 1: 0.25 + 0.125, 2: 0.125 },
    );
  });

  test("while", () => {
    expectMeasure(
      `model m(): int {
         var n = 0
         while n < 2 && sample bernoulli(0.5) { n = n + 1 }
         return n
       }`,
      { 0: 0.5, 1: 0.25, 2: 0.25 },
    );
  });

  test("the right side of && and || is not run when the left decides", () => {
    const measured = measureText(`model m(): bool { let a ~ bernoulli(0.5); return a && sample bernoulli(0.5) }`);
    expect(measured.executions).toBe(3);
    expect(table(measured)).toEqual({ true: 0.25, false: 0.75 });
    expect(
      measureText(`model m(): bool { let a ~ bernoulli(0.5); return a || sample bernoulli(0.5) }`).executions,
    ).toBe(3);
  });

  test("bounded recursion", () => {
    expectMeasure(
      `model m(n: int): int {
         if n == 0 { return 0 }
         let more ~ bernoulli(0.5)
         if !more { return 0 }
         return 1 + m(n - 1)
       }`,
      { 0: 0.5, 1: 0.25, 2: 0.125, 3: 0.125 },
      [3],
    );
  });

  test("unbounded recursion is a budget error, not a crash", () => {
    expect(() => measureText(`model m(): int { return m() }`)).toThrow(BudgetError);
    expect(() => measureText(`model m(): int { while true { }; return 1 }`)).toThrow(BudgetError);
    expect(() =>
      measureText(
        `model m(): int { var n = 0; for i in 0..20 { if sample bernoulli(0.5) { n += 1 } }; return n }`,
        [],
        {
          limits: { executions: 1000 },
        },
      ),
    ).toThrow(BudgetError);
  });

  test("closures keep the value a variable had", () => {
    expectMeasure(
      `model m(): (int, int) {
         var x = 1
         let f = (y: int) => x + y
         x = 10
         return (f(0), x)
       }`,
      { "[1,10]": 1 },
    );
  });

  test("functions that sample can be passed on", () => {
    expectMeasure(`model m(): list<bool> { return [0.5, 0.25].map(p => sample bernoulli(p)) }`, {
      "[true,true]": 0.125,
      "[true,false]": 0.375,
      "[false,true]": 0.125,
      "[false,false]": 0.375,
    });
    expectMeasure(
      `model twice(f: (int) ~> int, x: int): int { return f(f(x)) }
       model m(): int { return twice((x: int) => x + sample uniform_int(0, 1), 0) }`,
      { 0: 0.25, 1: 0.5, 2: 0.25 },
    );
  });

  test("functions can be drawn", () => {
    expectMeasure(`model m(): int { let f ~ choice([(x: int) => x, (x: int) => x * 2]); return f(3) }`, {
      3: 0.5,
      6: 0.5,
    });
  });

  test("match: alternatives, guards, tuples, the rest", () => {
    expectMeasure(
      `model m(): string {
         let n ~ uniform_int(0, 5)
         return match n { 0 | 1 => "few", k if k > 3 => "many \${k}", _ => match (n, true) { (2, _) => "two", _ => "three" } }
       }`,
      { '"few"': 2 / 6, '"two"': 1 / 6, '"three"': 1 / 6, '"many 4"': 1 / 6, '"many 5"': 1 / 6 },
    );
  });

  test("records, tuples, maps, optionals", () => {
    expectMeasure(
      `model m(): int {
         let b ~ bernoulli(0.25)
         let r = { x: 1, y: b }
         let s = { ...r, x: 5 }
         let (p, q) = (s.x, r.x)
         let d = put(map { "k": q }, "z", p)
         let found = if b { get(d, "z") } else { get(d, "nothing") }
         return (found ?? 100) + d["k"] + (p, q).1
       }`,
      { 7: 0.25, 102: 0.75 },
    );
  });

  test("default and named arguments", () => {
    expectMeasure(
      `fn f(x: int, y: int = 1 + 1): int { return 10 * x + y }
       model m(): (int, int, int) { return (f(1), f(1, 5), f(y: 7, x: 2)) }`,
      { "[12,15,27]": 1 },
    );
  });

  test("integer arithmetic", () => {
    expectMeasure(
      `model m(): list<int> { return [int_div(-7, 2), -7 % 3, 7 % -3, 2 ^ 3, round(-2.5), trunc(-2.5), int("12"), len("añb")] }`,
      { "[-4,2,-2,8,-3,-2,12,3]": 1 },
    );
  });

  test("running out of range, no arm, fail", () => {
    expect(() => measureText(`model m(): int { return [1][1] }`)).toThrow(ProgramError);
    expect(() => measureText(`model m(): int { return int_div(1, 0) }`)).toThrow(ProgramError);
    expect(() => measureText(`model m(): int { return fail("no") }`)).toThrow("no");
  });
});

describe("inference inside inference", () => {
  const implicature = `
    fn meaning(u: string, n: int): bool {
      return match u { "none" => n == 0, "some" => n > 0, _ => n == 3 }
    }
    model literal_listener(u: string): int {
      let n ~ uniform_int(0, 3)
      condition meaning(u, n)
      return n
    }
    model speaker(n: int): string {
      let u ~ choice(["none", "some", "all"])
      observe n ~ infer literal_listener(u) using enumerate()
      return u
    }
    model m(u: string): int {
      let n ~ uniform_int(0, 3)
      observe u ~ infer speaker(n) using enumerate()
      return n
    }`;

  test("scalar implicature", () => {
    // S(some|1) = S(some|2) = 1; S(some|3) = (1/3) / (1/3 + 1) = 1/4.
    expectMeasure(implicature, { 1: 1 / 4, 2: 1 / 4, 3: 1 / 16 }, ["some"]);
    expectMeasure(implicature, { 0: 1 / 4 }, ["none"]);
  });

  test("a nested posterior is normalised, and knows its evidence", () => {
    expectMeasure(
      `model inner(): bool { let x ~ bernoulli(0.5); factor if x { log(3.0) } else { 0.0 }; return x }
       model m(): bool { let d = infer inner() using enumerate(); factor log_z(d); return sample d }`,
      { true: 2 * 0.75, false: 2 * 0.25 },
    );
  });

  test("a closure that samples does so in the inference that calls it", () => {
    expectMeasure(
      `model inner(f: (int) ~> int): int { let x = f(1); condition x > 0; return x }
       model m(): float {
         let g = (x: int) => sample uniform_int(0, x)
         return probability(infer inner(g) using enumerate(), x => x == 1)
       }`,
      { 1: 1 },
    );
  });

  test("an empty posterior: impossible to observe and to draw from, an error to ask for its mean", () => {
    const inner = `model inner(): int { condition false; return 1 }`;
    const total = (body: string): number => measureText(`${inner}; model m(): int { ${body} }`).total;
    expect(total("observe 1 ~ infer inner() using enumerate(); return 1")).toBe(0);
    expect(total("return sample infer inner() using enumerate()")).toBe(0);
    expect(total("let d ~ bernoulli(0.25); return if d { sample infer inner() using enumerate() } else { 0 }")).toBe(
      0.75,
    );
    const half = "mix([1.0, 3.0], [infer inner() using enumerate(), uniform_int(0, 1)])";
    expect(total(`return sample ${half}`)).toBe(0.75);
    for (const what of ["mean", "mode", "variance"])
      expect(() => total(`let x = ${what}(infer inner() using enumerate()); return 1`)).toThrow(ProgramError);
  });

  test("methods that sample are not the reference's business", () => {
    expect(() =>
      measureText(
        `model inner(): int { return 1 }; model m(): int { return sample infer inner() using smc(particles: 2) }`,
      ),
    ).toThrow(UnsupportedError);
  });
});

describe("language models", () => {
  const chain: TableModel = {
    tokens: ["a", "b", "ab", "."],
    eos: null,
    order: 1,
    rows: {
      "": [0.25, 0.25, 0.25, 0.25],
      a: [0, 0.5, 0, 0.5],
      b: [0.5, 0, 0, 0.5],
      ab: [0, 0, 0, 1],
      ".": [1, 0, 0, 0],
    },
  };
  const ending: TableModel = {
    tokens: ["a", "b.", ".", "</s>"],
    eos: "</s>",
    order: 0,
    rows: { "": [0.4, 0.1, 0.2, 0.3] },
  };
  const lms = { w: chain };

  test("next draws tokens; eos is one", () => {
    expectMeasure(
      `lm w = "x"; model m(): string { let t ~ w.next("a"); return t.text }`,
      { '"b"': 0.5, '"."': 0.5 },
      [],
      { lms },
    );
    expectMeasure(
      `lm w = "x"; model m(): bool { let t ~ w.next(""); return t == eos }`,
      { true: 0.3, false: 0.7 },
      [],
      { lms: { w: ending } },
    );
  });

  test("different tokens that spell the same text are different draws", () => {
    // "ab" as one token goes on with "." only; as "a" "b" it may go on with "a".
    expectMeasure(
      `lm w = "x"
       model m(): string {
         var c = w.context("")
         for i in 0..3 { let t ~ w.next(c); c = c + t; if starts_with(c.text, "ab") && len(c.text) >= 3 { break } }
         condition starts_with(c.text, "ab")
         return c.text
       }`,
      { '"ab."': 0.25 + 0.25 * 0.5 * 0.5, '"aba"': 0.25 * 0.5 * 0.5 },
      [],
      { lms },
    );
  });

  test("a context from text is tokenised with the fewest tokens", () => {
    expectMeasure(`lm w = "x"; model m(): string { let t ~ w.next("ab"); return t.text }`, { '"."': 1 }, [], { lms });
    // Texts next to each other are one text.
    expectMeasure(
      `lm w = "x"; model m(): string { let t ~ w.next(w.context("a") + "b"); return t.text }`,
      { '"."': 1 },
      [],
      { lms },
    );
  });

  test("a span ends with the end token, a stop string, or its limit", () => {
    expectMeasure(
      `lm w = "x"; model m(): string { let s ~ w.text(after: "", stop_at: ".", max_tokens: 2); return s }`,
      {
        '""': 0.3,
        '"."': 0.2,
        '"b."': 0.1,
        '"a"': 0.4 * 0.3,
        '"a."': 0.4 * 0.2,
        '"ab."': 0.4 * 0.1,
        '"aa"': 0.4 * 0.4,
      },
      [],
      { lms: { w: ending } },
    );
  });

  test("stop_before leaves the stop string out, also inside a token", () => {
    expectMeasure(
      `lm w = "x"; model m(): string { let s ~ w.text(after: "", stop_before: ".", max_tokens: 1); return s }`,
      { '""': 0.3 + 0.2, '"b"': 0.1, '"a"': 0.4 },
      [],
      { lms: { w: ending } },
    );
  });

  test("must_stop rules out what the limit has cut", () => {
    expectMeasure(
      `lm w = "x"; model m(): string { let s ~ w.text(after: "", stop_at: ".", max_tokens: 1, must_stop: true); return s }`,
      { '""': 0.3, '"."': 0.2, '"b."': 0.1 },
      [],
      { lms: { w: ending } },
    );
  });

  test("an observed text has the probability of its canonical tokens and its ending", () => {
    const observed = (text: string, options: string): number =>
      measureText(
        `lm w = "x"; model m(): int { observe ${JSON.stringify(text)} ~ w.text(after: "", ${options}); return 1 }`,
        [],
        {
          lms: { w: ending },
        },
      ).total;
    expect(observed("ab.", `stop_at: ".", max_tokens: 5`)).toBeCloseTo(0.4 * 0.1, 14);
    expect(observed("a", `stop_at: ".", max_tokens: 5`)).toBeCloseTo(0.4 * 0.3, 14);
    expect(observed("a", `stop_at: ".", max_tokens: 1`)).toBeCloseTo(0.4, 14);
    expect(observed("a", `stop_at: ".", max_tokens: 1, must_stop: true`)).toBe(0);
    expect(observed("a.a", `stop_at: ".", max_tokens: 5`)).toBe(0);
    expect(observed("aaa", `stop_at: ".", max_tokens: 2`)).toBe(0);
    expect(observed("a", `stop_before: ".", max_tokens: 5`)).toBeCloseTo(0.4 * 0.3 + 0.4 * 0.2, 14);
  });

  test("choose is proportional to the probability of the whole option", () => {
    expectMeasure(
      `lm w = "x"; model m(): string { let s ~ w.choose(after: "", options: ["a.", "b.", "aa"]); return s }`,
      { '"a."': 0.08 / 0.34, '"b."': 0.1 / 0.34, '"aa"': 0.16 / 0.34 },
      [],
      { lms: { w: ending } },
    );
  });

  test("score is the log-probability of the canonical tokens", () => {
    expectMeasure(`lm w = "x"; model m(): int { factor w.score("ab.", after: ""); return 1 }`, { 1: 0.4 * 0.1 }, [], {
      lms: { w: ending },
    });
  });

  test("a local mask is not a global condition", () => {
    expectMeasure(
      `lm w = "x"
       model m(): string {
         let t ~ w.next("").where(t => contains(t, "."))
         return t.text
       }`,
      { '"b."': 1 / 3, '"."': 2 / 3 },
      [],
      { lms: { w: ending } },
    );
    expectMeasure(
      `lm w = "x"; model m(): string { let t ~ w.next(""); condition contains(t, "."); return t.text }`,
      { '"b."': 0.1, '"."': 0.2 },
      [],
      { lms: { w: ending } },
    );
  });

  test("T3 has the evidence and the posterior of the table", () => {
    const measured = measureText(t3.program.replace("model t3", "model m"), [], { lms: { toy: t3.table } });
    expect(measured.total).toBeCloseTo(0.8754, 12);
    for (const { text, target } of t3.strings) {
      expect(measured.atoms.find((a) => a.value === text)!.mass / measured.total).toBeCloseTo(target, 12);
    }
    const twisted = measureText(t3.program.replace("model twisted", "model m"), [], { lms: { toy: t3.table } });
    expect(twisted).toEqual(measured);
  });

  test("what the tables do not say is an error", () => {
    expect(() =>
      measureText(`lm w = "x"; model m(): string { return sample w.text(after: "c") }`, [], { lms }),
    ).toThrow(ProgramError);
    expect(() =>
      measureText(`lm w = "x"; model m(): string { let t ~ w.next("a"); return t.text }`, [], {
        lms: { w: { ...chain, rows: { "": chain.rows[""]! } } },
      }),
    ).toThrow(/no row "a"/);
  });
});

describe("constraints", () => {
  const accepted = (constraint: string, texts: readonly string[]): string[] => {
    const list = texts.map((t) => JSON.stringify(t)).join(", ");
    const measured = measureText(
      `model m(): string { let s ~ choice([${list}]); observe s matches ${constraint}; return s }`,
    );
    return measured.atoms.map((a) => a.value as string).sort();
  };
  const texts = ["", "a", "b", "ab", "ba", "aab", "a b"];

  test("each kind", () => {
    expect(accepted("/a*b/", texts)).toEqual(["aab", "ab", "b"]);
    expect(accepted('["a", "ab"]', texts)).toEqual(["a", "ab"]);
    expect(accepted('"ba"', texts)).toEqual(["ba"]);
    expect(accepted('contains("b")', texts)).toEqual(["a b", "aab", "ab", "b", "ba"]);
    expect(accepted('starts_with("a")', texts)).toEqual(["a", "a b", "aab", "ab"]);
    expect(accepted('ends_with("a")', texts)).toEqual(["a", "ba"]);
    expect(accepted("chars(1..2)", texts)).toEqual(["a", "ab", "b", "ba"]);
    expect(accepted("words(2..2)", texts)).toEqual(["a b"]);
  });

  test("not, and, or", () => {
    expect(accepted('not contains("b") or "ba"', texts)).toEqual(["", "a", "ba"]);
    expect(accepted('contains("b") and not (chars(0..2) or words(2..3))', texts)).toEqual(["aab"]);
  });
});

describe("against an algorithm of another kind", () => {
  test("the forward algorithm on a hidden Markov model", () => {
    const observed = [0, 1, 1, 0];
    const emission = [
      [0.9, 0.1],
      [0.3, 0.7],
      [0.5, 0.5],
    ];
    const transition = [
      [0.1, 0.4, 0.5],
      [0.2, 0.6, 0.2],
      [0.15, 0.7, 0.15],
    ];
    const exact = forwardBackward({
      initial: [0.2, 0.3, 0.5],
      transition,
      logLikelihood: (state, t) => Math.log(emission[state]![observed[t]!]!),
      length: 4,
    });
    const rows = (m: number[][]): string => `[${m.map((r) => `[${r.join(", ")}]`).join(", ")}]`;
    const measured = measureText(
      `const transition = ${rows(transition)}
       const emission = ${rows(emission)}
       model m(observed: list<int>): int {
         var s ~ categorical([0.2, 0.3, 0.5])
         observe observed[0] ~ categorical(emission[s])
         for i in 1..4 {
           let n ~ categorical(transition[s])
           s = n
           observe observed[i] ~ categorical(emission[s])
         }
         return s
       }`,
      [observed],
    );
    expect(measured.logZ).toBeCloseTo(exact.logZ, 12);
    for (const { value, mass } of measured.atoms) {
      expect(mass / measured.total).toBeCloseTo(exact.filtering[3]![value as number]!, 12);
    }
    expect(exact.smoothing[3]).toEqual(exact.filtering[3]!.map((p) => expect.closeTo(p, 12)));
  });

  test("the sprinkler", () => {
    expectMeasure(
      `model m(): bool {
         let rain ~ bernoulli(0.3)
         let sprinkler ~ bernoulli(if rain { 0.1 } else { 0.4 })
         let wet = if rain && sprinkler { 0.98 } else { if rain { 0.8 } else { if sprinkler { 0.9 } else { 0.0 } } }
         observe true ~ bernoulli(wet)
         return rain
       }`,
      { true: 0.3 * (0.1 * 0.98 + 0.9 * 0.8), false: 0.7 * 0.4 * 0.9 },
    );
  });
});
