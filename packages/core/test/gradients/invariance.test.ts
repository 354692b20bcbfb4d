import { describe, expect, it } from "vitest";
import { seeded } from "@pgl/runtime";
import { hmcKernel } from "../../../../runtime/src/inference/methods/hmc.js";
import { nutsKernel } from "../../../../runtime/src/inference/methods/nuts.js";
import type { Kernel } from "../../../../runtime/src/inference/gradients/leapfrog.js";
import type { LogJoint, Point } from "../../../../runtime/src/inference/gradients/log-joint.js";
import { kolmogorovTail } from "../../../../runtime/test/statistics.js";
import { compile } from "../../src/index.js";
import { bothWays, finished } from "./log-joint.js";

/**
 * A kernel applied to exact draws from its target gives exact draws again (the successive-conditional half of Geweke, Getting
 * it right, JASA 2004), whatever the step size: here coarse ones, with which many steps are refused. Each of the 48 comparisons
 * (two-sample Kolmogorov–Smirnov) fails by chance with probability 10⁻⁶; seeds are fixed.
 */
const LEVEL = 1e-6;
const DRAWS = 2000;

/** Its prior is drawn from exactly; coordinates of all kinds, with bounds and scales that are draws. */
const PROGRAM = `
model m(): float {
  let scale ~ gamma(2, 1.5)
  let x ~ normal(0.5, scale)
  let top ~ lognormal(0, 0.5)
  let u ~ uniform(-1, top)
  let p ~ beta(2, 1.5)
  let parts ~ dirichlet([1.5, 2.0, 1.0])
  let pair ~ multivariate_normal([x, 0.0], [[1.0, 0.5], [0.5, 2.0]])
  return u * p + parts[0] + pair[0]
}`;

async function moved(joint: LogJoint, kernel: Kernel, from: Point, step: number, seed: number): Promise<Point> {
  let point = from;
  for (let t = 0; t < 3; t++) {
    const transition = kernel(point, step, new Float64Array(from.position.length).fill(1), seeded(seed).split(t));
    let next = transition.next();
    while (next.done !== true) next = transition.next((await finished(joint.evaluate([next.value])))[0]!);
    point = next.value.point;
  }
  return point;
}

/** P of a distance as large between the empirical distributions of two independent samples of one law. */
function sameLaw(a: readonly number[], b: readonly number[]): number {
  const [xs, ys] = [a, b].map((values) => [...values].sort((x, y) => x - y)) as [number[], number[]];
  let [i, j, distance] = [0, 0, 0];
  while (i < xs.length && j < ys.length) {
    if (xs[i]! <= ys[j]!) i++;
    else j++;
    distance = Math.max(distance, Math.abs(i / xs.length - j / ys.length));
  }
  return kolmogorovTail(distance, (xs.length * ys.length) / (xs.length + ys.length));
}

const kernels: readonly (readonly [string, Kernel])[] = [
  ["hmc", hmcKernel(5)],
  ["nuts", nutsKernel(5)],
];

describe.each(kernels)("the kernel of %s keeps its target", (_, kernel) => {
  it.each([0.15, 0.6])("at step size %d", async (step) => {
    const { models } = await compile.source(PROGRAM);
    const { reverse, start } = bothWays(models["m"]!, []);
    const statistics = (p: Point): number[] => [
      ...p.position,
      p.logJoint,
      p.position[0]! * p.position[1]!,
      p.position[3]! * p.position[4]!,
    ];
    const exact: number[][] = [];
    const after: number[][] = [];
    let changed = 0;
    for (let i = 0; i < DRAWS; i++) {
      const [fresh, begin] = await finished(reverse.evaluate([(await start(2 * i))!, (await start(2 * i + 1))!]));
      exact.push(statistics(fresh!));
      const end = await moved(reverse, kernel, begin!, step, 1_000_000 + i);
      if (end !== begin) changed++;
      after.push(statistics(end));
    }
    expect(reverse.loss).toBeNull();
    expect(changed, "some transitions move").toBeGreaterThan(DRAWS / 4);
    for (let k = 0; k < exact[0]!.length; k++) {
      const p = sameLaw(
        exact.map((s) => s[k]!),
        after.map((s) => s[k]!),
      );
      expect(p, `statistic ${k}`).toBeGreaterThan(LEVEL);
    }
  });

  it("and the test would notice a density that is off", async () => {
    const { models } = await compile.source(PROGRAM);
    const { reverse, start } = bothWays(models["m"]!, []);
    const exact: number[] = [];
    const after: number[] = [];
    // Tilted along its first coordinate.
    const wrong = (p: Point): Point => ({ ...p, logJoint: p.logJoint - 2 * p.position[0]! });
    for (let i = 0; i < 1500; i++) {
      const [fresh, begin] = await finished(reverse.evaluate([(await start(2 * i))!, (await start(2 * i + 1))!]));
      exact.push(fresh!.position[0]!);
      const transition = kernel(wrong(begin!), 0.5, new Float64Array(begin!.position.length).fill(1), seeded(i));
      let next = transition.next();
      while (next.done !== true) next = transition.next(wrong((await finished(reverse.evaluate([next.value])))[0]!));
      after.push(next.value.point.position[0]!);
    }
    expect(sameLaw(exact, after)).toBeLessThan(LEVEL);
  });
});
