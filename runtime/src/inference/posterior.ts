import type { Distribution, Support } from "../distributions/distribution.js";
import { MethodError } from "../errors.js";
import { listTrace, type Trace } from "../machine/trace.js";
import type { RandomSource } from "../random/source.js";
import { compare, hashKey, show, toJson } from "../values.js";
import { maximumToJson, type Maximum } from "./elimination/maximum.js";
import type { Warning } from "./environment.js";

/** The log of a normalising constant, in nats, and how well it is known. */
export interface LogEvidence {
  /** Null where the method has none: Markov chains know the posterior only up to its constant. */
  readonly estimate: number | null;
  /** -1 when a method of signed weights estimates Z itself below zero; `estimate` is then log |Ẑ|. Absent otherwise. */
  readonly sign?: -1;
  /** Standard error of `estimate` from this run; null when one run cannot tell. */
  readonly stderr: number | null;
  /** True when `estimate` is the value itself, up to rounding. */
  readonly exact: boolean;
}

/** One execution of the program, with what it weighs in the posterior. */
export interface WeightedSample<T> {
  readonly value: T;
  /** Normalised: the weights of a posterior sum to one. Methods of signed weights also have negative ones. */
  readonly weight: number;
  readonly trace: Trace | null;
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
  /** How the Markov chains mixed; null for methods without chains. */
  readonly chains: ChainDiagnostics | null;
  /** What was maximised; absent for methods that give a posterior. */
  readonly maximum?: Maximum;
  /** True when the run was interrupted and this is what it had. */
  readonly partial: boolean;
  readonly warnings: readonly Warning[];
}

/** A draw from something else than the program names, and what it was. */
export interface Approximation {
  /** What the trace calls the draw. */
  readonly draw: string;
  readonly kind: "local product" | "local mask";
}

/** By the warnings of draws that are normalised step by step: from products, and under masks. */
const LOCAL: ReadonlyMap<string, Approximation["kind"]> = new Map([
  ["PGLW018", "local product"],
  ["PGLW019", "local mask"],
]);

/** What Markov chains tell of themselves. R-hat and ESS are those of Vehtari et al. 2021 (arXiv 1903.08008), of one statistic. */
export interface ChainDiagnostics {
  /** Chains run, each from a start of its own. */
  readonly count: number;
  /** Values kept of each chain, after burn-in and thinning. */
  readonly draws: number;
  /** Share of the steps after burn-in that were accepted, in [0, 1]. */
  readonly acceptance: number;
  /** Rank-normalised split R-hat: near 1 when the chains agree; null when it cannot be computed, as of a constant. */
  readonly rHat: number | null;
  /** Bulk effective sample size of all chains together; null when it cannot be computed. */
  readonly essBulk: number | null;
  /** The statistic that `rHat` and `essBulk` are of. */
  readonly summary: string;
  /** How the gradients of the density were found, where the method follows them. */
  readonly gradients?: "reverse mode" | "central differences";
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

/** How a posterior was found, as reports show it. */
export interface MethodReport {
  readonly name: string;
  readonly guarantee: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Equal values of the executions put together. */
interface Merged<T> {
  readonly atoms: readonly Atom<T>[];
  /** Place of each value's key in `atoms`. */
  readonly index: ReadonlyMap<string, number>;
  readonly weights: Float64Array;
  /** Running totals of `weights`. */
  readonly totals: Float64Array;
  readonly signed: boolean;
}

/**
 * The (approximate) distribution of a program's return value. Immutable, and itself a distribution: programs can draw
 * from it and observe under it. Equal values are merged, when first asked for; `atoms` has the heaviest first.
 */
export class Posterior<T> implements Distribution<T> {
  readonly kind = "distribution" as const;
  readonly name = "posterior";
  private found: Merged<T> | null = null;

  /** @param random what `sample()` draws from when it is given nothing. */
  constructor(
    readonly samples: readonly WeightedSample<T>[],
    readonly logZ: LogEvidence,
    readonly diagnostics: Diagnostics,
    readonly method: MethodReport,
    private readonly random: RandomSource | null = null,
  ) {}

  /** The values with their probabilities, the heaviest first; equally heavy ones in the order of values. */
  get atoms(): readonly Atom<T>[] {
    return this.merged.atoms;
  }

  /** True when some values have a negative weight: expectations are unbiased, but this is no distribution. */
  get isSigned(): boolean {
    return this.merged.signed;
  }

  /** True when nothing has a weight: the program's condition was never met. */
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
    return this.isSigned ? sum : Math.min(1, sum);
  }

  /** The smallest value whose cumulative probability reaches `q` in [0, 1]. */
  quantile(q: number, f: (value: T) => number = asNumber): number {
    if (!(q >= 0 && q <= 1)) throw new MethodError("PGLR020", `A quantile's level is between 0 and 1, not ${q}.`);
    const sorted = this.distribution("quantile")
      .map(({ value, weight }) => ({ x: f(value), weight }))
      .sort((a, b) => a.x - b.x);
    let sum = 0;
    for (const { x, weight } of sorted) if ((sum += weight) >= q - 1e-12) return x;
    return sorted[sorted.length - 1]!.x;
  }

  /** Shannon entropy in nats. */
  entropy(): number {
    let sum = 0;
    for (const { weight } of this.distribution("entropy")) sum -= weight * Math.log(weight);
    return sum;
  }

  logDensity(value: T): number {
    const { index, weights } = this.merged;
    if (this.isSigned) this.distribution("log density");
    const at = index.get(hashKey(value));
    return at === undefined ? -Infinity : Math.log(weights[at]!);
  }

  /**
   * Draws a value. Without `random`, from a stream of the posterior's own: the same run and the same calls give the same
   * draws.
   */
  sample(random: RandomSource | null = this.random): T {
    const atoms = this.distribution("sample");
    if (random === null) {
      throw new MethodError("PGLR023", "This posterior has no randomness of its own.", {
        hint: "Pass one: sample(seeded(1)).",
      });
    }
    const { weights, totals } = this.merged;
    if (atoms.length <= SCAN_LIMIT) return atoms[random.categorical(weights)]!.value;
    const total = totals[totals.length - 1]!;
    const point = random.uniformAmong(() => totals.map((t) => t / total).subarray(0, totals.length - 1)) * total;
    let low = 0;
    let high = totals.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (totals[middle]! <= point) low = middle + 1;
      else high = middle;
    }
    return atoms[low]!.value;
  }

  get support(): Support<T> & { readonly kind: "finite" } {
    const { atoms, weights } = this.merged;
    if (this.isSigned) this.distribution("support");
    return { kind: "finite", values: atoms.map((a) => a.value), probabilities: weights };
  }

  /** The draws of each execution, oldest first, beside its value and weight. */
  traces(): { value: T; weight: number; draws: ReturnType<typeof listTrace> }[] {
    return this.samples.map(({ value, weight, trace }) => ({ value, weight, draws: listTrace(trace) }));
  }

  /**
   * Draws that are normalised token by token: from a product by `.local()`, under a constraint by `.masked(C)`. Whatever the method
   * guarantees, it is about the program with these approximations in it.
   */
  get approximations(): readonly Approximation[] {
    return this.diagnostics.warnings.flatMap(({ code, site }) => {
      const kind = LOCAL.get(code);
      return kind === undefined ? [] : [{ draw: site?.name ?? "", kind }];
    });
  }

  /** The fields of `pgl run --json` that a posterior knows; the command adds query, arguments, seed, time and calls. */
  toJSON(): Record<string, unknown> {
    return {
      method: { name: this.method.name, guarantee: this.method.guarantee, ...(toJson(this.method.options) as object) },
      logZ: { ...this.logZ, estimate: toJson(this.logZ.estimate) },
      ess: this.diagnostics.ess,
      ancestors: this.diagnostics.distinctAncestors,
      chains: this.diagnostics.chains,
      ...(this.diagnostics.maximum === undefined ? {} : { maximum: maximumToJson(this.diagnostics.maximum) }),
      posterior: this.atoms.map(({ value, weight }) => ({ value: toJson(value), weight })),
      approximations: this.approximations,
      partial: this.diagnostics.partial,
      warnings: this.diagnostics.warnings.map(({ code, message, site }) => ({
        code,
        message,
        span:
          site === undefined
            ? null
            : { file: site.file, start: site.start, end: site.end, line: site.line, column: site.column },
      })),
    };
  }

  /** A weighted table, as consoles show it. */
  toString(): string {
    const rows = this.atoms.slice(0, 10).map(({ value, weight }) => `${weight.toFixed(4)}  ${show(value)}`);
    if (this.atoms.length > 10) rows.push(`… ${this.atoms.length - 10} more`);
    return rows.join("\n");
  }

  /** What Node's consoles show: how it was found, the table, log Z. One line inside of other values. */
  [Symbol.for("nodejs.util.inspect.custom")](
    depth: number | null = 0,
    options: { depth?: number | null } = {},
  ): string {
    const [first] = this.atoms;
    if (first === undefined) return `[posterior by ${this.method.name}: empty]`;
    // Deeper inside, less depth is left than the options began with.
    if (depth !== (options.depth ?? depth)) {
      return `[posterior by ${this.method.name}: ${this.atoms.length} values, ${first.weight.toFixed(4)} ${show(first.value)}]`;
    }
    const { estimate, stderr, exact } = this.logZ;
    const error = exact ? " (exact)" : stderr === null ? "" : ` ± ${stderr.toPrecision(2)}`;
    const evidence = estimate === null ? [] : [`log Z ${Number(estimate.toFixed(6))}${error}`];
    const table = this.toString().replace(/^/gm, "  ");
    const approximate = this.approximations.map(({ draw, kind }) => `approximate: ${draw} is drawn from a ${kind}`);
    return [`posterior by ${this.method.name}`, table, ...evidence, ...approximate].join("\n");
  }

  private get merged(): Merged<T> {
    return (this.found ??= merge(this.samples));
  }

  /** @throws MethodError where `what` makes no sense of signed weights. */
  private distribution(what: string): readonly Atom<T>[] {
    if (this.isSigned) {
      throw new MethodError(
        "PGLR024",
        `A posterior of signed weights has no ${what}: some of its weights are negative.`,
        {
          hint: "Its means and probabilities are unbiased; for the rest use more samples or a method of positive weights.",
        },
      );
    }
    return this.atLeastOne();
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

/** Posteriors of more values than this are drawn from by bisection. */
const SCAN_LIMIT = 16;

function merge<T>(samples: readonly WeightedSample<T>[]): Merged<T> {
  const byKey = new Map<string, { value: T; weight: number }>();
  for (const { value, weight } of samples) {
    if (weight === 0) continue;
    const key = hashKey(value);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, { value, weight });
    else known.weight += weight;
  }
  // Weights of opposite signs may cancel.
  const entries = [...byKey]
    .filter(([, atom]) => atom.weight !== 0)
    .sort(([, a], [, b]) => b.weight - a.weight || compareForOrder(a.value, b.value));
  const weights = Float64Array.from(entries, ([, atom]) => atom.weight);
  let total = 0;
  return {
    atoms: entries.map(([, atom]) => Object.freeze(atom)),
    index: new Map(entries.map(([key], i) => [key, i])),
    weights,
    totals: weights.map((w) => (total += w)),
    signed: weights.some((w) => w < 0),
  };
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
