import * as fc from "fast-check";
import { test } from "vitest";
import { programs } from "../src/programs/arbitrary.js";
import { measure } from "../src/reference/index.js";
test("stats", () => {
  const t0 = Date.now();
  const ps = fc.sample(programs({bits: Number(process.env.BITS ?? 12)}), { numRuns: 1000, seed: 1 });
  console.log("generation ms", Date.now() - t0);
  const outcome: Record<string, number> = {};
  const features: Record<string, number> = {};
  const execs: number[] = []; const atoms: number[] = [];
  for (const p of ps) {
    let key = "ok";
    try { const m = measure(p.module, p.model, p.args, { lms: p.lms, limits: { executions: 2000 } }); execs.push(m.executions); atoms.push(m.atoms.length); if (m.total === 0) key = "zero"; for (const f of p.features) features[f] = (features[f] ?? 0) + 1; }
    catch (e) { key = `${(e as Error).name}: ${(e as Error).message}`.slice(0, 90); if (!/Program|Unsupp|Budget/.test(key)) console.log((e as Error).stack); }
    outcome[key] = (outcome[key] ?? 0) + 1;
  }
  console.log("measure ms", Date.now() - t0);
  execs.sort((a, b) => a - b); atoms.sort((a, b) => a - b);
  const q = (x: number[]) => [0.1, 0.25, 0.5, 0.75, 0.9, 0.99].map((p) => x[Math.floor(p * x.length)]);
  console.log(outcome, "execs", q(execs), "atoms", q(atoms), features);
});
