import {
  compile,
  renderDiagnostics,
  showType
} from "./chunk-VV5FO4GS.js";
import {
  Fields,
  LanguageModelError,
  LogRow,
  ModelStats,
  Token,
  Vocabulary,
  completeLength,
  decodeUtf8,
  encodeUtf8,
  eos,
  fewestTokens,
  malformed,
  mixTokens,
  readModelFile,
  readModelJson,
  refuseDisposed,
  sessionOf
} from "./chunk-TLZDQAJ7.js";
import {
  Frame,
  MethodError,
  Op,
  PglError,
  RunEnvironment,
  RunError,
  ValueMap,
  builtins,
  compare,
  defaultMethod,
  distributions,
  enter,
  enterAny,
  equalsSymbol,
  frames,
  hooksOf,
  hostCall,
  hostFunction,
  hostValue,
  inferRequest,
  jsonSymbol,
  keySymbol,
  methods,
  plusSymbol,
  restrict,
  seeded,
  showSymbol,
  site,
  target,
  tensorEngineInUse,
  textSymbol
} from "./chunk-3EFK655J.js";
import {
  __export
} from "./chunk-PZ5AY32C.js";

// ../packages/lm/src/load.ts
import { isAbsolute, resolve } from "path";

// ../packages/lm/src/backends/ngram/ngram-model.ts
var HISTORY = 4;
var START = "\n";
var MAX_ROWS = 65536;
var NgramModel = class _NgramModel {
  constructor(name, lines) {
    this.name = name;
    this.characters = [...new Set(lines.flatMap((line) => [...line]))].sort();
    const ids = new Map(this.characters.map((c, id) => [c, id]));
    const eosId = this.characters.length;
    this.vocabulary = new Vocabulary({
      tokens: [...this.characters.map(encodeUtf8), null],
      labels: /* @__PURE__ */ new Map([[eosId, "</s>"]]),
      eosId,
      bosId: null,
      encoding: "characters",
      encode: (text) => {
        const found = [];
        for (const c of text) {
          const id = ids.get(c);
          if (id === void 0) return null;
          found.push(id);
        }
        return found;
      }
    });
    for (const line of lines) this.learn([...line]);
  }
  name;
  vocabulary;
  stats = new ModelStats();
  capabilities = {
    fullDistribution: true,
    maxContext: null,
    deterministicBatches: true,
    precision: 64,
    cachesPrefixes: true
  };
  followers = /* @__PURE__ */ new Map();
  rows = /* @__PURE__ */ new Map();
  characters;
  disposed = false;
  /** @throws LanguageModelError PGLM003 when the file cannot be read, PGLM004 when it has no text. */
  static read(path) {
    return _NgramModel.from(readModelFile(path), `ngram:${path}`);
  }
  /** From a text. @throws LanguageModelError PGLM004 when it has none. */
  static from(text, name = "ngram") {
    const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/).filter((line) => line !== "");
    if (lines.length === 0) throw malformed(name, "it has no line of text");
    return new _NgramModel(name, lines);
  }
  /** The row after a context. */
  row(context) {
    refuseDisposed(this.name, this.disposed);
    const { eosId } = this.vocabulary;
    const history = [];
    for (let i = context.length - 1; history.length < HISTORY; i--) {
      const begins = i < 0 || context[i] === eosId;
      history.unshift(begins ? START : this.characters[context[i]]);
      if (begins) break;
    }
    return this.rowAfter(history);
  }
  async logProbabilities(contexts) {
    const start = performance.now();
    const { size } = this.vocabulary;
    const answer = new Float32Array(contexts.length * size);
    contexts.forEach((context, i) => answer.set(this.row(context).toFloat32Array(), i * size));
    this.stats.count(contexts.length, start);
    return answer;
  }
  openEvaluator(tree) {
    return {
      rows: (nodes) => {
        const start = performance.now();
        const rows = nodes.map((node) => this.row(tree.last(node, HISTORY)));
        this.stats.count(nodes.length, start);
        return rows;
      }
    };
  }
  async dispose() {
    this.disposed = true;
    this.rows.clear();
  }
  learn(line) {
    const { eosId } = this.vocabulary;
    const marked = [START, ...line];
    for (let i = 1; i <= marked.length; i++) {
      const id = i === marked.length ? eosId : this.vocabulary.encode(marked[i])[0];
      for (let from = Math.max(0, i - HISTORY); from <= i; from++) {
        const key = marked.slice(from, i).join("");
        let after = this.followers.get(key);
        if (after === void 0) this.followers.set(key, after = { total: 0, counts: /* @__PURE__ */ new Map() });
        after.total++;
        after.counts.set(id, (after.counts.get(id) ?? 0) + 1);
      }
    }
  }
  rowAfter(history) {
    let seen = history;
    while (!this.followers.has(seen.join(""))) seen = seen.slice(1);
    const key = seen.join("");
    let row = this.rows.get(key);
    if (row === void 0) {
      row = new LogRow(this.probabilities(seen).map(Math.log), true);
      if (this.rows.size >= MAX_ROWS) this.rows.clear();
      this.rows.set(key, row);
    }
    return row;
  }
  probabilities(history) {
    const { size } = this.vocabulary;
    const p = new Float64Array(size).fill(1 / size);
    for (let from = history.length; from >= 0; from--) {
      const { total, counts } = this.followers.get(history.slice(from).join(""));
      const different = counts.size;
      for (let id = 0; id < size; id++) p[id] = different * p[id] / (total + different);
      for (const [id, n] of counts) p[id] += n / (total + different);
    }
    return p;
  }
};

// ../packages/lm/src/backends/table/table-file.ts
var TOLERANCE = 1e-6;
function readTable(path) {
  return checkTable(path, readModelJson(path));
}
function checkTable(path, value) {
  const file = new Fields(path, value).only("tokens", "eos", "order", "rows");
  const tokens2 = file.strings("tokens");
  if (tokens2.length === 0) throw malformed(path, "`tokens` is empty");
  const places = /* @__PURE__ */ new Map();
  tokens2.forEach((token, id) => {
    if (token === "") throw malformed(path, `\`tokens[${id}]\` is the empty string`);
    if (places.has(token)) throw malformed(path, `the token ${JSON.stringify(token)} is there twice`);
    places.set(token, id);
  });
  const eos2 = file.any("eos");
  if (eos2 !== null && (typeof eos2 !== "string" || !places.has(eos2))) {
    throw malformed(path, "`eos` must be one of the tokens, or null for a model without an end token");
  }
  const order = file.int("order", 0);
  const rows = /* @__PURE__ */ new Map();
  const table = file.object("rows");
  for (const key of table.keys) {
    const row = table.any(key);
    const name = `row ${JSON.stringify(key)}`;
    const readings = countReadings(key, places, order);
    if (readings === 0) {
      throw malformed(
        path,
        `${name} is not the key of a context: a key is at most ${order} tokens joined with one space`
      );
    }
    if (readings > 1) throw malformed(path, `${name} can be read as more than one sequence of tokens`);
    rows.set(key, checkRow(path, name, row, tokens2.length));
  }
  return { tokens: tokens2, eos: eos2, order, rows };
}
function checkRow(path, name, row, size) {
  if (!Array.isArray(row) || row.length !== size) {
    throw malformed(path, `${name} must be a list of ${size} probabilities, one for each token`);
  }
  let sum2 = 0;
  for (let i = 0; i < size; i++) {
    const p = row[i];
    if (typeof p !== "number" || !(p >= 0 && p <= 1 + TOLERANCE)) {
      throw malformed(path, `${name} has ${JSON.stringify(p)} where a probability should be (entry ${i})`);
    }
    sum2 += p;
  }
  if (!(Math.abs(sum2 - 1) <= TOLERANCE)) throw malformed(path, `${name} sums to ${sum2}, not to 1`);
  return Float64Array.from(row);
}
function countReadings(key, tokens2, order) {
  if (key === "") return 1;
  let fronts = /* @__PURE__ */ new Map([[0, 1]]);
  let total = 0;
  for (let used = 1; used <= order && fronts.size > 0; used++) {
    const next = /* @__PURE__ */ new Map();
    for (const [start, ways] of fronts) {
      for (let end = start + 1; end <= key.length; end++) {
        if (end < key.length && key[end] !== " ") continue;
        if (!tokens2.has(key.slice(start, end))) continue;
        if (end === key.length) total += ways;
        else next.set(end + 1, (next.get(end + 1) ?? 0) + ways);
      }
    }
    fronts = next;
  }
  return total;
}

// ../packages/lm/src/backends/table/table-model.ts
var TableModel = class _TableModel {
  constructor(name, table) {
    this.name = name;
    this.table = table;
    const { tokens: tokens2, eos: eos2 } = table;
    const bytes = tokens2.map((token) => token === eos2 ? null : encodeUtf8(token));
    const eosId = eos2 === null ? null : tokens2.indexOf(eos2);
    this.vocabulary = new Vocabulary({
      tokens: bytes,
      labels: eosId === null ? void 0 : /* @__PURE__ */ new Map([[eosId, eos2]]),
      eosId,
      bosId: null,
      encode: fewestTokens(bytes),
      encoding: "fewest tokens"
    });
  }
  name;
  table;
  vocabulary;
  stats = new ModelStats();
  capabilities = {
    fullDistribution: true,
    maxContext: null,
    deterministicBatches: true,
    precision: 64,
    cachesPrefixes: true
  };
  rows = /* @__PURE__ */ new Map();
  disposed = false;
  /** From a file. @throws LanguageModelError PGLM003, PGLM004. */
  static read(path) {
    return new _TableModel(`table:${path}`, readTable(path));
  }
  /** From `{tokens, eos, order, rows}`, the content of a table file. @throws LanguageModelError PGLM004. */
  static from(description2, name = "table") {
    return new _TableModel(name, checkTable(name, description2));
  }
  /**
   * The row after the last tokens of a context (all that are passed count).
   * @throws LanguageModelError PGLM005 when the table has none.
   */
  row(last) {
    refuseDisposed(this.name, this.disposed);
    const { tokens: tokens2, order, rows } = this.table;
    let key = "";
    for (let i = Math.max(0, last.length - order); i < last.length; i++)
      key += (key === "" ? "" : " ") + tokens2[last[i]];
    let row = this.rows.get(key);
    if (row === void 0) {
      const probabilities = rows.get(key);
      if (probabilities === void 0) {
        throw new LanguageModelError("PGLM005", `${this.name} has no row ${JSON.stringify(key)}.`, {
          hint: "Add the row: contexts that end so come up. A context after the end token needs one too."
        });
      }
      row = new LogRow(probabilities.map(Math.log), true);
      this.rows.set(key, row);
    }
    return row;
  }
  async logProbabilities(contexts) {
    const start = performance.now();
    const { size } = this.vocabulary;
    const answer = new Float32Array(contexts.length * size);
    contexts.forEach((context, i) => answer.set(this.row(context).toFloat32Array(), i * size));
    this.stats.count(contexts.length, start);
    return answer;
  }
  openEvaluator(tree) {
    return {
      rows: (nodes) => {
        const start = performance.now();
        const rows = nodes.map((node) => this.row(tree.last(node, this.table.order)));
        this.stats.count(nodes.length, start);
        return rows;
      }
    };
  }
  async dispose() {
    this.disposed = true;
    this.rows.clear();
  }
};

// ../packages/lm/src/load.ts
var LATER = {
  gguf: "GGUF files",
  openai: "models behind an OpenAI-compatible server"
};
var languageModelSpecs = ["stories", "table:FILE.json", "ngram:FILE.txt", "onnx:FOLDER"];
async function loadLanguageModel(spec, { directory = process.cwd() } = {}) {
  if (spec === "stories") {
    const { loadStories } = await import("./stories-DOBERPR3.js");
    return loadStories();
  }
  const colon = spec.indexOf(":");
  const kind = colon < 0 ? spec : spec.slice(0, colon);
  const rest = colon < 0 ? "" : spec.slice(colon + 1);
  const later = LATER[kind];
  if (later !== void 0) {
    throw new LanguageModelError("PGLM002", `\`${spec}\`: support for ${later} comes with a later version of PGL.`, {
      hint: `This version loads ${languageModelSpecs.join(", ")}.`
    });
  }
  if (kind !== "table" && kind !== "ngram" && kind !== "onnx") {
    throw new LanguageModelError("PGLM001", `There is no kind of language model \`${kind}\` (in \`${spec}\`).`, {
      hint: `A model is one of ${languageModelSpecs.join(", ")}.`
    });
  }
  if (rest === "") {
    throw new LanguageModelError("PGLM001", `\`${spec}\` names no file.`, {
      hint: `Write ${languageModelSpecs.find((s) => s.startsWith(kind))}.`
    });
  }
  const path = isAbsolute(rest) ? rest : resolve(directory, rest);
  if (kind === "table") return TableModel.read(path);
  if (kind === "ngram") return NgramModel.read(path);
  const { OnnxModel } = await import("./onnx-model-YLMSQKVO.js");
  return OnnxModel.load(path);
}

// ../packages/lm/src/context.ts
var Context = class _Context {
  constructor(before, piece) {
    this.before = before;
    this.piece = piece;
  }
  before;
  piece;
  static empty = new _Context(null, "");
  cachedText = null;
  /** The node this context has in the tree it was last looked up in. */
  tree = null;
  node = 0;
  static of(value) {
    if (value instanceof _Context) return value;
    if (typeof value !== "string") {
      throw new LanguageModelError("PGLM012", "A context is made of a string or of another context.");
    }
    return value === "" ? _Context.empty : new _Context(null, value);
  }
  /** This context with more after it. */
  plus(more) {
    if (more instanceof Token) return new _Context(this, more);
    if (more instanceof _Context) {
      let joined2 = more.before === null ? this : this.plus(more.before);
      joined2 = joined2.plus(more.piece);
      return joined2;
    }
    if (typeof more !== "string") {
      throw new LanguageModelError("PGLM012", "A context can be extended by a string, a token or a context.");
    }
    if (more === "") return this;
    return typeof this.piece === "string" ? new _Context(this.before, this.piece + more) : new _Context(this, more);
  }
  /** What has been read, as text; special tokens add nothing, parts of characters in neighbouring tokens are joined. */
  get text() {
    if (this.cachedText === null) {
      const parts2 = this.pieces().map((p) => typeof p === "string" ? encodeUtf8(p) : p.bytes);
      const bytes = new Uint8Array(parts2.reduce((n, p) => n + p.length, 0));
      let at = 0;
      for (const part of parts2) {
        bytes.set(part, at);
        at += part.length;
      }
      this.cachedText = decodeUtf8(bytes);
    }
    return this.cachedText;
  }
  /** The tokens a model with this vocabulary reads, its begin token first where it has one. */
  tokens(vocabulary) {
    const ids = vocabulary.bosId === null ? [] : [vocabulary.bosId];
    for (const piece of this.pieces()) {
      if (typeof piece === "string") ids.push(...vocabulary.encode(piece));
      else ids.push(vocabulary.idOf(piece));
    }
    return Int32Array.from(ids);
  }
  /** The node of the context in a run's prefix tree. */
  nodeIn(tree, vocabulary) {
    if (this.tree?.deref() === tree) return this.node;
    const start = this.before === null ? vocabulary.bosId === null ? 0 : tree.child(0, vocabulary.bosId) : this.before.nodeIn(tree, vocabulary);
    const node = typeof this.piece === "string" ? tree.extend(start, vocabulary.encode(this.piece)) : tree.child(start, vocabulary.idOf(this.piece));
    if (this !== _Context.empty) {
      this.tree = weak(tree);
      this.node = node;
    }
    return node;
  }
  toString() {
    return this.text;
  }
  toJSON() {
    return this.text;
  }
  pieces() {
    const pieces = this.piece === "" ? [] : [this.piece];
    for (let at = this.before; at !== null; at = at.before) if (at.piece !== "") pieces.push(at.piece);
    return pieces.reverse();
  }
  [textSymbol]() {
    return this.text;
  }
  [plusSymbol](more) {
    return this.plus(more);
  }
  [jsonSymbol]() {
    return this.text;
  }
  [showSymbol]() {
    return `context(${JSON.stringify(this.text)})`;
  }
  [keySymbol]() {
    return `context:${JSON.stringify(this.pieces().map((p) => typeof p === "string" ? p : [p[keySymbol]()]))}`;
  }
  [equalsSymbol](other) {
    return this === other || other instanceof _Context && this[keySymbol]() === other[keySymbol]();
  }
};
var references = /* @__PURE__ */ new WeakMap();
function weak(tree) {
  let reference = references.get(tree);
  if (reference === void 0) references.set(tree, reference = new WeakRef(tree));
  return reference;
}

// ../packages/lm/src/chat-template.ts
function chatContext(template, messages, vocabulary) {
  let context = Context.empty;
  for (const { role, content } of messages) {
    const written = Object.hasOwn(template.roles, role) ? template.roles[role] : void 0;
    if (written === void 0) {
      throw new LanguageModelError("PGLM012", `This model's chat template has no role \`${role}\`.`, {
        hint: `It has: ${Object.keys(template.roles).join(", ")}.`
      });
    }
    written.split("{content}").forEach((part, i) => {
      if (i > 0) context = context.plus(content);
      context = withSpecials(context, part, vocabulary);
    });
  }
  return withSpecials(context, template.answer, vocabulary);
}
function withSpecials(context, part, vocabulary) {
  let rest = part;
  while (rest !== "") {
    let first = rest.length;
    let token = -1;
    for (const [id, label] of vocabulary.specials) {
      const at = rest.indexOf(label);
      if (at >= 0 && (at < first || at === first && token >= 0 && label.length > vocabulary.label(token).length)) {
        first = at;
        token = id;
      }
    }
    if (first > 0) context = context.plus(rest.slice(0, first));
    if (token < 0) return context;
    context = context.plus(vocabulary.token(token));
    rest = rest.slice(first + vocabulary.label(token).length);
  }
  return context;
}

// ../packages/lm/src/log-sum.ts
function sum(values) {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
function logSumExp(values) {
  let max = -Infinity;
  for (const v of values) if (v > max) max = v;
  if (max === -Infinity || values.length === 1) return max;
  let total = 0;
  for (const v of values) total += Math.exp(v - max);
  return max + Math.log(total);
}

// ../packages/lm/src/processes/part-site.ts
var parts = /* @__PURE__ */ new WeakMap();
function partSite(whole) {
  let part = parts.get(whole);
  if (part === void 0) parts.set(whole, part = site({ ...whole, kind: "token" }));
  return part;
}

// ../packages/lm/src/processes/choose.ts
var ChooseProcess = class _ChooseProcess {
  /** @throws LanguageModelError PGLM012 when there are no options. */
  constructor(alias, after, options) {
    this.alias = alias;
    this.after = after;
    if (!Array.isArray(options) || options.length === 0 || !options.every((o) => typeof o === "string")) {
      throw new LanguageModelError("PGLM012", "`choose` needs `options`, a list of at least one string.");
    }
    this.options = [...new Set(options)];
  }
  alias;
  after;
  kind = "process";
  name = "choice by a language model";
  options;
  /** Draws an option; the proposal may be any distribution over strings or another `choose`. */
  draw(site2, proposal) {
    if (proposal !== null && proposal.kind === "process" && !(proposal instanceof _ChooseProcess)) {
      throw new LanguageModelError("PGLM014", `A ${proposal.name} cannot be proposed for a choice among strings.`, {
        site: site2,
        hint: "Propose from a distribution over strings, as `categorical` or `choice`, or from another `choose`."
      });
    }
    return new ChooseDraw(this, site2, proposal);
  }
  logDensity(value) {
    return new ChooseDensity(this, value);
  }
  /** The paths to score. */
  paths(session) {
    const { vocabulary } = session.model;
    const start = this.after.nodeIn(session.tree, vocabulary);
    return this.options.map((option) => ({ start, tokens: vocabulary.encode(option), law: session.plain }));
  }
  /** @throws LanguageModelError PGLM009 when every option has probability zero. */
  distribution(scores) {
    const logs = scores.map(sum);
    const total = logSumExp(logs);
    if (total === -Infinity) {
      throw new LanguageModelError("PGLM009", "The model gives every option of `choose` probability zero.", {
        hint: "Check that the options begin as the text goes on (a space at the front, for many models)."
      });
    }
    return new Options(
      this.options,
      logs.map((l) => l - total)
    );
  }
};
var Options = class {
  constructor(options, logProbabilities) {
    this.options = options;
    this.logProbabilities = logProbabilities;
    this.probabilities = logProbabilities.map(Math.exp);
    this.support = { kind: "finite", values: options, probabilities: this.probabilities };
  }
  options;
  logProbabilities;
  kind = "distribution";
  name = "options";
  support;
  probabilities;
  logDensity(value) {
    const at = this.options.indexOf(value);
    return at < 0 ? -Infinity : this.logProbabilities[at];
  }
  sample(random) {
    return this.options[random.categorical(this.probabilities)];
  }
};
var ChooseScores = class _ChooseScores extends Frame {
  constructor(process2) {
    super();
    this.process = process2;
  }
  process;
  step(particle) {
    if (this.pc === 0) {
      this.pc = 1;
      const session = this.process.alias.session(particle.environment);
      particle.request = session.pathRequest(this.process.paths(session));
      return Op.Request;
    }
    return particle.return(this.process.distribution(particle.value));
  }
  copy() {
    return new _ChooseScores(this.process);
  }
};
var ChooseDraw = class _ChooseDraw extends Frame {
  constructor(process2, site2, proposal) {
    super();
    this.process = process2;
    this.site = site2;
    this.proposal = proposal;
  }
  process;
  site;
  proposal;
  target = null;
  step(particle) {
    switch (this.pc) {
      case 0:
        this.pc = 1;
        return particle.call(new ChooseScores(this.process));
      case 1:
        this.target = particle.value;
        if (this.proposal instanceof ChooseProcess) {
          this.pc = 2;
          return particle.call(new ChooseScores(this.proposal));
        }
        this.pc = 3;
        return particle.sample(this.target, partSite(this.site), this.proposal);
      case 2:
        this.pc = 3;
        return particle.sample(this.target, partSite(this.site), particle.value);
      default: {
        const option = particle.value;
        particle.record(this.site, option, this.target.logDensity(option));
        return particle.return(option);
      }
    }
  }
  copy() {
    const twin = new _ChooseDraw(this.process, this.site, this.proposal);
    twin.target = this.target;
    return twin;
  }
};
var ChooseDensity = class _ChooseDensity extends Frame {
  constructor(process2, value) {
    super();
    this.process = process2;
    this.value = value;
  }
  process;
  value;
  step(particle) {
    if (this.pc === 0) {
      this.pc = 1;
      return particle.call(new ChooseScores(this.process));
    }
    return particle.return(particle.value.logDensity(this.value));
  }
  copy() {
    return new _ChooseDensity(this.process, this.value);
  }
};

// ../packages/lm/src/processes/weights.ts
function mixtureWeights(weights, parts2) {
  if (weights.length !== parts2 || parts2 === 0) {
    throw new LanguageModelError(
      "PGLM012",
      `A mixture of ${parts2} distributions needs as many weights, at least one; it has ${weights.length}.`
    );
  }
  const total = weights.reduce((a, b) => a + b, 0);
  if (!weights.every((w) => w >= 0) || !(total > 0 && total < Infinity)) {
    throw new LanguageModelError(
      "PGLM012",
      `Mixture weights must not be negative and must have a positive sum: [${weights.join(", ")}].`
    );
  }
  return weights.map((w) => w / total);
}

// ../packages/lm/src/processes/next.ts
var NextProcess = class _NextProcess {
  constructor(asks, recipe) {
    this.asks = asks;
    this.recipe = recipe;
  }
  asks;
  recipe;
  kind = "process";
  name = "next token";
  static of(alias, context) {
    return new _NextProcess([{ alias, context }], (rows, sessions) => sessions[0].plain(rows[0]));
  }
  /**
   * Draws the token. The trace records it under `site`. A proposal may be another next-token distribution over the same
   * vocabulary, or a distribution over tokens.
   */
  draw(site2, proposal) {
    if (proposal !== null && proposal.kind === "process" && !(proposal instanceof _NextProcess)) {
      throw new LanguageModelError("PGLM014", `A ${proposal.name} cannot be proposed for a next token.`, {
        site: site2,
        hint: "Propose from `next` of a model with the same vocabulary, or from a distribution over tokens."
      });
    }
    return new NextDraw(this, site2, proposal);
  }
  /** The log-probability of a token, in nats. */
  logDensity(value) {
    if (!(value instanceof Token)) {
      throw new LanguageModelError(
        "PGLM012",
        "Only a token has a probability under `next`; a string may be several tokens.",
        {
          hint: "For a string, observe it under `text`, or use `score`."
        }
      );
    }
    return new NextDensity(this, value);
  }
  where(keep) {
    return this.then((d) => d.where(keep));
  }
  tempered(t) {
    return this.then((d) => d.tempered(t));
  }
  top_k(k) {
    return this.then((d) => d.topK(k));
  }
  top_p(p) {
    return this.then((d) => d.topP(p));
  }
  /** The exact mixture, if every part is a next-token distribution; else null. */
  mix(weights, parts2) {
    if (!parts2.every(isNext)) return null;
    const shares = mixtureWeights(weights, parts2.length);
    const ends = [];
    let end = 0;
    for (const part of parts2) ends.push(end += part.asks.length);
    return new _NextProcess(
      parts2.flatMap((p) => p.asks),
      (rows, sessions) => mixTokens(
        shares,
        parts2.map((part, i) => {
          const start = i === 0 ? 0 : ends[i - 1];
          return part.recipe(rows.slice(start, ends[i]), sessions.slice(start, ends[i]));
        })
      )
    );
  }
  then(change) {
    return new _NextProcess(this.asks, (rows, sessions) => change(this.recipe(rows, sessions)));
  }
};
var isNext = (value) => value instanceof NextProcess;
var NextRows = class _NextRows extends Frame {
  constructor(process2) {
    super();
    this.process = process2;
  }
  process;
  rows = [];
  step(particle) {
    const { asks, recipe } = this.process;
    if (this.pc === 1) {
      this.rows = [...this.rows, particle.value];
      this.pc = 0;
    }
    while (this.rows.length < asks.length) {
      const { alias, context } = asks[this.rows.length];
      const session = alias.session(particle.environment);
      const node = context.nodeIn(session.tree, session.model.vocabulary);
      const row = session.known(node);
      if (row === void 0) {
        this.pc = 1;
        particle.request = session.rowRequest(node);
        return Op.Request;
      }
      this.rows = [...this.rows, row];
    }
    return particle.return(
      recipe(
        this.rows,
        asks.map(({ alias }) => alias.session(particle.environment))
      )
    );
  }
  copy() {
    const twin = new _NextRows(this.process);
    twin.rows = this.rows;
    return twin;
  }
};
var NextDraw = class _NextDraw extends Frame {
  constructor(process2, site2, proposal) {
    super();
    this.process = process2;
    this.site = site2;
    this.proposal = proposal;
  }
  process;
  site;
  proposal;
  target = null;
  step(particle) {
    switch (this.pc) {
      case 0:
        this.pc = 1;
        return particle.call(new NextRows(this.process));
      case 1:
        this.target = particle.value;
        if (this.proposal instanceof NextProcess) {
          this.pc = 2;
          return particle.call(new NextRows(this.proposal));
        }
        this.pc = 3;
        return particle.sample(this.target, partSite(this.site), this.proposal);
      case 2: {
        const proposal = particle.value;
        this.pc = 3;
        return particle.sample(this.target, partSite(this.site), sameVocabulary(this.target, proposal, this.site));
      }
      default: {
        const token = particle.value;
        particle.record(this.site, token, this.target.logDensity(token));
        return particle.return(token);
      }
    }
  }
  copy() {
    const twin = new _NextDraw(this.process, this.site, this.proposal);
    twin.target = this.target;
    return twin;
  }
};
var NextDensity = class _NextDensity extends Frame {
  constructor(process2, value) {
    super();
    this.process = process2;
    this.value = value;
  }
  process;
  value;
  step(particle) {
    if (this.pc === 0) {
      this.pc = 1;
      return particle.call(new NextRows(this.process));
    }
    return particle.return(particle.value.logDensity(this.value));
  }
  copy() {
    return new _NextDensity(this.process, this.value);
  }
};
function sameVocabulary(target2, proposal, site2) {
  if (target2.vocabulary.same(proposal.vocabulary)) return proposal;
  throw new LanguageModelError("PGLM010", "The proposal's model has other tokens than the model proposed for.", {
    site: site2,
    hint: "Propose from a model with the same tokenizer."
  });
}

// ../packages/lm/src/stop-matcher.ts
var StopMatcher = class {
  next;
  /** By state: which string is complete, or -1. */
  complete;
  lengths;
  constructor(strings) {
    const patterns = strings.map(encodeUtf8);
    this.lengths = patterns.map((p) => p.length);
    const states = 1 + patterns.reduce((n, p) => n + p.length, 0);
    this.next = new Int32Array(states * 256).fill(-1);
    this.complete = new Int32Array(states).fill(-1);
    let count2 = 1;
    patterns.forEach((pattern, which) => {
      let state = 0;
      for (const byte of pattern) {
        const slot = state * 256 + byte;
        if (this.next[slot] === -1) this.next[slot] = count2++;
        state = this.next[slot];
      }
      if (this.complete[state] === -1) this.complete[state] = which;
    });
    const failure = new Int32Array(states);
    const queue = [0];
    for (let head = 0; head < queue.length; head++) {
      const state = queue[head];
      if (this.complete[state] === -1 && state !== 0) this.complete[state] = this.complete[failure[state]];
      for (let byte = 0; byte < 256; byte++) {
        const slot = state * 256 + byte;
        const fallback = state === 0 ? 0 : this.next[failure[state] * 256 + byte];
        const target2 = this.next[slot];
        if (target2 === -1) this.next[slot] = fallback;
        else {
          failure[target2] = fallback;
          queue.push(target2);
        }
      }
    }
  }
  /** The state after `byte`. */
  step(state, byte) {
    return this.next[state * 256 + byte];
  }
  /** Which string has just been completed, or -1. */
  found(state) {
    return this.complete[state];
  }
};

// ../packages/lm/src/span-rule.ts
var Ending = { None: 0, Eos: 1, Stop: 2, Cut: 3 };
var DEFAULT_MAX_TOKENS = 64;
var SpanRule = class _SpanRule {
  /** All stop strings: those kept first, then those left out. */
  stops;
  kept;
  matcher;
  maxTokens;
  mustStop;
  key;
  constructor(at, before, maxTokens, mustStop, key) {
    this.stops = [...at, ...before];
    this.kept = at.length;
    this.matcher = this.stops.length === 0 ? null : new StopMatcher(this.stops);
    this.maxTokens = maxTokens;
    this.mustStop = mustStop;
    this.key = key;
  }
  /** @throws LanguageModelError PGLM012 naming the option that is out of range. */
  static of(options) {
    const at = stopStrings("stop_at", options.stop_at);
    const before = stopStrings("stop_before", options.stop_before);
    const max_tokens = options.max_tokens ?? DEFAULT_MAX_TOKENS;
    const must_stop = options.must_stop ?? false;
    if (!Number.isSafeInteger(max_tokens) || max_tokens < 1) {
      throw new LanguageModelError(
        "PGLM012",
        `\`max_tokens\` must be a whole number of at least 1, not ${String(max_tokens)}.`
      );
    }
    if (typeof must_stop !== "boolean") {
      throw new LanguageModelError("PGLM012", `\`must_stop\` is true or false, not ${String(must_stop)}.`);
    }
    const both = at.find((s) => before.includes(s));
    if (both !== void 0) {
      throw new LanguageModelError(
        "PGLM012",
        `${JSON.stringify(both)} is in \`stop_at\` and in \`stop_before\`: it cannot be kept and left out.`
      );
    }
    const key = JSON.stringify([at, before, max_tokens, must_stop]);
    let rule = rules.get(key);
    if (rule === void 0) {
      if (rules.size >= 256) rules.clear();
      rules.set(key, rule = new _SpanRule(at, before, max_tokens, must_stop, key));
    }
    return rule;
  }
  same(other) {
    return this.key === other.key;
  }
  /** Whether the stop string is left out of the span. */
  leftOut(stop) {
    return stop >= this.kept;
  }
  /**
   * Reads one token in `state` (0 at the start). The new state, or -1 when the token completes a stop string.
   */
  read(state, vocabulary, token) {
    const { matcher } = this;
    if (matcher === null) return 0;
    const data = vocabulary.allBytes;
    const end = vocabulary.start(token + 1);
    for (let i = vocabulary.start(token); i < end; i++) {
      state = matcher.step(state, data[i]);
      if (matcher.found(state) >= 0) return -1;
    }
    return state;
  }
  /** The text of a span that these tokens (without the end token) make. */
  textOf(vocabulary, tokens2) {
    let bytes = vocabulary.join(tokens2);
    const { matcher } = this;
    if (matcher !== null) {
      let state = 0;
      for (let i = 0; i < bytes.length; i++) {
        state = matcher.step(state, bytes[i]);
        const stop = matcher.found(state);
        if (stop < 0) continue;
        bytes = bytes.subarray(0, this.leftOut(stop) ? i + 1 - matcher.lengths[stop] : i + 1);
        break;
      }
    }
    let start = 0;
    while (start < bytes.length && start < 3 && (bytes[start] & 192) === 128) start++;
    return decodeUtf8(bytes.subarray(start, completeLength(bytes)));
  }
  /**
   * Every way in which drawing *canonical* tokens ends in exactly this text: the token sequences (an end token included)
   * whose probabilities add up to the text's. Empty when the text cannot come out.
   */
  endings(text, vocabulary) {
    const ways = [];
    const own = vocabulary.tryEncode(text);
    if (own !== null) {
      const ending = this.endingOf(own, vocabulary);
      const whole = this.textOf(vocabulary, own) === text;
      if (whole && (ending === Ending.Stop || ending === Ending.Cut && !this.mustStop)) ways.push(own);
      if (whole && ending === Ending.None && vocabulary.eosId !== null)
        ways.push(Int32Array.of(...own, vocabulary.eosId));
    }
    for (let stop = this.kept; stop < this.stops.length; stop++) {
      const tokens2 = vocabulary.tryEncode(text + this.stops[stop]);
      if (tokens2 === null || this.endingOf(tokens2, vocabulary) !== Ending.Stop) continue;
      if (this.textOf(vocabulary, tokens2) === text) ways.push(tokens2);
    }
    return ways;
  }
  /** How a span of these tokens ends; null when it would have ended before the last of them. */
  endingOf(tokens2, vocabulary) {
    if (tokens2.length > this.maxTokens) return null;
    let state = 0;
    for (let i = 0; i < tokens2.length; i++) {
      state = this.read(state, vocabulary, tokens2[i]);
      if (state < 0) return i === tokens2.length - 1 ? Ending.Stop : null;
    }
    return tokens2.length === this.maxTokens ? Ending.Cut : Ending.None;
  }
};
var rules = /* @__PURE__ */ new Map();
function stopStrings(option, value) {
  const strings = value === void 0 || value === null ? [] : typeof value === "string" ? [value] : [...value];
  for (const s of strings) {
    if (typeof s !== "string" || s === "") {
      throw new LanguageModelError("PGLM012", `\`${option}\` needs strings of at least one character.`, {
        hint: "To end only at the end of the sequence, leave it out."
      });
    }
  }
  return [...new Set(strings)].sort();
}

// ../packages/lm/src/processes/mixed-text.ts
var isText = (value) => value.isText === true;
var MixedText = class _MixedText {
  constructor(weights, parts2) {
    this.weights = weights;
    this.parts = parts2;
    this.choice = new PartChoice(weights);
  }
  weights;
  parts;
  kind = "process";
  isText = true;
  name = "mixture of texts";
  choice;
  draw(site2, proposal) {
    if (proposal !== null) {
      throw new LanguageModelError(
        "PGLM014",
        "A mixture of texts takes no proposal: which part a token came from is not known.",
        {
          site: site2,
          hint: "Draw the part first (`let k ~ categorical(\u2026)`), then its text with a proposal."
        }
      );
    }
    return new MixedDraw(this.choice, this.parts, site2);
  }
  logDensity(value) {
    return new MixedDensity(this.weights, this.parts, value);
  }
  tempered(t) {
    return new _MixedText(
      this.weights,
      this.parts.map((p) => p.tempered(t))
    );
  }
  top_k(k) {
    return new _MixedText(
      this.weights,
      this.parts.map((p) => p.top_k(k))
    );
  }
  top_p(p) {
    return new _MixedText(
      this.weights,
      this.parts.map((part) => part.top_p(p))
    );
  }
  mix(weights, parts2) {
    return parts2.every(isText) ? new _MixedText(mixtureWeights(weights, parts2.length), parts2) : null;
  }
};
var PartChoice = class {
  constructor(weights) {
    this.weights = weights;
    this.support = { kind: "finite", values: weights.map((_, i) => i), probabilities: weights };
  }
  weights;
  kind = "distribution";
  name = "mixture component";
  support;
  logDensity(value) {
    return Math.log(this.weights[value] ?? 0);
  }
  sample(random) {
    return random.categorical(this.weights);
  }
};
var MixedDraw = class _MixedDraw extends Frame {
  constructor(choice2, parts2, site2) {
    super();
    this.choice = choice2;
    this.parts = parts2;
    this.site = site2;
  }
  choice;
  parts;
  site;
  step(particle) {
    switch (this.pc) {
      case 0:
        this.pc = 1;
        return particle.sample(this.choice, partSite(this.site));
      case 1:
        this.pc = 2;
        return particle.call(this.parts[particle.value].draw(this.site, null));
      default:
        return particle.return(particle.value);
    }
  }
  copy() {
    return new _MixedDraw(this.choice, this.parts, this.site);
  }
};
var MixedDensity = class _MixedDensity extends Frame {
  constructor(weights, parts2, value) {
    super();
    this.weights = weights;
    this.parts = parts2;
    this.value = value;
  }
  weights;
  parts;
  value;
  terms = [];
  step(particle) {
    if (this.pc > 0) this.terms = [...this.terms, Math.log(this.weights[this.pc - 1]) + particle.value];
    if (this.pc === this.parts.length) return particle.return(logSumExp(this.terms));
    return particle.call(this.parts[this.pc++].logDensity(this.value));
  }
  copy() {
    const twin = new _MixedDensity(this.weights, this.parts, this.value);
    twin.terms = this.terms;
    return twin;
  }
};

// ../packages/lm/src/processes/text.ts
var TextProcess = class _TextProcess {
  constructor(alias, after, options, changes = []) {
    this.alias = alias;
    this.after = after;
    this.options = options;
    this.changes = changes;
    this.rule = SpanRule.of(options);
  }
  alias;
  after;
  options;
  changes;
  kind = "process";
  isText = true;
  name = "text";
  /** The stopping rule. */
  rule;
  /**
   * Draws a span and records it under `site` with the log-probability of the tokens drawn. The proposal may be another
   * `text` over the same vocabulary: its tokens are drawn, each weighted by the ratio of its probabilities. The stopping
   * rule is the target's; a proposal that names another is refused.
   */
  draw(site2, proposal) {
    if (proposal !== null) {
      if (!(proposal instanceof _TextProcess)) {
        throw new LanguageModelError(
          "PGLM014",
          `A ${proposal.name} cannot be proposed for a text: a text is drawn token by token.`,
          {
            site: site2,
            hint: "Propose from `text` of a model with the same tokenizer."
          }
        );
      }
      if (!proposal.rule.same(this.rule) && !proposal.ruleIsDefault) {
        throw new LanguageModelError("PGLM014", "The proposal stops by other rules than the text it is proposed for.", {
          site: site2,
          hint: "Give it the same `stop_at`, `stop_before`, `max_tokens` and `must_stop`, or none of them."
        });
      }
    }
    return new TextDraw(this, site2, proposal);
  }
  /** The log-probability of a string, in nats; `-Infinity` for one that cannot come out. */
  logDensity(value) {
    return new TextDensity(this, String(value));
  }
  tempered(t) {
    return this.changed((d) => d.tempered(t));
  }
  top_k(k) {
    return this.changed((d) => d.topK(k));
  }
  top_p(p) {
    return this.changed((d) => d.topP(p));
  }
  /** The mixture: a part is drawn, then its span. Null when a part is no text. */
  mix(weights, parts2) {
    return parts2.every(isText) ? new MixedText(mixtureWeights(weights, parts2.length), parts2) : null;
  }
  /** The distribution of a token, given a model's row. */
  lawIn(session) {
    const { changes } = this;
    if (changes.length === 0) return session.plain;
    return (row) => {
      let d = session.plain(row);
      for (const change of changes) d = change(d);
      return d;
    };
  }
  /** @throws LanguageModelError PGLM013 when `must_stop` asks for an ending that cannot come. */
  checkCanEnd(session, site2) {
    if (this.rule.mustStop && this.rule.matcher === null && session.model.vocabulary.eosId === null) {
      throw new LanguageModelError(
        "PGLM013",
        `\`must_stop\` asks for a proper ending, but ${session.model.name} has no end token and no stop string is given.`,
        { site: site2, hint: "Give `stop_at` or `stop_before`." }
      );
    }
  }
  get ruleIsDefault() {
    const { stop_at, stop_before, max_tokens, must_stop } = this.options;
    return stop_at === void 0 && stop_before === void 0 && max_tokens === void 0 && must_stop === void 0;
  }
  changed(change) {
    return new _TextProcess(this.alias, this.after, this.options, [...this.changes, remembered(change)]);
  }
};
function remembered(change) {
  const made = /* @__PURE__ */ new WeakMap();
  return (d) => {
    let changed = made.get(d);
    if (changed === void 0) made.set(d, changed = change(d));
    return changed;
  };
}
var TextDraw = class _TextDraw extends Frame {
  constructor(process2, site2, proposal) {
    super();
    this.process = process2;
    this.site = site2;
    this.proposal = proposal;
  }
  process;
  site;
  proposal;
  session = null;
  law = null;
  node = 0;
  drawn = 0;
  stopState = 0;
  logDensity = 0;
  other = null;
  target = null;
  step(particle) {
    switch (this.pc) {
      case 0:
        this.begin(particle);
        return this.askTarget(particle);
      case 1:
        return this.haveTarget(particle, particle.value);
      case 2:
        return this.haveProposal(particle, particle.value);
      case 3:
        return this.haveToken(particle, particle.value);
      case 4:
        return this.askTarget(particle);
      case 5:
        if (this.process.rule.mustStop) {
          this.pc = 6;
          return particle.condition(false, this.site);
        }
        return this.end(particle);
      default:
        return this.end(particle);
    }
  }
  begin(particle) {
    const session = this.process.alias.session(particle.environment);
    const { vocabulary } = session.model;
    this.process.checkCanEnd(session, this.site);
    this.session = session;
    this.law = this.process.lawIn(session);
    this.node = this.process.after.nodeIn(session.tree, vocabulary);
    if (this.proposal === null) return;
    const other = this.proposal.alias.session(particle.environment);
    if (!other.model.vocabulary.same(vocabulary)) {
      throw new LanguageModelError(
        "PGLM010",
        `The proposal's model ${other.model.name} has other tokens than ${session.model.name}.`,
        {
          site: this.site,
          hint: "Propose from a model with the same tokenizer."
        }
      );
    }
    const node = this.proposal.after.nodeIn(other.tree, other.model.vocabulary);
    this.other = { session: other, law: this.proposal.lawIn(other), node };
  }
  askTarget(particle) {
    const row = this.session.known(this.node);
    if (row !== void 0) return this.haveTarget(particle, row);
    this.pc = 1;
    return particle.ask(this.session.rowRequest(this.node), this.site);
  }
  haveTarget(particle, row) {
    const target2 = this.law(row);
    if (this.other === null) {
      this.pc = 3;
      return particle.sample(target2, partSite(this.site));
    }
    this.target = target2;
    const known = this.other.session.known(this.other.node);
    if (known !== void 0) return this.haveProposal(particle, known);
    this.pc = 2;
    return particle.ask(this.other.session.rowRequest(this.other.node), this.site);
  }
  haveProposal(particle, row) {
    const target2 = this.target;
    this.target = null;
    this.pc = 3;
    return particle.sample(target2, partSite(this.site), this.other.law(row));
  }
  haveToken(particle, token) {
    const { rule } = this.process;
    const { tree, model } = this.session;
    const { vocabulary } = model;
    const id = vocabulary.idOf(token);
    this.logDensity += particle.distribution.logProbability(id);
    this.drawn++;
    if (id === vocabulary.eosId) {
      this.pc = 6;
      return particle.step(this.site);
    }
    this.node = tree.child(this.node, id);
    if (this.other !== null) {
      this.other = { ...this.other, node: this.other.session.tree.child(this.other.node, id) };
    }
    this.stopState = rule.read(this.stopState, vocabulary, id);
    this.pc = this.stopState < 0 ? 6 : this.drawn === rule.maxTokens ? 5 : 4;
    return particle.step(this.site);
  }
  end(particle) {
    const { tree, model } = this.session;
    const { vocabulary } = model;
    const ended = tree.length(this.node) - tree.length(this.process.after.nodeIn(tree, vocabulary));
    const text = this.process.rule.textOf(vocabulary, tree.last(this.node, ended));
    particle.record(this.site, text, this.logDensity);
    return particle.return(text);
  }
  copy() {
    const twin = new _TextDraw(this.process, this.site, this.proposal);
    twin.session = this.session;
    twin.law = this.law;
    twin.node = this.node;
    twin.drawn = this.drawn;
    twin.stopState = this.stopState;
    twin.logDensity = this.logDensity;
    twin.other = this.other;
    twin.target = this.target;
    return twin;
  }
};
var TextDensity = class _TextDensity extends Frame {
  constructor(process2, text) {
    super();
    this.process = process2;
    this.text = text;
  }
  process;
  text;
  step(particle) {
    const session = this.process.alias.session(particle.environment);
    if (this.pc === 0) {
      const { vocabulary } = session.model;
      this.process.checkCanEnd(session);
      const ways = this.process.rule.endings(this.text, vocabulary);
      if (ways.length === 0) return particle.return(-Infinity);
      this.pc = 1;
      const start = this.process.after.nodeIn(session.tree, vocabulary);
      const law = this.process.lawIn(session);
      particle.request = session.pathRequest(ways.map((tokens2) => ({ start, tokens: tokens2, law })));
      return Op.Request;
    }
    return particle.return(logSumExp(particle.value.map(sum)));
  }
  copy() {
    return new _TextDensity(this.process, this.text);
  }
};

// ../packages/lm/src/alias.ts
var TEXT_OPTIONS = /* @__PURE__ */ new Set(["after", "stop_at", "stop_before", "max_tokens", "must_stop"]);
var CHOOSE_OPTIONS = /* @__PURE__ */ new Set(["after", "options"]);
var SCORE_OPTIONS = /* @__PURE__ */ new Set(["after"]);
var LanguageModelAlias = class {
  constructor(name, spec, bound = null) {
    this.name = name;
    this.spec = spec;
    this.bound = bound;
  }
  name;
  spec;
  bound;
  kind = "lm";
  /** Text drawn token by token, as a distribution over strings. @throws LanguageModelError PGLM012 for options that make no sense. */
  text(options = {}) {
    checkOptions("text", options, TEXT_OPTIONS);
    return new TextProcess(this, Context.of(options.after ?? ""), options);
  }
  /** The next token after a context. */
  next(context) {
    return NextProcess.of(this, Context.of(context));
  }
  /** One of some strings, each as likely as the model finds the whole of it. */
  choose(options) {
    checkOptions("choose", options, CHOOSE_OPTIONS);
    return new ChooseProcess(this, Context.of(options.after ?? ""), options.options);
  }
  /** A context that begins with a text, or is one already. */
  context(text) {
    return Context.of(text);
  }
  /**
   * The log-probability, in nats, of a text after a context: that of its canonical tokens one after the other, without any
   * ending. 0 for the empty text.
   */
  score(text, options = {}) {
    checkOptions("score", options, SCORE_OPTIONS);
    return {
      handler: this.scoreHandler,
      payload: { text, after: Context.of(options.after ?? "") }
    };
  }
  /** The canonical tokens of a text, without a begin token. */
  tokens(text) {
    return { handler: this.tokensHandler, payload: text };
  }
  /** The context in which the model answers a conversation. Fails with PGLM011 when the model has no chat template. */
  chat(messages) {
    return { handler: this.chatHandler, payload: messages };
  }
  /** How many canonical tokens a text has in the run's model. @throws LanguageModelError PGLM008 when it cannot spell it. */
  countTokens(text, environment) {
    return this.model(environment).vocabulary.encode(text).length;
  }
  session(environment) {
    return sessionOf(this.model(environment), environment);
  }
  model(environment) {
    const key = `lm:${this.name}`;
    if (this.bound !== null && !environment.services.has(key)) return this.bound;
    return environment.service(key);
  }
  scoreHandler = {
    name: "score",
    answer: async (payloads, environment) => {
      const session = this.session(environment);
      const { vocabulary } = session.model;
      const paths = payloads.map(({ text, after }) => ({
        start: after.nodeIn(session.tree, vocabulary),
        tokens: vocabulary.encode(text),
        law: session.plain
      }));
      return (await session.scorePaths(paths)).map(sum);
    }
  };
  tokensHandler = {
    name: "tokens",
    answer: (payloads, environment) => {
      const { vocabulary } = this.model(environment);
      return payloads.map(
        (text) => Array.from(vocabulary.encode(text), (id) => vocabulary.token(id))
      );
    }
  };
  chatHandler = {
    name: "chat",
    answer: (payloads, environment) => {
      const model = this.model(environment);
      const { chatTemplate } = model;
      if (chatTemplate === void 0) {
        throw new LanguageModelError("PGLM011", `The model ${model.name} has no chat template.`, {
          hint: "Write the prompt as text for it to continue, or use a model that was trained on conversations."
        });
      }
      return payloads.map(
        (messages) => chatContext(chatTemplate, messages, model.vocabulary)
      );
    }
  };
};
function lm(name, model) {
  return typeof model === "string" ? new LanguageModelAlias(name, model) : new LanguageModelAlias(name, null, model);
}
function checkOptions(method, options, known) {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new LanguageModelError("PGLM012", `\`${method}\` takes its options by name.`);
  }
  for (const key of Object.keys(options)) {
    if (!known.has(key)) {
      throw new LanguageModelError("PGLM012", `\`${method}\` has no option \`${key}\`.`, {
        hint: `It has: ${[...known].join(", ")}.`
      });
    }
  }
}

// ../packages/core/src/load/compile.ts
import { readFileSync } from "fs";
import { dirname as dirname4, isAbsolute as isAbsolute3, resolve as resolve4 } from "path";

// ../packages/core/src/load/compiled.ts
import { basename, dirname as dirname3 } from "path";

// ../packages/core/src/arguments/check-json.ts
var ArgumentError = class extends PglError {
  constructor(path, problem, hint) {
    super("PGLA001", `${path}: ${problem}`, { hint });
    this.path = path;
  }
  path;
};
function checkJson(type, value, path = "value") {
  switch (type.kind) {
    case "int":
      if (typeof value === "number" && Number.isInteger(value)) return value;
      throw wrong(path, type, value);
    case "float":
      if (typeof value === "number") return value;
      if (value === "inf") return Infinity;
      if (value === "-inf") return -Infinity;
      if (value === "nan") return NaN;
      throw wrong(path, type, value);
    case "bool":
      if (typeof value === "boolean") return value;
      throw wrong(path, type, value);
    case "string":
      if (typeof value === "string") return value;
      throw wrong(path, type, value);
    case "literal":
      if (value === type.value) return value;
      throw wrong(path, type, value);
    case "none":
      if (value === null || value === void 0) return null;
      throw wrong(path, type, value);
    case "unit":
      if (value === null || value === void 0) return void 0;
      throw wrong(path, type, value);
    case "list":
      if (!Array.isArray(value)) throw wrong(path, type, value);
      return value.map((element, i) => checkJson(type.element, element, `${path}[${i}]`));
    case "tuple":
      if (!Array.isArray(value)) throw wrong(path, type, value);
      if (value.length !== type.elements.length) {
        throw new ArgumentError(
          path,
          `expected ${showType(type)}, ${type.elements.length} elements, but there are ${value.length}.`
        );
      }
      return value.map((element, i) => checkJson(type.elements[i], element, `${path}[${i}]`));
    case "record":
      return checkRecord(type, value, path);
    case "map":
      return checkMap(type, value, path);
    case "union":
      return checkUnion(type, value, path);
    case "function":
      if (typeof value === "function" || hasKind(value, "closure", "model")) return value;
      throw notJson(path, type);
    case "dist":
    case "posterior":
      if (hasKind(value, "distribution", "process")) return value;
      throw notJson(path, type);
    case "token":
    case "context":
    case "lm":
    case "constraint":
      if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) !== Object.prototype)
        return value;
      throw notJson(path, type);
    case "opaque":
      return value;
    case "never":
    case "error":
    case "variable":
      throw new ArgumentError(path, `nothing can be given here: the type is ${showType(type)}.`);
  }
}
function checkArguments(parameters, value, path = "args") {
  const signature = `(${parameters.map((p) => `${p.name}${p.optional ? "?" : ""}: ${showType(p.type)}`).join(", ")})`;
  if (Array.isArray(value)) {
    if (value.length > parameters.length) {
      throw new ArgumentError(
        path,
        `there are ${value.length} arguments for the ${parameters.length} of ${signature}.`
      );
    }
    return parameters.map((parameter, i) => one(parameter, i < value.length, value[i], `${path}[${i}]`, signature));
  }
  if (!isPlainObject(value)) {
    throw new ArgumentError(
      path,
      `expected a list of arguments or an object by name, but it is ${describe(value)}.`,
      `The parameters are ${signature}.`
    );
  }
  for (const name of Object.keys(value)) {
    if (!parameters.some((p) => p.name === name)) {
      throw new ArgumentError(path, `there is no parameter \`${name}\`.`, `The parameters are ${signature}.`);
    }
  }
  return parameters.map(
    (parameter) => one(parameter, Object.hasOwn(value, parameter.name), value[parameter.name], `${path}.${parameter.name}`, signature)
  );
}
function one(parameter, given, value, path, signature) {
  if (given && !(value === void 0 && parameter.optional)) return checkJson(parameter.type, value, path);
  if (parameter.optional) return void 0;
  throw new ArgumentError(
    path,
    `the argument \`${parameter.name}: ${showType(parameter.type)}\` is missing.`,
    `The parameters are ${signature}.`
  );
}
function checkRecord(type, value, path) {
  if (!isPlainObject(value)) throw wrong(path, type, value);
  const record = {};
  for (const [name, field] of type.fields) {
    if (Object.hasOwn(value, name)) record[name] = checkJson(field.type, value[name], `${path}.${name}`);
    else if (field.optional) record[name] = null;
    else throw new ArgumentError(path, `the field \`${name}: ${showType(field.type)}\` is missing.`);
  }
  for (const name of Object.keys(value)) {
    if (!type.fields.has(name)) {
      throw new ArgumentError(path, `there is no field \`${name}\` in ${showType(type)}.`);
    }
  }
  return record;
}
function checkMap(type, value, path) {
  if (value instanceof ValueMap) return value;
  if (value instanceof Map) return checkMap(type, [...value], path);
  const entries = Array.isArray(value) ? value : isPlainObject(value) ? Object.entries(value) : null;
  if (entries === null) throw wrong(path, type, value);
  return ValueMap.from(
    entries.map((entry, i) => {
      if (!Array.isArray(entry) || entry.length !== 2) {
        throw new ArgumentError(`${path}[${i}]`, "the entry of a map is a pair [key, value].");
      }
      const shown2 = Array.isArray(value) ? `${path}[${i}]` : `${path}[${JSON.stringify(entry[0])}]`;
      return [checkJson(type.key, entry[0], shown2), checkJson(type.value, entry[1], shown2)];
    })
  );
}
function checkUnion(type, value, path) {
  let deepest = null;
  for (const member of type.members) {
    try {
      return checkJson(member, value, path);
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      if (error.path.length > path.length && error.path.length > (deepest?.path.length ?? 0)) deepest = error;
    }
  }
  throw deepest ?? wrong(path, type, value);
}
var wrong = (path, type, value) => new ArgumentError(path, `expected ${showType(type)}, but it is ${describe(value)}.`);
var notJson = (path, type) => new ArgumentError(
  path,
  `a value of type ${showType(type)} cannot be written as JSON.`,
  "Call the model from a query in the .pgl file, or from TypeScript."
);
function describe(value) {
  if (value === void 0) return "missing";
  const text = typeof value === "function" ? "a function" : JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}\u2026` : text;
}
function hasKind(value, ...kinds) {
  return typeof value === "object" && value !== null && kinds.includes(value.kind);
}
function isPlainObject(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

// ../packages/core/src/run/language-models.ts
var loaded = /* @__PURE__ */ new Map();
async function bindLanguageModels(declared, given = {}) {
  const bound = /* @__PURE__ */ new Map();
  for (const [name, model] of Object.entries(given)) {
    bound.set(name, await modelOf(model instanceof LanguageModelAlias ? standsFor(model) : model, process.cwd()));
  }
  for (const { name, model, directory } of declared) {
    if (!bound.has(name)) bound.set(name, await modelOf(model, directory));
  }
  return bound;
}
function standsFor({ name, bound, spec }) {
  const model = bound ?? spec;
  if (model === null) throw new MethodError("PGLT017", `The alias \`${name}\` stands for no language model.`);
  return model;
}
var modelOf = (model, directory) => typeof model === "string" ? load(model, directory) : model;
function load(spec, directory) {
  const key = `${directory}\0${spec}`;
  let model = loaded.get(key);
  if (model === void 0) {
    model = loadLanguageModel(spec, { directory });
    loaded.set(key, model);
    model.catch(() => loaded.delete(key));
  }
  return model;
}
function meter(models) {
  const starts = [...new Set(models)].map((model) => ({ stats: model.stats, before: model.stats.snapshot() }));
  return () => {
    const sum2 = { calls: 0, tokens: 0, cachedTokens: 0, time: 0 };
    for (const { stats, before } of starts) {
      const used = stats.since(before);
      sum2.calls += used.calls;
      sum2.tokens += used.tokens;
      sum2.cachedTokens += used.cachedTokens;
      sum2.time += used.time;
    }
    return sum2;
  };
}

// ../packages/core/src/load/compile-error.ts
var CompileError = class extends Error {
  constructor(diagnostics, rendered) {
    const errors = diagnostics.filter((d) => d.severity === "error").length;
    super(`The program has ${errors === 1 ? "an error" : `${errors} errors`}.

${rendered}`);
    this.diagnostics = diagnostics;
    this.rendered = rendered;
    this.name = "CompileError";
  }
  diagnostics;
  rendered;
};

// ../packages/core/src/load/evaluate.ts
import { dirname as dirname2, resolve as resolve3 } from "path";
import { compileFunction } from "vm";

// ../packages/core/src/prelude.ts
var prelude_exports = {};
__export(prelude_exports, {
  $: () => $,
  Frame: () => Frame,
  ValueMap: () => ValueMap,
  compare: () => compare,
  constraint: () => constraint,
  defineModel: () => defineModel,
  dist: () => dist,
  enter: () => enter,
  enterAny: () => enterAny,
  eos: () => eos,
  frames: () => frames,
  hostCall: () => hostCall,
  hostFunction: () => hostFunction,
  hostValue: () => hostValue,
  inferRequest: () => inferRequest,
  lm: () => lm,
  methods: () => methods,
  restrict: () => restrict,
  site: () => site
});

// ../packages/constraints/src/errors.ts
var ConstraintError = class extends PglError {
};

// ../packages/constraints/src/text-of.ts
function textOf(value) {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) {
    const text = hooksOf(value)[textSymbol]?.();
    if (text !== void 0) return text;
  }
  throw new ConstraintError("PGLC004", "`matches` looks at text: a string, a token or a context; this value is none.", {
    hint: "Make a string of it first: string(x)."
  });
}

// ../packages/constraints/src/constraint.ts
var Constraint = class {
  kind = "constraint";
  /**
   * Whether `value` meets the constraint. The environment is needed by constraints on tokens alone.
   * @throws ConstraintError PGLC004 when the value is no text, PGLC005 when an environment is needed and missing.
   */
  test(value, environment) {
    return this.holds(textOf(value), environment);
  }
  toString() {
    return this.describe();
  }
  [showSymbol]() {
    return this.describe();
  }
};
var TextConstraint = class extends Constraint {
  constructor(description2, decide) {
    super();
    this.description = description2;
    this.decide = decide;
  }
  description;
  decide;
  describe() {
    return this.description;
  }
  holds(text, environment) {
    return this.decide(text, environment);
  }
};
function checkConstraint(value) {
  if (value instanceof Constraint) return value;
  throw new ConstraintError("PGLC003", "`and`, `or` and `not` combine constraints; they were given something else.", {
    hint: "A string becomes a constraint as `text`, a regular expression as `regex`."
  });
}

// ../packages/constraints/src/lengths.ts
function chars(low, high) {
  checkRange("chars", low, high);
  return new TextConstraint(`chars(${low}..${high})`, (text) => within(count(text), low, high));
}
function words(low, high) {
  checkRange("words", low, high);
  return new TextConstraint(`words(${low}..${high})`, (text) => within(text.match(/\S+/gu)?.length ?? 0, low, high));
}
function tokens(low, high, lm2) {
  checkRange("tokens", low, high);
  return new TextConstraint(`tokens(${low}..${high}, ${lm2.name})`, (text, environment) => {
    if (environment === void 0) {
      throw new ConstraintError(
        "PGLC005",
        "How many tokens a text has depends on the run's model: `test` needs the environment of a run."
      );
    }
    return within(lm2.countTokens(text, environment), low, high);
  });
}
function count(text) {
  let n = 0;
  for (const _ of text) n++;
  return n;
}
var within = (n, low, high) => n >= low && n <= high;
function checkRange(name, low, high) {
  const whole = (n) => Number.isSafeInteger(n) && n >= 0;
  if (whole(low) && (whole(high) || high === Infinity) && low <= high) return;
  throw new ConstraintError(
    "PGLC002",
    `\`${name}\` needs a range of whole numbers, the smaller first and none negative, not ${low}..${high}.`
  );
}

// ../packages/constraints/src/regex.ts
function regex(source, flags = "") {
  const refused = [...flags].find((flag) => !"imsuv".includes(flag));
  if (refused !== void 0) {
    throw new ConstraintError("PGLC001", `The flag \`${refused}\` of /${source}/${flags} has no meaning here.`, {
      hint: "A constraint looks at the whole text. Its flags are i, m, s, u and v."
    });
  }
  let whole;
  try {
    new RegExp(source, flags);
    whole = new RegExp(`(?<![^])(?:${source})(?![^])`, flags);
  } catch (cause) {
    throw new ConstraintError("PGLC001", `/${source}/${flags} is no regular expression: ${cause.message}`, {
      cause
    });
  }
  return new TextConstraint(`/${source}/${flags}`, (text) => whole.test(text));
}

// ../packages/constraints/src/index.ts
var constraint = {
  regex,
  chars,
  words,
  tokens,
  /** The text is this string, or one of these. */
  text(options) {
    const all = typeof options === "string" ? [options] : [...options];
    const set = new Set(all);
    const shown2 = all.map((s) => JSON.stringify(s));
    return new TextConstraint(
      typeof options === "string" ? shown2[0] : `[${shown2.join(", ")}]`,
      (text) => set.has(text)
    );
  },
  /** The text has this string in it. */
  contains(part) {
    return new TextConstraint(`contains(${JSON.stringify(part)})`, (text) => text.includes(part));
  },
  starts_with(part) {
    return new TextConstraint(`starts_with(${JSON.stringify(part)})`, (text) => text.startsWith(part));
  },
  ends_with(part) {
    return new TextConstraint(`ends_with(${JSON.stringify(part)})`, (text) => text.endsWith(part));
  },
  /** All of them hold; true for none. @throws ConstraintError PGLC003 for what is no constraint. */
  and(...parts2) {
    parts2.forEach(checkConstraint);
    return new TextConstraint(
      joined(parts2, " and "),
      (text, environment) => parts2.every((c) => c.test(text, environment))
    );
  },
  /** At least one of them holds; false for none. @throws ConstraintError PGLC003 for what is no constraint. */
  or(...parts2) {
    parts2.forEach(checkConstraint);
    return new TextConstraint(
      joined(parts2, " or "),
      (text, environment) => parts2.some((c) => c.test(text, environment))
    );
  },
  /** It does not hold. @throws ConstraintError PGLC003 for what is no constraint. */
  not(part) {
    checkConstraint(part);
    return new TextConstraint(`not ${part.describe()}`, (text, environment) => !part.test(text, environment));
  }
};
var joined = (parts2, word) => `(${parts2.map((c) => c.describe()).join(word)})`;

// ../packages/core/src/prelude.ts
var $ = builtins;
var dist = distributions;
function defineModel(description2) {
  return Object.freeze({ kind: "model", ...description2 });
}

// ../packages/core/src/load/errors.ts
var LoadError = class extends PglError {
};

// ../packages/core/src/load/host-calls.ts
var pending = /* @__PURE__ */ new Set();
var watcher = null;
function pendingHostCalls() {
  return [...pending].sort((a, b) => a.since - b.since);
}
function watched(fn, name, check = () => void 0) {
  const checked = (result) => {
    const wrong2 = check(result);
    if (wrong2 === void 0) return result;
    throw new RunError("PGLR002", `The host function \`${name}\` returned what its type does not allow: ${wrong2}.`, {
      hint: "Types of host functions are taken from their declarations; mend the function or its declared result."
    });
  };
  const host = (...args) => {
    watcher?.enter(name);
    let result;
    try {
      result = fn(...args);
    } catch (cause) {
      throw failed(name, cause);
    } finally {
      watcher?.leave();
    }
    if (!isPromise(result)) return checked(result);
    const call = { name, since: performance.now() };
    pending.add(call);
    return result.then(
      (value) => {
        pending.delete(call);
        return checked(value);
      },
      (cause) => {
        pending.delete(call);
        throw failed(name, cause);
      }
    );
  };
  return Object.defineProperty(host, "name", { value: name });
}
function failed(name, cause) {
  if (cause instanceof RunError && cause.code === "PGLR002") return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new RunError("PGLR002", `The host function \`${name}\` failed: ${message}`, {
    cause,
    hint: placeInHost(cause)
  });
}
function placeInHost(cause) {
  const stack = cause instanceof Error ? cause.stack : void 0;
  const line = stack?.split("\n").find((l) => /^\s+at /.test(l) && !l.includes("node:") && !l.includes("node_modules"));
  return line === void 0 ? void 0 : `It was thrown ${line.trim()}.`;
}
var isPromise = (value) => typeof value === "object" && value !== null && typeof value.then === "function";

// ../packages/core/src/load/hosts.ts
import { existsSync } from "fs";
import { createRequire } from "module";
import { dirname, extname, isAbsolute as isAbsolute2, resolve as resolve2 } from "path";
import { pathToFileURL } from "url";
var TYPESCRIPT = /* @__PURE__ */ new Set([".ts", ".mts", ".cts", ".tsx"]);
async function loadHost(specifier, importer) {
  const path = locate(specifier, importer);
  try {
    if (path === null || TYPESCRIPT.has(extname(path))) {
      const { createJiti } = await import("jiti");
      const jiti = createJiti(pathToFileURL(importer).href);
      return namespace(await jiti.import(path ?? specifier));
    }
    return namespace(await import(pathToFileURL(path).href));
  } catch (cause) {
    if (cause instanceof LoadError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new LoadError("PGLL002", `The host module ${JSON.stringify(specifier)} could not be loaded: ${message}`, {
      cause,
      hint: `It is imported by ${importer}. Does it run by itself, as in \`npx jiti ${path ?? specifier}\`?`
    });
  }
}
function locate(specifier, importer) {
  if (specifier.startsWith(".") || isAbsolute2(specifier)) {
    const path = resolve2(dirname(importer), specifier);
    if (existsSync(path)) return path;
    throw new LoadError(
      "PGLL001",
      `There is no file ${path}, which ${importer} imports as ${JSON.stringify(specifier)}.`
    );
  }
  if (specifier.startsWith("node:")) return null;
  try {
    createRequire(importer).resolve(specifier);
  } catch (cause) {
    if (cause.code === "MODULE_NOT_FOUND") {
      throw new LoadError(
        "PGLL001",
        `The package ${JSON.stringify(specifier)}, imported by ${importer}, is not installed.`,
        {
          cause,
          hint: `Run: npm install ${specifier}`
        }
      );
    }
  }
  return null;
}
function namespace(loaded2) {
  const exports = loaded2;
  const inner = exports["default"];
  if (typeof inner !== "object" || inner === null) return exports;
  return { ...inner, ...exports };
}

// ../packages/core/src/load/evaluate.ts
var evaluatedName = (file) => `${file}.js`;
async function evaluate(modules, options = {}) {
  const byFile = new Map(modules.map((module) => [module.file, module]));
  const hosts = /* @__PURE__ */ new Map();
  for (const module of modules) {
    for (const specifier of module.hosts) {
      const exports = options.hosts?.[specifier] ?? await loadHost(specifier, module.file);
      hosts.set(
        hostKey(module.file, specifier),
        guarded(exports, specifier, (name) => options.checkResult?.(module.file, specifier, name))
      );
    }
  }
  const loaded2 = /* @__PURE__ */ new Map();
  const load2 = (module) => {
    const known = loaded2.get(module.file);
    if (known !== void 0) return known;
    const cjs = { exports: {} };
    loaded2.set(module.file, cjs.exports);
    const require2 = (specifier) => {
      if (specifier === "@pgl/core/prelude") return prelude_exports;
      const host = hosts.get(hostKey(module.file, specifier));
      if (host !== void 0) return host;
      const dependency = byFile.get(specifier) ?? byFile.get(resolve3(dirname2(module.file), specifier));
      if (dependency !== void 0) return load2(dependency);
      throw new LoadError(
        "PGLL005",
        `${module.file} asks for ${JSON.stringify(specifier)}, which is not part of the program.`
      );
    };
    try {
      compileFunction(module.javascript, ["exports", "require", "module"], { filename: evaluatedName(module.file) })(
        cjs.exports,
        require2,
        cjs
      );
    } catch (cause) {
      if (cause instanceof PglError) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new LoadError("PGLL004", `The code compiled from ${module.file} could not be evaluated: ${message}`, {
        cause
      });
    }
    if (cjs.exports !== loaded2.get(module.file)) loaded2.set(module.file, cjs.exports);
    return cjs.exports;
  };
  for (const module of modules) load2(module);
  return loaded2;
}
var hostKey = (importer, specifier) => `${importer}\0${specifier}`;
function guarded(exports, specifier, checkOf) {
  const wrapped = /* @__PURE__ */ new Map();
  return new Proxy(/* @__PURE__ */ Object.create(null), {
    get(_, name) {
      if (typeof name !== "string") return void 0;
      if (wrapped.has(name)) return wrapped.get(name);
      const value = exports[name];
      if (value === void 0) {
        throw new LoadError("PGLL003", `The host module ${JSON.stringify(specifier)} exports no \`${name}\`.`, {
          hint: `It exports: ${Object.keys(exports).filter((n) => n !== "default").join(", ") || "nothing"}.`
        });
      }
      const usable = typeof value === "function" ? watched(value, name, checkOf(name)) : value;
      wrapped.set(name, usable);
      return usable;
    }
  });
}

// ../packages/core/src/load/origin.ts
var origins = /* @__PURE__ */ new WeakMap();
var originOf = (model) => origins.get(model);
function setOrigin(model, origin) {
  origins.set(model, origin);
}

// ../packages/core/src/load/places.ts
import { SourceMap } from "module";
import { relative, sep } from "path";
var Places = class {
  constructor(modules, directory) {
    this.directory = directory;
    this.byName = new Map(modules.map((module) => [evaluatedName(module.file), module]));
  }
  directory;
  byName;
  maps = /* @__PURE__ */ new Map();
  /** The innermost place of a stack trace that is in evaluated code and known to the source map. */
  of(error) {
    for (const line of error.stack?.split("\n") ?? []) {
      const match = /\(?([^\s()][^()]*):(\d+):(\d+)\)?$/.exec(line);
      if (match === null) continue;
      const module = this.byName.get(match[1].replace(/^.* at /, ""));
      if (module === void 0) continue;
      const place = this.original(module, Number(match[2]), Number(match[3]));
      if (place !== void 0) return place;
    }
    return void 0;
  }
  original(module, line, column) {
    let map = this.maps.get(module.file);
    if (map === void 0) {
      map = new SourceMap(module.map);
      this.maps.set(module.file, map);
    }
    const entry = map.findEntry(line - 1, column - 1);
    if (!("originalLine" in entry) || entry.originalLine === void 0) return void 0;
    return {
      kind: "call",
      name: "expression",
      file: relative(this.directory, module.file).split(sep).join("/"),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1
    };
  }
};

// ../packages/core/src/load/result-check.ts
function resultCheckOf(program) {
  return (importer, _specifier, name) => {
    for (const symbol of program.modules.get(importer)?.symbols.values() ?? []) {
      if (symbol.kind !== "host" || symbol.imported !== name || symbol.type.kind !== "function") continue;
      const { result } = symbol.type;
      return (value) => mismatch(result, value);
    }
    return void 0;
  };
}
function mismatch(type, value) {
  if (fits(type, value)) return void 0;
  return `${shown(value)} where ${named(type)} is declared`;
}
function fits(type, value) {
  switch (type.kind) {
    case "int":
      return typeof value === "number" && Number.isInteger(value);
    case "float":
      return typeof value === "number";
    case "bool":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "literal":
      return value === type.value;
    case "none":
      return value === null || value === void 0;
    case "list":
      return Array.isArray(value);
    case "tuple":
      return Array.isArray(value) && value.length === type.elements.length;
    case "map":
      return value instanceof Map;
    case "record":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "union":
      return type.members.some((member) => fits(member, value));
    default:
      return true;
  }
}
function named(type) {
  switch (type.kind) {
    case "literal":
      return JSON.stringify(type.value);
    case "union":
      return type.members.map(named).join(" or ");
    case "list":
      return "a list";
    case "record":
      return "a record";
    case "tuple":
      return `a tuple of ${type.elements.length}`;
    default:
      return type.kind;
  }
}
function shown(value) {
  if (value === void 0) return "nothing";
  const text = typeof value === "function" ? "a function" : JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}\u2026` : text;
}

// ../packages/core/src/load/compiled.ts
async function build(files, entry, options) {
  const { program, modules } = await compile(files, entry, { passes: options.passes ?? "all" });
  const { diagnostics } = program;
  if (diagnostics.some((d) => d.severity === "error")) {
    throw new CompileError(diagnostics, renderDiagnostics(diagnostics, files, { color: false }));
  }
  const loaded2 = await evaluate(modules, {
    ...options.hosts === void 0 ? {} : { hosts: options.hosts },
    checkResult: resultCheckOf(program)
  });
  const aliases = modules.flatMap(
    (module) => (loaded2.get(module.file)?.["lms"] ?? []).map((alias) => {
      const declared = standsFor(alias);
      const model = typeof declared === "string" ? options.lms?.[declared] ?? declared : declared;
      return { name: alias.name, model, directory: dirname3(module.file) };
    })
  );
  const places = new Places(modules, dirname3(program.entry));
  for (const module of modules) {
    for (const model of Object.values(modelsOf(loaded2.get(module.file) ?? {}))) {
      setOrigin(model, {
        places,
        aliases,
        checkArguments: (args, path) => checkArguments(parametersOf(program, module.file, model.name), args, path)
      });
    }
  }
  const exports = loaded2.get(program.entry) ?? {};
  const proposals = proposalsOf(exports);
  const models = modelsOf(exports);
  const members = new Compiled(
    program.entry,
    models,
    exports["queries"] ?? [],
    aliases,
    proposals,
    exports,
    program.diagnostics,
    program,
    modules
  );
  for (const [name, model] of Object.entries(models)) {
    if (!(name in members)) Object.defineProperty(members, name, { value: model, enumerable: true });
  }
  return members;
}
var Compiled = class {
  constructor(file, models, queries, aliases, proposals, exports, diagnostics, checked, modules) {
    this.file = file;
    this.models = models;
    this.queries = queries;
    this.aliases = aliases;
    this.proposals = proposals;
    this.exports = exports;
    this.diagnostics = diagnostics;
    this.checked = checked;
    this.modules = modules;
  }
  file;
  models;
  queries;
  aliases;
  proposals;
  exports;
  diagnostics;
  checked;
  modules;
  get lms() {
    return this.aliases.map((alias) => alias.name);
  }
  parametersOf(model) {
    return parametersOf(this.checked, this.file, model);
  }
  /** What consoles and notebooks show: the signatures, not the syntax trees. */
  [/* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom")]() {
    const models = Object.keys(this.models).map((name) => {
      const parameters = this.parametersOf(name).map((p) => `${p.name}${p.optional ? "?" : ""}: ${showType(p.type)}`);
      return `  model ${name}(${parameters.join(", ")})`;
    });
    const queries = this.queries.map((query) => `  query ${query.name}`);
    const lms = this.aliases.map(
      ({ name, model }) => `  lm ${name} = ${typeof model === "string" ? JSON.stringify(model) : model.name}`
    );
    return [`PGL program ${basename(this.file)}`, ...lms, ...models, ...queries].join("\n");
  }
};
function parametersOf(program, file, model) {
  const module = program.modules.get(file);
  for (const [node, symbol2] of module?.symbols ?? []) {
    if (symbol2.kind !== "model" || node !== symbol2.declaration.name || symbol2.name !== model) continue;
    return functionType(symbol2.type).parameters;
  }
  const symbol = module?.exports.get(model);
  if (symbol?.kind === "model") return functionType(symbol.type).parameters;
  throw new MethodError("PGLT016", `The program has no model \`${model}\`.`);
}
function functionType(type) {
  if (type.kind === "function") return type;
  throw new MethodError("PGLT016", "The type of a model is not that of a function.");
}
function modelsOf(exports) {
  const guides = new Set(Object.values(proposalsOf(exports)).map((proposal) => proposal.model));
  return Object.fromEntries(
    Object.values(exports).filter(isModel).filter((model) => !guides.has(model)).map((model) => [model.name, model])
  );
}
var proposalsOf = (exports) => exports["proposals"] ?? {};
var isModel = (value) => typeof value === "object" && value !== null && value.kind === "model";

// ../packages/core/src/load/compile.ts
var compile2 = {
  /** The program in a file. Relative paths start from the current directory. @throws LoadError when there is no such file. */
  async file(path, options = {}) {
    const absolute = resolve4(path);
    try {
      readFileSync(absolute);
    } catch (cause) {
      throw new LoadError("PGLL006", `The program ${path} cannot be read: ${cause.message}`, { cause });
    }
    const { nodeFiles } = await import("./src-UXFJULOU.js");
    return build(nodeFiles(), absolute, options);
  },
  /** A program given as text. */
  async source(text, { file = "program.pgl", ...options } = {}) {
    const path = isAbsolute3(file) ? file : resolve4(file);
    const { memoryFiles, nodeFiles } = await import("./src-UXFJULOU.js");
    return build(memoryFiles({ [path]: text }, nodeFiles(dirname4(path))), path, options);
  }
};

// ../packages/core/src/version.ts
import { readFileSync as readFileSync2 } from "fs";
var description = JSON.parse(readFileSync2(new URL("../package.json", import.meta.url), "utf8"));
var version = description.version;

// ../packages/core/src/run/engine.ts
function engineOf(models) {
  const lms = {};
  for (const [alias, model] of models) {
    const { engine = null } = model;
    lms[alias] = { name: model.name, vocabulary: model.vocabulary.identity, engine };
  }
  return { pgl: version, node: process.version, tensors: tensorEngineInUse(), lms };
}

// ../packages/core/src/run/explain.ts
function explain(error, places) {
  const thrown = innermost(error);
  const place = thrown instanceof Error ? places?.of(thrown) : void 0;
  if (thrown instanceof PglError) {
    if (place !== void 0) thrown.site = place;
    return thrown;
  }
  const site2 = place ?? thrown?.site;
  const step = thrown?.step;
  if (thrown instanceof RangeError && /call stack/i.test(thrown.message)) {
    return new RunError("PGLT011", "A function calls itself too deeply.", {
      site: site2,
      step,
      cause: thrown,
      hint: "Is there a case that ends the recursion? A model may recurse without bound; a deterministic `fn` may not."
    });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new RunError("PGLT012", `The program failed: ${message}`, { site: site2, step, cause: thrown });
}
function innermost(error) {
  let current = error;
  while (isHostFailure(current) && isHostFailure(current.cause)) {
    current.cause.site ??= current.site;
    current.cause.step ??= current.step;
    current = current.cause;
  }
  return current;
}
var isHostFailure = (error) => error instanceof PglError && error.code === "PGLR002";

// ../packages/core/src/run/report.ts
function withReport(posterior, run) {
  return Object.defineProperty(posterior, "run", { value: Object.freeze(run), enumerable: false });
}

// ../packages/core/src/run/seed.ts
import { randomInt } from "crypto";
var SEEDS = 2 ** 32;
function seedOr(seed) {
  if (seed === void 0) return randomInt(SEEDS);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new MethodError("PGLT010", `A seed is a whole number from 0 to 2^53 \u2212 1, not ${seed}.`);
}

// ../packages/core/src/run/infer.ts
var GRACE = 200;
async function infer(model, args, method = defaultMethod, options = {}) {
  const start = performance.now();
  const origin = originOf(model);
  const seed = seedOr(options.seed);
  const complete = origin?.checkArguments?.(args, model.name) ?? args;
  const models = await bindLanguageModels(origin?.aliases ?? [], options.lms);
  const services = new Map([...models].map(([alias, lm2]) => [`lm:${alias}`, lm2]));
  const usage = meter(models.values());
  const end = new End(options);
  try {
    const environment = new RunEnvironment(services, seeded(seed), end.signal, options.limits);
    end.warnIn(environment);
    const { onProgress } = options;
    const begun = performance.now();
    const run = method.run(
      target(model, complete),
      environment,
      onProgress === void 0 ? {} : { onProgress: (progress) => onProgress({ ...progress, elapsed: performance.now() - begun, lm: usage() }) }
    );
    const posterior = await end.orSilence(run);
    const { time: lmTime, ...lm2 } = usage();
    return withReport(posterior, {
      seed,
      time: { total: performance.now() - start, lm: lmTime },
      lm: lm2,
      engine: engineOf(models)
    });
  } catch (error) {
    if (!(error instanceof Error && error.name === "AbortError")) throw explain(error, origin?.places ?? null);
    throw unanswered("was ended before its first step") ?? new RunError("PGLT013", "The run was ended before its first step: there is nothing to show.");
  } finally {
    end.dispose();
  }
}
var End = class {
  constructor(options) {
    this.options = options;
    const { signal, limits } = options;
    if (limits?.max_time !== void 0) this.timer = setTimeout(this.interrupt, limits.max_time * 1e3 + GRACE);
    if (signal?.aborted === true) this.interrupt();
    else signal?.addEventListener("abort", this.interrupt, { once: true });
  }
  options;
  controller = new AbortController();
  timer;
  environment = null;
  interrupt = () => {
    const waiting = unanswered("was ended");
    if (waiting !== null) this.environment?.warn({ code: waiting.code, message: waiting.message });
    this.controller.abort();
  };
  get signal() {
    return this.controller.signal;
  }
  /** Where it is noted what the run was waiting for when it was ended. */
  warnIn(environment) {
    this.environment = environment;
  }
  /** What `work` gives; or an error when the event loop runs empty, so that nothing is left that could answer it. */
  async orSilence(work) {
    let silent = () => {
    };
    const silence = new Promise((_, reject) => {
      silent = () => reject(
        unanswered("cannot go on") ?? new RunError("PGLT014", "The run waits for an answer that cannot come any more.")
      );
    });
    process.once("beforeExit", silent);
    try {
      return await Promise.race([work, silence]);
    } finally {
      process.removeListener("beforeExit", silent);
    }
  }
  dispose() {
    clearTimeout(this.timer);
    this.options.signal?.removeEventListener("abort", this.interrupt);
  }
};
function unanswered(what) {
  const oldest = pendingHostCalls()[0];
  if (oldest === void 0) return null;
  const seconds = ((performance.now() - oldest.since) / 1e3).toFixed(1);
  return new RunError(
    "PGLT014",
    `The run ${what}: the host function \`${oldest.name}\` has not answered for ${seconds} s.`
  );
}

export {
  loadLanguageModel,
  compile2 as compile,
  infer
};
//# sourceMappingURL=chunk-Y2IQCWWW.js.map