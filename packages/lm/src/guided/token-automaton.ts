import { type Compiled, type Constraint, DEAD } from "@pgl/constraints";
import type { SpanRule } from "../span-rule.js";
import type { Vocabulary } from "../vocabulary.js";
import { SpanAutomaton } from "./span-automaton.js";
import { MaskBuilder, type TokenMask } from "./token-mask.js";
import { TokenTrie } from "./token-trie.js";

/** Bytes of masks that an automaton keeps. */
const MASK_BUDGET = 64 * 2 ** 20;
/** Nodes of the token tree that the search for a shortest ending may visit from one state. */
const SEARCH_BUDGET = 2 ** 21;

/**
 * A constraint on spans, over the tokens of a vocabulary: for a place in the constraint and a number of tokens left, which
 * tokens can still come to an accepted span. A token is left out only when it certainly cannot, so drawing among those that
 * are left and weighing by their mass gives each span its probability, whatever the mask misses.
 *
 * States are numbers; masks are made when they are first asked for, by one walk over the token tree, and kept.
 */
export class TokenAutomaton {
  private readonly span: SpanAutomaton;
  private readonly trie: TokenTrie;
  private readonly eosId: number | null;
  private readonly masks = new Map<number | string, TokenMask>();
  private maskBytes = 0;
  private readonly surveys = new Map<number, Int32Array>();
  private readonly worsts = new Map<number, number>();
  private readonly needs = new Map<number, number>();
  /** Without an end token a span that no stop string ends goes on to the limit: exactly so many tokens have to fit it. */
  private readonly fills: boolean;
  private readonly filled = new Map<string, boolean>();
  /** States by depth of the walk, one array for all walks. */
  private readonly path: Int32Array;

  constructor(
    compiled: Compiled,
    private readonly rule: SpanRule,
    private readonly vocabulary: Vocabulary,
    description: string,
  ) {
    this.span = new SpanAutomaton(compiled.recogniser, rule, description);
    this.trie = TokenTrie.of(vocabulary);
    this.eosId = vocabulary.eosId;
    this.fills = this.eosId === null;
    this.path = new Int32Array(this.trie.longest + 1);
  }

  /** The automaton of a constraint that can guide, made once for each stopping rule and vocabulary. */
  static of(constraint: Constraint, compiled: Compiled, rule: SpanRule, vocabulary: Vocabulary): TokenAutomaton {
    let rules = automata.get(compiled);
    if (rules === undefined) automata.set(compiled, (rules = new WeakMap()));
    let vocabularies = rules.get(rule);
    if (vocabularies === undefined) rules.set(rule, (vocabularies = new WeakMap()));
    let automaton = vocabularies.get(vocabulary);
    if (automaton === undefined) {
      automaton = new TokenAutomaton(compiled, rule, vocabulary, constraint.describe());
      vocabularies.set(vocabulary, automaton);
    }
    return automaton;
  }

  /** Before the first token; `DEAD` when no span is accepted. */
  get start(): number {
    return this.span.start;
  }

  /** Whether a step is so dear that drawing and trying is better than a mask. */
  get costly(): boolean {
    return this.span.costly;
  }

  /** After a token that does not end the sequence; `DEAD` when nothing is accepted any more. */
  step(state: number, token: number): number {
    const { span, vocabulary } = this;
    const data = vocabulary.allBytes;
    const end = vocabulary.start(token + 1);
    for (let i = vocabulary.start(token); i < end && state !== DEAD; i++) state = span.step(state, data[i]!);
    return state;
  }

  /** Whether a stop string has ended the span. */
  hasEnded(state: number): boolean {
    return state === this.span.ended;
  }

  /** Whether the text of a span that ends here, by the end token or at the limit, is accepted. */
  accepts(state: number): boolean {
    return this.span.accepts(state);
  }

  /** Where one token leads from `state`: made anew each time. */
  transitions(state: number): TokenTransitions {
    const { trie, span, eosId } = this;
    const of = new Int32Array(this.vocabulary.size).fill(-1);
    const states: number[] = [];
    const places = new Map<number, number>();
    const placeOf = (after: number): number => {
      let place = places.get(after);
      if (place === undefined) {
        places.set(after, (place = states.length));
        states.push(after);
      }
      return place;
    };
    this.walk(state, (node, after) => {
      const place = placeOf(after);
      for (let i = trie.first[node]!; i < trie.first[node + 1]!; i++) of[trie.order[i]!] = place;
    });
    if (trie.empty.length > 0) for (const id of trie.empty) of[id] = placeOf(state);
    if (eosId !== null) of[eosId] = span.accepts(state) ? placeOf(span.ended) : -1;
    return { of, states };
  }

  /** Whether `token` may still lead to an accepted span, with `left` tokens to be drawn at most, this one counted. */
  allows(state: number, token: number, left: number): boolean {
    if (token === this.eosId) return this.span.accepts(state);
    const after = this.step(state, token);
    return after !== DEAD && this.canEnd(after, left - 1);
  }

  /** The tokens that may still lead to an accepted span, with `left` tokens to be drawn at most, the next one counted. */
  mask(state: number, left: number): TokenMask {
    // With enough tokens left it does not matter how many they are, where a span may end before the limit.
    const worst = this.fills ? Infinity : this.worst(state);
    const ample = left > worst;
    const key = ample ? state : `${state}:${left}`;
    let mask = this.masks.get(key);
    if (mask === undefined) this.keep(key, (mask = this.make(state, ample ? worst : left - 1)));
    return mask;
  }

  private keep(key: number | string, mask: TokenMask): void {
    this.masks.set(key, mask);
    this.maskBytes += mask.bytes;
    while (this.maskBytes > MASK_BUDGET && this.masks.size > 1) {
      const [oldest, old] = this.masks.entries().next().value!;
      this.masks.delete(oldest);
      this.maskBytes -= old.bytes;
    }
  }

  /** The states that one token leads to. */
  private survey(state: number): Int32Array {
    const known = this.surveys.get(state);
    if (known !== undefined) return known;
    const { trie, span } = this;
    const found = new Set<number>();
    const builder = new MaskBuilder(this.vocabulary.size);
    this.walk(state, (node, after) => {
      found.add(after);
      for (let i = trie.first[node]!; i < trie.first[node + 1]!; i++) builder.add(trie.order[i]!);
    });
    if (trie.empty.length > 0) {
      found.add(state);
      for (const id of trie.empty) builder.add(id);
    }
    if (this.eosId !== null && span.accepts(state)) builder.add(this.eosId);
    const reached = Int32Array.from(found);
    this.surveys.set(state, reached);
    // Every state can be ended with enough tokens: the walk has made the mask.
    if (trie.hasEveryByte) this.keep(state, builder.done());
    return reached;
  }

  /** How many tokens after the next one are enough, wherever an end can be reached at all. */
  private worst(state: number): number {
    let worst = this.worsts.get(state);
    if (worst === undefined) {
      const { trie, span } = this;
      worst = 0;
      for (const after of this.survey(state)) {
        const enough = trie.hasEveryByte || span.costly ? span.shortest(after) + 1 : this.needed(after);
        if (enough < Infinity) worst = Math.max(worst, enough);
      }
      this.worsts.set(state, worst);
    }
    return worst;
  }

  /** Whether a span that stands in `state` may be accepted with `left` tokens more. */
  private canEnd(state: number, left: number): boolean {
    const { span, trie } = this;
    if (state === span.ended) return true;
    if (left === 0) return span.accepts(state) && !this.rule.mustStop;
    const shortest = span.shortest(state);
    if (shortest > left * trie.longest) return false;
    if (span.costly) return true;
    if (this.fills) return this.canFill(state, left, { walks: this.walks });
    if (trie.hasEveryByte && left > shortest) return true;
    return this.needed(state) <= left;
  }

  /** Whether exactly `left` tokens, or fewer and a stop string, can come to an accepted span; true when that is long to say. */
  private canFill(state: number, left: number, budget: { walks: number }): boolean {
    const { span } = this;
    if (state === span.ended) return true;
    if (left === 0) return span.accepts(state) && !this.rule.mustStop;
    if (span.shortest(state) > left * this.trie.longest) return false;
    const key = `${state}:${left}`;
    let can = this.filled.get(key);
    if (can !== undefined) return can;
    if (budget.walks-- <= 0) return true;
    can = this.survey(state).some((after) => this.canFill(after, left - 1, budget));
    // What a spent budget says is not kept.
    if (!can || budget.walks > 0) this.filled.set(key, can);
    return can;
  }

  /** How many states a search may look on from. */
  private get walks(): number {
    return Math.max(1, Math.floor(SEARCH_BUDGET / (this.trie.size + 1)));
  }

  /**
   * Fewest tokens after which a span that stands in `state` can be accepted (a lower bound where the search for it is cut
   * short): breadth first over what tokens lead to.
   */
  private needed(state: number): number {
    const known = this.needs.get(state);
    if (known !== undefined) return known;
    const { span, rule } = this;
    // An end token is one more; at the limit the span ends by itself.
    const closing = rule.mustStop ? (this.eosId === null ? Infinity : 1) : 0;
    const { walks } = this;
    const seen = new Set([state]);
    let level = [state];
    let best = Infinity;
    let walked = 0;
    search: for (let depth = 0; level.length > 0 && depth < best; depth++) {
      const next: number[] = [];
      for (const s of level) {
        if (s === span.ended) best = Math.min(best, depth);
        else if (span.accepts(s)) best = Math.min(best, depth + closing);
      }
      if (depth >= best) break;
      for (const s of level) {
        if (s === span.ended) continue;
        if (walked++ === walks) {
          // What has not been looked at is at least one token further.
          best = Math.min(best, depth + 1);
          break search;
        }
        for (const after of this.survey(s)) {
          if (seen.has(after)) continue;
          seen.add(after);
          next.push(after);
        }
      }
      level = next;
    }
    this.needs.set(state, best);
    return best;
  }

  private make(state: number, left: number): TokenMask {
    const { trie, span } = this;
    const builder = new MaskBuilder(this.vocabulary.size);
    // Asked before the walk: the answers may take walks of their own, and walks share one path.
    const allowed = new Set<number>();
    for (const after of this.survey(state)) if (this.canEnd(after, left)) allowed.add(after);
    let last = DEAD;
    let lastAllowed = false;
    this.walk(state, (node, after) => {
      if (after !== last) {
        last = after;
        lastAllowed = allowed.has(after);
      }
      if (!lastAllowed) return;
      for (let i = trie.first[node]!; i < trie.first[node + 1]!; i++) builder.add(trie.order[i]!);
    });
    if (trie.empty.length > 0 && allowed.has(state)) for (const id of trie.empty) builder.add(id);
    if (this.eosId !== null && span.accepts(state)) builder.add(this.eosId);
    return builder.done();
  }

  /** Calls `visit` for each node that has tokens and is alive, with the state after them. */
  private walk(state: number, visit: (node: number, after: number) => void): void {
    const { span, path } = this;
    const { byte, depth, after, first, size } = this.trie;
    path[0] = state;
    for (let node = 0; node < size;) {
      const level = depth[node]!;
      const next = span.step(path[level]!, byte[node]!);
      if (next === DEAD) {
        node = after[node]!;
        continue;
      }
      if (first[node + 1]! > first[node]!) visit(node, next);
      path[level + 1] = next;
      node++;
    }
  }
}

/** Where the tokens of a vocabulary lead from one state. */
export interface TokenTransitions {
  /** By token, the place of its state in `states`; -1 where nothing is accepted any more. */
  readonly of: Int32Array;
  /** The states, each once. The end token leads to the ended state, from where the text so far is accepted. */
  readonly states: readonly number[];
}

const automata = new WeakMap<Compiled, WeakMap<SpanRule, WeakMap<Vocabulary, TokenAutomaton>>>();
