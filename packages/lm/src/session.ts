import type { Environment, Request, RequestHandler } from "@pgl/runtime";
import { LanguageModelError } from "./errors.js";
import type { Evaluator, LanguageModel } from "./language-model.js";
import { type LogRow, rowsOf } from "./log-row.js";
import { PrefixTree } from "./prefix-tree.js";
import { engineFor } from "./row-batch.js";
import { RowCache } from "./row-cache.js";
import { TokenDistribution, type TokenDraw } from "./token-distribution.js";

/** Bytes of rows one run keeps for one model. */
const ROW_BUDGET = 256 * 2 ** 20;
/** Rows of a path that are looked at together. */
const PATH_CHUNK = 64 * 2 ** 20;

/**
 * How a distribution over next tokens is made of a model's row: the row itself, tempered, cut …
 * For the token in place `at` of a path the law may be one of its own.
 */
export type TokenLaw<D extends TokenDraw = TokenDistribution> = (row: LogRow, at?: number) => D;

/** A given sequence of tokens to be scored. */
export interface Path {
  /** The node it starts after. */
  readonly start: number;
  readonly tokens: ArrayLike<number>;
  readonly law: TokenLaw<TokenDraw>;
}

/**
 * One model in one run: the prefix tree all particles share, and the rows known by now. A context is evaluated once
 * however many particles stand on it, and everything a population step asks goes to the model as one batch.
 */
export class ModelSession {
  readonly tree = new PrefixTree();
  private readonly cache = new RowCache(ROW_BUDGET);
  private readonly evaluator: Evaluator;
  /** Evaluations of nested runs come at the same time; an evaluator is asked one thing at a time. */
  private turn: Promise<unknown> | null = null;

  constructor(readonly model: LanguageModel) {
    this.evaluator = model.openEvaluator?.(this.tree) ?? new PlainEvaluator(model, this.tree);
  }

  /** Bytes the session holds: the tree, the rows, and what the backend keeps by prefix. */
  get bytes(): number {
    return this.tree.bytes + this.cache.bytes + (this.evaluator.bytes ?? 0);
  }

  /** The distribution of the model itself. */
  readonly plain: TokenLaw = (row) => TokenDistribution.of(this.model.vocabulary, row);

  /** The row of a node if it is known. */
  known(node: number): LogRow | undefined {
    const row = this.cache.get(node);
    if (row !== undefined) this.model.stats.cachedTokens += this.tree.length(node);
    return row;
  }

  /** What a frame asks to get the row of a node; the answer is a `LogRow`. */
  rowRequest(node: number): Request<LogRow> {
    return { handler: this.rowHandler, payload: node };
  }

  /** Whether the model gives hidden states: the numbers that a row is computed from, which say what comes next and more. */
  get givesHidden(): boolean {
    return (this.model.hiddenSize ?? null) !== null && this.evaluator.rowsWithHidden !== undefined;
  }

  /** The row of a node if it is known, not counted as a use of the model. */
  peek(node: number): LogRow | undefined {
    return this.cache.get(node);
  }

  /** The hidden state after a node's tokens if it is known. Not counted as a use of the model. */
  knownHidden(node: number): Float32Array | null {
    return this.cache.get(node)?.hidden ?? null;
  }

  /** What a frame asks to get the hidden state of a node. Fails with PGLM025 when the model gives none. */
  hiddenRequest(node: number): Request<Float32Array> {
    return { handler: this.hiddenHandler, payload: node };
  }

  /** The hidden state of each node, from what is known or by evaluating it. @throws LanguageModelError PGLM025 when there are none. */
  async hidden(nodes: readonly number[]): Promise<readonly Float32Array[]> {
    if (!this.givesHidden) {
      throw new LanguageModelError("PGLM025", `${this.model.name} gives no hidden states.`, {
        hint: "Models exported to ONNX with an output `hidden` do.",
      });
    }
    const wanted = [...new Set(nodes)].filter((node) => this.knownHidden(node) === null);
    const found = new Map<number, Float32Array>();
    if (wanted.length > 0) {
      wanted.forEach((node) => this.checkLength(node));
      const evaluation = (this.turn ?? Promise.resolve()).then(() => this.evaluator.rowsWithHidden!(wanted));
      const rows = await this.take(evaluation);
      wanted.forEach((node, i) => {
        const hidden = rows[i]!.hidden;
        if (hidden === null) throw new LanguageModelError("PGLM025", `${this.model.name} gives no hidden states.`);
        const known = this.cache.get(node);
        if (known === undefined) this.cache.set(node, rows[i]!);
        else known.hidden = hidden;
        found.set(node, hidden);
      });
    }
    return nodes.map((node) => found.get(node) ?? this.knownHidden(node)!);
  }

  /** What a frame asks to score given token sequences: for each path, the log-probability of each of its tokens. */
  pathRequest(paths: readonly Path[]): Request<readonly Float64Array[]> {
    return { handler: this.pathHandler, payload: paths };
  }

  /** A row for each node; nodes may repeat. */
  rows(nodes: readonly number[]): readonly LogRow[] | Promise<readonly LogRow[]> {
    if (this.turn === null) {
      const rows = this.evaluate(nodes);
      if (!(rows instanceof Promise)) return rows;
      return this.take(rows);
    }
    return this.take(this.turn.then(() => this.evaluate(nodes)));
  }

  /** For each path the log-probabilities of its tokens, in nats. */
  async scorePaths(paths: readonly Path[]): Promise<readonly Float64Array[]> {
    const scores = paths.map((p) => new Float64Array(p.tokens.length));
    const limit = Math.max(1, Math.floor(PATH_CHUNK / (4 * this.model.vocabulary.size)));
    const wanted: { path: Path; score: Float64Array; at: number; node: number }[] = [];
    const flush = async (): Promise<void> => {
      const rows = await this.rows(wanted.map((w) => w.node));
      wanted.forEach(({ path, score, at }, i) => (score[at] = path.law(rows[i]!, at).logProbability(path.tokens[at]!)));
      wanted.length = 0;
    };
    for (let i = 0; i < paths.length; i++) {
      const path = paths[i]!;
      let node = path.start;
      for (let at = 0; at < path.tokens.length; at++) {
        if (at > 0) node = this.tree.child(node, path.tokens[at - 1]!);
        wanted.push({ path, score: scores[i]!, at, node });
      }
      if (wanted.length >= limit) await flush();
    }
    if (wanted.length > 0) await flush();
    return scores;
  }

  private take(rows: Promise<readonly LogRow[]>): Promise<readonly LogRow[]> {
    const settled = rows.then(
      () => undefined,
      () => undefined,
    );
    this.turn = settled;
    void settled.then(() => {
      if (this.turn === settled) this.turn = null;
    });
    return rows;
  }

  private evaluate(nodes: readonly number[]): readonly LogRow[] | Promise<readonly LogRow[]> {
    const { tree, cache, model } = this;
    const rows = new Array<LogRow>(nodes.length);
    const fresh = new Map<number, number>();
    let asked = 0;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      const row = cache.get(node);
      asked += Math.max(1, tree.length(node));
      if (row !== undefined) rows[i] = row;
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
    const settle = (answers: readonly LogRow[]): readonly LogRow[] => {
      model.stats.cachedTokens += Math.max(0, asked - (model.stats.tokens - before));
      for (const [node, at] of fresh) cache.set(node, answers[at]!);
      for (let i = 0; i < nodes.length; i++) rows[i] ??= answers[fresh.get(nodes[i]!)!]!;
      return rows;
    };
    const answers = this.evaluator.rows([...fresh.keys()]);
    return answers instanceof Promise ? answers.then(settle) : settle(answers);
  }

  private checkLength(node: number): void {
    const { maxContext } = this.model.capabilities;
    const length = this.tree.length(node);
    if (maxContext !== null && length > maxContext) throw tooLong(this.model.name, length, maxContext);
  }

  private readonly rowHandler: RequestHandler<LogRow> = {
    name: "next token",
    answer: (payloads) => this.rows(payloads as readonly number[]) as LogRow[] | Promise<LogRow[]>,
  };

  private readonly hiddenHandler: RequestHandler<Float32Array> = {
    name: "hidden state",
    answer: (payloads) => this.hidden(payloads as readonly number[]) as Promise<Float32Array[]>,
  };

  private readonly pathHandler: RequestHandler<readonly Float64Array[]> = {
    name: "log-probability",
    answer: async (payloads) => {
      const questions = payloads as readonly (readonly Path[])[];
      const scores = await this.scorePaths(questions.flat());
      let at = 0;
      return questions.map((q) => scores.slice(at, (at += q.length)));
    },
  };
}

/** The error of a context that does not fit. */
export function tooLong(model: string, length: number, limit: number): LanguageModelError {
  return new LanguageModelError("PGLM006", `The context has ${length} tokens, but ${model} reads at most ${limit}.`, {
    hint: "Shorten the prompt, lower `max_tokens`, or use a model with a longer context.",
  });
}

/** Evaluates through `logProbabilities`: every context is sent whole. */
class PlainEvaluator implements Evaluator {
  constructor(
    private readonly model: LanguageModel,
    private readonly tree: PrefixTree,
  ) {}

  async rows(nodes: readonly number[]): Promise<readonly LogRow[]> {
    const { size } = this.model.vocabulary;
    const answer = await this.model.logProbabilities(nodes.map((node) => this.tree.last(node)));
    if (answer.length !== nodes.length * size) {
      throw new LanguageModelError(
        "PGLM007",
        `${this.model.name} answered ${answer.length} numbers for ${nodes.length} contexts of ${size} tokens.`,
      );
    }
    return rowsOf(answer, size, await engineFor(size));
  }
}

/** Something that stands for a model until a run says which one it is: an alias. */
export interface ModelReference {
  /** The model's session in the run. @throws RunError when the run has no such model. */
  session(environment: Environment): ModelSession;
}

const sessions = new WeakMap<object, Map<LanguageModel, ModelSession>>();

/** The session of a model in a run. Runs nested in it have the same services, and so share the session. */
export function sessionOf(model: LanguageModel, environment: Environment): ModelSession {
  let models = sessions.get(environment.services);
  if (models === undefined) sessions.set(environment.services, (models = new Map()));
  let session = models.get(model);
  if (session === undefined) models.set(model, (session = new ModelSession(model)));
  return session;
}
