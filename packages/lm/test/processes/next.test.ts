import fc from "fast-check";
import { delta, enumerate, importance, site } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { Context, eos, lm, type NextProcess, type TableModel } from "../../src/index.js";
import { draw, environment, logDensityOf, program, returnLast, run, runWith } from "../programs.js";
import { allNames, letters, randomTable, table } from "../tables.js";

async function tokens(process: NextProcess): Promise<Map<string, number>> {
  const posterior = await runWith(enumerate({ tolerance: 0 }), program(draw(process), returnLast));
  expect(posterior.logZ.estimate).toBeCloseTo(0, 12);
  return new Map(posterior.atoms.map(({ value, weight }) => [(value as { id: number }).id.toString(), weight]));
}

const rowOf = (model: TableModel, after: string): number[] =>
  allNames(model).map((_, id) => Math.exp(model.row(Context.of(after).tokens(model.vocabulary)).logProbability(id)));

describe("next", () => {
  it("is the model's row, exactly", async () => {
    const model = letters();
    expect(await tokens(lm("m", model).next("a"))).toEqual(
      new Map(
        [
          ["1", 0.6],
          ["2", 0.2],
          ["0", 0.1],
          ["3", 0.1],
        ].map(([k, v]) => [k as string, expect.closeTo(v as number, 14) as number]),
      ),
    );
  });

  it("local changes renormalise: where, tempered, top_k, top_p in the order they are written", async () => {
    await fc.assert(
      fc.asyncProperty(
        randomTable(["a", "b", "c", "$"], "$"),
        fc.integer({ min: 1, max: 3 }),
        fc.double({ min: 0.3, max: 3, noNaN: true }),
        async (model, k, t) => {
          const row = rowOf(model, "a");
          const heated = row.map((p) => p ** (1 / t));
          const kept = [0, 1, 2, 3].sort((i, j) => row[j]! - row[i]! || i - j).slice(0, k);
          const mass = kept.reduce((s, i) => s + heated[i]!, 0);
          const found = await tokens(lm("m", model).next("a").top_k(k).tempered(t));
          for (const i of kept) expect(found.get(String(i)) ?? 0).toBeCloseTo(heated[i]! / mass, 10);
        },
      ),
      { numRuns: 30 },
    );
    const masked = await tokens(
      lm("m", letters())
        .next("a")
        .where((token) => token.text !== "b"),
    );
    expect(masked.get("2")).toBeCloseTo(0.5, 14);
    expect(masked.has("1")).toBe(false);
  });

  it("mixes exactly, also after local changes", async () => {
    const model = letters();
    const m = lm("m", model);
    const [a, b] = [m.next("a").top_k(1), m.next("b")];
    const found = await tokens(a.mix([1, 1], [a, b])!);
    const row = rowOf(model, "b");
    row.forEach((p, id) => expect(found.get(String(id)) ?? 0).toBeCloseTo(0.5 * p + (id === 1 ? 0.5 : 0), 14));
    expect(a.mix([1, 1], [a, m.text({})])).toBeNull();
    expect(() => a.mix([-1, 1], [a, b])).toThrow(/negative/);
  });

  it("has the log-probability of its tokens as density", async () => {
    const model = letters();
    const next = lm("m", model).next("a");
    expect(Math.exp(await logDensityOf(next, model.vocabulary.token(1)))).toBeCloseTo(0.6, 14);
    expect(Math.exp(await logDensityOf(next, eos))).toBeCloseTo(0.1, 14);
    expect(await logDensityOf(lm("m", table(["a"], null, { "": [1] }, 0)).next(""), eos)).toBe(-Infinity);
  });

  it("records its draw and weighs proposals", async () => {
    const model = letters();
    const next = lm("m", model).next("a");
    const posterior = await runWith(
      importance({ samples: 4000 }),
      program(draw(next, lm("m", model).next("b")), returnLast),
    );
    expect(posterior.logZ.estimate).toBeCloseTo(0, 1);
    for (const [id, p] of rowOf(model, "a").entries()) {
      expect(posterior.probability((t) => (t as { id: number }).id === id)).toBeCloseTo(p, 1);
    }
    const at = site({ name: "tok", kind: "sample" });
    const particle = await run(program(draw(next, delta(model.vocabulary.token(2)), at), returnLast));
    expect(particle.logWeight).toBeCloseTo(Math.log(0.2), 12);
    expect(particle.trace!.site).toBe(at);
    expect(particle.trace!.logDensity).toBeCloseTo(Math.log(0.2), 12);
    expect(particle.trace!.previous).toBeNull();
  });

  it("refuses a mask that leaves nothing, and proposals that cannot be", async () => {
    const m = lm("m", letters());
    await expect(run(program(draw(m.next("a").where(() => false)), returnLast))).rejects.toMatchObject({
      code: "PGLM009",
    });
    await expect(run(program(draw(m.next("a"), m.text({}) as never), returnLast))).rejects.toMatchObject({
      code: "PGLM014",
    });
    const other = lm("o", table(["a", "b"], null, { "": [0.5, 0.5] }, 0));
    await expect(run(program(draw(m.next("a"), other.next("")), returnLast))).rejects.toMatchObject({
      code: "PGLM010",
    });
  });

  it("asks the run for its model by name, and says when there is none", async () => {
    const alias = lm("writer", "table:x.json");
    expect(
      (await run(program(draw(alias.next("a")), returnLast), environment({ writer: letters() }))).value,
    ).toBeDefined();
    await expect(run(program(draw(alias.next("a")), returnLast))).rejects.toThrow(/writer/);
  });
});
