import { interleaved, median, spent } from "../clock.js";
import { PeerProcess } from "../peer-process.js";
import type { Row } from "../row.js";
import { exactFirstCause, noisyOr, type NoisyOr } from "./model.js";
import { pglNoisyOr } from "./pgl.js";
import type { Answer, Question } from "./webppl-process.js";

const ROUNDS = 5;
/** Steps of one measurement, so that the clock's grain does not show. WebPPL is slower: less has to do. */
const STEPS = 400_000;
const STEPS_WEBPPL = 20_000;

/** Single-site Metropolis–Hastings on a noisy-OR network against WebPPL, in steps per CPU second. */
export async function mhSuite(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [causes, findings] of [
    [10, 10],
    [16, 40],
  ] as const)
    rows.push(await against(noisyOr(causes, findings, 4)));
  return rows;
}

async function against(model: NoisyOr): Promise<Row> {
  const run = await pglNoisyOr(model);
  const webppl = new PeerProcess<Question, Answer>("./mh-webppl-process.js");
  const exact = exactFirstCause(model);
  let untold: NoisyOr | undefined = model;
  let seed = 1;
  try {
    const results = await interleaved(
      {
        pgl: async () => {
          let mean = 0;
          const { cpu } = await spent(async () => (mean = await run(STEPS, seed++)));
          check("PGL", mean, exact);
          return STEPS / cpu;
        },
        webppl: async () => {
          const { cpu, mean } = await webppl.ask({ model: untold, steps: STEPS_WEBPPL });
          untold = undefined;
          check("WebPPL", mean, exact);
          return STEPS_WEBPPL / cpu;
        },
      },
      { rounds: ROUNDS, warmup: 2 },
    );
    const measured = median(results.pgl);
    const theirs = { name: "WebPPL", measured: median(results.webppl), rounds: results.webppl };
    return {
      suite: "mh",
      what: `noisy-OR, ${model.priors.length} causes, ${model.findings.length} findings, single-site steps`,
      unit: "steps/CPU s",
      measured,
      rounds: results.pgl,
      peer: theirs,
      ratio: measured / theirs.measured,
      ratioOf: "times as fast",
      goal: { of: "ratio", relation: "at least", bound: 10 },
    };
  } finally {
    webppl.stop();
  }
}

/** What is fast and wrong is no result. The chains are long enough for this to be far from what chance does. */
function check(name: string, mean: number, exact: number): void {
  if (!(Math.abs(mean - exact) < 0.1))
    throw new Error(`The first cause has probability ${mean.toFixed(3)} by ${name}, not ${exact.toFixed(3)}.`);
}
