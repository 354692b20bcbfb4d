import { compile, run } from "@pgl/core";
import { TableModel } from "@pgl/lm";
import { enumerate, importance, resamplers, seeded, smc, type Method } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import {
  expectProperlyWeighted,
  expectSameMeasure,
  measureOf,
  runMethod,
  t3,
  type LawSubject,
} from "../../src/index.js";

const source = `
lm p = "table:p.json"

model walk(n: int, w: list<float>): int {
  var x = 0
  for i in 0..n {
    let up ~ bernoulli(0.3)
    if up { x += 1 }
  }
  condition x >= n - 1 && len(w) > 0
  return x
}
/// Its names are its own: \`x\` and \`i\` are not the model's.
twist counting(n: int, w: list<float>) for walk {
  var x = 0
  var i = 0
  on up {
    i += 1
    if up { x += 1 }
    let y = w[(2 * i + x) % len(w)]
    twist y * (n - i)
  }
}
twist by_last for walk {
  var last = false
  on up {
    if up == last { twist 1.5 } else if up { twist -0.5 }
    last = up
  }
}

model branches(n: int, w: list<float>): (int, string) {
  let kind ~ choice(["die", "coins"])
  twist 0.25
  let sum = match kind {
    "die" => { let die ~ uniform_int(1, 3); factor 0.5 * die; die },
    _ => {
      var heads = 0
      for _ in 0..n {
        let coin ~ bernoulli(0.4)
        factor if coin { 0.3 } else { -0.2 }
        if coin { heads += 1 }
      }
      heads
    },
  }
  observe sum ~ binomial(n, 0.5)
  return (sum, "\${kind}\${len(w)}")
}
twist everywhere(n: int, w: list<float>) for branches {
  var seen = ""
  on kind { seen = kind; twist if kind == "die" { w[0] } else { w[1] } }
  on die { twist w[die % len(w)] * n }
  on coin {
    seen += if coin { "h" } else { "t" }
    twist 0.1 * len(seen) + w[len(seen) % len(w)]
  }
}

model letters(n: int, w: list<float>): string {
  var ctx = p.context("")
  for i in 0..n {
    let letter ~ p.next(ctx)
    ctx = ctx + letter
  }
  factor w[count(ctx.text, "b") % len(w)]
  return ctx.text
}
/// The numbers of b's so far, as in the oracle's imperfect twist.
twist bs for letters {
  var b = 0
  on letter {
    if letter.text == "b" { b += 1 }
    twist log(1 + b)
  }
}
/// Asks the model what comes next.
twist asking for letters {
  var text = ""
  on letter {
    text += letter.text
    twist p.score("b", after: text)
  }
}

query walks = walk(4, [0.5]) using smc(particles: 4, twist: counting)
model inside(): int {
  let q = infer walk(2, [0.3, -1.0]) using enumerate()
  let x ~ q
  return x
}
`;

const weights = [
  [0.7, -1.2, 0.4],
  [2, 0, -3, 1],
];

const cases = [
  ["walk", "counting", 2],
  ["walk", "by_last", 2],
  ["branches", "everywhere", 2],
  ["letters", "bs", 2],
  ["letters", "asking", 2],
] as const;

const methods: readonly Method[] = [
  ...Object.keys(resamplers).map((resampler) => smc({ particles: 2, ess: 1, resampler: resampler as "systematic" })),
  smc({ particles: 2 }),
  smc({ particles: 1 }),
  importance({ samples: 2 }),
];

const compiled = compile.source(source, { passes: "all" });
const lms = { p: TableModel.from(t3.table, "p") };

async function subjects(model: string, twist: string, n: number, w: readonly number[]) {
  const program = await compiled;
  const of = (m: LawSubject["program"]): LawSubject => ({ program: m, args: [n, w], lms });
  return { plain: of(program.models[model]!), twisted: of(program.twists[twist]!.model) };
}

const exactly = async (subject: LawSubject) =>
  measureOf(await runMethod(subject, enumerate({ tolerance: 0 }), seeded(1)));

describe.each(cases)("%s with the twist %s", (model, twist, n) => {
  it.each(weights)("has the measure of the model, and every method that steers is properly weighted", async (...w) => {
    const { plain, twisted } = await subjects(model, twist, n, w);
    const expected = await exactly(plain);
    expectSameMeasure(await exactly(twisted), expected, 1e-12);
    for (const method of methods) await expectProperlyWeighted({ ...twisted, method, expected });
  });
});

describe("a twist that knows the future", () => {
  it("steers, and is no model of its own", async () => {
    const program = await compile.source(`
model m(): int {
  var x = 0
  for i in 0..3 {
    let up ~ bernoulli(0.3)
    if up { x += 1 }
  }
  condition x == 3
  return x
}
/// log P(all that are to come are up | those so far).
twist optimal for m {
  var left = 3
  var ups = 0
  on up {
    left -= 1
    if up { ups += 1 }
    twist if ups + left == 3 { left * log(0.3) } else { -50.0 }
  }
}
query steered = m() using smc(particles: 64, twist: optimal)
query plain = m() using smc(particles: 64)
`);
    expect(Object.keys(program.models)).toEqual(["m"]);
    expect(program.twists["optimal"]!.target).toBe("m");
    const [steered] = program.queries;
    let sum = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const { logZ, atoms } = await run(steered!, { seed });
      expect(atoms.map(({ value }) => value)).toEqual([3]);
      sum += Math.exp(logZ.estimate!);
    }
    // The relative error of one run is about 0.35.
    expect(Math.abs(sum / 40 / 0.3 ** 3 - 1)).toBeLessThan(0.25);
  });
});
