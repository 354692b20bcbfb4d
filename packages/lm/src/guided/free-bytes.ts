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
const GOOD = 12;
const LONGEST = 32;
const MOST_STATES = 256;
/** Bytes with ways of their own, which are left out where there are too many ways. */
const OWN_WAYS = 2;

/**
 * A large set of bytes that may follow freely for a while, as those of letters do inside a string: tokens made of such bytes
 * need not be read. Null when none is found. All that is possible next is tried; as long as something of that soon leads to
 * where not all of the rest is possible, as the end of a string does, it is left out.
 */
export function freeBytes(span: SpanAutomaton, state: number): FreeBytes | null {
  const groups = new Map<number, number[]>();
  for (let byte = 0; byte < 256; byte++) {
    const next = span.step(state, byte);
    if (next === DEAD) continue;
    const group = groups.get(next);
    if (group === undefined) groups.set(next, [byte]);
    else group.push(byte);
  }
  let best: FreeBytes | null = null;
  let bestWorth = 0;
  for (;;) {
    const bytes = [...groups.values()].flat();
    if (bytes.length < FEW) return best;
    const { length, states, culprit } = reach(span, state, bytes);
    const worth = bytes.length * Math.min(length, GOOD);
    if (length > 1 && worth > bestWorth) {
      best = { set: bits(bytes), length, states };
      bestWorth = worth;
    }
    if (length >= GOOD || groups.size === 1) return best;
    if (culprit !== DEAD) {
      if (groups.get(culprit)!.length > bytes.length / 2) return best;
      groups.delete(culprit);
    } else {
      const small = [...groups].filter(([, group]) => group.length <= OWN_WAYS);
      if (small.length === 0) return best;
      for (const [next] of small) groups.delete(next);
    }
  }
}

function bits(bytes: readonly number[]): Uint32Array {
  const set = new Uint32Array(8);
  for (const byte of bytes) set[byte >> 5]! |= 1 << (byte & 31);
  return set;
}

interface Reach {
  /** How long strings may become before one of them is impossible, as far as was looked. */
  readonly length: number;
  /** Where they lead. */
  readonly states: number[];
  /** The state after the first byte of one that is impossible; `DEAD` when none was met. */
  readonly culprit: number;
}

function reach(span: SpanAutomaton, state: number, bytes: readonly number[]): Reach {
  const states = [state];
  /** By place in `states`, the state after the first byte that led there. */
  const firsts = [DEAD];
  const seen = new Set(states);
  let from = 0;
  for (let length = 0; length < LONGEST; length++) {
    const to = states.length;
    if (from === to) return { length: Infinity, states, culprit: DEAD };
    for (let at = from; at < to; at++) {
      let last = DEAD;
      for (const byte of bytes) {
        const next = span.step(states[at]!, byte);
        if (next === DEAD) return { length, states, culprit: firsts[at]! };
        if (next === last || seen.has(next)) continue;
        if (seen.size > MOST_STATES) return { length, states, culprit: DEAD };
        seen.add((last = next));
        states.push(next);
        firsts.push(length === 0 ? next : firsts[at]!);
      }
    }
    from = to;
  }
  return { length: LONGEST, states, culprit: DEAD };
}
