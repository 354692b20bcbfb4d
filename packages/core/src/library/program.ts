import type { Closure, Drawable, Model, Request } from "@pgl/runtime";

/**
 * A generative program written in TypeScript: a description of draws, weights and what follows from them, as data. It
 * does nothing until an inference method runs it, and running it changes nothing in it, so one program can be run by
 * thousands of particles at once and a particle can be copied at any point in constant time.
 *
 * What follows a draw is a function (`chain`), so a program has all the control flow of the host language. Such functions
 * must depend on their arguments alone: a variable of the host assigned inside one would be shared between particles.
 * Keep running state in `fold` and `loop`.
 *
 * There is no `then` on purpose: a program is not a promise, and `await` must not run it.
 */
export class Program<T> {
  /** Phantom: a program is covariant in its result. */
  declare readonly result?: T;

  /** @internal */
  constructor(readonly node: Node) {}

  /** Goes on with the program that `next` makes of this one's result. */
  chain<U>(next: (value: T) => Program<U>): Program<U> {
    return new Program<U>({ kind: "chain", first: this.node, next: next as (value: unknown) => Program<unknown> });
  }

  /** The same draws and weights, with the result changed by a deterministic function. */
  map<U>(change: (value: T) => U): Program<U> {
    return new Program<U>({ kind: "map", first: this.node, change: change as (value: unknown) => unknown });
  }

  /** This program, and after it `other`, whose result is kept. */
  and<U>(other: Program<U>): Program<U> {
    return this.chain(() => other);
  }
}

/** What a program is made of. @internal */
export type Node =
  | { readonly kind: "pure"; readonly value: unknown }
  | { readonly kind: "suspend"; readonly make: () => Program<unknown> }
  | { readonly kind: "chain"; readonly first: Node; readonly next: (value: unknown) => Program<unknown> }
  | { readonly kind: "map"; readonly first: Node; readonly change: (value: unknown) => unknown }
  | {
      readonly kind: "loop";
      readonly state: unknown;
      readonly step: (state: unknown) => Program<Turn<unknown, unknown>>;
    }
  | {
      readonly kind: "sample";
      readonly distribution: Drawable<unknown>;
      readonly proposal: Drawable<unknown> | null;
      readonly name: string;
    }
  | {
      readonly kind: "observe";
      readonly distribution: Drawable<unknown>;
      readonly value: unknown;
      readonly name: string;
    }
  | { readonly kind: "factor"; readonly weight: number; readonly name: string }
  | { readonly kind: "condition"; readonly holds: boolean; readonly name: string }
  | { readonly kind: "twist"; readonly weight: number; readonly name: string }
  | { readonly kind: "step"; readonly name: string }
  | { readonly kind: "ask"; readonly request: Request; readonly name: string }
  | { readonly kind: "enter"; readonly model: Model | Closure; readonly args: readonly unknown[] };

/** What the body of a `loop` says: go on with a new state, or stop with a result. */
export type Turn<S, R> = { readonly again: S } | { readonly done: R };
