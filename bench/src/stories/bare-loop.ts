import { join } from "node:path";
import * as onnx from "onnxruntime-node";

/** Shape of the network, as its config.json says. */
const LAYERS = 4;
const HEADS = 2;
const HEAD_SIZE = 32;
const VOCABULARY = 1024;
const EOS = 1;
const LANES = 2 * LAYERS;

/** What a loop did: the work must be the same as that of the program it is compared with. */
export interface Work {
  readonly calls: number;
  /** Tokens the network has read. */
  readonly tokens: number;
}

export interface BareOptions {
  /** The prompt's tokens, begin token first. */
  readonly prompt: readonly number[];
  readonly particles: number;
  readonly tokens: number;
  /** log-weight of a token, where the particles are to be weighted and resampled. */
  readonly weigh?: (token: number) => number;
}

/**
 * The model called by hand: one batched call a step for the contexts that differ, keys and values passed on from call to
 * call, one draw a particle. With `weigh` also systematic resampling when the ESS falls below half. Everything else a
 * program can do (traces, sessions, other control flow, streams of randomness) is missing.
 */
export class BareLoop {
  private constructor(private readonly network: onnx.InferenceSession) {}

  static async load(folder: string): Promise<BareLoop> {
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: "all" } as const;
    return new BareLoop(await onnx.InferenceSession.create(join(folder, "model.onnx"), options));
  }

  async run({ prompt, particles, tokens, weigh }: BareOptions): Promise<Work> {
    let calls = 1;
    let read = prompt.length;
    let { logits, present } = await this.call(prompt, 1, 0, new Float32Array(0));
    let rows = 1;
    let past = prompt.length;
    /** Where each particle stands: a row of the last call, or -1 when it has ended. */
    const at = new Int32Array(particles);
    const logWeights = new Float64Array(particles);
    const drawn = new Int32Array(particles);
    for (let step = 0; ; step++) {
      const cumulative = new Array<Float64Array | undefined>(rows);
      for (let i = 0; i < particles; i++) {
        if (at[i]! < 0) continue;
        drawn[i] = draw((cumulative[at[i]!] ??= sums(logits, at[i]!)));
        if (weigh !== undefined) logWeights[i]! += weigh(drawn[i]!);
        if (drawn[i] === EOS) at[i] = -1;
      }
      if (step + 1 === tokens) return { calls, tokens: read };
      if (weigh !== undefined) resample(logWeights, at, drawn);

      // The contexts that differ.
      const parents: number[] = [];
      const next: number[] = [];
      const rowOf = new Map<number, number>();
      for (let i = 0; i < particles; i++) {
        if (at[i]! < 0) continue;
        const key = at[i]! * VOCABULARY + drawn[i]!;
        let row = rowOf.get(key);
        if (row === undefined) {
          rowOf.set(key, (row = parents.length));
          parents.push(at[i]!);
          next.push(drawn[i]!);
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
  private async call(
    ids: readonly number[],
    rows: number,
    past: number,
    keyValues: Float32Array,
  ): Promise<{ logits: Float32Array; present: Float32Array }> {
    const width = ids.length / rows;
    const mask = new Float32Array(rows * width * (past + width)).fill(1);
    if (rows === 1)
      for (let j = 0; j < width; j++) mask.fill(0, j * (past + width) + past + j + 1, (j + 1) * (past + width));
    const answer = await this.network.run(
      {
        ids: new onnx.Tensor("int64", BigInt64Array.from(ids, BigInt), [rows, width]),
        pos: new onnx.Tensor(
          "int64",
          BigInt64Array.from(ids, (_, i) => BigInt(past + (i % width))),
          [rows, width],
        ),
        mask: new onnx.Tensor("float32", mask, [rows, width, past + width]),
        past: new onnx.Tensor("float32", keyValues, [LANES, rows, HEADS, past, HEAD_SIZE]),
      },
      ["logits", "present"],
    );
    return { logits: answer["logits"]!.data as Float32Array, present: answer["present"]!.data as Float32Array };
  }
}

/** Keys and values of `parents`, in their order. */
function gather(present: Float32Array, rows: number, parents: readonly number[], length: number): Float32Array {
  const block = HEADS * length * HEAD_SIZE;
  const gathered = new Float32Array(LANES * parents.length * block);
  for (let lane = 0; lane < LANES; lane++) {
    for (let row = 0; row < parents.length; row++) {
      const from = (lane * rows + parents[row]!) * block;
      gathered.set(present.subarray(from, from + block), (lane * parents.length + row) * block);
    }
  }
  return gathered;
}

/** Running totals of a row's weights. */
function sums(logits: Float32Array, row: number): Float64Array {
  const start = row * VOCABULARY;
  let max = -Infinity;
  for (let v = 0; v < VOCABULARY; v++) if (logits[start + v]! > max) max = logits[start + v]!;
  const totals = new Float64Array(VOCABULARY);
  let total = 0;
  for (let v = 0; v < VOCABULARY; v++) totals[v] = total += Math.exp(logits[start + v]! - max);
  return totals;
}

function draw(totals: Float64Array): number {
  const target = Math.random() * totals[VOCABULARY - 1]!;
  let low = 0;
  let high = VOCABULARY - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (totals[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Systematic, when the ESS is below half. */
function resample(logWeights: Float64Array, at: Int32Array, drawn: Int32Array): void {
  const n = logWeights.length;
  const max = logWeights.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logWeights.map((w) => Math.exp(w - max));
  const total = weights.reduce((a, b) => a + b, 0);
  const squares = weights.reduce((a, w) => a + w * w, 0);
  if ((total * total) / squares >= n / 2) return;
  const offset = Math.random();
  const [oldAt, oldDrawn] = [at.slice(), drawn.slice()];
  let sum = weights[0]!;
  for (let j = 0, i = 0; j < n; j++) {
    while (i < n - 1 && sum <= ((j + offset) * total) / n) sum += weights[++i]!;
    at[j] = oldAt[i]!;
    drawn[j] = oldDrawn[i]!;
  }
  logWeights.fill(0);
}
