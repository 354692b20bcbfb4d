import { constraint, type Constraint, ConstraintError, DEAD } from "@pgl/constraints";
import {
  Frame,
  infinitePower,
  logProduct,
  Op,
  type Drawable,
  type Factor,
  type Particle,
  type Process,
  type Product,
  type Site,
} from "@pgl/runtime";
import { LanguageModelError } from "../errors.js";
import { logSumExp, sum } from "../log-sum.js";
import { guideOf, type Guide, type GuideChoice } from "../guided/guide.js";
import { restrictTokens } from "../guided/restricted.js";
import type { TokenAutomaton } from "../guided/token-automaton.js";
import type { LogRow } from "../log-row.js";
import type { Context } from "../context.js";
import type { ModelReference, ModelSession, Path, TokenLaw } from "../session.js";
import type { SpanRule } from "../span-rule.js";
import type { TokenDistribution, TokenDraw } from "../token-distribution.js";
import type { Token } from "../token.js";
import { partSite } from "./part-site.js";
import { multiplyTokens, warnOfLocalProduct, type TokenProduct } from "./product-tokens.js";
import { waits } from "./waiting.js";

/** A span of one model, as a part of a product. */
export interface TextPart extends Process<string> {
  readonly isSpan: true;
  readonly alias: ModelReference;
  readonly after: Context;
  readonly rule: SpanRule;
  /** Whether the stopping rule was left to others. */
  readonly ruleIsDefault: boolean;
  readonly isMasked: boolean;
  /** The constraint that it is conditioned on. */
  readonly wanted: Constraint | null;
  /** Whether a twist was given for its draws. */
  readonly isTwisted: boolean;
  /** How draws are to be guided to the constraint, where that was said. */
  readonly guideChoice: GuideChoice | null;
  /** What the stopping rule and the beginning are made of. */
  readonly description: readonly unknown[];
  /** The distribution of a token, given a model's row. */
  lawIn(session: ModelSession): TokenLaw;
  /** @throws LanguageModelError PGLM013 when the rule asks for an ending that cannot come. */
  checkCanEnd(session: ModelSession, site?: Site): void;
}

const isTextPart = (value: object): value is TextPart => (value as Partial<TextPart>).isSpan === true;

/** How the span is drawn: with the weights that make it the product, or renormalised at each token. */
type Normalisation = "global" | "local";

/**
 * A product of text spans: the measure Π pᵢ(tokens) ^ exponentᵢ over the spans of one stopping rule. Each token is drawn from
 * the renormalised product of the parts' distributions, after the execution has been weighed by the normaliser: a resampling
 * then chooses among beginnings by how well the parts agree on what comes next. `local` leaves the weights away.
 *
 * With lists of exponents gₜ the measure of what is drawn so far is that of the exponents of the present token: beside the
 * normaliser there is the weight Π pᵢ(tokens so far) ^ (gₜ − gₜ₋₁), and at the end what leads to the last exponents. They
 * say how the search proceeds; the measure is that of the last ones.
 *
 * Parts that are conditioned condition the product: it is restricted to the spans that match all their constraints, and each
 * token is drawn among those that can still lead to one, weighed by what they have of the product.
 *
 * The log-density of a string is that of its canonical tokens, summed over its endings, as for `text`; of a `local` one that
 * of its tokens under the renormalised products; `-Infinity` for one that does not match.
 */
export class ProductText implements Product<string> {
  readonly kind = "process";
  readonly name = "product of texts";

  private constructor(
    readonly factors: readonly Factor<string>[],
    readonly parts: readonly TextPart[],
    readonly rule: SpanRule,
    /** What every span of the product matches. */
    readonly wanted: Constraint | null,
    private readonly isGuided: boolean,
  ) {}

  /**
   * @throws LanguageModelError PGLM018 unless every part is a text that stops by the same rule (or names none), is not masked,
   * and has an exponent above zero if it is conditioned.
   */
  static of(factors: readonly Factor<string>[]): ProductText {
    const parts = factors.map(({ part, exponent }) => {
      if (!isTextPart(part)) {
        throw new LanguageModelError("PGLM018", `A text cannot be multiplied by a ${part.name}.`, {
          hint: "Multiply distributions made by `text`, or draw the text and observe it under the other distribution.",
        });
      }
      if (part.isMasked) {
        throw new LanguageModelError("PGLM018", "A part of a product of texts is not masked by itself.", {
          hint: "Condition it with `matching:`, which conditions the product.",
        });
      }
      if (part.wanted !== null && !(lastOf(exponent) > 0)) {
        throw new LanguageModelError(
          "PGLM018",
          `A text that is conditioned has the exponent ${lastOf(exponent)}: what does not match would be divided by zero.`,
          { hint: "Give `matching:` to a part with a positive exponent." },
        );
      }
      if (part.isTwisted) {
        throw new LanguageModelError("PGLM018", "A part of a product of texts has a twist of its own.", {
          hint: "Leave `twist` away: each token of a product is weighed by what the parts have in common.",
        });
      }
      if (part.guideChoice === "awrs") {
        throw new LanguageModelError("PGLM018", 'A product of texts is guided by masks: it has no `guide: "awrs"`.', {
          hint: 'Leave `guide` away, or give `"none"`, which asks the finished text.',
        });
      }
      return part;
    });
    for (const { exponent } of factors) {
      if (typeof exponent === "number" || lastOf(exponent) > 0 || exponent.every((e: number) => e <= 0)) continue;
      throw new LanguageModelError(
        "PGLM018",
        `Exponents come down from above zero to ${lastOf(exponent)}: what the first of them rule out would be missing.`,
        { hint: "End with a positive exponent, or begin at zero." },
      );
    }
    const own = parts.filter((part) => !part.ruleIsDefault);
    const rule = (own[0] ?? parts[0]!).rule;
    if (!own.every((part) => part.rule.same(rule))) {
      throw new LanguageModelError("PGLM018", "The parts of a product of texts stop by different rules.", {
        hint: "Give each the same `stop_at`, `stop_before`, `max_tokens` and `must_stop`, or give them to one alone.",
      });
    }
    const wanted = [...new Set(parts.flatMap((part) => part.wanted ?? []))];
    return new ProductText(
      factors,
      parts,
      rule,
      wanted.length === 0 ? null : wanted.length === 1 ? wanted[0]! : constraint.and(...wanted),
      parts.every((part) => part.guideChoice !== "none"),
    );
  }

  draw(site: Site, proposal: Drawable<string> | null): Frame {
    return this.drawAs("global", site, proposal);
  }

  drawAs(normalisation: Normalisation, site: Site, proposal: Drawable<string> | null): Frame {
    if (proposal !== null) {
      throw new LanguageModelError("PGLM014", "A product of texts takes no proposal.", {
        site,
        hint: "It is drawn from the renormalised products of its tokens. Loop over `next`, whose draws take proposals.",
      });
    }
    return new ProductTextDraw(this, normalisation, site);
  }

  /** Σ exponentᵢ log pᵢ over the tokens, in nats: not normalised. */
  logDensity(value: string): Frame {
    return new ProductTextDensity(this, String(value));
  }

  local(): LocalProductText {
    return new LocalProductText(this);
  }

  /** What guides draws; null when nothing is wanted, or it has no say before the text is finished. */
  guide(site: Site): Guide | null {
    if (this.wanted === null || !this.isGuided) return null;
    try {
      return guideOf(this.wanted);
    } catch (error) {
      if (error instanceof ConstraintError) error.site ??= site;
      throw error;
    }
  }

  /** The exponents of the token with this number. */
  exponentsAt(token: number): readonly number[] {
    return this.factors.map(({ exponent }) =>
      typeof exponent === "number" ? exponent : exponent[Math.min(token, exponent.length - 1)]!,
    );
  }

  /** The exponents of the measure. */
  get exponents(): readonly number[] {
    return this.exponentsAt(Infinity);
  }

  get changes(): boolean {
    return this.factors.some(({ exponent }) => typeof exponent !== "number" && exponent.length > 1);
  }

  /** Sessions of the parts in a run. @throws LanguageModelError PGLM010 when they have different tokens. */
  sessions(particle: Particle, site?: Site): readonly ModelSession[] {
    const sessions = this.parts.map(({ alias }) => alias.session(particle.environment));
    const { vocabulary } = sessions[0]!.model;
    const other = sessions.find(({ model }) => !model.vocabulary.same(vocabulary));
    if (other !== undefined) {
      throw new LanguageModelError(
        "PGLM010",
        `The parts of the product have different tokens: ${sessions[0]!.model.name} and ${other.model.name}.`,
        { site, hint: "Multiply models with the same tokenizer." },
      );
    }
    this.parts.forEach((part, k) => part.checkCanEnd(sessions[k]!, site));
    return sessions;
  }
}

const lastOf = (exponent: Factor<unknown>["exponent"]): number =>
  typeof exponent === "number" ? exponent : exponent[exponent.length - 1]!;

/** A product of texts renormalised at each token: an approximation of the product, with a law of its own. */
export class LocalProductText implements Process<string> {
  readonly kind = "process";
  readonly name = "local product of texts";

  constructor(private readonly product: ProductText) {}

  draw(site: Site, proposal: Drawable<string> | null): Frame {
    return this.product.drawAs("local", site, proposal);
  }

  logDensity(value: string): Frame {
    return new LocalProductTextDensity(this.product, String(value));
  }
}

/** A part of a product in a run: where it stands, and what it makes of a row. */
interface Standing {
  readonly session: ModelSession;
  readonly law: TokenLaw;
  readonly node: number;
  /** Log-probability of the tokens drawn so far. */
  readonly logProbability: number;
}

const Pc = {
  Begin: 0,
  Row: 1,
  Weighed: 2,
  Token: 3,
  Next: 4,
  Cut: 5,
  Wait: 6,
  Finish: 7,
  Match: 8,
  Return: 9,
} as const;

class ProductTextDraw extends Frame {
  private standings: readonly Standing[] = [];
  private rows: readonly LogRow[] = [];
  private product: TokenProduct | null = null;
  /** What the token is drawn from: the product, or what is left of it. */
  private tokens: TokenDraw | null = null;
  private guide: Guide | null = null;
  private automaton: TokenAutomaton | null = null;
  private state = 0;
  private drawn = 0;
  private waited = 0;
  private stopState = 0;
  private logDensity = 0;

  constructor(
    private readonly process: ProductText,
    private readonly normalisation: Normalisation,
    private readonly site: Site,
  ) {
    super();
  }

  step(particle: Particle): Op {
    switch (this.pc) {
      case Pc.Begin:
        this.begin(particle);
        return this.ask(particle);
      case Pc.Row:
        this.rows = [...this.rows, particle.value as LogRow];
        return this.ask(particle);
      case Pc.Weighed:
        return this.draw(particle);
      case Pc.Token:
        return this.haveToken(particle, particle.value as Token);
      case Pc.Next:
        return this.ask(particle);
      case Pc.Cut:
        this.pc = Pc.Wait;
        return particle.condition(false, this.site);
      case Pc.Wait:
        if (waits(particle, this.process.rule, this.drawn, this.waited)) {
          this.waited++;
          return particle.step(this.site);
        }
        this.pc = Pc.Finish;
        return Op.Continue;
      case Pc.Finish:
        return this.finish(particle);
      case Pc.Match:
        return this.match(particle);
      default:
        return this.end(particle);
    }
  }

  private begin(particle: Particle): void {
    const { process, site } = this;
    if (this.normalisation === "local") warnOfLocalProduct(particle.environment, site);
    const sessions = process.sessions(particle, site);
    this.standings = process.parts.map((part, k) => {
      const session = sessions[k]!;
      const node = part.after.nodeIn(session.tree, session.model.vocabulary);
      return { session, law: part.lawIn(session), node, logProbability: 0 };
    });
    this.guide = process.guide(site);
    if (this.guide === null) return;
    this.automaton = this.guide.automaton(process.rule, sessions[0]!.model.vocabulary);
    this.state = this.automaton.start;
  }

  /** Collects the parts' rows, one after the other. */
  private ask(particle: Particle): Op {
    while (this.rows.length < this.standings.length) {
      const { session, node } = this.standings[this.rows.length]!;
      const row = session.known(node);
      if (row === undefined) {
        this.pc = Pc.Row;
        return particle.ask(session.rowRequest(node), this.site);
      }
      this.rows = [...this.rows, row];
    }
    return this.weigh(particle);
  }

  private weigh(particle: Particle): Op {
    const { site, automaton, state } = this;
    const exponents = this.process.exponentsAt(this.drawn);
    if (state === DEAD) return particle.condition(false, site);
    const mask = automaton?.mask(state, this.process.rule.maxTokens - this.drawn) ?? null;
    const product = multiplyTokens(this.distributions, exponents, site, this.normalisation === "local" ? null : mask);
    if (product.tokens === null) return particle.condition(false, site);
    const possible = mask === null ? { tokens: product.tokens, logMass: 0 } : restrictTokens(product.tokens, mask);
    if (possible.tokens === null) return particle.condition(false, site);
    this.product = product;
    this.tokens = possible.tokens;
    const own = this.normalisation === "local" ? 0 : product.logMass + this.reweighted(exponents);
    if (this.normalisation === "local" && automaton === null) return this.draw(particle);
    this.pc = Pc.Weighed;
    return particle.factor(own + possible.logMass, site);
  }

  /** Of what is drawn so far: log of the measure of `exponents` over that of the exponents it was drawn with, in nats. */
  private reweighted(exponents: readonly number[]): number {
    if (this.drawn === 0 || !this.process.changes) return 0;
    const before = this.process.exponentsAt(this.drawn - 1);
    return this.standings.reduce((total, { logProbability }, k) => {
      const change = exponents[k]! - before[k]!;
      if (change === 0) return total;
      // A part that had no say so far may find it impossible.
      if (logProbability === -Infinity && change < 0) {
        throw infinitePower("The text so far", exponents[k]!, this.site);
      }
      return total + change * logProbability;
    }, 0);
  }

  private get distributions(): readonly TokenDistribution[] {
    return this.standings.map(({ law }, k) => law(this.rows[k]!));
  }

  private draw(particle: Particle): Op {
    this.pc = Pc.Token;
    return particle.sample(this.tokens!, partSite(this.site));
  }

  private haveToken(particle: Particle, token: Token): Op {
    const { rule } = this.process;
    const { vocabulary } = this.standings[0]!.session.model;
    const id = vocabulary.idOf(token);
    const { tokens, logMass } = this.product!;
    this.logDensity += tokens!.logProbability(id) + (this.normalisation === "local" ? 0 : logMass);
    const made = this.distributions;
    const ended = id === vocabulary.eosId;
    this.standings = this.standings.map((standing, k) => ({
      ...standing,
      node: ended ? standing.node : standing.session.tree.child(standing.node, id),
      logProbability: standing.logProbability + made[k]!.logProbability(id),
    }));
    this.rows = [];
    this.product = null;
    this.tokens = null;
    this.drawn++;
    if (ended) this.pc = Pc.Wait;
    else {
      if (this.automaton !== null && this.state !== DEAD) this.state = this.automaton.step(this.state, id);
      this.stopState = rule.read(this.stopState, vocabulary, id);
      this.pc = this.stopState < 0 ? Pc.Wait : this.drawn < rule.maxTokens ? Pc.Next : rule.mustStop ? Pc.Cut : Pc.Wait;
    }
    // The weight before the next token is where the product may be resampled.
    return this.normalisation === "local" && this.automaton === null ? particle.step(this.site) : Op.Continue;
  }

  /** Weighs what the last exponents make of the text. */
  private finish(particle: Particle): Op {
    this.pc = Pc.Match;
    if (this.normalisation === "local" || !this.process.changes) return Op.Continue;
    return particle.factor(this.reweighted(this.process.exponents), this.site);
  }

  /** Asks what the draws have not seen to. */
  private match(particle: Particle): Op {
    const { wanted } = this.process;
    this.pc = Pc.Return;
    if (wanted === null || this.guide?.compiled.decides === true) return Op.Continue;
    return particle.condition(wanted.test(this.text, particle.environment), this.site);
  }

  private end(particle: Particle): Op {
    const { text } = this;
    particle.record(this.site, text, this.logDensity);
    return particle.return(text);
  }

  private get text(): string {
    const { session, node } = this.standings[0]!;
    const { tree, model } = session;
    const start = this.process.parts[0]!.after.nodeIn(tree, model.vocabulary);
    return this.process.rule.textOf(model.vocabulary, tree.last(node, tree.length(node) - tree.length(start)));
  }

  /** At the draw of a token. Where the parts stand is all that was read, unless their exponents change. */
  override live(): readonly unknown[] {
    const { process, standings } = this;
    const places = standings.flatMap(({ session, law, node }) => [session, law, node]);
    const past = process.changes ? standings.map(({ logProbability }) => logProbability) : [];
    const exponents = process.factors.map(({ exponent }) => exponent);
    const rules = process.parts.flatMap(({ description }) => description);
    const wanted = [process.wanted, this.automaton, this.state];
    return [...places, ...past, ...exponents, ...wanted, this.normalisation, this.drawn, this.stopState, ...rules];
  }

  protected copy(): Frame {
    const twin = new ProductTextDraw(this.process, this.normalisation, this.site);
    twin.standings = this.standings;
    twin.rows = this.rows;
    twin.product = this.product;
    twin.tokens = this.tokens;
    twin.guide = this.guide;
    twin.automaton = this.automaton;
    twin.state = this.state;
    twin.drawn = this.drawn;
    twin.waited = this.waited;
    twin.stopState = this.stopState;
    twin.logDensity = this.logDensity;
    return twin;
  }
}

/** The measure of a text: the sum over its endings of Π over the parts of the probability of the tokens ^ exponent. */
class ProductTextDensity extends Frame {
  /** Of each part asked so far, the log-probability of each ending. */
  private asked: readonly (readonly number[])[] = [];

  constructor(
    private readonly process: ProductText,
    private readonly text: string,
  ) {
    super();
  }

  step(particle: Particle): Op {
    const { process } = this;
    const sessions = process.sessions(particle);
    if (!this.mayMatch(particle)) return particle.return(-Infinity);
    if (this.pc === 1) {
      const answer = particle.value as readonly Float64Array[];
      this.asked = [...this.asked, answer.map(sum)];
    }
    const { exponents, parts } = process;
    const k = this.asked.length;
    const endings = process.rule.endings(this.text, sessions[0]!.model.vocabulary);
    if (endings.length === 0) return particle.return(-Infinity);
    if (k < parts.length) {
      this.pc = 1;
      const { tree, model } = sessions[k]!;
      const start = parts[k]!.after.nodeIn(tree, model.vocabulary);
      const law = parts[k]!.lawIn(sessions[k]!);
      particle.request = sessions[k]!.pathRequest(endings.map((tokens): Path => ({ start, tokens, law })));
      return Op.Request;
    }
    const factors = process.factors.map(({ part }, i) => ({ part, exponent: exponents[i]! }));
    const terms = endings.map((_, at) =>
      logProduct(
        factors,
        this.asked.map((logs) => logs[at]!),
        this.text,
      ),
    );
    return particle.return(logSumExp(terms));
  }

  private mayMatch(particle: Particle): boolean {
    return this.pc > 0 || this.process.wanted?.test(this.text, particle.environment) !== false;
  }

  protected copy(): Frame {
    const twin = new ProductTextDensity(this.process, this.text);
    twin.asked = this.asked;
    return twin;
  }
}

/** The log-probability of a text drawn from products renormalised at each token. */
class LocalProductTextDensity extends Frame {
  private matches: boolean | null = null;
  private terms: readonly number[] = [];
  /** Place in the ending that is being gone through. */
  private at = 0;
  private logProbability = 0;
  private nodes: readonly number[] | null = null;
  private rows: readonly LogRow[] = [];

  constructor(
    private readonly process: ProductText,
    private readonly text: string,
  ) {
    super();
  }

  step(particle: Particle): Op {
    const { process } = this;
    this.matches ??= process.wanted?.test(this.text, particle.environment) ?? true;
    if (!this.matches) return particle.return(-Infinity);
    const sessions = process.sessions(particle);
    const { vocabulary } = sessions[0]!.model;
    const endings = process.rule.endings(this.text, vocabulary);
    if (this.pc === 1) {
      this.rows = [...this.rows, particle.value as LogRow];
      this.pc = 0;
    }
    while (this.terms.length < endings.length) {
      const tokens = endings[this.terms.length]!;
      this.nodes ??= process.parts.map((part, k) => part.after.nodeIn(sessions[k]!.tree, vocabulary));
      while (this.rows.length < sessions.length) {
        const session = sessions[this.rows.length]!;
        const node = this.nodes[this.rows.length]!;
        const row = session.known(node);
        if (row === undefined) {
          this.pc = 1;
          particle.request = session.rowRequest(node);
          return Op.Request;
        }
        this.rows = [...this.rows, row];
      }
      this.readToken(sessions, tokens);
    }
    return particle.return(logSumExp(this.terms));
  }

  private readToken(sessions: readonly ModelSession[], tokens: Int32Array): void {
    const { process, at } = this;
    const made = process.parts.map((part, k) => part.lawIn(sessions[k]!)(this.rows[k]!));
    const product = multiplyTokens(made, process.exponentsAt(at));
    this.logProbability += product.tokens?.logProbability(tokens[at]!) ?? -Infinity;
    this.nodes = this.nodes!.map((node, k) => sessions[k]!.tree.child(node, tokens[at]!));
    this.rows = [];
    this.at++;
    if (this.at < tokens.length && this.logProbability > -Infinity) return;
    this.terms = [...this.terms, this.logProbability];
    this.at = 0;
    this.logProbability = 0;
    this.nodes = null;
  }

  protected copy(): Frame {
    const twin = new LocalProductTextDensity(this.process, this.text);
    twin.matches = this.matches;
    twin.terms = this.terms;
    twin.at = this.at;
    twin.logProbability = this.logProbability;
    twin.nodes = this.nodes;
    twin.rows = this.rows;
    return twin;
  }
}
