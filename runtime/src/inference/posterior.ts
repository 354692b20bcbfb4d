import type { Distribution, Support } from "../distributions/distribution.js";
import { MethodError } from "../errors.js";
import { listTrace, type TraceNode } from "../machine/trace.js";
import type { RandomSource } from "../random/source.js";
import { compare, hashKey, show, toJson } from "../values.js";
import type { Warning } from "./environment.js";

/** The log of a normalising constant, in nats, and how well it is known. */
export interface LogEvidence {
  readonly estimate: number;
  /** Standard error of `estimate` from this run (delta method); null when one run cannot tell. */
  readonly stderr: number | null;
  /** True when `estimate` is the value itself, up to rounding. */
  readonly exact: boolean;
}

/** One execution of the program, with what it weighs in the posterior. */
export interface WeightedSample<T> {
  readonly value: T;
  /** Normalised: the weights of a posterior sum to one. */
  readonly weight: number;
  readonly trace: TraceNode | null;
}

/** What a run tells about itself beside its answer. */
export interface Diagnostics {
  /** Effective sample size 1/Σ W², of the executions. */
  readonly ess: number;
  /** By step: ESS before resampling, log Z so far, whether it resampled. Empty for methods without steps. */
  readonly history: readonly HistoryEntry[];
  /** Different first-generation ancestors among the final particles; null for methods without ancestry. */
  readonly distinctAncestors: number | null;
  /** Prior probability of the executions that were not visited (enumeration stopped early); 0 when all were. */
  readonly unvisitedMass: number;
  /** Executions begun, whatever became of them. */
  readonly executions: number;
  /** True when the run was interrupted and this is what it had. */
  readonly partial: boolean;
  readonly warnings: readonly Warning[];
}

export interface HistoryEntry {
  readonly step: number;
  readonly ess: number;
  readonly logZ: number;
  readonly alive: number;
  readonly resampled: boolean;
}

/** One value of the posterior with its probability. */
export interface Atom<T> {
  readonly value: T;
  readonly weight: number;
}

/**
 * The (approximate) distribution of a program's return value. Immutable, and itself a distribution: programs can draw
 * from it and observe under it. Equal values are merged; `atoms` has the heaviest first.
 */
export class Posterior<T> implements Distribution<T> {
  readonly kind = "distribution" as const;
  readonly name = "posterior";
  readonly atoms: readonly Atom<T>[];
  private readonly index = new Map<string, number>();
  private readonly weights: Float64Array;

  constructor(
    readonly samples: readonly WeightedSample<T>[],
    readonly logZ: LogEvidence,
    readonly diagnostics: Diagnostics,
    readonly method: { readonly name: string; readonly guarantee: string; readonly options: Readonly<Record<string, unknown>> },
  ) {
    const merged = new Map<string, { value: T; weight: number }>();
    for (const { value, weight } of samples) {
      if (weight === 0) continue;
      const key = hashKey(value);
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { value, weight });
      else known.weight += weight;
    }
    const entries = [...merged].sort(([, a], [, b]) => b.weight - a.weight || compareForOrder(a.value, b.value));
    this.atoms = entries.map(([, atom]) => atom);
    entries.forEach(([key], i) => this.index.set(key, i));
    this.weights = Float64Array.from(this.atoms, (a) => a.weight);
  }

  /** True when nothing has positive weight: the program's condition was never met. */
  get isEmpty(): boolean {
    return this.atoms.length === 0;
  }

  /** The heaviest value. @throws MethodError when the posterior is empty. */
  mode(): T {
    return this.atLeastOne()[0]!.value;
  }

  /** Expectation of `f` (by default the value itself, as a number; booleans count as 0 and 1). */
  mean(f: (value: T) => number = asNumber): number {
    let sum = 0;
    for (const { value, weight } of this.atLeastOne()) sum += weight * f(value);
    return sum;
  }

  variance(f: (value: T) => number = asNumber): number {
    const mean = this.mean(f);
    let sum = 0;
    for (const { value, weight } of this.atoms) sum += weight * (f(value) - mean) ** 2;
    return sum;
  }

  /** Posterior probability that `predicate` holds. */
  probability(predicate: (value: T) => boolean): number {
    let sum = 0;
    for (const { value, weight } of this.atLeastOne()) if (predicate(value)) sum += weight;
    return Math.min(1, sum);
  }

  /** The smallest value whose cumulative probability reaches `q` in [0, 1]. */
  quantile(q: number, f: (value: T) => number = asNumber): number {
    if (!(q >= 0 && q <= 1)) throw new MethodError("PGLR020", `A quantile's level is between 0 and 1, not ${q}.`);
    const sorted = this.atLeastOne()
      .map(({ value, weight }) => ({ x: f(value), weight }))
      .sort((a, b) => a.x - b.x);
    let sum = 0;
    for (const { x, weight } of sorted) if ((sum += weight) >= q - 1e-12) return x;
    return sorted[sorted.length - 1]!.x;
  }

  /** Shannon entropy in nats. */
  entropy(): number {
    let sum = 0;
    for (const { weight } of this.atLeastOne()) sum -= weight * Math.log(weight);
    return sum;
  }

  logDensity(value: T): number {
    const at = this.index.get(hashKey(value));
    return at === undefined ? -Infinity : Math.log(this.weights[at]!);
  }

  sample(random: RandomSource): T {
    return this.atLeastOne()[random.categorical(this.weights)]!.value;
  }

  get support(): Support<T> {
    return { kind: "finite", values: this.atoms.map((a) => a.value), probabilities: this.weights };
  }

  /** The draws of each execution, oldest first, beside its value and weight. */
  traces(): { value: T; weight: number; draws: ReturnType<typeof listTrace> }[] {
    return this.samples.map(({ value, weight, trace }) => ({ value, weight, draws: listTrace(trace) }));
  }

  toJSON(): Record<string, unknown> {
    return {
      method: { name: this.method.name, guarantee: this.method.guarantee, ...this.method.options },
      logZ: { estimate: toJson(this.logZ.estimate), stderr: this.logZ.stderr, exact: this.logZ.exact },
      ess: this.diagnostics.ess,
      posterior: this.atoms.map(({ value, weight }) => ({ value: toJson(value), weight })),
    };
  }

  /** A weighted table, as consoles show it. */
  toString(): string {
    const rows = this.atoms.slice(0, 10).map(({ value, weight }) => `${weight.toFixed(4)}  ${show(value)}`);
    if (this.atoms.length > 10) rows.push(`… ${this.atoms.length - 10} more`);
    return rows.join("\n");
  }

  private atLeastOne(): readonly Atom<T>[] {
    if (this.isEmpty) {
      throw new MethodError("PGLR021", "The posterior is empty: every execution had weight zero.", {
        hint: "The condition may be impossible, or too rare for this many executions.",
      });
    }
    return this.atoms;
  }
}

/** Ties are ordered by value so that equal runs print equally; values without an order keep their place. */
function compareForOrder(a: unknown, b: unknown): number {
  try {
    return compare(a, b);
  } catch {
    return 0;
  }
}

function asNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  throw new MethodError("PGLR022", `${show(value)} is not a number; pass a function that makes one of it.`);
}
