import { DEAD, type Recogniser } from "../recogniser.js";
import { Dfa, whole } from "./dfa.js";
import { LazyRecogniser } from "./lazy.js";
import { utf8 } from "./utf8.js";

/**
 * States up to which a combination is made whole of which a part is not: such parts, as most grammars and schemas, have no end
 * of states, and looking for one would cost a tenth of a second each time.
 */
const WHOLE_OF_OPEN = 4000;

const combined = (recogniser: Recogniser, parts: readonly Recogniser[]): Recogniser =>
  parts.every((part) => part instanceof Dfa) ? whole(recogniser) : whole(recogniser, WHOLE_OF_OPEN);

/** Texts that all of the recognisers accept; every text for none. */
export function allOf(parts: readonly Recogniser[], description: string): Recogniser {
  return parts.length === 1
    ? parts[0]!
    : combined(new Intersection([...parts, ...(parts.length === 0 ? [utf8] : [])], description), parts);
}

/** Texts that at least one of the recognisers accepts; none for none. */
export function anyOf(parts: readonly Recogniser[], description: string): Recogniser {
  return parts.length === 1 ? parts[0]! : combined(new Union(parts, description), parts);
}

/** Texts (valid UTF-8) that the recogniser does not accept. */
export function noneOf(part: Recogniser, description: string): Recogniser {
  return combined(new Complement(part, description), [part]);
}

/** Texts made of a text of each recogniser, in order; the empty text for none. */
export function inOrder(parts: readonly Recogniser[], description: string): Recogniser {
  return combined(new Concatenation(parts, description), parts);
}

/** Texts made of `low` to `high` texts of the recogniser. */
export function timesOver(part: Recogniser, low: number, high: number, description: string): Recogniser {
  return combined(new Repetition(part, low, high, description), [part]);
}

/** The coarsest classes that are fine enough for all parts; null when a part's are not known. */
export function commonClasses(parts: readonly Recogniser[]): Uint8Array | null {
  const all = parts.map((p) => p.classes);
  if (all.includes(null)) return null;
  const numbers = new Map<string, number>();
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    const key = all.map((c) => c![byte]!).join();
    let n = numbers.get(key);
    if (n === undefined) numbers.set(key, (n = numbers.size));
    return n;
  });
}

/** All parts read side by side. */
class Intersection extends LazyRecogniser<readonly number[]> {
  readonly costly: boolean;

  constructor(
    private readonly parts: readonly Recogniser[],
    description: string,
  ) {
    super(description, commonClasses(parts));
    this.costly = parts.some((p) => p.costly);
  }

  protected begin(): readonly number[] | null {
    const starts = this.parts.map((p) => p.start);
    return starts.includes(DEAD) ? null : starts;
  }

  protected next(value: readonly number[], byte: number): readonly number[] | null {
    const states: number[] = [];
    for (let i = 0; i < value.length; i++) {
      const state = this.parts[i]!.step(value[i]!, byte);
      if (state === DEAD) return null;
      states.push(state);
    }
    return states;
  }

  protected isAccepting(value: readonly number[]): boolean {
    return value.every((state, i) => this.parts[i]!.accepts(state));
  }

  protected bound(value: readonly number[]): number {
    return Math.max(...value.map((state, i) => this.parts[i]!.shortest(state)));
  }

  protected key(value: readonly number[]): string {
    return value.join();
  }
}

/** Parts that are dead stay in place as `DEAD`. */
class Union extends LazyRecogniser<readonly number[]> {
  readonly costly: boolean;
  override readonly exact: boolean;

  constructor(
    private readonly parts: readonly Recogniser[],
    description: string,
  ) {
    super(description, commonClasses(parts));
    this.costly = parts.some((p) => p.costly);
    this.exact = parts.every((p) => p.exact);
  }

  protected begin(): readonly number[] | null {
    return alive(this.parts.map((p) => p.start));
  }

  protected next(value: readonly number[], byte: number): readonly number[] | null {
    return alive(value.map((state, i) => (state === DEAD ? DEAD : this.parts[i]!.step(state, byte))));
  }

  protected isAccepting(value: readonly number[]): boolean {
    return value.some((state, i) => state !== DEAD && this.parts[i]!.accepts(state));
  }

  protected bound(value: readonly number[]): number {
    return Math.min(...value.map((state, i) => (state === DEAD ? Infinity : this.parts[i]!.shortest(state))));
  }

  protected key(value: readonly number[]): string {
    return value.join();
  }
}

const alive = (states: readonly number[]): readonly number[] | null =>
  states.every((s) => s === DEAD) ? null : states;

/** A pair: where the part stands (`DEAD` when it has given up), and where the text stands within a character. */
class Complement extends LazyRecogniser<readonly [number, number]> {
  readonly costly: boolean;

  constructor(
    private readonly part: Recogniser,
    description: string,
  ) {
    super(description, commonClasses([part, utf8]));
    this.costly = part.costly ?? false;
  }

  protected begin(): readonly [number, number] {
    return [this.part.start, utf8.start];
  }

  protected next([state, within]: readonly [number, number], byte: number): readonly [number, number] | null {
    const after = utf8.step(within, byte);
    return after === DEAD ? null : [state === DEAD ? DEAD : this.part.step(state, byte), after];
  }

  protected isAccepting([state, within]: readonly [number, number]): boolean {
    return utf8.accepts(within) && (state === DEAD || !this.part.accepts(state));
  }

  protected bound([, within]: readonly [number, number]): number {
    return Math.max(1, utf8.shortest(within));
  }

  protected key([state, within]: readonly [number, number]): number {
    return (state + 1) * 16 + within;
  }
}

/** Places a text may be in a sequence of parts: which part, and where in it; ascending, in one list. */
type Places = readonly number[];

class Concatenation extends LazyRecogniser<Places> {
  readonly costly: boolean;
  override readonly exact: boolean;
  /** By part, the bytes needed by all parts after it. */
  private readonly after: readonly number[];

  constructor(
    private readonly parts: readonly Recogniser[],
    description: string,
  ) {
    super(description, commonClasses(parts));
    this.costly = parts.some((p) => p.costly);
    this.exact = parts.every((p) => p.exact);
    const after = new Array<number>(parts.length + 1).fill(0);
    for (let i = parts.length - 1; i >= 0; i--) {
      const { start } = parts[i]!;
      after[i] = after[i + 1]! + (start === DEAD ? Infinity : parts[i]!.shortest(start));
    }
    this.after = after;
  }

  protected begin(): Places | null {
    const found = new Set<number>();
    this.enter(0, found);
    return sorted(found);
  }

  protected next(value: Places, byte: number): Places | null {
    const found = new Set<number>();
    for (const place of value) {
      const { length } = this.parts;
      const part = place % (length + 1);
      if (part === length) continue;
      const state = this.parts[part]!.step((place - part) / (length + 1), byte);
      if (state !== DEAD) this.arrive(part, state, found);
    }
    return sorted(found);
  }

  protected isAccepting(value: Places): boolean {
    return value.includes(this.parts.length);
  }

  protected bound(value: Places): number {
    const width = this.parts.length + 1;
    let least = Infinity;
    for (const place of value) {
      const part = place % width;
      if (part === this.parts.length) continue;
      least = Math.min(least, this.parts[part]!.shortest((place - part) / width) + this.after[part + 1]!);
    }
    return least;
  }

  protected key(value: Places): string {
    return value.join();
  }

  private enter(part: number, found: Set<number>): void {
    if (part === this.parts.length) found.add(part);
    else if (this.after[part]! < Infinity) this.arrive(part, this.parts[part]!.start, found);
  }

  private arrive(part: number, state: number, found: Set<number>): void {
    const place = state * (this.parts.length + 1) + part;
    if (found.has(place) || this.after[part + 1] === Infinity) return;
    found.add(place);
    if (this.parts[part]!.accepts(state)) this.enter(part + 1, found);
  }
}

const sorted = (places: Set<number>): Places | null => (places.size === 0 ? null : [...places].sort((a, b) => a - b));

/** Places in repetitions: how many are complete (counted up to `low` when there is no upper limit), and where in the next. */
class Repetition extends LazyRecogniser<Places> {
  readonly costly: boolean;
  override readonly exact: boolean;
  private readonly most: number;

  constructor(
    private readonly part: Recogniser,
    private readonly low: number,
    private readonly high: number,
    description: string,
  ) {
    super(description, commonClasses([part]));
    this.costly = part.costly ?? false;
    this.exact = part.exact;
    this.most = high === Infinity ? low : high;
  }

  // A place is (state + 1) · (most + 1) + complete; state + 1 is 0 between repetitions.

  protected begin(): Places | null {
    const found = new Set<number>();
    this.complete(0, found);
    return this.low > 0 && this.part.start === DEAD ? null : sorted(found);
  }

  protected next(value: Places, byte: number): Places | null {
    const width = this.most + 1;
    const found = new Set<number>();
    for (const place of value) {
      const complete = place % width;
      const state = (place - complete) / width - 1;
      if (state < 0) continue;
      const after = this.part.step(state, byte);
      if (after !== DEAD) this.arrive(complete, after, found);
    }
    return sorted(found);
  }

  protected isAccepting(value: Places): boolean {
    return value.some((place) => place <= this.most && place >= this.low);
  }

  protected bound(value: Places): number {
    const width = this.most + 1;
    const each = this.part.start === DEAD ? Infinity : this.part.shortest(this.part.start);
    let least = Infinity;
    for (const place of value) {
      const complete = place % width;
      const state = (place - complete) / width - 1;
      const missing = state < 0 ? this.low - complete : this.low - complete - 1;
      const rest = missing > 0 ? missing * each : 0;
      least = Math.min(least, (state < 0 ? 0 : this.part.shortest(state)) + rest);
    }
    return least;
  }

  protected key(value: Places): string {
    return value.join();
  }

  private complete(times: number, found: Set<number>): void {
    const counted = Math.min(times, this.most);
    if (found.has(counted)) return;
    found.add(counted);
    const { start } = this.part;
    if (start !== DEAD && (this.high === Infinity || counted < this.high)) this.arrive(counted, start, found);
  }

  private arrive(complete: number, state: number, found: Set<number>): void {
    const place = (state + 1) * (this.most + 1) + complete;
    if (found.has(place)) return;
    found.add(place);
    if (this.part.accepts(state)) this.complete(complete + 1, found);
  }
}
