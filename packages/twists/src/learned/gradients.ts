import type * as Tfjs from "@tensorflow/tfjs-core";
import { EXTRA } from "./extra-rows.js";

export type Tf = typeof Tfjs;
type Tensor = Tfjs.Tensor;

/** What gradients are had of: the operations that the losses and the network are made of. */
type Registered = readonly [kernel: string, inputs: readonly string[], outputs: boolean, gradient: Tfjs.GradFunc];

/**
 * Makes TensorFlow.js differentiate. Its core comes without gradients; those of the few operations used here are given to it,
 * unless whoever loaded it has done so.
 */
export function withGradients(tf: Tf): Tf {
  for (const [kernelName, inputsToSave, outputs, gradFunc] of gradientsOf(tf)) {
    // Undefined where there is none, whatever its type says.
    if (tf.getGradient(kernelName) as unknown) continue;
    tf.registerGradient({
      kernelName,
      inputsToSave: [...inputsToSave],
      outputsToSave: outputs ? [true] : [],
      gradFunc,
    });
  }
  return tf;
}

function gradientsOf(tf: Tf): readonly Registered[] {
  return [
    [
      "Add",
      ["a", "b"],
      false,
      (dy, [a, b]) => ({ a: () => summed(tf, one(dy), a!), b: () => summed(tf, one(dy), b!) }),
    ],
    [
      "Sub",
      ["a", "b"],
      false,
      (dy, [a, b]) => ({ a: () => summed(tf, one(dy), a!), b: () => summed(tf, tf.neg(one(dy)), b!) }),
    ],
    [
      "Multiply",
      ["a", "b"],
      false,
      (dy, [a, b]) => ({
        a: () => summed(tf, tf.mul(one(dy), b!), a!),
        b: () => summed(tf, tf.mul(one(dy), a!), b!),
      }),
    ],
    ["Neg", [], false, (dy) => ({ x: () => tf.neg(one(dy)) })],
    ["Exp", [], true, (dy, [y]) => ({ x: () => tf.mul(one(dy), y!) })],
    ["Log", ["x"], false, (dy, [x]) => ({ x: () => tf.div(one(dy), x!) })],
    ["Relu", ["x"], false, (dy, [x]) => ({ x: () => tf.mul(one(dy), tf.step(x!)) })],
    ["Reshape", ["x"], false, (dy, [x]) => ({ x: () => tf.reshape(one(dy), x!.shape) })],
    [
      "BatchMatMul",
      ["a", "b"],
      false,
      (dy, [a, b]) => ({
        // Products with a transposed operand are slow on wasm; transposing is not.
        a: () => tf.matMul(one(dy), tf.transpose(b!)),
        b: () => tf.matMul(tf.transpose(a!), one(dy)),
      }),
    ],
    [
      "Sum",
      ["x"],
      false,
      (dy, [x], attributes) => {
        const { axis } = attributes as { axis?: number | readonly number[] };
        const axes = axis === undefined || axis === null ? x!.shape.map((_, i) => i) : [axis].flat();
        const kept = x!.shape.map((n, i) => (axes.includes(i) ? 1 : n));
        return { x: () => tf.mul(tf.reshape(one(dy), kept), tf.onesLike(x!)) };
      },
    ],
  ];
}

const one = (dy: Tensor | Tensor[]): Tensor => (Array.isArray(dy) ? dy[0]! : dy);

/** The gradient of something that was broadcast: summed over where it was repeated. */
function summed(tf: Tf, gradient: Tensor, like: Tensor): Tensor {
  let result = gradient;
  if (result.rank > like.rank) {
    result = tf.sum(
      result,
      Array.from({ length: result.rank - like.rank }, (_, i) => i),
    );
  }
  const repeated = like.shape.flatMap((n, i) => (n === 1 && result.shape[i] !== 1 ? [i] : []));
  if (repeated.length > 0) result = tf.sum(result, repeated, true);
  return tf.reshape(result, like.shape);
}

/** log Σ exp along an axis. What is −∞ is given as a number below −1e30, of which nothing comes and no gradient. */
export function logSumExp(tf: Tf, x: Tensor, axis: number): Tensor {
  // The result and its gradient do not depend on the shift.
  const shift = tf.tensor(
    tf.tidy(() => tf.max(x.clone(), axis, true).dataSync()),
    keptShape(x.shape, axis),
  );
  const sum = tf.sum(tf.exp(tf.sub(x, shift)), axis, true);
  const kept = tf.add(tf.log(sum), shift);
  return tf.reshape(
    kept,
    x.shape.filter((_, i) => i !== axis),
  );
}

const keptShape = (shape: readonly number[], axis: number): number[] => shape.map((n, i) => (i === axis ? 1 : n));

/** The tokens of a place that outputs are made for, and which of the vocabulary its arguments consist of. */
export interface Listed {
  readonly ids: Int32Array;
  readonly given: Uint8Array | null;
}

/**
 * x of the listed tokens of each place and of any other, one after the other (`TwistNetwork.outputs`), of its second layer:
 * places × rank. Plain loops: what is not listed is not looked at, and neither are units that are zero, to which no gradient
 * is given (`relu` would stop it).
 */
export function listedOutputs(
  tf: Tf,
  { state, out, bias }: { readonly state: Tensor; readonly out: Tensor; readonly bias: Tensor },
  places: readonly Listed[],
  vocabulary: number,
): Tfjs.Tensor1D {
  const rank = out.shape[1]!;
  const count = places.reduce((n, { ids }) => n + ids.length + 1, 0);
  const [rest, level, copied] = [vocabulary + EXTRA.rest, vocabulary + EXTRA.level, vocabulary + EXTRA.given];
  const apply = tf.customGrad((...inputs) => {
    const [h, u, c] = (inputs as Tensor[]).slice(0, 3).map((x) => x.dataSync() as Float32Array) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const active = new ActiveUnits(h, rank);
    const x = new Float32Array(count);
    for (let r = 0, at = 0; r < places.length; r++) {
      const { ids, given } = places[r]!;
      active.of(r);
      const all = active.dot(u, level) + c[level]!;
      const own = given === null ? 0 : active.dot(u, copied) + c[copied]!;
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i]!;
        x[at++] = active.dot(u, id) + c[id]! + (given !== null && given[id] === 1 ? all + own : all);
      }
      x[at++] = active.dot(u, rest) + c[rest]! + all;
    }
    return {
      value: tf.tensor1d(x),
      gradFunc: (dy: Tensor) => {
        const change = dy.dataSync() as Float32Array;
        const [dh, du, dc] = [new Float32Array(h.length), new Float32Array(u.length), new Float32Array(c.length)];
        const add = (row: number, d: number): void => {
          dc[row]! += d;
          active.addTo(du, u, row, d);
        };
        for (let r = 0, at = 0; r < places.length; r++) {
          const { ids, given } = places[r]!;
          active.of(r);
          let all = 0;
          let own = 0;
          for (let i = 0; i < ids.length; i++) {
            const d = change[at++]!;
            add(ids[i]!, d);
            all += d;
            if (given !== null && given[ids[i]!] === 1) own += d;
          }
          const d = change[at++]!;
          add(rest, d);
          add(level, all + d);
          if (given !== null) add(copied, own);
          active.writeTo(dh, r);
        }
        return [tf.tensor(dh, state.shape), tf.tensor(du, out.shape), tf.tensor(dc, bias.shape)];
      },
    };
  });
  return apply(state, out, bias) as Tfjs.Tensor1D;
}

/** The units of a place that are not zero, and the gradients that come to them. */
class ActiveUnits {
  private count = 0;
  private readonly units: Int32Array;
  private readonly values: Float64Array;
  private readonly gradients: Float64Array;

  constructor(
    private readonly states: Float32Array,
    private readonly rank: number,
  ) {
    this.units = new Int32Array(rank);
    this.values = new Float64Array(rank);
    this.gradients = new Float64Array(rank);
  }

  of(place: number): void {
    const { states, rank, units, values, gradients } = this;
    let count = 0;
    for (let j = 0, at = place * rank; j < rank; j++, at++) {
      if (states[at] === 0) continue;
      units[count] = j;
      values[count] = states[at]!;
      gradients[count++] = 0;
    }
    this.count = count;
  }

  dot(matrix: Float32Array, row: number): number {
    const { count, units, values, rank } = this;
    const start = row * rank;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[i]! * matrix[start + units[i]!]!;
    return sum;
  }

  /** The gradient d of `dot`, in the matrix and in the units. */
  addTo(changes: Float32Array, matrix: Float32Array, row: number, d: number): void {
    if (d === 0) return;
    const { count, units, values, gradients, rank } = this;
    const start = row * rank;
    for (let i = 0; i < count; i++) {
      const at = start + units[i]!;
      changes[at]! += d * values[i]!;
      gradients[i]! += d * matrix[at]!;
    }
  }

  writeTo(all: Float32Array, place: number): void {
    for (let i = 0; i < this.count; i++) all[place * this.rank + this.units[i]!] = this.gradients[i]!;
  }
}

/** Some numbers of a list. */
export function pick(tf: Tf, list: Tensor, places: Int32Array): Tfjs.Tensor1D {
  const apply = tf.customGrad((x) => {
    const from = (x as Tensor).dataSync();
    return {
      value: tf.tensor1d(Float32Array.from(places, (place) => from[place]!)),
      gradFunc: (dy: Tensor) => {
        const change = dy.dataSync();
        const back = new Float32Array(list.size);
        places.forEach((place, i) => (back[place]! += change[i]!));
        return tf.tensor1d(back);
      },
    };
  });
  return apply(list) as Tfjs.Tensor1D;
}

/** A tensor of a shape that has the numbers of a list in the given places, and zeros elsewhere. */
export function spread(tf: Tf, list: Tensor, places: Int32Array, shape: readonly [number, number]): Tfjs.Tensor2D {
  const put = tf.customGrad((x) => {
    const from = (x as Tensor).dataSync();
    const to = new Float32Array(shape[0] * shape[1]);
    places.forEach((place, i) => (to[place] = from[i]!));
    return {
      value: tf.tensor2d(to, [...shape]),
      gradFunc: (dy: Tensor) => {
        const change = dy.dataSync();
        return tf.tensor(
          Float32Array.from(places, (place) => change[place]!),
          list.shape,
        );
      },
    };
  });
  return put(list) as Tfjs.Tensor2D;
}

/** For each stretch of a list log Σ exp(added + list). `ends` of the stretches, which follow each other. */
export function stretchNormalisers(tf: Tf, list: Tensor, added: Float32Array, ends: Int32Array): Tfjs.Tensor1D {
  const apply = tf.customGrad((input) => {
    const from = (input as Tensor).dataSync();
    const result = new Float32Array(ends.length);
    ends.forEach((end, r) => {
      const start = r === 0 ? 0 : ends[r - 1]!;
      let most = -Infinity;
      for (let i = start; i < end; i++) most = Math.max(most, from[i]! + added[i]!);
      let sum = 0;
      for (let i = start; i < end; i++) sum += Math.exp(from[i]! + added[i]! - most);
      result[r] = most + Math.log(sum);
    });
    return {
      value: tf.tensor1d(result),
      gradFunc: (dy: Tensor) => {
        const change = dy.dataSync();
        const back = new Float32Array(list.size);
        ends.forEach((end, r) => {
          const d = change[r]!;
          if (d === 0) return;
          for (let i = r === 0 ? 0 : ends[r - 1]!; i < end; i++) {
            back[i] = d * Math.exp(from[i]! + added[i]! - result[r]!);
          }
        });
        return tf.tensor1d(back);
      },
    };
  });
  return apply(list) as Tfjs.Tensor1D;
}

/** log of the logistic function. */
export function logSigmoid(tf: Tf, x: Tensor): Tensor {
  const apply = tf.customGrad((input) => {
    const from = (input as Tensor).dataSync();
    return {
      value: tf.tensor(
        Float32Array.from(from, (v) => Math.min(v, 0) - Math.log1p(Math.exp(-Math.abs(v)))),
        x.shape,
      ),
      gradFunc: (dy: Tensor) =>
        tf.mul(
          dy,
          tf.tensor(
            Float32Array.from(from, (v) => 1 / (1 + Math.exp(v))),
            x.shape,
          ),
        ),
    };
  });
  return apply(x);
}
