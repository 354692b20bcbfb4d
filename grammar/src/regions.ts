import type { Span } from "./ast.js";

/** Stretches of a text, to be asked often whether something lies in one of them. */
export class Regions {
  /** In order, overlapping ones joined. */
  private readonly spans: Span[] = [];

  constructor(spans: readonly Span[]) {
    for (const span of [...spans].sort((a, b) => a.start - b.start)) {
      const last = this.spans.at(-1);
      if (last && span.start < last.end)
        this.spans[this.spans.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
      else this.spans.push(span);
    }
  }

  /** Whether a stretch holds the offset, or begins or ends there. */
  touches(offset: number): boolean {
    const span = this.before(offset);
    return span !== undefined && offset <= span.end;
  }

  /** Whether something lies in a stretch, and not at its beginning. */
  encloses(inner: Span): boolean {
    const span = this.before(inner.start - 1);
    return span !== undefined && inner.start > span.start && inner.end <= span.end;
  }

  /** The last stretch that begins at `offset` or before. */
  private before(offset: number): Span | undefined {
    let low = 0;
    let high = this.spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.spans[middle] as Span).start <= offset) low = middle + 1;
      else high = middle;
    }
    return this.spans[low - 1];
  }
}
