import {
  bernoulli,
  categorical,
  choice,
  importance,
  inferRequest,
  kernels,
  uniformInt,
  type Kernel,
} from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { expectIrreducible, expectReversible } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import { executionsOf, expectInvariantOnExecutions } from "./executions.js";

const { block, cycle, drift, gibbs, mixture, prior, repeat, single, suffix } = kernels;

/** Kernels that are reversible; all are invariant. */
const reversible: Record<string, Kernel> = {
  single,
  suffix,
  prior,
  drift: drift(),
  "block of a": block(["a"]),
  "block of a and b": block(["a", "b"]),
  gibbs: gibbs(),
  "gibbs of b": gibbs(["b"]),
  mixture: mixture([single, prior, gibbs()], [1, 2, 3]),
};
const others: Record<string, Kernel> = {
  cycle: cycle(gibbs(), block(["b"]), single),
  repeat: repeat(single, 2),
};

interface Program {
  readonly script: (s: Script) => unknown;
  /** Kernels beside `suffix` and `prior` that reach everything. */
  readonly irreducible: readonly string[];
}

const all = ["single", "gibbs", "drift", "mixture"];

const programs: Record<string, Program> = {
  "independent draws": {
    script: (s) => {
      const a = s.sample("a", bernoulli(0.3));
      const b = s.sample("b", uniformInt(0, 2));
      s.factor(a ? 0.5 * b : -0.25);
      return [a, b];
    },
    irreducible: all,
  },
  "a chain": {
    script: (s) => {
      const a = s.sample("a", bernoulli(0.3));
      const b = s.sample("b", bernoulli(a ? 0.9 : 0.2));
      s.factor(b ? 1 : 0);
      const c = s.sample("c", categorical(b ? [1, 2, 3] : [3, 1, 1]));
      s.factor(0.3 * c);
      return [a, b, c];
    },
    irreducible: all,
  },
  "one choice more on one branch": {
    script: (s) => {
      const a = s.sample("a", bernoulli(0.4));
      s.factor(a ? 0.7 : 0);
      if (a) s.factor(s.sample("b", uniformInt(0, 2)) * 0.4);
      return a;
    },
    irreducible: all,
  },
  "other choices on each branch, and one in common after": {
    script: (s) => {
      const a = s.sample("a", bernoulli(0.4));
      const b = a
        ? s.sample("b", uniformInt(0, 1))
        : s.sample("c", uniformInt(0, 2)) + Number(s.sample("d", bernoulli(0.5)));
      s.factor(0.2 * Number(b));
      return s.sample("e", bernoulli(0.2 + 0.2 * Number(b)));
    },
    irreducible: all,
  },
  "a number of draws that is drawn": {
    script: (s) => {
      const n = s.sample("n", uniformInt(0, 2));
      let sum = 0;
      for (let i = 0; i < n; i++) sum += Number(s.sample("a", bernoulli(0.3 + 0.1 * i)));
      s.factor(0.6 * sum - 0.1 * n);
      return sum;
    },
    irreducible: all,
  },
  "a support that depends on a choice before": {
    script: (s) => {
      const a = s.sample("a", uniformInt(0, 2));
      const b = s.sample("b", uniformInt(a, 2 * a));
      s.factor(0.3 * b);
      return [a, b, s.sample("c", bernoulli(0.25 * (b + 0.5) * 0.8))];
    },
    irreducible: all,
  },
  "supports that do not touch": {
    script: (s) => {
      const a = s.sample("a", bernoulli(0.3));
      const b = s.sample("b", a ? uniformInt(0, 1) : uniformInt(5, 7));
      s.factor(0.1 * b);
      return [a, b];
    },
    irreducible: all,
  },
  "proposals in the program": {
    script: (s) => {
      const a = s.sample("a", bernoulli(0.3), bernoulli(0.6));
      const b = s.sample("b", uniformInt(0, 2), categorical(a ? [1, 2, 3] : [3, 2, 1]));
      s.factor(a ? 0.5 * b : -0.25);
      if (b > 0) s.factor(Number(s.sample("c", bernoulli(0.5), bernoulli(0.1 * b))));
      return [a, b];
    },
    irreducible: all,
  },
  "a proposal that does not reach everything": {
    script: (s) => {
      const a = s.sample("a", uniformInt(0, 2), categorical([1, 1]));
      s.factor(0.5 * a);
      return [a, s.sample("b", bernoulli(0.5))];
    },
    irreducible: [],
  },
  "a proposal that reaches too much": {
    script: (s) => {
      const a = s.sample("a", uniformInt(0, 1), categorical([1, 1, 1]));
      s.factor(0.5 * a);
      return [a, s.sample("b", bernoulli(0.5))];
    },
    irreducible: all,
  },
  "hard conditions": {
    script: (s) => {
      const a = s.sample("a", uniformInt(0, 2));
      s.factor(a === 1 ? -Infinity : 0.5 * a);
      const b = s.sample("b", uniformInt(0, 2));
      s.factor(a + b === 0 ? -Infinity : -0.25 * b);
      return [a, b];
    },
    irreducible: all,
  },
  "a condition that ties two choices together": {
    script: (s) => {
      const a = s.sample("a", bernoulli(0.3));
      const b = s.sample("b", bernoulli(0.4));
      s.factor(a === b ? 0 : -Infinity);
      return [a, s.sample("c", bernoulli(a ? 0.2 : 0.7))];
    },
    irreducible: [],
  },
  "draws before death that are nobody's": {
    script: (s) => {
      const a = s.sample("a", uniformInt(0, 2));
      if (a === 1) {
        const x = s.sample("x", bernoulli(0.5));
        s.factor(x ? -Infinity : 0.5);
      }
      if (a === 2) s.factor(-Infinity);
      return [a, s.sample("b", bernoulli(0.5))];
    },
    irreducible: all,
  },
  "one site drawn from by several kinds of distributions": {
    script: (s) => {
      const a = s.sample("a", uniformInt(0, 2));
      const b = s.sample("b", [uniformInt(0, 1), categorical([1, 2, 3]), choice([2, 1])][a]!);
      s.factor(0.4 * Number(b));
      return [a, b];
    },
    irreducible: all,
  },
  "no choice at all": { script: (s) => (s.factor(-1), 1), irreducible: all },
  "a twist, which is not in the target": {
    script: (s) => {
      const a = s.sample("a", bernoulli(0.3));
      s.twist(a ? 2 : -1);
      const b = s.sample("b", bernoulli(a ? 0.9 : 0.2));
      s.factor(b ? 1 : 0);
      return [a, b];
    },
    irreducible: all,
  },
};

describe("πK = π on all executions", () => {
  for (const [name, { script, irreducible }] of Object.entries(programs)) {
    test(name, async () => {
      const program = scriptModel(name, script);
      for (const beta of [1, 0.3, 0]) {
        const states = await executionsOf({ program, beta });
        for (const [which, kernel] of Object.entries({ ...reversible, ...others })) {
          try {
            const matrix = await expectInvariantOnExecutions({ program, kernel, beta }, states);
            if (which in reversible) expectReversible(matrix);
            const covered = !name.includes("does not reach");
            if ((covered && (which === "suffix" || which === "prior")) || irreducible.includes(which))
              expectIrreducible(matrix);
          } catch (error) {
            throw new Error(`${which} at β = ${beta}: ${(error as Error).message}`, { cause: error });
          }
        }
      }
    });
  }
});

describe("a claim that is not made", () => {
  test("single-site steps cannot cross a condition that ties two choices together", async () => {
    const program = scriptModel("tied", programs["a condition that ties two choices together"]!.script);
    const matrix = await expectInvariantOnExecutions({ program, kernel: single });
    expect(() => expectIrreducible(matrix)).toThrow(/never leads/);
    expectIrreducible(await expectInvariantOnExecutions({ program, kernel: cycle(block(["a", "b"]), single) }));
  });
});

describe("nested inference with a random answer", () => {
  const coin = (p: number) => scriptModel("coin", (s: Script) => s.sample("x", bernoulli(p)));
  test("is part of the execution", async () => {
    const program = scriptModel("outer", (s: Script) => {
      const a = s.sample("a", bernoulli(0.3));
      const answer = s.request(inferRequest(coin(a ? 0.8 : 0.4), [], importance({ samples: 1 })));
      const b = s.sample("b", answer);
      s.factor(b ? 1 : -0.5);
      const again = s.request(inferRequest(coin(0.5), [], importance({ samples: 1 })));
      return [a, s.sample("c", answer), s.sample("d", again)];
    });
    const states = await executionsOf({ program });
    expect(states.length).toBe(8);
    for (const kernel of [single, suffix, prior, gibbs(), block(["b"])]) {
      const matrix = await expectInvariantOnExecutions({ program, kernel }, states);
      if (kernel === suffix || kernel === prior || kernel === single) expectIrreducible(matrix);
    }
  });
  test("and is asked for again where there is nothing else", async () => {
    const program = scriptModel("outer", (s: Script) => {
      const answer = s.request(inferRequest(coin(0.4), [], importance({ samples: 1 })));
      s.factor(answer.atoms[0]!.value ? 1 : -0.5);
      return answer.atoms[0]!.value;
    });
    for (const kernel of [single, suffix, prior])
      expectIrreducible(await expectInvariantOnExecutions({ program, kernel }));
  });
});
