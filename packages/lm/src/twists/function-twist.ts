import { RunError } from "@pgl/runtime";
import type { ModelSession } from "../session.js";
import { smallFloats } from "../small-arrays.js";
import type { SpanRule } from "../span-rule.js";
import type { NextTokens } from "./candidates.js";
import { listed, type Shortlisted } from "./shortlisted.js";
import type { OpenTwist, SpanTwist, TwistedSpan } from "./span-twist.js";

/** log ψ of a text that may go on, in nats; `-Infinity` where nothing good can come of it. Equal texts have equal ones. */
export type TextTwist = (text: string) => number;

/** Tokens for which a function is asked at each draw, where `shortlist` says nothing else. */
export const DEFAULT_SHORTLIST = 20;

/** Tokens of less probability are not asked about. */
const LEAST = 2 ** -14;

/** Beginnings of which what was said is kept, for each kind of span. */
const KEPT = 1 << 12;

/**
 * A function of the text so far as its twist. At each token it is asked for the beginning continued by each token of a
 * *shortlist*: the likeliest ones that may be drawn, none of them with next to no probability. Every other token, and the end token, which adds no text, has the
 * value of the beginning itself. This is a ψ over the whole vocabulary, so that the token's weight is exact: a short list
 * costs variance, never truth.
 *
 * What steers after a token is what was said of it when it was drawn: of one beyond the shortlist the value of the
 * beginning before it. Its own is asked for when the next token is drawn, as that of the beginning then. ψ of the finished
 * text steers on until the next twist or the end of the program, as the weights it foresees come after the text. Where ψ is
 * zero for all that may come, it is silent, and what was said before stays.
 *
 * The text is that of the stopping rule (`SpanRule.textOf`): cut at a stop string, without a character that its tokens end
 * in the middle of.
 *
 * Source: Zhao et al. 2024 (arXiv 2404.17546), Prop. 3.3, with ψ constant outside the shortlist.
 */
export class FunctionTwist implements SpanTwist {
  readonly name: string;

  private constructor(
    readonly text: TextTwist,
    readonly shortlist: number,
  ) {
    // A function that is written where it is given has the option's name.
    this.name = text.name === "" || text.name === "twist" ? "a function" : text.name;
  }

  /** The same twist for the same function and shortlist: what it has said is kept under it. */
  static of(text: TextTwist, shortlist: number): FunctionTwist {
    let twist = twists.get(text);
    if (twist?.shortlist !== shortlist) twists.set(text, (twist = new FunctionTwist(text, shortlist)));
    return twist;
  }

  open({ session, rule, node }: TwistedSpan): OpenTwist<null> {
    return new OpenFunctionTwist(this, session, rule, session.tree.length(node));
  }
}

class OpenFunctionTwist implements OpenTwist<null> {
  readonly start = null;
  readonly outlasts = true;
  /** By the node of a beginning: what the function has said of it, and of it with the tokens of its shortlist. */
  private readonly said = new Map<number, Shortlisted>();

  constructor(
    private readonly twist: FunctionTwist,
    private readonly session: ModelSession,
    private readonly rule: SpanRule,
    /** Tokens before the span. */
    private readonly before: number,
  ) {}

  /** @throws RunError PGLR062 when the function answers what is no logarithm of a weight. */
  next(_state: null, node: number, _left: number, _answer: unknown, tokens: NextTokens): Shortlisted {
    const { said, rule } = this;
    const { tree, model } = this.session;
    const { vocabulary } = model;
    const drawn = tree.last(node, tree.length(node) - this.before);
    const known = said.get(node);
    const shorter = drawn.length === 0 ? undefined : said.get(tree.parent(node));
    const rest = known?.rest ?? listed(shorter, tree.token(node)) ?? this.logPsiOf(rule.textOf(vocabulary, drawn));
    const ids = tokens.likeliest(this.twist.shortlist, LEAST).filter((id) => id !== vocabulary.eosId);
    const texts = rule.textsWith(vocabulary, drawn, ids);
    const logPsi = smallFloats(ids.length);
    for (let at = 0; at < ids.length; at++) logPsi[at] = listed(known, ids[at]!) ?? this.logPsiOf(texts[at]!);
    const psi = { ids, logPsi, rest };
    if (said.size >= KEPT) said.clear();
    said.set(node, psi);
    return psi;
  }

  advance(): null {
    return null;
  }

  /** log ψ of a text. */
  private logPsiOf(text: string): number {
    const value: unknown = this.twist.text(text);
    if (typeof value === "number" && value < Infinity) return value;
    const found = typeof value === "number" ? String(value) : `no number, but ${describe(value)}`;
    throw new RunError("PGLR062", `The twist of the text ${JSON.stringify(text)} is ${found}.`, {
      hint: "It is log ψ, a number of nats below +Infinity; -inf stands for ψ = 0.",
    });
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  return value instanceof Promise ? "a promise" : `a ${typeof value}`;
}

const twists = new WeakMap<TextTwist, FunctionTwist>();
