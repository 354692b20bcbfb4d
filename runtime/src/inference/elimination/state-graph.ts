import { MethodError } from "../../errors.js";
import { showSite, type Site } from "../../machine/site.js";

/** What became of a state. */
export const Outcome = {
  /** Not looked at yet. */
  Open: 0,
  /** It came to a draw, whose values are its edges. */
  Draw: 1,
  /** The program returned. */
  Ended: 2,
  /** The weight became zero. */
  Dead: 3,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/**
 * The states of a finite program and the draws between them, without cycles. A state stands for all executions that have
 * come to it, which have one future. From the state on, an execution first gains `weight`, then ends or draws: the edges of
 * the draw are the values with positive probability, in the order of the support. Numbers are logs, in nats.
 *
 * The measure of an execution is the product of the weights and probabilities on its way from state 0. Everything the
 * methods find is a sum or a maximum of these products over ways.
 */
export class StateGraph {
  readonly outcomes: Outcome[] = [];
  readonly weights: number[] = [];
  /** The site of the draw (or of the end, or of the death). */
  readonly sites: (Site | null)[] = [];
  /** What was returned. */
  readonly returned: unknown[] = [];
  /** What goes along with the state (see `Companion`). */
  readonly companions: number[] = [];
  private readonly first: number[] = [];
  private readonly counts: number[] = [];

  /** By edge: where it leads, log of its probability, and the value drawn. */
  readonly to: number[] = [];
  readonly logProbabilities: number[] = [];
  readonly values: unknown[] = [];

  get size(): number {
    return this.outcomes.length;
  }

  add(companion: number): number {
    this.outcomes.push(Outcome.Open);
    this.weights.push(0);
    this.sites.push(null);
    this.returned.push(undefined);
    this.companions.push(companion);
    this.first.push(0);
    this.counts.push(0);
    return this.outcomes.length - 1;
  }

  settle(state: number, outcome: Outcome, weight: number, site: Site | null): void {
    this.outcomes[state] = outcome;
    this.weights[state] = weight;
    this.sites[state] = site;
    this.first[state] = this.to.length;
  }

  /** An edge of the state last settled. */
  connect(state: number, to: number, logProbability: number, value: unknown): void {
    this.to.push(to);
    this.logProbabilities.push(logProbability);
    this.values.push(value);
    this.counts[state]!++;
  }

  firstEdge(state: number): number {
    return this.first[state]!;
  }

  /** One past the last. */
  endEdge(state: number): number {
    return this.first[state]! + this.counts[state]!;
  }

  /**
   * All states, each before those its edges lead to.
   * @throws MethodError PGLR091 when executions can come back to a state: then there are infinitely many.
   */
  order(method: string): Int32Array {
    const { size } = this;
    const order = new Int32Array(size);
    let at = size;
    const next = new Int32Array(size).fill(-1);
    /** 1: on the way being followed; 2: everything after it has its place. */
    const seen = new Uint8Array(size);
    const way: number[] = [0];
    seen[0] = 1;
    while (way.length > 0) {
      const state = way[way.length - 1]!;
      if (next[state]! < 0) next[state] = this.firstEdge(state);
      if (next[state] === this.endEdge(state)) {
        seen[state] = 2;
        order[--at] = state;
        way.pop();
        continue;
      }
      const to = this.to[next[state]!++]!;
      if (seen[to] === 1) throw endless(method, this.sites[to]!);
      if (seen[to] === 0) {
        seen[to] = 1;
        way.push(to);
      }
    }
    return order;
  }
}

function endless(method: string, site: Site | null): MethodError {
  const place = site === null ? "" : ` before ${showSite(site)}`;
  return new MethodError(
    "PGLR091",
    `${method}: an execution can come back to the state it was in${place}, so there are infinitely many executions.`,
    { site: site ?? undefined, hint: "Bound the loop or the recursion, or use enumerate, which stops at `tolerance`." },
  );
}
