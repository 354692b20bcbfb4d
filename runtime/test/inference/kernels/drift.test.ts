import { describe, expect, test } from "vitest";
import {
  beta,
  dirichlet,
  exponential,
  kernels,
  multivariateNormal,
  normal,
  seeded,
  target,
  TraceLedger,
  type Distribution,
  type Execution,
  type RandomSource,
} from "../../../src/index.js";
import { constrain, shapeOf, unconstrain } from "../../../src/inference/gradients/coordinates.js";
import { environment, model } from "../../support/script.js";

/** A source that says which way to step and remembers with what probability it was asked to accept. */
class Steered implements RandomSource {
  acceptance = 1;
  private inner = seeded(1);
  uniform = (): number => this.inner.uniform();
  categorical = (): number => 0;
  below = (): number => 0;
  uniformAmong = (): number => 0;
  bernoulli(p: number): boolean {
    this.acceptance = p;
    return true;
  }
  split(): RandomSource {
    return this;
  }
}

const prior = (distribution: Distribution<never>) =>
  model((s) => {
    const x = s.sample("x", distribution as Distribution<unknown>);
    s.factor(Math.sin([x].flat().reduce((a: number, b) => a + (b as number), 0)));
    return x;
  });

/** One step from a start, each coordinate moved by `steps` in turn. */
function moved(distribution: Distribution<never>, start: Execution | null, steps: readonly number[]) {
  const random = new Steered();
  const walk = new kernels.Walk(
    target(prior(distribution), []),
    environment(),
    random,
    start?.ledger ?? new TraceLedger(),
  );
  let at = 0;
  const kernel = kernels.drift(() => steps[at++ % steps.length]!);
  const finish = <T>(it: Generator<unknown, T, void>): T => {
    const { done, value } = it.next();
    if (done !== true) throw new Error("nothing to wait for here");
    return value;
  };
  const from = start ?? finish(walk.start())!;
  const to = finish(kernels.through(kernel.step(from, walk)));
  return { from, to, acceptance: random.acceptance };
}

/** log of the target in unconstrained coordinates, by what the laws of densities say. */
function logTarget(distribution: Distribution<never>, { value, logFactors }: Execution): number {
  const shape = shapeOf(distribution.support)!;
  const u = unconstrain(shape, distribution.support, value);
  const { logJacobian } = constrain(shape, distribution.support, u);
  return distribution.logDensity(value as never) + (logJacobian as number) + logFactors;
}

/**
 * With steps that are as likely one way as the other, detailed balance is π(x)·α(x → x′) = π(x′)·α(x′ → x), π with respect to
 * the coordinates: exact, for any one pair.
 */
describe("a random walk is reversible", () => {
  const cases: Record<string, [Distribution<never>, number]> = {
    "on the line": [normal(0.3, 2) as never, 1],
    "on a half-line": [exponential(0.7) as never, 1],
    "on an interval": [beta(2, 3) as never, 1],
    "on a simplex": [dirichlet([2, 0.7, 1.5]) as never, 2],
    "in space": [
      multivariateNormal(
        [0, 1],
        [
          [1, 0.3],
          [0.3, 2],
        ],
      ) as never,
      2,
    ],
  };
  for (const [name, [distribution, dimensions]] of Object.entries(cases)) {
    test(name, () => {
      for (const size of [0.1, 0.7, -1.3]) {
        const step = Array.from({ length: dimensions }, (_, i) => size * (i === 0 ? 1 : -0.6));
        const there = moved(distribution, null, step);
        const back = moved(
          distribution,
          there.to,
          step.map((x) => -x),
        );
        const [a, b] = [logTarget(distribution, there.from), logTarget(distribution, there.to)];
        expect(a + Math.log(there.acceptance)).toBeCloseTo(b + Math.log(back.acceptance), 9);
        expect(Math.max(there.acceptance, back.acceptance)).toBe(1);
        const [x, y] = [[there.from.value].flat() as number[], [back.to.value].flat() as number[]];
        x.forEach((v, i) => expect(y[i]).toBeCloseTo(v, 9));
      }
    });
  }
});
