import type { Particle } from "@pgl/runtime";
import type { TokenAutomaton } from "../guided/token-automaton.js";
import type { ModelSession } from "../session.js";
import type { SpanRule } from "../span-rule.js";

/** Where a twist begins: a span about to be drawn. */
export interface TwistedSpan {
  readonly session: ModelSession;
  readonly rule: SpanRule;
  /** The node of the session's prefix tree after which the span begins. */
  readonly node: number;
  /** What the span must match, as an automaton over its tokens; null when nothing or what is no automaton. */
  readonly conditioning: TokenAutomaton | null;
}

/**
 * A twist of a span: a positive function ψ of its beginnings that says how good their future is, up to one constant factor.
 * Spans are drawn from p(v|s)·ψ(sv) and carry ψ in their steering weight until the next token or the end takes it away:
 * whatever ψ is, the measure stays what it is without. ψ close to the expected future weight makes all particles alike.
 *
 * Source: Zhao et al. 2024 (arXiv 2404.17546), Prop. 3.3.
 */
export interface SpanTwist {
  readonly name: string;
  /** @throws LanguageModelError when the twist was made for another model or vocabulary. */
  open(span: TwistedSpan, particle: Particle): OpenTwist | Promise<OpenTwist>;
}

/** A twist in one run and one kind of span. States are immutable values that particles share. */
export interface OpenTwist<S = unknown> {
  readonly start: S;
  /**
   * log ψ of the beginning continued by each token of the vocabulary, the end token among them, in nats; `-Infinity` where
   * no future is good. Not to be changed by the caller; valid until the next call.
   * @param node of the beginning in the session's prefix tree
   * @param left tokens that may still be drawn, the next one counted
   */
  next(state: S, node: number, left: number): Float64Array;
  /** The state after a token other than the end token. */
  advance(state: S, token: number): S;
  /** Nodes whose hidden states `next` reads: asked of the model with the rows. */
  readonly needsHidden?: boolean;
}
