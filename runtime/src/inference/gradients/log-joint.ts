import { lossBehind, type LostDerivativeError } from "../../autodiff/lost.js";
import { Real, Tape, valueOf, type Num } from "../../autodiff/tape.js";
import { DistributionError, MethodError, RunError } from "../../errors.js";
import type { Distribution } from "../../distributions/distribution.js";
import type { Environment } from "../../machine/environment.js";
import type { Model } from "../../machine/model.js";
import { Op } from "../../machine/op.js";
import { badWeight, Particle } from "../../machine/particle.js";
import { lawOf } from "../../machine/request.js";
import { showSite, type Site } from "../../machine/site.js";
import { TraceLedger } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import { answerRequests } from "../blocks/answer.js";
import { located } from "../blocks/located.js";
import type { Target } from "../method.js";
import { constrain, sameShape, shapeOf, unconstrain, type Shape } from "./coordinates.js";

/** One draw of the program, and how many coordinates it has. */
interface Slot {
  readonly site: Site;
  readonly shape: Shape;
}

/** The draws that every execution makes, in their order. */
export type Layout = readonly Slot[];

/** A point in unconstrained space, with what is known of it. */
export interface Point {
  readonly position: Float64Array;
  /** log of the program's unnormalised density in these coordinates, in nats; −∞ where it has none. */
  readonly logJoint: number;
  /** Of `logJoint`. Entries that are not finite, or not known, are zero. */
  readonly gradient: Float64Array;
}

/** How gradients are found. */
export type GradientMode = "reverse mode" | "central differences";

/** An execution with its result. */
export interface Execution {
  readonly value: unknown;
  readonly lastDraw: number;
}

/**
 * The log-density of a program as a function of unconstrained coordinates: Σ log prior density + Σ factors + log |det J| of the
 * transforms. Its value is that of the program's own arithmetic and densities, whichever way its gradient is found:
 *
 * - *reverse mode*: the program's differentiable twin is run once and swept back, at a small multiple of a run's cost;
 * - *central differences*: two runs for each coordinate, where there is no twin or a number's derivative is lost in it.
 *
 * Leapfrog steps are reversible and keep volume for any gradient that is a function of the position alone, so a sampler
 * that accepts by the density is exact with either. Which is used is decided position by position, without memory.
 *
 * A program that is used this way draws the same continuous variables in every execution.
 */
export class LogJoint {
  /** Draws of kept executions. */
  readonly ledger = new TraceLedger();
  /** Draws that nobody looks at. */
  private readonly scratch = new TraceLedger();
  private readonly tapes: Tape[] = [];
  private layout: Layout | null = null;
  private mode: GradientMode;
  private isFirst = true;
  /** Why derivatives were lost, the first time. */
  loss: LostDerivativeError | null = null;
  /** Why there are only differences, where no derivative has been lost. */
  reason = "the program is written with the TypeScript library";
  /** Executions begun, of the program or its twin. */
  executions = 0;
  /** Coordinates of a point. */
  dimension = 0;

  constructor(
    private readonly method: string,
    private readonly program: Target,
    private readonly twin: Model | null,
    private readonly environment: Environment,
  ) {
    this.mode = twin === null ? "central differences" : "reverse mode";
  }

  get gradientMode(): GradientMode {
    return this.loss === null ? this.mode : "central differences";
  }

  /** A name for each coordinate: its draw's, counted where there are several. */
  names(): string[] {
    const names = (this.layout ?? []).flatMap(({ site, shape }) =>
      Array.from({ length: shape.count }, (_, i) => (shape.count === 1 ? site.name : `${site.name}[${i}]`)),
    );
    const seen = new Map<string, number>();
    return names.map((name) => {
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return times === 1 ? name : `${name} (${times})`;
    });
  }

  /**
   * Draws an execution from the prior, and gives its coordinates; null where its weight is zero. The first one says what
   * every other must draw.
   *
   * @throws MethodError PGLR072 when the program draws something discrete; PGLR071 when it draws something else than before.
   */
  *simulate(random: RandomSource): Generator<Promise<void>, Float64Array | null, void> {
    const run = new Run(this, this.program.start(), this.environment, random, null, this.scratch);
    yield* this.finish([run]);
    if (run.end !== "done") return null;
    if (this.layout === null) {
      this.layout = run.slots;
      this.dimension = run.drawn.length;
    } else if (run.slots.length < this.layout.length) throw this.changed(this.layout[run.slots.length]!.site);
    return Float64Array.from(run.drawn);
  }

  /** The points at these positions; all executions that wait do so together. */
  *evaluate(positions: readonly Float64Array[]): Generator<Promise<void>, Point[], void> {
    const points = new Array<Point | null>(positions.length).fill(null);
    if (this.mode === "reverse mode") {
      const runs = positions.map((position, i) => this.recorded(position, i));
      yield* this.finish(runs);
      runs.forEach((run, i) => {
        if (run.loss !== null) this.loss ??= run.loss;
        else points[i] = pointOf(positions[i]!, run);
      });
      // A program that loses a derivative at the very first point loses it everywhere, as a rule. Later nothing is
      // concluded: the gradient at a position must not depend on what has happened before.
      if (this.isFirst && runs.every((run) => run.loss !== null)) this.mode = "central differences";
    }
    this.isFirst = false;
    const others = positions.map((_, i) => i).filter((i) => points[i] === null);
    if (others.length === 0) return points as Point[];
    const differences = yield* this.differences(others.map((i) => positions[i]!));
    others.forEach((i, k) => (points[i] = differences[k]!));
    return points as Point[];
  }

  /**
   * The same point, once it is known that the twin has the program's own density there; else the program's own, and
   * differences from now on. The twin computes the program's constants anew: one that is not the same each time would make
   * it another program.
   */
  *verified(point: Point): Generator<Promise<void>, Point, void> {
    if (this.mode === "central differences") return point;
    const run = this.plain(point.position);
    yield* this.finish([run]);
    const own = logJointOf(run);
    if (Math.abs(own - point.logJoint) <= SAME * Math.max(1, Math.abs(own))) return point;
    this.mode = "central differences";
    this.reason = "what the program computes beforehand is not the same each time";
    const [again] = yield* this.differences([point.position]);
    return again!;
  }

  /** Runs the program itself at each position, and records its draws. */
  *replay(positions: readonly Float64Array[]): Generator<Promise<void>, Execution[], void> {
    const runs = positions.map((position) => this.plain(position, this.ledger));
    yield* this.finish(runs);
    return runs.map(({ particle }) => ({ value: particle.value, lastDraw: particle.lastDraw }));
  }

  /** Central differences with the step that balances truncation (h²) against rounding (ε/h). */
  private *differences(positions: readonly Float64Array[]): Generator<Promise<void>, Point[], void> {
    const centers = positions.map((position) => this.plain(position));
    yield* this.finish(centers);
    const runs: { readonly center: number; readonly coordinate: number; readonly by: number; readonly run: Run }[] = [];
    positions.forEach((position, center) => {
      if (!Number.isFinite(logJointOf(centers[center]!))) return;
      for (let coordinate = 0; coordinate < this.dimension; coordinate++) {
        for (const sign of [1, -1]) {
          const moved = position.slice();
          moved[coordinate]! += sign * STEP * Math.max(1, Math.abs(position[coordinate]!));
          const by = moved[coordinate]! - position[coordinate]!;
          runs.push({ center, coordinate, by, run: this.plain(moved) });
        }
      }
    });
    yield* this.finish(runs.map(({ run }) => run));
    const gradients = positions.map(() => new Float64Array(this.dimension));
    for (let k = 0; k < runs.length; k += 2) {
      const { center, coordinate } = runs[k]!;
      const [ahead, behind] = [runs[k]!, runs[k + 1]!];
      const slope = (logJointOf(ahead.run) - logJointOf(behind.run)) / (ahead.by - behind.by);
      gradients[center]![coordinate] = Number.isFinite(slope) ? slope : 0;
    }
    return positions.map((position, i) => ({ position, logJoint: logJointOf(centers[i]!), gradient: gradients[i]! }));
  }

  private plain(position: Float64Array, ledger: TraceLedger | null = null): Run {
    const { program, environment } = this;
    return new Run(
      this,
      program.start(),
      environment,
      environment.random.split(ANSWERS),
      Array.from(position),
      ledger ?? this.scratch,
      ledger !== null,
    );
  }

  private recorded(position: Float64Array, i: number): Run {
    const { environment } = this;
    const tape = (this.tapes[i] ??= new Tape());
    tape.reset();
    const inputs = Array.from(position, (x) => tape.input(x));
    const frame = this.twin!.start(...this.program.arguments);
    return new Run(this, frame, environment, environment.random.split(ANSWERS), inputs, this.scratch);
  }

  /** Runs all to their ends. */
  private *finish(runs: readonly Run[]): Generator<Promise<void>, void, void> {
    this.executions += runs.length;
    let waiting = runs.filter((run) => run.advance());
    for (let round = 0; waiting.length > 0; round++) {
      const particles = waiting.map(({ particle }) => particle);
      let failure: unknown = null;
      const failed = (error: unknown): void => void (failure = error);
      try {
        const pending = answerRequests(particles, this.environment, round);
        if (pending !== undefined) yield pending.catch(failed);
      } catch (error) {
        failed(error);
      }
      if (failure !== null) {
        // Which of them it was is not known; as a rule each would meet it.
        const loss = lossBehind(failure);
        if (loss === null) throw failure;
        for (const run of waiting) run.lose(loss);
        return;
      }
      waiting = waiting.filter((run) => run.advance());
    }
  }

  // ------------------------------------------------------------------------------------------- what a run asks of its draws

  /** The slot of a run's draw number `index`, checked against what other executions draw there. */
  slot(index: number, site: Site, distribution: Distribution<unknown>): Slot {
    const shape = shapeOf(distribution.support);
    if (shape === null) throw this.discrete(site, distribution.name);
    const known = this.layout?.[index];
    if (known === undefined) {
      if (this.layout !== null) throw this.changed(site);
      return { site, shape };
    }
    if (!samePlace(known.site, site) || !sameShape(known.shape, shape)) throw this.changed(site);
    return known;
  }

  /** @throws MethodError PGLR071 when an execution has made fewer draws than others. */
  checkCount(draws: number): void {
    if (this.layout !== null && draws < this.layout.length) throw this.changed(this.layout[draws]!.site);
  }

  discrete(site: Site, name: string): MethodError {
    return new MethodError(
      "PGLR072",
      `${this.method} moves continuous variables only; ${showSite(site)} draws a ${name}.`,
      {
        site,
        hint: "Sum the discrete variable out by hand (a mixture), or use mh, gibbs or smc.",
      },
    );
  }

  randomAnswer(site: Site): MethodError {
    return new MethodError(
      "PGLR073",
      `${this.method} needs a density that is a function of the draws; the inference at ${showSite(site)} gives a random answer.`,
      { site, hint: "Use enumerate for the inner inference, or mh or particle_gibbs for the outer one." },
    );
  }

  noDensity(site: Site | undefined, message: string): void {
    this.environment.warn({
      code: "PGLW013",
      message: `A trajectory came to where the program has no density, which counts as zero: ${message}`,
      site,
    });
  }

  private changed(site: Site): MethodError {
    return new MethodError(
      "PGLR071",
      `${this.method} needs executions that all draw the same variables; at ${showSite(site)} one draws otherwise than another.`,
      { site, hint: "Which draws are made must not depend on continuous values; mh and smc have no such rule." },
    );
  }
}

/** Cube root of the machine's precision. */
const STEP = Math.cbrt(2 ** -52);
/** Relative difference of two densities that are computed by the same operations: none, but for those of other engines. */
const SAME = 1e-9;
/** Key of the stream that answers would be drawn from. None is: `randomAnswer` is an error. */
const ANSWERS = 7;

/** Two sites of the same program, compiled once or twice. */
const samePlace = (a: Site, b: Site): boolean =>
  a === b || (a.name === b.name && a.start === b.start && a.file === b.file && a.kind === b.kind);

const logJointOf = (run: Run): number => (run.end === "done" ? valueOf(run.logJoint) : -Infinity);

function pointOf(position: Float64Array, run: Run): Point {
  const gradient = new Float64Array(position.length);
  const logJoint = logJointOf(run);
  if (Number.isFinite(logJoint) && run.terms.length > 0) {
    run.terms[0]!.tape.gradient(run.terms, position.length, gradient);
    for (let i = 0; i < gradient.length; i++) if (!Number.isFinite(gradient[i])) gradient[i] = 0;
  }
  return { position, logJoint, gradient };
}

/** One execution, at given coordinates or drawn from the prior. */
class Run {
  readonly particle: Particle;
  readonly slots: Slot[] = [];
  /** Coordinates of what was drawn from the prior. */
  readonly drawn: number[] = [];
  /** Terms of the log-density that carry derivatives. */
  readonly terms: Real[] = [];
  logJoint = 0;
  end: "done" | "dead" | null = null;
  loss: LostDerivativeError | null = null;
  private used = 0;

  constructor(
    private readonly joint: LogJoint,
    frame: Particle["frame"],
    environment: Environment,
    random: RandomSource,
    /** Null: draw from the prior. */
    private readonly coordinates: readonly Num[] | null,
    ledger: TraceLedger,
    private readonly records = false,
  ) {
    this.particle = new Particle(frame, random, environment, undefined, undefined, ledger);
  }

  /** Runs on. True when it waits for an answer. */
  advance(): boolean {
    if (this.end !== null || this.loss !== null) return false;
    try {
      return this.toRequest();
    } catch (error) {
      const loss = lossBehind(error);
      if (loss !== null && this.coordinates !== null) {
        this.lose(loss);
        return false;
      }
      // Far from where the posterior is, parameters leave their ranges: there is no density there.
      const without = error instanceof DistributionError || (error instanceof RunError && error.code === "PGLR062");
      if (without && this.coordinates !== null) {
        this.joint.noDensity(error.site, error.message);
        this.end = "dead";
        return false;
      }
      throw located(error, this.particle);
    }
  }

  lose(loss: LostDerivativeError): void {
    this.loss = loss;
  }

  private toRequest(): boolean {
    const { particle } = this;
    for (;;) {
      switch (particle.advance()) {
        case Op.Sample:
          this.draw();
          break;
        case Op.Weight:
          this.weigh(particle.increment as Num);
          break;
        case Op.Request: {
          if (lawOf(particle.request!) !== null) throw this.joint.randomAnswer(particle.site!);
          return true;
        }
        case Op.Done:
          this.joint.checkCount(this.slots.length);
          this.end ??= "done";
          return false;
        default:
      }
      if (this.end !== null) return false;
    }
  }

  private draw(): void {
    const { particle } = this;
    const site = particle.site!;
    const distribution = particle.distribution!;
    if (distribution.kind === "process") throw this.joint.discrete(site, distribution.name);
    const { support } = distribution;
    if (support.kind === "finite" && support.values.length === 1) {
      // No choice at all: a constant under another name.
      this.give(site, support.values[0], distribution);
      return;
    }
    const slot = this.joint.slot(this.slots.length, site, distribution);
    this.slots.push(slot);
    const { shape } = slot;
    if (this.coordinates === null) {
      const value = distribution.sample(particle.random);
      this.drawn.push(...unconstrain(shape, support, value));
      this.give(site, value, distribution);
      return;
    }
    const u = this.coordinates.slice(this.used, (this.used += shape.count));
    const { value, logJacobian } = constrain(shape, support, u);
    this.weigh(distribution.logDensity(value) as Num);
    if (this.end === null) this.weigh(logJacobian);
    this.give(site, value, distribution);
  }

  private give(site: Site, value: unknown, distribution: Distribution<unknown>): void {
    this.particle.value = value;
    if (this.records && site.kind === "sample") this.particle.record(site, value, distribution);
  }

  private weigh(increment: Num): void {
    const weight = increment instanceof Real ? increment.value : increment;
    if (weight === -Infinity) {
      this.logJoint = -Infinity;
      this.end = "dead";
      return;
    }
    if (!(weight < Infinity)) throw badWeight(this.particle.site!, weight);
    this.logJoint += weight;
    if (increment instanceof Real) this.terms.push(increment);
  }
}
