import { train } from "@pgl/core";
import { seeded } from "@pgl/runtime";
import { expect, it } from "vitest";
import { drawExecutions, type SpanExecution } from "../../src/learned/executions.js";
import { ratiosTowards, type LearnedTwist } from "../../src/learned/learned-twist.js";
import { toy } from "./toy.js";

const logPrior = ({ places, tokens }: SpanExecution): number =>
  places.reduce((sum, { ids, logPrior }, t) => sum + logPrior[ids.indexOf(tokens[t]!)]!, 0);

it("with approximate positives CTL comes nearer to the target than RL, SIXO and FUDGE", async () => {
  const { model, lm, target, services } = await toy();
  // The texts of many draws: nearly all of the target's mass.
  const options = { span: "x", twist: null, window: 2 };
  const { executions } = await drawExecutions(target, services, seeded(1), 4000, options);
  const texts = [...new Map(executions.map((e) => [e.tokens.join(), e])).values()];
  const masses = texts.map((e) => Math.exp(logPrior(e) + e.wholeFactors));
  const total = masses.reduce((a, b) => a + b, 0);
  /** KL(σ ‖ q) of one execution drawn towards the twist: E_σ[log w] − log Z. */
  const divergence = (twist: LearnedTwist): number =>
    texts.reduce((sum, e, i) => {
      const logWeight = ratiosTowards(twist, null, e.places, e.tokens).logRatio.at(-1)! + e.wholeFactors;
      return sum + (masses[i]! / total) * (logWeight - Math.log(total));
    }, 0);
  const mean = async (loss: "ctl" | "rl" | "sixo" | "fudge"): Promise<number> => {
    let sum = 0;
    for (const seed of [3, 4]) {
      const { twist } = await train(model, [[0.6]], { lms: { toy: lm }, seed, loss, steps: 96 });
      sum += divergence(twist) / 2;
    }
    return sum;
  };
  const ctl = await mean("ctl");
  expect(ctl).toBeGreaterThan(0);
  expect(ctl).toBeLessThan(0.25);
  for (const loss of ["rl", "sixo", "fudge"] as const) expect(await mean(loss), loss).toBeGreaterThan(ctl);
});
