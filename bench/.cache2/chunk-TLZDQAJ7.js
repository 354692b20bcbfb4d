import {
  PglError,
  equalsSymbol,
  jsonSymbol,
  keySymbol,
  showSymbol,
  textSymbol
} from "./chunk-3EFK655J.js";

// ../packages/lm/src/errors.ts
var LanguageModelError = class extends PglError {
};
function refuseDisposed(model, disposed) {
  if (disposed) throw new LanguageModelError("PGLM015", `The model ${model} was used after \`dispose\`.`);
}

// ../packages/lm/src/model-stats.ts
var ModelStats = class {
  calls = 0;
  tokens = 0;
  cachedTokens = 0;
  time = 0;
  snapshot() {
    return { calls: this.calls, tokens: this.tokens, cachedTokens: this.cachedTokens, time: this.time };
  }
  since(before) {
    return {
      calls: this.calls - before.calls,
      tokens: this.tokens - before.tokens,
      cachedTokens: this.cachedTokens - before.cachedTokens,
      time: this.time - before.time
    };
  }
  /** Counts one evaluation of `tokens` positions that began at `start` (as `performance.now()` tells time). */
  count(tokens, start) {
    this.calls++;
    this.tokens += tokens;
    this.time += performance.now() - start;
  }
  toJSON() {
    return this.snapshot();
  }
};

// ../packages/lm/src/model-file.ts
import { readFileSync } from "fs";
function readModelFile(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : cause.message;
    throw new LanguageModelError("PGLM003", `The model file ${path} cannot be read: ${why}.`, {
      cause,
      hint: "Paths of models are relative to the program that names them, or to the working folder on the command line."
    });
  }
}
function readModelJson(path) {
  const text = readModelFile(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(path, `it is not JSON (${cause.message})`, cause);
  }
}
function malformed(path, why, cause) {
  return new LanguageModelError("PGLM004", `${path} is not a valid model file: ${why}.`, { cause });
}
var Fields = class _Fields {
  constructor(path, value, place2 = "") {
    this.path = path;
    this.place = place2;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw malformed(path, `${place2 === "" ? "it" : `\`${place2}\``} must be an object`);
    }
    this.fields = value;
  }
  path;
  place;
  fields;
  get keys() {
    return Object.keys(this.fields);
  }
  /** @throws LanguageModelError PGLM004 when there is a key beside these. */
  only(...known) {
    const extra = this.keys.find((key) => !known.includes(key));
    if (extra !== void 0)
      throw malformed(this.path, `\`${this.name(extra)}\` is not known; there are ${known.join(", ")}`);
    return this;
  }
  has(key) {
    return Object.hasOwn(this.fields, key);
  }
  any(key) {
    if (!this.has(key)) throw malformed(this.path, `\`${this.name(key)}\` is missing`);
    return this.fields[key];
  }
  object(key) {
    return new _Fields(this.path, this.any(key), this.name(key));
  }
  string(key) {
    const value = this.any(key);
    if (typeof value !== "string") throw malformed(this.path, `\`${this.name(key)}\` must be a string`);
    return value;
  }
  /** A whole number of at least `least`. */
  int(key, least) {
    const value = this.any(key);
    if (!Number.isSafeInteger(value) || value < least) {
      throw malformed(this.path, `\`${this.name(key)}\` must be a whole number of at least ${least}`);
    }
    return value;
  }
  strings(key) {
    const value = this.any(key);
    if (!Array.isArray(value) || !value.every((v) => typeof v === "string")) {
      throw malformed(this.path, `\`${this.name(key)}\` must be a list of strings`);
    }
    return value;
  }
  name(key) {
    return this.place === "" ? key : `${this.place}.${key}`;
  }
};

// ../packages/lm/src/prefix-tree.ts
var PAGE_BITS = 12;
var PAGE = 1 << PAGE_BITS;
var MAX_LOAD = 0.85;
var LONG = 65535;
var PrefixTree = class {
  static root = 0;
  parents = [];
  tokens = [];
  lengths = [];
  /** Open addressing; holds node + 1, 0 is free. */
  table = new Int32Array(1024);
  limit = 1024 * MAX_LOAD;
  count = 0;
  constructor() {
    this.add(-1, -1, 0);
  }
  /** Number of nodes. */
  get size() {
    return this.count;
  }
  /** Bytes held. */
  get bytes() {
    return this.parents.length * PAGE * 10 + this.table.byteLength;
  }
  /** The sequence of `node` with `token` after it; the same number each time. */
  child(node, token) {
    const { table } = this;
    let slot = place(node, token, table.length);
    for (; ; ) {
      const entry = table[slot];
      if (entry === 0) break;
      if (this.parent(entry - 1) === node && this.token(entry - 1) === token) return entry - 1;
      if (++slot === table.length) slot = 0;
    }
    const length = this.lengths[node >>> PAGE_BITS][node & PAGE - 1];
    const fresh = this.add(node, token, Math.min(LONG, length + 1));
    table[slot] = fresh + 1;
    if (this.count > this.limit) this.grow();
    return fresh;
  }
  /** The node that `tokens` lead to from `node`. */
  extend(node, tokens) {
    for (let i = 0; i < tokens.length; i++) node = this.child(node, tokens[i]);
    return node;
  }
  /** -1 for the root. */
  parent(node) {
    return this.parents[node >>> PAGE_BITS][node & PAGE - 1];
  }
  /** The last token of the sequence; -1 for the root. */
  token(node) {
    return this.tokens[node >>> PAGE_BITS][node & PAGE - 1];
  }
  /** Number of tokens. */
  length(node) {
    let n = 0;
    for (; ; ) {
      const length = this.lengths[node >>> PAGE_BITS][node & PAGE - 1];
      if (length < LONG) return n + length;
      n++;
      node = this.parent(node);
    }
  }
  /** The last `count` tokens of the sequence, all of them by default; fewer when it is shorter. */
  last(node, count = Infinity) {
    const ids = new Int32Array(Math.min(count, this.length(node)));
    for (let i = ids.length - 1; i >= 0; i--) {
      ids[i] = this.token(node);
      node = this.parent(node);
    }
    return ids;
  }
  add(parent, token, length) {
    const node = this.count++;
    const page = node >>> PAGE_BITS;
    if (page === this.parents.length) {
      this.parents.push(new Int32Array(PAGE));
      this.tokens.push(new Int32Array(PAGE));
      this.lengths.push(new Uint16Array(PAGE));
    }
    this.parents[page][node & PAGE - 1] = parent;
    this.tokens[page][node & PAGE - 1] = token;
    this.lengths[page][node & PAGE - 1] = length;
    return node;
  }
  grow() {
    const table = new Int32Array(Math.ceil(this.table.length * 1.5));
    for (const entry of this.table) {
      if (entry === 0) continue;
      let slot = place(this.parent(entry - 1), this.token(entry - 1), table.length);
      while (table[slot] !== 0) if (++slot === table.length) slot = 0;
      table[slot] = entry;
    }
    this.table = table;
    this.limit = table.length * MAX_LOAD;
  }
};
function place(node, token, size) {
  let h = Math.imul(node, 2654435761) ^ Math.imul(token + 1, 2246822507);
  h = Math.imul(h ^ h >>> 15, 739982445);
  h = Math.imul(h ^ h >>> 12, 695872825);
  return Math.floor(((h ^ h >>> 15) >>> 0) * (size / 2 ** 32));
}

// ../packages/lm/src/log-row.ts
var BLOCK = 32;
var LogRow = class {
  constructor(logits, permanent = false) {
    this.logits = logits;
    this.permanent = permanent;
  }
  logits;
  permanent;
  /** log Σ exp(logits − maximum). Apart from the maximum, so that large logits cost no digits. */
  logSum = NaN;
  /** Σ exp(logits − maximum) up to the end of each block of entries. */
  blockSums = null;
  largest = NaN;
  /** The token distribution over this row, made once (`TokenDistribution.of`). */
  distribution = null;
  get size() {
    return this.logits.length;
  }
  /** log Σ exp(logits), in nats. @throws LanguageModelError PGLM007 when the row holds NaN or +Infinity, PGLM009 when it is all zero. */
  get logNormaliser() {
    this.normalise();
    return this.largest + this.logSum;
  }
  /** Normalised log-probability of entry `i`, in nats. */
  logProbability(i) {
    this.normalise();
    return this.logits[i] - this.largest - this.logSum;
  }
  /** Draws an entry with one uniform number. */
  sample(random) {
    const sums = this.sums();
    const target = random.uniformAmong(this.breakpoints) * sums[sums.length - 1];
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = low + high >>> 1;
      if (sums[middle] > target) high = middle;
      else low = middle + 1;
    }
    const { logits, largest: max } = this;
    const end = Math.min((low + 1) * BLOCK, logits.length);
    let sum = low === 0 ? 0 : sums[low - 1];
    let entry = low * BLOCK;
    for (; entry < end; entry++) if ((sum += Math.exp(logits[entry] - max)) > target) return entry;
    entry = logits.length - 1;
    while (entry > 0 && !(Math.exp(logits[entry] - max) > 0)) entry--;
    return entry;
  }
  /** The normalised log-probabilities as one array of its own. */
  toFloat32Array() {
    this.normalise();
    const { largest: largest2, logSum } = this;
    return Float32Array.from(this.logits, (l) => l - largest2 - logSum);
  }
  breakpoints = () => {
    const sums = this.sums();
    const total = sums[sums.length - 1];
    const { logits, largest: max } = this;
    const points = [];
    let last = 0;
    let sum = 0;
    for (let i = 0; i + 1 < logits.length; i++) {
      const point = (sum += Math.exp(logits[i] - max)) / total;
      if (point > last && point < 1) points.push(last = point);
    }
    return Float64Array.from(points);
  };
  sums() {
    if (this.blockSums !== null) return this.blockSums;
    const { logits } = this;
    const max = this.maximum();
    const sums = new Float64Array(Math.ceil(logits.length / BLOCK));
    let sum = 0;
    for (let block = 0, i = 0; block < sums.length; block++) {
      const end = Math.min(i + BLOCK, logits.length);
      for (; i < end; i++) sum += Math.exp(logits[i] - max);
      sums[block] = sum;
    }
    this.settle(sum, max);
    return this.blockSums = sums;
  }
  normalise() {
    if (!Number.isNaN(this.logSum)) return;
    const { logits } = this;
    const max = this.maximum();
    let sum = 0;
    for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i] - max);
    this.settle(sum, max);
  }
  maximum() {
    if (!Number.isNaN(this.largest)) return this.largest;
    const { logits } = this;
    let max = -Infinity;
    for (let i = 0; i < logits.length; i++) if (logits[i] > max) max = logits[i];
    return this.largest = max;
  }
  settle(sum, max) {
    if (max === -Infinity && !this.logits.some(Number.isNaN)) {
      throw new LanguageModelError("PGLM009", "Every token has probability zero.");
    }
    if (!(sum < Infinity) || max === Infinity) {
      throw new LanguageModelError(
        "PGLM007",
        "The model answered log-probabilities that are not numbers (NaN or +Infinity).",
        {
          hint: "The weights are damaged, or the model overflows in this precision: load another copy."
        }
      );
    }
    this.logSum = Math.log(sum);
  }
};
function rowsOf(array, size) {
  return Array.from({ length: array.length / size }, (_, i) => new LogRow(array.subarray(i * size, (i + 1) * size)));
}

// ../packages/lm/src/row-cache.ts
var MAX_PERMANENT = 1024;
var RowCache = class {
  constructor(budget) {
    this.budget = budget;
  }
  budget;
  rows = /* @__PURE__ */ new Map();
  held = 0;
  /** Bytes held by rows that belong to nobody else. */
  get bytes() {
    return this.held;
  }
  get(node) {
    return this.rows.get(node);
  }
  set(node, row) {
    if (this.rows.has(node)) return;
    this.rows.set(node, row);
    this.held += cost(row);
    while (this.rows.size > 1 && (this.held > this.budget || row.permanent && this.rows.size > MAX_PERMANENT)) {
      const [oldest, old] = this.rows.entries().next().value;
      this.rows.delete(oldest);
      this.held -= cost(old);
    }
  }
};
var cost = (row) => row.permanent ? 0 : 64 + Math.ceil(row.logits.byteLength * 1.1);

// ../packages/lm/src/largest.ts
function largest(values, k) {
  const n = values.length;
  if (k <= 0) return [];
  let threshold = -Infinity;
  if (k < n) threshold = select(Float64Array.from(values), k);
  const above = [];
  const at = [];
  for (let i = 0; i < n; i++) {
    if (values[i] > threshold) above.push(i);
    else if (values[i] === threshold) at.push(i);
  }
  const chosen = k < n ? above.concat(at.slice(0, k - above.length)) : above.concat(at);
  return chosen.sort((a, b) => values[b] - values[a] || a - b);
}
function select(a, k) {
  let low = 0;
  let high = a.length - 1;
  const target = k - 1;
  while (low < high) {
    const pivot = a[low + high >>> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (a[i] > pivot) i++;
      while (a[j] < pivot) j--;
      if (i <= j) {
        const t = a[i];
        a[i] = a[j];
        a[j] = t;
        i++;
        j--;
      }
    }
    if (target <= j) high = j;
    else if (target >= i) low = i;
    else break;
  }
  return a[target];
}

// ../packages/lm/src/utf8.ts
var encoder = new TextEncoder();
var decoder = new TextDecoder("utf-8", { ignoreBOM: true });
var noBytes = new Uint8Array(0);
function encodeUtf8(text) {
  return text === "" ? noBytes : encoder.encode(text);
}
function decodeUtf8(bytes) {
  return bytes.length === 0 ? "" : decoder.decode(bytes);
}
function completeLength(bytes) {
  const n = bytes.length;
  for (let back = 1; back <= Math.min(3, n); back++) {
    const byte = bytes[n - back];
    if ((byte & 192) === 128) continue;
    const length = byte >= 240 ? 4 : byte >= 224 ? 3 : byte >= 192 ? 2 : 1;
    return length > back ? n - back : n;
  }
  return n;
}

// ../packages/lm/src/token.ts
var Token = class _Token {
  constructor(id, vocabulary, isEos) {
    this.id = id;
    this.vocabulary = vocabulary;
    this.isEos = isEos;
  }
  id;
  vocabulary;
  isEos;
  /** What the token adds to a text. Empty for special tokens. */
  get bytes() {
    return this.vocabulary === null ? noBytes : this.vocabulary.bytes(this.id);
  }
  /** The bytes as text; a part of a character shows as U+FFFD. Empty for special tokens. */
  get text() {
    return this.vocabulary === null ? "" : this.vocabulary.text(this.id);
  }
  get isSpecial() {
    return this.vocabulary === null || this.vocabulary.isSpecial(this.id);
  }
  toString() {
    return this.text;
  }
  toJSON() {
    return this[jsonSymbol]();
  }
  [textSymbol]() {
    return this.text;
  }
  [jsonSymbol]() {
    if (this.isEos) return { special: "eos" };
    return this.isSpecial ? { special: this.vocabulary.label(this.id) } : this.text;
  }
  [equalsSymbol](other) {
    if (this === other) return true;
    if (!(other instanceof _Token)) return false;
    if (this.isEos || other.isEos) return this.isEos && other.isEos;
    return this.id === other.id && this.vocabulary.same(other.vocabulary);
  }
  [keySymbol]() {
    return this.isEos ? "token:eos" : `token:${this.vocabulary.identity}:${this.id}`;
  }
  [showSymbol]() {
    if (this.isEos) return "eos";
    return this.isSpecial ? this.vocabulary.label(this.id) : JSON.stringify(this.text);
  }
};
var eos = new Token(-1, null, true);

// ../packages/lm/src/token-distribution.ts
var TokenDistribution = class _TokenDistribution {
  constructor(vocabulary, row, ids = null) {
    this.vocabulary = vocabulary;
    this.row = row;
    this.ids = ids;
  }
  vocabulary;
  row;
  ids;
  kind = "distribution";
  name = "next token";
  cachedSupport = null;
  /** The one distribution of a row over the whole vocabulary. */
  static of(vocabulary, row) {
    return row.distribution ??= new _TokenDistribution(vocabulary, row);
  }
  /** Log-probability of a token id, in nats. */
  logProbability(id) {
    if (this.ids === null) return this.row.logProbability(id);
    const at = indexOf(this.ids, id);
    return at < 0 ? -Infinity : this.row.logProbability(at);
  }
  logDensity(token) {
    if (token === eos && this.vocabulary.eosId === null) return -Infinity;
    return this.logProbability(this.vocabulary.idOf(token));
  }
  sample(random) {
    return this.vocabulary.token(this.sampleId(random));
  }
  sampleId(random) {
    const at = this.row.sample(random);
    return this.ids === null ? at : this.ids[at];
  }
  get support() {
    if (this.cachedSupport !== null) return this.cachedSupport;
    const { logits } = this.row;
    const values = [];
    const probabilities = [];
    for (let i = 0; i < logits.length; i++) {
      const p = Math.exp(this.row.logProbability(i));
      if (p === 0) continue;
      values.push(this.vocabulary.token(this.ids === null ? i : this.ids[i]));
      probabilities.push(p);
    }
    return this.cachedSupport = { kind: "finite", values, probabilities };
  }
  /**
   * Only the tokens for which `keep` holds, renormalised: a *local* mask.
   * @throws LanguageModelError PGLM009 when no token with positive probability is kept.
   */
  where(keep) {
    const { logits } = this.row;
    const places = [];
    for (let i = 0; i < logits.length; i++) {
      if (logits[i] > -Infinity && keep(this.vocabulary.token(this.idAt(i)))) places.push(i);
    }
    if (places.length === 0) {
      throw new LanguageModelError("PGLM009", "`where` leaves no token that the model can draw.", {
        hint: "Weaken the predicate, or use `condition` after the draw: an impossible draw then ends one particle, not the run."
      });
    }
    return this.restrict(places);
  }
  /** Probabilities to the power 1/t, renormalised. `t` > 0: below 1 sharper, above 1 flatter. */
  tempered(t) {
    if (!(t > 0 && t < Infinity)) {
      throw new LanguageModelError("PGLM012", `A temperature must be above 0 and finite, but it is ${t}.`, {
        hint: "For the most likely token alone use `.top_k(1)`."
      });
    }
    if (t === 1) return this;
    return new _TokenDistribution(
      this.vocabulary,
      new LogRow(Float64Array.from(this.row.logits, (l) => l / t)),
      this.ids
    );
  }
  /** The `k` most likely tokens, renormalised; of equally likely ones those with lower ids. */
  topK(k) {
    if (!(Number.isInteger(k) && k >= 1)) {
      throw new LanguageModelError("PGLM012", `\`top_k\` needs a whole number of at least 1, but it is ${k}.`);
    }
    if (k >= this.row.size) return this;
    return this.restrict(largest(this.row.logits, k).sort((a, b) => a - b));
  }
  /** The fewest most likely tokens that together have probability `p` or more, renormalised. */
  topP(p) {
    if (!(p > 0 && p <= 1)) {
      throw new LanguageModelError("PGLM012", `\`top_p\` needs a probability above 0 and at most 1, but it is ${p}.`);
    }
    if (p === 1) return this;
    for (let k = 32; ; k *= 4) {
      const best = largest(this.row.logits, Math.min(k, this.row.size));
      let mass = 0;
      for (let n = 0; n < best.length; n++) {
        mass += Math.exp(this.row.logProbability(best[n]));
        if (mass >= p - 1e-12) return this.restrict(best.slice(0, n + 1).sort((a, b) => a - b));
      }
      if (k >= this.row.size) return this;
    }
  }
  idAt(place2) {
    return this.ids === null ? place2 : this.ids[place2];
  }
  restrict(places) {
    const ids = Int32Array.from(places, (i) => this.idAt(i));
    const logits = Float64Array.from(places, (i) => this.row.logits[i]);
    return new _TokenDistribution(this.vocabulary, new LogRow(logits), ids);
  }
};
function indexOf(sorted, id) {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = low + high >>> 1;
    const value = sorted[middle];
    if (value === id) return middle;
    if (value < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
function mixTokens(weights, parts) {
  const { vocabulary } = parts[0];
  const total = weights.reduce((a, b) => a + b, 0);
  const logits = new Float64Array(vocabulary.size);
  parts.forEach((part, k) => {
    const { row, ids } = part;
    const share = weights[k] / total;
    if (share === 0) return;
    for (let i = 0; i < row.size; i++) {
      const id = ids === null ? i : ids[i];
      logits[id] += share * Math.exp(row.logProbability(i));
    }
  });
  for (let i = 0; i < logits.length; i++) logits[i] = Math.log(logits[i]);
  return new TokenDistribution(vocabulary, new LogRow(logits));
}

// ../packages/lm/src/session.ts
var ROW_BUDGET = 256 * 2 ** 20;
var PATH_CHUNK = 64 * 2 ** 20;
var ModelSession = class {
  constructor(model) {
    this.model = model;
    this.evaluator = model.openEvaluator?.(this.tree) ?? new PlainEvaluator(model, this.tree);
  }
  model;
  tree = new PrefixTree();
  cache = new RowCache(ROW_BUDGET);
  evaluator;
  /** Evaluations of nested runs come at the same time; an evaluator is asked one thing at a time. */
  turn = null;
  /** Bytes the session holds: the tree, the rows, and what the backend keeps by prefix. */
  get bytes() {
    return this.tree.bytes + this.cache.bytes + (this.evaluator.bytes ?? 0);
  }
  /** The distribution of the model itself. */
  plain = (row) => TokenDistribution.of(this.model.vocabulary, row);
  /** The row of a node if it is known. */
  known(node) {
    const row = this.cache.get(node);
    if (row !== void 0) this.model.stats.cachedTokens += this.tree.length(node);
    return row;
  }
  /** What a frame asks to get the row of a node; the answer is a `LogRow`. */
  rowRequest(node) {
    return { handler: this.rowHandler, payload: node };
  }
  /** What a frame asks to score given token sequences: for each path, the log-probability of each of its tokens. */
  pathRequest(paths) {
    return { handler: this.pathHandler, payload: paths };
  }
  /** A row for each node; nodes may repeat. */
  rows(nodes) {
    if (this.turn === null) {
      const rows = this.evaluate(nodes);
      if (!(rows instanceof Promise)) return rows;
      return this.take(rows);
    }
    return this.take(this.turn.then(() => this.evaluate(nodes)));
  }
  /** For each path the log-probabilities of its tokens, in nats. */
  async scorePaths(paths) {
    const scores = paths.map((p) => new Float64Array(p.tokens.length));
    const limit = Math.max(1, Math.floor(PATH_CHUNK / (4 * this.model.vocabulary.size)));
    const wanted = [];
    const flush = async () => {
      const rows = await this.rows(wanted.map((w) => w.node));
      wanted.forEach(({ path, score, at }, i) => score[at] = path.law(rows[i]).logProbability(path.tokens[at]));
      wanted.length = 0;
    };
    for (let i = 0; i < paths.length; i++) {
      const path = paths[i];
      let node = path.start;
      for (let at = 0; at < path.tokens.length; at++) {
        if (at > 0) node = this.tree.child(node, path.tokens[at - 1]);
        wanted.push({ path, score: scores[i], at, node });
      }
      if (wanted.length >= limit) await flush();
    }
    if (wanted.length > 0) await flush();
    return scores;
  }
  take(rows) {
    const settled = rows.then(
      () => void 0,
      () => void 0
    );
    this.turn = settled;
    void settled.then(() => {
      if (this.turn === settled) this.turn = null;
    });
    return rows;
  }
  evaluate(nodes) {
    const { tree, cache, model } = this;
    const rows = new Array(nodes.length);
    const fresh = /* @__PURE__ */ new Map();
    let asked = 0;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      const row = cache.get(node);
      asked += Math.max(1, tree.length(node));
      if (row !== void 0) rows[i] = row;
      else if (!fresh.has(node)) {
        fresh.set(node, fresh.size);
        this.checkLength(node);
      }
    }
    if (fresh.size === 0) {
      model.stats.cachedTokens += asked;
      return rows;
    }
    const before = model.stats.tokens;
    const settle = (answers2) => {
      model.stats.cachedTokens += Math.max(0, asked - (model.stats.tokens - before));
      for (const [node, at] of fresh) cache.set(node, answers2[at]);
      for (let i = 0; i < nodes.length; i++) rows[i] ??= answers2[fresh.get(nodes[i])];
      return rows;
    };
    const answers = this.evaluator.rows([...fresh.keys()]);
    return answers instanceof Promise ? answers.then(settle) : settle(answers);
  }
  checkLength(node) {
    const { maxContext } = this.model.capabilities;
    const length = this.tree.length(node);
    if (maxContext !== null && length > maxContext) throw tooLong(this.model.name, length, maxContext);
  }
  rowHandler = {
    name: "next token",
    answer: (payloads) => this.rows(payloads)
  };
  pathHandler = {
    name: "log-probability",
    answer: async (payloads) => {
      const questions = payloads;
      const scores = await this.scorePaths(questions.flat());
      let at = 0;
      return questions.map((q) => scores.slice(at, at += q.length));
    }
  };
};
function tooLong(model, length, limit) {
  return new LanguageModelError("PGLM006", `The context has ${length} tokens, but ${model} reads at most ${limit}.`, {
    hint: "Shorten the prompt, lower `max_tokens`, or use a model with a longer context."
  });
}
var PlainEvaluator = class {
  constructor(model, tree) {
    this.model = model;
    this.tree = tree;
  }
  model;
  tree;
  async rows(nodes) {
    const { size } = this.model.vocabulary;
    const answer = await this.model.logProbabilities(nodes.map((node) => this.tree.last(node)));
    if (answer.length !== nodes.length * size) {
      throw new LanguageModelError(
        "PGLM007",
        `${this.model.name} answered ${answer.length} numbers for ${nodes.length} contexts of ${size} tokens.`
      );
    }
    return rowsOf(answer, size);
  }
};
var sessions = /* @__PURE__ */ new WeakMap();
function sessionOf(model, environment) {
  let models = sessions.get(environment.services);
  if (models === void 0) sessions.set(environment.services, models = /* @__PURE__ */ new Map());
  let session = models.get(model);
  if (session === void 0) models.set(model, session = new ModelSession(model));
  return session;
}

// ../packages/lm/src/vocabulary.ts
import { createHash } from "crypto";
var ENCODE_CACHE = 4096;
var Vocabulary = class {
  size;
  eosId;
  bosId;
  /** Hash of tokens, special ids and encoding. Models with equal identities can be mixed and can propose for each other. */
  identity;
  data;
  offsets;
  special;
  texts;
  values;
  labels;
  encoder;
  encoded = /* @__PURE__ */ new Map();
  allTokens = null;
  constructor(description) {
    const { tokens } = description;
    this.size = tokens.length;
    this.eosId = description.eosId;
    this.bosId = description.bosId;
    this.labels = description.labels ?? /* @__PURE__ */ new Map();
    this.encoder = description;
    this.texts = new Array(this.size);
    this.values = new Array(this.size);
    this.offsets = new Int32Array(this.size + 1);
    this.special = new Uint8Array(this.size);
    for (let id = 0; id < this.size; id++) {
      const bytes = tokens[id];
      if (bytes === null) this.special[id] = 1;
      this.offsets[id + 1] = this.offsets[id] + (bytes?.length ?? 0);
    }
    this.data = new Uint8Array(this.offsets[this.size]);
    for (let id = 0; id < this.size; id++) {
      const bytes = tokens[id];
      if (bytes !== null) this.data.set(bytes, this.offsets[id]);
    }
    const hash = createHash("sha256");
    hash.update(JSON.stringify([this.size, this.eosId, this.bosId, description.encoding ?? null]));
    hash.update(new Uint8Array(this.offsets.buffer)).update(this.special).update(this.data);
    this.identity = hash.digest("hex").slice(0, 32);
  }
  same(other) {
    return this === other || this.identity === other.identity;
  }
  bytes(id) {
    return this.data.subarray(this.offsets[id], this.offsets[id + 1]);
  }
  /** The bytes of all tokens in one array: token `id` is `data[start(id)]` up to, not including, `data[start(id + 1)]`. */
  get allBytes() {
    return this.data;
  }
  start(id) {
    return this.offsets[id];
  }
  text(id) {
    return this.texts[id] ??= decodeUtf8(this.bytes(id));
  }
  isSpecial(id) {
    return this.special[id] === 1;
  }
  /** Special tokens that have a name, by id. */
  get specials() {
    return this.labels;
  }
  /** A name for messages: the text of an ordinary token, the label of a special one. */
  label(id) {
    return this.isSpecial(id) ? this.labels.get(id) ?? `<special ${id}>` : this.text(id);
  }
  /** The token value; the same object each time. */
  token(id) {
    return this.values[id] ??= new Token(id, this, id === this.eosId);
  }
  /** All tokens by id. */
  get tokens() {
    return this.allTokens ??= Array.from({ length: this.size }, (_, id) => this.token(id));
  }
  /**
   * The id a token value has here.
   * @throws LanguageModelError PGLM010 when it belongs to a different vocabulary.
   */
  idOf(token) {
    if (token.vocabulary === this) return token.id;
    if (token.isEos) {
      if (this.eosId !== null) return this.eosId;
      throw new LanguageModelError("PGLM010", "This model has no end-of-sequence token.");
    }
    if (token.vocabulary !== null && this.same(token.vocabulary)) return token.id;
    throw new LanguageModelError(
      "PGLM010",
      `The token ${JSON.stringify(token.text)} belongs to another model's vocabulary.`,
      {
        hint: "Append its text (`tok.text`) instead: it is tokenised for this model."
      }
    );
  }
  /** The canonical tokenisation, or null when some part of the text cannot be spelled. */
  tryEncode(text) {
    let ids = this.encoded.get(text);
    if (ids === void 0) {
      const fresh = text === "" ? [] : this.encoder.encode(text);
      ids = fresh === null ? null : Int32Array.from(fresh);
      if (this.encoded.size >= ENCODE_CACHE) this.encoded = /* @__PURE__ */ new Map();
      this.encoded.set(text, ids);
    }
    return ids;
  }
  /**
   * The canonical tokenisation.
   * @throws LanguageModelError PGLM008 when the vocabulary cannot spell the text.
   */
  encode(text) {
    const ids = this.tryEncode(text);
    if (ids !== null) return ids;
    const shown = text.length > 60 ? `${text.slice(0, 60)}\u2026` : text;
    throw new LanguageModelError("PGLM008", `No sequence of this model's tokens spells ${JSON.stringify(shown)}.`, {
      hint: "Use text made of the model's tokens, or a model with a byte-level vocabulary."
    });
  }
  /** The text of a sequence; parts of characters at the ends of tokens are joined, special tokens add nothing. */
  decode(ids) {
    return decodeUtf8(this.join(ids));
  }
  /** The bytes of a sequence. */
  join(ids) {
    let total = 0;
    for (let i = 0; i < ids.length; i++) total += this.offsets[ids[i] + 1] - this.offsets[ids[i]];
    const bytes = total === 0 ? noBytes : new Uint8Array(total);
    for (let i = 0, at = 0; i < ids.length; i++) {
      const piece = this.bytes(ids[i]);
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
};
function fewestTokens(tokens) {
  const byBytes = /* @__PURE__ */ new Map();
  let longest = 0;
  const key = (bytes) => String.fromCharCode(...bytes);
  for (let id = 0; id < tokens.length; id++) {
    const bytes = tokens[id];
    if (bytes === null || bytes === void 0 || bytes.length === 0) continue;
    if (!byBytes.has(key(bytes))) byBytes.set(key(bytes), id);
    longest = Math.max(longest, bytes.length);
  }
  return (text) => {
    const bytes = encodeUtf8(text);
    const n = bytes.length;
    let whole = "";
    for (let i = 0; i < n; i++) whole += String.fromCharCode(bytes[i]);
    const cost2 = new Float64Array(n + 1).fill(Infinity);
    const first = new Int32Array(n + 1).fill(-1);
    const length = new Int32Array(n + 1);
    cost2[n] = 0;
    for (let i = n - 1; i >= 0; i--) {
      for (let l = Math.min(longest, n - i); l >= 1; l--) {
        const id = byBytes.get(whole.slice(i, i + l));
        if (id !== void 0 && cost2[i + l] + 1 < cost2[i]) {
          cost2[i] = cost2[i + l] + 1;
          first[i] = id;
          length[i] = l;
        }
      }
    }
    if (cost2[0] === Infinity) return null;
    const ids = [];
    for (let i = 0; i < n; i += length[i]) ids.push(first[i]);
    return ids;
  };
}

export {
  LanguageModelError,
  refuseDisposed,
  ModelStats,
  LogRow,
  readModelFile,
  readModelJson,
  malformed,
  Fields,
  encodeUtf8,
  decodeUtf8,
  completeLength,
  Token,
  eos,
  Vocabulary,
  fewestTokens,
  PrefixTree,
  mixTokens,
  tooLong,
  sessionOf
};
//# sourceMappingURL=chunk-TLZDQAJ7.js.map