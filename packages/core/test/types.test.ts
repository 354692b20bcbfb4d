import { bernoulli, choice, enumerate, normal, type Model } from "@pgl/runtime";
import { expectTypeOf, test } from "vitest";
import {
  begin,
  fold,
  infer,
  model,
  observe,
  pure,
  sample,
  traverse,
  type AnyModels,
  type CompiledProgram,
  type Program,
  type Query,
  type Result,
  type WithModels,
} from "../src/index.js";

// These hold or fail when the tests are type-checked; running them shows that nothing in them throws.

test("a block knows the names of the lines before and their types", () => {
  const block = begin()
    .draw("fair", bernoulli(0.5))
    .let("p", ({ fair }): number => (fair ? 0.5 : 0.9))
    .bind("word", ({ p }) => sample(choice(["a", "b"]), `word ${p}`));
  block.return((names) => {
    expectTypeOf(names).toEqualTypeOf<{ readonly fair: boolean; readonly p: number; readonly word: string }>();
    return names;
  });
  expectTypeOf(block.return(({ word }) => word)).toEqualTypeOf<Program<string>>();
  // @ts-expect-error a name that was not bound
  block.return(({ missing }) => missing);
  // @ts-expect-error a number is not a program
  block.bind("n", () => 3);
});

test("observed values have the type of the distribution", () => {
  observe(normal(0, 1), 2.5);
  // @ts-expect-error a string under a normal distribution
  observe(normal(0, 1), "2.5");
});

test("the arguments and the result of infer are those of the model", () => {
  const named = model("named", (n: number, word: string) => pure(word.repeat(n)));
  expectTypeOf(named).toEqualTypeOf<Model<[n: number, word: string], string>>();
  expectTypeOf(infer).toBeFunction();
  const run = () => infer(named, [2, "a"], enumerate());
  expectTypeOf(run).returns.resolves.toEqualTypeOf<Result<string>>();
  // @ts-expect-error arguments the wrong way round
  void (() => infer(named, ["a", 2], enumerate()));
  // @ts-expect-error one is missing
  void (() => infer(named, [2], enumerate()));
});

test("combinators keep types", () => {
  expectTypeOf(traverse([1, 2], (n) => pure(String(n)))).toEqualTypeOf<Program<string[]>>();
  expectTypeOf(fold(["a"], 0, (n, s) => pure(n + s.length))).toEqualTypeOf<Program<number>>();
});

test("a compiled program has its models as typed properties, and others when nothing is known", () => {
  type Story = CompiledProgram & WithModels<{ ending: Model<[hero: string], string>; helper: (x: number) => number }>;
  expectTypeOf<Story["ending"]>().toEqualTypeOf<Model<[hero: string], string>>();
  expectTypeOf<keyof WithModels<{ ending: Model<[], string>; helper: () => void }>>().toEqualTypeOf<"ending">();
  type Unknown = CompiledProgram & WithModels<AnyModels>;
  expectTypeOf<Unknown["ending"]>().toEqualTypeOf<Model>();
  expectTypeOf<Unknown["queries"]>().toEqualTypeOf<readonly Query[]>();
});
