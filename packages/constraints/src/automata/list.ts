import { DEAD, type Recogniser } from "../recogniser.js";
import { explore } from "./dfa.js";

/** Accepts the given texts and no others. */
export function listRecogniser(texts: readonly string[]): Recogniser {
  const next: Map<number, number>[] = [new Map()];
  const ends = new Set<number>();
  const encoder = new TextEncoder();
  for (const text of texts) {
    // A lone surrogate has no UTF-8: no text is ever equal to one that has it.
    if (!isWellFormed(text)) continue;
    let node = 0;
    for (const byte of encoder.encode(text)) {
      let child = next[node]!.get(byte);
      if (child === undefined) next[node]!.set(byte, (child = next.push(new Map()) - 1));
      node = child;
    }
    ends.add(node);
  }
  const used = new Set(next.flatMap((m) => [...m.keys()]));
  const classes = new Uint8Array(256);
  [...used].forEach((byte, i) => (classes[byte] = Math.min(i + 1, 255)));
  const tree: Recogniser = {
    start: 0,
    step: (state, byte) => next[state]!.get(byte) ?? DEAD,
    accepts: (state) => ends.has(state),
    shortest: (state) => (ends.has(state) ? 0 : 1),
    exact: false,
    // Of 256 bytes 13 are in no UTF-8, so the classes are never short of a number.
    classes,
  };
  return explore(tree, Infinity)!;
}

function isWellFormed(text: string): boolean {
  for (const character of text) {
    const value = character.codePointAt(0)!;
    if (value >= 0xd800 && value <= 0xdfff) return false;
  }
  return true;
}
