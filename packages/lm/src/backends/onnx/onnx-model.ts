import type { InferenceSession, Tensor } from "onnxruntime-common";
import { LanguageModelError, refuseDisposed } from "../../errors.js";
import type { Capabilities, LanguageModel } from "../../language-model.js";
import { ModelStats } from "../../model-stats.js";
import { malformed } from "../../model-file.js";
import { PrefixTree } from "../../prefix-tree.js";
import { tooLong } from "../../session.js";
import type { Vocabulary } from "../../vocabulary.js";
import type { ChatTemplate } from "../../chat-template.js";
import { type OnnxConfig, readOnnxConfig } from "./onnx-config.js";
import { OnnxEvaluator } from "./onnx-evaluator.js";
import { onnxRuntime, type OnnxRuntime } from "./onnx-runtime.js";
import { readTokenizer } from "./tokenizer.js";

/** Rows whose tokens go through the network together. */
export interface OnnxBatch {
  readonly rows: number;
  /** New tokens a row, padding included. */
  readonly width: number;
  /** Cached positions a row, padding included. */
  readonly past: number;
  /** rows × width. */
  readonly ids: BigInt64Array;
  /** rows × width: the position of each token in its context. */
  readonly positions: BigInt64Array;
  /** rows × width × (past + width): 1 where the token may look. */
  readonly mask: Float32Array;
  /** 2 · layers × rows × heads × past × head size. */
  readonly keyValues: Float32Array;
  /** Whether logits of every position are wanted, or of the last alone. */
  readonly everyPosition: boolean;
}

/** What comes back: logits, and the keys and values of cached and new positions. */
export interface OnnxAnswer {
  /** rows × vocabulary, or rows × width × vocabulary. */
  readonly logits: Float32Array;
  readonly keyValues: Float32Array;
  /** rows × `hiddenSize`: of the last position, which the logits there were computed from; null where the graph gives none. */
  readonly hidden: Float32Array | null;
}

/**
 * A llama-style model exported to ONNX with a key-value cache. The graph takes `ids` and `pos` (int64 [n, t]), `mask`
 * (float32 [n, t, p + t], 1 = may look) and `past` (float32 [2 · layers, n, kv heads, p, head size]), and gives `logits`
 * (float32 [n, V], last position), `present` (as `past`, p + t long) and, where it can, `all_logits` ([n, t, V]) and `hidden`
 * ([n, d]: what the last position's logits are computed from).
 */
export class OnnxModel implements LanguageModel {
  readonly stats = new ModelStats();
  readonly capabilities: Capabilities;
  readonly chatTemplate?: ChatTemplate;
  private disposed = false;

  private constructor(
    readonly name: string,
    readonly config: OnnxConfig,
    readonly vocabulary: Vocabulary,
    private readonly runtime: OnnxRuntime,
    private readonly network: InferenceSession,
  ) {
    this.chatTemplate = config.chat;
    this.capabilities = {
      fullDistribution: true,
      maxContext: config.context,
      // Matrix products of other shapes add up in another order.
      deterministicBatches: false,
      precision: 32,
      cachesPrefixes: true,
    };
  }

  /**
   * Loads `config.json`, the tokenizer and the graph of a folder.
   * @throws LanguageModelError PGLM003 for missing files, PGLM004 for malformed ones.
   */
  static async load(folder: string): Promise<OnnxModel> {
    const config = readOnnxConfig(folder);
    const vocabulary = await readTokenizer(config.tokenizerFile, config.vocabularySize, config);
    const runtime = await onnxRuntime();
    let network: InferenceSession;
    try {
      network = await runtime.open(config.modelFile);
    } catch (cause) {
      throw malformed(config.modelFile, `${runtime.name} cannot load it (${(cause as Error).message})`, cause);
    }
    for (const input of ["ids", "pos", "mask", "past"]) {
      if (!network.inputNames.includes(input)) {
        throw malformed(config.modelFile, `it has no input \`${input}\` (it has ${network.inputNames.join(", ")})`);
      }
    }
    for (const output of ["logits", "present"]) {
      if (!network.outputNames.includes(output)) throw malformed(config.modelFile, `it has no output \`${output}\``);
    }
    return new OnnxModel(config.name, config, vocabulary, runtime, network);
  }

  /** What evaluates it: `onnxruntime-node` or `onnxruntime-web`. */
  get engine(): string {
    return this.runtime.name;
  }

  /** Whether one evaluation gives the logits of every new position. */
  get givesEveryPosition(): boolean {
    return this.network.outputNames.includes("all_logits");
  }

  get weightsFile(): string {
    return this.config.modelFile;
  }

  /** Null where the graph gives no hidden states. */
  get hiddenSize(): number | null {
    return this.network.outputNames.includes("hidden") ? this.config.hiddenSize : null;
  }

  /** Floats of keys and values one position takes. */
  get floatsPerToken(): number {
    const { layers, keyValueHeads, headSize } = this.config;
    return 2 * layers * keyValueHeads * headSize;
  }

  /** One evaluation of the network. @throws LanguageModelError PGLM016 when the engine fails. */
  async run(batch: OnnxBatch): Promise<OnnxAnswer> {
    refuseDisposed(this.name, this.disposed);
    const { Tensor } = this.runtime;
    const { layers, keyValueHeads, headSize } = this.config;
    const { rows, width, past } = batch;
    const logits = batch.everyPosition ? "all_logits" : "logits";
    let answer: Readonly<Record<string, Tensor>>;
    try {
      answer = await this.network.run(
        {
          ids: new Tensor("int64", batch.ids, [rows, width]),
          pos: new Tensor("int64", batch.positions, [rows, width]),
          mask: new Tensor("float32", batch.mask, [rows, width, past + width]),
          past: new Tensor("float32", batch.keyValues, [2 * layers, rows, keyValueHeads, past, headSize]),
        },
        this.network.outputNames.includes("hidden") ? [logits, "present", "hidden"] : [logits, "present"],
      );
    } catch (cause) {
      throw new LanguageModelError("PGLM016", `The engine failed on ${this.name}: ${(cause as Error).message}`, {
        cause,
        hint: "Check that config.json describes this graph; if memory ran out, use fewer particles.",
      });
    }
    return {
      logits: answer[logits]!.data as Float32Array,
      keyValues: answer["present"]!.data as Float32Array,
      hidden: (answer["hidden"]?.data as Float32Array | undefined) ?? null,
    };
  }

  async logProbabilities(contexts: readonly Int32Array[]): Promise<Float32Array> {
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
    nodes.forEach((node, i) => answer.set(rows[places.get(node)!]!.toFloat32Array(), i * size));
    return answer;
  }

  openEvaluator(tree: PrefixTree): OnnxEvaluator {
    return new OnnxEvaluator(this, tree);
  }

  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    await this.network.release();
  }
}
