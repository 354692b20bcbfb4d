import {
  bernoulli,
  categorical,
  importance,
  resamplers,
  smc,
  target,
  RunEnvironment,
  uniformInt,
  type Method,
} from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { enumerateOutcomes, expectProperlyWeighted, t3, t3ExpectedLogEvidence } from "../../src/index.js";
import { blockSmc } from "../block-smc.js";
import { scriptModel, type Script } from "../script-model.js";

type Twisting = "none" | "imperfect" | "optimal";

/** T3 as a model: three draws, a twist after each but the last, the potential at the end. */
const t3Model = (twisting: Twisting, proposing = false) =>
  scriptModel(`T3, ${twisting} twist`, (s: Script) => {
    let text = "";
    for (let i = 0; i < t3.steps; i++) {
      const row = t3.table.rows[text.slice(-1)]!;
      const token = s.sample(`t${i}`, categorical([...row]), proposing ? categorical([0.5, 0.5]) : undefined);
      text += t3.table.tokens[token as number]!;
      if (i === t3.steps - 1) break;
      if (twisting === "imperfect") s.twist(Math.log(t3.imperfectTwist(text)));
      if (twisting === "optimal") s.twist(Math.log(t3.optimalTwist[text]!));
      if (twisting === "none") s.step();
    }
    s.factor(Math.log(t3.potential[[...text].filter((c) => c === "b").length]!));
    return text;
  });

const expected = {
  logZ: t3.logZ,
  total: t3.Z,
  executions: 8,
  atoms: t3.strings.map(({ text, prior, potential }) => ({
    value: text,
    key: JSON.stringify(text),
    mass: prior * potential,
    logMass: Math.log(prior * potential),
  })),
};

const schemes = ["systematic", "stratified", "multinomial", "residual", "optimal"] as const;

describe("sequential Monte Carlo on T3 is properly weighted", () => {
  for (const resampler of schemes) {
    for (const ess of [0.5, 0.9, 1]) {
      test(`${resampler}, resampling below ${ess}`, async () => {
        for (const twisting of ["none", "imperfect", "optimal"] as const) {
          for (const proposing of [false, true]) {
            const method = smc({ particles: 2, resampler, ess });
            await expectProperlyWeighted({ program: t3Model(twisting, proposing), method, expected });
          }
        }
      });
    }
  }

  test("one particle, and importance sampling", async () => {
    for (const method of [smc({ particles: 1 }), importance({ samples: 1 }), importance({ samples: 2 })]) {
      await expectProperlyWeighted({ program: t3Model("imperfect", true), method, expected });
    }
  });

  test("islands, each with draws of its own", async () => {
    const method = smc({ particles: 1, islands: 2 });
    const { outcomes } = await expectProperlyWeighted({ program: t3Model("none"), method, expected });
    expect(outcomes).toBe(8 * 8);
    await expectProperlyWeighted({
      program: t3Model("imperfect", true),
      method: smc({ particles: 2, islands: 2, ess: 0 }),
      expected,
    });
  });

  test("three particles", async () => {
    await expectProperlyWeighted({
      program: t3Model("imperfect"),
      method: smc({ particles: 3, ess: 1, resampler: "systematic" }),
      expected,
    });
  });
});

describe("E[log Ẑ] on T3 is what the literature's enumeration gives", () => {
  const meanLogEvidence = async (method: Method, twisting: Twisting): Promise<number> => {
    const outcomes = await enumerateOutcomes((random) =>
      method.run(target(t3Model(twisting), []), new RunEnvironment(new Map(), random)),
    );
    return outcomes.reduce((sum, { value, probability }) => sum + probability * value.logZ.estimate!, 0);
  };
  for (const { particles, twist, resample, expected: number } of t3ExpectedLogEvidence) {
    if (particles > 2) continue; // 373 248 outcomes
    test(`N = ${particles}, ${twist} twist, resampling ${resample ? "at every step" : "never"}`, async () => {
      const method = resample
        ? // Also where the weights are equal, and not after the last factor: by the blocks, not by `smc`.
          blockSmc({ scheme: resamplers.multinomial, resampleAt: (step) => step < 3 }, particles)
        : smc({ particles, ess: 0 });
      expect(await meanLogEvidence(method, twist)).toBeCloseTo(number, 6);
    });
  }
});

describe("programs that distort careless implementations", () => {
  const programs = {
    "a branch that finishes early": (s: Script) => {
      const short = s.sample("a", bernoulli(0.5));
      if (short) return "short";
      s.factor(Math.log(0.5));
      const b = s.sample("b", uniformInt(0, 1));
      s.factor(Math.log(0.2 + b));
      return `long ${b}`;
    },
    "more factors on one branch": (s: Script) => {
      const a = s.sample("a", bernoulli(0.3));
      if (a) {
        s.factor(0.5);
        s.factor(-1);
        s.factor(0.25);
      } else s.factor(-0.5);
      return [a, s.sample("b", bernoulli(0.5))];
    },
    "hard conditions that few survive": (s: Script) => {
      const a = s.sample("a", uniformInt(0, 3));
      s.factor(a > 0 ? 0 : -Infinity);
      const b = s.sample("b", uniformInt(0, 1));
      s.factor(b === 1 ? 0 : -Infinity);
      return a;
    },
    "a skipped resampling before an informative weight": (s: Script) => {
      const a = s.sample("a", bernoulli(0.5));
      s.factor(a ? 0.4 : 0);
      const b = s.sample("b", bernoulli(0.5));
      s.factor(b ? 3 : -2);
      return [a, b];
    },
    "a twist that comes and goes": (s: Script) => {
      const a = s.sample("a", bernoulli(0.5));
      s.twist(a ? 2 : -1);
      const b = s.sample("b", bernoulli(0.25), bernoulli(0.75));
      s.twist(b ? -3 : 0.5);
      s.step();
      return [a, b];
    },
    "a number of draws that depends on a draw": (s: Script) => {
      let n = 0;
      while (n < 2 && s.sample("more", bernoulli(0.5))) {
        n++;
        s.factor(0.7);
      }
      return n;
    },
    "nothing that is possible": (s: Script) => {
      s.sample("a", bernoulli(0.5));
      s.factor(-Infinity);
      return 0;
    },
  };
  for (const [name, script] of Object.entries(programs)) {
    test(name, async () => {
      const program = scriptModel(name, script);
      for (const resampler of schemes) {
        for (const ess of [0.5, 1])
          await expectProperlyWeighted({ program, method: smc({ particles: 2, resampler, ess }) });
      }
      await expectProperlyWeighted({ program, method: importance({ samples: 2 }) });
    });
  }
});

describe("whole-trace proposals", () => {
  const program = scriptModel("m", (s: Script) => {
    const a = s.sample("a", bernoulli(0.25));
    s.factor(a ? 1 : 0);
    const b = s.sample("b", uniformInt(0, a ? 2 : 1));
    s.factor(0.5 * b);
    return [a, b];
  });
  const guides = {
    "some of the draws": scriptModel("g", (s: Script) => s.sample("b", categorical([3, 2, 1])), ["b"]),
    "all, each knowing what came before": scriptModel(
      "g",
      (s: Script) => {
        const a = s.sample("a", bernoulli(0.6));
        s.sample("b", categorical(a ? [1, 1, 4] : [1, 2]));
      },
      ["a", "b"],
    ),
    "in another order": scriptModel(
      "g",
      (s: Script) => {
        const b = s.sample("b", categorical([1, 1, 1]));
        s.sample("a", bernoulli(b === 2 ? 0.9 : 0.5));
      },
      ["a", "b"],
    ),
    "with draws that the model has not": scriptModel(
      "g",
      (s: Script) => {
        const coin = s.sample("coin", bernoulli(0.5));
        s.sample("a", bernoulli(coin ? 0.9 : 0.1));
      },
      ["coin", "a"],
    ),
  };
  for (const [name, proposal] of Object.entries(guides)) {
    test(name, async () => {
      await expectProperlyWeighted({ program, method: importance({ samples: 1, proposal }) });
      for (const ess of [0.5, 1])
        await expectProperlyWeighted({ program, method: smc({ particles: 2, ess, proposal }) });
    });
  }
});
