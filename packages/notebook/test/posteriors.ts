import { Posterior, type Diagnostics, type HistoryEntry, type LogEvidence } from "@pgl/core";

interface Parts {
  readonly logZ?: Partial<LogEvidence>;
  readonly diagnostics?: Partial<Diagnostics>;
  readonly method?: Partial<Posterior<unknown>["method"]>;
}

/** A posterior over the given values and weights; what else it says can be set. */
export function posteriorOf<T>(values: readonly (readonly [T, number])[], parts: Parts = {}): Posterior<T> {
  return new Posterior<T>(
    values.map(([value, weight]) => ({ value, weight, trace: null })),
    { estimate: -1.5, stderr: 0.25, exact: false, ...parts.logZ },
    {
      ess: values.length,
      history: [],
      distinctAncestors: null,
      chains: null,
      unvisitedMass: 0,
      executions: values.length,
      partial: false,
      warnings: [],
      ...parts.diagnostics,
    },
    { name: "smc", guarantee: "unbiased", options: { particles: 64, ess: 0.5 }, ...parts.method },
  );
}

/** Values of equal weight. */
export const uniform = <T>(values: readonly T[]): readonly (readonly [T, number])[] =>
  values.map((value) => [value, 1 / values.length]);

export function historyOf(ess: readonly number[], resampled: readonly number[] = []): HistoryEntry[] {
  return ess.map((value, i) => ({
    step: i + 1,
    ess: value,
    logZ: -i,
    alive: 64,
    resampled: resampled.includes(i + 1),
  }));
}
