import type { Network } from "../grammar/network.js";
import { prepare } from "../grammar/prepare.js";
import { NetworkRecogniser } from "../grammar/recogniser.js";
import { DEAD } from "../recogniser.js";
import { SchemaError } from "./error.js";
import { canonical, type Json } from "./json.js";

/** Values that `uniqueItems` can keep apart. */
export const MOST_VALUES = 12;
/** Beginnings of texts looked at before a set of values counts as infinite. */
const MOST_BEGINNINGS = 20_000;

export interface WrittenValue {
  readonly value: Json;
  /** Equal for equal values. */
  readonly key: string;
}

export function tooManyValues(pointer: string): SchemaError {
  return new SchemaError(
    "PGLC032",
    `\`uniqueItems\` needs items of at most ${MOST_VALUES} different values: which of them were used is remembered.`,
    pointer,
    { hint: "Give the items an `enum`, or leave `uniqueItems` away." },
  );
}

/** All values whose documents a network describes. @throws SchemaError PGLC032 when there are more than `MOST_VALUES`. */
export function finiteValues(network: Network, pointer: string): WrittenValue[] {
  const recogniser = new NetworkRecogniser(prepare(network));
  const values = new Map<string, WrittenValue>();
  const queue: { state: number; bytes: number[] }[] = [];
  if (recogniser.start !== DEAD) queue.push({ state: recogniser.start, bytes: [] });
  for (let at = 0; at < queue.length; at++) {
    const { state, bytes } = queue[at]!;
    if (recogniser.accepts(state)) {
      const value = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes))) as Json;
      values.set(canonical(value), { value, key: canonical(value) });
    }
    if (values.size > MOST_VALUES || queue.length > MOST_BEGINNINGS) throw tooManyValues(pointer);
    for (let byte = 0; byte < 256; byte++) {
      const next = recogniser.step(state, byte);
      if (next !== DEAD) queue.push({ state: next, bytes: [...bytes, byte] });
    }
  }
  return [...values.values()];
}
