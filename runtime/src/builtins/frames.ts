import { enterAny } from "../machine/call.js";
import { Frame } from "../machine/frame.js";
import { IndependentFrame, type Part } from "../machine/independent.js";
import type { Closure } from "../machine/model.js";
import type { Op } from "../machine/op.js";
import type { Particle } from "../machine/particle.js";
import type { Drawable } from "../machine/process.js";
import { listOf } from "./arguments.js";

/** A function of the language that may draw or wait. */
export type Callee = Closure | ((...args: never[]) => unknown);

/** A list that grows at its end and is shared between particles: newest first. */
interface Grown {
  readonly value: unknown;
  readonly length: number;
  readonly before: Grown | null;
}

const grow = (list: Grown | null, value: unknown): Grown => ({ value, length: (list?.length ?? 0) + 1, before: list });

function toArray(list: Grown | null): unknown[] {
  const array = new Array<unknown>(list?.length ?? 0);
  for (let node = list; node !== null; node = node.before) array[node.length - 1] = node.value;
  return array;
}

/** Goes through a list, calling a function that may suspend for each element, one after the other. */
abstract class OverList extends Frame {
  protected index = 0;

  constructor(
    protected readonly xs: readonly unknown[],
    protected readonly callee: Callee,
  ) {
    super();
  }

  /** Takes in what the callee gave for `xs[index]`. True when the rest of the list does not matter. */
  protected abstract take(answer: unknown): boolean;
  protected abstract result(): unknown;
  protected argumentsFor(x: unknown): readonly unknown[] {
    return [x];
  }

  /** What `result` is made of, as far as it has come. */
  protected sofar(): readonly unknown[] {
    return [];
  }

  /** Asked while the callee works on `xs[index]`. */
  override live(result: boolean): readonly unknown[] {
    return [this.xs, this.callee, this.index, ...(result ? this.sofar() : [])];
  }

  override awaits(result: boolean): boolean {
    return result;
  }

  step(particle: Particle): Op {
    if (this.pc === 1) {
      this.pc = 0;
      const enough = this.take(particle.value);
      this.index++;
      if (enough) return particle.return(this.result());
    }
    if (this.index >= this.xs.length) return particle.return(this.result());
    this.pc = 1;
    return enterAny(particle, this.callee, this.argumentsFor(this.xs[this.index]));
  }

  protected abstract fresh(): OverList;

  protected copy(): Frame {
    const twin = this.fresh();
    twin.index = this.index;
    return twin;
  }
}

class MapFrame extends OverList {
  private grown: Grown | null = null;
  protected take(answer: unknown): boolean {
    this.grown = grow(this.grown, answer);
    return false;
  }
  protected override sofar(): readonly unknown[] {
    return [this.grown];
  }
  protected result(): unknown {
    return toArray(this.grown);
  }
  protected fresh(): OverList {
    const twin = new MapFrame(this.xs, this.callee);
    twin.grown = this.grown;
    return twin;
  }
}

class FlatMapFrame extends OverList {
  private grown: Grown | null = null;
  protected take(answer: unknown): boolean {
    this.grown = grow(this.grown, listOf("flat_map", answer as readonly unknown[]));
    return false;
  }
  protected override sofar(): readonly unknown[] {
    return [this.grown];
  }
  protected result(): unknown {
    return toArray(this.grown).flat(1);
  }
  protected fresh(): OverList {
    const twin = new FlatMapFrame(this.xs, this.callee);
    twin.grown = this.grown;
    return twin;
  }
}

class FilterFrame extends OverList {
  private grown: Grown | null = null;
  protected take(answer: unknown): boolean {
    if (answer === true) this.grown = grow(this.grown, this.xs[this.index]);
    return false;
  }
  protected override sofar(): readonly unknown[] {
    return [this.grown];
  }
  protected result(): unknown {
    return toArray(this.grown);
  }
  protected fresh(): OverList {
    const twin = new FilterFrame(this.xs, this.callee);
    twin.grown = this.grown;
    return twin;
  }
}

class FoldFrame extends OverList {
  constructor(
    xs: readonly unknown[],
    private accumulated: unknown,
    callee: Callee,
  ) {
    super(xs, callee);
  }
  protected override argumentsFor(x: unknown): readonly unknown[] {
    return [this.accumulated, x];
  }
  /** What has been accumulated is the callee's by now; its answer is an argument of the next call. */
  override awaits(result: boolean): boolean {
    return result || this.index < this.xs.length - 1;
  }
  protected take(answer: unknown): boolean {
    this.accumulated = answer;
    return false;
  }
  protected result(): unknown {
    return this.accumulated;
  }
  protected fresh(): OverList {
    return new FoldFrame(this.xs, this.accumulated, this.callee);
  }
}

/** Stops at the first element for which the predicate gives `stopAt`. */
class SearchFrame extends OverList {
  private stopped = false;
  constructor(
    xs: readonly unknown[],
    callee: Callee,
    private readonly stopAt: boolean,
    private readonly answer: (stopped: boolean, element: unknown) => unknown,
  ) {
    super(xs, callee);
  }
  override live(result: boolean): readonly unknown[] {
    return [...super.live(result), this.stopAt, this.answer];
  }
  /** It says whether the callee is called again. */
  override awaits(result: boolean): boolean {
    return result || this.index < this.xs.length - 1;
  }
  protected take(answer: unknown): boolean {
    this.stopped = answer === this.stopAt;
    return this.stopped;
  }
  protected result(): unknown {
    return this.answer(this.stopped, this.stopped ? this.xs[this.index - 1] : null);
  }
  protected fresh(): OverList {
    const twin = new SearchFrame(this.xs, this.callee, this.stopAt, this.answer);
    twin.stopped = this.stopped;
    return twin;
  }
}

class EachFrame extends OverList {
  protected take(): boolean {
    return false;
  }
  protected result(): unknown {
    return undefined;
  }
  protected fresh(): OverList {
    return new EachFrame(this.xs, this.callee);
  }
}

/** A frame that has its value already. */
class ValueFrame extends Frame {
  constructor(private readonly value: unknown) {
    super();
  }
  step(particle: Particle): Op {
    return particle.return(this.value);
  }
  protected copy(): Frame {
    return new ValueFrame(this.value);
  }
}

const stopped = (yes: boolean): boolean => yes;
const notStopped = (yes: boolean): boolean => !yes;
const element = (_: boolean, x: unknown): unknown => x;

/**
 * The built-ins whose function argument draws, weighs or waits: what emitted code enters with `particle.call(...)`. The value
 * is that of the built-in of the same name; elements are gone through from first to last.
 */
export const frames = {
  map: (xs: readonly unknown[], f: Callee): Frame => new MapFrame(listOf("map", xs), f),
  filter: (xs: readonly unknown[], p: Callee): Frame => new FilterFrame(listOf("filter", xs), p),
  fold: (xs: readonly unknown[], init: unknown, f: Callee): Frame => new FoldFrame(listOf("fold", xs), init, f),
  flat_map: (xs: readonly unknown[], f: Callee): Frame => new FlatMapFrame(listOf("flat_map", xs), f),
  any: (xs: readonly unknown[], p: Callee): Frame => new SearchFrame(listOf("any", xs), p, true, stopped),
  all: (xs: readonly unknown[], p: Callee): Frame => new SearchFrame(listOf("all", xs), p, false, notStopped),
  find: (xs: readonly unknown[], p: Callee): Frame => new SearchFrame(listOf("find", xs), p, true, element),
  each: (xs: readonly unknown[], f: Callee): Frame => new EachFrame(listOf("each", xs), f),
  independent: (...parts: readonly Part[]): Frame => new IndependentFrame(parts),
  /** log density (or mass) of a value, in nats; of a text or token distribution the model is asked for it. */
  log_prob: <T>(d: Drawable<T>, value: T): Frame =>
    d.kind === "process" ? d.logDensity(value) : new ValueFrame(d.logDensity(value)),
};
