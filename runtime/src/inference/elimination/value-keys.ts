import type { Distribution } from "../../distributions/distribution.js";
import { hooksOf, isRecord, keySymbol, ValueMap } from "../../values.js";

/**
 * Texts that stand for values: equal texts only for values that no program can tell apart. Finer than the equality of the
 * language, for which the order of a map's entries and of a record's fields does not count, though programs see it. What has
 * no structure to compare (functions, posteriors, language models) is like itself only.
 *
 * Values are immutable, so each object is looked into once; a list that holds objects known before costs its own length.
 */
export class ValueKeys {
  private readonly numbers = new WeakMap<object, number>();
  private readonly structures = new Map<string, number>();
  private count = 0;

  /** No key is the beginning of another. */
  of(value: unknown): string {
    switch (typeof value) {
      case "number":
        return Object.is(value, -0) ? "-0;" : `${value};`;
      case "string":
        return `"${value.length}:${value}`;
      case "boolean":
        return value ? "T" : "F";
      case "undefined":
        return "U";
      case "bigint":
        return `${value}n`;
      case "symbol":
        // In a value of the host only; the description is all there is to tell it by.
        return `$${String(value).length}:${String(value)}`;
      default:
        return value === null ? "_" : `#${this.numberOf(value as object)};`;
    }
  }

  /** Keys of several values, one after the other. */
  ofAll(values: readonly unknown[]): string {
    let key = "";
    for (let i = 0; i < values.length; i++) key += this.of(values[i]);
    return key;
  }

  private numberOf(value: object): number {
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    const structure = this.structureOf(value);
    let number = structure === null ? undefined : this.structures.get(structure);
    if (number === undefined) {
      number = this.count++;
      if (structure !== null) this.structures.set(structure, number);
    }
    this.numbers.set(value, number);
    return number;
  }

  /** Null for what is like itself only. */
  private structureOf(value: object): string | null {
    if (Array.isArray(value)) return `[${this.ofAll(value)}`;
    if (value instanceof ValueMap) {
      let key = "map";
      for (const [k, v] of value) key += this.of(k) + this.of(v);
      return key;
    }
    const hook = hooksOf(value)[keySymbol];
    if (hook !== undefined) {
      const own = hook.call(value);
      return `@${own.length}:${own}${this.orderOf(value)}`;
    }
    if (typeof value === "function" || !isRecord(value)) return null;
    let key = "{";
    for (const name of Object.keys(value)) key += `${name.length}:${name}${this.of(value[name])}`;
    return key;
  }

  /** Distributions are equal whatever the order of their values, which `support` shows. */
  private orderOf(value: object): string {
    if ((value as { readonly kind?: unknown }).kind !== "distribution") return "";
    const { support } = value as Distribution<unknown>;
    return support.kind === "finite" ? this.ofAll(support.values) : "";
  }
}
