import { compile } from "@pgl/core";
import { TableModel } from "@pgl/lm";
import { enumerate, importance, seeded, smc, type Method } from "@pgl/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { expectProperlyWeighted, measureOf, runMethod, t3, type LawSubject } from "../../src/index.js";

/** A second model over the letters of T3. */
const second = { tokens: ["a", "b"], eos: null, order: 1, rows: { "": [0.3, 0.7], a: [0.5, 0.5], b: [0.6, 0.4] } };

const source = `
lm p = "table:p.json"
lm q = "table:q.json"

fn law(kind: string, x: context): dist<token> {
  return match kind {
    "product" => product(p.next(x), q.next(x)),
    "average" => product(p.next(x) ^ 0.5, q.next(x) ^ 0.5),
    "guidance" => product(p.next(x) ^ 2, q.next(x) ^ -1),
    _ => p.next(x) ^ 2,
  }
}
model token_by_token(kind: string): string {
  var x = p.context("")
  for i in 0..3 {
    let tok ~ law(kind, x)
    x = x + tok
  }
  return x.text
}
model local_token_by_token(kind: string): string {
  var x = p.context("")
  for i in 0..3 {
    let tok ~ law(kind, x).local()
    x = x + tok
  }
  return x.text
}
fn text_law(kind: string): dist<string> {
  let d = p.text("", max_tokens: 3)
  let e = q.text("")
  return match kind {
    "product" => product(d, e),
    "average" => product([d ^ 0.5, e ^ 0.5]),
    "guidance" => product(d ^ 2, e ^ -1),
    _ => d ^ 2,
  }
}
model span(kind: string): string {
  let s ~ text_law(kind)
  return s
}
model local_span(kind: string): string {
  let s ~ text_law(kind).local()
  return s
}
model observed(kind: string): string {
  var s = ""
  for i in 0..3 {
    let c ~ choice(["a", "b"])
    s = s + c
  }
  factor 3 * log(2)
  observe s ~ text_law(kind)
  return s
}
model observed_local(kind: string): string {
  var s = ""
  for i in 0..3 {
    let c ~ choice(["a", "b"])
    s = s + c
  }
  factor 3 * log(2) + log_prob(text_law(kind).local(), s)
  return s
}
model annealed(): string {
  let s ~ product(p.text("", max_tokens: 3) ^ [0.5, 1, 2], q.text("") ^ [0, -0.25, -1])
  return s
}
`;

/** The table of the definitions: Z and KL(global ‖ local). */
const numbers = [
  { kind: "product", exponents: [1, 1], Z: 0.099604, kl: 0.005727 },
  { kind: "average", exponents: [0.5, 0.5], Z: 0.848033, kl: 0.001524 },
  { kind: "guidance", exponents: [2, -1], Z: 2.35136, kl: 0.044618 },
  { kind: "annealing", exponents: [2, 0], Z: 0.197688, kl: 0.010454 },
] as const;

const strings = t3.strings.map(({ text }) => text);

/** u(s) = Π over the tokens of p ^ g · q ^ h, and the law of drawing from u renormalised token by token. */
function byHand(exponents: readonly number[]) {
  const rowOf = (prefix: string): number[] =>
    [0, 1].map((token) =>
      [t3.table.rows, second.rows].reduce(
        (u, rows, i) => u * (rows as Record<string, readonly number[]>)[prefix.slice(-1)]![token]! ** exponents[i]!,
        1,
      ),
    );
  const along = (s: string, of: (row: number[], token: number) => number): number =>
    [...s].reduce((product, c, i) => product * of(rowOf(s.slice(0, i)), c === "a" ? 0 : 1), 1);
  const masses = strings.map((s) => along(s, (row, token) => row[token]!));
  return {
    masses,
    Z: masses.reduce((a, b) => a + b, 0),
    local: strings.map((s) => along(s, (row, token) => row[token]! / (row[0]! + row[1]!))),
  };
}

let subject: (model: string, ...args: unknown[]) => LawSubject;
beforeAll(async () => {
  const program = await compile.source(source, { passes: "all" });
  const lms = { p: TableModel.from(t3.table, "p"), q: TableModel.from(second, "q") };
  subject = (model, ...args) => ({ program: program.models[model]!, args, lms });
});

async function exact(s: LawSubject, method: Method = enumerate({ tolerance: 0 })) {
  const posterior = await runMethod(s, method, seeded(1));
  const measure = measureOf(posterior);
  const mass = new Map(posterior.atoms.map(({ value, weight }) => [String(value), weight]));
  return { Z: Math.exp(measure.logZ), law: strings.map((text) => mass.get(text) ?? 0), posterior };
}

const divergence = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((sum, x, i) => sum + x * Math.log(x / q[i]!), 0);

describe.each(numbers)("$kind on T3 with a second expert", ({ kind, exponents, Z, kl }) => {
  const hand = byHand(exponents);

  it.each(["token_by_token", "span", "observed"])("is the global law: %s", async (model) => {
    const { Z: found, law } = await exact(subject(model, kind));
    expect(found).toBeCloseTo(Z, 6);
    expect(Math.abs(found / hand.Z - 1)).toBeLessThan(1e-12);
    law.forEach((p, i) => expect(p).toBeCloseTo(hand.masses[i]! / hand.Z, 12));
    expect(divergence(law, hand.local)).toBeCloseTo(kl, 6);
  });

  it.each(["local_token_by_token", "local_span", "observed_local"])("has the local one: %s", async (model) => {
    const { Z: found, law, posterior } = await exact(subject(model, kind));
    expect(found).toBeCloseTo(1, 12);
    law.forEach((p, i) => expect(p).toBeCloseTo(hand.local[i]!, 12));
    const warned = posterior.diagnostics.warnings.map(({ code }) => code);
    expect(warned.includes("PGLW018")).toBe(model !== "observed_local");
  });

  it.each(["token_by_token", "span"])("is properly weighted: %s", async (model) => {
    for (const method of [
      smc({ particles: 1 }),
      smc({ particles: 2 }),
      smc({ particles: 2, ess: 1, resampler: "multinomial" }),
      importance({ samples: 2 }),
    ]) {
      const { outcomes } = await expectProperlyWeighted({ ...subject(model, kind), method });
      expect(outcomes).toBeGreaterThan(7);
    }
  });

  it("E under the local law of the product of the normalisers is Z", async () => {
    const { posterior } = await exact(subject("span", kind), smc({ particles: 1 }));
    // One execution: its Ẑ is the product of the normalisers along its text.
    const text = String(posterior.atoms[0]!.value);
    const i = strings.indexOf(text);
    expect(posterior.logZ.estimate).toBeCloseTo(Math.log(hand.masses[i]! / hand.local[i]!), 10);
    expect(hand.local.reduce((sum, q, j) => sum + q * (hand.masses[j]! / hand.local[j]!), 0)).toBeCloseTo(Z, 6);
  });

  it("smc with many particles comes to the global law, and of the local product to the local one", async () => {
    const runs = smc({ particles: 4000 });
    for (const [model, expected] of [
      ["span", hand.masses.map((u) => u / hand.Z)],
      ["local_span", hand.local],
    ] as const) {
      const { law } = await exact(subject(model, kind), runs);
      law.forEach((p, j) => expect(Math.abs(p - expected[j]!)).toBeLessThan(0.03));
    }
  });
});

describe("classifier-free guidance", () => {
  it("has the laws of the table", async () => {
    const globally = [0.490133, 0.090024, 0.006124, 0.146979, 0.006351, 0.001166, 0.010369, 0.248853];
    const locally = [0.599536, 0.110119, 0.005214, 0.125131, 0.005407, 0.000993, 0.006144, 0.147456];
    const { law } = await exact(subject("span", "guidance"));
    const { law: local } = await exact(subject("local_span", "guidance"));
    globally.forEach((p, i) => expect(law[i]).toBeCloseTo(p, 6));
    locally.forEach((p, i) => expect(local[i]).toBeCloseTo(p, 6));
  });
});

describe("exponents along the way", () => {
  it("leave the measure that of the last ones", async () => {
    const { masses, Z } = byHand([2, -1]);
    const { Z: found, law } = await exact(subject("annealed"));
    expect(Math.abs(found / Z - 1)).toBeLessThan(1e-12);
    law.forEach((p, i) => expect(p).toBeCloseTo(masses[i]! / Z, 12));
    for (const method of [smc({ particles: 2, ess: 1 }), importance({ samples: 2 })]) {
      await expectProperlyWeighted({ ...subject("annealed"), method });
    }
  });
});
