import type { Distribution } from "../../distributions/distribution.js";
import { isProduct } from "../../distributions/product.js";
import { MethodError, RunError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import { Frame } from "../../machine/frame.js";
import { Op } from "../../machine/op.js";
import { journalDraw, notOfOneKind, type DrawSource } from "../../machine/journal.js";
import { badWeight, type Particle } from "../../machine/particle.js";
import type { Drawable } from "../../machine/process.js";
import { showSite, type Site } from "../../machine/site.js";

/** Where a particle stands after it has been run. */
export const Status = {
  /** Weighed, or at a step: it can go on. */
  Checkpoint: 0,
  /** Waiting for the answer to `particle.request`. */
  Waiting: 1,
  /** At a draw whose value the method must supply (`runToChoice` only). */
  Choice: 2,
  /** Returned; `particle.value` is the result and the twist has been taken away. */
  Done: 3,
  /** Weight zero. Nothing after the statement that made it so has run. */
  Dead: 4,
} as const;
export type Status = (typeof Status)[keyof typeof Status];

/** Weights in a row after which a checkpoint is due all the same: a program may weigh for ever, and its run be ended. */
const MOST_WEIGHTS = 1000;

/**
 * Runs a particle, drawing from each distribution or its proposal, until it has been weighed (or has come to a `step`) and
 * the next thing it needs is a draw or an answer from outside. What stands between the two is deterministic, so weights
 * that follow each other count as one, and a particle that only has to return comes to its end: a population is not
 * resampled where nothing could be gained.
 *
 * Identity: the particle is properly weighted for the program's measure before and after. A draw from `Q` in place of
 * `D` multiplies the weight by dD/dQ.
 */
export function runToCheckpoint(particle: Particle): Status {
  let weights = 0;
  for (;;) {
    const op = particle.held ?? particle.advance();
    if (weights > 0 && (op === Op.Sample || op === Op.Request)) {
      particle.held = op;
      particle.checkpoints++;
      return Status.Checkpoint;
    }
    particle.held = null;
    if (op === Op.Sample) {
      if (drawForward(particle)) continue;
      return particle.frame === null ? Status.Dead : Status.Waiting;
    }
    const status = settle(particle, op);
    if (status === Status.Checkpoint) {
      if (op !== Op.Step && ++weights < MOST_WEIGHTS) continue;
      particle.checkpoints++;
    }
    if (status !== undefined) return status;
  }
}

/** Like `runToCheckpoint`, but stops before each draw of a plain distribution, and passes over weights that leave it alive. */
export function runToChoice(particle: Particle): Status {
  for (;;) {
    const op = particle.advance();
    if (op === Op.Sample) {
      const drawn = particle.distribution!;
      if (drawn.kind === "distribution") return Status.Choice;
      particle.call(drawn.draw(particle.site!, null));
      continue;
    }
    const status = settle(particle, op);
    if (status !== undefined && status !== Status.Checkpoint) return status;
  }
}

/**
 * Gives the draw that `runToChoice` stopped at a value drawn from its own distribution. False when there is none to draw
 * (see `drawn`): the particle has died.
 */
export function chooseAtRandom(particle: Particle): boolean {
  const distribution = particle.distribution as Distribution<unknown>;
  const value = drawn(particle, distribution);
  if (value === nothing) return false;
  choose(particle, value);
  return true;
}

/** Gives a value to the draw that `runToChoice` stopped at, and records it. */
export function choose(particle: Particle, value: unknown): void {
  receive(particle, particle.distribution as Distribution<unknown>, null, value);
}

function settle(particle: Particle, op: Op): Status | undefined {
  switch (op) {
    case Op.Weight: {
      const { increment } = particle;
      if (!particle.weigh(increment, particle.site!)) return Status.Dead;
      if (particle.journal !== null) particle.logFactors += increment;
      return Status.Checkpoint;
    }
    case Op.Twist:
      if (!(particle.increment < Infinity)) throw badWeight(particle.site!, particle.increment);
      particle.logTwist = particle.increment;
      return Status.Checkpoint;
    case Op.Step:
      return Status.Checkpoint;
    case Op.Done:
      particle.logTwist = 0;
      return Status.Done;
    case Op.Request:
      return particle.source === null ? Status.Waiting : statusOf(particle.source.request(particle));
    default:
      return undefined;
  }
}

function statusOf(answer: ReturnType<DrawSource["request"]>): Status | undefined {
  return answer === "ask" ? Status.Waiting : answer === "ended" ? Status.Dead : undefined;
}

/** Draws at the particle's site. False when the particle has to wait for its guide's request, or has died. */
function drawForward(particle: Particle): boolean {
  const distribution = particle.distribution!;
  let proposal = particle.proposal;
  const site = particle.site!;
  if (particle.guide !== null && site.kind === "sample" && !particle.guide.isMaking(site.name)) {
    const answer = particle.guide.ask(site.name);
    if (answer.kind === "wait") {
      // The frame that asked is re-entered once the guide has its answer.
      particle.call(new GuideWait(distribution, proposal, site));
      particle.request = answer.request;
      return false;
    }
    if (answer.kind === "drawn") {
      if (distribution.kind === "process") {
        if (!isProduct(distribution) || distribution.factors.some(({ part }) => part.kind === "process")) {
          throw new RunError("PGLR003", `The proposal drew \`${site.name}\` before the model came to it.`, { site });
        }
        particle.guide.begin(site.name);
        particle.call(new GuidedDraw(distribution.draw(site, alreadyDrawn(answer.value, answer.distribution)), false));
        return true;
      }
      checkCoverage(particle, distribution, answer.distribution, site);
      return accept(particle, distribution, answer.value, answer.distribution);
    }
    if (answer.kind === "propose") {
      proposal = answer.distribution;
      if (distribution.kind === "process") {
        particle.guide.begin(site.name);
        particle.call(new GuidedDraw(distribution.draw(site, proposal)));
        return true;
      }
      const before = particle.guide;
      const alive = drawProposed(particle, distribution, proposal, site);
      before.tell(particle.value);
      return alive;
    }
  }
  if (distribution.kind === "process") {
    particle.call(distribution.draw(site, proposal));
    return true;
  }
  if (particle.source !== null) {
    if (proposal?.kind === "process") throw notOfOneKind(distribution, proposal, site);
    const alive = particle.source.draw(particle, distribution, proposal, site);
    if (alive !== null) return alive;
  }
  if (proposal !== null) return drawProposed(particle, distribution, proposal, site);
  const value = drawn(particle, distribution);
  if (value === nothing) return false;
  receive(particle, distribution, null, value);
  return true;
}

/** Gives a drawn value to the program, and writes it down. */
function receive(
  particle: Particle,
  distribution: Distribution<unknown>,
  proposal: Distribution<unknown> | null,
  value: unknown,
): void {
  const site = particle.site!;
  if (particle.journal !== null) {
    journalDraw(particle, distribution, proposal, site, value);
    return;
  }
  particle.value = value;
  if (site.kind === "sample") particle.record(site, value, distribution);
}

/** What a draw gives that has nothing to give. */
export const nothing = Symbol("nothing");

/**
 * A value of a distribution, or `nothing`, after ending the particle, when it is an empty posterior: of what has no mass
 * there is no execution that draws from it, so the weight is zero, as it is for the observation of any value under it.
 */
export function drawn(particle: Particle, distribution: Distribution<unknown>): unknown {
  try {
    return distribution.sample(particle.random);
  } catch (error) {
    if (!(error instanceof MethodError && error.code === "PGLR021")) throw error;
    warnOfEmptyDraw(particle.environment, particle.site!);
    particle.weigh(-Infinity, particle.site!);
    return nothing;
  }
}

/** Warns that an execution has weight zero because it draws from an empty posterior. */
export function warnOfEmptyDraw(environment: Environment, site: Site): void {
  environment.warn({
    code: "PGLW007",
    message: `At ${showSite(site)} a draw is made from an empty posterior: the inference inside had no execution of positive weight. The execution that draws has weight zero.`,
    site,
  });
}

function drawProposed(
  particle: Particle,
  distribution: Distribution<unknown>,
  proposal: Drawable<unknown>,
  site: Site,
): boolean {
  if (proposal.kind === "process") throw notOfOneKind(distribution, proposal, site);
  checkCoverage(particle, distribution, proposal, site);
  return accept(particle, distribution, proposal.sample(particle.random), proposal);
}

function accept(
  particle: Particle,
  target: Distribution<unknown>,
  value: unknown,
  proposal: Distribution<unknown>,
): boolean {
  receive(particle, target, proposal, value);
  return particle.weigh(target.logDensity(value) - proposal.logDensity(value), particle.site!);
}

/** Finite supports up to this size are compared value by value. */
const COVERAGE_LIMIT = 256;
/** Values of an endless support that are looked at. */
const COVERAGE_SAMPLE = 8;

/** The proposal last compared with a target: distributions made once are compared once. */
const compared = new WeakMap<Distribution<unknown>, Distribution<unknown>>();

/**
 * Warns when the proposal cannot draw what the target can, where that is cheap to see. What is drawn can never tell: a
 * value the proposal does not give is never met.
 */
function checkCoverage(
  particle: Particle,
  target: Distribution<unknown>,
  proposal: Distribution<unknown>,
  site: Site,
): void {
  if (target === proposal || proposal.covers === target || compared.get(target) === proposal) return;
  compared.set(target, proposal);
  if (covers(proposal, target)) return;
  particle.environment.warn({
    code: "PGLW001",
    message: `The proposal ${proposal.name} at ${showSite(site)} does not cover ${target.name}: what it cannot draw is missing from the posterior, unless the program rules it out anyway.`,
    site,
  });
}

/** False when `proposal` is seen to have density zero where `target` has not. */
function covers(proposal: Distribution<unknown>, target: Distribution<unknown>): boolean {
  const support = target.support;
  switch (support.kind) {
    case "interval": {
      const theirs = proposal.support;
      return theirs.kind !== "interval" || (theirs.lower <= support.lower && theirs.upper >= support.upper);
    }
    case "finite": {
      const { values, probabilities } = support;
      if (values.length > COVERAGE_LIMIT) return true;
      for (let i = 0; i < values.length; i++) {
        if (probabilities[i]! > 0 && proposal.logDensity(values[i]) === -Infinity) return false;
      }
      return true;
    }
    case "countable": {
      let looked = 0;
      for (const value of support.values()) {
        if (proposal.logDensity(value) === -Infinity) return false;
        if (++looked === COVERAGE_SAMPLE) break;
      }
      return true;
    }
    default:
      return true;
  }
}

/** True when what the particle waits for was asked for by its whole-trace proposal. */
export const waitsForGuide = (particle: Particle): boolean => particle.frame instanceof GuideWait;

/** Waits for a guide's request, then draws again at the same site. */
class GuideWait extends Frame {
  constructor(
    private readonly distribution: Drawable<unknown>,
    private readonly proposal: Drawable<unknown> | null,
    private readonly site: Site,
  ) {
    super();
  }
  step(particle: Particle): Op {
    if (this.pc === 0) {
      this.pc = 1;
      particle.guide!.answer(particle.value);
      return particle.sample(this.distribution, this.site, this.proposal);
    }
    return particle.return(particle.value);
  }
  protected copy(): Frame {
    return new GuideWait(this.distribution, this.proposal, this.site);
  }
}

/** Gives the value that has been drawn from the distribution. */
const alreadyDrawn = (value: unknown, from: Distribution<unknown>): Distribution<unknown> => ({
  kind: "distribution",
  name: from.name,
  support: from.support,
  sample: () => value,
  logDensity: (v) => from.logDensity(v),
});

/** Runs a draw frame and tells the guide what was drawn, unless it has drawn it. */
class GuidedDraw extends Frame {
  constructor(
    private readonly draw: Frame,
    private readonly tells = true,
  ) {
    super();
  }
  step(particle: Particle): Op {
    if (this.pc === 0) {
      this.pc = 1;
      return particle.call(this.draw);
    }
    if (this.tells) particle.guide!.tell(particle.value);
    else particle.guide!.end();
    return particle.return(particle.value);
  }
  protected copy(): Frame {
    // Only ever copied after the draw has begun, when `draw` is no longer entered.
    return new GuidedDraw(this.draw, this.tells);
  }
}
