import type { ModelStats } from "./model-stats.js";
import type { ChatTemplate } from "./chat-template.js";
import type { LogRow } from "./log-row.js";
import type { PrefixTree } from "./prefix-tree.js";
import type { TokenSurrogate } from "./twists/surrogate.js";
import type { Vocabulary } from "./vocabulary.js";

/** What a model can do, as data: programs and methods look here before they ask. */
export interface Capabilities {
  /** Answers the log-probabilities of the whole vocabulary, not of the likeliest tokens alone. */
  readonly fullDistribution: boolean;
  /** Tokens a context can have, the begin token included; null for no limit. */
  readonly maxContext: number | null;
  /** The same context gives the same bits whatever else is in the batch. */
  readonly deterministicBatches: boolean;
  /** Bits of a log-probability as computed: 32 or 64. */
  readonly precision: 32 | 64;
  /** Keeps what it computed for a prefix, so that a longer context costs only its new tokens. */
  readonly cachesPrefixes: boolean;
}

/**
 * A language model: log-probabilities of the next token, asynchronously and in batches. This is all a backend has to be;
 * `checkLanguageModel` tests the laws.
 */
export interface LanguageModel {
  readonly name: string;
  readonly vocabulary: Vocabulary;
  readonly capabilities: Capabilities;
  /** What the model has computed so far. The backend counts calls, tokens and time; sessions add what they saved. */
  readonly stats: ModelStats;
  /**
   * What stands in for the model to look ahead with, where there is such a thing: the model itself for small ones, else
   * what was distilled from it. `null` may be set in its place.
   */
  surrogate?: TokenSurrogate | null;
  /** How a conversation is written for this model; missing when it knows none. */
  readonly chatTemplate?: ChatTemplate;
  /**
   * For each context (token ids, the begin token included where the vocabulary has one) the log-probabilities of the next
   * token in nats: an n × V array, row by row. `-Infinity` is a probability of zero.
   * @throws LanguageModelError PGLM006 when a context is too long, PGLM015 after `dispose`.
   */
  logProbabilities(contexts: readonly Int32Array[]): Promise<Float32Array>;
  /**
   * For backends that keep state by prefix, or float64 rows: opens what one run evaluates with. Without it every context
   * goes through `logProbabilities`.
   */
  openEvaluator?(tree: PrefixTree): Evaluator;
  /**
   * Numbers in the hidden state that the network computes a row from; missing for models without one. Evaluators of a model
   * that has them answer `hidden`.
   */
  readonly hiddenSize?: number | null;
  /** The file that holds the weights; missing for models that are made of something else. */
  readonly weightsFile?: string;
  /**
   * A hash of all that decides its answers, for models without a file of weights that can say so; others without one are
   * known by what they answer to some contexts.
   */
  readonly digest?: string;
  /** Frees what the model holds. Later calls are refused. */
  dispose(): Promise<void>;
}

/** Evaluates nodes of one run's prefix tree. Calls never overlap. */
export interface Evaluator {
  /** A row for each node, in order. The nodes differ from each other. */
  rows(nodes: readonly number[]): readonly LogRow[] | Promise<readonly LogRow[]>;
  /** The rows of the nodes, each with its hidden state. The nodes differ from each other. */
  rowsWithHidden?(nodes: readonly number[]): Promise<readonly LogRow[]>;
  /** Bytes kept by prefix. */
  readonly bytes?: number;
}
