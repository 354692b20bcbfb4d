import { compile, infer, map, marginal, type Model, type Result } from "@pgl/core";
import { growthExponent, interleaved, median, spent } from "../clock.js";
import { exactLogEvidence, hmm, type Hmm } from "../hmm/model.js";
import { PeerProcess } from "../peer-process.js";
import type { Row } from "../row.js";
import type { OwnAnswer, OwnQuestion } from "./pgl-process.js";
import { hmmPrograms } from "./programs.js";
import type { Answer, Question, Strategy } from "./webppl-process.js";

const ROUNDS = 5;
const LENGTHS = [50, 100, 200, 400, 800, 1600, 3200];
/** Steps of a model that one measurement takes at least, so that the clock's grain does not show. */
const ENOUGH = 3200;
/** Runs of elimination in one measurement, for the same reason. */
const MANY_TIMES = 500;
/** And of enumeration. */
const SOME_TIMES = 20;

/** Exact inference: hidden Markov models by elimination, and how fast executions are enumerated. */
export async function eliminationSuite(): Promise<Row[]> {
  return [
    await growth("marginal, the last state returned", "last", marginal()),
    await growth("map, all states returned", "all", map()),
    ...(await enumeration(hmm(2, 12))),
    ...(await enumeration(hmm(4, 6))),
  ];
}

type Run = (model: Hmm) => Promise<Result<unknown>>;

async function runner(model: Hmm, name: string, method: ReturnType<typeof marginal>): Promise<Run> {
  const compiled = await compile.source(hmmPrograms(model), { file: "hmm.pgl" });
  return ({ observations }) => infer(compiled[name] as Model, [observations], method, { seed: 1 });
}

/** Time by the length of the chain: linear, where there are 3^length executions. */
async function growth(what: string, name: string, method: ReturnType<typeof marginal>): Promise<Row> {
  const models = LENGTHS.map((length) => hmm(3, length));
  const run = await runner(models[0]!, name, method);
  const time = (model: Hmm) => async (): Promise<number> => {
    const repeats = Math.ceil(ENOUGH / model.observations.length);
    const { cpu } = await spent(async () => {
      for (let i = 0; i < repeats; i++) check(await run(model), model);
    });
    return cpu / repeats;
  };
  const results = await interleaved(
    Object.fromEntries(models.map((model) => [String(model.observations.length), time(model)])),
    { rounds: ROUNDS },
  );
  const exponents = Array.from({ length: ROUNDS }, (_, round) =>
    growthExponent(LENGTHS.map((n) => ({ x: n, y: results[String(n)]![round]! }))),
  );
  return {
    suite: "elimination",
    what: `growth of time from length ${LENGTHS[0]} to ${LENGTHS.at(-1)} (3 states; ${what})`,
    unit: "exponent",
    measured: growthExponent(LENGTHS.map((n) => ({ x: n, y: median(results[String(n)]!) }))),
    rounds: exponents,
    goal: { of: "measured", relation: "at most", bound: 1.1 },
    note: LENGTHS.map((n) => `${n}: ${(1000 * median(results[String(n)]!)).toFixed(1)} ms`).join(", "),
  };
}

/**
 * Executions per CPU second, against WebPPL's enumeration in the order in which that is fastest: each visited by itself, and
 * summed over by elimination.
 */
async function enumeration(model: Hmm): Promise<Row[]> {
  const executions = model.states ** model.observations.length;
  const webppl = new PeerProcess<Question, Answer>("./elimination-webppl-process.js");
  const pgl = new PeerProcess<OwnQuestion, OwnAnswer>("./elimination-pgl-process.js");
  const logEvidence = exactLogEvidence(model);
  const { probability: exact } = await pgl.ask({ model, method: "marginal", repeats: 1 });
  const own = (method: OwnQuestion["method"], repeats: number) => async (): Promise<number> => {
    const answer = await pgl.ask({ model, method, repeats });
    expectClose(answer.logZ, logEvidence, "log Z");
    expectClose(answer.probability, exact, `the posterior by ${method}`);
    if (method === "enumerate" && answer.executions !== executions) {
      throw new Error("Not every execution was visited.");
    }
    return (repeats * executions) / answer.cpu;
  };
  let untold: Hmm | undefined = model;
  const peer = (strategy: Strategy) => async (): Promise<number> => {
    let cpu = 0;
    for (let i = 0; i < SOME_TIMES; i++) {
      const answer = await webppl.ask({ model: untold, strategy });
      untold = undefined;
      expectClose(answer.probability, exact, "WebPPL's posterior");
      cpu += answer.cpu;
    }
    return (SOME_TIMES * executions) / cpu;
  };
  try {
    const results = await interleaved(
      {
        pgl: own("enumerate", SOME_TIMES),
        marginal: own("marginal", MANY_TIMES),
        depthFirst: peer("depthFirst"),
        breadthFirst: peer("breadthFirst"),
        likelyFirst: peer("likelyFirst"),
      },
      { rounds: ROUNDS, warmup: 2 },
    );
    const { pgl: enumerated, marginal: eliminated, ...theirs } = results;
    const [name, rounds] = Object.entries(theirs).reduce((a, b) => (median(b[1]) > median(a[1]) ? b : a));
    const row = (what: string, ours: readonly number[]): Row => ({
      suite: "elimination",
      what: `${what} ${executions} executions (${model.states} states, ${model.observations.length} steps)`,
      unit: "executions/CPU s",
      measured: median(ours),
      rounds: ours,
      peer: { name: `WebPPL (${name})`, measured: median(rounds), rounds },
      ratio: median(ours) / median(rounds),
      ratioOf: "times as fast",
      goal: { of: "ratio", relation: "at least", bound: 5 },
    });
    return [row("enumerate:", enumerated), row("marginal:", eliminated)];
  } finally {
    webppl.stop();
    pgl.stop();
  }
}

/** What is fast and wrong is no result. */
function check({ logZ, diagnostics }: Result<unknown>, model: Hmm): void {
  expectClose(diagnostics.maximum?.logEvidence ?? logZ.estimate!, exactLogEvidence(model), "log Z");
}

function expectClose(actual: number, expected: number, what: string): void {
  if (!(Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected))))
    throw new Error(`${what} is ${actual}, not ${expected}.`);
}
