import { describe, expect, it } from "vitest";
import {
  bernoulli,
  categorical,
  choice,
  hostCall,
  map,
  marginal,
  mmap,
  normal,
  plan,
  poisson,
  seeded,
  type Method,
} from "../../../src/index.js";
import { environment, measureOf, run, type Program } from "../../support/script.js";

const methods: readonly Method[] = [marginal(), map(), mmap({ vars: ["x"] }), plan({ decisions: ["x"] })];

/** The frames of these test programs do not say what they depend on: nothing merges, and the answers are the same. */
describe("programs whose frames tell nothing of their future", () => {
  const program: Program<string> = (s) => {
    const x = s.sample("x", choice(["a", "b", "c"]));
    const y = s.sample("y", bernoulli(x === "a" ? 0.5 : 0.9));
    s.factor(x === "b" ? Math.log(3) : 0);
    s.condition(!(x === "c" && y));
    return `${x}${y}`;
  };

  it("marginal", async () => {
    const posterior = await run(marginal(), program);
    const masses = measureOf(program);
    const total = [...masses.values()].reduce((a, b) => a + b, 0);
    expect(Math.exp(posterior.logZ.estimate!)).toBeCloseTo(total, 14);
    for (const { value, weight } of posterior.atoms)
      expect(weight).toBeCloseTo(masses.get(JSON.stringify(value))! / total, 14);
    expect(posterior.atoms).toHaveLength(5);
    expect(posterior.method).toMatchObject({ name: "marginal", guarantee: "exact" });
  });

  it("map, with the trace of the execution", async () => {
    const best = await run(map(), program);
    expect(best.atoms).toEqual([{ value: "btrue", weight: 1 }]);
    expect(Math.exp(best.logZ.estimate!)).toBeCloseTo((1 / 3) * 0.9 * 3, 14);
    expect(best.traces()[0]!.draws.map(({ site, value }) => [site.name, value])).toEqual([
      ["x", "b"],
      ["y", true],
    ]);
    expect(best.method.guarantee).toBe("maximum");
    expect(best.toJSON()).toMatchObject({
      maximum: {
        choices: [
          { name: "x", value: "b" },
          { name: "y", value: true },
        ],
        policy: [],
      },
    });
  });

  it("mmap: the sum inside the maximum", async () => {
    const best = await run(mmap({ vars: ["y"] }), program);
    expect(best.diagnostics.maximum!.choices.map(({ site, value }) => [site.name, value])).toEqual([["y", true]]);
    expect(Math.exp(best.logZ.estimate!)).toBeCloseTo((1 / 3) * (0.5 + 3 * 0.9), 14);
    expect(best.probability((v) => v === "btrue")).toBeCloseTo(2.7 / 3.2, 14);
  });

  it("mmap: not to be drawn at all is a value of its own", async () => {
    const best = await run(mmap({ vars: ["y"] }), (s) => {
      if (s.sample("x", bernoulli(0.4))) return "none";
      return s.sample("y", choice([1, 2, 3]));
    });
    expect(best.atoms).toEqual([{ value: "none", weight: 1 }]);
    expect(best.diagnostics.maximum!.choices).toEqual([]);
    expect(Math.exp(best.logZ.estimate!)).toBeCloseTo(0.4, 14);
  });

  it("mmap: visits of one name are values of their own, whatever the order of different names", async () => {
    const best = await run(mmap({ vars: ["y", "z"] }), (s) => {
      const names = s.sample("x", bernoulli(0.5)) ? ["y", "z", "y"] : ["z", "y", "y"];
      return names.map((name) => s.sample(name, categorical([0.4, 0.6]))).join("");
    });
    // Either order leads to the same values by name.
    expect(Math.exp(best.logZ.estimate!)).toBeCloseTo(0.6 ** 3, 14);
    expect(best.diagnostics.maximum!.choices.map(({ site, value }) => [site.name, value])).toEqual([
      ["y", 1],
      ["y", 1],
      ["z", 1],
    ]);
  });

  it("plan: the decision's own probabilities do not count", async () => {
    const best = await run(plan({ decisions: ["x"] }), program);
    expect(Math.exp(best.logZ.estimate!)).toBeCloseTo(3, 14);
    expect(best.diagnostics.maximum!.policy).toMatchObject([{ value: "b", probability: 1, after: [] }]);
    expect(best.probability((v) => v === "btrue")).toBeCloseTo(0.9, 14);
  });

  it("a program without draws", async () => {
    for (const method of [marginal(), map()]) {
      const answer = await run(method, (s) => {
        s.factor(-2);
        return 7;
      });
      expect(answer.atoms).toEqual([{ value: 7, weight: 1 }]);
      expect(answer.logZ.estimate).toBeCloseTo(-2, 14);
    }
  });

  it("an impossible condition is an empty answer with a warning, not an error", async () => {
    for (const method of methods) {
      const answer = await run(method, (s) => {
        s.sample("x", bernoulli(0.5));
        s.condition(false, "never");
      });
      expect(answer.isEmpty).toBe(true);
      expect(answer.logZ.estimate).toBe(-Infinity);
      expect(answer.diagnostics.warnings).toMatchObject([{ code: "PGLW003", site: { name: "never" } }]);
    }
  });
});

describe("what elimination cannot do is a named error", () => {
  const codeOf = (method: Method, program: Program, env = environment(seeded(1))) =>
    run(method, program, env).then(
      () => "no error",
      (error: { code?: string }) => error.code,
    );

  it("draws without an end of values", async () => {
    for (const method of methods) {
      expect(await codeOf(method, (s) => s.sample("x", normal(0, 1)))).toBe("PGLR093");
      expect(await codeOf(method, (s) => s.sample("x", poisson(2)))).toBe("PGLR093");
    }
  });

  it("more states than allowed", async () => {
    const many: Program = (s) => [1, 2, 3, 4, 5].map(() => s.sample("x", bernoulli(0.5)));
    expect(await codeOf(marginal({ max_states: 62 }), many)).toBe("PGLR090");
    expect(await codeOf(marginal({ max_states: 63 }), many)).toBe("no error");
  });

  it("names of no draw", async () => {
    const program: Program = (s) => s.sample("x", bernoulli(0.5));
    expect(await codeOf(mmap({ vars: ["x", "typo"] }), program)).toBe("PGLR096");
    expect(await codeOf(plan({ decisions: ["typo"] }), program)).toBe("PGLR096");
  });

  it("options out of range", () => {
    expect(() => marginal({ max_states: 0 })).toThrow(/`max_states` must be a positive whole number/);
    expect(() => map({ maxStates: 1 } as never)).toThrow(/map has no option `maxStates`/);
    expect(() => mmap({ vars: [] })).toThrow(/`vars` must be a list of names/);
    expect(() => plan({} as never)).toThrow(/`decisions` must be a list of names/);
  });

  it("a run that is ended early", async () => {
    const controller = new AbortController();
    const program: Program = (s) => {
      s.sample("x", bernoulli(0.5));
      return s.ask(hostCall(() => new Promise(() => controller.abort()), [], "never"));
    };
    await expect(run(marginal(), program, environment(seeded(1), controller.signal))).rejects.toThrow(
      /ended before its first step|marginal was ended/,
    );
  });

  it("a program that does something else the second time", async () => {
    let calls = 0;
    const program: Program = (s) => {
      const options = s.ask(hostCall(() => ++calls, [], "counter")) as number;
      return s.sample("x", choice(Array.from({ length: options + 1 }, (_, i) => i)));
    };
    expect(await codeOf(map(), program)).toBe("PGLR092");
  });
});
