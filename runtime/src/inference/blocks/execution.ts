import { JournalNode, nodesOf } from "../../machine/journal.js";
import type { Particle } from "../../machine/particle.js";
import { Trace, type TraceHolder, type TraceLedger } from "../../machine/trace.js";

/**
 * A run of a program up to its end (or up to a checkpoint), as the list of what it chose: what Markov kernels go from and
 * to. Each choice knows the state of the program just before it, so an execution that differs from the i-th choice on is run
 * from there: what comes before is shared and never run again. Immutable.
 */
export class Execution implements TraceHolder {
  private prior = NaN;
  private proposed: boolean | null = null;
  private answer = -2;

  private constructor(
    /** The choices, the oldest first. */
    readonly nodes: readonly JournalNode[],
    /** What the program returned; undefined when it has not ended. */
    readonly value: unknown,
    /** Σ factors and observations, in nats: the log-weight of the execution, without what proposals weigh. */
    readonly logFactors: number,
    /** The running twist log ψ, in nats; zero at the program's end. */
    readonly logTwist: number,
    /** Checkpoints it has passed. */
    readonly checkpoints: number,
    readonly ledger: TraceLedger,
    /** Of the ledger: renumbered with it. */
    public lastDraw: number,
    /** The particle at the end of the execution, where it can go on; null when it has ended. */
    readonly end: Particle | null,
  ) {}

  /**
   * What a particle has done so far. It must keep a journal with states. A particle that has not returned belongs to the
   * execution from now on.
   * @param before an execution that the particle has `kept` choices in common with.
   */
  static of(particle: Particle, before: Execution | null = null, kept = 0): Execution {
    const last = particle.journal!;
    let nodes: JournalNode[];
    if (before === null) nodes = nodesOf(last);
    else {
      nodes = new Array<JournalNode>(last.length);
      for (let i = 0; i < kept; i++) nodes[i] = before.nodes[i]!;
      for (let at = last; at.length > kept; at = at.previous!) nodes[at.length - 1] = at;
    }
    const ended = particle.frame === null;
    return new Execution(
      nodes,
      ended ? particle.value : undefined,
      particle.logFactors,
      particle.logTwist,
      particle.checkpoints,
      particle.ledger,
      particle.lastDraw,
      ended ? null : particle,
    );
  }

  /** Makes a particle that keeps a journal stand where this execution ends. Its weight, which is not the execution's, is lost. */
  restore(particle: Particle): void {
    if (this.end !== null) {
      particle.become(this.end);
      return;
    }
    particle.frame = null;
    particle.held = null;
    particle.value = this.value;
    particle.journal = this.nodes[this.nodes.length - 1] ?? JournalNode.begin(true);
    particle.logFactors = this.logFactors;
    particle.logTwist = this.logTwist;
    particle.checkpoints = this.checkpoints;
    particle.lastDraw = this.lastDraw;
  }

  /** Number of choices. */
  get length(): number {
    return this.nodes.length;
  }

  /** Σ log-densities of the draws under the program's own distributions, in nats. */
  get logPrior(): number {
    if (Number.isNaN(this.prior)) {
      let sum = 0;
      for (const node of this.nodes) sum += node.logDensity;
      this.prior = sum;
    }
    return this.prior;
  }

  /** True when a draw has a proposal. */
  get hasProposals(): boolean {
    return (this.proposed ??= this.nodes.some((node) => node.proposal !== null));
  }

  /** The place of the last answer that was drawn at random; −1 when there is none. */
  get lastAnswer(): number {
    if (this.answer === -2) {
      let at = this.nodes.length - 1;
      while (at >= 0 && this.nodes[at]!.distribution !== null) at--;
      this.answer = at;
    }
    return this.answer;
  }

  get trace(): Trace | null {
    return Trace.of(this.ledger, this.lastDraw);
  }
}
