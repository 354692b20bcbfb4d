import { DEAD, LazyRecogniser, read, type Recogniser } from "@pgl/constraints";
import type { SpanRule } from "../span-rule.js";
import { decodeUtf8, encodeUtf8 } from "../utf8.js";

/** U+FFFD: what bytes that are no UTF-8 show as. */
const REPLACEMENT = encodeUtf8("\ufffd");

/** A span that has not ended. */
interface Open {
  /** Where the recogniser stands after the whole characters so far; `DEAD` when it has given up. */
  readonly state: number;
  /** Leading bytes left out because they go on with a character begun before the span; -1 once the span has begun. */
  readonly skipped: number;
  /** The bytes of a character that has begun and not ended. */
  readonly pending: readonly number[];
  /** The state of the stop matcher. */
  readonly stop: number;
  /**
   * Whether the text up to each of the last bytes is accepted, the latest last: as far back as a stop string that may be in
   * progress reaches. Empty when no stop string is left out.
   */
  readonly accepted: readonly boolean[];
}

const ENDED = "ended";
type Value = Open | typeof ENDED;

/**
 * Which spans satisfy a constraint, read token by token as raw bytes. It puts what makes a span's text of its bytes (stop
 * strings and the cut at them, parts of characters at both ends, bytes that are no UTF-8; `SpanRule.textOf`) before a
 * constraint's recogniser, which sees whole characters only. `accepts` says whether the span's text would be accepted if
 * the span ended here without a stop string; in `ended` a stop string has ended it, and was accepted.
 */
export class SpanAutomaton extends LazyRecogniser<Value> {
  readonly costly: boolean;
  /** Of a span that a stop string has ended with an accepted text. */
  readonly ended: number;
  /** By the recogniser's state. */
  private readonly betweens = new Map<number, number>();
  private readonly brokenOffs = new Map<number, number>();

  constructor(
    private readonly recogniser: Recogniser,
    private readonly rule: SpanRule,
    description: string,
  ) {
    super(description, null);
    this.costly = recogniser.costly ?? false;
    this.ended = this.numberOf(ENDED);
  }

  /**
   * Fewer bytes than this never come to an accepted span. Not `shortest`, which counts the bytes of texts: one byte that is no
   * UTF-8 shows as U+FFFD, which has three.
   */
  least(state: number): number {
    return Math.ceil(this.shortest(state) / REPLACEMENT.length);
  }

  protected begin(): Value | null {
    const { start } = this.recogniser;
    if (start === DEAD) return null;
    return { state: start, skipped: 0, pending: [], stop: 0, accepted: [] };
  }

  protected next(value: Value, byte: number): Value | null {
    if (value === ENDED) return value;
    const { rule } = this;
    const { state, skipped, pending } = this.read(value, byte);
    const accepts = state !== DEAD && this.recogniser.accepts(state);
    const { matcher } = rule;
    if (matcher === null) return { state, skipped, pending, stop: 0, accepted: [] };
    const stop = matcher.step(value.stop, byte);
    const found = matcher.found(stop);
    if (found >= 0) {
      if (!rule.leftOut(found)) return accepts ? ENDED : null;
      return this.acceptedBack(value, matcher.lengths[found]! - 1) ? ENDED : null;
    }
    // Of the texts before a stop string in progress: the one before this byte and those remembered.
    const reach = rule.leavesOut ? matcher.depth(stop) : 0;
    const accepted = reach === 0 ? [] : [...value.accepted, this.acceptedBack(value, 0)].slice(-reach);
    return { state, skipped, pending, stop, accepted };
  }

  /** Nearly all steps stand between characters before or after, and no stop string is in progress. */
  protected override follow(number: number, byte: number): number {
    const value = this.values[number]!;
    if (value === ENDED || this.inStop(value, byte)) return super.follow(number, byte);
    if (byte < 0x80) {
      const state = value.pending.length === 0 ? value.state : this.brokenOff(number, value);
      return this.between(state === DEAD ? DEAD : this.recogniser.step(state, byte));
    }
    const next = super.follow(number, byte);
    this.learnAlike(number, value, byte, next);
    return next;
  }

  /** The state in which nothing is in progress. */
  private between(state: number): number {
    if (state === DEAD) return DEAD;
    let number = this.betweens.get(state);
    if (number === undefined) {
      number = this.numberOf({ state, skipped: -1, pending: [], stop: 0, accepted: [] });
      this.betweens.set(state, number);
    }
    return number;
  }

  /** Where the recogniser stands when a character in progress is not continued. */
  private brokenOff(number: number, { state, pending }: Open): number {
    let after = this.brokenOffs.get(number);
    if (after === undefined) this.brokenOffs.set(number, (after = this.feed(state, pending)));
    return after;
  }

  private inStop(value: Open, byte: number): boolean {
    const { matcher } = this.rule;
    return matcher !== null && matcher.step(value.stop, byte) !== 0;
  }

  /** Steps like that of `byte`, by what bytes are in UTF-8 and what the recogniser tells apart. */
  private learnAlike(number: number, value: Open, byte: number, next: number): void {
    const { classes } = this.recogniser;
    const broken = value.pending.length > 0 && isBroken(value.pending);
    const role = roleOf(value.pending, broken, byte);
    if (role >= TOLD_APART && classes === null) return;
    for (let other = 0x80; other < 256; other++) {
      if (other === byte || roleOf(value.pending, broken, other) !== role || this.inStop(value, other)) continue;
      if (role < TOLD_APART || classes![other] === classes![byte]) this.learn(number, other, next);
    }
  }

  protected isAccepting(value: Value): boolean {
    return value === ENDED || (value.state !== DEAD && this.recogniser.accepts(value.state));
  }

  protected bound(value: Value): number {
    if (value === ENDED) return 0;
    const { state, pending } = value;
    const { recogniser } = this;
    let least = this.rescue(value);
    if (state !== DEAD) {
      if (pending.length === 0) least = Math.min(least, recogniser.shortest(state));
      else {
        const whole = read(recogniser, pending, state);
        if (whole !== DEAD) least = Math.min(least, Math.max(1, recogniser.shortest(whole)));
        const broken = read(recogniser, encodeUtf8(decodeUtf8(Uint8Array.from(pending))), state);
        if (broken !== DEAD) least = Math.min(least, 1 + Math.max(0, recogniser.shortest(broken) - REPLACEMENT.length));
      }
    }
    return least;
  }

  protected key(value: Value): string {
    if (value === ENDED) return ENDED;
    const { state, skipped, pending, stop, accepted } = value;
    return `${state},${skipped},${stop},${this.pendingKey(state, pending)},${accepted.map(Number).join("")}`;
  }

  /**
   * Equal for characters in progress after which the same follows whatever is read. There are thousands of beginnings of
   * characters, but few kinds: what the recogniser will have seen when the character is whole, and how many bytes it lacks.
   */
  private pendingKey(state: number, pending: readonly number[]): string {
    if (pending.length === 0 || state === DEAD)
      return `${pending.length > 0 ? lengthOf(pending[0]!) - pending.length : 0}`;
    const lacking = lengthOf(pending[0]!) - pending.length;
    if (isBroken(pending)) return `b${pending.length},${lacking}`;
    if (pending.length === 1 && restrictsSecond.has(pending[0]!)) return `f${pending[0]!}`;
    return `w${read(this.recogniser, pending, state)},${lacking}`;
  }

  /** Whether the text `back` bytes before `value` is accepted. */
  private acceptedBack(value: Open, back: number): boolean {
    return back === 0 ? this.isAccepting(value) : value.accepted[value.accepted.length - back]!;
  }

  /** Fewest bytes that complete a stop string in progress before which the text was accepted. */
  private rescue(value: Open): number {
    const { accepted, stop } = value;
    let least = Infinity;
    for (let back = 1; back <= accepted.length; back++) {
      if (accepted[accepted.length - back]!) least = Math.min(least, this.rule.bytesToLeaveOut(stop, back));
    }
    return least;
  }

  /** Reads a byte into characters. */
  private read({ state, skipped, pending }: Open, byte: number): Pick<Open, "state" | "skipped" | "pending"> {
    const continues = (byte & 0xc0) === 0x80;
    if (skipped >= 0 && skipped < 3 && continues && pending.length === 0)
      return { state, skipped: skipped + 1, pending };
    if (continues && pending.length > 0) {
      const bytes = [...pending, byte];
      if (bytes.length < lengthOf(bytes[0]!)) return { state, skipped: -1, pending: bytes };
      return { state: this.feed(state, bytes), skipped: -1, pending: [] };
    }
    if (pending.length > 0) state = this.feed(state, pending);
    if (byte >= 0xc0) return { state, skipped: -1, pending: [byte] };
    return { state: this.feed(state, [byte]), skipped: -1, pending: [] };
  }

  private feed(state: number, bytes: readonly number[]): number {
    if (state === DEAD) return DEAD;
    if (bytes.length === 1 && bytes[0]! < 0x80) return this.recogniser.step(state, bytes[0]!);
    return read(this.recogniser, encodeUtf8(decodeUtf8(Uint8Array.from(bytes))), state);
  }
}

/** How many bytes a character has that begins so, as `completeLength` counts them. */
const lengthOf = (first: number): number => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2);

/** First bytes after which not every continuation byte is UTF-8. */
const restrictsSecond = new Set([0xe0, 0xed, 0xf0, 0xf4]);

/** Whether no character begins with these bytes: each of them will show as U+FFFD. */
function isBroken(pending: readonly number[]): boolean {
  const [first] = pending as [number, ...number[]];
  if (first < 0xc2 || first > 0xf4) return true;
  return pending.length > 1 && decodeUtf8(Uint8Array.from(pending)).length > 1;
}

/** Roles from here on are of bytes that a recogniser may tell apart. */
const TOLD_APART = 16;

/** What a byte from 0x80 on is after these bytes of a character; bytes of one role are read alike. */
function roleOf(pending: readonly number[], broken: boolean, byte: number): number {
  if (byte >= 0xc0) {
    if (byte < 0xc2 || byte > 0xf4) return lengthOf(byte);
    return restrictsSecond.has(byte) ? byte : TOLD_APART + lengthOf(byte);
  }
  if (pending.length === 0 || broken) return 0;
  return pending.length > 1 || mayBeSecond(pending[0]!, byte) ? TOLD_APART : 1;
}

/** Whether a continuation byte can be the second of a character. */
function mayBeSecond(first: number, second: number): boolean {
  switch (first) {
    case 0xe0:
      return second >= 0xa0;
    case 0xed:
      return second < 0xa0;
    case 0xf0:
      return second >= 0x90;
    case 0xf4:
      return second < 0x90;
    default:
      return true;
  }
}
