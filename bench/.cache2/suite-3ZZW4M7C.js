import {
  compile,
  infer
} from "./chunk-Y2IQCWWW.js";
import {
  interleaved,
  median,
  spent
} from "./chunk-TNNXDKV3.js";
import "./chunk-VV5FO4GS.js";
import {
  LogRow,
  ModelStats,
  Vocabulary,
  fewestTokens
} from "./chunk-TLZDQAJ7.js";
import "./chunk-BX4ZDYKN.js";
import {
  smc
} from "./chunk-3EFK655J.js";
import "./chunk-PZ5AY32C.js";

// src/table/bare-loop.ts
function bareLoop(model, particles, tokens) {
  const { size } = model.vocabulary;
  const last = new Array(particles).fill(-1);
  for (let step = 0; step < tokens; step++) {
    const rows = model.answer(last);
    for (let i = 0; i < particles; i++) {
      const row = rows.subarray(i * size, (i + 1) * size);
      let max = -Infinity;
      for (let v2 = 0; v2 < size; v2++) if (row[v2] > max) max = row[v2];
      let sum = 0;
      for (let v2 = 0; v2 < size; v2++) sum += Math.exp(row[v2] - max);
      let rest = Math.random() * sum;
      let v = 0;
      while (v < size - 1 && (rest -= Math.exp(row[v] - max)) >= 0) v++;
      last[i] = v;
    }
  }
  return last;
}

// src/table/model.ts
var ROWS = 64;
var BenchTable = class {
  stats = new ModelStats();
  name;
  vocabulary;
  capabilities = {
    fullDistribution: true,
    maxContext: null,
    deterministicBatches: true,
    precision: 32,
    cachesPrefixes: true
  };
  logits;
  rows;
  openEvaluator;
  constructor(size, shared) {
    this.name = `bench table of ${size}`;
    const tokens = Array.from({ length: size }, (_, id) => new TextEncoder().encode(`${id.toString(36)} `));
    this.vocabulary = new Vocabulary({ tokens, eosId: null, bosId: null, encode: fewestTokens(tokens) });
    this.logits = Array.from(
      { length: ROWS },
      (_, row) => Float32Array.from({ length: size }, (_2, id) => -Math.log(1 + (id * 7919 + row * 104729) % size))
    );
    this.rows = this.logits.map((logits) => new LogRow(logits, true));
    if (shared) {
      this.openEvaluator = (tree) => ({
        rows: (nodes) => {
          const start = performance.now();
          const rows = nodes.map((node) => this.rows[rowOf(tree.token(node))]);
          this.stats.count(nodes.length, start);
          return rows;
        }
      });
    }
  }
  async logProbabilities(contexts) {
    const start = performance.now();
    const answer = this.answer(contexts.map((context) => context[context.length - 1] ?? -1));
    this.stats.count(contexts.length, start);
    return answer;
  }
  /** Fresh rows after the given last tokens. */
  answer(last) {
    const { size } = this.vocabulary;
    const answer = new Float32Array(last.length * size);
    last.forEach((token, i) => answer.set(this.logits[rowOf(token)], i * size));
    return answer;
  }
  async dispose() {
  }
};
var rowOf = (token) => (token + ROWS) % ROWS;

// src/table/program.ts
var tokenByToken = `
lm words = "bench"

model draft(tokens: int): string {
  var ctx = words.context("")
  for i in 0..tokens {
    let tok ~ words.next(ctx)
    factor 0.1 * float(len(tok.text))
    ctx = ctx + tok
  }
  return ctx.text
}
`;
var span = `
lm words = "bench"

model draft(tokens: int): string {
  let s ~ words.text(after: "", max_tokens: tokens)
  factor 0.1 * float(len(s))
  return s
}
`;

// src/table/suite.ts
var PARTICLES = 64;
var TOKENS = 32;
var ROUNDS = 7;
var ENOUGH = 1e5;
var goals = { 256: 5, 4096: 15, 32e3: 100 };
async function tableSuite() {
  const rows = [];
  for (const size of Object.keys(goals).map(Number)) {
    const shared = new BenchTable(size, true);
    const fresh = new BenchTable(size, false);
    const repeats = Math.ceil(ENOUGH / (PARTICLES * TOKENS) / (size > 1e4 ? 4 : 1));
    const results = await interleaved(
      {
        next: await pgl(tokenByToken, shared, repeats),
        text: await pgl(span, shared, repeats),
        fresh: await pgl(tokenByToken, fresh, Math.ceil(repeats / 16)),
        bare: bare(fresh, Math.ceil(repeats / 16))
      },
      { rounds: ROUNDS }
    );
    const row = (what, key) => ({
      suite: "table",
      what: `V=${size}, ${what}`,
      unit: "\xB5s CPU/particle-step",
      measured: median(results[key]),
      rounds: results[key]
    });
    const goal = { of: "measured", relation: "at most", bound: goals[size] };
    rows.push({ ...row("`next` and a factor each token", "next"), goal });
    rows.push({ ...row("`text`", "text"), goal });
    const measured = median(results.fresh);
    rows.push({
      ...row("`next`, a fresh row for each context", "fresh"),
      peer: { name: "bare loop", measured: median(results.bare), rounds: results.bare },
      ratio: measured / median(results.bare),
      ratioOf: "times as long"
    });
  }
  return rows;
}
async function pgl(source, model, repeats) {
  const { draft } = await compile.source(source, { file: "table.pgl", lms: { bench: model } });
  let seed = 1;
  return async () => {
    const { cpu } = await spent(async () => {
      for (let i = 0; i < repeats; i++) {
        await infer(draft, [TOKENS], smc({ particles: PARTICLES }), { seed: seed++, lms: { words: model } });
      }
    });
    return 1e6 * cpu / (repeats * PARTICLES * TOKENS);
  };
}
function bare(model, repeats) {
  return async () => {
    const { cpu } = await spent(() => {
      for (let i = 0; i < repeats; i++) bareLoop(model, PARTICLES, TOKENS);
    });
    return 1e6 * cpu / (repeats * PARTICLES * TOKENS);
  };
}
export {
  tableSuite
};
//# sourceMappingURL=suite-3ZZW4M7C.js.map