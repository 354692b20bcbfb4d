import {
  Fields,
  LanguageModelError,
  LogRow,
  ModelStats,
  PrefixTree,
  Vocabulary,
  encodeUtf8,
  malformed,
  readModelJson,
  refuseDisposed,
  tooLong
} from "./chunk-TLZDQAJ7.js";

// ../packages/lm/src/backends/onnx/onnx-config.ts
import { join } from "path";
function readOnnxConfig(folder) {
  const path = join(folder, "config.json");
  const file = new Fields(path, readModelJson(path));
  const vocabularySize = file.int("vocab_size", 1);
  const files = file.object("files");
  return {
    name: file.has("name") ? file.string("name") : folder,
    vocabularySize,
    layers: file.int("layers", 1),
    keyValueHeads: file.int("kv_heads", 1),
    headSize: file.int("head_dim", 1),
    context: file.int("context", 1),
    bosId: optionalId(path, file, "bos_id", vocabularySize),
    eosId: optionalId(path, file, "eos_id", vocabularySize),
    modelFile: join(folder, files.string("onnx")),
    tokenizerFile: join(folder, files.string("tokenizer")),
    chat: file.has("chat") ? chatTemplate(path, file.object("chat").only("roles", "answer")) : void 0
  };
}
function optionalId(path, file, key, size) {
  if (file.any(key) === null) return null;
  const id = file.int(key, 0);
  if (id >= size) throw malformed(path, `\`${key}\` is ${id}, but there are ${size} tokens`);
  return id;
}
function chatTemplate(path, chat) {
  const roles = chat.object("roles");
  const written = Object.fromEntries(roles.keys.map((role) => [role, roles.string(role)]));
  for (const [role, text] of Object.entries(written)) {
    if (!text.includes("{content}")) throw malformed(path, `\`chat.roles.${role}\` has no {content}`);
  }
  return { roles: written, answer: chat.string("answer") };
}

// ../packages/lm/src/backends/onnx/key-values.ts
var PAGE = 256;
var KeyValues = class {
  constructor(floats, budget) {
    this.floats = floats;
    this.budget = budget;
  }
  floats;
  budget;
  pages = [];
  free = [];
  slots = /* @__PURE__ */ new Map();
  get bytes() {
    return this.pages.length * PAGE * this.floats * 4;
  }
  has(node) {
    return this.slots.has(node);
  }
  /** Where the keys and values of a node are: `floats` numbers of `page` from `offset`. */
  find(node) {
    return this.place(this.slots.get(node));
  }
  /** Room for the keys and values of a node; what was there for it is overwritten. */
  reserve(node) {
    let slot = this.slots.get(node);
    if (slot === void 0) {
      if (this.free.length === 0) this.addPage();
      this.slots.set(node, slot = this.free.pop());
    }
    return this.place(slot);
  }
  /** Whether `more` positions fit into the budget. */
  fits(more) {
    return more <= this.free.length || this.bytes + Math.ceil((more - this.free.length) / PAGE) * PAGE * this.floats * 4 <= this.budget;
  }
  /** Keeps only nodes for which `keep` holds. */
  sweep(keep) {
    for (const [node, slot] of this.slots) {
      if (keep(node)) continue;
      this.slots.delete(node);
      this.free.push(slot);
    }
  }
  place(slot) {
    return { page: this.pages[Math.floor(slot / PAGE)], offset: slot % PAGE * this.floats };
  }
  addPage() {
    const first = this.pages.length * PAGE;
    this.pages.push(new Float32Array(PAGE * this.floats));
    for (let slot = first + PAGE - 1; slot >= first; slot--) this.free.push(slot);
  }
};

// ../packages/lm/src/backends/onnx/onnx-evaluator.ts
var KEY_VALUE_BUDGET = 512 * 2 ** 20;
var RECENT_BLOCKS = 2;
var RECENT_BYTES = 256 * 2 ** 20;
var MAX_BATCH_ROWS = 256;
var MAX_LOGIT_BYTES = 128 * 2 ** 20;
var OnnxEvaluator = class {
  constructor(model, tree) {
    this.model = model;
    this.tree = tree;
    this.kept = new KeyValues(model.floatsPerToken, KEY_VALUE_BUDGET);
  }
  model;
  tree;
  kept;
  recent = [];
  get bytes() {
    return this.recent.reduce((n, block) => n + block.keyValues.byteLength, this.kept.bytes);
  }
  async rows(nodes) {
    const wanted = /* @__PURE__ */ new Map();
    for (const node of nodes) wanted.set(node, null);
    if (wanted.has(0)) {
      throw new LanguageModelError(
        "PGLM012",
        `${this.model.name} has no begin token: it cannot say how a text begins.`,
        {
          hint: "Give the model a text to continue."
        }
      );
    }
    const { starts, children } = this.missing(nodes);
    for (let ready = starts; ready.length > 0; ) {
      const chains = ready.map((start) => this.chainFrom(start, children, wanted));
      for (const batch of this.batches(chains, wanted)) await this.compute(batch, wanted, nodes);
      ready = chains.flatMap((chain) => children.get(chain[chain.length - 1]) ?? []);
    }
    return nodes.map((node) => wanted.get(node));
  }
  /** What has to be computed: the nodes whose prefix is there, and for each node those to be computed after it. */
  missing(nodes) {
    const { tree, kept } = this;
    const needed = /* @__PURE__ */ new Set();
    for (const asked of nodes) {
      let node = asked;
      do {
        needed.add(node);
        node = tree.parent(node);
      } while (node > 0 && !needed.has(node) && !kept.has(node));
    }
    const starts = [];
    const children = /* @__PURE__ */ new Map();
    for (const node of needed) {
      const parent = tree.parent(node);
      if (!needed.has(parent)) starts.push(node);
      else if (children.has(parent)) children.get(parent).push(node);
      else children.set(parent, [node]);
    }
    return { starts, children };
  }
  chainFrom(start, children, wanted) {
    const chain = [start];
    for (let node = start; ; ) {
      const next = children.get(node);
      if (next?.length !== 1 || wanted.has(node) && !this.model.givesEveryPosition) return chain;
      chain.push(node = next[0]);
    }
  }
  /** Chains that are computed together: of similar length, so that little of the batch is padding. */
  batches(chains, wanted) {
    const byWidth = /* @__PURE__ */ new Map();
    for (const chain of chains) {
      const inner = chain.some((node, i) => i + 1 < chain.length && wanted.has(node));
      const key = `${Math.ceil(Math.log2(chain.length))} ${inner}`;
      const group = byWidth.get(key);
      if (group === void 0) byWidth.set(key, [chain]);
      else group.push(chain);
    }
    const batches = [];
    for (const [key, group] of byWidth) {
      const width = key.endsWith("true") ? 2 ** parseInt(key) : 1;
      const rows = Math.max(
        1,
        Math.min(MAX_BATCH_ROWS, Math.floor(MAX_LOGIT_BYTES / (4 * width * this.model.vocabulary.size)))
      );
      for (let i = 0; i < group.length; i += rows) batches.push(group.slice(i, i + rows));
    }
    return batches;
  }
  async compute(batch, wanted, asked) {
    const { model, tree } = this;
    const start = performance.now();
    const { chains, past, keyValues } = this.pastOf(batch);
    const rows = chains.length;
    const width = Math.max(...chains.map((c) => c.length));
    const span = past + width;
    const ids = new BigInt64Array(rows * width);
    const positions = new BigInt64Array(rows * width);
    const mask = new Float32Array(rows * width * span);
    const low = new Int32Array(ids.buffer);
    const place = new Int32Array(positions.buffer);
    let everyPosition = false;
    let tokens = 0;
    for (let r = 0; r < rows; r++) {
      const chain = chains[r];
      const known = tree.length(chain[0]) - 1;
      const pad = width - chain.length;
      tokens += chain.length;
      for (let j = 0; j < chain.length; j++) {
        const at = r * width + pad + j;
        low[2 * at] = tree.token(chain[j]);
        place[2 * at] = known + j;
        mask.fill(1, at * span + past - known, at * span + past);
        mask.fill(1, at * span + past + pad, at * span + past + pad + j + 1);
        if (j + 1 < chain.length && wanted.has(chain[j])) everyPosition = true;
      }
    }
    const answer = await model.run({ rows, width, past, ids, positions, mask, keyValues, everyPosition });
    const { size } = model.vocabulary;
    for (let r = 0; r < rows; r++) {
      const chain = chains[r];
      for (let j = 0; j < chain.length; j++) {
        if (!wanted.has(chain[j])) continue;
        const at = everyPosition ? r * width + (width - chain.length) + j : r;
        const logits = answer.logits.subarray(at * size, (at + 1) * size);
        wanted.set(chain[j], new LogRow(everyPosition ? logits.slice() : logits));
      }
    }
    this.keep(chains, tokens, answer.keyValues, span, asked);
    this.remember(chains, width, answer.keyValues, span);
    model.stats.count(tokens, start);
  }
  /**
   * The cached part of a batch. If its rows go on from exactly the rows of a recent evaluation, what that gave is used
   * as it is, and the rows take its order; else it is put together row by row.
   */
  pastOf(chains) {
    const { tree } = this;
    for (const block of this.recent) {
      if (block.rows !== chains.length) continue;
      const ordered = new Array(block.rows).fill(void 0);
      for (const chain of chains) {
        const row = block.rowOf.get(tree.parent(chain[0]));
        if (row !== void 0) ordered[row] = chain;
      }
      if (!ordered.includes(void 0))
        return { chains: ordered, past: block.length, keyValues: block.keyValues };
    }
    const past = Math.max(...chains.map((chain) => tree.length(chain[0]) - 1));
    return { chains, past, keyValues: this.gather(chains, past) };
  }
  gather(chains, past) {
    const { tree, model, kept } = this;
    const { layers, keyValueHeads: heads, headSize } = model.config;
    const lanes = 2 * layers;
    const rows = chains.length;
    const keyValues = new Float32Array(lanes * rows * heads * past * headSize);
    chains.forEach((chain, r) => {
      let node = tree.parent(chain[0]);
      const known = tree.length(chain[0]) - 1;
      const block = this.recent.find((b) => b.rowOf.has(node));
      if (block !== void 0) {
        const from = block.rowOf.get(node);
        for (let lane = 0; lane < lanes; lane++) {
          for (let head = 0; head < heads; head++) {
            const end = ((lane * block.rows + from) * heads + head + 1) * block.length * headSize;
            const target = ((lane * rows + r) * heads + head) * past * headSize + (past - known) * headSize;
            keyValues.set(block.keyValues.subarray(end - known * headSize, end), target);
          }
        }
        return;
      }
      for (let position = past - 1; position >= past - known; position--, node = tree.parent(node)) {
        const { page, offset } = kept.find(node);
        let source = offset;
        for (let lane = 0; lane < lanes; lane++) {
          for (let head = 0; head < heads; head++) {
            let target = (((lane * rows + r) * heads + head) * past + position) * headSize;
            for (let i = 0; i < headSize; i++) keyValues[target++] = page[source++];
          }
        }
      }
    });
    return keyValues;
  }
  /** Stores the keys and values of the new tokens by node. */
  keep(chains, tokens, present, span, asked) {
    const { kept, model } = this;
    if (!kept.fits(tokens)) this.sweep(asked);
    const { layers, keyValueHeads: heads, headSize } = model.config;
    const lanes = 2 * layers;
    const rows = chains.length;
    for (let r = 0; r < rows; r++) {
      const chain = chains[r];
      for (let j = 0; j < chain.length; j++) {
        const { page, offset } = kept.reserve(chain[j]);
        const position = span - chain.length + j;
        for (let part = 0, target = offset; part < lanes * heads; part++) {
          const lane = Math.floor(part / heads);
          let source = (((lane * rows + r) * heads + part % heads) * span + position) * headSize;
          for (const end = target + headSize; target < end; ) page[target++] = present[source++];
        }
      }
    }
  }
  /** Drops what is no prefix of what is being evaluated. */
  sweep(asked) {
    const alive = /* @__PURE__ */ new Set();
    for (const node of asked) for (let at = node; at > 0 && !alive.has(at); at = this.tree.parent(at)) alive.add(at);
    this.kept.sweep((node) => alive.has(node));
  }
  remember(chains, width, keyValues, span) {
    if (!chains.every((chain) => chain.length === width) || keyValues.byteLength > RECENT_BYTES) return;
    const rowOf = new Map(chains.map((chain, r) => [chain[chain.length - 1], r]));
    this.recent.unshift({ keyValues, rows: chains.length, length: span, rowOf });
    let bytes = 0;
    this.recent = this.recent.slice(0, RECENT_BLOCKS).filter((b) => (bytes += b.keyValues.byteLength) <= RECENT_BYTES);
  }
};

// ../packages/lm/src/backends/onnx/onnx-runtime.ts
import { readFile } from "fs/promises";
var loading;
function onnxRuntime() {
  return loading ??= loadOnnxRuntime(process.env["PGL_ONNX"]);
}
async function loadOnnxRuntime(wish) {
  switch (wish) {
    case void 0:
    case "":
      return await native().catch(() => null) ?? await web().catch(failed("onnxruntime-web", "Install @pgl/lm again."));
    case "web":
      return web().catch(failed("onnxruntime-web", "Install @pgl/lm again."));
    case "node":
      return native().catch(failed("onnxruntime-node", "Run: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node"));
    default:
      throw new LanguageModelError("PGLM012", `PGL_ONNX is \`node\` or \`web\`, not \`${wish}\`.`);
  }
}
async function native() {
  const runtime = namesOf(await import("onnxruntime-node"));
  return {
    name: "onnxruntime-node",
    Tensor: runtime.Tensor,
    open: (file) => runtime.InferenceSession.create(file, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: "all"
    })
  };
}
async function web() {
  const runtime = namesOf(await import("onnxruntime-web"));
  runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = "error";
  return {
    name: "onnxruntime-web",
    Tensor: runtime.Tensor,
    open: async (file) => runtime.InferenceSession.create(new Uint8Array(await readFile(file)), {
      executionProviders: ["wasm"],
      graphOptimizationLevel: "all"
    })
  };
}
function namesOf(loaded) {
  return loaded.default ?? loaded;
}
function failed(name, hint) {
  return (cause) => {
    throw new LanguageModelError("PGLM003", `${name} cannot be loaded: ${cause.message}`, { cause, hint });
  };
}

// ../packages/lm/src/backends/onnx/tokenizer.ts
import { createHash } from "crypto";
async function readTokenizer(path, size, special) {
  const json = readModelJson(path);
  const file = new Fields(path, json);
  const model = file.object("model");
  const names = new Array(size);
  const name = (content, id) => {
    if (!Number.isSafeInteger(id) || id < 0 || id >= size) {
      throw malformed(
        path,
        `the token ${JSON.stringify(content)} has the id ${String(id)}, but \`vocab_size\` is ${size}`
      );
    }
    names[id] = content;
  };
  const vocab = model.object("vocab");
  for (const content of vocab.keys) name(content, vocab.any(content));
  const added = addedTokens(path, file);
  for (const { content, id } of added) name(content, id);
  const labels = new Map(added.filter((t) => t.special).map((t) => [t.id, t.content]));
  for (const id of [special.bosId, special.eosId])
    if (id !== null && !labels.has(id)) labels.set(id, names[id] ?? `<special ${id}>`);
  const byteLevel = kinds(file.has("decoder") ? file.any("decoder") : null).has("ByteLevel");
  const textOfAdded = new Set(added.filter((t) => !t.special).map((t) => t.id));
  const tokens = names.map((content, id) => {
    if (content === void 0 || labels.has(id)) return null;
    if (textOfAdded.has(id)) return encodeUtf8(content);
    const bytes = byteLevel ? byteLevelBytes(content) : sentencePieceBytes(content);
    if (bytes === null)
      throw malformed(path, `the token ${JSON.stringify(content)} has characters outside the byte-level alphabet`);
    return bytes;
  });
  const { Tokenizer } = await import("@huggingface/tokenizers");
  const plain = { ...json, added_tokens: added.filter((t) => !t.special) };
  let tokenizer;
  try {
    tokenizer = new Tokenizer(plain, {});
  } catch (cause) {
    throw malformed(path, `the tokenizer cannot be built from it (${cause.message})`, cause);
  }
  return new Vocabulary({
    tokens,
    labels,
    eosId: special.eosId,
    bosId: special.bosId,
    encoding: createHash("sha256").update(JSON.stringify(plain)).digest("hex"),
    encode: (text) => {
      const ids = Array.from(tokenizer.encode(text, { add_special_tokens: false }).ids, Number);
      return spells(tokens, ids, encodeUtf8(text)) ? ids : null;
    }
  });
}
function spells(tokens, ids, text) {
  let at = 0;
  for (const id of ids) {
    const bytes = tokens[id];
    if (bytes === null || bytes === void 0) return false;
    for (const byte of bytes) if (text[at++] !== byte) return false;
  }
  return at === text.length;
}
function addedTokens(path, file) {
  if (!file.has("added_tokens")) return [];
  const list = file.any("added_tokens");
  if (!Array.isArray(list)) throw malformed(path, "`added_tokens` must be a list");
  return list.map((entry, i) => {
    const token = new Fields(path, entry, `added_tokens[${i}]`);
    return {
      ...entry,
      id: token.int("id", 0),
      content: token.string("content"),
      special: token.any("special") === true
    };
  });
}
function kinds(decoder) {
  if (typeof decoder !== "object" || decoder === null) return /* @__PURE__ */ new Set();
  const { type, decoders } = decoder;
  const found = new Set(typeof type === "string" ? [type] : []);
  if (Array.isArray(decoders)) for (const inner of decoders) for (const kind of kinds(inner)) found.add(kind);
  return found;
}
var byteOf = (() => {
  const table = /* @__PURE__ */ new Map();
  let extra = 256;
  for (let byte = 0; byte < 256; byte++) {
    const itself = byte >= 33 && byte <= 126 || byte >= 161 && byte <= 172 || byte >= 174;
    table.set(String.fromCharCode(itself ? byte : extra++), byte);
  }
  return table;
})();
function byteLevelBytes(content) {
  const bytes = Array.from(content, (c) => byteOf.get(c));
  return bytes.includes(void 0) ? null : Uint8Array.from(bytes);
}
function sentencePieceBytes(content) {
  const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(content);
  return byte === null ? encodeUtf8(content.replaceAll("\u2581", " ")) : Uint8Array.of(parseInt(byte[1], 16));
}

// ../packages/lm/src/backends/onnx/onnx-model.ts
var OnnxModel = class _OnnxModel {
  constructor(name, config, vocabulary, runtime, network) {
    this.name = name;
    this.config = config;
    this.vocabulary = vocabulary;
    this.runtime = runtime;
    this.network = network;
    this.chatTemplate = config.chat;
    this.capabilities = {
      fullDistribution: true,
      maxContext: config.context,
      // Matrix products of other shapes add up in another order.
      deterministicBatches: false,
      precision: 32,
      cachesPrefixes: true
    };
  }
  name;
  config;
  vocabulary;
  runtime;
  network;
  stats = new ModelStats();
  capabilities;
  chatTemplate;
  disposed = false;
  /**
   * Loads `config.json`, the tokenizer and the graph of a folder.
   * @throws LanguageModelError PGLM003 for missing files, PGLM004 for malformed ones.
   */
  static async load(folder) {
    const config = readOnnxConfig(folder);
    const vocabulary = await readTokenizer(config.tokenizerFile, config.vocabularySize, config);
    const runtime = await onnxRuntime();
    let network;
    try {
      network = await runtime.open(config.modelFile);
    } catch (cause) {
      throw malformed(config.modelFile, `${runtime.name} cannot load it (${cause.message})`, cause);
    }
    for (const input of ["ids", "pos", "mask", "past"]) {
      if (!network.inputNames.includes(input)) {
        throw malformed(config.modelFile, `it has no input \`${input}\` (it has ${network.inputNames.join(", ")})`);
      }
    }
    for (const output of ["logits", "present"]) {
      if (!network.outputNames.includes(output)) throw malformed(config.modelFile, `it has no output \`${output}\``);
    }
    return new _OnnxModel(config.name, config, vocabulary, runtime, network);
  }
  /** What evaluates it: `onnxruntime-node` or `onnxruntime-web`. */
  get engine() {
    return this.runtime.name;
  }
  /** Whether one evaluation gives the logits of every new position. */
  get givesEveryPosition() {
    return this.network.outputNames.includes("all_logits");
  }
  /** Floats of keys and values one position takes. */
  get floatsPerToken() {
    const { layers, keyValueHeads, headSize } = this.config;
    return 2 * layers * keyValueHeads * headSize;
  }
  /** One evaluation of the network. @throws LanguageModelError PGLM016 when the engine fails. */
  async run(batch) {
    refuseDisposed(this.name, this.disposed);
    const { Tensor } = this.runtime;
    const { layers, keyValueHeads, headSize } = this.config;
    const { rows, width, past } = batch;
    const logits = batch.everyPosition ? "all_logits" : "logits";
    let answer;
    try {
      answer = await this.network.run(
        {
          ids: new Tensor("int64", batch.ids, [rows, width]),
          pos: new Tensor("int64", batch.positions, [rows, width]),
          mask: new Tensor("float32", batch.mask, [rows, width, past + width]),
          past: new Tensor("float32", batch.keyValues, [2 * layers, rows, keyValueHeads, past, headSize])
        },
        [logits, "present"]
      );
    } catch (cause) {
      throw new LanguageModelError("PGLM016", `The engine failed on ${this.name}: ${cause.message}`, {
        cause,
        hint: "Check that config.json describes this graph; if memory ran out, use fewer particles."
      });
    }
    return { logits: answer[logits].data, keyValues: answer["present"].data };
  }
  async logProbabilities(contexts) {
    refuseDisposed(this.name, this.disposed);
    const { size } = this.vocabulary;
    for (const { length } of contexts)
      if (length > this.config.context) throw tooLong(this.name, length, this.config.context);
    const tree = new PrefixTree();
    const nodes = contexts.map((context) => tree.extend(0, context));
    const distinct = [...new Set(nodes)];
    const rows = await this.openEvaluator(tree).rows(distinct);
    const answer = new Float32Array(contexts.length * size);
    const places = new Map(distinct.map((node, i) => [node, i]));
    nodes.forEach((node, i) => answer.set(rows[places.get(node)].toFloat32Array(), i * size));
    return answer;
  }
  openEvaluator(tree) {
    return new OnnxEvaluator(this, tree);
  }
  async dispose() {
    if (this.disposed) return;
    this.disposed = true;
    await this.network.release();
  }
};

export {
  OnnxModel
};
//# sourceMappingURL=chunk-KNVDATEQ.js.map