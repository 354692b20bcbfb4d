import { compile, infer, smc } from "@pgl/core";
import { interleaved, median, spent } from "../clock.js";
import type { Row } from "../row.js";
import { bareLoop } from "./bare-loop.js";
import { BenchTable } from "./model.js";
import { span, tokenByToken } from "./program.js";

const PARTICLES = 64;
const TOKENS = 32;
const ROUNDS = 7;
/** Particle-steps a measurement makes. */
const ENOUGH = 100_000;

const goals: Readonly<Record<number, number>> = { 256: 5, 4096: 15, 32000: 100 };

/** A table language model, one factor a token: CPU time a particle-step, by the size of the vocabulary. */
export async function tableSuite(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of Object.keys(goals).map(Number)) {
    const shared = new BenchTable(size, true);
    const fresh = new BenchTable(size, false);
    const repeats = Math.ceil(ENOUGH / (PARTICLES * TOKENS) / (size > 10_000 ? 4 : 1));
    const results = await interleaved(
      {
        next: await pgl(tokenByToken, shared, repeats),
        text: await pgl(span, shared, repeats),
        fresh: await pgl(tokenByToken, fresh, Math.ceil(repeats / 16)),
        bare: bare(fresh, Math.ceil(repeats / 16)),
      },
      { rounds: ROUNDS },
    );
    const row = (what: string, key: keyof typeof results): Row => ({
      suite: "table",
      what: `V=${size}, ${what}`,
      unit: "µs CPU/particle-step",
      measured: median(results[key]),
      rounds: results[key],
    });
    const goal = { of: "measured", relation: "at most", bound: goals[size]! } as const;
    rows.push({ ...row("`next` and a factor each token", "next"), goal });
    rows.push({ ...row("`text`", "text"), goal });
    const measured = median(results.fresh);
    rows.push({
      ...row("`next`, a fresh row for each context", "fresh"),
      peer: { name: "bare loop", measured: median(results.bare), rounds: results.bare },
      ratio: measured / median(results.bare),
      ratioOf: "times as long",
    });
  }
  return rows;
}

async function pgl(source: string, model: BenchTable, repeats: number): Promise<() => Promise<number>> {
  const { draft } = await compile.source(source, { file: "table.pgl", lms: { bench: model } });
  let seed = 1;
  return async () => {
    const { cpu } = await spent(async () => {
      for (let i = 0; i < repeats; i++) {
        await infer(draft!, [TOKENS], smc({ particles: PARTICLES }), { seed: seed++, lms: { words: model } });
      }
    });
    return (1e6 * cpu) / (repeats * PARTICLES * TOKENS);
  };
}

function bare(model: BenchTable, repeats: number): () => Promise<number> {
  return async () => {
    const { cpu } = await spent(() => {
      for (let i = 0; i < repeats; i++) bareLoop(model, PARTICLES, TOKENS);
    });
    return (1e6 * cpu) / (repeats * PARTICLES * TOKENS);
  };
}
