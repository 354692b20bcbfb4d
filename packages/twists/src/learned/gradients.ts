import type * as Tfjs from "@tensorflow/tfjs-core";

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

/**
 * From a matrix the column numbered `columns[r]` for each r, as rows: columns.length × rows of the matrix. Plain loops: a
 * column is read where a product with an indicator would read the matrix.
 */
export function columnsOf(tf: Tf, matrix: Tensor, columns: Int32Array): Tfjs.Tensor2D {
  const [rows, width] = matrix.shape as [number, number];
  const gather = tf.customGrad((x) => {
    const from = (x as Tensor).dataSync();
    const to = new Float32Array(columns.length * rows);
    columns.forEach((column, r) => {
      for (let i = 0; i < rows; i++) to[r * rows + i] = from[i * width + column]!;
    });
    return {
      value: tf.tensor2d(to, [columns.length, rows]),
      gradFunc: (dy: Tensor) => {
        const change = dy.dataSync();
        const back = new Float32Array(rows * width);
        columns.forEach((column, r) => {
          for (let i = 0; i < rows; i++) back[i * width + column]! += change[r * rows + i]!;
        });
        return tf.tensor2d(back, [rows, width]);
      },
    };
  });
  return gather(matrix) as Tfjs.Tensor2D;
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

/** For each row of a matrix log Σ exp(added + row), in plain loops: one exponential an entry each way. */
export function rowNormalisers(tf: Tf, matrix: Tensor, added: ArrayLike<number>): Tensor {
  const [rows, width] = matrix.shape as [number, number];
  const apply = tf.customGrad((input) => {
    const from = (input as Tensor).dataSync();
    const result = new Float32Array(rows);
    for (let r = 0; r < rows; r++) {
      const start = r * width;
      let most = -Infinity;
      for (let i = start; i < start + width; i++) most = Math.max(most, from[i]! + added[i]!);
      let sum = 0;
      for (let i = start; i < start + width; i++) sum += Math.exp(from[i]! + added[i]! - most);
      result[r] = most + Math.log(sum);
    }
    return {
      value: tf.tensor1d(result),
      gradFunc: (dy: Tensor) => {
        const change = dy.dataSync();
        const back = new Float32Array(rows * width);
        for (let r = 0; r < rows; r++) {
          const d = change[r]!;
          if (d === 0) continue;
          for (let i = r * width; i < (r + 1) * width; i++) {
            back[i] = d * Math.exp(from[i]! + added[i]! - result[r]!);
          }
        }
        return tf.tensor2d(back, [rows, width]);
      },
    };
  });
  return apply(matrix);
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
