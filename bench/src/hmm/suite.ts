import { growthExponent, interleaved, median, spent } from "../clock.js";
import type { Row } from "../row.js";
import { exactLogEvidence, hmm, type Hmm } from "./model.js";
import { pglHmm } from "./pgl.js";
import { WebPplHmm } from "./webppl.js";

const ROUNDS = 5;
/** Particles times steps that one measurement takes at least, so that the clock's grain does not show. */
const ENOUGH = 400_000;
/** WebPPL is slower: less has to do. Its time grows with the square of the particles, so large runs are made once. */
const ENOUGH_WEBPPL = 100_000;
const MANY = 10_000;
const CLOSE = 0.75;

/** The hidden Markov model against WebPPL, in particle-steps per CPU second, and how time grows with particles. */
export async function hmmSuite(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const states of [2, 16]) for (const steps of [50, 200]) rows.push(...(await against(hmm(states, steps))));
  rows.push(await growth(hmm(2, 50)));
  return rows;
}

async function against(model: Hmm): Promise<Row[]> {
  const rows: Row[] = [];
  const steps = model.observations.length;
  const run = await pglHmm(model);
  const webppl = new WebPplHmm(model);
  const exact = exactLogEvidence(model);
  let seed = 1;
  const pgl = (particles: number, ess: number) => async (): Promise<number> => {
    const repeats = Math.max(1, Math.ceil(ENOUGH / (particles * steps)));
    const { cpu } = await spent(async () => {
      for (let i = 0; i < repeats; i++) check(await run({ particles, ess, seed: seed++ }), exact, particles);
    });
    return (repeats * particles * steps) / cpu;
  };
  const peer = (particles: number) => async (): Promise<number> => {
    const repeats = Math.max(1, Math.ceil(ENOUGH_WEBPPL / (particles * steps)));
    let cpu = 0;
    for (let i = 0; i < repeats; i++) {
      const answer = await webppl.run(particles);
      check(answer.logZ, exact, particles);
      cpu += answer.cpu;
    }
    return (repeats * particles * steps) / cpu;
  };
  try {
    for (const particles of steps <= 50 ? [100, 1000, MANY] : [100, 1000]) {
      const results = await interleaved(
        { adaptive: pgl(particles, 0.5), every: pgl(particles, 1), webppl: peer(particles) },
        particles === MANY ? { rounds: 1, warmup: 0 } : { rounds: ROUNDS },
      );
      const theirs = { name: "WebPPL", measured: median(results.webppl), rounds: results.webppl };
      for (const kind of ["adaptive", "every"] as const) {
        const measured = median(results[kind]);
        rows.push({
          suite: "hmm",
          what: `${model.states} states, ${steps} steps, N=${particles}, resampling ${kind === "every" ? "every step" : "by ESS"}`,
          unit: "particle-steps/CPU s",
          measured,
          rounds: results[kind],
          peer: theirs,
          ratio: measured / theirs.measured,
          ratioOf: "times as fast",
          ...(particles === 1000 ? { goal: { of: "ratio", relation: "at least", bound: 20 } as const } : {}),
        });
      }
    }
  } finally {
    webppl.stop();
  }
  return rows;
}

async function growth(model: Hmm): Promise<Row> {
  const run = await pglHmm(model);
  const sizes = [1000, 10_000, 100_000];
  let seed = 1;
  const time = (particles: number) => async (): Promise<number> => {
    const repeats = Math.ceil(100_000 / particles);
    const { cpu } = await spent(async () => {
      for (let i = 0; i < repeats; i++) await run({ particles, ess: 0.5, seed: seed++ });
    });
    return cpu / repeats;
  };
  const results = await interleaved(Object.fromEntries(sizes.map((n) => [String(n), time(n)])), { rounds: ROUNDS });
  const exponents = Array.from({ length: ROUNDS }, (_, round) =>
    growthExponent(sizes.map((n) => ({ x: n, y: results[String(n)]![round]! }))),
  );
  return {
    suite: "hmm",
    what: "growth of time from N=1000 to 100000 (2 states, 50 steps)",
    unit: "exponent",
    measured: growthExponent(sizes.map((n) => ({ x: n, y: median(results[String(n)]!) }))),
    rounds: exponents,
    goal: { of: "measured", relation: "at most", bound: 1.1 },
    note: sizes.map((n) => `N=${n}: ${(1000 * median(results[String(n)]!)).toFixed(1)} ms`).join(", "),
  };
}

/** A run that is fast and wrong is no result. */
function check(logZ: number, exact: number, particles: number): void {
  const tolerance = CLOSE * Math.max(1, Math.sqrt(2000 / particles)) * 2;
  if (!(Math.abs(logZ - exact) < tolerance)) {
    throw new Error(`log Z is ${exact.toFixed(3)}, but a run with ${particles} particles says ${logZ.toFixed(3)}.`);
  }
}
