/** A binary heap: the entry with the largest priority comes out first; equal priorities in the order they went in. */
export class BestFirst<T> implements Iterable<T> {
  private readonly items: T[] = [];
  private readonly priorities: number[] = [];
  private readonly order: number[] = [];
  private pushed = 0;

  get size(): number {
    return this.items.length;
  }

  *[Symbol.iterator](): Iterator<T> {
    yield* this.items;
  }

  push(item: T, priority: number): void {
    let at = this.items.length;
    const order = this.pushed++;
    this.items.push(item);
    this.priorities.push(priority);
    this.order.push(order);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.before(priority, order, up)) break;
      this.move(up, at);
      at = up;
    }
    this.put(at, item, priority, order);
  }

  pop(): T | undefined {
    const top = this.items[0];
    const item = this.items.pop();
    const priority = this.priorities.pop()!;
    const order = this.order.pop()!;
    const n = this.items.length;
    if (n === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= n) break;
      if (child + 1 < n && this.before(this.priorities[child + 1]!, this.order[child + 1]!, child)) child++;
      if (this.before(priority, order, child)) break;
      this.move(child, at);
      at = child;
    }
    this.put(at, item as T, priority, order);
    return top;
  }

  private before(priority: number, order: number, other: number): boolean {
    const theirs = this.priorities[other]!;
    return priority > theirs || (priority === theirs && order < this.order[other]!);
  }

  private move(from: number, to: number): void {
    this.put(to, this.items[from]!, this.priorities[from]!, this.order[from]!);
  }

  private put(at: number, item: T, priority: number, order: number): void {
    this.items[at] = item;
    this.priorities[at] = priority;
    this.order[at] = order;
  }
}
