import { DEAD } from "@pgl/constraints";
import type { SpanAutomaton } from "./span-automaton.js";

/** Bytes that may follow a state freely. */
export interface FreeBytes {
  /** A bit for each byte, in eight words. */
  readonly set: Uint32Array;
  /** Every string over the set, of so many bytes at most, has an accepted continuation. */
  readonly length: number;
  /** All states that such strings lead to, the first one included. */
  readonly states: readonly number[];
}

/** Bytes below which a set is not worth looking for. */
const FEW = 16;
/** A length with which a set is good enough, and what is looked at for it at most. */
const GOOD = 8;
const LONGEST = 32;
const MOST_STATES = 256;

/**
 * A large set of bytes that may follow freely for a while, as those of letters do inside a string: tokens made of such bytes
 * need not be read. Null when there is none.
 */
export function freeBytes(span: SpanAutomaton, state: number): FreeBytes | null {
  let best: FreeBytes | null = null;
  for (const bytes of candidates(span, state)) {
    if (bytes.length < FEW) continue;
    const { length, states } = reach(span, state, bytes);
    if (length < 2 || (best !== null && length <= best.length)) continue;
    const set = new Uint32Array(8);
    for (const byte of bytes) set[byte >> 5]! |= 1 << (byte & 31);
    best = { set, length, states };
    if (length >= GOOD) break;
  }
  return best;
}

/** All bytes that are possible; those that lead to the same state, with or without parts of characters. */
function candidates(span: SpanAutomaton, state: number): readonly (readonly number[])[] {
  const alive: number[] = [];
  const byNext = new Map<number, number[]>();
  for (let byte = 0; byte < 256; byte++) {
    const next = span.step(state, byte);
    if (next === DEAD) continue;
    alive.push(byte);
    const same = byNext.get(next);
    if (same === undefined) byNext.set(next, [byte]);
    else same.push(byte);
  }
  let most: readonly number[] = [];
  for (const same of byNext.values()) if (same.length > most.length) most = same;
  const withParts = new Set([...most, ...alive.filter((byte) => byte >= 0x80)]);
  return [alive, [...withParts], most];
}

/** How long strings over `bytes` may become before one of them is impossible, and where they lead. */
function reach(span: SpanAutomaton, state: number, bytes: readonly number[]): { length: number; states: number[] } {
  const states = [state];
  const seen = new Set(states);
  let from = 0;
  for (let length = 0; length < LONGEST; length++) {
    const to = states.length;
    if (from === to) return { length: Infinity, states };
    for (let at = from; at < to; at++) {
      for (const byte of bytes) {
        const next = span.step(states[at]!, byte);
        if (next === DEAD || seen.size > MOST_STATES) return { length, states };
        if (seen.has(next)) continue;
        seen.add(next);
        states.push(next);
      }
    }
    from = to;
  }
  return { length: LONGEST, states };
}
