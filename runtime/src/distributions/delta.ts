import type { RandomSource } from "../random/source.js";
import { equal } from "../values.js";
import { FiniteFamily } from "./base.js";
import type { Distribution, Support } from "./distribution.js";

/** Always this value. */
export const delta = <T>(value: T): Distribution<T> => new Delta(value);

class Delta<T> extends FiniteFamily<T> {
  readonly name = "delta";

  constructor(private readonly value: T) {
    super();
  }
  get support(): Support<T> & { readonly kind: "finite" } {
    return { kind: "finite", values: [this.value], probabilities: [1] };
  }
  logDensity(value: T): number {
    return equal(value, this.value) ? 0 : -Infinity;
  }
  sample(_random: RandomSource): T {
    return this.value;
  }
  protected parameters(): readonly unknown[] {
    return [this.value];
  }
}
