import { keySymbol, equalsSymbol, jsonSymbol, show, showSymbol } from "../values.js";
import { LostDerivativeError } from "./lost.js";

/**
 * A record of a computation for reverse-mode differentiation (Griewank & Walther, Evaluating Derivatives, 2008, ch. 3):
 * numbered values, and for each the values it was made from with the partial derivatives. Values that do not depend on an
 * input are plain numbers and leave no record. The nodes are columns of numbers, so that a tape that is used again for
 * the next evaluation makes no garbage of its own.
 */
export class Tape {
  /** Where each node's edges begin; one entry more than there are nodes. */
  private starts = new Int32Array(256);
  private sources = new Int32Array(512);
  private partials = new Float64Array(512);
  private adjoints = new Float64Array(256);
  /** How many values are recorded. */
  size = 0;
  private edges = 0;

  /** Forgets everything: values made before must not be used any more. */
  reset(): void {
    this.size = 0;
    this.edges = 0;
  }

  /** An input: a value that others are differentiated by. */
  input(value: number): Real {
    return this.close(value);
  }

  /** A value made from one other. */
  unary(value: number, a: Real, da: number): Real {
    this.edge(a, da);
    return this.close(value);
  }

  /** A value made from two others. */
  binary(value: number, a: Real, da: number, b: Real, db: number): Real {
    this.edge(a, da);
    this.edge(b, db);
    return this.close(value);
  }

  /** Adds a source of the value that the next `close` records. `partial` is the derivative of that value by `source`. */
  edge(source: Real, partial: number): void {
    if (this.edges === this.sources.length) {
      this.sources = grown(this.sources, Int32Array);
      this.partials = grown(this.partials, Float64Array);
    }
    this.sources[this.edges] = source.index;
    this.partials[this.edges++] = partial;
  }

  /** Records a value made from the sources of the edges added since the last one. */
  close(value: number): Real {
    const index = this.size++;
    if (index + 1 === this.starts.length) this.starts = grown(this.starts, Int32Array);
    this.starts[index + 1] = this.edges;
    return new Real(this, index, value);
  }

  /**
   * Derivatives of the sum of `outputs` by the first `inputs` nodes, written to `into`. A partial derivative that is not
   * finite counts where the sum depends on it at all.
   */
  gradient(outputs: readonly Real[], inputs: number, into: Float64Array): void {
    if (this.adjoints.length < this.size) this.adjoints = new Float64Array(this.starts.length);
    const { adjoints, starts, sources, partials } = this;
    adjoints.fill(0, 0, this.size);
    for (const output of outputs) adjoints[output.index]! += 1;
    for (let node = this.size - 1; node >= inputs; node--) {
      const adjoint = adjoints[node]!;
      if (adjoint === 0) continue;
      const end = starts[node + 1]!;
      for (let edge = starts[node]!; edge < end; edge++) adjoints[sources[edge]!]! += adjoint * partials[edge]!;
    }
    for (let i = 0; i < inputs; i++) into[i] = adjoints[i]!;
  }
}

/**
 * A number that depends on inputs of a tape. It stands where a program's `float` stands. Whatever does not know it must not
 * take it for its value without a word, because then the derivative would be wrong: turning it into a number, a key or
 * plain data is a `LostDerivativeError`. Only showing it, to people, is by value.
 */
export class Real {
  constructor(
    readonly tape: Tape,
    readonly index: number,
    readonly value: number,
  ) {}

  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return show(this.value);
    throw new LostDerivativeError("an operation on plain numbers");
  }
  [keySymbol](): string {
    throw new LostDerivativeError("a key of a map");
  }
  [equalsSymbol](_other: unknown): boolean {
    throw new LostDerivativeError("a comparison");
  }
  [jsonSymbol](): unknown {
    throw new LostDerivativeError("data");
  }
  [showSymbol](): string {
    return show(this.value);
  }
}

/** A `float` of a program that is differentiated. */
export type Num = number | Real;

/** The number itself. */
export const valueOf = (x: Num): number => (typeof x === "number" ? x : x.value);

function grown<T extends Int32Array | Float64Array>(old: T, type: new (length: number) => T): T {
  const larger = new type(2 * old.length);
  larger.set(old);
  return larger;
}
