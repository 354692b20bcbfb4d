import {
  compile,
  infer,
  loadLanguageModel
} from "./chunk-Y2IQCWWW.js";
import {
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

// src/stories/suite.ts
import { fileURLToPath } from "url";

// src/stories/bare-loop.ts
import { join } from "path";
import * as onnx from "onnxruntime-node";
var LAYERS = 4;
var HEADS = 2;
var HEAD_SIZE = 32;
var VOCABULARY = 1024;
var EOS = 1;
var LANES = 2 * LAYERS;
var BareLoop = class _BareLoop {
  constructor(network) {
    this.network = network;
  }
  network;
  static async load(folder) {
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: "all" };
    return new _BareLoop(await onnx.InferenceSession.create(join(folder, "model.onnx"), options));
  }
  async run({ prompt, particles, tokens, weigh }) {
    let calls = 1;
    let read = prompt.length;
    let { logits, present } = await this.call(prompt, 1, 0, new Float32Array(0));
    let rows = 1;
    let past = prompt.length;
    const at = new Int32Array(particles);
    const logWeights = new Float64Array(particles);
    const drawn = new Int32Array(particles);
    for (let step = 0; ; step++) {
      const cumulative = new Array(rows);
      for (let i = 0; i < particles; i++) {
        if (at[i] < 0) continue;
        drawn[i] = draw(cumulative[at[i]] ??= sums(logits, at[i]));
        if (weigh !== void 0) logWeights[i] += weigh(drawn[i]);
        if (drawn[i] === EOS) at[i] = -1;
      }
      if (step + 1 === tokens) return { calls, tokens: read };
      if (weigh !== void 0) resample(logWeights, at, drawn);
      const parents = [];
      const next = [];
      const rowOf = /* @__PURE__ */ new Map();
      for (let i = 0; i < particles; i++) {
        if (at[i] < 0) continue;
        const key = at[i] * VOCABULARY + drawn[i];
        let row = rowOf.get(key);
        if (row === void 0) {
          rowOf.set(key, row = parents.length);
          parents.push(at[i]);
          next.push(drawn[i]);
        }
        at[i] = row;
      }
      if (parents.length === 0) return { calls, tokens: read };
      const unchanged = parents.length === rows && parents.every((parent, row) => parent === row);
      const keyValues = unchanged ? present : gather(present, rows, parents, past);
      ({ logits, present } = await this.call(next, next.length, past, keyValues));
      rows = next.length;
      past++;
      calls++;
      read += next.length;
    }
  }
  /** `ids.length / rows` new tokens for each row. */
  async call(ids, rows, past, keyValues) {
    const width = ids.length / rows;
    const mask = new Float32Array(rows * width * (past + width)).fill(1);
    if (rows === 1) for (let j = 0; j < width; j++) mask.fill(0, j * (past + width) + past + j + 1, (j + 1) * (past + width));
    const answer = await this.network.run(
      {
        ids: new onnx.Tensor("int64", BigInt64Array.from(ids, BigInt), [rows, width]),
        pos: new onnx.Tensor("int64", BigInt64Array.from(ids, (_, i) => BigInt(past + i % width)), [rows, width]),
        mask: new onnx.Tensor("float32", mask, [rows, width, past + width]),
        past: new onnx.Tensor("float32", keyValues, [LANES, rows, HEADS, past, HEAD_SIZE])
      },
      ["logits", "present"]
    );
    return { logits: answer["logits"].data, present: answer["present"].data };
  }
};
function gather(present, rows, parents, length) {
  const block = HEADS * length * HEAD_SIZE;
  const gathered = new Float32Array(LANES * parents.length * block);
  for (let lane = 0; lane < LANES; lane++) {
    for (let row = 0; row < parents.length; row++) {
      const from = (lane * rows + parents[row]) * block;
      gathered.set(present.subarray(from, from + block), (lane * parents.length + row) * block);
    }
  }
  return gathered;
}
function sums(logits, row) {
  const start = row * VOCABULARY;
  let max = -Infinity;
  for (let v = 0; v < VOCABULARY; v++) if (logits[start + v] > max) max = logits[start + v];
  const totals = new Float64Array(VOCABULARY);
  let total = 0;
  for (let v = 0; v < VOCABULARY; v++) totals[v] = total += Math.exp(logits[start + v] - max);
  return totals;
}
function draw(totals) {
  const target = Math.random() * totals[VOCABULARY - 1];
  let low = 0;
  let high = VOCABULARY - 1;
  while (low < high) {
    const middle = low + high >>> 1;
    if (totals[middle] > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
function resample(logWeights, at, drawn) {
  const n = logWeights.length;
  const max = logWeights.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logWeights.map((w) => Math.exp(w - max));
  const total = weights.reduce((a, b) => a + b, 0);
  const squares = weights.reduce((a, w) => a + w * w, 0);
  if (total * total / squares >= n / 2) return;
  const offset = Math.random();
  const [oldAt, oldDrawn] = [at.slice(), drawn.slice()];
  let sum = weights[0];
  for (let j = 0, i = 0; j < n; j++) {
    while (i < n - 1 && sum <= (j + offset) * total / n) sum += weights[++i];
    at[j] = oldAt[i];
    drawn[j] = oldDrawn[i];
  }
  logWeights.fill(0);
}

// src/stories/program.ts
var span = `
lm writer = "stories"

model story(prompt: string, tokens: int): string {
  return sample writer.text(after: prompt, max_tokens: tokens)
}
`;
var steered = `
lm writer = "stories"

model story(prompt: string, tokens: int): string {
  var ctx = writer.context(prompt)
  for i in 0..tokens {
    let tok ~ writer.next(ctx)
    factor if contains(tok, "e") { -0.7 } else { 0.0 }
    ctx = ctx + tok
    if tok == eos { break }
  }
  return ctx.text
}
`;

// src/stories/suite.ts
var PARTICLES = 64;
var PROMPT = "Once upon a time there was a small dragon";
var ROUNDS = 9;
async function storiesSuite() {
  const folder = fileURLToPath(new URL("../../packages/lm/models/stories/", import.meta.url));
  const model = await loadLanguageModel(`onnx:${folder}`);
  const bare = await BareLoop.load(folder);
  const { vocabulary } = model;
  const prompt = [vocabulary.bosId, ...vocabulary.encode(PROMPT)];
  const weights = vocabulary.tokens.map((token) => token.text.includes("e") ? -0.7 : 0);
  const rows = [];
  for (const tokens of [40, 64]) {
    rows.push(
      await compare(
        `a text of ${tokens} tokens`,
        await pgl(span, model, tokens),
        () => bare.run({ prompt, particles: PARTICLES, tokens })
      ),
      await compare(
        `${tokens} tokens, a factor each, resampling`,
        await pgl(steered, model, tokens),
        () => bare.run({ prompt, particles: PARTICLES, tokens, weigh: (id) => weights[id] })
      )
    );
  }
  await model.dispose();
  return rows;
}
async function pgl(source, model, tokens) {
  const { story } = await compile.source(source, { file: "stories.pgl", lms: { stories: model } });
  let seed = 1;
  return async () => {
    const { run } = await infer(story, [PROMPT, tokens], smc({ particles: PARTICLES }), { seed: seed++ });
    return run.lm;
  };
}
async function compare(what, program, loop) {
  const work = { program: { calls: 0, tokens: 0 }, loop: { calls: 0, tokens: 0 } };
  const cpu = { program: [], loop: [] };
  const timed = (name, run) => async () => {
    let time;
    let done = { calls: 0, tokens: 0 };
    time = await spent(async () => done = await run());
    work[name].calls += done.calls;
    work[name].tokens += done.tokens;
    cpu[name].push(time.cpu);
    return 1e6 * time.wall / done.tokens;
  };
  const results = await interleaved({ program: timed("program", program), loop: timed("loop", loop) }, { rounds: ROUNDS, warmup: 2 });
  const measured = median(results.program);
  const theirs = median(results.loop);
  const total = (name) => `${work[name].calls} calls, ${work[name].tokens} tokens, ${(1e3 * median(cpu[name])).toFixed(0)} ms CPU a run`;
  return {
    suite: "stories",
    what: `N=${PARTICLES}, ${what}`,
    unit: "\xB5s/model token",
    measured,
    rounds: results.program,
    peer: { name: "bare loop", measured: theirs, rounds: results.loop },
    ratio: measured / theirs,
    ratioOf: "times as long",
    goal: { of: "ratio", relation: "at most", bound: 1.15 },
    note: `program ${total("program")}; loop ${total("loop")}`
  };
}
export {
  storiesSuite
};
//# sourceMappingURL=suite-5QHKWGTI.js.map