import type { TableModel } from "../reference/index.js";

/**
 * The toy model that exact numbers of the sequential Monte Carlo literature are checked on: two tokens, three steps, a
 * terminal potential by the number of b's. Eight strings, so everything about it is a finite sum.
 */
export const t3: {
  readonly table: TableModel;
  readonly steps: number;
  /** φ by the number of b's in the finished string. */
  readonly potential: readonly number[];
  readonly strings: readonly {
    readonly text: string;
    readonly prior: number;
    readonly potential: number;
    readonly target: number;
  }[];
  readonly Z: number;
  readonly logZ: number;
  /** ψ*(s) = Σ over completions of p₀ · φ, by prefix. */
  readonly optimalTwist: Readonly<Record<string, number>>;
  /** ψ(s) = 1 + #b(s), and ψ(empty) = 1. */
  imperfectTwist(prefix: string): number;
  readonly program: string;
} = (() => {
  const rows: Readonly<Record<string, readonly [number, number]>> = { "": [0.6, 0.4], a: [0.7, 0.3], b: [0.2, 0.8] };
  const potential = [0.1, 1, 0.5, 2];
  const bs = (s: string): number => [...s].filter((c) => c === "b").length;
  const step = (prefix: string, token: string): number => rows[prefix.slice(-1)]![token === "a" ? 0 : 1];
  const priorOf = (s: string): number => [...s].reduce((p, token, i) => p * step(s.slice(0, i), token), 1);
  const texts = ["aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb"];
  const masses = texts.map((s) => priorOf(s) * potential[bs(s)]!);
  const Z = masses.reduce((a, b) => a + b, 0);
  const optimal = (prefix: string): number =>
    prefix.length === 3
      ? potential[bs(prefix)]!
      : step(prefix, "a") * optimal(`${prefix}a`) + step(prefix, "b") * optimal(`${prefix}b`);
  return {
    table: { tokens: ["a", "b"], eos: null, order: 1, rows },
    steps: 3,
    potential,
    strings: texts.map((text, i) => ({
      text,
      prior: priorOf(text),
      potential: potential[bs(text)]!,
      target: masses[i]! / Z,
    })),
    Z,
    logZ: Math.log(Z),
    optimalTwist: Object.fromEntries(["", "a", "b", "aa", "ab", "ba", "bb"].map((s) => [s, optimal(s)])),
    imperfectTwist: (prefix) => 1 + bs(prefix),
    program: `lm toy = "table:t3.json"

const potential: list<float> = [0.1, 1.0, 0.5, 2.0]

model t3(): string {
  var ctx = toy.context("")
  for i in 0..3 {
    let tok ~ toy.next(ctx)
    ctx = ctx + tok
  }
  factor log(potential[count(ctx.text, "b")])
  return ctx.text
}

model twisted(): string {
  var ctx = toy.context("")
  for i in 0..3 {
    let tok ~ toy.next(ctx)
    ctx = ctx + tok
    if i < 2 { twist log(1.0 + count(ctx.text, "b")) }
  }
  factor log(potential[count(ctx.text, "b")])
  return ctx.text
}
`,
  };
})();

/**
 * E[log Ẑ] of SMC on T3, by exhaustive enumeration: multinomial resampling at every step before the
 * last, or none, from the base model with the imperfect twist, or none.
 */
export const t3ExpectedLogEvidence: readonly {
  readonly particles: number;
  readonly twist: "imperfect" | "none";
  readonly resample: boolean;
  readonly expected: number;
}[] = [
  { particles: 1, twist: "none", resample: false, expected: -0.660324 },
  { particles: 2, twist: "imperfect", resample: true, expected: -0.402716 },
  { particles: 2, twist: "none", resample: false, expected: -0.381775 },
  { particles: 3, twist: "imperfect", resample: true, expected: -0.304556 },
  { particles: 3, twist: "none", resample: false, expected: -0.285285 },
  { particles: 2, twist: "none", resample: true, expected: -0.48658 },
];
