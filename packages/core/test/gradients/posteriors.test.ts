import { hmc, nuts, type Method } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { compile, infer } from "../../src/index.js";

const methods: readonly [string, (o?: object) => Method][] = [
  ["hmc", (o) => hmc({ samples: 1000, burn: 500, ...o })],
  ["nuts", (o) => nuts({ samples: 1000, burn: 500, ...o })],
];

describe.each(methods)("%s", (_, method) => {
  it("normal-normal", async () => {
    const { models } = await compile.source(`
      model m(xs: list<float>): float {
        let mu ~ normal(1, 2)
        for x in xs { observe x ~ normal(mu, 0.5) }
        return mu
      }`);
    const start = performance.now();
    const p = await infer(models.m!, [[1.2, 0.7, 2.1]], method(), { seed: 1 });
    console.log(p.mean(), p.variance(), performance.now() - start, p.diagnostics);
    expect(p.mean()).toBeCloseTo(1.33, 1);
  });
});
