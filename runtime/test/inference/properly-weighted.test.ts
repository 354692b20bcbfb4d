import { describe, expect, test } from "vitest";
import {
  bernoulli,
  categorical,
  importance,
  rejection,
  resamplers,
  smc,
  uniformInt,
  type Distribution,
  type Method,
  type ResamplerName,
} from "../../src/index.js";
import { expectProperlyWeighted } from "../support/properly-weighted.js";
import { measureOf, model, type Program, type Script } from "../support/script.js";

const { log } = Math;
const names = Object.keys(resamplers) as ResamplerName[];

/** Programs with finitely many executions that tell careful implementations from careless ones. */
const programs: Readonly<Record<string, Program>> = {
  "a chain with factors": (s) => {
    const a = s.sample("a", bernoulli(0.3));
    s.factor(a ? 0.4 : -0.7);
    const b = s.sample("b", uniformInt(0, 2));
    s.observe(categorical([1, 2, 3]), b);
    return [a, b];
  },
  "branches with different numbers of factors": (s) => {
    if (s.sample("a", bernoulli(0.4))) {
      s.factor(0.5);
      s.factor(-1);
      s.factor(0.25);
    } else s.factor(-0.5);
    return s.sample("b", bernoulli(0.5));
  },
  "a branch that finishes early": (s) => {
    if (s.sample("a", bernoulli(0.5))) return "early";
    s.factor(log(0.5));
    const b = s.sample("b", uniformInt(0, 1));
    s.factor(log(0.2 + b));
    return b;
  },
  "steps between factors": (s) => {
    s.step();
    const a = s.sample("a", bernoulli(0.2));
    s.step();
    s.factor(a ? 1 : -1);
    s.step();
    return a;
  },
  "hard conditions": (s) => {
    const a = s.sample("a", uniformInt(0, 3));
    s.condition(a > 0);
    const b = s.sample("b", uniformInt(0, 1));
    s.condition(a + b !== 2);
    return a + b;
  },
  "a twist that is taken back at the end": (s) => {
    const a = s.sample("a", bernoulli(0.3));
    s.twist(a ? 1.5 : -0.5);
    const b = s.sample("b", bernoulli(0.6));
    s.factor(a === b ? 0.3 : -0.8);
    return [a, b];
  },
  "twists on one branch only, and several of them": (s) => {
    const a = s.sample("a", uniformInt(0, 2));
    if (a === 1) s.twist(2);
    else s.step();
    const b = s.sample("b", bernoulli(0.5));
    s.twist(b ? -1 : 0.5);
    s.factor(a * 0.4);
    return a;
  },
  "a twist of minus infinity on executions that have mass": (s) => {
    const a = s.sample("a", uniformInt(0, 2));
    s.twist(a === 0 ? -Infinity : a);
    s.factor(a === 2 ? -1.5 : 0.2);
    const b = s.sample("b", bernoulli(0.5));
    s.factor(b ? 0.7 : -0.1);
    return [a, b];
  },
  "a twist of minus infinity everywhere": (s) => {
    const a = s.sample("a", bernoulli(0.5));
    s.twist(-Infinity);
    s.factor(a ? 1 : 0);
    return a;
  },
  "proposals at draws": (s) => {
    const a = s.sample("a", categorical([0.5, 0.3, 0.2]), categorical([0.1, 0.1, 0.8]));
    s.factor(a * 0.5);
    const b = s.sample("b", bernoulli(0.1), bernoulli(0.5));
    s.observe(bernoulli(b ? 0.9 : 0.2), true);
    return [a, b];
  },
  "a proposal that draws what the program cannot": (s) => {
    const a = s.sample("a", uniformInt(0, 1), uniformInt(0, 3));
    s.factor(a - 0.5);
    return a;
  },
  "loops of random length": (s) => {
    let n = 0;
    while (n < 3 && s.sample(`go ${n}`, bernoulli(0.6))) {
      n++;
      s.factor(-0.2 * n);
    }
    return n;
  },
};

const methodsFor = (name: ResamplerName): Method[] => [
  smc({ particles: 2, resampler: name }),
  smc({ particles: 2, resampler: name, ess: 0.95 }),
  smc({ particles: 2, resampler: name, ess: 1 }),
];

describe.each(Object.entries(programs))("%s", (_, program) => {
  test.each(names)("smc with %s resampling", async (name) => {
    for (const method of methodsFor(name)) await expectProperlyWeighted(method, program);
  });

  test("one particle; importance sampling", async () => {
    for (const method of [smc({ particles: 1, ess: 1 }), importance({ samples: 1 }), importance({ samples: 2 })]) {
      await expectProperlyWeighted(method, program);
    }
  });
});

test("three particles", async () => {
  for (const name of names) {
    await expectProperlyWeighted(smc({ particles: 3, resampler: name, ess: 1 }), programs["hard conditions"]!);
    await expectProperlyWeighted(
      smc({ particles: 3, resampler: name, ess: 0.6 }),
      programs["a branch that finishes early"]!,
    );
  }
});

describe("whole-trace proposals", () => {
  const program: Program = (s) => {
    const a = s.sample("a", bernoulli(0.3));
    s.factor(a ? 0.5 : -0.5);
    const b = s.sample("b", uniformInt(0, 2));
    s.condition(b > 0 || a);
    return [a, b];
  };
  const guides: Readonly<Record<string, [Program, string[]]>> = {
    "in the program's order": [
      (s) => {
        const a = s.sample("a", bernoulli(0.6));
        s.sample("b", categorical(a ? [0.2, 0.4, 0.4] : [0.1, 0.5, 0.4]));
        return null;
      },
      ["a", "b"],
    ],
    "in another order": [
      (s) => {
        const b = s.sample("b", categorical([0.2, 0.5, 0.3]));
        s.sample("a", bernoulli(b === 0 ? 0.9 : 0.4));
        return null;
      },
      ["a", "b"],
    ],
    "for one draw only": [(s) => void s.sample("b", categorical([0.1, 0.1, 0.8])), ["b"]],
    "with draws of its own": [
      (s) => {
        const c = s.sample("c", bernoulli(0.5));
        s.sample("a", bernoulli(c ? 0.8 : 0.3));
        s.step();
        s.sample("b", categorical(c ? [0.2, 0.2, 0.6] : [0.5, 0.3, 0.2]));
        s.sample("d", bernoulli(0.5));
        return null;
      },
      ["a", "b", "c", "d"],
    ],
    "that ends early": [(s) => void s.sample("a", bernoulli(0.8)), ["a", "b"]],
  };
  test.each(Object.entries(guides))("%s", async (_, [guide, draws]) => {
    const proposal = model(guide, draws, "guide");
    await expectProperlyWeighted(importance({ samples: 1, proposal }), program);
    for (const ess of [0.6, 1]) await expectProperlyWeighted(smc({ particles: 2, ess, proposal }), program);
  });

  test("for draws in a loop, visit by visit", async () => {
    const loop: Program = (s) => {
      let sum = 0;
      for (let i = 0; i < 2; i++) sum += s.sample("x", uniformInt(0, 2)) as number;
      s.factor(-0.5 * sum);
      return sum;
    };
    const guide: Program = (s) => {
      for (const w of [
        [0.6, 0.2, 0.2],
        [0.1, 0.3, 0.6],
      ]) {
        s.sample("x", categorical(w));
      }
      return null;
    };
    await expectProperlyWeighted(smc({ particles: 2, ess: 1, proposal: model(guide, ["x"], "guide") }), loop);
  });
});

describe("rejection", () => {
  // The number of attempts decides the estimate: executions up to the limit are enumerated.
  const program: Program = (s: Script) => {
    const a = s.sample("a", uniformInt(0, 2) as Distribution<number>, uniformInt(0, 2));
    s.factor(log([0.5, 0.25, 0.9][a]!));
    return a;
  };
  test.each([1, 2, 3])("two accepted of at most %i attempts", async (max_attempts) => {
    await expectProperlyWeighted(rejection({ samples: 2, max_attempts }), program);
  });
  test("with a bound of one's own", async () => {
    const heavy: Program = (s) => {
      const a = s.sample("a", bernoulli(0.5));
      s.factor(a ? 2 : 1);
      return a;
    };
    await expectProperlyWeighted(rejection({ samples: 2, max_attempts: 3, bound: 2 }), heavy);
  });
  test("proposals of the program are not used", async () => {
    await expectProperlyWeighted(rejection({ samples: 2, max_attempts: 2 }), (s) => {
      const a = s.sample("a", uniformInt(0, 1), uniformInt(0, 3));
      s.factor(a === 1 ? -0.4 : -1);
      return a;
    });
  });
});

test("the oracle itself: a program whose measure is known by hand", () => {
  const measure = measureOf((s) => {
    const a = s.sample("a", bernoulli(0.25));
    s.factor(a ? log(2) : -Infinity);
    return a;
  });
  expect([...measure]).toEqual([["true", 0.5]]);
});
