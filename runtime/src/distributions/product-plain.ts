import { DistributionError, RunError } from "../errors.js";
import { Frame } from "../machine/frame.js";
import type { Op } from "../machine/op.js";
import type { Particle } from "../machine/particle.js";
import type { Drawable, Factor, Product } from "../machine/process.js";
import type { Site } from "../machine/site.js";
import { hashKey, show, showSymbol, equalsSymbol, equal, keySymbol, type ValueHooks } from "../values.js";
import type { Distribution } from "./distribution.js";
import { Finite } from "./finite.js";
import { isDiscrete } from "./mixture.js";
import { listedSupport } from "./where.js";

/** What a list of values may leave out: the last ones of an endless support weigh less than this share of the largest. */
const TAIL = 1e-12;

/**
 * A product of distributions whose values are drawn at once. Where some part with a positive exponent lists its values, the
 * product is summed over: a draw comes from the renormalised product, and the sum is its weight. Else it comes from the
 * first part with a positive exponent, and the others weigh it.
 */
export class PlainProduct<T> implements Product<T>, ValueHooks {
  readonly kind = "process";
  readonly name = "product";
  private table: Table<T> | null | undefined = undefined;

  /** @throws DistributionError when masses would be multiplied by densities. */
  constructor(readonly factors: readonly Factor<T>[]) {
    for (const { exponent } of factors) {
      if (typeof exponent === "number") continue;
      throw new DistributionError(
        "power",
        "exponent",
        "one number, because this is not drawn token by token",
        "a list",
      );
    }
    const kinds = new Set(factors.flatMap(({ part }) => (part.kind === "process" ? [] : [isDiscrete(part)])));
    if (kinds.size > 1) {
      const names = factors.map(({ part }) => part.name).join(" with ");
      throw new DistributionError("product", "dists", "all discrete or all continuous", names);
    }
  }

  /** @throws RunError PGLR099 when no part has a positive exponent. */
  draw(site: Site, proposal: Drawable<T> | null): Frame {
    const table = this.tableAt(site);
    return table === null ? new WeighedDraw(this, site, proposal) : new TableDraw(table, site, proposal);
  }

  logDensity(value: T): Frame {
    return new ProductDensity(this.factors, value);
  }

  /** @throws RunError PGLR056 when there is no normaliser to be had, PGLR099 when no part has a positive exponent. */
  local(): Distribution<T> {
    const table = this.tableAt();
    if (table === null) {
      throw new RunError("PGLR056", "local is defined for products of listed values, tokens or texts.", {
        hint: "Infer the posterior of a model that draws from the product.",
      });
    }
    if (table.distribution !== null) return table.distribution;
    throw new DistributionError("product", "dists", "possible for some common value", "zero for all of them");
  }

  /** The value drawn from in place of the product, when it has no table. */
  get base(): Drawable<T> {
    return this.factors.find(isPositive)!.part;
  }

  [equalsSymbol](other: unknown): boolean {
    return other instanceof PlainProduct && equal(this.parameters(), other.parameters());
  }
  [keySymbol](): string {
    return `product${hashKey(this.parameters())}`;
  }
  [showSymbol](): string {
    return `product(${this.factors.map(({ part, exponent }) => `${show(part)} ^ ${show(exponent)}`).join(", ")})`;
  }

  private parameters(): readonly unknown[] {
    return this.factors.map(({ part, exponent }) => [part, exponent]);
  }

  private tableAt(site?: Site): Table<T> | null {
    // A part of another product may have a negative exponent alone.
    if (!this.factors.some(isPositive)) {
      throw new RunError("PGLR099", "No part of this product has a positive exponent, so nothing bounds its values.", {
        site,
        hint: "Multiply by a distribution that can be drawn from: `product(uniform_int(1, 6), d ^ -1.0)`.",
      });
    }
    if (this.table === undefined) this.table = tableOf(this.factors, site);
    return this.table;
  }
}

const isPositive = ({ exponent }: Factor<unknown>): boolean => (exponent as number) > 0;

/** The product of listed values: normalised, and the log of its sum. Null distribution: there is nothing in common. */
interface Table<T> {
  readonly distribution: Finite<T> | null;
  readonly logMass: number;
}

function tableOf<T>(factors: readonly Factor<T>[], site?: Site): Table<T> | null {
  const plain: Distribution<T>[] = [];
  for (const { part } of factors) {
    if (part.kind === "process") return null;
    plain.push(part);
  }
  if (!isDiscrete(plain[0]!)) return null;
  // Each of them bounds the product; the shortest list is the least work.
  const bounds = plain.filter((_, i) => isPositive(factors[i]!));
  const finite = bounds.flatMap(({ support }) => (support.kind === "finite" ? [support.values] : []));
  const shortest = finite.reduce((best, next) => (next.length < best.length ? next : best), finite[0] ?? []);
  const values = finite.length > 0 ? shortest : listedSupport("product", bounds[0]!).values;
  const logs = values.map((value) =>
    logProduct(
      factors,
      plain.map((d) => d.logDensity(value)),
      value,
      site,
    ),
  );
  let max = -Infinity;
  for (const log of logs) if (log > max) max = log;
  if (max === -Infinity) return { distribution: null, logMass: -Infinity };
  if (finite.length === 0 && logs[logs.length - 1]! - max > Math.log(TAIL)) {
    throw new RunError(
      "PGLR099",
      "This product of endless distributions has no sum, or one that is too slow to find.",
      {
        site,
        hint: "Multiply by a distribution with finitely many values, or raise the exponents.",
      },
    );
  }
  const weights = logs.map((log) => Math.exp(log - max));
  const kept = values.flatMap((value, i) => (weights[i]! > 0 ? [i] : []));
  const distribution = new Finite(
    "product",
    kept.map((i) => values[i]!),
    kept.map((i) => weights[i]!),
  );
  return { distribution, logMass: max + Math.log(weights.reduce((a, b) => a + b, 0)) };
}

/**
 * Σ exponents · logs. A zero of a part with a positive exponent decides; exponents of zero say nothing.
 * @throws RunError PGLR098 when what is left is zero to a negative power.
 */
export function logProduct(
  factors: readonly Factor<unknown>[],
  logs: readonly number[],
  value: unknown,
  site?: Site,
): number {
  if (logs.some((log, i) => log === -Infinity && isPositive(factors[i]!))) return -Infinity;
  let total = 0;
  logs.forEach((log, i) => {
    const exponent = factors[i]!.exponent as number;
    if (exponent === 0) return;
    if (log === -Infinity) throw infinitePower(show(value), exponent, site);
    total += exponent * log;
  });
  return total;
}

/** @returns RunError PGLR098. */
export const infinitePower = (value: string, exponent: number, site?: Site): RunError =>
  new RunError(
    "PGLR098",
    `${value} has probability zero under a part of the product with the exponent ${exponent}, which makes it infinitely likely.`,
    {
      site,
      hint: "A part with a negative exponent must be able to give whatever the parts with positive ones can: leave `top_k`, `top_p` and `where` away from it, or mix it with something that can.",
    },
  );

/** Weighs by the sum, then draws. */
class TableDraw<T> extends Frame {
  constructor(
    private readonly table: Table<T>,
    private readonly site: Site,
    private readonly proposal: Drawable<T> | null,
  ) {
    super();
  }

  step(particle: Particle): Op {
    switch (this.pc++) {
      case 0:
        return particle.factor(this.table.logMass, this.site);
      case 1:
        return particle.sample(this.table.distribution!, this.site, this.proposal);
      default:
        return particle.return(particle.value);
    }
  }

  /** At the draw. */
  override live(): readonly unknown[] {
    return [];
  }

  override awaits(result: boolean): boolean {
    return result;
  }

  protected copy(): Frame {
    return new TableDraw(this.table, this.site, this.proposal);
  }
}

/** Draws from one part, then weighs by the rest. */
class WeighedDraw<T> extends Frame {
  private value: T | undefined = undefined;

  constructor(
    private readonly product: PlainProduct<T>,
    private readonly site: Site,
    private readonly proposal: Drawable<T> | null,
  ) {
    super();
  }

  step(particle: Particle): Op {
    const { base, factors } = this.product;
    switch (this.pc++) {
      case 0:
        return particle.sample(base, this.site, this.proposal);
      case 1: {
        this.value = particle.value as T;
        const chosen = factors.findIndex(({ part }) => part === base);
        const rest = factors.map((factor, i) =>
          i === chosen ? { part: factor.part, exponent: (factor.exponent as number) - 1 } : factor,
        );
        return particle.call(new ProductDensity(rest, this.value, this.site));
      }
      case 2:
        return particle.factor(particle.value as number, this.site);
      default:
        return particle.return(this.value);
    }
  }

  /** At the draw: the value drawn is weighed by all parts. */
  override live(): readonly unknown[] {
    return [this.product];
  }

  protected copy(): Frame {
    const twin = new WeighedDraw(this.product, this.site, this.proposal);
    twin.value = this.value;
    return twin;
  }
}

/** Σ exponentᵢ log partᵢ(value); parts that are processes are asked in turn. */
export class ProductDensity<T> extends Frame {
  private logs: readonly number[] = [];

  constructor(
    private readonly factors: readonly Factor<T>[],
    private readonly value: T,
    private readonly site?: Site,
  ) {
    super();
  }

  step(particle: Particle): Op {
    if (this.pc === 1) {
      this.logs = [...this.logs, particle.value as number];
      this.pc = 0;
    }
    while (this.logs.length < this.factors.length) {
      const { part, exponent } = this.factors[this.logs.length]!;
      if (exponent === 0) this.logs = [...this.logs, 0];
      else if (part.kind === "distribution") this.logs = [...this.logs, part.logDensity(this.value)];
      else {
        this.pc = 1;
        return particle.call(part.logDensity(this.value));
      }
    }
    return particle.return(logProduct(this.factors, this.logs, this.value, this.site));
  }

  protected copy(): Frame {
    const twin = new ProductDensity(this.factors, this.value, this.site);
    twin.logs = this.logs;
    return twin;
  }
}
