/** Positions of one page of the pool. */
const PAGE = 256;

/**
 * Keys and values by node of a prefix tree: for each evaluated token what the attention layers remember of it, in pages
 * of a pool. When the budget is reached all but the ancestors of what is being evaluated is dropped, and computed again
 * should it be asked for.
 */
export class KeyValues {
  private readonly pages: Float32Array[] = [];
  private readonly free: number[] = [];
  private readonly slots = new Map<number, number>();

  constructor(
    /** Floats a position. */
    private readonly floats: number,
    /** Bytes. */
    private readonly budget: number,
  ) {}

  get bytes(): number {
    return this.pages.length * PAGE * this.floats * 4;
  }

  has(node: number): boolean {
    return this.slots.has(node);
  }

  /** Where the keys and values of a node are: `floats` numbers of `page` from `offset`. */
  find(node: number): { page: Float32Array; offset: number } {
    return this.place(this.slots.get(node)!);
  }

  /** Room for the keys and values of a node; what was there for it is overwritten. */
  reserve(node: number): { page: Float32Array; offset: number } {
    let slot = this.slots.get(node);
    if (slot === undefined) {
      if (this.free.length === 0) this.addPage();
      this.slots.set(node, (slot = this.free.pop()!));
    }
    return this.place(slot);
  }

  /** Whether `more` positions fit into the budget. */
  fits(more: number): boolean {
    return (
      more <= this.free.length ||
      this.bytes + Math.ceil((more - this.free.length) / PAGE) * PAGE * this.floats * 4 <= this.budget
    );
  }

  /** Keeps only nodes for which `keep` holds. */
  sweep(keep: (node: number) => boolean): void {
    for (const [node, slot] of this.slots) {
      if (keep(node)) continue;
      this.slots.delete(node);
      this.free.push(slot);
    }
  }

  private place(slot: number): { page: Float32Array; offset: number } {
    return { page: this.pages[Math.floor(slot / PAGE)]!, offset: (slot % PAGE) * this.floats };
  }

  private addPage(): void {
    const first = this.pages.length * PAGE;
    this.pages.push(new Float32Array(PAGE * this.floats));
    for (let slot = first + PAGE - 1; slot >= first; slot--) this.free.push(slot);
  }
}
