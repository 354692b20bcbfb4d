import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Recogniser } from "../../src/recogniser.js";
import { DEAD } from "../../src/recogniser.js";

/** A validator that this package has no part in. */
export function validator(schema: unknown): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, multipleOfPrecision: 9 });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  return ajv.compile(schema as object);
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A text of the recogniser by a random walk over the bytes it allows; the longer the text, the more often the byte that leads
 * to the nearest end. Checks on the way that what is said of shortest ends is true.
 */
export function walk(recogniser: Recogniser, random: () => number, patience = 40): string {
  const bytes: number[] = [];
  let state = recogniser.start;
  for (;;) {
    const needed = recogniser.shortest(state);
    if (recogniser.accepts(state) !== (needed === 0)) throw new Error("accepts and shortest disagree");
    const allowed: number[] = [];
    let nearest = -1;
    let least = Infinity;
    for (let byte = 0; byte < 256; byte++) {
      const next = recogniser.step(state, byte);
      if (next === DEAD) continue;
      allowed.push(byte);
      if (recogniser.shortest(next) < least) {
        least = recogniser.shortest(next);
        nearest = byte;
      }
    }
    if (needed > 0 && least !== needed - 1)
      throw new Error(`${needed} bytes are needed, and ${least} after the best next`);
    if (needed === 0 && (allowed.length === 0 || random() < 0.3)) break;
    const hurry = bytes.length > patience ? 0.9 : 0.35;
    const byte = random() < hurry ? nearest : allowed[Math.floor(random() * allowed.length)]!;
    bytes.push(byte);
    state = recogniser.step(state, byte);
    if (bytes.length > 100_000) throw new Error("the walk does not end");
  }
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
}
