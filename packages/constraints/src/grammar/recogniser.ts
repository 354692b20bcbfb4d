import { ConstraintError } from "../errors.js";
import { DEAD, type Recogniser } from "../recogniser.js";
import type { Prepared } from "./prepare.js";

const UNKNOWN = -2;
/** The return of the outermost rule: the end of the text. */
const BOTTOM = 0;

/**
 * Recognises a context-free language byte by byte: Earley's algorithm on a recursive transition network. A state is the
 * set of all places where recognition can be: pairs of a place in a rule and what to return to when the rule ends. What to
 * return to is itself such a set, so the stack is a graph that all ways through the text share, and equal sets are one
 * object whatever text led to them. Hence states are numbers that can be compared and cached, and stepping back or forking
 * costs nothing. A call in last place returns to the caller's caller at once: right recursion needs no stack (Leo 1991 by
 * tail calls), and left recursion has become loops in `prepare`. Ambiguity costs what it costs Earley's algorithm, cubic
 * in the worst case.
 *
 * Only states from which the text can be finished exist.
 */
export class NetworkRecogniser implements Recogniser {
  readonly start: number;
  readonly exact = true;
  readonly classes = new Uint8Array(256);
  private readonly width: number;

  // States: their items (place, return) in order, whether the text may end here, least number of bytes to an end.
  private readonly items: Int32Array[] = [];
  private readonly ends: boolean[] = [];
  private readonly least: number[] = [];
  private readonly expanded: (Int32Array | undefined)[] = [];
  private readonly known = new Map<string | number, number>();
  /** Steps that are known, by state and class of bytes, from `rowOf[state]` on. */
  private rows = new Int32Array(1024);
  private rowsUsed = 0;
  private readonly rowOf: number[] = [];

  // Returns.
  private readonly returns: Int32Array[] = [new Int32Array(0)];
  private readonly returnEnds: boolean[] = [true];
  private readonly returnLeast: number[] = [0];
  private readonly knownReturns = new Map<string, number>();

  private readonly size: number;
  private readonly tail: Uint8Array;

  /** @param limit States at most; more is an error. */
  constructor(
    private readonly prepared: Prepared,
    private readonly limit = 1_000_000,
  ) {
    const { bytes, calls, accepts, nullable, root, starts } = prepared;
    this.size = Math.max(1, accepts.length);
    this.tail = accepts.map((accept, s) => (accept === 1 && bytes[s]!.length === 0 && calls[s]!.length === 0 ? 1 : 0));
    const cuts = new Uint8Array(257);
    for (const edges of bytes) {
      for (let e = 0; e < edges.length; e += 3) {
        cuts[edges[e]!] = 1;
        cuts[edges[e + 1]! + 1] = 1;
      }
    }
    let count = 0;
    for (let byte = 0; byte < 256; byte++) {
      if (byte > 0 && cuts[byte] === 1) count++;
      this.classes[byte] = count;
    }
    this.width = count + 1;
    this.start = root < 0 && !nullable ? DEAD : this.intern(root < 0 ? [] : [starts[root]!, BOTTOM], nullable);
  }

  /** How many states have been made so far. */
  get states(): number {
    return this.items.length;
  }

  /**
   * The state after one more byte, or `DEAD`.
   * @throws ConstraintError PGLC021 when the states have become too many.
   */
  step(state: number, byte: number): number {
    let row = this.rowOf[state]!;
    if (row < 0) row = this.newRow(state);
    const slot = row + this.classes[byte]!;
    const to = this.rows[slot]!;
    if (to !== UNKNOWN) return to;
    const fresh = this.compute(state, byte);
    this.rows[slot] = fresh;
    return fresh;
  }

  accepts(state: number): boolean {
    return this.ends[state]!;
  }

  shortest(state: number): number {
    return this.least[state]!;
  }

  private newRow(state: number): number {
    const row = this.rowsUsed;
    this.rowsUsed += this.width;
    if (this.rowsUsed > this.rows.length) {
      const rows = new Int32Array(Math.max(this.rows.length * 2, this.rowsUsed));
      rows.set(this.rows);
      this.rows = rows;
    }
    this.rows.fill(UNKNOWN, row, this.rowsUsed);
    this.rowOf[state] = row;
    return row;
  }

  private compute(state: number, byte: number): number {
    const items = (this.expanded[state] ??= this.expand(state));
    const targets: number[] = [];
    for (let i = 0; i < items.length; i += 2) {
      const edges = this.prepared.bytes[items[i]!]!;
      for (let e = 0; e < edges.length; e += 3) {
        if (edges[e]! <= byte && byte <= edges[e + 1]!) targets.push(edges[e + 2]!, items[i + 1]!);
      }
    }
    if (targets.length === 0) return DEAD;
    // Most often there is one item, in the middle of a rule.
    if (targets.length === 2 && this.prepared.accepts[targets[0]!] === 0) return this.intern(targets, false);
    return this.complete(targets);
  }

  /** Adds what the items return to where their rules may end. */
  private complete(found: number[]): number {
    const { accepts } = this.prepared;
    const seen = new Set<number>();
    const returned = new Set<number>();
    const kept: number[] = [];
    let end = false;
    for (let i = 0; i < found.length; i += 2) {
      const place = found[i]!;
      const back = found[i + 1]!;
      const key = back * this.size + place;
      if (seen.has(key)) continue;
      seen.add(key);
      if (this.tail[place] === 0) kept.push(place, back);
      if (accepts[place] === 0 || returned.has(back)) continue;
      returned.add(back);
      if (this.returnEnds[back]!) end = true;
      for (const x of this.returns[back]!) found.push(x);
    }
    return this.intern(kept, end);
  }

  /** The items of a state and of all rules they call. */
  private expand(state: number): Int32Array {
    const { calls, starts } = this.prepared;
    const own = this.items[state]!;
    // Rules call only later ones at their start: one pass in order meets every caller before the rule it calls.
    const waiting = new Map<number, number[]>();
    const ranks: number[] = [];
    const call = (place: number, back: number): void => {
      const edges = calls[place]!;
      for (let e = 0; e < edges.length; e += 2) {
        const rule = edges[e]!;
        let list = waiting.get(rule);
        if (list === undefined) {
          waiting.set(rule, (list = []));
          let i = ranks.length;
          while (i > 0 && ranks[i - 1]! < rule) i--;
          ranks.splice(i, 0, rule);
        }
        list.push(edges[e + 1]!, back);
      }
    };
    for (let i = 0; i < own.length; i += 2) call(own[i]!, own[i + 1]!);
    if (ranks.length === 0) return own;
    const all = [...own];
    while (ranks.length > 0) {
      const rule = ranks.pop()!;
      const back = this.internReturn(waiting.get(rule)!);
      const start = starts[rule]!;
      all.push(start, back);
      call(start, back);
    }
    return Int32Array.from(all);
  }

  private internReturn(found: readonly number[]): number {
    const pairs: number[] = [];
    let end = false;
    for (let i = 0; i < found.length; i += 2) {
      if (this.tail[found[i]!] === 0) pairs.push(found[i]!, found[i + 1]!);
      else {
        // Nothing is left to do there: return to where it would return.
        const back = found[i + 1]!;
        if (this.returnEnds[back]!) end = true;
        for (const x of this.returns[back]!) pairs.push(x);
      }
    }
    const items = this.inOrder(pairs);
    if (items.length === 0) return BOTTOM;
    const key = `${end ? 1 : 0},${items.join(",")}`;
    let id = this.knownReturns.get(key);
    if (id === undefined) {
      id = this.returns.length;
      this.knownReturns.set(key, id);
      this.returns.push(items);
      this.returnEnds.push(end);
      this.returnLeast.push(this.leastOf(items, end));
    }
    return id;
  }

  private intern(pairs: readonly number[], end: boolean): number {
    const items = pairs.length === 2 ? pairs : this.inOrder(pairs);
    const single = items.length === 2 && !end;
    const key = single ? items[1]! * this.size + items[0]! : `${end ? 1 : 0},${items.join(",")}`;
    let id = this.known.get(key);
    if (id === undefined) {
      id = this.items.length;
      if (id >= this.limit) this.tooMany();
      const own = Int32Array.from(items);
      this.known.set(key, id);
      this.items.push(own);
      this.ends.push(end);
      this.least.push(this.leastOf(own, end));
      this.expanded.push(undefined);
      this.rowOf.push(-1);
    }
    return id;
  }

  private leastOf(items: Int32Array, end: boolean): number {
    let least = end ? 0 : Infinity;
    for (let i = 0; i < items.length; i += 2) {
      least = Math.min(least, this.prepared.least[items[i]!]! + this.returnLeast[items[i + 1]!]!);
    }
    return least;
  }

  private inOrder(pairs: readonly number[]): Int32Array {
    if (pairs.length <= 2) return Int32Array.from(pairs);
    const keys = new Set<number>();
    for (let i = 0; i < pairs.length; i += 2) keys.add(pairs[i + 1]! * this.size + pairs[i]!);
    const sorted = Float64Array.from(keys).sort();
    const items = new Int32Array(2 * sorted.length);
    for (let i = 0; i < sorted.length; i++) {
      const back = Math.floor(sorted[i]! / this.size);
      items[2 * i] = sorted[i]! - back * this.size;
      items[2 * i + 1] = back;
    }
    return items;
  }

  private tooMany(): never {
    const { starts, names } = this.prepared;
    const counts = new Map<string, number>();
    for (const items of this.items) {
      for (let i = 0; i < items.length; i += 2) {
        let rule = 0;
        for (let low = 0, high = starts.length - 1; low <= high;) {
          const middle = (low + high) >> 1;
          // Rules are laid out in the order of their numbers.
          if (starts[middle]! <= items[i]!) {
            rule = middle;
            low = middle + 1;
          } else high = middle - 1;
        }
        counts.set(names[rule]!, (counts.get(names[rule]!) ?? 0) + 1);
      }
    }
    const [most] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ["?"];
    throw new ConstraintError(
      "PGLC021",
      `Recognition has come through ${this.limit} different states; most of them are in ${most}.`,
      { hint: "Make that part less ambiguous, or bound its lengths by smaller numbers." },
    );
  }
}
