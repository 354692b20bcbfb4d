import { EXTRA } from "./extra-rows.js";

/** The tokens of a place that outputs are made for, and which of the vocabulary its arguments consist of. */
export interface Listed {
  readonly ids: Int32Array;
  readonly given: Uint8Array | null;
}

/** What a network's last layer works on: its inputs, places × rank, and its parameters. */
export interface LastLayer {
  readonly states: Float32Array;
  readonly out: Float32Array;
  readonly bias: Float32Array;
}

/**
 * The last layer of a network (`TwistNetwork.outputs`) at places. Plain loops: what is not listed is not looked at, and neither
 * are units that are zero, to which no gradient is given (`relu` would stop it).
 */
export class ListedOutputs {
  /** x of the listed tokens of each place and of any other, one after the other. */
  readonly x: Float64Array;

  constructor(
    private readonly layer: LastLayer,
    private readonly places: readonly Listed[],
    private readonly vocabulary: number,
  ) {
    const { out, bias } = layer;
    const { rest, level, copied } = this.extra();
    this.x = new Float64Array(places.reduce((n, { ids }) => n + ids.length + 1, 0));
    const active = this.activeUnits();
    let at = 0;
    places.forEach(({ ids, given }, r) => {
      active.of(r);
      const all = active.dot(out, level) + bias[level]!;
      const own = given === null ? 0 : active.dot(out, copied) + bias[copied]!;
      for (const id of ids) {
        this.x[at++] = active.dot(out, id) + bias[id]! + (given !== null && given[id] === 1 ? all + own : all);
      }
      this.x[at++] = active.dot(out, rest) + bias[rest]! + all;
    });
  }

  /** The gradient of Σ x·cotangents, cotangents held fixed. */
  gradients(cotangents: Float64Array): LastLayer {
    const { states, out, bias } = this.layer;
    const { rest, level, copied } = this.extra();
    const [byStates, byOut, byBias] = [states, out, bias].map(({ length }) => new Float32Array(length)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const active = this.activeUnits();
    const add = (row: number, d: number): void => {
      byBias[row]! += d;
      active.addTo(byOut, out, row, d);
    };
    let at = 0;
    this.places.forEach(({ ids, given }, r) => {
      active.of(r);
      let all = 0;
      let own = 0;
      for (const id of ids) {
        const d = cotangents[at++]!;
        add(id, d);
        all += d;
        if (given !== null && given[id] === 1) own += d;
      }
      const d = cotangents[at++]!;
      add(rest, d);
      add(level, all + d);
      if (given !== null) add(copied, own);
      active.writeTo(byStates, r);
    });
    return { states: byStates, out: byOut, bias: byBias };
  }

  private extra(): { readonly rest: number; readonly level: number; readonly copied: number } {
    const { vocabulary } = this;
    return { rest: vocabulary + EXTRA.rest, level: vocabulary + EXTRA.level, copied: vocabulary + EXTRA.given };
  }

  private activeUnits(): ActiveUnits {
    const { out, bias, states } = this.layer;
    return new ActiveUnits(states, out.length / bias.length);
  }
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
