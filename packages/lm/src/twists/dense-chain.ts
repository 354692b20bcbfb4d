import type { Future, Futures, TokenSurrogate } from "./surrogate.js";

/** A chain whose every probability is written down. */
export interface DenseChainTables {
  readonly name: string;
  readonly exact: boolean;
  /** Probabilities of the next token, by place. */
  readonly rows: readonly Float64Array[];
  /** By place, the place after each token; -1 where nothing is known. */
  readonly after: readonly Int32Array[];
  /** The place after a sequence of tokens; -1 when it is not known. */
  start(tokens: Int32Array): number;
}

/** A surrogate whose places are written down with all their probabilities. */
export class DenseChain implements TokenSurrogate<number> {
  readonly name: string;
  readonly exact: boolean;
  readonly places: number;
  readonly cost: number;

  constructor(private readonly tables: DenseChainTables) {
    this.name = tables.name;
    this.exact = tables.exact;
    this.places = tables.rows.length;
    this.cost = tables.rows.reduce((sum, row) => sum + row.length, 0);
  }

  start(tokens: Int32Array): number {
    return this.tables.start(tokens);
  }

  advance(place: number, token: number): number {
    return place < 0 ? -1 : this.tables.after[place]![token]!;
  }

  pull({ of, after }: Futures, into: Float64Array): void {
    const { rows, after: places } = this.tables;
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place]!;
      const to = places[place]!;
      let sum = 0;
      for (let token = 0; token < row.length; token++) {
        const future = of[token]!;
        if (future < 0 || row[token] === 0) continue;
        sum += row[token]! * futureAt(after[future]!, to[token]!);
      }
      into[place] = sum;
    }
  }

  look(place: number, { of, after }: Futures, into: Float64Array, from: number, to: number): void {
    const places = place < 0 ? null : this.tables.after[place]!;
    for (let token = from; token < to; token++) {
      const future = of[token]!;
      into[token] = future < 0 ? 0 : futureAt(after[future]!, places === null ? -1 : places[token]!);
    }
  }
}

const futureAt = ({ values, elsewhere }: Future, place: number): number => (place < 0 ? elsewhere : values[place]!);
