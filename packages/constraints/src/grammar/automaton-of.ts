import { DEAD, type Recogniser } from "../recogniser.js";
import type { ByteAutomaton } from "./network.js";

export type SizedAutomaton = ByteAutomaton & { readonly size: number };

/** The whole of a recogniser as an automaton; null when it has more than `most` states. */
export function automatonOf(recogniser: Recogniser, most: number): SizedAutomaton | null {
  if (recogniser.start === DEAD) return { start: 0, size: 1, accepts: () => false, edges: () => [] };
  const runs = runsOf(recogniser.classes);
  const numbers = new Map<number, number>([[recogniser.start, 0]]);
  const states = [recogniser.start];
  const edges: number[][] = [];
  for (let i = 0; i < states.length; i++) {
    const own: number[] = [];
    const byClass = new Map<number, number>();
    for (const [low, high, c] of runs) {
      let to = byClass.get(c);
      if (to === undefined) {
        const state = recogniser.step(states[i]!, low);
        to = state === DEAD ? DEAD : numbers.get(state);
        if (to === undefined) {
          to = states.length;
          if (to >= most) return null;
          numbers.set(state, to);
          states.push(state);
        }
        byClass.set(c, to);
      }
      if (to === DEAD) continue;
      const n = own.length;
      if (n > 0 && own[n - 1] === to && own[n - 2] === low - 1) own[n - 2] = high;
      else own.push(low, high, to);
    }
    edges.push(own);
  }
  const accepts = states.map((state) => recogniser.accepts(state));
  return { start: 0, size: states.length, accepts: (s) => accepts[s]!, edges: (s) => edges[s]! };
}

/** Ranges of bytes that are of one class each. */
function runsOf(classes: Uint8Array | null): (readonly [low: number, high: number, class_: number])[] {
  const runs: [number, number, number][] = [];
  for (let byte = 0; byte < 256; byte++) {
    const c = classes === null ? byte : classes[byte]!;
    const last = runs[runs.length - 1];
    if (last !== undefined && last[2] === c) last[1] = byte;
    else runs.push([byte, byte, c]);
  }
  return runs;
}
