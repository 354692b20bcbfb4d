import { constraint, DEAD } from "@pgl/constraints";
import { guideOf } from "../guided/guide.js";
import type { TokenAutomaton, TokenTransitions } from "../guided/token-automaton.js";
import type { SpanRule } from "../span-rule.js";
import type { Vocabulary } from "../vocabulary.js";
import type { WeighedSpans } from "./backward-filter.js";
import type { Foresight } from "./foresight.js";

/** Combinations of states that are looked at beforehand, for one stopping rule. */
const MAX_STATES = 1024;
/** Features of which all combinations are gone through where not all states have been looked at. */
const MAX_FEATURES = 12;
/** Combinations of features kept with the automaton of their spans. */
const KEPT = 256;
/** Weights of one combination of features for which it is kept what follows: a program may make new ones in every execution. */
const MAX_WEIGHTS = 16;
/** Least share of the largest weight that a weight counts as: so far below digits, and still more than nothing. */
const LEAST = 1e-200;

/** States of the spans' automaton and of one automaton for each feature, `DEAD` for a feature that can no longer hold. */
type Places = readonly number[];

/**
 * Which features a finished span has, read token by token: the automaton of the spans that there are, and beside it one for
 * each feature (a constraint that a span may meet or not).
 */
export class FeatureAutomaton {
  readonly start: number;
  /** Whether all states that spans can come to have been looked at. */
  readonly isWhole: boolean;
  /** What finished spans can have, each combination of features once; those met so far, where it is not whole. */
  readonly outcomes: (readonly boolean[])[] = [];
  private readonly places: Places[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly moves = new Map<number, TokenTransitions>();
  /** Of each automaton, where tokens lead from its states. */
  private readonly parts: readonly Map<number, TokenTransitions>[];
  private readonly automata: readonly TokenAutomaton[];
  /** By state, the place of its outcome; -1 where a span cannot end. */
  private readonly outcomeOf: number[] = [];
  private readonly outcomeNumbers = new Map<string, number>();
  private readonly weighed = new Map<string, ForeseenSpans>();

  private constructor(
    readonly spans: TokenAutomaton,
    readonly features: readonly TokenAutomaton[],
    maxTokens: number,
  ) {
    this.automata = [spans, ...features];
    this.parts = this.automata.map(() => new Map<number, TokenTransitions>());
    this.start = spans.start === DEAD ? DEAD : this.numberOf(this.automata.map(({ start }) => start));
    this.isWhole = this.explore(maxTokens);
  }

  /** The automaton of spans and features, made once. */
  static of(spans: TokenAutomaton, features: readonly TokenAutomaton[], { maxTokens }: SpanRule): FeatureAutomaton {
    let known = made.get(spans);
    if (known === undefined) made.set(spans, (known = []));
    const found = known.find(
      (one) => one.features.length === features.length && one.features.every((feature, i) => feature === features[i]),
    );
    if (found !== undefined) return found;
    const automaton = new FeatureAutomaton(spans, features, maxTokens);
    if (known.length >= KEPT) known.shift();
    known.push(automaton);
    return automaton;
  }

  /** Where one token leads from `state`; kept. */
  transitions(state: number): TokenTransitions {
    let moves = this.moves.get(state);
    if (moves === undefined) this.moves.set(state, (moves = this.combined(this.places[state]!)));
    return moves;
  }

  /** After a token that does not end the sequence; `DEAD` for a span that there is not. */
  step(state: number, token: number): number {
    const { automata } = this;
    const places = this.places[state]!.map((place, i) => (place === DEAD ? DEAD : automata[i]!.step(place, token)));
    return places[0] === DEAD ? DEAD : this.numberOf(places);
  }

  hasEnded(state: number): boolean {
    return this.spans.hasEnded(this.places[state]![0]!);
  }

  /** The place in `outcomes` of a span that ends here; -1 for one that cannot. */
  outcome(state: number): number {
    return this.outcomeOf[state]!;
  }

  /** The state of some places; undefined when it has not been met. */
  stateAt(places: Places): number | undefined {
    return this.numbers.get(places.join());
  }

  placesOf(state: number): Places {
    return this.places[state]!;
  }

  /** Which features the text so far has. */
  holds(state: number): boolean[] {
    return this.features.map((feature, i) => {
      const place = this.places[state]![i + 1]!;
      return place !== DEAD && feature.accepts(place);
    });
  }

  /**
   * What spans are worth by the weights of what they have; the same object for the same weights.
   * @param exact whether a weight of zero is one
   * @returns null where nothing is worth anything, something is worth no number, or there are too many of them.
   */
  weighedBy(logWeight: Foresight["logWeight"], exact: boolean): ForeseenSpans | null {
    const outcomes = this.isWhole ? this.outcomes : combinations(this.features.length);
    const logWeights = outcomes.map((holds) => logWeight(...holds));
    const most = Math.max(...logWeights);
    if (!(most < Infinity) || most === -Infinity) return null;
    // Where everything is worth something, nothing is lost.
    const sure = exact || !logWeights.includes(-Infinity);
    const key = `${sure}:${logWeights.join()}`;
    let weights = this.weighed.get(key);
    if (weights === undefined) {
      if (this.weighed.size >= MAX_WEIGHTS) return null;
      this.weighed.set(key, (weights = new ForeseenSpans(this, logWeight, most, sure)));
    }
    return weights;
  }

  /** Meets every state that so many tokens come to; false when there are too many. */
  private explore(maxTokens: number): boolean {
    if (this.start === DEAD) return true;
    const met = new Set([this.start]);
    let level = [this.start];
    for (let left = maxTokens; left > 0 && level.length > 0; left--) {
      const next: number[] = [];
      for (const state of level) {
        if (this.hasEnded(state)) continue;
        for (const after of this.transitions(state).states) {
          if (met.has(after)) continue;
          met.add(after);
          next.push(after);
        }
        if (met.size > MAX_STATES) return false;
      }
      level = next;
    }
    return true;
  }

  /** Brings the transitions of the automata together, one automaton after the other. */
  private combined(from: Places): TokenTransitions {
    const first = this.partial(0, from[0]!);
    let { of } = first;
    let tuples: Places[] = first.states.map((state) => [state]);
    for (let i = 1; i < from.length; i++) {
      if (from[i] === DEAD) {
        tuples = tuples.map((tuple) => [...tuple, DEAD]);
        continue;
      }
      const own = this.partial(i, from[i]!);
      const width = own.states.length + 1;
      const places = new Int32Array(tuples.length * width).fill(-1);
      const joined: Places[] = [];
      const after = new Int32Array(of.length).fill(-1);
      for (let token = 0; token < of.length; token++) {
        if (of[token]! < 0) continue;
        const pair = of[token]! * width + own.of[token]! + 1;
        if (places[pair] === -1) {
          places[pair] = joined.length;
          joined.push([...tuples[of[token]!]!, own.of[token]! < 0 ? DEAD : own.states[own.of[token]!]!]);
        }
        after[token] = places[pair]!;
      }
      of = after;
      tuples = joined;
    }
    return { of, states: tuples.map((tuple) => this.numberOf(tuple)) };
  }

  private partial(i: number, state: number): TokenTransitions {
    const known = this.parts[i]!;
    let moves = known.get(state);
    if (moves === undefined) known.set(state, (moves = this.automata[i]!.transitions(state)));
    return moves;
  }

  private numberOf(places: Places): number {
    const key = places.join();
    let number = this.numbers.get(key);
    if (number === undefined) {
      this.numbers.set(key, (number = this.places.length));
      this.places.push(places);
      this.outcomeOf.push(this.outcomeAt(number));
    }
    return number;
  }

  private outcomeAt(state: number): number {
    if (!this.spans.accepts(this.places[state]![0]!)) return -1;
    const holds = this.holds(state);
    const key = holds.map(Number).join("");
    let outcome = this.outcomeNumbers.get(key);
    if (outcome === undefined) {
      this.outcomeNumbers.set(key, (outcome = this.outcomes.length));
      this.outcomes.push(holds);
    }
    return outcome;
  }
}

const made = new WeakMap<TokenAutomaton, FeatureAutomaton[]>();

/** What spans are worth by what they have, as a share of the largest weight. */
export class ForeseenSpans implements WeighedSpans {
  readonly start: number;
  /** By outcome, as it is asked for. */
  private readonly worths: number[] = [];

  constructor(
    readonly features: FeatureAutomaton,
    private readonly logWeight: Foresight["logWeight"],
    /** log of the largest weight, in nats. */
    readonly logScale: number,
    /** Whether spans that are worth nothing have no weight. */
    readonly exact: boolean,
  ) {
    this.start = features.start;
  }

  transitions(state: number): TokenTransitions {
    return this.features.transitions(state);
  }

  step(state: number, token: number): number {
    return this.features.step(state, token);
  }

  hasEnded(state: number): boolean {
    return this.features.hasEnded(state);
  }

  worth(state: number): number {
    const outcome = this.features.outcome(state);
    return outcome < 0 ? 0 : (this.worths[outcome] ??= this.worthOf(this.features.outcomes[outcome]!));
  }

  /** log of what a span is worth that has these features, in nats below the most. */
  logRelative(holds: readonly boolean[]): number {
    return this.logWeight(...holds) - this.logScale;
  }

  private worthOf(holds: readonly boolean[]): number {
    const log = this.logRelative(holds);
    return log === -Infinity ? 0 : Math.max(LEAST, Math.exp(log));
  }
}

/**
 * What the spans of a rule are worth by the weight that is foreseen.
 *
 * @param conditioning what the spans must match besides; null for nothing
 * @returns why they cannot be had, where they cannot
 */
export function foreseenSpans(
  { features, logWeight, exact }: Foresight,
  conditioning: TokenAutomaton | null,
  rule: SpanRule,
  vocabulary: Vocabulary,
): ForeseenSpans | string {
  const guides = features.map((feature) => guideOf(feature));
  const automata = guides.map((guide) => guide?.automaton(rule, vocabulary) ?? null);
  const known = automata.filter((automaton) => automaton?.costly === false);
  if (known.length < automata.length) return "what they depend on can only be asked of the finished text";
  const spans = conditioning ?? guideOf(ANY)!.automaton(rule, vocabulary);
  const automaton = FeatureAutomaton.of(spans, known as readonly TokenAutomaton[], rule);
  if (!automaton.isWhole && known.length > MAX_FEATURES)
    return `they depend on more than ${MAX_FEATURES} things at once`;
  const isExact = exact && guides.every((guide) => guide!.compiled.decides);
  return (
    automaton.weighedBy(logWeight, isExact) ??
    `one of them is no weight, or there are more than ${MAX_WEIGHTS} kinds of them`
  );
}

/** By number of features, all that may hold. */
const allCombinations: (readonly (readonly boolean[])[])[] = [];
const combinations = (count: number): readonly (readonly boolean[])[] =>
  (allCombinations[count] ??= Array.from({ length: 2 ** count }, (_, n) =>
    Array.from({ length: count }, (__, i) => (n & (2 ** i)) !== 0),
  ));

const ANY = constraint.regex("[^]*");
