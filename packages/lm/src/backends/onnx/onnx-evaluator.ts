import { LanguageModelError } from "../../errors.js";
import type { Evaluator } from "../../language-model.js";
import { LogRow } from "../../log-row.js";
import { RowBatch, engineFor } from "../../row-batch.js";
import type { PrefixTree } from "../../prefix-tree.js";
import { KeyValues } from "./key-values.js";
import type { OnnxModel } from "./onnx-model.js";

/** Bytes of keys and values kept by node. */
const KEY_VALUE_BUDGET = 512 * 2 ** 20;
/** Outputs of recent evaluations kept whole, because the next step usually goes on from all their rows. */
const RECENT_BLOCKS = 2;
const RECENT_BYTES = 256 * 2 ** 20;
const MAX_BATCH_ROWS = 256;
/** Bytes of logits one evaluation may give. */
const MAX_LOGIT_BYTES = 128 * 2 ** 20;

/** Tokens to be computed one after the other: each is the parent of the next. */
type Chain = readonly number[];

/** Keys and values of the contexts of one evaluation, each at the right end of its row. */
interface Block {
  readonly keyValues: Float32Array;
  readonly rows: number;
  readonly length: number;
  /** By the context's node. */
  readonly rowOf: ReadonlyMap<number, number>;
}

/**
 * Evaluates nodes of a prefix tree with a network that caches keys and values: no token of the tree is computed twice
 * (unless the budget drops it), shared prefixes are computed once, and what is asked together is computed in batches of
 * left-padded rows.
 */
export class OnnxEvaluator implements Evaluator {
  private readonly kept: KeyValues;
  private recent: Block[] = [];

  constructor(
    private readonly model: OnnxModel,
    private readonly tree: PrefixTree,
  ) {
    this.kept = new KeyValues(model.floatsPerToken, KEY_VALUE_BUDGET);
  }

  get bytes(): number {
    return this.recent.reduce((n, block) => n + block.keyValues.byteLength, this.kept.bytes);
  }

  rows(nodes: readonly number[]): Promise<readonly LogRow[]> {
    return this.evaluate(nodes, this.model.givesEveryPosition);
  }

  /** Hidden states are those of last positions: no node is computed on the way to another. */
  rowsWithHidden(nodes: readonly number[]): Promise<readonly LogRow[]> {
    return this.evaluate(nodes, false);
  }

  private async evaluate(nodes: readonly number[], everyPosition: boolean): Promise<readonly LogRow[]> {
    const wanted = new Map<number, LogRow | null>();
    for (const node of nodes) wanted.set(node, null);
    if (wanted.has(0)) {
      throw new LanguageModelError(
        "PGLM012",
        `${this.model.name} has no begin token: it cannot say how a text begins.`,
        {
          hint: "Give the model a text to continue.",
        },
      );
    }
    const { starts, children } = this.missing(nodes);
    for (let ready = starts; ready.length > 0;) {
      const chains = ready.map((start) => this.chainFrom(start, children, wanted, everyPosition));
      for (const batch of this.batches(chains, wanted)) await this.compute(batch, wanted, nodes);
      ready = chains.flatMap((chain) => children.get(chain[chain.length - 1]!) ?? []);
    }
    return nodes.map((node) => wanted.get(node)!);
  }

  /** What has to be computed: the nodes whose prefix is there, and for each node those to be computed after it. */
  private missing(nodes: readonly number[]): { starts: number[]; children: Map<number, number[]> } {
    const { tree, kept } = this;
    const needed = new Set<number>();
    for (const asked of nodes) {
      let node = asked;
      do {
        needed.add(node);
        node = tree.parent(node);
      } while (node > 0 && !needed.has(node) && !kept.has(node));
    }
    const starts: number[] = [];
    const children = new Map<number, number[]>();
    for (const node of needed) {
      const parent = tree.parent(node);
      if (!needed.has(parent)) starts.push(node);
      else if (children.has(parent)) children.get(parent)!.push(node);
      else children.set(parent, [node]);
    }
    return { starts, children };
  }

  private chainFrom(
    start: number,
    children: ReadonlyMap<number, number[]>,
    wanted: ReadonlyMap<number, unknown>,
    everyPosition: boolean,
  ): Chain {
    const chain = [start];
    for (let node = start; ;) {
      const next = children.get(node);
      if (next?.length !== 1 || (wanted.has(node) && !everyPosition)) return chain;
      chain.push((node = next[0]!));
    }
  }

  /** Chains that are computed together: of similar length, so that little of the batch is padding. */
  private batches(chains: readonly Chain[], wanted: ReadonlyMap<number, unknown>): Chain[][] {
    const byWidth = new Map<string, Chain[]>();
    for (const chain of chains) {
      const inner = chain.some((node, i) => i + 1 < chain.length && wanted.has(node));
      // Powers of two; steps of one token, the usual case, are never padded.
      const key = `${Math.ceil(Math.log2(chain.length))} ${inner}`;
      const group = byWidth.get(key);
      if (group === undefined) byWidth.set(key, [chain]);
      else group.push(chain);
    }
    const batches: Chain[][] = [];
    for (const [key, group] of byWidth) {
      const width = key.endsWith("true") ? 2 ** parseInt(key) : 1;
      const rows = Math.max(
        1,
        Math.min(MAX_BATCH_ROWS, Math.floor(MAX_LOGIT_BYTES / (4 * width * this.model.vocabulary.size))),
      );
      for (let i = 0; i < group.length; i += rows) batches.push(group.slice(i, i + rows));
    }
    return batches;
  }

  private async compute(
    batch: readonly Chain[],
    wanted: Map<number, LogRow | null>,
    asked: readonly number[],
  ): Promise<void> {
    const { model, tree } = this;
    const start = performance.now();
    const { chains, past, keyValues } = this.pastOf(batch);
    const rows = chains.length;
    const width = Math.max(...chains.map((c) => c.length));
    const span = past + width;
    const ids = new BigInt64Array(rows * width);
    const positions = new BigInt64Array(rows * width);
    const mask = new Float32Array(rows * width * span);
    // Ids and positions fit into the low halves: no big integers have to be made.
    const low = new Int32Array(ids.buffer);
    const place = new Int32Array(positions.buffer);
    let everyPosition = false;
    let tokens = 0;
    for (let r = 0; r < rows; r++) {
      const chain = chains[r]!;
      const known = tree.length(chain[0]!) - 1;
      const pad = width - chain.length;
      tokens += chain.length;
      for (let j = 0; j < chain.length; j++) {
        const at = r * width + pad + j;
        low[2 * at] = tree.token(chain[j]!);
        place[2 * at] = known + j;
        mask.fill(1, at * span + past - known, at * span + past);
        mask.fill(1, at * span + past + pad, at * span + past + pad + j + 1);
        if (j + 1 < chain.length && wanted.has(chain[j]!)) everyPosition = true;
      }
    }
    const answer = await model.run({ rows, width, past, ids, positions, mask, keyValues, everyPosition });
    const { size } = model.vocabulary;
    const engine = everyPosition ? null : await engineFor(size);
    const together = engine === null ? null : new RowBatch(answer.logits, size, engine);
    for (let r = 0; r < rows; r++) {
      const chain = chains[r]!;
      for (let j = 0; j < chain.length; j++) {
        if (!wanted.has(chain[j]!)) continue;
        const at = everyPosition ? r * width + (width - chain.length) + j : r;
        const logits = answer.logits.subarray(at * size, (at + 1) * size);
        // A view keeps the whole array; of the logits of every position only a few may be wanted.
        const row = everyPosition ? new LogRow(logits.slice()) : new LogRow(logits, false, together, r);
        if (answer.hidden !== null && j + 1 === chain.length) {
          const size = answer.hidden.length / rows;
          row.hidden = answer.hidden.subarray(r * size, (r + 1) * size);
        }
        wanted.set(chain[j]!, row);
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
  private pastOf(chains: readonly Chain[]): { chains: readonly Chain[]; past: number; keyValues: Float32Array } {
    const { tree } = this;
    for (const block of this.recent) {
      if (block.rows !== chains.length) continue;
      const ordered = new Array<Chain | undefined>(block.rows).fill(undefined);
      for (const chain of chains) {
        const row = block.rowOf.get(tree.parent(chain[0]!));
        if (row !== undefined) ordered[row] = chain;
      }
      if (!ordered.includes(undefined))
        return { chains: ordered as Chain[], past: block.length, keyValues: block.keyValues };
    }
    const past = Math.max(...chains.map((chain) => tree.length(chain[0]!) - 1));
    return { chains, past, keyValues: this.gather(chains, past) };
  }

  private gather(chains: readonly Chain[], past: number): Float32Array {
    const { tree, model, kept } = this;
    const { layers, keyValueHeads: heads, headSize } = model.config;
    const lanes = 2 * layers;
    const rows = chains.length;
    const keyValues = new Float32Array(lanes * rows * heads * past * headSize);
    chains.forEach((chain, r) => {
      let node = tree.parent(chain[0]!);
      const known = tree.length(chain[0]!) - 1;
      const block = this.recent.find((b) => b.rowOf.has(node));
      if (block !== undefined) {
        const from = block.rowOf.get(node)!;
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
            for (let i = 0; i < headSize; i++) keyValues[target++] = page[source++]!;
          }
        }
      }
    });
    return keyValues;
  }

  /** Stores the keys and values of the new tokens by node. */
  private keep(
    chains: readonly Chain[],
    tokens: number,
    present: Float32Array,
    span: number,
    asked: readonly number[],
  ): void {
    const { kept, model } = this;
    if (!kept.fits(tokens)) this.sweep(asked);
    const { layers, keyValueHeads: heads, headSize } = model.config;
    const lanes = 2 * layers;
    const rows = chains.length;
    for (let r = 0; r < rows; r++) {
      const chain = chains[r]!;
      for (let j = 0; j < chain.length; j++) {
        const { page, offset } = kept.reserve(chain[j]!);
        const position = span - chain.length + j;
        for (let part = 0, target = offset; part < lanes * heads; part++) {
          const lane = Math.floor(part / heads);
          let source = (((lane * rows + r) * heads + (part % heads)) * span + position) * headSize;
          for (const end = target + headSize; target < end;) page[target++] = present[source++]!;
        }
      }
    }
  }

  /** Drops what is no prefix of what is being evaluated. */
  private sweep(asked: readonly number[]): void {
    const alive = new Set<number>();
    for (const node of asked) for (let at = node; at > 0 && !alive.has(at); at = this.tree.parent(at)) alive.add(at);
    this.kept.sweep((node) => alive.has(node));
  }

  private remember(chains: readonly Chain[], width: number, keyValues: Float32Array, span: number): void {
    // Padding inside a row would have to be masked for ever.
    if (!chains.every((chain) => chain.length === width) || keyValues.byteLength > RECENT_BYTES) return;
    const rowOf = new Map(chains.map((chain, r) => [chain[chain.length - 1]!, r]));
    this.recent.unshift({ keyValues, rows: chains.length, length: span, rowOf });
    let bytes = 0;
    this.recent = this.recent.slice(0, RECENT_BLOCKS).filter((b) => (bytes += b.keyValues.byteLength) <= RECENT_BYTES);
  }
}
