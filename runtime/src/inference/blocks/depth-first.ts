import { BestFirst } from "./best-first.js";

/** A stack with the face of `BestFirst`: the entry put in last comes out first, and nothing has to be kept in order. */
export class DepthFirst<T> implements Iterable<T> {
  private readonly items: T[] = [];
  private readonly priorities: number[] = [];

  get size(): number {
    return this.items.length;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }

  push(item: T, priority: number): void {
    this.items.push(item);
    this.priorities.push(priority);
  }

  pop(): T | undefined {
    this.priorities.pop();
    return this.items.pop();
  }

  /** What is left, to be taken by priority from now on. */
  bestFirst(): BestFirst<T> {
    const ordered = new BestFirst<T>();
    this.items.forEach((item, i) => ordered.push(item, this.priorities[i]!));
    return ordered;
  }
}
