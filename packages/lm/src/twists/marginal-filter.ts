import type { TokenTransitions } from "../guided/token-automaton.js";
import type { SpanRule } from "../span-rule.js";
import {
  BackwardFilter,
  backwardFilter,
  type ExpectedFutures,
  type TooLarge,
  type WeighedSpans,
} from "./backward-filter.js";
import { FeatureAutomaton, type ForeseenSpans } from "./feature-automaton.js";
import type { TokenSurrogate } from "./surrogate.js";

/** Nats below the most that a weight counts as. */
const LOWEST = -30;
/** Least factor by which a group changes a weight: below lies rounding. */
const ROUNDING = Math.exp(LOWEST);

/** Features that are followed together, and how probable it is that they come out in each way. */
interface Group {
  readonly automaton: FeatureAutomaton;
  /** Their places among all features. */
  readonly members: readonly number[];
  /** By outcome of the automaton. */
  readonly filters: readonly BackwardFilter[];
}

/** What a text is worth as it stands, and by what groups of features may change that: outcomes, and by which share each. */
interface Changes {
  /** The state of its span. */
  readonly span: number;
  readonly weight: number;
  readonly groups: readonly {
    readonly own: number;
    readonly parts: readonly { readonly filter: BackwardFilter; readonly factor: number }[];
  }[];
}

/**
 * What is to be expected of a weight w that depends on more features than can be followed at once. Each feature is followed by
 * itself, together with those that it excludes or implies. With D what the text so far has, w(D with o) the weight where the
 * features of group i come out as o, P_i(o) the probability of that, and h that of an accepted span,
 *
 *     h · w(D) · Π_i Σ_o P_i(o)/h · w(D with o)/w(D):
 *
 * the expected weight if groups were independent and each changed it by a factor of its own.
 */
export class MarginalFilter implements ExpectedFutures {
  readonly isExact = false;
  private readonly changes = new Map<number, Changes>();
  // By token: h, 1/h, the probability of an outcome, and by what a group changes the weight.
  private accepted = new Float64Array(0);
  private inverse = new Float64Array(0);
  private chance = new Float64Array(0);
  private change = new Float64Array(0);

  constructor(
    readonly surrogate: TokenSurrogate,
    private readonly spans: ForeseenSpans,
    private readonly all: BackwardFilter,
    private readonly groups: readonly Group[],
  ) {}

  look(place: unknown, state: number, left: number, into: Float64Array, from: number, to: number): void {
    if (this.chance.length !== into.length) {
      this.accepted = new Float64Array(into.length);
      this.inverse = new Float64Array(into.length);
      this.chance = new Float64Array(into.length);
      this.change = new Float64Array(into.length);
    }
    const { accepted, inverse, chance, change } = this;
    const { span, weight, groups } = this.changesIn(state);
    this.all.look(place, span, left, accepted, from, to);
    for (let token = from; token < to; token++) {
      const h = accepted[token]!;
      into[token] = h * weight;
      inverse[token] = h > 0 ? 1 / h : 0;
    }
    for (const { own, parts } of groups) {
      // Nearly all groups have one outcome that changes anything.
      const [first, ...others] = parts;
      first!.filter.look(place, own, left, change, from, to);
      for (let token = from; token < to; token++) change[token]! *= first!.factor;
      for (const { filter, factor } of others) {
        filter.look(place, own, left, chance, from, to);
        for (let token = from; token < to; token++) change[token]! += chance[token]! * factor;
      }
      for (let token = from; token < to; token++) {
        const by = 1 + change[token]! * inverse[token]!;
        into[token]! *= by > ROUNDING ? by : ROUNDING;
      }
    }
  }

  /** What a text that stands in `state` is worth, and by what groups may still change that; made once. */
  private changesIn(state: number): Changes {
    let changes = this.changes.get(state);
    if (changes === undefined) this.changes.set(state, (changes = this.changesOf(state)));
    return changes;
  }

  private changesOf(state: number): Changes {
    const { spans } = this;
    const [span, ...places] = spans.features.placesOf(state);
    const now = spans.features.holds(state);
    const log = (holds: readonly boolean[]): number => Math.max(LOWEST, spans.logRelative(holds));
    const groups = this.groups.map(({ automaton, members, filters }) => ({
      own: automaton.stateAt([span!, ...members.map((member) => places[member]!)])!,
      parts: filters
        .map((filter, outcome) => {
          const then = now.slice();
          members.forEach((member, k) => (then[member] = automaton.outcomes[outcome]![k]!));
          return { filter, factor: Math.expm1(log(then) - log(now)) };
        })
        .filter(({ factor }) => factor !== 0),
    }));
    return { span: span!, weight: Math.exp(log(now)), groups: groups.filter(({ parts }) => parts.length > 0) };
  }
}

/** Spans worth 1 where a group of features comes out in one way. */
class Outcome implements WeighedSpans {
  readonly start: number;

  constructor(
    private readonly automaton: FeatureAutomaton,
    private readonly outcome: number,
  ) {
    this.start = automaton.start;
  }

  transitions(state: number): TokenTransitions {
    return this.automaton.transitions(state);
  }

  step(state: number, token: number): number {
    return this.automaton.step(state, token);
  }

  hasEnded(state: number): boolean {
    return this.automaton.hasEnded(state);
  }

  worth(state: number): number {
    return this.automaton.outcome(state) === this.outcome ? 1 : 0;
  }
}

/** What is to be expected of spans, made once: as it is under the surrogate, or from one feature after the other. */
export function expectedFutures(
  surrogate: TokenSurrogate,
  spans: WeighedSpans | ForeseenSpans,
  rule: SpanRule,
  vocabularySize: number,
): ExpectedFutures | TooLarge {
  if (!("features" in spans)) return backwardFilter(surrogate, spans, rule, vocabularySize);
  if (spans.features.isWhole) {
    const filter = backwardFilter(surrogate, spans, rule, vocabularySize);
    if (filter instanceof BackwardFilter) return filter;
  }
  let filters = made.get(surrogate);
  if (filters === undefined) made.set(surrogate, (filters = new WeakMap()));
  let filter = filters.get(spans);
  if (filter === undefined) filters.set(spans, (filter = marginalFilter(surrogate, spans, rule, vocabularySize)));
  return filter;
}

/** Follows features one by one, or those that depend on each other together. */
export function marginalFilter(
  surrogate: TokenSurrogate,
  spans: ForeseenSpans,
  rule: SpanRule,
  vocabularySize: number,
): MarginalFilter | TooLarge {
  const groups: Group[] = [];
  for (const members of dependent(spans.features, rule)) {
    const automaton = automatonOf(spans.features, members, rule);
    const filters: BackwardFilter[] = [];
    if (!automaton.isWhole) return { tooLarge: "more states than are looked at" };
    for (let outcome = 0; outcome < automaton.outcomes.length; outcome++) {
      const filter = backwardFilter(surrogate, outcomeOf(automaton, outcome), rule, vocabularySize);
      if ("tooLarge" in filter) return filter;
      filters.push(filter);
    }
    groups.push({ automaton, members, filters });
  }
  const accepted = backwardFilter(surrogate, spans.features.spans, rule, vocabularySize);
  return "tooLarge" in accepted ? accepted : new MarginalFilter(surrogate, spans, accepted, groups);
}

const automatonOf = (
  { spans, features }: FeatureAutomaton,
  members: readonly number[],
  rule: SpanRule,
): FeatureAutomaton =>
  FeatureAutomaton.of(
    spans,
    members.map((member) => features[member]!),
    rule,
  );

/** Features in groups: two of which not every combination comes about are in one. */
function dependent(all: FeatureAutomaton, rule: SpanRule): number[][] {
  let groups: number[][] = [];
  all.features.forEach((_, feature) => {
    const near = groups.filter((group) =>
      group.some((other) => {
        const pair = automatonOf(all, [other, feature], rule);
        return pair.isWhole && pair.outcomes.length < 4;
      }),
    );
    groups = [...groups.filter((group) => !near.includes(group)), [...near.flat(), feature]];
  });
  return groups;
}

function outcomeOf(automaton: FeatureAutomaton, outcome: number): Outcome {
  let known = outcomes.get(automaton);
  if (known === undefined) outcomes.set(automaton, (known = []));
  return (known[outcome] ??= new Outcome(automaton, outcome));
}

const outcomes = new WeakMap<FeatureAutomaton, Outcome[]>();
const made = new WeakMap<TokenSurrogate, WeakMap<ForeseenSpans, MarginalFilter | TooLarge>>();
