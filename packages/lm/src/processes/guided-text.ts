import { DEAD } from "@pgl/constraints";
import { Frame, Op, type Particle, PglError, type Site } from "@pgl/runtime";
import { LanguageModelError } from "../errors.js";
import type { Guide, GuideChoice } from "../guided/guide.js";
import { restrict, type Restricted, restrictTokens } from "../guided/restricted.js";
import type { TokenAutomaton } from "../guided/token-automaton.js";
import { TokenMask } from "../guided/token-mask.js";
import { meanReciprocalTime } from "../guided/waiting-time.js";
import type { LogRow } from "../log-row.js";
import type { ModelSession, TokenLaw } from "../session.js";
import type { TokenDistribution, TokenDraw } from "../token-distribution.js";
import type { Token } from "../token.js";
import { automaticTwist } from "../twists/automatic.js";
import { Candidates } from "../twists/candidates.js";
import type { Foresight } from "../twists/foresight.js";
import { openingOf, openTwist, ownTwist, twistService } from "../twists/opening.js";
import type { NextPsi, OpenTwist, SpanTwist, TwistedSpan } from "../twists/span-twist.js";
import type { TwistAlias } from "../twists/twist-alias.js";
import type { Twisted } from "../twists/twisted.js";
import { twistTokens } from "../twists/twisted-tokens.js";
import { partSite } from "./part-site.js";
import type { HasSpanPlace, SpanPlace } from "./span-place.js";
import type { TextProcess } from "./text.js";
import { waits } from "./waiting.js";

/** What is drawn, and how. */
export interface GuidedDraw {
  readonly process: TextProcess;
  /** Of the constraint that the span is conditioned on. */
  readonly guide: Guide | null;
  /** Of the constraint that masks its tokens. */
  readonly mask: Guide | null;
  readonly site: Site;
  readonly conditionSite: Site;
  readonly choice: GuideChoice | null;
  /** The weight that comes after the text, as far as it is foreseen. */
  readonly foresight: Foresight | null;
  /** The twist that was given; null: one that is found, if there is one. */
  readonly twist: SpanTwist | TwistAlias | "none" | null;
}

export interface GuidedProposal {
  readonly process: TextProcess;
  readonly mask: Guide | null;
}

/** What reads the text of the other model of a draw. */
interface ProposalState {
  readonly session: ModelSession;
  readonly law: TokenLaw;
  readonly node: number;
  readonly masking: Walk | null;
}

/** A place in a token automaton. */
interface Walk {
  readonly automaton: TokenAutomaton;
  readonly state: number;
}

/** Tokens tried in one place: those that cannot lead to a match, and the first that can. */
interface Tries {
  readonly rejected: readonly number[];
  readonly accepted: number;
  /** Probability of the tokens not yet rejected, before each try. */
  readonly rates: readonly number[];
}

const untried: Tries = { rejected: [], accepted: -1, rates: [] };

/** Share of a twisted draw that is made without the twist, where the twist names none. */
const PLAIN_SHARE = 0.01;

const Pc = {
  Begin: 0,
  Opened: 1,
  Target: 2,
  Proposal: 3,
  Answered: 4,
  Massed: 5,
  Weighed: 6,
  Token: 7,
  Tried: 8,
  Accepted: 9,
  Next: 10,
  Cut: 11,
  Untwist: 12,
  Wait: 13,
  End: 14,
  Return: 15,
} as const;

/**
 * A span being drawn towards a constraint. Each token is drawn among those that can still lead to a match, and weighs the
 * execution by their probability before it is drawn: a resampling then chooses among beginnings by how much of their future
 * matches (the locally optimal proposal). The factors and the densities of the restricted draws multiply to the
 * probability of the tokens, so the measure is that of drawing freely and conditioning on the finished text.
 *
 * Where a constraint is dear to ask, or the model does not give whole distributions, tokens are drawn without replacement
 * of those found impossible until one is possible (adaptive weighted rejection sampling, Lipkin et al. 2025,
 * arXiv 2504.05410), and on to a second one. Seen as events of independent Poisson processes in which rejected tokens have
 * their clocks stopped, the second possible token comes after a time T of a Gamma(2, m) law, m the probability of the
 * possible ones; E[1/T] = m, whatever the first of them is. The weight is 1/T averaged over the waiting times
 * (`meanReciprocalTime`): unbiased for m, and never zero.
 *
 * A twist ψ goes further than one token. Before a token is drawn, the twist of the execution is made what ψ expects of it,
 * Σ p(v)·ψ(sv) over the restricted p; the token is then drawn from p(v)·ψ(sv), renormalised, as a proposal for p. The twist
 * that stood when the span began is put back at its end, so ψ is not in the measure.
 */
export class GuidedTextDraw extends Frame implements HasSpanPlace {
  private session: ModelSession | null = null;
  private law: TokenLaw | null = null;
  private node = 0;
  private drawn = 0;
  private waited = 0;
  private conditioning: Walk | null = null;
  private masking: Walk | null = null;
  private logDensity = 0;
  private other: ProposalState | null = null;
  /** The token's own distribution, the probability that its mask leaves, and what is drawn from. */
  private target: TokenDistribution | null = null;
  private maskMass = 0;
  private tokens: TokenDraw | null = null;
  private proposed: TokenDraw | null = null;
  private tries: Tries = untried;
  private text = "";
  /** Where the stop matcher stands, of a span without automata. */
  private stopState = 0;
  private twist: OpenTwist | null = null;
  private twistState: unknown = null;
  /** The execution's twist when the span began, in nats, and what ψ adds to it now. */
  private outerTwist = 0;
  private logTwist = 0;
  /** What the twist says of the token being drawn, where that outlasts the span. */
  private ahead: Twisted | null = null;
  private otherTarget: TokenDistribution | null = null;

  constructor(
    private readonly plan: GuidedDraw,
    private readonly proposal: GuidedProposal | null,
  ) {
    super();
  }

  step(particle: Particle): Op {
    const { site } = this.plan;
    switch (this.pc) {
      case Pc.Begin:
        this.begin(particle);
        return this.openTwist(particle);
      case Pc.Opened:
        this.startTwist(particle.value as OpenTwist);
        return this.askTarget(particle);
      case Pc.Target:
        return this.haveTarget(particle, particle.value as LogRow);
      case Pc.Proposal:
        return this.haveProposal(particle, particle.value as LogRow);
      case Pc.Answered:
        return this.weigh(particle, particle.value);
      case Pc.Massed:
        return this.setTwist(particle);
      case Pc.Weighed:
        this.pc = Pc.Token;
        return particle.sample(this.tokens!, partSite(site), this.proposed);
      case Pc.Token:
        return this.haveToken(particle, this.idOf(particle.value as Token));
      case Pc.Tried:
        return this.haveTry(particle, this.idOf(particle.value as Token));
      case Pc.Accepted:
        return this.haveToken(particle, this.tries.accepted);
      case Pc.Next:
        return this.askTarget(particle);
      case Pc.Cut:
        this.pc = Pc.Untwist;
        return particle.condition(false, site);
      case Pc.Untwist:
        this.pc = waits(particle, this.plan.process.rule, this.drawn, this.waited) ? Pc.Wait : Pc.End;
        return this.untwist(particle);
      case Pc.Wait:
        // Back to the twist, which stays what it is: what has waited goes on as what has not.
        this.waited++;
        this.pc = Pc.Untwist;
        return particle.step(site);
      case Pc.End:
        return this.end(particle);
      default:
        return particle.return(this.text);
    }
  }

  get place(): SpanPlace {
    return { session: this.session!, node: this.node, left: this.left };
  }

  private begin(particle: Particle): void {
    const { process, guide, mask, site } = this.plan;
    const session = process.alias.session(particle.environment);
    const { vocabulary } = session.model;
    process.checkCanEnd(session, site);
    this.session = session;
    this.law = process.lawIn(session);
    this.node = process.after.nodeIn(session.tree, vocabulary);
    const walk = (g: Guide | null): Walk | null => {
      if (g === null) return null;
      const automaton = g.automaton(process.rule, vocabulary);
      return { automaton, state: automaton.start };
    };
    this.conditioning = walk(guide);
    this.masking = walk(mask);
    if (mask !== null) {
      particle.environment.warn({
        code: "PGLW019",
        message: `\`${site.name}\` is drawn under a local mask (\`.masked\`): each token is renormalised, and the text's distribution is not the model's given the constraint, as it would be with \`matching\`.`,
        site,
      });
    }
    if (this.proposal === null) return;
    const { process: other, mask: otherMask } = this.proposal;
    const otherSession = other.alias.session(particle.environment);
    if (!otherSession.model.vocabulary.same(vocabulary)) {
      throw new LanguageModelError(
        "PGLM010",
        `The proposal's model ${otherSession.model.name} has other tokens than ${session.model.name}.`,
        { site, hint: "Propose from a model with the same tokenizer." },
      );
    }
    const node = other.after.nodeIn(otherSession.tree, otherSession.model.vocabulary);
    this.other = { session: otherSession, law: other.lawIn(otherSession), node, masking: walk(otherMask) };
  }

  private openTwist(particle: Particle): Op {
    const { plan, session, conditioning } = this;
    const { process, site } = plan;
    if (plan.twist === "none" || particle.twists === "none") return this.askTarget(particle);
    const { environment } = particle;
    const service = twistService(environment);
    const own = plan.twist === null ? null : ownTwist(plan.twist, site, environment);
    const ofRun = service.given?.get(site.name);
    const given = own ?? ofRun?.within?.(environment) ?? ofRun ?? null;
    const span: TwistedSpan = {
      session: session!,
      environment,
      rule: process.rule,
      node: this.node,
      conditioning: conditioning?.automaton ?? null,
      plain: process.isPlain,
    };
    let twist = given;
    if (twist === null) {
      if (particle.twists !== "automatic" || !service.automatic || this.triesTokens) return this.askTarget(particle);
      twist = automaticTwist(span, site, plan.foresight);
      if (twist === null) return this.askTarget(particle);
    } else if (!session!.model.capabilities.fullDistribution) {
      throw new LanguageModelError(
        "PGLM019",
        `The twist ${twist.name} needs the probabilities of all tokens, and ${session!.model.name} gives those of the likeliest.`,
        { site },
      );
    }
    const opened = openTwist(twist, span);
    service.used?.(site.name, twist.name);
    this.outerTwist = particle.logTwist;
    if (opened instanceof Promise) {
      this.pc = Pc.Opened;
      return particle.ask(openingOf(opened), site);
    }
    this.startTwist(opened);
    return this.askTarget(particle);
  }

  private startTwist(twist: OpenTwist): void {
    this.twist = twist;
    this.twistState = twist.start;
  }

  private askTarget(particle: Particle): Op {
    if (this.conditioning?.state === DEAD || this.masking?.state === DEAD) return this.ruleOut(particle);
    const row = this.session!.known(this.node);
    if (row !== undefined) return this.haveTarget(particle, row);
    this.pc = Pc.Target;
    return particle.ask(this.session!.rowRequest(this.node), this.plan.site);
  }

  private haveTarget(particle: Particle, row: LogRow): Op {
    this.target = this.law!(row);
    if (this.triesTokens) return this.tryToken(particle);
    if (this.other === null) return this.askTwist(particle);
    const known = this.other.session.known(this.other.node);
    if (known !== undefined) return this.haveProposal(particle, known);
    this.pc = Pc.Proposal;
    return particle.ask(this.other.session.rowRequest(this.other.node), this.plan.site);
  }

  private haveProposal(particle: Particle, row: LogRow): Op {
    this.otherTarget = this.other!.law(row);
    return this.askTwist(particle);
  }

  private askTwist(particle: Particle): Op {
    const request = this.twist?.ask?.(this.twistState, this.node, this.left) ?? null;
    if (request === null) return this.weigh(particle, undefined);
    this.pc = Pc.Answered;
    return particle.ask(request, this.plan.site);
  }

  /** Restricts the token's distribution, and weighs by what the constraint leaves of it. */
  private weigh(particle: Particle, answer: unknown): Op {
    const { conditioning, masking, otherTarget: proposal } = this;
    const target = this.target!;
    // The exponentials that a twist multiplies are made with the sums that masks need.
    if (this.twist !== null && (conditioning ?? masking) !== null && this.drawnBefore === null)
      void target.row.passingWeights;
    const local = this.restricted(target, masking, null);
    const possible = this.restricted(target, masking, conditioning);
    if (possible.tokens === null) return this.ruleOut(particle);
    this.maskMass = local.logMass;
    this.tokens = possible.tokens;
    // A proposal that gives nothing to what is possible is no help.
    this.proposed =
      proposal === null
        ? null
        : (this.restricted(proposal, this.other!.masking, conditioning).tokens ?? possible.tokens);
    if (this.twist !== null) this.twistDraw(possible.tokens, proposal, answer);
    if (conditioning === null) {
      if (this.twist !== null) return this.setTwist(particle);
      this.pc = Pc.Token;
      return particle.sample(this.tokens, partSite(this.plan.site), this.proposed);
    }
    this.pc = this.twist === null ? Pc.Weighed : Pc.Massed;
    return particle.factor(possible.logMass - local.logMass, this.plan.conditionSite);
  }

  private setTwist(particle: Particle): Op {
    this.pc = Pc.Weighed;
    return particle.twist(this.outerTwist + this.logTwist, this.plan.site);
  }

  /** Proposes towards the twist, for a token or in place of another proposal. */
  private twistDraw(tokens: TokenDraw, proposal: TokenDistribution | null, answer: unknown): void {
    const isAlone = proposal === null || this.proposed === tokens;
    const known = this.drawnBefore;
    if (isAlone && known?.plain === tokens) {
      this.twistState = known.state;
      this.setAhead(known.twisted);
      return;
    }
    const { conditioning, masking, other, twist, node, proposed } = this;
    const { plainShare = PLAIN_SHARE } = twist!;
    const allowed = this.maskFor(masking, conditioning);
    const psi = this.psi(answer, new Candidates(this.target!.vocabulary, tokens));
    const twisted = twistTokens(tokens, this.target!, allowed, psi, plainShare);
    keep(twist!, node, { state: this.twistState, target: this.target!, plain: tokens, twisted });
    this.setAhead(twisted);
    if (isAlone) return;
    const mask = this.maskFor(other!.masking, conditioning);
    this.proposed = twistTokens(proposed!, proposal, mask, psi, plainShare).tokens;
  }

  private setAhead(twisted: Twisted): void {
    this.proposed = twisted.tokens;
    // Where the twist expects nothing of anything, it is silent: it stays what it was.
    const isSilent = twisted.logMean === -Infinity;
    if (!isSilent) this.logTwist = twisted.logMean + (this.twist!.logScale ?? 0);
    this.ahead = !isSilent && this.twist!.outlasts === true ? twisted : null;
  }

  /** What an execution that stood here before has drawn from: the node tells all that a twist knows. */
  private get drawnBefore(): TwistedBefore | null {
    const known = this.twist === null ? undefined : latest.get(this.twist)?.get(this.node);
    return known?.target === this.target ? known : null;
  }

  private psi(answer: unknown, tokens: Candidates): NextPsi {
    try {
      return this.twist!.next(this.twistState, this.node, this.left, answer, tokens);
    } catch (error) {
      if (error instanceof PglError) error.site ??= this.plan.site;
      throw error;
    }
  }

  private restricted(d: TokenDistribution, masking: Walk | null, conditioning: Walk | null): Restricted {
    const mask = this.maskFor(masking, conditioning);
    return mask === null ? { logMass: 0, tokens: d } : restrictTokens(d, mask);
  }

  private maskFor(masking: Walk | null, conditioning: Walk | null): TokenMask | null {
    const local = masking === null ? null : this.maskOf(masking);
    const wanted = conditioning === null ? null : this.maskOf(conditioning);
    return local === null ? wanted : wanted === null ? local : local.and(wanted);
  }

  private maskOf({ automaton, state }: Walk): TokenMask {
    return automaton.mask(state, this.left);
  }

  /** Tokens that may be drawn, the next one counted. */
  private get left(): number {
    return this.plan.process.rule.maxTokens - this.drawn;
  }

  private idOf(token: Token): number {
    return this.session!.model.vocabulary.idOf(token);
  }

  // Trying tokens.

  /** Whether tokens are drawn and tried, not masked. */
  private get triesTokens(): boolean {
    const { conditioning, masking, other } = this;
    if (conditioning === null || masking !== null || other !== null) return false;
    const { choice, twist } = this.plan;
    if (choice !== null) return choice === "awrs";
    if (twist !== null && twist !== "none") return false;
    return conditioning.automaton.costly || !this.session!.model.capabilities.fullDistribution;
  }

  private tryToken(particle: Particle): Op {
    const { rejected, accepted, rates } = this.tries;
    const size = this.session!.model.vocabulary.size;
    const rest = restrict(this.target!, TokenMask.allBut(rejected, size));
    if (rest.tokens === null) return this.ruleOut(particle);
    this.tries = { rejected, accepted, rates: [...rates, Math.exp(rest.logMass)] };
    this.pc = Pc.Tried;
    return particle.sample(rest.tokens, partSite(this.plan.site));
  }

  private haveTry(particle: Particle, id: number): Op {
    const { rejected, accepted, rates } = this.tries;
    const { automaton, state } = this.conditioning!;
    if (id !== accepted && !automaton.allows(state, id, this.left)) {
      this.tries = { rejected: [...rejected, id], accepted, rates };
      return this.tryToken(particle);
    }
    if (accepted < 0) {
      this.tries = { rejected, accepted: id, rates };
      return this.tryToken(particle);
    }
    this.pc = Pc.Accepted;
    return particle.factor(Math.log(meanReciprocalTime(rates)), this.plan.conditionSite);
  }

  // Going on.

  private haveToken(particle: Particle, id: number): Op {
    const { rule } = this.plan.process;
    const { tree, model } = this.session!;
    const { vocabulary } = model;
    this.logDensity += this.target!.logProbability(id) - this.maskMass;
    if (this.ahead !== null) {
      // Of a token drawn without the twist it may expect nothing: then it is silent.
      const logPsi = this.ahead.logPsi(id);
      if (logPsi > -Infinity) this.logTwist = logPsi + (this.twist?.logScale ?? 0);
    }
    this.ahead = null;
    this.target = null;
    this.tokens = null;
    this.proposed = null;
    this.maskMass = 0;
    this.otherTarget = null;
    this.tries = untried;
    this.drawn++;
    if (id === vocabulary.eosId) this.pc = Pc.Untwist;
    else {
      this.node = tree.child(this.node, id);
      this.conditioning = moved(this.conditioning, id);
      this.masking = moved(this.masking, id);
      const { other } = this;
      if (other !== null) {
        this.other = {
          ...other,
          node: other.session.tree.child(other.node, id),
          masking: moved(other.masking, id),
        };
      }
      const walk = this.conditioning ?? this.masking ?? this.other?.masking ?? null;
      if (walk === null) this.stopState = rule.read(this.stopState, vocabulary, id);
      const stopped = walk === null ? this.stopState < 0 : walk.automaton.hasEnded(walk.state);
      this.pc = stopped
        ? Pc.Untwist
        : this.drawn < rule.maxTokens
          ? Pc.Next
          : walk === null && rule.mustStop
            ? Pc.Cut
            : Pc.Untwist;
      if (this.pc === Pc.Next && this.twist !== null) this.twistState = this.twist.advance(this.twistState, id);
    }
    // The weight or twist before the next token is where a conditioned or twisted span may be resampled.
    return this.conditioning === null && this.twist === null ? particle.step(this.plan.site) : Op.Continue;
  }

  private end(particle: Particle): Op {
    const { process, site, guide, conditionSite } = this.plan;
    const { tree, model } = this.session!;
    const { vocabulary } = model;
    const ended = tree.length(this.node) - tree.length(process.after.nodeIn(tree, vocabulary));
    this.text = process.rule.textOf(vocabulary, tree.last(this.node, ended));
    this.pc = Pc.Return;
    particle.record(site, this.text, this.logDensity);
    if (guide === null || guide.compiled.decides) return particle.return(this.text);
    return particle.condition(guide.constraint.test(this.text, particle.environment), conditionSite);
  }

  /** Steers by what there is to say of the finished text. */
  private untwist(particle: Particle): Op {
    const { twist } = this;
    if (twist !== null)
      return particle.twist(this.outerTwist + (twist.outlasts === true ? this.logTwist : 0), this.plan.site);
    // Where a weight came after the last token, of which nothing is left to be seen, one comes before what is next.
    return this.triesTokens ? particle.factor(0, this.plan.conditionSite) : Op.Continue;
  }

  private ruleOut(particle: Particle): Op {
    return particle.condition(false, this.plan.conditionSite);
  }

  /** At the draw of a token. Where the text stands in the tree and in the automata is all that was read. */
  override live(): readonly unknown[] | null {
    // What has been tried says more than what is to come.
    if (this.triesTokens) return null;
    const { process, guide } = this.plan;
    const places = [this.conditioning, this.masking].flatMap((w) => (w === null ? [null] : [w.automaton, w.state]));
    return [
      this.session,
      this.law,
      this.node,
      this.drawn,
      this.stopState,
      guide?.constraint,
      ...places,
      ...process.description,
    ];
  }

  protected copy(): Frame {
    const twin = new GuidedTextDraw(this.plan, this.proposal);
    twin.session = this.session;
    twin.law = this.law;
    twin.node = this.node;
    twin.drawn = this.drawn;
    twin.waited = this.waited;
    twin.conditioning = this.conditioning;
    twin.masking = this.masking;
    twin.logDensity = this.logDensity;
    twin.other = this.other;
    twin.target = this.target;
    twin.maskMass = this.maskMass;
    twin.tokens = this.tokens;
    twin.proposed = this.proposed;
    twin.tries = this.tries;
    twin.text = this.text;
    twin.stopState = this.stopState;
    twin.twist = this.twist;
    twin.twistState = this.twistState;
    twin.outerTwist = this.outerTwist;
    twin.logTwist = this.logTwist;
    twin.ahead = this.ahead;
    twin.otherTarget = this.otherTarget;
    return twin;
  }
}

/** A draw towards a twist. */
interface TwistedBefore {
  /** The state of the twist that it was made in. */
  readonly state: unknown;
  readonly target: TokenDistribution;
  /** What is drawn from without the twist. */
  readonly plain: TokenDraw;
  readonly twisted: Twisted;
}

/** Nodes of which the last draw towards a twist is kept: executions that stand at one node come one after the other. */
const NODES = 64;
const latest = new WeakMap<OpenTwist, Map<number, TwistedBefore>>();

function keep(twist: OpenTwist, node: number, drawn: TwistedBefore): void {
  let nodes = latest.get(twist);
  if (nodes === undefined) latest.set(twist, (nodes = new Map()));
  if (nodes.size >= NODES) nodes.clear();
  nodes.set(node, drawn);
}

/** After a token that does not end the sequence. */
function moved(walk: Walk | null, token: number): Walk | null {
  if (walk === null) return null;
  return { automaton: walk.automaton, state: walk.state === DEAD ? DEAD : walk.automaton.step(walk.state, token) };
}
