import { normalQuantile } from "../distributions/special.js";

/**
 * Convergence of Markov chains, after Vehtari, Gelman, Simpson, Carpenter & Bürkner, Rank-normalization, folding, and
 * localization: an improved R̂ (Bayesian Analysis 2021, arXiv 1903.08008). `chains` are the values of one statistic, of equal
 * length, in the order they came.
 */
export type Chains = readonly ArrayLike<number>[];

/** Draws of a half chain below which nothing can be said. */
const FEWEST = 4;

/**
 * Rank-normalised split R̂: the larger of that of the values and that of their distances from the median, so that both
 * different places and different spreads of the chains show. Near 1 when they agree.
 *
 * @returns null when the chains are shorter than 8, or when all values are the same.
 */
export function rankNormalizedRHat(chains: Chains): number | null {
  const halves = split(chains);
  if (halves === null) return null;
  const center = median(halves.flatMap((half) => Array.from(half)));
  const folded = halves.map((half) => half.map((x) => Math.abs(x - center)));
  const [bulk, tail] = [plainRHat(rankNormalized(halves)), plainRHat(rankNormalized(folded))];
  if (bulk === null) return null;
  return tail === null ? bulk : Math.max(bulk, tail);
}

/**
 * Bulk effective sample size: how many independent draws would know the middle of the distribution as well, of all chains
 * together. Autocorrelations are summed over Geyer's initial monotone sequence.
 *
 * @returns null as for `rankNormalizedRHat`.
 */
export function bulkEss(chains: Chains): number | null {
  const halves = split(chains);
  return halves === null ? null : plainEss(rankNormalized(halves));
}

function split(chains: Chains): Float64Array[] | null {
  const length = Math.min(...chains.map((chain) => chain.length));
  const half = Math.floor(length / 2);
  if (!(half >= FEWEST) || half === Infinity) return null;
  // The middle draw of an odd number belongs to neither.
  const halves = chains.flatMap((chain) => {
    const all = Float64Array.from(chain);
    return [all.slice(0, half), all.slice(length - half, length)];
  });
  return halves.every((h) => h.every(Number.isFinite)) ? halves : null;
}

/** Each value by the normal quantile of its rank among all, ties by their average rank. */
function rankNormalized(chains: readonly Float64Array[]): Float64Array[] {
  const n = chains[0]!.length;
  const all = chains.flatMap((chain) => Array.from(chain));
  const order = all.map((_, i) => i).sort((a, b) => all[a]! - all[b]!);
  const normal = new Float64Array(all.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && all[order[to]!] === all[order[from]!]) to++;
    const rank = (from + 1 + to) / 2;
    const z = normalQuantile((rank - 3 / 8) / (all.length + 1 / 4));
    for (let k = from; k < to; k++) normal[order[k]!] = z;
    from = to;
  }
  return chains.map((_, c) => normal.slice(c * n, (c + 1) * n));
}

const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
};

function varianceOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) ** 2;
  return sum / (values.length - 1);
}

/** Within-chain variance, and the overestimate of the posterior's variance that adds the one between the chains' means. */
function variances(chains: readonly Float64Array[]): { readonly within: number; readonly total: number } {
  const n = chains[0]!.length;
  const within = meanOf(chains.map(varianceOf));
  return { within, total: (within * (n - 1)) / n + varianceOf(chains.map(meanOf)) };
}

function plainRHat(chains: readonly Float64Array[]): number | null {
  const { within, total } = variances(chains);
  if (total === 0) return null;
  // Chains that stand still have a variance of rounding.
  return within <= 1e-20 * total ? Infinity : Math.sqrt(total / within);
}

function plainEss(chains: readonly Float64Array[]): number | null {
  const n = chains[0]!.length;
  const draws = n * chains.length;
  const { within, total } = variances(chains);
  if (total === 0) return null;
  const centered = chains.map((chain) => {
    const mean = meanOf(chain);
    return chain.map((x) => x - mean);
  });
  /** Autocorrelation at a lag, from the average of the chains' autocovariances. */
  const correlation = (lag: number): number => {
    let sum = 0;
    for (const chain of centered) for (let i = lag; i < n; i++) sum += chain[i]! * chain[i - lag]!;
    return 1 - (within - sum / chains.length / (n - 1)) / total;
  };
  // Pairs of neighbouring lags have positive, falling sums in a reversible chain; what breaks that is noise.
  let time = -1;
  let smallest = Infinity;
  for (let lag = 0; lag + 1 < n; lag += 2) {
    const pair = (lag === 0 ? 1 : correlation(lag)) + correlation(lag + 1);
    if (!(pair > 0)) break;
    smallest = Math.min(smallest, pair);
    time += 2 * smallest;
  }
  // Antithetic chains can be better than independent draws, but not by how much a finite run seems to show.
  return draws / Math.max(time, 1 / Math.log10(draws));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
