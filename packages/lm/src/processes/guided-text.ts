import { DEAD } from "@pgl/constraints";
import { Frame, Op, type Particle, type Site } from "@pgl/runtime";
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
import { partSite } from "./part-site.js";
import type { TextProcess } from "./text.js";

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

const Pc = {
  Begin: 0,
  Target: 1,
  Proposal: 2,
  Weighed: 3,
  Token: 4,
  Tried: 5,
  Accepted: 6,
  Next: 7,
  End: 8,
  Return: 9,
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
 */
export class GuidedTextDraw extends Frame {
  private session: ModelSession | null = null;
  private law: TokenLaw | null = null;
  private node = 0;
  private drawn = 0;
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
        return this.askTarget(particle);
      case Pc.Target:
        return this.haveTarget(particle, particle.value as LogRow);
      case Pc.Proposal:
        return this.haveProposal(particle, particle.value as LogRow);
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
      case Pc.End:
        return this.end(particle);
      default:
        return particle.return(this.text);
    }
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
    if (this.other === null) return this.weigh(particle, null);
    const known = this.other.session.known(this.other.node);
    if (known !== undefined) return this.haveProposal(particle, known);
    this.pc = Pc.Proposal;
    return particle.ask(this.other.session.rowRequest(this.other.node), this.plan.site);
  }

  private haveProposal(particle: Particle, row: LogRow): Op {
    return this.weigh(particle, this.other!.law(row));
  }

  /** Restricts the token's distribution, and weighs by what the constraint leaves of it. */
  private weigh(particle: Particle, proposal: TokenDistribution | null): Op {
    const { conditioning, masking } = this;
    const target = this.target!;
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
    if (conditioning === null) {
      this.pc = Pc.Token;
      return particle.sample(this.tokens, partSite(this.plan.site), this.proposed);
    }
    this.pc = Pc.Weighed;
    return particle.factor(possible.logMass - local.logMass, this.plan.conditionSite);
  }

  private restricted(d: TokenDistribution, masking: Walk | null, conditioning: Walk | null): Restricted {
    const local = masking === null ? null : this.maskOf(masking);
    const wanted = conditioning === null ? null : this.maskOf(conditioning);
    const both = local === null ? wanted : wanted === null ? local : local.and(wanted);
    return both === null ? { logMass: 0, tokens: d } : restrictTokens(d, both);
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
    const { choice } = this.plan;
    if (choice !== null) return choice === "awrs";
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
    this.target = null;
    this.tokens = null;
    this.proposed = null;
    this.maskMass = 0;
    this.tries = untried;
    this.drawn++;
    if (id === vocabulary.eosId) this.pc = Pc.End;
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
      const walk = (this.conditioning ?? this.masking ?? this.other?.masking)!;
      this.pc = walk.automaton.hasEnded(walk.state) || this.drawn === rule.maxTokens ? Pc.End : Pc.Next;
    }
    // The weight before the next token is where a conditioned span may be resampled.
    return this.conditioning === null ? particle.step(this.plan.site) : Op.Continue;
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

  private ruleOut(particle: Particle): Op {
    return particle.condition(false, this.plan.conditionSite);
  }

  /** At the draw of a token. Where the text stands in the tree and in the automata is all that was read. */
  override live(): readonly unknown[] | null {
    // A proposal's or a try's past says more than what is to come.
    if (this.triesTokens) return null;
    const { process, guide } = this.plan;
    const places = [this.conditioning, this.masking].flatMap((w) => (w === null ? [null] : [w.automaton, w.state]));
    return [this.session, this.law, this.node, this.drawn, guide?.constraint, ...places, ...process.description];
  }

  protected copy(): Frame {
    const twin = new GuidedTextDraw(this.plan, this.proposal);
    twin.session = this.session;
    twin.law = this.law;
    twin.node = this.node;
    twin.drawn = this.drawn;
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
    return twin;
  }
}

/** After a token that does not end the sequence. */
function moved(walk: Walk | null, token: number): Walk | null {
  if (walk === null) return null;
  return { automaton: walk.automaton, state: walk.state === DEAD ? DEAD : walk.automaton.step(walk.state, token) };
}
