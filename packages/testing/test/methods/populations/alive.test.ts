import { alive, RunEnvironment, seeded, target } from "@pgl/runtime";
import { describe, expect, test } from "vitest";
import { expectProperlyWeighted } from "../../../src/index.js";
import { environmentOf, targetOf } from "./executions.js";
import { smallPrograms } from "./programs.js";

describe("the alive filter is properly weighted, whether its attempts suffice or not", () => {
  for (const [name, subject] of Object.entries(smallPrograms)) {
    test(name, async () => {
      const long = name.startsWith("T3");
      for (const [particles, max_attempts] of long
        ? [
            [1, 2],
            [1, 3],
          ]
        : ([
            [1, 3],
            [1, 4],
            [2, 3],
            [2, 4],
          ] as const)) {
        const method = alive({ particles: particles!, max_attempts: max_attempts! });
        await expectProperlyWeighted({ ...subject, method, maxOutcomes: 200_000 });
      }
    });
  }
});

test("a rare condition is met by every particle, and log Z is right", async () => {
  const subject = smallPrograms["hard conditions that few survive"]!;
  const posterior = await alive({ particles: 2000 }).run(targetOf(subject), environmentOf(subject, seeded(1)));
  expect(posterior.samples.length).toBe(2000);
  expect(posterior.logZ.estimate!).toBeCloseTo(Math.log(3 / 8), 1);
  expect(posterior.diagnostics.history.map(({ alive: n }) => n)).toEqual([2000, 2000]);
});

test("what nobody meets ends with a warning that names the place", async () => {
  const subject = smallPrograms["nothing that is possible"]!;
  const environment = new RunEnvironment(new Map(), seeded(1));
  const posterior = await alive({ particles: 2, max_attempts: 50 }).run(
    target(subject.program as never, []),
    environment,
  );
  expect(posterior.isEmpty).toBe(true);
  expect(posterior.logZ.estimate).toBe(-Infinity);
  expect(posterior.diagnostics.warnings.map(({ code }) => code)).toEqual(["PGLW003"]);
  expect(posterior.diagnostics.executions).toBe(50);
});
