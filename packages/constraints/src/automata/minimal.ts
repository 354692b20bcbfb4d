/** A partition of 0 … n−1 that is refined by marking elements and splitting the sets that have some marked and some not. */
class Partition {
  count: number;
  /** The elements, set by set. */
  readonly elements: Int32Array;
  private readonly place: Int32Array;
  /** By element, its set. */
  readonly set: Int32Array;
  /** By set, where it begins in `elements`, and where it ends. */
  readonly first: Int32Array;
  readonly past: Int32Array;
  private readonly marked: Int32Array;
  private readonly touched: number[] = [];

  constructor(n: number) {
    this.count = n > 0 ? 1 : 0;
    this.elements = Int32Array.from({ length: n }, (_, i) => i);
    this.place = this.elements.slice();
    this.set = new Int32Array(n);
    this.first = new Int32Array(n);
    this.past = new Int32Array(n);
    this.marked = new Int32Array(n);
    if (n > 0) this.past[0] = n;
  }

  mark(e: number): void {
    const s = this.set[e]!;
    const from = this.place[e]!;
    const to = this.first[s]! + this.marked[s]!;
    if (from < to) return;
    this.elements[from] = this.elements[to]!;
    this.place[this.elements[from]!] = from;
    this.elements[to] = e;
    this.place[e] = to;
    if (this.marked[s]!++ === 0) this.touched.push(s);
  }

  /** The smaller half of each set touched becomes a set of its own. */
  split(): void {
    while (this.touched.length > 0) {
      const s = this.touched.pop()!;
      const middle = this.first[s]! + this.marked[s]!;
      if (middle === this.past[s]!) {
        this.marked[s] = 0;
        continue;
      }
      const fresh = this.count++;
      if (this.marked[s]! <= this.past[s]! - middle) {
        this.first[fresh] = this.first[s]!;
        this.past[fresh] = this.first[s] = middle;
      } else {
        this.past[fresh] = this.past[s]!;
        this.first[fresh] = this.past[s] = middle;
      }
      for (let i = this.first[fresh]!; i < this.past[fresh]!; i++) this.set[this.elements[i]!] = fresh;
      this.marked[s] = this.marked[fresh] = 0;
    }
  }
}

/**
 * The coarsest partition of states into ones that no text tells apart, in O(m log n) (Valmari and Lehtinen 2008).
 * Transitions are partial: -1 is none. All states must be able to accept.
 *
 * @returns by state, the number of its class, and how many there are.
 */
export function equalStates(
  next: Int32Array,
  width: number,
  accepting: Uint8Array,
): { readonly classOf: Int32Array; readonly count: number } {
  const n = accepting.length;
  const edges: number[] = [];
  for (let letter = 0; letter < width; letter++) {
    for (let s = 0; s < n; s++) if (next[s * width + letter]! >= 0) edges.push(s * width + letter);
  }
  const blocks = new Partition(n);
  for (let s = 0; s < n; s++) if (accepting[s] === 1) blocks.mark(s);
  blocks.split();

  // Edges, first one set a letter.
  const cords = new Partition(edges.length);
  for (let i = 0; i < edges.length;) {
    const letter = edges[i]! % width;
    for (; i < edges.length && edges[i]! % width === letter; i++) cords.mark(i);
    cords.split();
  }

  const intoStart = new Int32Array(n + 1);
  for (const edge of edges) intoStart[next[edge]! + 1]!++;
  for (let s = 0; s < n; s++) intoStart[s + 1]! += intoStart[s]!;
  const into = new Int32Array(edges.length);
  const fill = intoStart.slice();
  edges.forEach((edge, i) => (into[fill[next[edge]!]!++] = i));

  for (let b = 1, c = 0; c < cords.count;) {
    for (let i = cords.first[c]!; i < cords.past[c]!; i++) {
      blocks.mark(Math.floor(edges[cords.elements[i]!]! / width));
    }
    blocks.split();
    c++;
    for (; b < blocks.count; b++) {
      for (let i = blocks.first[b]!; i < blocks.past[b]!; i++) {
        const s = blocks.elements[i]!;
        for (let j = intoStart[s]!; j < intoStart[s + 1]!; j++) cords.mark(into[j]!);
      }
      cords.split();
    }
  }
  return { classOf: blocks.set, count: blocks.count };
}
