import {
  compile,
  infer
} from "./chunk-Y2IQCWWW.js";
import {
  growthExponent,
  interleaved,
  median,
  spent
} from "./chunk-TNNXDKV3.js";
import "./chunk-VV5FO4GS.js";
import "./chunk-TLZDQAJ7.js";
import "./chunk-BX4ZDYKN.js";
import {
  smc
} from "./chunk-3EFK655J.js";
import "./chunk-PZ5AY32C.js";

// src/hmm/model.ts
function hmm(states, steps) {
  const rows = (stay) => Array.from(
    { length: states },
    (_, i) => Array.from({ length: states }, (_2, j) => i === j ? stay : (1 - stay) / (states - 1))
  );
  const transition = rows(0.7);
  const emission = rows(0.6);
  const uniform = congruential(states * 1e3 + steps);
  const draw = (weights) => {
    let rest = uniform();
    const at = weights.findIndex((w) => (rest -= w) < 0);
    return at < 0 ? weights.length - 1 : at;
  };
  let state = 0;
  const observations = Array.from({ length: steps }, () => draw(emission[state = draw(transition[state])]));
  return { states, transition, emission, observations };
}
function congruential(seed) {
  let state = seed >>> 0;
  return () => (state = Math.imul(state, 1664525) + 1013904223 >>> 0) / 2 ** 32;
}
function exactLogEvidence({ states, transition, emission, observations }) {
  let belief = Array.from({ length: states }, (_, i) => i === 0 ? 1 : 0);
  let log = 0;
  for (const y of observations) {
    const next = Array.from({ length: states }, (_, j) => {
      let p = 0;
      for (let i = 0; i < states; i++) p += belief[i] * transition[i][j];
      return p * emission[j][y];
    });
    const total = next.reduce((a, b) => a + b, 0);
    log += Math.log(total);
    belief = next.map((p) => p / total);
  }
  return log;
}

// src/hmm/pgl.ts
var program = ({ transition, emission }) => `
const transition = ${JSON.stringify(transition)}
const emission = ${JSON.stringify(emission)}

model hmm(observations: list<int>): int {
  var state = 0
  for y in observations {
    state = sample categorical(transition[state])
    observe y ~ categorical(emission[state])
  }
  return state
}
`;
async function pglHmm(model) {
  const compiled = await compile.source(program(model), { file: "hmm.pgl" });
  const hmm2 = compiled["hmm"];
  return async ({ seed, ...options }) => {
    const posterior = await infer(hmm2, [model.observations], smc(options), { seed });
    return posterior.logZ.estimate;
  };
}

// src/hmm/webppl.ts
import { fork } from "child_process";
import { fileURLToPath } from "url";
var WebPplHmm = class {
  constructor(model) {
    this.model = model;
    const script = fileURLToPath(new URL("./webppl-process.js", import.meta.url));
    this.child = fork(script, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.end = new Promise((_, reject) => {
      this.child.once("exit", (code) => reject(new Error(`WebPPL ended with code ${String(code)}.`)));
    });
    this.end.catch(() => {
    });
  }
  model;
  child;
  /** Rejected when the process ends. */
  end;
  /** One run. @throws Error when WebPPL ends instead of answering. */
  async run(particles) {
    const answer = new Promise((resolve) => this.child.once("message", (message) => resolve(message)));
    this.child.send({ model: this.model, particles });
    this.model = void 0;
    return Promise.race([answer, this.end]);
  }
  stop() {
    this.child.kill();
  }
};

// src/hmm/suite.ts
var ROUNDS = 5;
var ENOUGH = 4e5;
var ENOUGH_WEBPPL = 1e5;
var MANY = 1e4;
var RELIABLE = 1e3;
async function hmmSuite() {
  const rows = [];
  for (const states of [2, 16]) for (const steps of [50, 200]) rows.push(...await against(hmm(states, steps)));
  rows.push(await growth(hmm(2, 50)));
  return rows;
}
async function against(model) {
  const rows = [];
  const steps = model.observations.length;
  const run = await pglHmm(model);
  const webppl = new WebPplHmm(model);
  let estimates = { pgl: [], webppl: [] };
  let seed = 1;
  const pgl = (particles, ess) => async () => {
    const repeats = Math.max(1, Math.ceil(ENOUGH / (particles * steps)));
    const { cpu } = await spent(async () => {
      for (let i = 0; i < repeats; i++) estimates.pgl.push(await run({ particles, ess, seed: seed++ }));
    });
    return repeats * particles * steps / cpu;
  };
  const peer = (particles) => async () => {
    const repeats = Math.max(1, Math.ceil(ENOUGH_WEBPPL / (particles * steps)));
    let cpu = 0;
    for (let i = 0; i < repeats; i++) {
      const answer = await webppl.run(particles);
      estimates.webppl.push(answer.logZ);
      cpu += answer.cpu;
    }
    return repeats * particles * steps / cpu;
  };
  try {
    for (const particles of steps <= 50 ? [100, 1e3, MANY] : [100, 1e3]) {
      const results = await interleaved(
        { adaptive: pgl(particles, 0.5), every: pgl(particles, 1), webppl: peer(particles) },
        particles === MANY ? { rounds: 1, warmup: 0 } : { rounds: ROUNDS }
      );
      if (particles >= RELIABLE) check(estimates, exactLogEvidence(model));
      estimates = { pgl: [], webppl: [] };
      const theirs = { name: "WebPPL", measured: median(results.webppl), rounds: results.webppl };
      for (const kind of ["adaptive", "every"]) {
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
          ...particles === 1e3 ? { goal: { of: "ratio", relation: "at least", bound: 20 } } : {}
        });
      }
    }
  } finally {
    webppl.stop();
  }
  return rows;
}
async function growth(model) {
  const run = await pglHmm(model);
  const sizes = [1e3, 1e4, 1e5];
  let seed = 1;
  const time = (particles) => async () => {
    const repeats = Math.ceil(1e5 / particles);
    const { cpu } = await spent(async () => {
      for (let i = 0; i < repeats; i++) await run({ particles, ess: 0.5, seed: seed++ });
    });
    return cpu / repeats;
  };
  const results = await interleaved(Object.fromEntries(sizes.map((n) => [String(n), time(n)])), { rounds: ROUNDS });
  const exponents = Array.from(
    { length: ROUNDS },
    (_, round) => growthExponent(sizes.map((n) => ({ x: n, y: results[String(n)][round] })))
  );
  return {
    suite: "hmm",
    what: "growth of time from N=1000 to 100000 (2 states, 50 steps)",
    unit: "exponent",
    measured: growthExponent(sizes.map((n) => ({ x: n, y: median(results[String(n)]) }))),
    rounds: exponents,
    goal: { of: "measured", relation: "at most", bound: 1.1 },
    note: sizes.map((n) => `N=${n}: ${(1e3 * median(results[String(n)])).toFixed(1)} ms`).join(", ")
  };
}
function check(estimates, exact) {
  for (const [name, logZs] of Object.entries(estimates)) {
    const ratios = logZs.map((logZ) => Math.exp(logZ - exact));
    const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
    const error = Math.sqrt(ratios.reduce((a, r) => a + (r - mean) ** 2, 0) / (ratios.length - 1) / ratios.length);
    if (!(Math.abs(mean - 1) < 0.5 + 5 * (logZs.length > 1 ? error : 0))) {
      throw new Error(`\u1E90/Z of ${logZs.length} runs of ${name} is ${mean.toFixed(3)} \xB1 ${error.toFixed(3)}, not 1.`);
    }
  }
}
export {
  hmmSuite
};
//# sourceMappingURL=suite-A2T6HHTR.js.map