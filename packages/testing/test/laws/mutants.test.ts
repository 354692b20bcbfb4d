import { bernoulli, resamplers, Status, type ResamplingScheme } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { expectProperlyWeighted, expectUnbiasedResampler, LawError } from "../../src/index.js";
import { blockSmc as mutant, type Variation as Mutation } from "../block-smc.js";
import { scriptModel, type Script } from "../script-model.js";

const program = scriptModel("m", (s: Script) => {
  const a = s.sample("a", bernoulli(0.3));
  s.factor(a ? 1 : -0.5);
  s.twist(a ? 0.8 : -0.4);
  if (a) return "early";
  const b = s.sample("b", bernoulli(0.6), bernoulli(0.2));
  s.factor(b ? 0.5 : -1);
  return b ? "late, b" : "late";
});

describe("deliberately wrong methods are caught", () => {
  test("the harness itself is right when nothing is done to it", async () => {
    for (const scheme of Object.values(resamplers))
      await expectProperlyWeighted({ program, method: mutant({ scheme }) });
  });

  const mutations: Record<string, Mutation> = {
    "a resampler that forgets to reset the weights": {
      scheme: {
        ...resamplers.multinomial,
        resample: (weights, n, random) => {
          const { ancestors } = resamplers.multinomial.resample(weights, n, random);
          return { ancestors, logWeights: Float64Array.from(ancestors, (i) => weights.at(i)) };
        },
      },
    },
    "a resampler that loses the evidence": {
      scheme: {
        ...resamplers.multinomial,
        resample: (weights, n, random) => {
          const { ancestors } = resamplers.multinomial.resample(weights, n, random);
          return { ancestors, logWeights: new Float64Array(n) };
        },
      },
    },
    "a resampler that prefers the first": {
      scheme: {
        ...resamplers.multinomial,
        resample: (weights, n, random) => {
          const made = resamplers.multinomial.resample(weights, n, random);
          return { ...made, ancestors: made.ancestors.map((i, j) => (j === 0 && weights.at(0) > -Infinity ? 0 : i)) };
        },
      },
    },
    "a twist that is not divided out": {
      afterResample: (population) => {
        for (const p of population.particles) p.logWeight += p.logTwist;
      },
    },
    "twists left in the last weights": {
      afterAdvance: (population) => {
        if (population.finished) for (const p of population.particles) p.logWeight += p.value === "early" ? 0.8 : -0.4;
      },
    },
    "a factor dropped": {
      afterAdvance: (population) => {
        if (population.step === 1) for (const p of population.particles) p.logWeight = 0;
      },
    },
    "finished particles weighed again at every step": {
      afterAdvance: (population) => {
        population.particles.forEach((p, i) => {
          if (population.status[i] === Status.Done && population.step > 1) p.logWeight += 1;
        });
      },
    },
    "a proposal's ratio upside down": {
      afterAdvance: (population) => {
        // D/Q is 3 or 1/2 for b: it must be multiplied by once, not divided by.
        population.particles.forEach((p, i) => {
          if (population.status[i] === Status.Done && p.value !== "early")
            p.logWeight -= 2 * Math.log(p.value === "late" ? 0.5 : 3);
        });
      },
    },
    "the weights taken twice at the end": {
      final: (population) => Float64Array.from(population.particles, (p) => 2 * p.logWeight),
    },
    "a weighted population read as an unweighted one": {
      final: (population) => Float64Array.from(population.particles, (p) => (p.logWeight > -Infinity ? 0 : -Infinity)),
    },
    "the sum for the mean": { evidence: (final) => final.logSum() },
    "the largest for the mean": { evidence: (final) => final.max() },
  };
  for (const [name, mutation] of Object.entries(mutations)) {
    test(name, async () => {
      await expect(expectProperlyWeighted({ program, method: mutant(mutation) })).rejects.toThrow(LawError);
    });
  }

  test("biased resamplers, by the resamplers' own law", async () => {
    const biased: ResamplingScheme = {
      ...resamplers.multinomial,
      resample: (weights, n) => ({
        ancestors: Int32Array.from({ length: n }, (_, i) => i % weights.length),
        logWeights: new Float64Array(n).fill(weights.logMean()),
      }),
    };
    await expect(expectUnbiasedResampler(biased, { logWeights: [1, 0] })).rejects.toThrow(LawError);
    await expectUnbiasedResampler(biased, { logWeights: [0, 0] });
  });

  test("the message names the law and the value that is furthest off", async () => {
    const run = expectProperlyWeighted({ program, method: mutant({ evidence: (final) => final.logSum() }) });
    await expect(run).rejects.toThrow(/E\[Ẑ·p̂\(r\)\] = Z·p\(r\)[\s\S]*"early"|"late, b"[\s\S]*instead of/);
  });
});
