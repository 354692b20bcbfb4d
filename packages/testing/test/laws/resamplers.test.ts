import { resamplers } from "@pgl/runtime";
import { describe, test } from "vitest";
import { expectUnbiasedResampler } from "../../src/index.js";

const weights: Record<string, readonly number[]> = {
  equal: [0, 0, 0],
  "one heavy": [3, 0, -1],
  "one dead": [-Infinity, 0.5, -0.25],
  "all but one dead": [-Infinity, -Infinity, 2],
  "multiples of 1/n": [Math.log(0.5), Math.log(0.25), Math.log(0.25)],
  tiny: [-700, -701, -699],
};

for (const [name, scheme] of Object.entries(resamplers)) {
  describe(name, () => {
    for (const [kind, logWeights] of Object.entries(weights)) {
      test(kind, () => expectUnbiasedResampler(scheme, { logWeights }));
    }
    test("to another number of particles", async () => {
      await expectUnbiasedResampler(scheme, { logWeights: [0.5, -0.5], count: 3 });
      await expectUnbiasedResampler(scheme, { logWeights: [0.5, -0.5, 0, 1], count: 2 });
    });
  });
}
