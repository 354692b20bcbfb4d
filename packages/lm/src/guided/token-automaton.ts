import { type Compiled, type Constraint, DEAD } from "@pgl/constraints";
import type { SpanRule } from "../span-rule.js";
import type { Vocabulary } from "../vocabulary.js";
import { freeBytes } from "./free-bytes.js";
import { SpanAutomaton } from "./span-automaton.js";
import { Spelling } from "./spelling.js";
import { MaskBuilder, type TokenMask } from "./token-mask.js";
import { TokenTrie } from "./token-trie.js";

/** Bytes of masks that an automaton keeps. */
const MASK_BUDGET = 64 * 2 ** 20;
/** Nodes of the token tree that the search for a shortest ending may visit from one state. */
const SEARCH_BUDGET = 2 ** 18;

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
  private readonly spelling: Spelling;
  private readonly masks = new Map<number | string, TokenMask>();
  private readonly equals = new Map<number, WeakRef<TokenMask>>();
  private maskBytes = 0;
  private readonly surveys = new Map<number, Int32Array>();
  private readonly worsts = new Map<number, number>();
  /** In a vocabulary of all bytes every state can be ended with enough tokens: what they are need not be looked for. */
  private readonly always: boolean;
  private readonly needs = new Map<number, number>();
  private readonly inOnes = new Map<number, number>();
  /** Tokens that an accepted text still needs: an end token; none where the limit ends a span. */
  private readonly closing: number;
  /** Without an end token a span that no stop string ends goes on to the limit: exactly so many tokens have to fit it. */
  private readonly fills: boolean;
  private readonly filled = new Map<string, boolean>();
  /** States by depth of the walk, one array for all walks. */
  private readonly path: Int32Array;
  /** Whether the bytes up to a depth are free. */
  private readonly pure: Uint8Array;
  private readonly reached = new StateSet();

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
    this.closing = rule.mustStop ? (this.eosId === null ? Infinity : 1) : 0;
    this.always = this.trie.hasEveryByte && !this.fills && !this.span.costly;
    this.spelling = new Spelling(this.span, this.trie);
    this.path = new Int32Array(this.trie.longest + 1);
    this.pure = new Uint8Array(this.trie.longest + 1);
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

  /** 1 for a span that is accepted where it ends, else 0. */
  worth(state: number): number {
    return this.accepts(state) ? 1 : 0;
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
    const ample = !this.fills && left > this.worst(state);
    return this.kept(ample ? state : `${state}:${left}`) ?? this.make(state, ample ? null : left - 1);
  }

  private make(state: number, left: number | null): TokenMask {
    if (left === null && this.always) return this.survivors(state);
    const reached = this.survey(state);
    const allowed = new Set<number>();
    for (const after of reached) if (this.canEnd(after, left ?? this.worst(state))) allowed.add(after);
    const key = left === null ? state : `${state}:${left + 1}`;
    if (this.always && allowed.size === reached.length) {
      return this.keep(key, this.kept(state) ?? this.survivors(state));
    }
    if (this.fills) return this.keep(key, this.leadingTo(state, allowed));
    // Where a span may end before the limit, the more tokens are left, the more states are allowed: how many says which.
    const common = `${state}/${allowed.size}`;
    return this.keep(key, this.kept(common) ?? this.keep(common, this.leadingTo(state, allowed)));
  }

  private kept(key: number | string): TokenMask | undefined {
    return this.masks.get(key);
  }

  private keep(key: number | string, made: TokenMask): TokenMask {
    // Many places have equal masks: they share what is kept with them.
    const { hash } = made;
    const other = this.equals.get(hash)?.deref();
    const mask = other?.equals(made) === true ? other : made;
    if (mask === made) this.equals.set(hash, new WeakRef(made));
    this.masks.set(key, mask);
    this.maskBytes += mask.bytes;
    while (this.maskBytes > MASK_BUDGET && this.masks.size > 1) {
      const [oldest, old] = this.masks.entries().next().value!;
      this.masks.delete(oldest);
      this.maskBytes -= old.bytes;
    }
    return mask;
  }

  /** The tokens after which not everything is lost, where every state can be ended; `worst` comes with it. */
  private survivors(state: number): TokenMask {
    const { trie, span, path, pure } = this;
    const { byte, depth, after, first, order, size, setOf, sets, height } = trie;
    const builder = new MaskBuilder(this.vocabulary.size);
    const free = freeBytes(span, state);
    const set = free?.set ?? new Uint32Array(8);
    const length = free?.length ?? 0;
    const [s0, s1, s2, s3, s4, s5, s6, s7] = Array.from(set, (word) => ~word) as Words;
    const reached = this.reached.begin();
    if (free !== null) for (const s of free.states) reached.add(s);
    if (trie.empty.length > 0) reached.add(state);
    path[0] = state;
    pure[0] = 1;
    for (let node = 0; node < size;) {
      const level = depth[node]!;
      if (pure[level] === 1) {
        const at = setOf[node]!;
        if (
          at >= 0 &&
          level + height[node]! <= length &&
          ((sets[at]! & s0) |
            (sets[at + 1]! & s1) |
            (sets[at + 2]! & s2) |
            (sets[at + 3]! & s3) |
            (sets[at + 4]! & s4) |
            (sets[at + 5]! & s5) |
            (sets[at + 6]! & s6) |
            (sets[at + 7]! & s7)) ===
            0
        ) {
          const end = after[node]!;
          builder.addAll(order, first[node]!, first[end]!);
          node = end;
          continue;
        }
      }
      const b = byte[node]!;
      const isFree = pure[level]! & (set[b >> 5]! >>> (b & 31));
      if (isFree === 1 && level < length && after[node] === node + 1) {
        builder.addAll(order, first[node]!, first[++node]!);
        continue;
      }
      const next = span.step(path[level]!, b);
      if (next === DEAD) {
        node = after[node]!;
        continue;
      }
      const from = first[node]!;
      const to = first[node + 1]!;
      if (to > from) {
        builder.addAll(order, from, to);
        reached.add(next);
      }
      path[level + 1] = next;
      pure[level + 1] = isFree;
      node++;
    }
    for (const id of trie.empty) builder.add(id);
    if (this.eosId !== null && span.accepts(state)) builder.add(this.eosId);
    this.worsts.set(state, this.worstOf(reached.list()));
    return this.keep(state, builder.done());
  }

  /** The tokens that lead to some states. */
  private leadingTo(state: number, allowed: ReadonlySet<number>): TokenMask {
    const { trie, span } = this;
    const builder = new MaskBuilder(this.vocabulary.size);
    let last = DEAD;
    let lastAllowed = false;
    this.walk(state, (node, after) => {
      if (after !== last) {
        last = after;
        lastAllowed = allowed.has(after);
      }
      if (lastAllowed) builder.addAll(trie.order, trie.first[node]!, trie.first[node + 1]!);
    });
    if (trie.empty.length > 0 && allowed.has(state)) for (const id of trie.empty) builder.add(id);
    if (this.eosId !== null && span.accepts(state)) builder.add(this.eosId);
    return builder.done();
  }

  /** The states that one token leads to. */
  private survey(state: number): Int32Array {
    const known = this.surveys.get(state);
    if (known !== undefined) return known;
    const { trie } = this;
    const found = this.reached.begin();
    this.walk(state, (_, after) => found.add(after));
    if (trie.empty.length > 0) found.add(state);
    const reached = found.list();
    this.surveys.set(state, reached);
    return reached;
  }

  /** How many tokens after the next one are enough, wherever an end can be reached at all; or a few more. */
  private worst(state: number): number {
    const known = this.worsts.get(state);
    if (known !== undefined) return known;
    if (this.always) this.survivors(state);
    else this.worsts.set(state, this.worstOf(this.survey(state)));
    return this.worsts.get(state)!;
  }

  private worstOf(states: Iterable<number>): number {
    let worst = 0;
    for (const state of states) {
      const enough = this.enough(state);
      if (enough < Infinity) worst = Math.max(worst, enough);
    }
    return worst;
  }

  /** A number of tokens with which a span that stands in `state` can be accepted. */
  private enough(state: number): number {
    const { span, trie } = this;
    if (!trie.hasEveryByte && !span.costly) return this.needed(state);
    const shortest = span.shortest(state);
    // One token a byte, and the end token.
    return span.costly || shortest < 2 ? shortest + 1 : Math.min(shortest, this.spelling.tokens(state)) + 1;
  }

  /** Whether a span that stands in `state` may be accepted with `left` tokens more. */
  private canEnd(state: number, left: number): boolean {
    const { span, trie } = this;
    if (state === span.ended) return true;
    if (left === 0) return span.accepts(state) && !this.rule.mustStop;
    if (span.least(state) > left * trie.longest) return false;
    if (span.costly) return true;
    if (this.fills) return this.canFill(state, left, { walks: Math.max(1, this.walks) });
    if (trie.hasEveryByte && left >= this.enough(state)) return true;
    return this.needed(state) <= left;
  }

  /** Whether exactly `left` tokens, or fewer and a stop string, can come to an accepted span; true when that is long to say. */
  private canFill(state: number, left: number, budget: { walks: number }): boolean {
    const { span } = this;
    if (state === span.ended) return true;
    if (left === 0) return span.accepts(state) && !this.rule.mustStop;
    if (span.least(state) > left * this.trie.longest) return false;
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
    return Math.floor(SEARCH_BUDGET / (this.trie.size + 1));
  }

  /**
   * Fewest tokens after which a span that stands in `state` can be accepted (a lower bound where the search for it is cut
   * short): breadth first over what tokens lead to.
   */
  private needed(state: number): number {
    const known = this.needs.get(state);
    if (known !== undefined) return known;
    const { span, trie, closing, walks } = this;
    const seen = new Set([state]);
    let level = [state];
    let best = this.always ? this.enough(state) : Infinity;
    let walked = 0;
    search: for (let depth = 0; level.length > 0 && depth < best; depth++) {
      const next: number[] = [];
      for (const s of level) {
        if (s === span.ended) best = Math.min(best, depth);
        else if (span.accepts(s)) best = Math.min(best, depth + closing);
      }
      for (const s of level) if (best > depth + 1) best = Math.min(best, depth + this.inOne(s));
      if (depth + 1 >= best) break;
      for (const s of level) {
        if (walked++ === walks) {
          // What has not been looked at is at least two tokens further, and takes as many as have the bytes.
          best = Math.min(best, Math.max(depth + 2, Math.ceil(span.least(state) / trie.longest)));
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

  /** Tokens that it takes to have accepted spans after the last byte of the next one; `Infinity` when none is then. */
  private inOne(state: number): number {
    const known = this.inOnes.get(state);
    if (known !== undefined) return known;
    const { span, path, closing } = this;
    const { byte, depth, after, first, height, size } = this.trie;
    let least = span.accepts(state) && this.trie.empty.length > 0 ? 1 + closing : Infinity;
    path[0] = state;
    for (let node = 0; node < size && least > 1;) {
      const level = depth[node]!;
      const next = span.step(path[level]!, byte[node]!);
      // Where more bytes are needed than a token below has, there is nothing to be found.
      if (next === DEAD || span.least(next) > height[node]! - 1) {
        node = after[node]!;
        continue;
      }
      if (first[node + 1]! > first[node]! && span.accepts(next)) {
        least = Math.min(least, next === span.ended ? 1 : 1 + closing);
      }
      path[level + 1] = next;
      node++;
    }
    this.inOnes.set(state, least);
    return least;
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

/** Collects states, again and again. */
class StateSet {
  private turn = 0;
  /** By state, the turn in which it was last added. */
  private turns = new Int32Array(1024);
  private states: number[] = [];

  /** Empties the set. */
  begin(): this {
    this.turn++;
    this.states = [];
    return this;
  }

  add(state: number): void {
    if (state >= this.turns.length) {
      const larger = new Int32Array(Math.max(2 * this.turns.length, state + 1));
      larger.set(this.turns);
      this.turns = larger;
    }
    if (this.turns[state] === this.turn) return;
    this.turns[state] = this.turn;
    this.states.push(state);
  }

  /** In the order in which they were added. */
  list(): Int32Array {
    return Int32Array.from(this.states);
  }
}

type Words = [number, number, number, number, number, number, number, number];

/** Where the tokens of a vocabulary lead from one state. */
export interface TokenTransitions {
  /** By token, the place of its state in `states`; -1 where nothing is accepted any more. */
  readonly of: Int32Array;
  /** The states, each once. The end token leads to the ended state, from where the text so far is accepted. */
  readonly states: readonly number[];
}

const automata = new WeakMap<Compiled, WeakMap<SpanRule, WeakMap<Vocabulary, TokenAutomaton>>>();
