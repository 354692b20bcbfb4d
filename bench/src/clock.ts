/** CPU time of this process so far, all threads, user and system, in seconds. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export interface Spent {
  /** CPU seconds. */
  readonly cpu: number;
  /** Seconds on the clock. */
  readonly wall: number;
}

/** What `work` takes. */
export async function spent(work: () => unknown): Promise<Spent> {
  const wall = performance.now();
  const cpu = cpuSeconds();
  await work();
  return { cpu: cpuSeconds() - cpu, wall: (performance.now() - wall) / 1000 };
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Runs competitors in turn, `rounds` times after `warmup` turns that do not count, so that what else the machine does falls
 * on all of them alike. Each gives one number a turn.
 *
 * @returns each competitor's numbers, in order.
 */
export async function interleaved<K extends string>(
  competitors: Readonly<Record<K, () => Promise<number>>>,
  { rounds, warmup = 1 }: { readonly rounds: number; readonly warmup?: number },
): Promise<Record<K, number[]>> {
  const names = Object.keys(competitors) as K[];
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = -warmup; round < rounds; round++) {
    for (const name of names) {
      const value = await competitors[name]();
      if (round >= 0) results[name].push(value);
    }
  }
  return results;
}

/** Exponent e of the power law y ∝ x^e that fits best on a log-log scale (least squares). */
export function growthExponent(points: readonly { readonly x: number; readonly y: number }[]): number {
  const xs = points.map((p) => Math.log(p.x));
  const ys = points.map((p) => Math.log(p.y));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  let above = 0;
  let below = 0;
  for (let i = 0; i < xs.length; i++) {
    above += (xs[i]! - mx) * (ys[i]! - my);
    below += (xs[i]! - mx) ** 2;
  }
  return above / below;
}
