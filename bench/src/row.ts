/** One line of the table: a measurement, what it is held against, and what was aimed at. */
export interface Row {
  readonly suite: string;
  readonly what: string;
  readonly unit: string;
  /** Median of the rounds. */
  readonly measured: number;
  /** All rounds, in the order they were run. */
  readonly rounds: readonly number[];
  /** What was measured beside it, in the same run and unit. */
  readonly peer?: { readonly name: string; readonly measured: number; readonly rounds: readonly number[] };
  /** Against the peer: how many times as fast, or how many times as long; see `ratioOf`. */
  readonly ratio?: number;
  readonly ratioOf?: string;
  readonly goal?: Goal;
  readonly note?: string;
}

export interface Goal {
  /** Which number it is about. */
  readonly of: "measured" | "ratio";
  readonly relation: "at least" | "at most";
  readonly bound: number;
}

/** Whether a row's goal is reached; null when it has none. */
export function reached({ goal, measured, ratio }: Row): boolean | null {
  if (goal === undefined) return null;
  const value = goal.of === "ratio" ? ratio : measured;
  if (value === undefined) return false;
  return goal.relation === "at least" ? value >= goal.bound : value <= goal.bound;
}
