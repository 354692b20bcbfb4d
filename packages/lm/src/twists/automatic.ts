import { DEAD } from "@pgl/constraints";
import type { Site } from "@pgl/runtime";
import { showSite } from "@pgl/runtime";
import type { TokenAutomaton } from "../guided/token-automaton.js";
import { LanguageModelError } from "../errors.js";
import type { ModelSession } from "../session.js";
import { BackwardFilter, backwardFilter } from "./backward-filter.js";
import { twistService } from "./opening.js";
import type { OpenTwist, SpanTwist, TwistedSpan } from "./span-twist.js";
import type { TokenSurrogate } from "./surrogate.js";

/** Constraints that are looked ahead to in one run: a program may make a new one in every execution. */
const MAX_CONSTRAINTS = 16;

/** Where a span stands for its surrogate and its constraint. */
interface Place {
  readonly surrogate: unknown;
  readonly state: number;
}

/**
 * ψ of a beginning is the probability, under a surrogate of the model, that the span comes out as its constraint wants it.
 * With a surrogate that is the model itself every execution weighs the same: the probability of the constraint.
 */
export class SurrogateTwist implements SpanTwist {
  readonly name: string;

  constructor(private readonly surrogate: TokenSurrogate) {
    this.name = surrogate.name;
  }

  /** @throws LanguageModelError PGLM020 for a span without an automaton, or one too large to look ahead in. */
  open(span: TwistedSpan): OpenTwist<Place> {
    const { session, conditioning, rule, node } = span;
    if (conditioning === null) {
      throw new LanguageModelError("PGLM020", "A surrogate twists spans that are conditioned on a constraint.", {
        hint: "Give `matching:`, or observe that the text matches.",
      });
    }
    const { surrogate } = this;
    const filter = backwardFilter(surrogate, conditioning, rule, session.model.vocabulary.size);
    if (!(filter instanceof BackwardFilter)) {
      throw new LanguageModelError("PGLM020", `There is no looking ahead here: ${filter.tooLarge}.`);
    }
    return new OpenSurrogateTwist(
      filter,
      conditioning,
      { surrogate: surrogate.start(session.tree.last(node)), state: conditioning.start },
      surrogate.exact && span.plain ? 0 : undefined,
    );
  }
}

class OpenSurrogateTwist implements OpenTwist<Place> {
  readonly linear = true;

  constructor(
    private readonly filter: BackwardFilter,
    private readonly automaton: TokenAutomaton,
    readonly start: Place,
    readonly plainShare: number | undefined,
  ) {}

  next(place: Place, _node: number, left: number): Float64Array {
    const { filter } = this;
    const { psi } = filter;
    filter.surrogate.look(place.surrogate, filter.futures(place.state, left), psi);
    return psi;
  }

  advance({ surrogate, state }: Place, token: number): Place {
    return { surrogate: this.filter.surrogate.advance(surrogate, token), state: this.automaton.step(state, token) };
  }
}

/**
 * The twist of a span that names none: where the model has a surrogate and the constraint an automaton. Null where there
 * is none to be had; where it would take too much, a warning says so.
 */
export function automaticTwist(span: TwistedSpan, site: Site): SpanTwist | null {
  const { session, conditioning, environment } = span;
  const { model } = session;
  if (conditioning === null || conditioning.costly || conditioning.start === DEAD) return null;
  const { surrogates, expected } = twistService(environment);
  const surrogate = surrogates?.get(model) ?? model.surrogate ?? null;
  if (surrogate === null) return null;
  const why = tooMany(session, conditioning) ?? tooLarge(surrogate, span);
  if (why !== null) {
    // What a model brings along is used where it can be.
    if (expected?.has(model) !== true) return null;
    environment.warn({
      code: "PGLW020",
      message: `The text at ${showSite(site)} is drawn without looking ahead: ${why}.`,
      site,
    });
    return null;
  }
  let twist = twists.get(surrogate);
  if (twist === undefined) twists.set(surrogate, (twist = new SurrogateTwist(surrogate)));
  return twist;
}

function tooLarge(surrogate: TokenSurrogate, { session, rule, conditioning }: TwistedSpan): string | null {
  const filter = backwardFilter(surrogate, conditioning!, rule, session.model.vocabulary.size);
  return filter instanceof BackwardFilter
    ? null
    : `its constraint with ${surrogate.name} would take ${filter.tooLarge}`;
}

function tooMany(session: ModelSession, conditioning: TokenAutomaton): string | null {
  let known = constraints.get(session);
  if (known === undefined) constraints.set(session, (known = new Set()));
  if (known.size < MAX_CONSTRAINTS) known.add(conditioning);
  return known.has(conditioning) ? null : `the program makes more than ${MAX_CONSTRAINTS} constraints`;
}

const constraints = new WeakMap<ModelSession, Set<TokenAutomaton>>();
const twists = new WeakMap<TokenSurrogate, SurrogateTwist>();
