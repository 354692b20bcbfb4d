import { DEAD } from "@pgl/constraints";
import type { TokenTransitions } from "../guided/token-automaton.js";
import type { SpanRule } from "../span-rule.js";
import { Future, type Futures, type Pulled, type TokenSurrogate } from "./surrogate.js";

/** Multiplications that making a filter may take: about a second. */
const MAX_WORK = 5e8;
/** Bytes of expected futures, and of transitions, that it may keep. */
const MAX_BYTES = 2 ** 27;

/** States of a level that others are compared with. */
const REFERENCES = 8;

/** What finished spans are worth, as an automaton over their tokens: such as a constraint, whose spans are worth 1 or 0. */
export interface WeighedSpans {
  /** Before the first token; `DEAD` when no span is worth anything. */
  readonly start: number;
  /** Where one token leads from `state`: made anew each time. */
  transitions(state: number): TokenTransitions;
  /** After a token that does not end the sequence; `DEAD` when nothing is worth anything any more. */
  step(state: number, token: number): number;
  /** Whether a stop string, or the end token, has ended the span. */
  hasEnded(state: number): boolean;
  /** What a span is worth that ends here, or has ended here; in [0, 1]. */
  worth(state: number): number;
}

/** What is to be expected of spans under a surrogate, by where they stand. */
export interface ExpectedFutures {
  readonly surrogate: TokenSurrogate;
  /** Whether it is what the surrogate expects, and not only near it. */
  readonly isExact: boolean;
  /**
   * For each token from `from` on and before `to` what is to be expected after it, given that it comes next, of a span that
   * stands at some place of the surrogate and in `state`.
   *
   * @param left tokens that may still be drawn, the next one counted
   */
  look(place: unknown, state: number, left: number, into: Float64Array, from: number, to: number): void;
}

/** Why there is no filter. */
export interface TooLarge {
  readonly tooLarge: string;
}

/**
 * For a surrogate of a model and what its spans are worth: what, under the surrogate, is to be expected of a span that stands
 * at some place and state and may have so many more tokens; of a constraint the probability that it comes out accepted. Found
 * backwards, from no tokens left: h(c, a, 0) = worth(a), h(c, a, n) = Σ_v P(v | c) · h(c·v, a·v, n − 1), spans that have ended
 * being worth what they are.
 *
 * Source: backward information filter; van der Meulen and Sommer 2025 (arXiv 2505.18239) for guiding by that of another
 * process.
 */
export class BackwardFilter implements ExpectedFutures {
  readonly isExact = true;
  private readonly following: Map<number, Futures>[] = [];

  private constructor(
    readonly surrogate: TokenSurrogate,
    /** By tokens left, and by state. */
    private readonly levels: readonly ReadonlyMap<number, Future>[],
    private readonly transitions: ReadonlyMap<number, TokenTransitions>,
  ) {}

  static of(
    surrogate: TokenSurrogate,
    automaton: WeighedSpans,
    rule: SpanRule,
    vocabularySize: number,
  ): BackwardFilter | TooLarge {
    if (automaton.start === DEAD) return { tooLarge: "nothing is accepted" };
    // Forwards: which states can be come to, by tokens left.
    const transitions = new Map<number, TokenTransitions>();
    const reached: number[][] = [];
    const stays: TokenTransitions = { of: new Int32Array(0), states: [] };
    let level = [automaton.start];
    let slices = 0;
    for (let left = rule.maxTokens; left >= 0 && level.length > 0; left--) {
      reached[left] = level;
      slices += level.length;
      if (slices * surrogate.cost > MAX_WORK || slices * surrogate.places * 8 > MAX_BYTES) {
        return { tooLarge: `more than ${slices} steps of ${surrogate.cost} multiplications` };
      }
      if (left === 0) break;
      const next = new Set<number>();
      for (const state of level) {
        let moves = transitions.get(state);
        if (moves === undefined) {
          if ((transitions.size + 1) * vocabularySize * 4 > MAX_BYTES) {
            return { tooLarge: `more than ${transitions.size} states of the constraint` };
          }
          moves = automaton.hasEnded(state) ? stays : automaton.transitions(state);
          transitions.set(state, moves);
        }
        for (const after of moves.states) next.add(after);
      }
      level = [...next];
    }
    // Backwards.
    const known = new Map<number, Future>();
    const certain = (worth: number): Future => {
      let future = known.get(worth);
      if (future === undefined) {
        known.set(worth, (future = new Future(new Float64Array(surrogate.places).fill(worth), worth)));
      }
      return future;
    };
    const levels: Map<number, Future>[] = [];
    const differences = new Differences(transitions);
    for (let left = 0; left < reached.length; left++) {
      const futures = new Map<number, Future>();
      levels.push(futures);
      const references: (Pulled & { readonly state: number })[] = [];
      const { places } = surrogate;
      // One array for the level: many small ones cost more than what is in them.
      const block = new Float64Array(left === 0 ? 0 : places * (reached[left]?.length ?? 0));
      let used = 0;
      for (const state of reached[left] ?? []) {
        if (automaton.hasEnded(state)) futures.set(state, certain(automaton.worth(state)));
        else if (left === 0) futures.set(state, certain(rule.mustStop ? 0 : automaton.worth(state)));
        else {
          const { of, states } = transitions.get(state)!;
          const own: Futures = { of, after: states.map((s) => levels[left - 1]!.get(s)!) };
          const near = surrogate.change === undefined ? null : differences.nearest(state, references);
          if (near?.tokens.length === 0) {
            futures.set(state, futures.get(near.reference.state)!);
            continue;
          }
          const values = block.subarray(used, (used += places));
          if (near !== null) surrogate.change!(near.reference, own, near.tokens, values);
          else {
            surrogate.pull(own, values);
            if (references.length < REFERENCES) references.push({ state, futures: own, values });
          }
          futures.set(state, new Future(values));
        }
      }
    }
    return new BackwardFilter(surrogate, levels, transitions);
  }

  look(place: unknown, state: number, left: number, into: Float64Array, from: number, to: number): void {
    this.surrogate.look(place, this.futures(state, left), into, from, to);
  }

  /** What follows each token; the same object each time. */
  futures(state: number, left: number): Futures {
    const level = (this.following[left] ??= new Map<number, Futures>());
    let futures = level.get(state);
    if (futures === undefined) {
      const { of, states } = this.transitions.get(state)!;
      level.set(state, (futures = { of, after: states.map((s) => this.levels[left - 1]!.get(s)!) }));
    }
    return futures;
  }
}

/** After which tokens two states of an automaton part. */
class Differences {
  private readonly targets = new Map<number, Int32Array>();
  private readonly found = new Map<number, Map<number, Int32Array>>();

  constructor(private readonly transitions: ReadonlyMap<number, TokenTransitions>) {}

  /** The reference that leads elsewhere after the fewest tokens, if they are few. */
  nearest<R extends { readonly state: number }>(
    state: number,
    references: readonly R[],
  ): { readonly reference: R; readonly tokens: Int32Array } | null {
    let best: { readonly reference: R; readonly tokens: Int32Array } | null = null;
    for (const reference of references) {
      const tokens = this.between(state, reference.state);
      if (best === null || tokens.length < best.tokens.length) best = { reference, tokens };
    }
    return best !== null && best.tokens.length <= this.targetsOf(state).length / 8 ? best : null;
  }

  private between(state: number, other: number): Int32Array {
    let known = this.found.get(state);
    if (known === undefined) this.found.set(state, (known = new Map()));
    let tokens = known.get(other);
    if (tokens === undefined) {
      const one = this.targetsOf(state);
      const two = this.targetsOf(other);
      const different: number[] = [];
      for (let token = 0; token < one.length; token++) if (one[token] !== two[token]) different.push(token);
      known.set(other, (tokens = Int32Array.from(different)));
    }
    return tokens;
  }

  private targetsOf(state: number): Int32Array {
    let targets = this.targets.get(state);
    if (targets === undefined) {
      const { of, states } = this.transitions.get(state)!;
      this.targets.set(state, (targets = of.map((place) => (place < 0 ? -1 : states[place]!))));
    }
    return targets;
  }
}

/** The filter of a surrogate and an automaton, made once. */
export function backwardFilter(
  surrogate: TokenSurrogate,
  automaton: WeighedSpans,
  rule: SpanRule,
  vocabularySize: number,
): BackwardFilter | TooLarge {
  let filters = made.get(surrogate);
  if (filters === undefined) made.set(surrogate, (filters = new WeakMap()));
  let filter = filters.get(automaton);
  if (filter === undefined) {
    filters.set(automaton, (filter = BackwardFilter.of(surrogate, automaton, rule, vocabularySize)));
  }
  return filter;
}

const made = new WeakMap<TokenSurrogate, WeakMap<WeighedSpans, BackwardFilter | TooLarge>>();
