import { ProgramError } from "./errors.js";
import type { Value } from "./value.js";

/** Local names, innermost block first. */
export class Scope {
  private readonly names = new Map<string, Value>();

  constructor(private readonly outer: Scope | null = null) {}

  declare(name: string, value: Value): void {
    this.names.set(name, value);
  }

  /** The value in a one-element list, or null when the name is not local (a value may itself be `undefined`). */
  find(name: string): readonly [Value] | null {
    if (this.names.has(name)) return [this.names.get(name)];
    return this.outer === null ? null : this.outer.find(name);
  }

  assign(name: string, value: Value): void {
    if (this.names.has(name)) this.names.set(name, value);
    else if (this.outer !== null) this.outer.assign(name, value);
    else throw new ProgramError(`There is no variable ${name}.`);
  }

  /** What a closure keeps: the values as they are now. */
  snapshot(): Scope {
    const copy = new Scope(this.outer === null ? null : this.outer.snapshot());
    for (const [name, value] of this.names) copy.names.set(name, value);
    return copy;
  }
}
