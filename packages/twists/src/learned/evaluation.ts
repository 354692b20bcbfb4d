import type * as Tfjs from "@tensorflow/tfjs-core";
import { ListedOutputs } from "./listed-outputs.js";
import {
  LEFT_FEATURES,
  leftFeatures,
  sizesOf,
  type ListedPlace,
  type ParameterName,
  type Parameters,
  type Place,
  type TwistNetwork,
} from "./network.js";

type Tf = typeof Tfjs;
type Matrix = Tfjs.Tensor2D;

/**
 * A network at many places at once, and its gradient. Products of matrices are TensorFlow.js's; its tensors are to be tidied up
 * by who asks.
 */
export class Evaluation {
  /** `TwistNetwork.outputs` of the places, one after the other. */
  readonly x: Float64Array;
  private readonly left: Matrix;
  private readonly read: Matrix;
  private readonly given: GivenArguments | null;
  private readonly one: Matrix;
  private readonly middle: Matrix;
  private readonly last: ListedOutputs;

  /**
   * @param described what the arguments of each set are
   * @param set for each place, the number of its arguments' set
   */
  constructor(
    private readonly tf: Tf,
    private readonly network: TwistNetwork,
    places: readonly ListedPlace[],
    described: readonly Float32Array[],
    set: readonly number[],
  ) {
    const { shape, parameters } = network;
    const rows = places.length;
    const features = places.flatMap(({ left }) => leftFeatures(left));
    this.left = tf.tensor2d(features, [rows, LEFT_FEATURES]);
    const read = whatIsRead(network, places);
    this.read = tf.tensor2d(read, [rows, read.length / rows]);
    this.given = shape.arguments > 0 ? new GivenArguments(tf, network, described, set) : null;
    let sum = tf.add<Matrix>(tf.matMul(this.left, tensorOf(tf, network, "left")), tensorOf(tf, network, "bias1"));
    sum = tf.add(sum, tf.matMul(this.read, tensorOf(tf, network, this.reader)));
    if (this.given !== null) sum = tf.add(sum, this.given.output());
    this.one = tf.relu(sum);
    this.middle = tensorOf(tf, network, "middle");
    const two = tf.relu(tf.add(tf.matMul(this.one, this.middle), tensorOf(tf, network, "bias2")));
    const tokens = described.map((d) => network.given(d));
    this.last = new ListedOutputs(
      { states: numbers(two), out: parameters.out, bias: parameters.bias3 },
      places.map(({ ids }, r) => ({ ids, given: tokens[set[r]!] ?? null })),
      shape.vocabulary,
    );
    this.x = this.last.x;
  }

  /** The gradient of Σ x·cotangents in the parameters, the cotangents held fixed. */
  gradients(cotangents: Float64Array): Parameters {
    const { tf, left, read, given, one, middle, last } = this;
    const { states, out, bias } = last.gradients(cotangents);
    const dTwo = tf.tensor2d(states, [one.shape[0], middle.shape[1]]);
    const dOne = tf.mul<Matrix>(productWithTransposed(tf, dTwo, middle), tf.step(one));
    return {
      state: NONE,
      tokens: NONE,
      [this.reader]: numbers(transposedProduct(tf, read, dOne)),
      left: numbers(transposedProduct(tf, left, dOne)),
      bias1: numbers(tf.sum(dOne, 0)),
      ...(given?.gradients(dOne) ?? { given: NONE, argument: NONE }),
      middle: numbers(transposedProduct(tf, one, dTwo)),
      bias2: numbers(tf.sum(dTwo, 0)),
      out,
      bias3: bias,
    };
  }

  /** The parameter that `whatIsRead` is multiplied by. */
  private get reader(): "state" | "tokens" {
    return this.network.shape.hidden > 0 ? "state" : "tokens";
  }
}

/** What the first layer has of the arguments of the places. */
class GivenArguments {
  private readonly described: Matrix;
  private readonly summaries: Matrix;
  private readonly argument: Matrix;
  /** Places × sets: 1 where the place is of the set. */
  private readonly which: Matrix;

  constructor(
    private readonly tf: Tf,
    network: TwistNetwork,
    described: readonly Float32Array[],
    set: readonly number[],
  ) {
    const size = network.shape.arguments;
    const all = new Float32Array(described.length * size);
    described.forEach((d, i) => all.set(d, i * size));
    this.described = tf.tensor2d(all, [described.length, size]);
    this.summaries = tf.matMul(this.described, tensorOf(tf, network, "given"));
    this.argument = tensorOf(tf, network, "argument");
    const which = new Float32Array(set.length * described.length);
    set.forEach((s, r) => (which[r * described.length + s] = 1));
    this.which = tf.tensor2d(which, [set.length, described.length]);
  }

  output(): Matrix {
    return this.tf.matMul(this.which, this.tf.matMul(this.summaries, this.argument));
  }

  gradients(dOutput: Matrix): Pick<Parameters, "given" | "argument"> {
    const { tf, described, summaries, argument, which } = this;
    const dSets = transposedProduct(tf, which, dOutput);
    return {
      given: numbers(transposedProduct(tf, described, productWithTransposed(tf, dSets, argument))),
      argument: numbers(transposedProduct(tf, summaries, dSets)),
    };
  }
}

/** The gradient of a parameter without numbers. */
const NONE = new Float32Array(0);

const tensorOf = (tf: Tf, { shape, parameters }: TwistNetwork, name: ParameterName): Matrix =>
  tf.tensor2d(parameters[name], [...sizesOf(shape)[name]]);

const numbers = (x: Tfjs.Tensor): Float32Array => x.dataSync() as Float32Array;

// Products with a transposed operand are slow on wasm; transposing is not.
const transposedProduct = (tf: Tf, a: Matrix, b: Matrix): Matrix => tf.matMul(tf.transpose(a), b);
const productWithTransposed = (tf: Tf, a: Matrix, b: Matrix): Matrix => tf.matMul(a, tf.transpose(b));

/** What the network reads of beginnings, a row for each: hidden states, or which tokens come last. */
function whatIsRead({ shape, scale }: TwistNetwork, places: readonly Place[]): Float32Array {
  const { window, vocabulary } = shape;
  const width = shape.hidden > 0 ? shape.hidden : window * vocabulary;
  const read = new Float32Array(places.length * width);
  places.forEach(({ hidden, recent }, r) => {
    const start = r * width;
    if (shape.hidden > 0) for (let i = 0; i < width; i++) read[start + i] = hidden![i]! * scale;
    else for (let k = 0; k < window && k < recent.length; k++) read[start + k * vocabulary + recent[k]!] = 1;
  });
  return read;
}
