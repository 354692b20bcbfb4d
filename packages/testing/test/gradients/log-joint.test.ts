import { compile } from "@pgl/core";
import { beta, dirichlet, gamma, normal, RunEnvironment, seeded, target, twinOf, uniform } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { LogJoint } from "../../../../runtime/src/inference/gradients/log-joint.js";

/** Coordinates of every kind: on the line, above a bound, between bounds (one of them a draw), a probability, a simplex. */
const source = `
model m(): float {
  let x ~ normal(0.5, 2)
  let s ~ gamma(2, 1.5)
  let u ~ uniform(-1, s)
  let p ~ beta(2, 1.5)
  let parts ~ dirichlet([1.5, 2.0, 1.0])
  factor 0.3 * x * u - p * parts[1]
  return x
}`;

const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));

/** log of the density of the coordinates: of the draws they stand for, and of how much they are stretched to those. */
function byHand([x, logS, v, logit, a, b]: readonly number[]): number {
  const s = Math.exp(logS!);
  const u = -1 + (s + 1) * sigmoid(v!);
  const p = sigmoid(logit!);
  // Sticks broken off: the first is half of what one would take of three, were its coordinate zero.
  const first = sigmoid(a! - Math.log(2));
  const second = sigmoid(b!);
  const parts = [first, (1 - first) * second, (1 - first) * (1 - second)];
  const densities =
    normal(0.5, 2).logDensity(x!) +
    gamma(2, 1.5).logDensity(s) +
    uniform(-1, s).logDensity(u) +
    beta(2, 1.5).logDensity(p) +
    dirichlet([1.5, 2, 1]).logDensity(parts);
  const stretches =
    logS! +
    Math.log((s + 1) * sigmoid(v!) * (1 - sigmoid(v!))) +
    Math.log(p * (1 - p)) +
    Math.log(first * (1 - first)) +
    Math.log((1 - first) * second * (1 - second));
  return densities + stretches + 0.3 * x! * u - p * parts[1]!;
}

function finished<T>(work: Generator<unknown, T, void>): T {
  const next = work.next();
  if (next.done !== true) throw new Error("There is nothing to wait for.");
  return next.value;
}

describe("the log joint density of a program's coordinates", () => {
  it("is that of the draws times the Jacobian of the coordinates, by both kinds of gradients", async () => {
    const { models } = await compile.source(source);
    const program = target(models["m"]!, []);
    for (const twin of [twinOf(program.model), null]) {
      const joint = new LogJoint("hmc", program, twin, new RunEnvironment(new Map(), seeded(1)));
      for (let seed = 0; seed < 20; seed++) {
        const position = finished(joint.simulate(seeded(seed)))!;
        const [point] = finished(joint.evaluate([position]));
        expect(point!.logJoint).toBeCloseTo(byHand(Array.from(position)), 10);
        const step = 1e-5;
        Array.from(position).forEach((_, i) => {
          const at = (by: number): number => byHand(Array.from(position, (c, j) => (j === i ? c + by : c)));
          const slope = (at(step) - at(-step)) / (2 * step);
          expect(Math.abs(point!.gradient[i]! - slope)).toBeLessThan(1e-5 * (1 + Math.abs(slope)));
        });
      }
    }
  });
});
