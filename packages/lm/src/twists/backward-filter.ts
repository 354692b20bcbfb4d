import { DEAD } from "@pgl/constraints";
import type { TokenAutomaton, TokenTransitions } from "../guided/token-automaton.js";
import type { SpanRule } from "../span-rule.js";
import { Future, type Futures, type TokenSurrogate } from "./surrogate.js";

/** Multiplications that making a filter may take: about a second. */
const MAX_WORK = 5e8;
/** Bytes of expected futures, and of transitions, that it may keep. */
const MAX_BYTES = 2 ** 28;

/** Why there is no filter. */
export interface TooLarge {
  readonly tooLarge: string;
}

/**
 * For a surrogate of a model and a constraint on its spans: the probability, under the surrogate, that a span that stands at
 * some place and state and may have so many more tokens comes out accepted. Found backwards, from no tokens left:
 * h(c, a, 0) = [a is accepted], h(c, a, n) = Σ_v P(v | c) · h(c·v, a·v, n − 1), the end token leading to 1 or 0.
 *
 * Source: backward information filter; van der Meulen and Sommer 2025 (arXiv 2505.18239) for guiding by that of another
 * process.
 */
export class BackwardFilter {
  private constructor(
    readonly surrogate: TokenSurrogate,
    private readonly automaton: TokenAutomaton,
    /** By tokens left, and by state. */
    private readonly levels: readonly ReadonlyMap<number, Future>[],
    private readonly transitions: ReadonlyMap<number, TokenTransitions>,
  ) {}

  static of(
    surrogate: TokenSurrogate,
    automaton: TokenAutomaton,
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
    const sure = new Future(new Float64Array(surrogate.places).fill(1));
    const none = new Future(new Float64Array(surrogate.places));
    const levels: Map<number, Future>[] = [];
    for (let left = 0; left < reached.length; left++) {
      const futures = new Map<number, Future>();
      levels.push(futures);
      for (const state of reached[left] ?? []) {
        if (automaton.hasEnded(state)) futures.set(state, sure);
        else if (left === 0) futures.set(state, automaton.accepts(state) && !rule.mustStop ? sure : none);
        else {
          const values = new Float64Array(surrogate.places);
          const { of, states } = transitions.get(state)!;
          surrogate.pull({ of, after: states.map((s) => levels[left - 1]!.get(s)!) }, values);
          futures.set(state, new Future(values));
        }
      }
    }
    return new BackwardFilter(surrogate, automaton, levels, transitions);
  }

  /** What follows each token. */
  futures(state: number, left: number): Futures {
    const { of, states } = this.transitions.get(state)!;
    return { of, after: states.map((s) => this.levels[left - 1]!.get(s)!) };
  }

  /** How many expected futures are kept. */
  get size(): number {
    return this.levels.reduce((sum, level) => sum + level.size, 0);
  }
}

/** The filter of a surrogate and an automaton, made once. */
export function backwardFilter(
  surrogate: TokenSurrogate,
  automaton: TokenAutomaton,
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

const made = new WeakMap<TokenSurrogate, WeakMap<TokenAutomaton, BackwardFilter | TooLarge>>();
