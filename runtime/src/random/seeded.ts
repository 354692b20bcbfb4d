import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { RunError } from "../errors.js";
import type { RandomSource } from "./source.js";
import { threefry } from "./threefry.js";

/**
 * The source of a reproducible run: the same seed gives the same draws on every machine.
 *
 * Sources form a tree. `split(key)` is a function of the source's place in the tree and `key` alone, so a stream does not
 * depend on what was drawn elsewhere, and costs one hash; the generator of a stream is made when it is first drawn from.
 *
 * @param seed a whole number within ±(2^53 − 1).
 * @throws RunError PGLR008 for any other number.
 */
export function seeded(seed: number): RandomSource {
  if (!Number.isSafeInteger(seed)) {
    throw new RunError("PGLR008", `A seed is a whole number, not ${String(seed)}.`, {
      hint: "Pass a number such as 1.",
    });
  }
  return sourceOf(threefry(ROOT, low(seed), high(seed)));
}

type State = [number, number, number, number];

/** Roots are numbered under a key of their own. The digits of pi, as nothing-up-my-sleeve words. */
const ROOT: State = [0x243f6a88, 0x85a308d3 | 0, 0x13198a2e, 0x03707344];

const low = (n: number): number => n | 0;
const high = (n: number): number => Math.floor(n / 0x1_0000_0000) | 0;

const TWO_27 = 0x800_0000;
const TWO_26 = 0x400_0000;
const TWO_53 = 2 ** 53;

interface Generator {
  next(): number;
}

/** Its place in the tree is four words side by side: a run has a source for each particle. */
class SeededSource implements RandomSource {
  private generator: Generator | null = null;

  constructor(
    private readonly s0: number,
    private readonly s1: number,
    private readonly s2: number,
    private readonly s3: number,
  ) {}

  uniform(): number {
    for (;;) {
      const k = this.bits53();
      if (k !== 0) return k / TWO_53;
    }
  }

  bernoulli(p: number): boolean {
    return this.bits53() < p * TWO_53;
  }

  below(n: number): number {
    // Rejecting the incomplete last block makes every outcome exactly as likely.
    const block = Math.floor(TWO_53 / n);
    const limit = block * n;
    for (;;) {
      const k = this.bits53();
      if (k < limit) return Math.floor(k / block);
    }
  }

  categorical(weights: ArrayLike<number>, n: number = weights.length): number {
    let total = 0;
    for (let i = 0; i < n; i++) total += weights[i]!;
    if (total === Infinity) return this.categoricalScaled(weights, n);
    let rest = (this.bits53() / TWO_53) * total;
    let last = 0;
    for (let i = 0; i < n; i++) {
      const weight = weights[i]!;
      if (rest < weight) return i;
      if (weight > 0) last = i;
      rest -= weight;
    }
    // Rounding in `rest` can leave a remainder of the order of 1e-16.
    return last;
  }

  uniformAmong(): number {
    return this.bits53() / TWO_53;
  }

  split(key: number): RandomSource {
    if (!Number.isSafeInteger(key))
      throw new RunError("PGLR008", `A stream's key is a whole number, not ${String(key)}.`);
    return sourceOf(threefry(this.state(), low(key), high(key)));
  }

  /** A whole number in [0, 2^53), from the upper bits of two outputs: the lowest ones of this generator are weak. */
  private bits53(): number {
    const generator = (this.generator ??= generatorOf(this.state()));
    return (generator.next() >>> 5) * TWO_26 + (generator.next() >>> 6);
  }

  private state(): State {
    return [this.s0, this.s1, this.s2, this.s3];
  }

  private categoricalScaled(weights: ArrayLike<number>, n: number): number {
    return this.categorical(Float64Array.from({ length: n }, (_, i) => weights[i]! / TWO_27 / TWO_27));
  }
}

const sourceOf = ([s0, s1, s2, s3]: State): SeededSource => new SeededSource(s0, s1, s2, s3);

function generatorOf(state: State): Generator {
  // All zeros is the one state xoroshiro cannot leave.
  const usable = (state[0] | state[1] | state[2] | state[3]) === 0 ? ROOT : state;
  return xoroshiro128plusFromState(usable);
}
