import type { RandomSource } from "@pgl/runtime";
import { visitOutcomes } from "../random/index.js";
import { LawError } from "./difference.js";
import { runtimeKey } from "./key.js";

/** A state with its mass under the measure a kernel should leave invariant. Masses need not sum to one. */
export interface StateMass<S> {
  readonly state: S;
  readonly mass: number;
}

export interface KernelOptions<S> {
  /** Every state of positive mass, once. */
  readonly states: readonly StateMass<S>[];
  /** One step of the kernel from a state. Must be a function of the state and of its draws alone. */
  readonly kernel: (state: S, random: RandomSource) => S | Promise<S>;
  /** Equal for equal states. By default that of a value of the language (`runtimeKey`). */
  readonly key?: (state: S) => string;
  /** Outcomes of the kernel's own draws to visit from each state. Default 100 000. */
  readonly maxOutcomes?: number;
  /** See `visitOutcomes`: for kernels that stop by chance. Default 0. */
  readonly negligible?: number;
}

export interface InvarianceOptions<S> extends KernelOptions<S> {
  /** Of a state's probability. Default 1e-10: rounding, not noise. */
  readonly tolerance?: number;
}

/** A Markov kernel on finitely many states. */
export interface TransitionMatrix {
  readonly keys: readonly string[];
  /** Normalised masses. */
  readonly stationary: readonly number[];
  /** `rows[i][j]`: probability of state j after state i. */
  readonly rows: readonly (readonly number[])[];
  /** By row, the probability of what was not visited. */
  readonly unvisited: readonly number[];
  /** Ways of the kernel's draws, all rows together. */
  readonly outcomes: number;
}

/**
 * The transition matrix of a kernel, by visiting every outcome of its draws from every state.
 *
 * @throws LawError when it leaves the states that have mass, or a state is listed twice or without mass; EnumerationError
 * when its draws cannot be enumerated.
 */
export async function transitionMatrix<S>(options: KernelOptions<S>): Promise<TransitionMatrix> {
  const { states, kernel, key = runtimeKey as (state: S) => string, maxOutcomes, negligible } = options;
  const keys = states.map(({ state }) => key(state));
  const index = new Map(keys.map((k, i) => [k, i]));
  if (index.size !== keys.length)
    throw new LawError(`The state ${keys.find((k, i) => index.get(k) !== i)} is listed twice.`);
  const total = states.reduce((sum, { mass }) => sum + mass, 0);
  states.forEach(({ mass }, i) => {
    if (!(mass > 0 && mass < Infinity)) throw new LawError(`The state ${keys[i]} has mass ${mass}.`);
  });
  const rows: number[][] = [];
  const unvisited: number[] = [];
  let outcomes = 0;
  for (const [i, { state }] of states.entries()) {
    const row = states.map(() => 0);
    const visited = await visitOutcomes((random) => kernel(state, random), { maxOutcomes, negligible });
    for (const { value, probability } of visited.outcomes) {
      const to = index.get(key(value));
      if (to === undefined) {
        throw new LawError(
          `From ${keys[i]} the kernel goes to ${key(value)}, with probability ${probability}: that state has no mass.`,
        );
      }
      row[to]! += probability;
    }
    rows.push(row);
    unvisited.push(visited.unvisited);
    outcomes += visited.outcomes.length;
  }
  return { keys, stationary: states.map(({ mass }) => mass / total), rows, unvisited, outcomes };
}

/**
 * Throws unless a kernel leaves a measure invariant: πK = π, state by state. The expectation is over every outcome of the
 * kernel's own draws; the probability of those that were not visited (see `negligible`) widens the comparison by as much.
 *
 * @returns the matrix, for `expectIrreducible` and `expectReversible`.
 * @throws LawError that says which states gain and which lose.
 */
export async function expectInvariantKernel<S>(options: InvarianceOptions<S>): Promise<TransitionMatrix> {
  const { tolerance = 1e-10 } = options;
  const matrix = await transitionMatrix(options);
  const { keys, stationary, rows, unvisited } = matrix;
  const missing = stationary.reduce((sum, p, i) => sum + p * unvisited[i]!, 0);
  const changes = keys.map((key, j) => {
    const after = stationary.reduce((sum, p, i) => sum + p * rows[i]![j]!, 0);
    return { key, before: stationary[j]!, after, change: after - stationary[j]! };
  });
  // What was not visited can only be missing.
  const broken = changes.filter(({ change }) => !(change <= tolerance && change >= -missing - tolerance));
  if (broken.length > 0) {
    broken.sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
    const table = broken
      .slice(0, 8)
      .map(
        ({ key, before, after, change }) =>
          `  ${key} ${change > 0 ? "gains" : "loses"} ${Math.abs(change).toExponential(3)}: ${after} instead of ${before}`,
      )
      .join("\n");
    throw new LawError(
      `πK = π does not hold; tolerance ${tolerance}${missing > 0 ? `, not visited ${missing}` : ""}.\n${table}` +
        (broken.length > 8 ? `\n  … ${broken.length - 8} more states` : ""),
    );
  }
  return matrix;
}

/**
 * Throws unless every state can be reached from every other, in some number of steps. Visited transitions are enough: what
 * was not visited could only add to them.
 *
 * @throws LawError that names a state from which, and one to which, no way leads.
 */
export function expectIrreducible({ keys, rows }: Pick<TransitionMatrix, "keys" | "rows">): void {
  const reached = (from: number, arrow: (i: number, j: number) => number): Set<number> => {
    const seen = new Set([from]);
    const open = [from];
    while (open.length > 0) {
      const i = open.pop()!;
      for (let j = 0; j < keys.length; j++) {
        if (arrow(i, j) > 0 && !seen.has(j)) {
          seen.add(j);
          open.push(j);
        }
      }
    }
    return seen;
  };
  if (keys.length === 0) throw new LawError("There are no states.");
  const forward = reached(0, (i, j) => rows[i]![j]!);
  const backward = reached(0, (i, j) => rows[j]![i]!);
  const outside = keys.findIndex((_, i) => !forward.has(i));
  if (outside >= 0) throw new LawError(`The kernel is not irreducible: ${keys[0]} never leads to ${keys[outside]}.`);
  const lost = keys.findIndex((_, i) => !backward.has(i));
  if (lost >= 0) throw new LawError(`The kernel is not irreducible: ${keys[lost]} never leads to ${keys[0]}.`);
}

/**
 * Throws unless π(i) K(i, j) = π(j) K(j, i) for every two states: detailed balance, which is more than invariance.
 *
 * @throws LawError with the two states that differ most.
 */
export function expectReversible({ keys, stationary, rows, unvisited }: TransitionMatrix, tolerance = 1e-10): void {
  let worst = { i: 0, j: 0, excess: 0 };
  for (let i = 0; i < keys.length; i++) {
    for (let j = 0; j < i; j++) {
      const there = stationary[i]! * rows[i]![j]!;
      const back = stationary[j]! * rows[j]![i]!;
      const allowed = tolerance + Math.max(stationary[i]! * unvisited[i]!, stationary[j]! * unvisited[j]!);
      const excess = Math.abs(there - back) - allowed;
      if (Number.isNaN(excess) || excess > worst.excess) worst = { i, j, excess };
    }
  }
  if (worst.excess === 0) return;
  const { i, j } = worst;
  throw new LawError(
    `Detailed balance does not hold between ${keys[i]} and ${keys[j]}: ` +
      `${stationary[i]! * rows[i]![j]!} there, ${stationary[j]! * rows[j]![i]!} back.`,
  );
}
