import { enumerateOutcomes, expectInvariantKernel, expectIrreducible } from "@pgl/testing";
import { describe, expect, test } from "vitest";
import {
  bernoulli,
  categorical,
  normal,
  pmmh,
  target,
  TraceLedger,
  uniformInt,
  type RandomSource,
} from "../../src/index.js";
import { MarginalChains } from "../../src/inference/methods/pmmh.js";
import { environment, model, run, type Program } from "../support/script.js";

const programs: Record<string, { readonly parameters: readonly string[]; readonly program: Program }> = {
  "one parameter": {
    parameters: ["p"],
    program: (s) => {
      const p = s.sample("p", uniformInt(0, 2));
      s.factor(0.3 * p);
      const a = s.sample("a", bernoulli(0.2 + 0.3 * p));
      s.factor(a ? 0.8 : -0.2);
      return [p, a];
    },
  },
  "two, the second depending on the first, with proposals": {
    parameters: ["p", "q"],
    program: (s) => {
      const p = s.sample("p", bernoulli(0.3), bernoulli(0.6));
      s.factor(p ? 0.2 : -0.1);
      const q = s.sample("q", uniformInt(0, p ? 2 : 1), categorical([0.5, 0.3, 0.2]));
      const a = s.sample("a", bernoulli(0.5));
      s.factor((a ? 0.5 : -0.5) * q);
      return [p, q, a];
    },
  },
  "as many as the first one says": {
    parameters: ["p", "q"],
    program: (s) => {
      const p = s.sample("p", bernoulli(0.4));
      const q = p ? s.sample("q", bernoulli(0.3)) : false;
      const a = s.sample("a", bernoulli(q ? 0.7 : 0.4));
      s.factor(a ? 0.6 : -0.3);
      return [p, q, a];
    },
  },
  "nothing else": { parameters: ["p"], program: (s) => s.sample("p", bernoulli(0.3)) },
};

const settings = { particles: 1, samples: 1, burn: 0, chains: 1, resampler: "systematic" as const };

type Chain = MarginalChains["chains"][number];
interface State {
  readonly parameters: NonNullable<Chain["parameters"]>;
  readonly draw: NonNullable<Chain["draw"]>;
}
const keyOf = ({ parameters, draw }: State): string =>
  `${parameters.execution.nodes.map((n) => `${n.site.name}=${String(n.value)}`).join(" ")} ${JSON.stringify(draw.value)} ${draw.logWeight.toFixed(12)}`;

describe("a step of particle marginal Metropolis–Hastings leaves parameters, execution and Ẑ as they are distributed", () => {
  for (const [name, { parameters, program }] of Object.entries(programs)) {
    for (const particles of name === "nothing else" ? [1] : [1, 2]) {
      test(`${name}, N = ${particles}`, async () => {
        const ledger = new TraceLedger();
        const chainsOf = (random: RandomSource): MarginalChains =>
          new MarginalChains(
            target(model(program), []),
            { ...settings, parameters, particles },
            environment(random),
            ledger,
          );
        const done = (steps: Generator<Promise<void>, void, void>): void => {
          expect(steps.next().done).toBe(true);
        };
        const masses = new Map<string, { state: State; mass: number }>();
        for (const { value: state, probability } of await enumerateOutcomes((random) => {
          const chains = chainsOf(random);
          done(chains.start(chains.chains, 0));
          const { parameters: drawn, draw } = chains.chains[0]!;
          return draw === null ? null : { parameters: drawn!, draw };
        })) {
          if (state === null) continue;
          const mass = probability * Math.exp(state.parameters.logWeight + state.draw.logWeight);
          const known = masses.get(keyOf(state));
          if (known === undefined) masses.set(keyOf(state), { state, mass });
          else known.mass += mass;
        }
        const matrix = await expectInvariantKernel<State>({
          states: [...masses.values()],
          key: keyOf,
          kernel: (state, random) => {
            const chains = chainsOf(random);
            const chain = chains.chains[0]!;
            chain.parameters = state.parameters;
            chain.draw = state.draw;
            done(chains.step(0, false));
            return { parameters: chain.parameters!, draw: chain.draw! };
          },
        });
        expectIrreducible(matrix);
      });
    }
  }
});

test("a conjugate model: the posterior of a mean, with noise that has to be summed over", async () => {
  // m ~ N(0, 1); y = m + N(0, 1) noise drawn by the program + N(0, 1) seen: 2.
  const posterior = await run(pmmh({ parameters: ["m"], particles: 16, samples: 4000, burn: 1000, chains: 2 }), (s) => {
    const m = s.sample("m", normal(0, 1));
    const e = s.sample("e", normal(0, 1));
    s.observe(normal(m + e, 1), 2);
    return m;
  });
  expect(posterior.logZ.estimate).toBe(null);
  expect(posterior.samples.length).toBe(8000);
  // m | y has mean y/3 and variance 2/3.
  expect(posterior.mean()).toBeCloseTo(2 / 3, 0);
  expect(Math.abs(posterior.mean() - 2 / 3)).toBeLessThan(0.1);
  expect(Math.abs(posterior.variance() - 2 / 3)).toBeLessThan(0.12);
  const chains = posterior.diagnostics.chains!;
  expect(chains.count).toBe(2);
  expect(chains.rHat!).toBeLessThan(1.05);
  // Learnt towards 0.44.
  expect(Math.abs(chains.acceptance - 0.44)).toBeLessThan(0.15);
});

describe("parameters that are none", () => {
  const late: Program = (s) => {
    s.sample("first", bernoulli(0.5));
    return s.sample("p", bernoulli(0.5));
  };
  test.each([
    ["after another draw", ["p"], late, /draws at .*first.* before it draws `p`/],
    [
      "one before, one after",
      ["first", "last"],
      (s: Parameters<Program>[0]) => {
        s.sample("first", bernoulli(0.5));
        s.sample("middle", bernoulli(0.5));
        return s.sample("last", bernoulli(0.5));
      },
      /`last` is drawn at .*after other draws/,
    ],
    ["not drawn at all", ["nowhere"], (s: Parameters<Program>[0]) => s.factor(0), /does not draw `nowhere`/],
  ] as const)("%s", async (_, parameters, program, message) => {
    const error = await run(pmmh({ parameters: [...parameters], samples: 5 }), program as Program).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: "PGLR085" });
    expect((error as Error).message).toMatch(message);
  });
  test("an empty list is refused", () => {
    expect(() => pmmh({ parameters: [] })).toThrow(/`parameters` must be a list of names/);
  });
});
