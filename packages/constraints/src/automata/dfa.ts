import { DEAD, type Recogniser } from "../recogniser.js";
import { equalStates } from "./minimal.js";

/** States up to which an automaton is made whole: then what is impossible is known exactly. */
const WHOLE = 20_000;

/**
 * A finite automaton in full: every state reaches acceptance, none equals another, and the shortest way out of each is
 * known. State 0 is the start, unless nothing is accepted.
 */
export class Dfa implements Recogniser {
  readonly exact = true;
  readonly start: number;
  private readonly distance: Int32Array;

  constructor(
    /** By state and class, the next state or `DEAD`. */
    readonly next: Int32Array,
    readonly classes: Uint8Array,
    /** How many classes there are. */
    readonly width: number,
    accepting: Uint8Array,
  ) {
    this.start = accepting.length === 0 ? DEAD : 0;
    this.distance = distances(next, width, accepting);
  }

  get size(): number {
    return this.distance.length;
  }

  step(state: number, byte: number): number {
    return this.next[state * this.width + this.classes[byte]!]!;
  }

  accepts(state: number): boolean {
    return this.distance[state] === 0;
  }

  shortest(state: number): number {
    return this.distance[state]!;
  }
}

/**
 * The same recogniser as a minimal finite automaton, if it has no more than `most` states and its steps are not dear;
 * otherwise itself, which goes on making states as they are met.
 */
export function whole(recogniser: Recogniser, most: number = WHOLE): Recogniser {
  if (recogniser instanceof Dfa || recogniser.costly === true) return recogniser;
  return explore(recogniser, most) ?? recogniser;
}

/** The minimal finite automaton of a recogniser; null when more than `most` states are met. */
export function explore(recogniser: Recogniser, most: number): Dfa | null {
  const classes = recogniser.classes ?? eachByte;
  const width = Math.max(...classes) + 1;
  const representative = new Int32Array(width);
  for (let byte = 255; byte >= 0; byte--) representative[classes[byte]!] = byte;
  const numbers = new Map<number, number>();
  const states: number[] = [];
  const number = (state: number): number => {
    if (state === DEAD) return DEAD;
    let n = numbers.get(state);
    if (n === undefined) {
      numbers.set(state, (n = states.length));
      states.push(state);
    }
    return n;
  };
  number(recogniser.start);
  const rows: Int32Array[] = [];
  for (let at = 0; at < states.length; at++) {
    if (states.length > most) return null;
    const row = new Int32Array(width);
    for (let c = 0; c < width; c++) row[c] = number(recogniser.step(states[at]!, representative[c]!));
    rows.push(row);
  }
  const next = new Int32Array(rows.length * width);
  rows.forEach((row, i) => next.set(row, i * width));
  return minimal(
    next,
    classes,
    width,
    Uint8Array.from(states, (s) => (recogniser.accepts(s) ? 1 : 0)),
  );
}

const eachByte = Uint8Array.from({ length: 256 }, (_, i) => i);

/** Fewest steps from each state to an accepting one, -1 for none. */
function distances(next: Int32Array, width: number, accepting: Uint8Array): Int32Array {
  const n = accepting.length;
  // Predecessors of each state, as linked lists in two arrays.
  const head = new Int32Array(n).fill(-1);
  const link = new Int32Array(next.length).fill(-1);
  for (let edge = 0; edge < next.length; edge++) {
    const target = next[edge]!;
    if (target === DEAD) continue;
    link[edge] = head[target]!;
    head[target] = edge;
  }
  const distance = new Int32Array(n).fill(-1);
  const queue: number[] = [];
  for (let s = 0; s < n; s++) {
    if (accepting[s] !== 1) continue;
    distance[s] = 0;
    queue.push(s);
  }
  for (let at = 0; at < queue.length; at++) {
    const s = queue[at]!;
    for (let edge = head[s]!; edge >= 0; edge = link[edge]!) {
      const from = Math.floor(edge / width);
      if (distance[from] !== -1) continue;
      distance[from] = distance[s]! + 1;
      queue.push(from);
    }
  }
  return distance;
}

/** Drops what reaches no acceptance, then merges states that no text tells apart. The start is the first state. */
function minimal(next: Int32Array, classes: Uint8Array, width: number, accepting: Uint8Array): Dfa {
  const distance = distances(next, width, accepting);
  if (accepting.length === 0 || distance[0] === -1) {
    return new Dfa(new Int32Array(0), classes, width, new Uint8Array(0));
  }
  const kept: number[] = [];
  const renamed = new Int32Array(accepting.length).fill(DEAD);
  for (let s = 0; s < accepting.length; s++) if (distance[s] !== -1) renamed[s] = kept.push(s) - 1;
  const trimmed = new Int32Array(kept.length * width);
  kept.forEach((s, i) => {
    for (let c = 0; c < width; c++) {
      const target = next[s * width + c]!;
      trimmed[i * width + c] = target === DEAD ? DEAD : renamed[target]!;
    }
  });
  const accept = Uint8Array.from(kept, (s) => accepting[s]!);
  const { classOf, count } = equalStates(trimmed, width, accept);
  // Classes are numbered anew in the order of their first states, so that the start's is 0.
  const number = new Int32Array(count).fill(-1);
  const firsts: number[] = [];
  for (let s = 0; s < kept.length; s++) if (number[classOf[s]!] === -1) number[classOf[s]!] = firsts.push(s) - 1;
  const merged = new Int32Array(count * width);
  firsts.forEach((s, i) => {
    for (let c = 0; c < width; c++) {
      const target = trimmed[s * width + c]!;
      merged[i * width + c] = target === DEAD ? DEAD : number[classOf[target]!]!;
    }
  });
  return withFewerClasses(
    merged,
    classes,
    width,
    Uint8Array.from(firsts, (s) => accept[s]!),
  );
}

/** Merges byte classes that no state tells apart. */
function withFewerClasses(next: Int32Array, classes: Uint8Array, width: number, accepting: Uint8Array): Dfa {
  const n = accepting.length;
  const columns = new RowMap(width);
  const column = new Int32Array(n);
  const renamed = new Int32Array(width);
  const kept: number[] = [];
  for (let c = 0; c < width; c++) {
    for (let s = 0; s < n; s++) column[s] = next[s * width + c]!;
    const found = columns.get(column, kept.length);
    if (found === kept.length) kept.push(c);
    renamed[c] = found;
  }
  const narrow = new Int32Array(n * kept.length);
  for (let s = 0; s < n; s++) kept.forEach((c, k) => (narrow[s * kept.length + k] = next[s * width + c]!));
  return new Dfa(
    narrow,
    classes.map((c) => renamed[c]!),
    kept.length,
    accepting,
  );
}

/** Numbers rows of equal length: equal rows have equal numbers. */
class RowMap {
  private readonly buckets: Int32Array;
  private readonly rows: Int32Array[] = [];
  private readonly chain: number[] = [];
  private readonly values: number[] = [];

  constructor(expected: number) {
    this.buckets = new Int32Array(1 << Math.ceil(Math.log2(2 * expected + 2))).fill(-1);
  }

  /** The number of an equal row put before; else `fresh`, under which it is kept. */
  get(row: Int32Array, fresh: number): number {
    let hash = 0x811c9dc5;
    for (let i = 0; i < row.length; i++) hash = Math.imul(hash ^ row[i]!, 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (this.buckets.length - 1);
    for (let e = this.buckets[slot]!; e >= 0; e = this.chain[e]!) if (equal(this.rows[e]!, row)) return this.values[e]!;
    this.chain.push(this.buckets[slot]!);
    this.buckets[slot] = this.rows.length;
    this.rows.push(row.slice());
    this.values.push(fresh);
    return fresh;
  }
}

function equal(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
