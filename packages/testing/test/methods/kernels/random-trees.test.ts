import { categorical, choice, kernels, uniformInt, type Distribution, type Kernel } from "@pgl/runtime";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EnumerationError, expectIrreducible, expectReversible } from "../../../src/index.js";
import { scriptModel, type Script } from "../../script-model.js";
import { propertySettings } from "../../settings.js";
import { executionsOf, expectInvariantOnExecutions } from "./executions.js";

const { block, gibbs, prior, single, suffix } = kernels;

/** What a choice leads to depends on its value, and so does what is chosen next, from what, and under which name. */
type Tree =
  | { readonly kind: "end" }
  | {
      readonly kind: "draw";
      readonly site: string;
      readonly from: number;
      readonly proposal: number | null;
      /** Nats by value; null for an impossible one. */
      readonly factors: readonly (number | null)[];
      readonly next: readonly Tree[];
    };

const distributions: readonly Distribution<number>[] = [
  uniformInt(0, 1),
  categorical([1, 2, 3]),
  uniformInt(1, 2),
  categorical([2, 0, 1]),
  choice([2, 0, 1]),
  uniformInt(2, 2),
];

const { tree } = fc.letrec<{ tree: Tree; end: Tree; draw: Tree }>((tie) => ({
  end: fc.constant<Tree>({ kind: "end" }),
  draw: fc.record({
    kind: fc.constant("draw" as const),
    site: fc.constantFrom("a", "b", "c"),
    from: fc.nat(distributions.length - 1),
    proposal: fc.option(fc.nat(distributions.length - 1), { freq: 3, nil: null }),
    factors: fc.array(fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { freq: 5 }), {
      minLength: 3,
      maxLength: 3,
    }),
    next: fc.array(tie("tree"), { minLength: 3, maxLength: 3 }),
  }),
  tree: fc.oneof({ maxDepth: 3, depthSize: "small" }, tie("end"), { arbitrary: tie("draw"), weight: 4 }),
}));

const program = (root: Tree) =>
  scriptModel("tree", (s: Script) => {
    const path: number[] = [];
    for (let at = root; at.kind === "draw";) {
      const proposal = at.proposal === null ? undefined : distributions[at.proposal]!;
      const value = s.sample(at.site, distributions[at.from]!, proposal);
      s.factor(at.factors[value] ?? -Infinity);
      path.push(value);
      at = at.next[value]!;
    }
    return path;
  });

const proposes = (at: Tree): boolean => at.kind === "draw" && (at.proposal !== null || at.next.some(proposes));

/** Where the number of choices, their names and their supports all depend on other choices: the hardest there is for a ratio. */
test("πK = π on random trees of choices", { timeout: 300_000 }, async () => {
  let checked = 0;
  let changing = 0;
  const every: Record<string, Kernel> = { single, suffix, prior, gibbs: gibbs(), block: block(["a", "b"]) };
  const property = fc.asyncProperty(tree, fc.constantFrom(1, 0.3), async (root, beta) => {
    const subject = { program: program(root), beta };
    const states = await executionsOf(subject);
    fc.pre(states.length > 1 && states.length <= 20);
    for (const [which, kernel] of Object.entries(every)) {
      try {
        const matrix = await expectInvariantOnExecutions({ ...subject, kernel, maxOutcomes: 2000 }, states);
        expectReversible(matrix);
        if ((which === "suffix" || which === "prior") && !proposes(root)) expectIrreducible(matrix);
        checked++;
      } catch (error) {
        if (error instanceof EnumerationError && /more than/.test(error.message)) continue;
        throw new Error(`${which}: ${(error as Error).message}`, { cause: error });
      }
    }
    if (new Set(states.map(({ state }) => state.length)).size > 1) changing++;
  });
  await fc.assert(property, propertySettings(1000, 7));
  if (process.env["PGL_TEST_RUNS"] !== undefined) return;
  expect(checked).toBeGreaterThan(4500);
  expect(changing).toBeGreaterThan(500);
});
