import { RunError } from "../errors.js";
import type { Site } from "./site.js";

/** What knows the log-density of a drawn value: a number for spans, else the distribution (asked on demand). */
export type Density = number | { logDensity(value: never): number };

/** Draws in a full block, as a power of two. */
const BLOCK_BITS = 12;
const BLOCK = 1 << BLOCK_BITS;
/** Draws in the first block of a ledger, at first. */
const SMALLEST = 64;
/** Draws before the first look for those that nobody needs any more. */
const PATIENCE = 65_536;

/** Draws side by side: one array a column. */
interface Block {
  readonly previous: Int32Array;
  /** Places in the ledger's list of sites. */
  readonly sites: Int32Array;
  readonly values: unknown[];
  readonly densities: Density[];
}

/** Whoever has a past in a ledger. */
export interface TraceHolder {
  /** The number of its last draw; −1 before the first. */
  lastDraw: number;
}

/**
 * The draws of all executions of a run, numbered in the order they were recorded. Each knows the number of the one before it
 * in its execution, so executions with a past in common share it, and a fork copies one number. A draw is no object of its
 * own: with many particles, keeping track of one object a draw would cost more than running them.
 */
export class TraceLedger {
  private readonly blocks: Block[] = [];
  private readonly sites: Site[] = [];
  private readonly places = new Map<Site, number>();
  /** Particles come to a site one after the other: the last one is looked up the most. */
  private lastSite: Site | null = null;
  private lastPlace = 0;
  private size = 0;
  private capacity = 0;
  private due = PATIENCE;
  /** How often draws have been renumbered. */
  generation = 0;

  /** Records a draw that follows number `previous`, and gives its number. */
  append(previous: number, site: Site, value: unknown, density: Density): number {
    const at = this.size++;
    if (at === this.capacity) this.grow();
    const block = this.blocks[at >> BLOCK_BITS]!;
    const place = at & (BLOCK - 1);
    block.previous[place] = previous;
    block.sites[place] = site === this.lastSite ? this.lastPlace : this.placeOf(site);
    block.values[place] = value;
    block.densities[place] = density;
    return at;
  }

  /** How many draws are recorded. */
  get length(): number {
    return this.size;
  }

  /** Forgets the draws from number `length` on, which must be in nobody's past: their places are used again. */
  forget(length: number): void {
    this.size = length;
  }

  previous(draw: number): number {
    return this.blocks[draw >> BLOCK_BITS]!.previous[draw & (BLOCK - 1)]!;
  }

  site(draw: number): Site {
    return this.sites[this.blocks[draw >> BLOCK_BITS]!.sites[draw & (BLOCK - 1)]!]!;
  }

  value(draw: number): unknown {
    return this.blocks[draw >> BLOCK_BITS]!.values[draw & (BLOCK - 1)];
  }

  density(draw: number): Density {
    return this.blocks[draw >> BLOCK_BITS]!.densities[draw & (BLOCK - 1)]!;
  }

  /** True when it is time to `compact`: twice as much has been recorded as was left the last time. */
  get isDue(): boolean {
    return this.size >= this.due;
  }

  /** Forgets the draws that are in nobody's past, and renumbers the others. `holders` must be all there are. */
  compact(holders: Iterable<TraceHolder>): void {
    const { blocks, size } = this;
    const number = new Int32Array(size);
    const all = [...holders];
    for (const { lastDraw } of all) if (lastDraw >= 0) number[lastDraw] = 1;
    // A draw comes after the one before it: one sweep backwards finds all that is needed.
    for (let b = blocks.length - 1; b >= 0; b--) {
      const { previous } = blocks[b]!;
      for (let at = Math.min(size, (b + 1) * BLOCK) - 1; at >= b * BLOCK; at--) {
        if (number[at] === 0) continue;
        const before = previous[at - b * BLOCK]!;
        if (before >= 0) number[before] = 1;
      }
    }
    let left = 0;
    for (let b = 0; b * BLOCK < size; b++) {
      const source = blocks[b]!;
      const end = Math.min(BLOCK, size - b * BLOCK);
      for (let s = 0; s < end; s++) {
        if (number[b * BLOCK + s] === 0) continue;
        // For the same reason, what is read here has not been written over yet.
        const before = source.previous[s]!;
        const to = left++;
        number[b * BLOCK + s] = to;
        const goal = blocks[to >> BLOCK_BITS]!;
        const g = to & (BLOCK - 1);
        goal.previous[g] = before < 0 ? -1 : number[before]!;
        goal.sites[g] = source.sites[s]!;
        goal.values[g] = source.values[s];
        goal.densities[g] = source.densities[s]!;
      }
    }
    for (const holder of all) if (holder.lastDraw >= 0) holder.lastDraw = number[holder.lastDraw]!;
    this.due = Math.max(PATIENCE, 3 * left);
    this.shrink(left);
    this.generation++;
  }

  private placeOf(site: Site): number {
    let place = this.places.get(site);
    if (place === undefined) {
      this.places.set(site, (place = this.sites.length));
      this.sites.push(site);
    }
    this.lastSite = site;
    return (this.lastPlace = place);
  }

  private grow(): void {
    const { blocks, capacity } = this;
    if (capacity === 0 || capacity >= BLOCK) {
      const added = capacity === 0 ? SMALLEST : BLOCK;
      blocks.push(emptyBlock(added));
      this.capacity += added;
      return;
    }
    // The first block starts small, for small runs, and is then copied.
    const small = blocks[0]!;
    const larger = emptyBlock(4 * capacity);
    for (let i = 0; i < capacity; i++) {
      larger.previous[i] = small.previous[i]!;
      larger.sites[i] = small.sites[i]!;
      larger.values[i] = small.values[i];
      larger.densities[i] = small.densities[i]!;
    }
    blocks[0] = larger;
    this.capacity = 4 * capacity;
  }

  /** Lets go of everything from number `size` on. The blocks stay that will be filled before the next look. */
  private shrink(size: number): void {
    const { blocks } = this;
    const before = this.size;
    this.size = size;
    if (this.capacity > BLOCK) {
      blocks.length = Math.min(blocks.length, Math.ceil(this.due / BLOCK));
      this.capacity = blocks.length * BLOCK;
    }
    for (let i = size >> BLOCK_BITS; i < blocks.length && i * BLOCK < before; i++) {
      const { values, densities } = blocks[i]!;
      const from = Math.max(0, size - i * BLOCK);
      values.fill(undefined, from);
      densities.fill(0, from);
    }
  }
}

/** Filled, because the engine would choose another layout for arrays that are all numbers at first; copied, which is fast. */
const UNUSED: readonly undefined[] = new Array<undefined>(BLOCK).fill(undefined);

function emptyBlock(size: number): Block {
  return {
    previous: new Int32Array(size),
    sites: new Int32Array(size),
    values: UNUSED.slice(0, size),
    densities: UNUSED.slice(0, size) as unknown as Density[],
  };
}

/**
 * The draws of an execution, seen from its last one. To be read when it is got, or when the run has ended: a run that goes
 * on may renumber its draws.
 *
 * @throws RunError PGLR067 from every property when the run has gone on since.
 */
export class Trace {
  private readonly generation: number;

  private constructor(
    private readonly ledger: TraceLedger,
    private readonly draw: number,
  ) {
    this.generation = ledger.generation;
  }

  /** The draws up to number `draw`; null for −1. */
  static of(ledger: TraceLedger, draw: number): Trace | null {
    return draw < 0 ? null : new Trace(ledger, draw);
  }

  get site(): Site {
    return this.current().site(this.draw);
  }

  get value(): unknown {
    return this.current().value(this.draw);
  }

  /** Log-density of the value under the distribution it was drawn for (nats). */
  get logDensity(): number {
    const density = this.current().density(this.draw);
    return typeof density === "number" ? density : density.logDensity(this.value as never);
  }

  get previous(): Trace | null {
    return Trace.of(this.ledger, this.current().previous(this.draw));
  }

  private current(): TraceLedger {
    if (this.generation !== this.ledger.generation) {
      throw new RunError("PGLR067", "This trace is of an earlier step of a run that has gone on.", {
        hint: "Call listTrace when you get it, and keep that.",
      });
    }
    return this.ledger;
  }
}

/** A trace, oldest draw first, as data. */
export function listTrace(trace: Trace | null): { site: Site; value: unknown; logDensity: number }[] {
  const draws: { site: Site; value: unknown; logDensity: number }[] = [];
  for (let at = trace; at !== null; at = at.previous) {
    draws.push({ site: at.site, value: at.value, logDensity: at.logDensity });
  }
  return draws.reverse();
}
