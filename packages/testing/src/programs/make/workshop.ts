import type * as ast from "@pgl/grammar";
import type { ElaborateOptions, Feature } from "../seed.js";
import type { GeneratedTable } from "../tables.js";
import type { callArgument, callOf } from "./calls.js";
import type { makeDistribution } from "./distributions.js";

/** What expressions are made of that is itself made of expressions. */
export interface Makers {
  readonly callArgument: typeof callArgument;
  readonly callOf: typeof callOf;
  readonly makeDistribution: typeof makeDistribution;
}

/** A draw that a whole-trace proposal may propose for, and what from. */
export interface Guided {
  readonly name: string;
  readonly cover: ast.Expression;
  /** The model comes to it once at most, before whatever stands after it. */
  readonly once: boolean;
  /** A text or a token, which a proposal has to draw in the model's order. */
  readonly inOrder: boolean;
}

/** What is shared while one program is made: names, tables, what has been used, and how much may still be drawn. */
export class Workshop {
  readonly features = new Set<Feature>();
  readonly declarations: ast.Declaration[] = [];
  readonly tables = new Map<string, GeneratedTable>();
  /** Draws of the model that a whole-trace proposal may propose for, with what covers them. */
  guided: Guided[] = [];
  readonly contextModels = new Map<string, string>();
  /** Distributions whose outcomes have been charged where they were made. */
  readonly paid = new WeakSet<ast.Expression>();
  private serial = 0;
  private left: number;
  private repetitions = 1;

  constructor(
    private readonly options: ElaborateOptions,
    readonly make: Makers,
  ) {
    this.left = options.bits;
  }

  allows(feature: Feature): boolean {
    return !(this.options.without ?? []).includes(feature);
  }

  fresh(prefix: string): string {
    return `${prefix}${this.serial++}`;
  }

  /** False, and nothing is taken, when the program would become too large. */
  charge(bits: number): boolean {
    const cost = bits * this.repetitions;
    if (cost > this.left) return false;
    this.left -= cost;
    return true;
  }

  repeated<T>(times: number, make: () => T): T {
    const before = this.repetitions;
    this.repetitions = before * times;
    try {
      return make();
    } finally {
      this.repetitions = before;
    }
  }

  /** Elaborates a body under a budget of its own; what it uses is paid by each call. */
  metered(limit: number, make: () => void): number {
    const before = { left: this.left, repetitions: this.repetitions };
    this.left = Math.min(limit, this.options.bits);
    this.repetitions = 1;
    const allowed = this.left;
    make();
    const used = allowed - this.left;
    this.left = before.left;
    this.repetitions = before.repetitions;
    return used;
  }

  /** The models with the tokens of this one, itself first. */
  sameTokens(lm: string): readonly string[] {
    const tokens = (name: string): string => JSON.stringify(this.tables.get(name)!.table.tokens);
    return [lm, ...[...this.tables.keys()].filter((other) => other !== lm && tokens(other) === tokens(lm))];
  }

  /** The model a context variable belongs to: all but those of token loops are the writer's. */
  modelOf(context: string): string {
    return this.contextModels.get(context) ?? "writer";
  }
}
