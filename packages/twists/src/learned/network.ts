import { smallFloats } from "@pgl/lm";
import type { RandomSource } from "@pgl/runtime";
import { tokensGiven } from "./arguments.js";
import { EXTRA, EXTRAS } from "./extra-rows.js";

/** What a network is made for. */
export interface NetworkShape {
  /** Tokens of the vocabulary. */
  readonly vocabulary: number;
  /** Numbers of a hidden state; 0 for a model that gives none. */
  readonly hidden: number;
  /** Without hidden states: how many of the last tokens are read. */
  readonly window: number;
  /** Numbers that describe the program's arguments; 0 when there is one set of them. */
  readonly arguments: number;
}

/** Where a token is drawn, as the network sees it. */
export interface Place {
  readonly hidden: Float32Array | null;
  /** The last tokens, the last one first, as far as there are any. */
  readonly recent: readonly number[];
  /** Tokens that may still be drawn, the next one counted. */
  readonly left: number;
}

/** A place with the tokens that outputs of their own are wanted for. */
export interface ListedPlace extends Place {
  /** Ascending. */
  readonly ids: Int32Array;
}

/** Units of the two layers. The second is the rank of log ψ over the vocabulary. */
const WIDTH = 48;
const RANK = 32;
/** Numbers that arguments are mapped to. */
const SUMMARY = 24;
/** As if so many of the numbers that describe arguments counted: about as many as are not zero for a few strings. */
const GIVEN_ROWS = 64;
/** What the network reads of the number of tokens left. */
export const LEFT_FEATURES = 4;
export const leftFeatures = (left: number): readonly number[] => [
  left / 16,
  1 / left,
  left === 1 ? 1 : 0,
  left === 2 ? 1 : 0,
];

/**
 * log ψ of a beginning continued by each of some tokens, and by any other: a network of two small layers on the model's hidden
 * state of the beginning (or its last tokens), the tokens left and the program's arguments: h = relu(W2·relu(W1·[h, left, e]
 * + b1) + b2), x_v = (u_v + u_level + u_given·[v is a token of the arguments])·h + the same of c; a token that is not listed
 * has u_rest and c_rest in place of its own. At first x = 0. The model itself is not changed.
 */
export class TwistNetwork {
  private readonly one = new Float64Array(WIDTH);
  private readonly two = new Float64Array(RANK);
  private readonly active = new Int32Array(RANK);
  private readonly values = new Float64Array(RANK);
  private count = 0;

  constructor(
    readonly shape: NetworkShape,
    readonly parameters: Parameters,
    /** What hidden states are multiplied by first, so that they are about 1. */
    readonly scale: number,
  ) {}

  static begin(shape: NetworkShape, scale: number, random: RandomSource): TwistNetwork {
    const sizes = sizesOf(shape);
    const parameters = Object.fromEntries(
      parameterNames.map((name, i) => {
        const [rows, columns] = sizes[name];
        const values = new Float32Array(rows * columns);
        if (!STARTS_AT_ZERO.has(name)) {
          // Of the rows for tokens, one in a vocabulary counts.
          const counting = name === "tokens" ? shape.window : name === "given" ? GIVEN_ROWS : Math.max(1, rows);
          const spread = Math.sqrt(2 / counting);
          const stream = random.split(i);
          for (let at = 0; at < values.length; at++) values[at] = spread * gaussian(stream);
        }
        return [name, values];
      }),
    ) as Record<ParameterName, Float32Array>;
    return new TwistNetwork(shape, parameters, scale);
  }

  /** The summary of a set of arguments that the network reads; null when it reads none. */
  summary(described: Float32Array | null): Float64Array | null {
    const { shape, parameters } = this;
    if (shape.arguments === 0 || described === null) return null;
    const layer = new Float64Array(WIDTH);
    const e = new Float64Array(SUMMARY);
    for (let i = 0; i < described.length; i++) {
      const x = described[i]!;
      if (x !== 0) for (let j = 0; j < SUMMARY; j++) e[j]! += x * parameters.given[i * SUMMARY + j]!;
    }
    for (let i = 0; i < SUMMARY; i++)
      for (let j = 0; j < WIDTH; j++) layer[j]! += e[i]! * parameters.argument[i * WIDTH + j]!;
    return layer;
  }

  /** Which tokens the arguments of a program consist of; null when none are read. */
  given(described: Float32Array | null): Uint8Array | null {
    return this.shape.arguments === 0 || described === null ? null : tokensGiven(described, this.shape.vocabulary);
  }

  /**
   * x of each token that is listed, and after them of any other, in plain loops. A fresh array.
   * @param summary of `summary`
   * @param given of `given`
   */
  outputs(
    { hidden, recent, left, ids }: ListedPlace,
    summary: Float64Array | null,
    given: Uint8Array | null,
  ): Float64Array {
    const { shape, parameters: p, one, two } = this;
    for (let j = 0; j < WIDTH; j++) one[j] = p.bias1[j]! + (summary === null ? 0 : summary[j]!);
    if (shape.hidden > 0) addProduct(one, p.state, hidden!, this.scale);
    else {
      for (let k = 0; k < shape.window && k < recent.length; k++)
        addRow(one, p.tokens, (k * shape.vocabulary + recent[k]!) * WIDTH, 1);
    }
    const features = leftFeatures(left);
    for (let i = 0; i < LEFT_FEATURES; i++) if (features[i] !== 0) addRow(one, p.left, i * WIDTH, features[i]!);
    for (let j = 0; j < RANK; j++) two[j] = p.bias2[j]!;
    for (let j = 0; j < WIDTH; j++) if (one[j]! < 0) one[j] = 0;
    addProduct(two, p.middle, one, 1);
    this.rectify();
    const { vocabulary } = shape;
    const level = this.output(vocabulary + EXTRA.level);
    const copied = given === null ? 0 : this.output(vocabulary + EXTRA.given);
    const x = smallFloats(ids.length + 1);
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!;
      x[at] = this.output(id) + level + (given !== null && given[id] === 1 ? copied : 0);
    }
    x[ids.length] = this.output(vocabulary + EXTRA.rest) + level;
    return x;
  }

  /** Which units of the second layer are not zero. */
  private rectify(): void {
    const { two, active, values } = this;
    let count = 0;
    for (let j = 0; j < RANK; j++) {
      if (!(two[j]! > 0)) continue;
      active[count] = j;
      values[count++] = two[j]!;
    }
    this.count = count;
  }

  private output(row: number): number {
    const { active, values, count } = this;
    const { out, bias3 } = this.parameters;
    const start = row * RANK;
    let sum = bias3[row]!;
    for (let i = 0; i < count; i++) sum += values[i]! * out[start + active[i]!]!;
    return sum;
  }

  /** Moves the parameters a share of the way to those of another network. */
  approach({ parameters }: TwistNetwork, share: number): void {
    for (const name of parameterNames) {
      const [own, to] = [this.parameters[name], parameters[name]];
      for (let i = 0; i < own.length; i++) own[i]! += share * (to[i]! - own[i]!);
    }
  }

  /** An independent network with the same parameters. */
  copy(): TwistNetwork {
    const parameters = Object.fromEntries(
      parameterNames.map((name) => [name, this.parameters[name].slice()]),
    ) as Record<ParameterName, Float32Array>;
    return new TwistNetwork(this.shape, parameters, this.scale);
  }
}

function addRow(to: Float64Array, from: Float32Array, start: number, factor: number): void {
  for (let j = 0, at = start; j < to.length; j++, at++) to[j]! += factor * from[at]!;
}

/**
 * Adds the product of numbers, each times `scale`, and a matrix of a row for each. Eight rows in one pass: what is added to is
 * read and written once for them.
 */
function addProduct(to: Float64Array, rows: Float32Array, numbers: ArrayLike<number>, scale: number): void {
  const width = to.length;
  let i = 0;
  for (; i + 7 < numbers.length; i += 8) {
    const a = numbers[i]! * scale;
    const b = numbers[i + 1]! * scale;
    const c = numbers[i + 2]! * scale;
    const d = numbers[i + 3]! * scale;
    const e = numbers[i + 4]! * scale;
    const f = numbers[i + 5]! * scale;
    const g = numbers[i + 6]! * scale;
    const h = numbers[i + 7]! * scale;
    for (let j = 0, at = i * width; j < width; j++, at++) {
      to[j]! +=
        a * rows[at]! +
        b * rows[at + width]! +
        c * rows[at + 2 * width]! +
        d * rows[at + 3 * width]! +
        (e * rows[at + 4 * width]! + f * rows[at + 5 * width]! + g * rows[at + 6 * width]! + h * rows[at + 7 * width]!);
    }
  }
  for (; i < numbers.length; i++) addRow(to, rows, i * width, numbers[i]! * scale);
}

export const parameterNames = [
  "state",
  "tokens",
  "left",
  "bias1",
  "given",
  "argument",
  "middle",
  "bias2",
  "out",
  "bias3",
] as const;
export type ParameterName = (typeof parameterNames)[number];
/** Of each parameter its numbers, row-major; also what belongs to each, as a gradient. */
export type Parameters = Readonly<Record<ParameterName, Float32Array>>;

const STARTS_AT_ZERO: ReadonlySet<ParameterName> = new Set<ParameterName>(["bias1", "bias2", "bias3", "out"]);

/** Rows and columns of each parameter. */
export function sizesOf(shape: NetworkShape): Readonly<Record<ParameterName, readonly [number, number]>> {
  return {
    state: [shape.hidden, WIDTH],
    tokens: [shape.hidden > 0 ? 0 : shape.window * shape.vocabulary, WIDTH],
    left: [LEFT_FEATURES, WIDTH],
    bias1: [1, WIDTH],
    given: [shape.arguments, SUMMARY],
    argument: [shape.arguments > 0 ? SUMMARY : 0, WIDTH],
    middle: [WIDTH, RANK],
    bias2: [1, RANK],
    out: [shape.vocabulary + EXTRAS, RANK],
    bias3: [shape.vocabulary + EXTRAS, 1],
  };
}

/** Box–Muller. */
function gaussian(random: RandomSource): number {
  const u = 1 - random.uniform();
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.uniform());
}
