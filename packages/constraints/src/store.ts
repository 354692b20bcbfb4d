import { Dfa } from "./automata/dfa.js";
import type { Compiled } from "./constraint.js";

/**
 * Where compiled constraints are kept between runs. Neither function may throw: what cannot be read is null, what cannot be
 * written is not.
 */
export interface AutomatonStore {
  read(key: string): Uint8Array | null;
  write(key: string, bytes: Uint8Array): void;
}

let store: AutomatonStore | null = null;

/** Keeps compiled constraints in a store from now on; null: nowhere. */
export function useAutomatonStore(next: AutomatonStore | null): void {
  store = next;
}

/** Milliseconds of compiling from which on it is worth keeping the result. */
const WORTH = 50;

/** What a constraint of this identity compiles to: from the store where it is there and sound. */
export function throughStore(identity: string, compile: () => Compiled | null): Compiled | null {
  if (store === null) return compile();
  const key = keyOf(identity);
  const kept = store.read(key);
  const found = kept === null ? null : decode(identity, kept);
  if (found !== null) return found;
  const begun = performance.now();
  const compiled = compile();
  if (compiled?.recogniser instanceof Dfa && performance.now() - begun >= WORTH) {
    store.write(key, encode(identity, compiled.recogniser, compiled.decides));
  }
  return compiled;
}

/** Of the layout below, and of what compiling means: another one is another file. */
const VERSION = 1;
const MAGIC = 0x50474c41;
/** Magic, version, length of the identity, decides, width, states. */
const HEADER = 6 * 4;

/** A name for a file, from 128 bits of a hash: what is in it says for which constraint it is. */
function keyOf(identity: string): string {
  const bytes = new TextEncoder().encode(identity);
  return [0x811c9dc5, 0x01234567, 0x89abcdef, 0xdeadbeef]
    .map((seed) => hash(bytes, seed).toString(16).padStart(8, "0"))
    .join("");
}

function encode(identity: string, dfa: Dfa, decides: boolean): Uint8Array {
  const { next, classes, width, size } = dfa;
  const name = new TextEncoder().encode(identity);
  const body = new Uint8Array(HEADER + name.length + 256 + next.length * 4 + size + 4);
  const view = new DataView(body.buffer);
  [MAGIC, VERSION, name.length, decides ? 1 : 0, width, size].forEach((n, i) => view.setUint32(i * 4, n, true));
  let at = HEADER;
  body.set(name, at);
  body.set(classes, (at += name.length));
  at += 256;
  for (const target of next) {
    view.setInt32(at, target, true);
    at += 4;
  }
  for (let s = 0; s < size; s++) body[at++] = dfa.accepts(s) ? 1 : 0;
  view.setUint32(at, hash(body.subarray(0, at), VERSION), true);
  return body;
}

/** Null for anything but what `encode` made of this identity. */
function decode(identity: string, bytes: Uint8Array): Compiled | null {
  if (bytes.length < HEADER + 4) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [magic, version, length, decides, width, size] = [0, 1, 2, 3, 4, 5].map((i) => view.getUint32(i * 4, true)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const edges = width * size;
  if (magic !== MAGIC || version !== VERSION || bytes.length !== HEADER + length + 256 + edges * 4 + size + 4)
    return null;
  if (view.getUint32(bytes.length - 4, true) !== hash(bytes.subarray(0, bytes.length - 4), VERSION)) return null;
  let at = HEADER;
  if (new TextDecoder().decode(bytes.subarray(at, at + length)) !== identity) return null;
  at += length;
  const classes = bytes.slice(at, at + 256);
  at += 256;
  const next = new Int32Array(edges);
  for (let i = 0; i < edges; i++, at += 4) next[i] = view.getInt32(at, true);
  const accepting = bytes.slice(at, at + size);
  // A sum that happens to be right does not make a table that is.
  if (classes.some((c) => c >= width) || next.some((target) => target < -1 || target >= size)) return null;
  return { recogniser: new Dfa(next, classes, width, accepting), decides: decides === 1 };
}

/** FNV-1a, with a last mixing (MurmurHash3): for names and to find damage, not against forgery. */
function hash(bytes: Uint8Array, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193);
  h ^= bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
