import { encodeUtf8 } from "./utf8.js";

/**
 * Finds the first of several strings in a stream of bytes (Aho and Corasick 1975). The state is a number, so that
 * particles copy it for nothing. Of strings that are complete at the same byte the longest counts.
 */
export class StopMatcher {
  private readonly next: Int32Array;
  /** By state: which string is complete, or -1. */
  private readonly complete: Int32Array;
  readonly lengths: readonly number[];
  /** By state, the last bytes, as far as they begin a string. */
  private readonly texts: Uint8Array[] = [new Uint8Array(0)];

  constructor(strings: readonly string[]) {
    const patterns = strings.map(encodeUtf8);
    this.lengths = patterns.map((p) => p.length);
    const states = 1 + patterns.reduce((n, p) => n + p.length, 0);
    this.next = new Int32Array(states * 256).fill(-1);
    this.complete = new Int32Array(states).fill(-1);
    let count = 1;
    patterns.forEach((pattern, which) => {
      let state = 0;
      for (const byte of pattern) {
        const slot = state * 256 + byte;
        if (this.next[slot] === -1) {
          this.texts[count] = Uint8Array.of(...this.texts[state]!, byte);
          this.next[slot] = count++;
        }
        state = this.next[slot]!;
      }
      if (this.complete[state] === -1) this.complete[state] = which;
    });
    // Breadth first, so that a state's failure is settled before its children are reached.
    const failure = new Int32Array(states);
    const queue: number[] = [0];
    for (let head = 0; head < queue.length; head++) {
      const state = queue[head]!;
      if (this.complete[state] === -1 && state !== 0) this.complete[state] = this.complete[failure[state]!]!;
      for (let byte = 0; byte < 256; byte++) {
        const slot = state * 256 + byte;
        const fallback = state === 0 ? 0 : this.next[failure[state]! * 256 + byte]!;
        const target = this.next[slot]!;
        if (target === -1) this.next[slot] = fallback;
        else {
          failure[target] = fallback;
          queue.push(target);
        }
      }
    }
  }

  /** The state after `byte`. */
  step(state: number, byte: number): number {
    return this.next[state * 256 + byte]!;
  }

  /** How many of the last bytes are the beginning of a string, at most. */
  depth(state: number): number {
    return this.texts[state]!.length;
  }

  /** Whether the last bytes are the first `count` of `bytes`; `count` is at most the depth. */
  endsWith(state: number, bytes: Uint8Array, count: number): boolean {
    const text = this.texts[state]!;
    const from = text.length - count;
    for (let i = 0; i < count; i++) if (text[from + i] !== bytes[i]) return false;
    return true;
  }

  /** Which string has just been completed, or -1. */
  found(state: number): number {
    return this.complete[state]!;
  }
}
