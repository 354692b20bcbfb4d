import type { LogRow } from "./log-row.js";

/** Rows of a backend's own kept at most: they cost nothing to get again. */
const MAX_PERMANENT = 1024;

/** The rows of recently evaluated nodes; the oldest go first when there are too many bytes of them. */
export class RowCache {
  private readonly rows = new Map<number, LogRow>();
  private held = 0;

  constructor(
    /** Bytes. */
    private readonly budget: number,
  ) {}

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
    while (this.rows.size > 1 && (this.held > this.budget || (row.permanent && this.rows.size > MAX_PERMANENT))) {
      const [oldest, old] = this.rows.entries().next().value!;
      this.rows.delete(oldest);
      this.held -= cost(old);
    }
  }
}

/** Numbers and the sums that draws need; a row that the backend holds anyway costs its entry alone. */
const cost = (row: LogRow): number => (row.permanent ? 0 : 64 + Math.ceil(row.logits.byteLength * 1.1));
