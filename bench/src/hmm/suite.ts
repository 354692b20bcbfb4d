import { growthExponent, interleaved, median, spent } from "../clock.js";
import { PeerProcess } from "../peer-process.js";
import type { Row } from "../row.js";
import { handHmm } from "./hand.js";
import { exactLogEvidence, hmm, type Hmm } from "./model.js";
import { pglHmm } from "./pgl.js";
import type { Answer, Question } from "./webppl-process.js";

const ROUNDS = 5;
/** Particles times steps that one measurement takes at least, so that the clock's grain does not show. */
const ENOUGH = 400_000;
/** WebPPL is slower: less has to do. Its time grows with the square of the particles, so large runs are made once. */
const ENOUGH_WEBPPL = 100_000;
const MANY = 10_000;
/** With this many particles the estimates of log Z are compared with the truth. */
const RELIABLE = 1000;

/** The hidden Markov model against WebPPL, in particle-steps per CPU second, and how time grows with particles. */
export async function hmmSuite(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const states of [2, 16]) for (const steps of [50, 200]) rows.push(...(await against(hmm(states, steps))));
  rows.push(await againstHand(hmm(2, 50)), await growth(hmm(2, 50)));
  return rows;
}

async function against(model: Hmm): Promise<Row[]> {
  const rows: Row[] = [];
  const steps = model.observations.length;
  const run = await pglHmm(model);
  const webppl = new PeerProcess<Question, Answer>("./webppl-process.js");
  let untold: Hmm | undefined = model;
  let estimates: Estimates = { pgl: [], webppl: [] };
  let seed = 1;
  const pgl = (particles: number, ess: number) => async (): Promise<number> => {
    const repeats = Math.max(1, Math.ceil(ENOUGH / (particles * steps)));
    const { cpu } = await spent(async () => {
      for (let i = 0; i < repeats; i++) estimates.pgl.push(await run({ particles, ess, seed: seed++ }));
    });
    return (repeats * particles * steps) / cpu;
  };
  const peer = (particles: number) => async (): Promise<number> => {
    const repeats = Math.max(1, Math.ceil(ENOUGH_WEBPPL / (particles * steps)));
    let cpu = 0;
    for (let i = 0; i < repeats; i++) {
      const answer = await webppl.ask({ model: untold, particles });
      untold = undefined;
      estimates.webppl.push(answer.logZ);
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
      if (particles >= RELIABLE) check(estimates, exactLogEvidence(model));
      estimates = { pgl: [], webppl: [] };
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

/** The compiled program against a frame written by hand on the same runtime: what compilation leaves on the table. */
async function againstHand(model: Hmm): Promise<Row> {
  const [compiled, hand] = [await pglHmm(model), handHmm(model)];
  const particles = 1000;
  const rate = (run: typeof hand) => async (): Promise<number> => {
    const repeats = Math.ceil(ENOUGH / (particles * model.observations.length));
    const { cpu } = await spent(async () => {
      for (let seed = 1; seed <= repeats; seed++) await run({ particles, ess: 0.5, seed });
    });
    return (repeats * particles * model.observations.length) / cpu;
  };
  const results = await interleaved({ compiled: rate(compiled), hand: rate(hand) }, { rounds: 4 * ROUNDS, warmup: 4 });
  const measured = median(results.compiled);
  const theirs = median(results.hand);
  return {
    suite: "hmm",
    what: `2 states, 50 steps, N=${particles}, by ESS, against a frame written by hand`,
    unit: "particle-steps/CPU s",
    measured,
    rounds: results.compiled,
    peer: { name: "by hand", measured: theirs, rounds: results.hand },
    ratio: measured / theirs,
    ratioOf: "times as fast",
  };
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

interface Estimates {
  readonly pgl: number[];
  readonly webppl: number[];
}

/** What is fast and wrong is no result: E[Ẑ] = Z. */
function check(estimates: Estimates, exact: number): void {
  for (const [name, logZs] of Object.entries(estimates) as [string, number[]][]) {
    const ratios = logZs.map((logZ) => Math.exp(logZ - exact));
    const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
    const error = Math.sqrt(ratios.reduce((a, r) => a + (r - mean) ** 2, 0) / (ratios.length - 1) / ratios.length);
    if (!(Math.abs(mean - 1) < 0.5 + 5 * (logZs.length > 1 ? error : 0))) {
      throw new Error(`Ẑ/Z of ${logZs.length} runs of ${name} is ${mean.toFixed(3)} ± ${error.toFixed(3)}, not 1.`);
    }
  }
}
