import { constraint, Constraint, ConstraintError, DEAD } from "@pgl/constraints";
import { Frame, Op, type Drawable, type Factor, type Particle, type Site } from "@pgl/runtime";
import type { Context } from "../context.js";
import { LanguageModelError } from "../errors.js";
import type { LogRow } from "../log-row.js";
import { logSumExp, sum } from "../log-sum.js";
import type { ModelReference, ModelSession, Path, TokenLaw } from "../session.js";
import { SpanRule, type SpanOptions } from "../span-rule.js";
import type { TokenDistribution, TokenDraw } from "../token-distribution.js";
import type { Token } from "../token.js";
import { guideChoices, guideOf, type Guide, type GuideChoice } from "../guided/guide.js";
import { restrictTokens } from "../guided/restricted.js";
import type { TokenMask } from "../guided/token-mask.js";
import { GuidedTextDraw } from "./guided-text.js";
import { isText, MixedText, type TextDistribution } from "./mixed-text.js";
import { partSite } from "./part-site.js";
import { MatchedText } from "./matched-text.js";
import { ProductText, type TextPart } from "./product-text.js";
import { waits } from "./waiting.js";
import { mixtureWeights } from "./weights.js";
import { twistService } from "../twists/opening.js";
import { DEFAULT_SHORTLIST, FunctionTwist, type TextTwist } from "../twists/function-twist.js";
import type { Foresight } from "../twists/foresight.js";
import { isSpanTwist, type SpanTwist } from "../twists/span-twist.js";
import { TwistAlias } from "../twists/twist-alias.js";
import type { HasSpanPlace, SpanPlace } from "./span-place.js";

/** A change of each token's distribution, remembered by row. */
type TokenChange = (d: TokenDistribution) => TokenDistribution;

/** Options of a span, and what it is conditioned on. */
export interface TextProcessOptions extends SpanOptions {
  /** Only spans that match: conditioned on globally, as `observe … matches` does. */
  readonly matching?: Constraint;
  /** How draws are guided to what `matching` asks for; by default what suits the constraint and the model. */
  readonly guide?: GuideChoice;
  /**
   * What its draws are steered by beside the constraint: a function gives log ψ of the text so far, in nats (see
   * `FunctionTwist`); an alias stands for a twist in a file; `"none"`: by nothing. By default a twist that follows from
   * `matching` where the model has a surrogate. The measure is the same.
   */
  readonly twist?: SpanTwist | TwistAlias | TextTwist | "none";
  /** For how many of the likeliest tokens a function given as `twist` is asked at each draw at most; 20 by default. */
  readonly shortlist?: number;
}

interface TextCondition {
  readonly constraint: Constraint;
  /** Where an execution that cannot match is said to have ended; null for the draw itself. */
  readonly site: Site | null;
}

/**
 * `lm.text(after: …)`: a span of text, drawn token by token, as a distribution over strings.
 *
 * *Drawing* follows the stopping rule (`SpanRule`); each token is a draw of its own and a resampling point. *The
 * log-density* of a given string is that of its canonical tokenisation (`SpanRule.endings`): the probabilities of its
 * tokens one after the other, and of its ending: the end token's if the span must have ended so, nothing for a stop
 * string (its tokens are in the path) and nothing for a span cut at `max_tokens`. A string that can end in several ways
 * has the sum. With `must_stop` the cut ones have probability zero, not renormalised. Where each string has one
 * tokenisation that can be drawn, both are the same distribution; else drawing also reaches strings by uncanonical tokens,
 * which the density does not count.
 *
 * `tempered`, `top_k` and `top_p` change every token's distribution: they are local. So is `masked`, which comes after them.
 *
 * With `matching` the span is *conditioned* on a constraint: the model's own distribution restricted to the spans that
 * match, unnormalised; what the model gives to all of them goes into the weight. The density of a span that does not match
 * is zero, that of others what it is without.
 */
export class TextProcess implements TextDistribution, TextPart {
  readonly kind = "process";
  readonly isText = true;
  readonly isSpan = true;
  readonly name = "text";
  /** The stopping rule. */
  readonly rule: SpanRule;
  /** The twist that was given. */
  private readonly twist: SpanTwist | TwistAlias | "none" | null;

  constructor(
    readonly alias: ModelReference,
    readonly after: Context,
    private readonly options: TextProcessOptions,
    private readonly changes: readonly TokenChange[] = [],
    /** The constraint that the text is conditioned on, and whether it came from an observation of the finished text. */
    private readonly condition: TextCondition | null = (options.matching ?? null) === null
      ? null
      : conditionOf(options),
    /** The constraint that masks every token. */
    private readonly mask: Constraint | null = null,
    /** What is foreseen of the weight that comes after the text. */
    private readonly foresight: Foresight | null = null,
  ) {
    this.rule = SpanRule.of(options);
    const { guide } = options;
    if (guide !== undefined && guide !== null && !guideChoices.includes(guide)) {
      throw new LanguageModelError(
        "PGLM012",
        `\`guide\` is one of ${guideChoices.map((c) => JSON.stringify(c)).join(", ")}, not ${JSON.stringify(guide)}.`,
      );
    }
    this.twist = twistOf(options);
    if (this.isTwisted && guide === "awrs") {
      throw new LanguageModelError(
        "PGLM012",
        'Tokens that are tried (`guide: "awrs"`) cannot be drawn towards a twist.',
        {
          hint: 'Leave `guide` out, or say `twist: "none"`.',
        },
      );
    }
  }

  /**
   * Draws a span and records it under `site` with the log-probability of the tokens drawn. The proposal may be another
   * `text` over the same vocabulary: its tokens are drawn, each weighted by the ratio of its probabilities. The stopping
   * rule is the target's; a proposal that names another is refused.
   */
  draw(site: Site, proposal: Drawable<string> | null): Frame {
    if (proposal !== null) {
      if (!(proposal instanceof TextProcess)) {
        throw new LanguageModelError(
          "PGLM014",
          `A ${proposal.name} cannot be proposed for a text: a text is drawn token by token.`,
          {
            site,
            hint: "Propose from `text` of a model with the same tokenizer.",
          },
        );
      }
      if (!proposal.rule.same(this.rule) && !proposal.ruleIsDefault) {
        throw new LanguageModelError("PGLM014", "The proposal stops by other rules than the text it is proposed for.", {
          site,
          hint: "Give it the same `stop_at`, `stop_before`, `max_tokens` and `must_stop`, or none of them.",
        });
      }
    }
    const proposed = proposal as TextProcess | null;
    if (proposed !== null && proposed.condition !== null) {
      throw new LanguageModelError("PGLM014", "A text that is conditioned on `matching` cannot be proposed from.", {
        site,
        hint: "Propose from `.masked(C)`, whose tokens have probabilities that sum to one.",
      });
    }
    if (proposed !== null && proposed.isTwisted) {
      throw new LanguageModelError("PGLM014", "A text with a twist of its own cannot be proposed from.", {
        site,
        hint: "Give `twist` to the text that it is proposed for: its proposals are drawn towards it too.",
      });
    }
    const { condition, twist } = this;
    if (condition === null && this.mask === null && (proposed?.mask ?? null) === null && !this.isTwisted) {
      return new TextDraw(this, site, proposed);
    }
    const guide = this.options.guide === "none" ? null : this.guide(site);
    if (condition !== null && guide === null) {
      const free = this.with(null, this.mask);
      return new MatchedText(free.draw(site, proposal), condition.constraint, condition.site ?? site);
    }
    return new GuidedTextDraw(
      {
        process: this,
        guide,
        site,
        conditionSite: condition?.site ?? site,
        mask: this.mask === null ? null : this.maskGuide(),
        choice: this.options.guide ?? null,
        foresight: this.foresight,
        twist,
      },
      proposed === null ? null : { process: proposed, mask: proposed.mask === null ? null : proposed.maskGuide() },
    );
  }

  /**
   * Whether a free draw of this name may have a twist: one that the run gives to it, or one towards a weight that is
   * foreseen. Not when the program has said which it wants.
   */
  mayBeTwisted(particle: Particle, site: Site): boolean {
    if (particle.twists === "none" || this.twist !== null) return false;
    if (this.foresight !== null && particle.twists === "automatic") return true;
    return twistService(particle.environment).given?.has(site.name) === true;
  }

  /** A free draw towards the twist that there is for it. */
  drawTwisted(site: Site, proposal: TextProcess | null): Frame {
    const { foresight } = this;
    return new GuidedTextDraw(
      { process: this, guide: null, mask: null, site, conditionSite: site, choice: null, foresight, twist: null },
      proposal === null ? null : { process: proposal, mask: null },
    );
  }

  /** The log-probability of a string, in nats; `-Infinity` for one that cannot come out. */
  logDensity(value: string): Frame {
    return new TextDensity(this, String(value), this.condition?.constraint ?? null);
  }

  /**
   * Conditioned on a constraint too: every span keeps its probability, and those that do not match have none. `site` is the
   * observation this stands for: then a constraint that cannot guide is asked about the finished text.
   */
  matching(wanted: Constraint, site: Site | null = null): TextProcess {
    const { condition } = this;
    const both = condition === null ? wanted : constraint.and(condition.constraint, wanted);
    return this.with({ constraint: both, site: condition === null ? site : (condition.site ?? null) }, this.mask);
  }

  /** The same distribution, whose draws may look ahead to a weight that comes after the text. */
  foreseeing(foresight: Foresight): TextProcess {
    return new TextProcess(this.alias, this.after, this.options, this.changes, this.condition, this.mask, foresight);
  }

  /**
   * Every token's distribution is restricted to the tokens that can still lead to a span that matches, and renormalised: a
   * *local* mask. Every span matches, but their probabilities are not the model's given that they do: a beginning that
   * looked good first keeps its share however unlikely its endings are. `matching` conditions.
   *
   * @throws LanguageModelError PGLM017 when the constraint cannot guide, or there is a mask already.
   */
  masked(wanted: unknown): TextProcess {
    if (!(wanted instanceof Constraint)) {
      throw new LanguageModelError("PGLM012", "`masked` needs a constraint.");
    }
    if (this.mask !== null) {
      throw new LanguageModelError("PGLM017", "A text is masked once; here it is masked twice.", {
        hint: "Combine the constraints: `.masked(A and B)`.",
      });
    }
    const compiled = wanted.compiled();
    if (compiled === null || !compiled.decides) {
      throw new LanguageModelError(
        "PGLM017",
        `${wanted.describe()} says nothing about a text that is not finished, so it cannot mask its tokens.`,
        { hint: "Use `observe … matches`, which conditions on the finished text." },
      );
    }
    return this.with(this.condition, wanted);
  }

  tempered(t: number): TextProcess {
    return this.changed((d) => d.tempered(t));
  }

  top_k(k: number): TextProcess {
    return this.changed((d) => d.topK(k));
  }

  top_p(p: number): TextProcess {
    return this.changed((d) => d.topP(p));
  }

  /** The mixture: a part is drawn, then its span. Null when a part is no text. */
  mix(weights: readonly number[], parts: readonly Drawable<unknown>[]): MixedText | null {
    return parts.every(isText) ? new MixedText(mixtureWeights(weights, parts.length), parts) : null;
  }

  /** @throws LanguageModelError PGLM018 unless every part is a text that stops by the same rule. */
  multiply(factors: readonly Factor<string>[]): ProductText {
    return ProductText.of(factors);
  }

  get isMasked(): boolean {
    return this.mask !== null;
  }

  get wanted(): Constraint | null {
    return this.condition?.constraint ?? null;
  }

  get isTwisted(): boolean {
    return this.twist !== null && this.twist !== "none";
  }

  get guideChoice(): GuideChoice | null {
    return this.options.guide ?? null;
  }

  /** Whether each token has the probability that the model itself gives it. */
  get isPlain(): boolean {
    return this.changes.length === 0 && this.mask === null;
  }

  /** What guides draws; null when the constraint has no say before the text is finished. */
  private guide(site: Site): Guide | null {
    const { condition } = this;
    if (condition === null) return null;
    try {
      return guideOf(condition.constraint);
    } catch (error) {
      // A condition on finished text asks for no automaton; a constraint given to the draw does.
      if (condition.site !== null && error instanceof ConstraintError) return null;
      if (error instanceof ConstraintError) error.site ??= site;
      throw error;
    }
  }

  private maskGuide(): Guide {
    return guideOf(this.mask!)!;
  }

  private with(condition: TextCondition | null, mask: Constraint | null): TextProcess {
    return new TextProcess(this.alias, this.after, this.options, this.changes, condition, mask, this.foresight);
  }

  /**
   * The laws of a path's tokens: masked ones depend on the tokens before. Null when the mask leaves some token of the path
   * out.
   */
  pathLaw(session: ModelSession, tokens: Int32Array): TokenLaw<TokenDraw> | null {
    const law = this.lawIn(session);
    if (this.mask === null) return law;
    const automaton = this.maskGuide().automaton(this.rule, session.model.vocabulary);
    const masks: TokenMask[] = [];
    let state = automaton.start;
    for (let at = 0; at < tokens.length; at++) {
      if (state === DEAD) return null;
      const mask = automaton.mask(state, this.rule.maxTokens - at);
      if (!mask.has(tokens[at]!)) return null;
      masks.push(mask);
      state = automaton.step(state, tokens[at]!);
    }
    return (row, at = 0) => restrictTokens(law(row), masks[at]!).tokens ?? law(row);
  }

  /** The distribution of a token, given a model's row. */
  lawIn(session: ModelSession): TokenLaw {
    const { changes } = this;
    if (changes.length === 0) return session.plain;
    return (row) => {
      let d = session.plain(row);
      for (const change of changes) d = change(d);
      return d;
    };
  }

  /** @throws LanguageModelError PGLM013 when `must_stop` asks for an ending that cannot come. */
  checkCanEnd(session: ModelSession, site?: Site): void {
    if (this.rule.mustStop && this.rule.matcher === null && session.model.vocabulary.eosId === null) {
      throw new LanguageModelError(
        "PGLM013",
        `\`must_stop\` asks for a proper ending, but ${session.model.name} has no end token and no stop string is given.`,
        { site, hint: "Give `stop_at` or `stop_before`." },
      );
    }
  }

  /** What the stopping rule and the beginning are made of. */
  get description(): readonly unknown[] {
    return [this.options, this.after, this.mask, this.condition?.constraint ?? null];
  }

  get ruleIsDefault(): boolean {
    const { stop_at, stop_before, max_tokens, must_stop } = this.options;
    return stop_at === undefined && stop_before === undefined && max_tokens === undefined && must_stop === undefined;
  }

  private changed(change: TokenChange): TextProcess {
    const changes = [...this.changes, remembered(change)];
    return new TextProcess(this.alias, this.after, this.options, changes, this.condition, this.mask, this.foresight);
  }
}

function twistOf({ twist, shortlist }: TextProcessOptions): SpanTwist | TwistAlias | "none" | null {
  const given = (shortlist ?? null) !== null;
  if (given && !(Number.isSafeInteger(shortlist) && shortlist! >= 1)) {
    throw new LanguageModelError(
      "PGLM012",
      `\`shortlist\` must be a whole number of at least 1, not ${String(shortlist)}.`,
    );
  }
  if (typeof twist === "function") return FunctionTwist.of(twist, shortlist ?? DEFAULT_SHORTLIST);
  if (given) {
    throw new LanguageModelError("PGLM012", "`shortlist` is there, and under `twist` no function to ask.", {
      hint: "It says for how many tokens a function is asked: `twist: t => …`.",
    });
  }
  if (twist === undefined || twist === null) return null;
  if (twist === "none" || twist instanceof TwistAlias || isSpanTwist(twist)) return twist;
  throw new LanguageModelError("PGLM012", '`twist` is a function of the text, a twist of spans or "none".', {
    hint: "A function gives log ψ of the text so far, and neither draws nor waits.",
  });
}

function conditionOf({ matching }: TextProcessOptions): TextCondition {
  if (!(matching instanceof Constraint)) {
    throw new LanguageModelError("PGLM012", "`matching` needs a constraint.");
  }
  return { constraint: matching, site: null };
}

/** Particles share rows; the changed distribution of a row is made once. */
function remembered(change: TokenChange): TokenChange {
  const made = new WeakMap<TokenDistribution, TokenDistribution>();
  return (d) => {
    let changed = made.get(d);
    if (changed === undefined) made.set(d, (changed = change(d)));
    return changed;
  };
}

/** A span being drawn: what a particle holds is where it stands in the prefix tree. */
class TextDraw extends Frame implements HasSpanPlace {
  private session: ModelSession | null = null;
  private law: TokenLaw | null = null;
  private node = 0;
  private drawn = 0;
  private waited = 0;
  private stopState = 0;
  private logDensity = 0;
  private other: ProposalState | null = null;
  private target: TokenDistribution | null = null;

  constructor(
    private readonly process: TextProcess,
    private readonly site: Site,
    private readonly proposal: TextProcess | null,
  ) {
    super();
  }

  step(particle: Particle): Op {
    switch (this.pc) {
      case 0: {
        if (this.process.mayBeTwisted(particle, this.site)) {
          this.pc = 7;
          return particle.call(this.process.drawTwisted(this.site, this.proposal));
        }
        this.begin(particle);
        return this.askTarget(particle);
      }
      case 1:
        return this.haveTarget(particle, particle.value as LogRow);
      case 2:
        return this.haveProposal(particle, particle.value as LogRow);
      case 3:
        return this.haveToken(particle, particle.value as Token);
      case 4:
        return this.askTarget(particle);
      case 5:
        if (this.process.rule.mustStop) {
          this.pc = 6;
          return particle.condition(false, this.site);
        }
        return this.end(particle);
      case 7:
        return particle.return(particle.value);
      default:
        if (!waits(particle, this.process.rule, this.drawn, this.waited)) return this.end(particle);
        this.waited++;
        return particle.step(this.site);
    }
  }

  get place(): SpanPlace {
    return { session: this.session!, node: this.node, left: this.process.rule.maxTokens - this.drawn };
  }

  private begin(particle: Particle): void {
    const session = this.process.alias.session(particle.environment);
    const { vocabulary } = session.model;
    this.process.checkCanEnd(session, this.site);
    this.session = session;
    this.law = this.process.lawIn(session);
    this.node = this.process.after.nodeIn(session.tree, vocabulary);
    if (this.proposal === null) return;
    const other = this.proposal.alias.session(particle.environment);
    if (!other.model.vocabulary.same(vocabulary)) {
      throw new LanguageModelError(
        "PGLM010",
        `The proposal's model ${other.model.name} has other tokens than ${session.model.name}.`,
        {
          site: this.site,
          hint: "Propose from a model with the same tokenizer.",
        },
      );
    }
    const node = this.proposal.after.nodeIn(other.tree, other.model.vocabulary);
    this.other = { session: other, law: this.proposal.lawIn(other), node };
  }

  private askTarget(particle: Particle): Op {
    const row = this.session!.known(this.node);
    if (row !== undefined) return this.haveTarget(particle, row);
    this.pc = 1;
    return particle.ask(this.session!.rowRequest(this.node), this.site);
  }

  private haveTarget(particle: Particle, row: LogRow): Op {
    const target = this.law!(row);
    if (this.other === null) {
      this.pc = 3;
      return particle.sample(target, partSite(this.site));
    }
    this.target = target;
    const known = this.other.session.known(this.other.node);
    if (known !== undefined) return this.haveProposal(particle, known);
    this.pc = 2;
    return particle.ask(this.other.session.rowRequest(this.other.node), this.site);
  }

  private haveProposal(particle: Particle, row: LogRow): Op {
    const target = this.target!;
    this.target = null;
    this.pc = 3;
    return particle.sample(target, partSite(this.site), this.other!.law(row));
  }

  private haveToken(particle: Particle, token: Token): Op {
    const { rule } = this.process;
    const { tree, model } = this.session!;
    const { vocabulary } = model;
    const id = vocabulary.idOf(token);
    // The distribution just drawn from is still in the particle's register.
    this.logDensity += (particle.distribution as TokenDistribution).logProbability(id);
    this.drawn++;
    if (id === vocabulary.eosId) {
      this.pc = 6;
      return particle.step(this.site);
    }
    this.node = tree.child(this.node, id);
    if (this.other !== null) {
      this.other = { ...this.other, node: this.other.session.tree.child(this.other.node, id) };
    }
    this.stopState = rule.read(this.stopState, vocabulary, id);
    this.pc = this.stopState < 0 ? 6 : this.drawn === rule.maxTokens ? 5 : 4;
    return particle.step(this.site);
  }

  private end(particle: Particle): Op {
    const { tree, model } = this.session!;
    const { vocabulary } = model;
    const ended = tree.length(this.node) - tree.length(this.process.after.nodeIn(tree, vocabulary));
    const text = this.process.rule.textOf(vocabulary, tree.last(this.node, ended));
    particle.record(this.site, text, this.logDensity);
    return particle.return(text);
  }

  /** At the draw of a token. Where it stands in the tree is all that was read; probabilities so far are only recorded. */
  override live(): readonly unknown[] {
    if (this.pc === 7) return [];
    return [this.session, this.law, this.node, this.drawn, this.stopState, ...this.process.description];
  }

  override awaits(result: boolean): boolean {
    return this.pc !== 7 || result;
  }

  protected copy(): Frame {
    const twin = new TextDraw(this.process, this.site, this.proposal);
    twin.session = this.session;
    twin.law = this.law;
    twin.node = this.node;
    twin.drawn = this.drawn;
    twin.waited = this.waited;
    twin.stopState = this.stopState;
    twin.logDensity = this.logDensity;
    twin.other = this.other;
    twin.target = this.target;
    return twin;
  }
}

interface ProposalState {
  readonly session: ModelSession;
  readonly law: TokenLaw;
  readonly node: number;
}

class TextDensity extends Frame {
  constructor(
    private readonly process: TextProcess,
    private readonly text: string,
    private readonly wanted: Constraint | null,
  ) {
    super();
  }

  step(particle: Particle): Op {
    const session = this.process.alias.session(particle.environment);
    if (this.pc === 0) {
      const { vocabulary } = session.model;
      this.process.checkCanEnd(session);
      if (this.wanted !== null && !this.wanted.test(this.text, particle.environment)) {
        return particle.return(-Infinity);
      }
      const start = this.process.after.nodeIn(session.tree, vocabulary);
      const paths: Path[] = [];
      for (const tokens of this.process.rule.endings(this.text, vocabulary)) {
        const law = this.process.pathLaw(session, tokens);
        if (law !== null) paths.push({ start, tokens, law });
      }
      if (paths.length === 0) return particle.return(-Infinity);
      this.pc = 1;
      particle.request = session.pathRequest(paths);
      return Op.Request;
    }
    return particle.return(logSumExp((particle.value as readonly Float64Array[]).map(sum)));
  }

  protected copy(): Frame {
    return new TextDensity(this.process, this.text, this.wanted);
  }
}
