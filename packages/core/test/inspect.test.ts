import { inspect } from "node:util";
import { expect, test } from "vitest";
import { bernoulli, compile, CompileError, infer, model, run, sample } from "../src/index.js";

const coin = `model coin(p: float, times: int = 1): bool {
  let heads ~ bernoulli(p)
  return heads
}
query coin(0.25) using enumerate()
`;

test("consoles show a posterior as a table, with how it was found and log Z", async () => {
  const program = await compile.source(coin);
  const posterior = await run(program.queries[0]!);
  expect(inspect(posterior)).toBe("posterior by enumerate\n  0.7500  false\n  0.2500  true\nlog Z 0 (exact)");
  expect(inspect({ posterior })).toBe("{ posterior: [posterior by enumerate: 2 values, 0.7500 false] }");
});

test("consoles show a model by its name and parameters", async () => {
  const program = await compile.source(coin);
  expect(inspect(program.models["coin"])).toBe("model coin(p: float, times?: int)");
  const here = model("here", (p: number) => sample(bernoulli(p), "x"));
  expect(inspect(here)).toBe("model here(argument 1)");
  expect((await infer(here, [0.5])).atoms.length).toBe(2);
});

test("consoles show the errors of a program, not where the compiler was", async () => {
  const error = await compile.source("model m(): int { return nothing }").catch((e: unknown) => e);
  expect(error).toBeInstanceOf(CompileError);
  const shown = inspect(error);
  expect(shown).toMatch(/^CompileError: The program has an error\.\n\n.*PGL2001/);
  expect(shown).not.toMatch(/\n\s+at /);
});
