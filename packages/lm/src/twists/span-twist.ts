import type { Environment, Request } from "@pgl/runtime";
import type { TokenAutomaton } from "../guided/token-automaton.js";
import type { ModelSession } from "../session.js";
import type { SpanRule } from "../span-rule.js";
import type { NextTokens } from "./candidates.js";
import type { Shortlisted } from "./shortlisted.js";

/** Where a twist begins: a span about to be drawn. */
export interface TwistedSpan {
  readonly session: ModelSession;
  readonly environment: Environment;
  readonly rule: SpanRule;
  /** The node of the session's prefix tree after which the span begins. */
  readonly node: number;
  /** What the span must match, as an automaton over its tokens; null when nothing or what is no automaton. */
  readonly conditioning: TokenAutomaton | null;
  /** Whether tokens have the model's own probabilities: not tempered, cut off or masked. */
  readonly plain: boolean;
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
  /** The twist for the program that runs in an environment, of one that depends on the program's arguments. */
  within?(environment: Environment): SpanTwist;
  /**
   * Called once a run for each kind of span (session, stopping rule, beginning and constraint). A promise is awaited
   * before the span's first token; executions that are replayed need one that comes at once.
   *
   * @throws LanguageModelError PGLM019 when the twist was made for another model or vocabulary.
   */
  open(span: TwistedSpan): OpenTwist | Promise<OpenTwist>;
}

/** ψ itself of the next tokens, not its logarithm. Where it is below 1e-280 for all that may come, the twist is silent. */
export interface PsiTable {
  /** Writes ψ of the tokens from `from` on and before `to` to their places in `into`: the same numbers whenever it is asked. */
  read(into: Float64Array, from: number, to: number): void;
}

/** What a twist says of the next tokens. */
export type NextPsi = Float64Array | Shortlisted | PsiTable;

/** A twist in one run and one kind of span. States are immutable values that particles share. */
export interface OpenTwist<S = unknown> {
  readonly start: S;
  /**
   * Share of each token's draw that is made from the row without the twist, in [0, 1): weights then stay within 1/share of
   * what they are without a twist, and where ψ is zero nothing is lost. Default 0.01. Zero only for a ψ that is zero
   * nowhere but where no future has a weight.
   */
  readonly plainShare?: number;
  /**
   * Whether what ψ expects comes after the span: then ψ of the finished span steers on until the next twist or the end of
   * the program. Default false: it ends with the span.
   */
  readonly outlasts?: boolean;
  /** log of a factor that all of ψ has besides, in nats. Default 0. */
  readonly logScale?: number;
  /** What `next` has to know from outside (a model's hidden states): its answer is passed on. Null or missing: nothing. */
  ask?(state: S, node: number, left: number): Request<unknown> | null;
  /**
   * ψ of the beginning continued by each token of the vocabulary, the end token among them: its logarithm by token id, in
   * nats, `-Infinity` where no future is good, NaN nowhere; or of a shortlist, then drawing costs what the shortlist costs;
   * or ψ itself, to be read. Not changed by the caller. An array by token id is not kept: it may be the same each time.
   * Executions that stand at one node ask once, and share the state that it was asked in.
   *
   * @param node of the beginning in the session's prefix tree
   * @param left tokens that may still be drawn, the next one counted
   * @param answer to what `ask` has asked
   * @param tokens that may come next, for a twist that looks at the likeliest only
   */
  next(state: S, node: number, left: number, answer: unknown, tokens: NextTokens): NextPsi;
  /** The state after a token other than the end token. */
  advance(state: S, token: number): S;
}

export function isSpanTwist(value: unknown): value is SpanTwist {
  return typeof value === "object" && value !== null && typeof (value as Partial<SpanTwist>).open === "function";
}
