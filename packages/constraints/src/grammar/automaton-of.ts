import { DEAD, type Recogniser } from "../recogniser.js";
import type { ByteAutomaton } from "./network.js";

export type SizedAutomaton = ByteAutomaton & { readonly size: number };

/** The whole of a recogniser as an automaton; null when it has more than `most` states. */
export function automatonOf(recogniser: Recogniser, most: number): SizedAutomaton | null {
  if (recogniser.start === DEAD) return { start: 0, size: 1, accepts: () => false, edges: () => [] };
  const { classes } = recogniser;
  const numbers = new Map<number, number>([[recogniser.start, 0]]);
  const states = [recogniser.start];
  const edges: number[][] = [];
  for (let i = 0; i < states.length; i++) {
    const own: number[] = [];
    const byClass = new Map<number, number>();
    for (let byte = 0; byte < 256; byte++) {
      const c = classes === null ? byte : classes[byte]!;
      let to = byClass.get(c);
      if (to === undefined) {
        const state = recogniser.step(states[i]!, byte);
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
      if (n > 0 && own[n - 1] === to && own[n - 2] === byte - 1) own[n - 2] = byte;
      else own.push(byte, byte, to);
    }
    edges.push(own);
  }
  const accepts = states.map((state) => recogniser.accepts(state));
  return { start: 0, size: states.length, accepts: (s) => accepts[s]!, edges: (s) => edges[s]! };
}
