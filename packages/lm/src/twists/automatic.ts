import { DEAD } from "@pgl/constraints";
import type { Site } from "@pgl/runtime";
import { showSite } from "@pgl/runtime";
import type { TokenAutomaton } from "../guided/token-automaton.js";
import { LanguageModelError } from "../errors.js";
import type { ModelSession } from "../session.js";
import type { ExpectedFutures, WeighedSpans } from "./backward-filter.js";
import { foreseenSpans, type ForeseenSpans } from "./feature-automaton.js";
import type { Foresight } from "./foresight.js";
import { expectedFutures } from "./marginal-filter.js";
import { twistService } from "./opening.js";
import type { OpenTwist, PsiTable, SpanTwist, TwistedSpan } from "./span-twist.js";
import type { TokenSurrogate } from "./surrogate.js";

/** Constraints that are looked ahead to in one run: a program may make a new one in every execution. */
const MAX_CONSTRAINTS = 16;

/** Where a span stands for its surrogate and its constraint. */
interface Place {
  readonly surrogate: unknown;
  readonly state: number;
}

/**
 * ψ of a beginning is the probability, under a surrogate of the model, that the span comes out as its constraint wants it; or
 * what is then to be expected of the weight that comes after the span, where that is foreseen. With a surrogate that is the
 * model itself every execution weighs the same: the probability of the constraint, or the expected weight.
 */
export class SurrogateTwist implements SpanTwist {
  readonly name: string;

  constructor(
    private readonly surrogate: TokenSurrogate,
    private readonly foreseen: ForeseenSpans | null = null,
  ) {
    this.name = surrogate.name;
  }

  /** @throws LanguageModelError PGLM020 for a span without an automaton, or one too large to look ahead in. */
  open(span: TwistedSpan): OpenTwist<Place> {
    const { session, conditioning, rule, node } = span;
    const { surrogate, foreseen } = this;
    const spans = foreseen ?? conditioning;
    if (spans === null) {
      throw new LanguageModelError("PGLM020", "A surrogate twists spans that are conditioned on a constraint.", {
        hint: "Give `matching:`, or observe that the text matches.",
      });
    }
    const filter = expectedFutures(surrogate, spans, rule, session.model.vocabulary.size);
    if ("tooLarge" in filter) {
      throw new LanguageModelError("PGLM020", `There is no looking ahead here: ${filter.tooLarge}.`);
    }
    return new OpenSurrogateTwist(
      filter,
      spans,
      { surrogate: surrogate.start(session.tree.last(node)), state: spans.start },
      surrogate.exact && filter.isExact && span.plain && foreseen?.exact !== false ? 0 : undefined,
      foreseen?.logScale ?? 0,
      foreseen !== null,
    );
  }
}

class OpenSurrogateTwist implements OpenTwist<Place> {
  constructor(
    private readonly filter: ExpectedFutures,
    private readonly spans: WeighedSpans,
    readonly start: Place,
    readonly plainShare: number | undefined,
    readonly logScale: number,
    readonly outlasts: boolean,
  ) {}

  next(place: Place, _node: number, left: number): PsiTable {
    const { filter } = this;
    return { read: (into, from, to) => filter.look(place.surrogate, place.state, left, into, from, to) };
  }

  advance({ surrogate, state }: Place, token: number): Place {
    return { surrogate: this.filter.surrogate.advance(surrogate, token), state: this.spans.step(state, token) };
  }
}

/**
 * The twist of a span that names none: where the model has a surrogate, and the constraint or what is foreseen an automaton.
 * Null where there is none to be had; where it would take too much, a warning says so.
 *
 * @param foresight of the weight that comes after the span; where it cannot be followed, only the constraint is looked ahead to
 */
export function automaticTwist(span: TwistedSpan, site: Site, foresight: Foresight | null): SpanTwist | null {
  const { session, conditioning, environment } = span;
  const { model } = session;
  if ((conditioning ?? foresight) === null || conditioning?.costly === true || conditioning?.start === DEAD)
    return null;
  const { surrogates, expected } = twistService(environment);
  const surrogate = surrogates?.get(model) ?? model.surrogate ?? null;
  if (surrogate === null) return null;
  const warn = (what: string, why: string): void => {
    // What a model brings along is used where it can be.
    if (expected?.has(model) !== true) return;
    environment.warn({
      code: "PGLW020",
      message: `The text at ${showSite(site)} is drawn without looking ahead${what}: ${why}.`,
      site,
    });
  };
  if (foresight !== null) {
    const spans = foreseenSpans(foresight, conditioning, span.rule, model.vocabulary);
    const why = typeof spans === "string" ? spans : tooLarge(surrogate, spans, span, "they");
    if (why === null) return foreseenTwist(surrogate, spans as ForeseenSpans);
    warn(" to the weights that come after it", why);
    if (conditioning === null) return null;
  }
  const why = tooMany(session, conditioning!) ?? tooLarge(surrogate, conditioning!, span, "its constraint");
  if (why !== null) {
    warn("", why);
    return null;
  }
  let twist = twists.get(surrogate);
  if (twist === undefined) twists.set(surrogate, (twist = new SurrogateTwist(surrogate)));
  return twist;
}

function foreseenTwist(surrogate: TokenSurrogate, spans: ForeseenSpans): SpanTwist {
  let known = foreseen.get(surrogate);
  if (known === undefined) foreseen.set(surrogate, (known = new WeakMap()));
  let twist = known.get(spans);
  if (twist === undefined) known.set(spans, (twist = new SurrogateTwist(surrogate, spans)));
  return twist;
}

function tooLarge(
  surrogate: TokenSurrogate,
  spans: WeighedSpans,
  { session, rule }: TwistedSpan,
  what: string,
): string | null {
  const filter = expectedFutures(surrogate, spans, rule, session.model.vocabulary.size);
  return "tooLarge" in filter ? `${what} with ${surrogate.name} would take ${filter.tooLarge}` : null;
}

function tooMany(session: ModelSession, conditioning: TokenAutomaton): string | null {
  let known = constraints.get(session);
  if (known === undefined) constraints.set(session, (known = new Set()));
  if (known.size < MAX_CONSTRAINTS) known.add(conditioning);
  return known.has(conditioning) ? null : `the program makes more than ${MAX_CONSTRAINTS} constraints`;
}

const constraints = new WeakMap<ModelSession, Set<TokenAutomaton>>();
const twists = new WeakMap<TokenSurrogate, SurrogateTwist>();
const foreseen = new WeakMap<TokenSurrogate, WeakMap<ForeseenSpans, SurrogateTwist>>();
