import { parse } from "@pgl/grammar";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { programs, replay } from "../../src/programs/arbitrary.js";
import { elaborate } from "../../src/programs/elaborate.js";
import type { Feature } from "../../src/programs/seed.js";
import { printProgram } from "../../src/programs/print.js";
import { print } from "@pgl/grammar";
import { measure, UnsupportedError } from "../../src/reference/index.js";
import { withoutPlaces } from "../without-places.js";

const empty = { helpers: [], opening: [], main: [], result: [], tables: [], arguments: [], guide: [] };

describe("random programs", () => {
  test("a seed without numbers is the simplest program", () => {
    const program = elaborate(empty, { bits: 7 });
    const measured = measure(program.module, program.model, program.args, { lms: program.lms });
    expect(measured.total).toBe(1);
    expect(measured.atoms).toHaveLength(1);
  });

  test("are finite, mostly possible, and most of them do not always give the same value", () => {
    let possible = 0;
    let uncertain = 0;
    const sample = fc.sample(programs({ bits: 10 }), { numRuns: 300, seed: 7 });
    for (const program of sample) {
      try {
        const { total, atoms } = measure(program.module, program.model, program.args, {
          lms: program.lms,
          limits: { executions: 5000 },
        });
        if (total > 0) possible++;
        if (atoms.length > 1) uncertain++;
      } catch (error) {
        // A program may fail (a nested posterior without mass); it may not be beyond the reference.
        expect(error).not.toBeInstanceOf(UnsupportedError);
        expect((error as Error).name).toBe("ProgramError");
      }
    }
    expect(possible).toBeGreaterThan(210);
    expect(uncertain).toBeGreaterThan(100);
  });

  test("have every construct", () => {
    const counts = new Map<Feature, number>();
    for (const { features } of fc.sample(programs(), { numRuns: 400, seed: 3 })) {
      for (const f of features) counts.set(f, (counts.get(f) ?? 0) + 1);
    }
    const wanted: Feature[] = [
      "twist",
      "site proposal",
      "guide",
      "lm",
      "infer",
      "loop",
      "while",
      "closure",
      "recursion",
      "early return",
      "constraint",
      "higher order",
      "map",
      "match",
      "short circuit",
      "where",
      "mix",
      "step",
      "break",
      "inline model",
    ];
    for (const feature of wanted) expect(counts.get(feature) ?? 0, feature).toBeGreaterThanOrEqual(10);
  });

  test("leave out what they are told to", () => {
    for (const { features } of fc.sample(programs({ without: ["lm", "twist", "guide"] }), { numRuns: 100, seed: 5 })) {
      for (const f of ["lm", "twist", "guide"] as const) expect(features.has(f)).toBe(false);
    }
  });

  test("shrink to a few statements", () => {
    const result = fc.check(
      fc.property(programs(), (program) => !program.features.has("while")),
      { seed: 11, numRuns: 200 },
    );
    expect(result.failed).toBe(true);
    const smallest = result.counterexample![0];
    expect(print(smallest.module).split("\n").length).toBeLessThan(25);
  });

  test("come back by seed and path", () => {
    const result = fc.check(
      fc.property(programs(), (program) => !program.features.has("recursion")),
      { seed: 13, numRuns: 100 },
    );
    expect(result.failed).toBe(true);
    const again = replay(result.seed, result.counterexamplePath!);
    expect(printProgram(again)).toBe(printProgram(result.counterexample![0]));
  });
});

test("parse(print(p)) = p", () => {
  fc.assert(
    fc.property(programs({ bits: 12 }), (program) => {
      const text = print(program.module);
      const { tree, diagnostics } = parse(text);
      expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
      expect(withoutPlaces(tree)).toEqual(withoutPlaces(program.module));
    }),
    { numRuns: 300, seed: 1 },
  );
});
