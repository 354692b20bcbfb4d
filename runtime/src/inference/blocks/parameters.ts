import type { Distribution } from "../../distributions/distribution.js";
import { standardNormal } from "../../distributions/samplers.js";
import { MethodError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import type { DrawSource } from "../../machine/journal.js";
import { Op } from "../../machine/op.js";
import type { Particle } from "../../machine/particle.js";
import { showSite, type Site } from "../../machine/site.js";
import type { TraceHolder, TraceLedger } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import { move } from "../kernels/drift.js";
import type { Steps } from "../kernels/kernel.js";
import { redrawn, uniformPick } from "../kernels/metropolis.js";
import { Rerun, type Change } from "../kernels/rerun.js";
import { pick } from "../kernels/single-site.js";
import { Walk } from "../kernels/walk.js";
import type { Target } from "../method.js";
import { refused } from "../options.js";
import { Execution } from "./execution.js";
import { runToCheckpoint, Status } from "./forward.js";
import { located } from "./located.js";
import { Population, type PopulationOptions } from "./population.js";

/** The beginning of an execution, in which a program draws its parameters. Immutable. */
export interface Parameters {
  /** The draws, and how to go back to each. */
  readonly execution: Execution;
  /** The program just before its first other draw (or at its end). Never runs itself: see `spawnAfter`. */
  readonly end: Particle;
  /** log of the weight of having drawn them forward, in nats: factors on the way, and the ratios of proposals. */
  readonly logWeight: number;
}

/** What a Metropolis–Hastings step on the parameters proposes. */
export interface ParameterProposal {
  readonly parameters: Parameters;
  /**
   * log of the acceptance ratio without what the rest of the program weighs, in nats: densities of the parameters and
   * factors on the way, over those of the current ones, and the ratio of proposing back and forth.
   */
  readonly logRatio: number;
  /** Tells whether it was accepted, so that random walks learn how far to go. Only to be called in burn-in. */
  readonly learn: (accepted: boolean) => void;
}

/**
 * Draws, and moves, the parameters of a program: its draws of given names, which it makes before all others. What comes after
 * them is not run.
 */
export class ParameterWalk {
  private readonly walk: Walk;
  private readonly names: ReadonlySet<string>;

  /** @param names of the draws that are parameters. */
  constructor(
    private readonly method: string,
    names: readonly string[],
    program: Target,
    environment: Environment,
    random: RandomSource,
    ledger: TraceLedger,
  ) {
    this.names = new Set(names);
    this.walk = new Walk(program, environment, random, ledger);
  }

  /** For `together`. */
  get answers(): Walk {
    return this.walk;
  }

  /** Parameters drawn as the program draws them; null when that has weight zero. */
  *start(): Steps<Parameters | null> {
    const particle = this.walk.begin();
    particle.request = null;
    particle.logWeight = 0;
    particle.source = new OnlyParameters(this.names, null);
    if (!(yield* this.finish(particle))) return null;
    if (particle.journal!.length === 0) throw this.noParameters(particle);
    return this.parameters(particle);
  }

  /**
   * One parameter, picked uniformly, moves: a continuous one by a random walk in unconstrained coordinates, another is drawn
   * again as the program draws it. Those after it keep their values where they can. Null when that has weight zero.
   */
  *propose({ execution }: Parameters): Steps<ParameterProposal | null> {
    const { walk } = this;
    const at = pick(execution, walk);
    const node = execution.nodes[at]!;
    const moved = move(node, walk, standardNormal);
    const change: Change | null = moved === null ? redrawn(node, walk) : moved.change;
    const learn = (accepted: boolean): void => {
      if (moved !== null) walk.scales.learn(node.site, moved.dimensions, accepted);
    };
    if (change !== null && change.logRatio === -Infinity) return null;
    const rerun = new Rerun(execution, at, change);
    const particle = walk.take();
    particle.resume(node);
    particle.logWeight = 0;
    particle.logTwist = 0;
    particle.source = new OnlyParameters(this.names, rerun);
    if (!(yield* this.finish(particle))) return null;
    const logRatio =
      rerun.logRatioOf() +
      (particle.logFactors - execution.logFactors) +
      (uniformPick(particle.journal!.length) - uniformPick(execution.length));
    return { parameters: this.parameters(particle), logRatio, learn };
  }

  /** Runs to the end of the parameters. False when the particle has died. */
  private *finish(particle: Particle): Steps<boolean> {
    for (;;) {
      const status = this.run(particle);
      if (status !== Status.Waiting) return status !== Status.Dead;
      if (particle.request === null) {
        // Not waiting: it stands at the first draw that is no parameter.
        particle.held = Op.Sample;
        return true;
      }
      yield [particle];
    }
  }

  private run(particle: Particle): Status {
    try {
      for (;;) {
        const status = runToCheckpoint(particle);
        if (status !== Status.Checkpoint) return status;
      }
    } catch (error) {
      throw located(error, particle);
    }
  }

  private parameters(particle: Particle): Parameters {
    particle.source = null;
    return { execution: Execution.of(particle), end: particle, logWeight: particle.logWeight };
  }

  private noParameters(particle: Particle): MethodError {
    const list = [...this.names].map((name) => `\`${name}\``).join(", ");
    const stopped = particle.frame !== null && particle.site !== null;
    return new MethodError(
      "PGLR085",
      stopped
        ? `${this.method}: the program draws at ${showSite(particle.site!)} before it draws ${list}.`
        : `${this.method}: the program does not draw ${list}.`,
      {
        site: stopped ? particle.site! : undefined,
        hint: "Parameters are draws of plain distributions that the program makes before all others.",
      },
    );
  }
}

/** Checks `parameters: [...]`. @throws MethodError PGLR030 */
export function checkParameters(method: string, parameters: unknown): void {
  const isList =
    Array.isArray(parameters) && parameters.length > 0 && parameters.every((name) => typeof name === "string");
  if (!isList) throw refused(method, "parameters", "a list of names of draws, at least one", parameters);
}

/** A population of the rest of the program, after given parameters. It weighs nothing of them. */
export function spawnAfter(
  { end }: Parameters,
  count: number,
  environment: Environment,
  random: RandomSource,
  options: Pick<PopulationOptions, "others"> = {},
): Population {
  const state = end.fork(random);
  state.journal = null;
  state.source = null;
  state.logWeight = 0;
  return Population.from(new Array<Particle>(count).fill(state), environment, random, options);
}

/** Everything with a past in the ledger that parameters hold on to. */
export function* holdersOf({ execution, end }: Parameters): Iterable<TraceHolder> {
  yield* execution.nodes;
  yield execution;
  yield end;
}

/**
 * @throws MethodError PGLR085 when the particle drew one of `names` after the parameters: then it is none.
 */
export function checkNoneLater(
  method: string,
  names: readonly string[],
  { end }: Parameters,
  particle: Particle,
): void {
  const { ledger } = particle;
  for (let draw = particle.lastDraw; draw !== end.lastDraw; draw = ledger.previous(draw)) {
    const site = ledger.site(draw);
    if (names.includes(site.name)) throw tooLate(method, site);
  }
}

const tooLate = (method: string, site: Site): MethodError =>
  new MethodError("PGLR085", `${method}: \`${site.name}\` is drawn at ${showSite(site)}, after other draws.`, {
    site,
    hint: "Parameters are draws of plain distributions that the program makes before all others.",
  });

/** Lets a particle make the draws of some names only: it stops before any other. */
class OnlyParameters implements DrawSource {
  constructor(
    private readonly names: ReadonlySet<string>,
    private readonly rerun: Rerun | null,
  ) {}

  draw(
    particle: Particle,
    distribution: Distribution<unknown>,
    proposal: Distribution<unknown> | null,
    site: Site,
  ): boolean | null {
    if (site.kind !== "sample" || !this.names.has(site.name)) return false;
    return this.rerun === null ? null : this.rerun.draw(particle, distribution, proposal, site);
  }

  request(particle: Particle): ReturnType<DrawSource["request"]> {
    return this.rerun === null ? "ask" : this.rerun.request(particle);
  }
}
