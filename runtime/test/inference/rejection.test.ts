import { expect, test } from "vitest";
import { bernoulli, MethodError, rejection, uniformInt, type Request } from "../../src/index.js";
import { run, type Program } from "../support/script.js";

const sevens: Program<number> = (s) => {
  const a = s.sample("a", uniformInt(0, 20)) as number;
  s.condition(a % 7 === 0, "sevens");
  return a;
};

test("accepts as many as are wanted, all of equal weight", async () => {
  const posterior = await run(rejection({ samples: 200 }), sevens);
  expect(posterior.samples.length).toBe(200);
  expect(posterior.samples.every((x) => x.value % 7 === 0 && x.weight === 1 / 200)).toBe(true);
  // One in seven is accepted; the estimate's own error tells how far off it may be.
  expect(Math.abs(posterior.logZ.estimate! - Math.log(1 / 7))).toBeLessThan(4 * posterior.logZ.stderr!);
  expect(posterior.diagnostics.ess).toBe(200);
});

test("gives up at max_attempts, and says so", async () => {
  const some = await run(rejection({ samples: 100, max_attempts: 70 }), sevens);
  expect(some.diagnostics.executions).toBe(70);
  expect(some.diagnostics.warnings.map((w) => w.code)).toEqual(["PGLW005"]);
  const none = await run(rejection({ max_attempts: 50 }), (s) => s.condition(false, "never"));
  expect(none.isEmpty).toBe(true);
  expect(none.logZ.estimate).toBe(-Infinity);
  expect(none.diagnostics.warnings).toMatchObject([{ code: "PGLW003", site: { name: "never" } }]);
});

test("a weight above the bound is an error with a remedy", async () => {
  const error = await run(rejection({ bound: 1 }), (s) => s.factor(2)).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(MethodError);
  expect(error).toMatchObject({ code: "PGLR032", hint: expect.stringContaining("bound") });
});

test("what attempts wait for is asked in batches", async () => {
  const sizes: number[] = [];
  const request: Request<boolean> = {
    handler: {
      name: "yes",
      answer: (payloads) => (sizes.push(payloads.length), Promise.resolve(payloads.map(() => true))),
    },
    payload: null,
  };
  await run(rejection({ samples: 64 }), (s) => {
    s.sample("a", bernoulli(0.5));
    s.condition(s.ask(request));
    return 0;
  });
  expect(sizes).toEqual([64]);
});
