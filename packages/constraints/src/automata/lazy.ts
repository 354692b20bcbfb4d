import { allowedStates, looked, tooLarge } from "../compiling.js";
import { DEAD, type Recogniser } from "../recogniser.js";

const UNKNOWN = -2;

/**
 * A recogniser whose states are values of some kind, numbered as they are met; each step is worked out once and kept.
 * A subclass says how values step; it may be more generous than `Recogniser` asks only in keeping states alive.
 */
export abstract class LazyRecogniser<S> implements Recogniser {
  readonly exact: boolean = false;
  protected readonly values: S[] = [];
  private readonly numbers = new Map<string | number, number>();
  private readonly accepting: boolean[] = [];
  private readonly bounds: number[] = [];
  private table = new Int32Array(16 * 256).fill(UNKNOWN);
  private first: number | undefined;

  constructor(
    /** What is being recognised, for messages. */
    readonly description: string,
    readonly classes: Uint8Array | null,
  ) {}

  /** The value before the first byte; null when nothing is accepted. */
  protected abstract begin(): S | null;
  protected abstract next(value: S, byte: number): S | null;
  protected abstract isAccepting(value: S): boolean;
  /** At most the number of bytes still needed; called only for values that do not accept. */
  protected abstract bound(value: S): number;
  /** Equal for equal values only. */
  protected abstract key(value: S): string | number;

  get start(): number {
    return (this.first ??= this.numberOf(this.begin()));
  }

  /** How many states have been met. */
  get size(): number {
    return this.values.length;
  }

  step(state: number, byte: number): number {
    const known = this.table[state * 256 + byte]!;
    if (known !== UNKNOWN) return known;
    const next = this.follow(state, byte);
    // New states may have made the table anew.
    this.table[state * 256 + byte] = next;
    return next;
  }

  /** A step that is not known yet. A subclass may know shorter ways to some states than by their values. */
  protected follow(state: number, byte: number): number {
    return this.numberOf(this.next(this.values[state]!, byte));
  }

  /** Makes a step known. */
  protected learn(state: number, byte: number, next: number): void {
    this.table[state * 256 + byte] = next;
  }

  accepts(state: number): boolean {
    return this.accepting[state]!;
  }

  shortest(state: number): number {
    return this.bounds[state]!;
  }

  /** The state of a value; `DEAD` for none, and for one that never accepts. */
  protected numberOf(value: S | null): number {
    if (value === null) return DEAD;
    const key = this.key(value);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const accepting = this.isAccepting(value);
    const bound = accepting ? 0 : Math.max(1, this.bound(value));
    if (bound === Infinity) return DEAD;
    const state = this.values.length;
    if (state >= allowedStates()) throw tooLarge(this.description, allowedStates());
    looked();
    this.numbers.set(key, state);
    this.values.push(value);
    this.accepting.push(accepting);
    this.bounds.push(bound);
    if (this.table.length < (state + 1) * 256) {
      const larger = new Int32Array(this.table.length * 2).fill(UNKNOWN);
      larger.set(this.table);
      this.table = larger;
    }
    return state;
  }
}
