import type { LogRow } from "./log-row.js";

/** Rows kept at most, whatever their size. */
const MAX_ROWS = 8192;

/** The rows of recently evaluated nodes; the oldest go first when there are too many bytes of them. */
export class RowCache {
  private readonly rows = new Map<number, LogRow>();
  private held = 0;

  constructor(private readonly budget: number) {}

  /** Bytes held by rows that belong to nobody else. */
  get bytes(): number {
    return this.held;
  }

  get(node: number): LogRow | undefined {
    return this.rows.get(node);
  }

  set(node: number, row: LogRow): void {
    if (this.rows.has(node)) return;
    this.rows.set(node, row);
    this.held += cost(row);
    while (this.rows.size > 1 && (this.held > this.budget || this.rows.size > MAX_ROWS)) {
      const [oldest, old] = this.rows.entries().next().value!;
      this.rows.delete(oldest);
      this.held -= cost(old);
    }
  }
}

/** Half as much again, for the sums that draws need. */
const cost = (row: LogRow): number => (row.permanent ? 0 : Math.ceil(row.logits.byteLength * 1.5));
