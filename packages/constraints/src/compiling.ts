import { ConstraintError } from "./errors.js";

/** States a recogniser may have before it is given up, unless the budget is raised. One costs about a kilobyte. */
export const DEFAULT_STATES = 200_000;

let allowed = DEFAULT_STATES;

/** How many states one constraint, and each part of it, may have. */
export const allowedStates = (): number => allowed;

/**
 * Sets how many states one constraint, and each part of it, may have (200 000 by default); about a kilobyte each. Beyond that comes an error that
 * names the part.
 * @throws ConstraintError PGLC009 unless it is a whole number from 1 to 10 million.
 */
export function allowStates(most: number = DEFAULT_STATES): void {
  if (!Number.isSafeInteger(most) || most < 1 || most > 10_000_000) {
    throw new ConstraintError("PGLC009", `A constraint may have a whole number of states up to 10000000, not ${most}.`);
  }
  allowed = most;
}

/** @returns what says that a constraint is too large, and which part of it. */
export function tooLarge(description: string, states: number): ConstraintError {
  const shown = description.length > 200 ? `${description.slice(0, 200)}…` : description;
  return new ConstraintError("PGLC006", `The constraint ${shown} needs more than ${states} states.`, {
    hint: "Bound its repetitions more tightly, or say the same in several smaller constraints. PGL_CONSTRAINT_STATES raises the limit.",
  });
}

/** How far the compilation of a constraint is. */
export interface Compilation {
  /** The constraint, as programs write it. */
  readonly constraint: string;
  readonly milliseconds: number;
  /** States that have been looked at, in all of its parts so far. */
  readonly states: number;
}

let watcher: ((progress: Compilation | null) => void) | null = null;
/** The outermost constraint being compiled. */
let current: { readonly description: string; readonly begun: number; states: number; told: number } | null = null;

/** Milliseconds between two reports, and before the first. */
const INTERVAL = 500;
const STATES = 256;

/**
 * Has a function told how compilations go that take longer than half a second, about twice a second, and (null) when such a
 * one is over. It is called in the midst of them and must return soon.
 */
export function watchCompilation(listener: ((progress: Compilation | null) => void) | null): void {
  watcher = listener;
}

/** Compiles under a name, for those who watch. */
export function compiling<T>(description: () => string, compile: () => T): T {
  if (current !== null || watcher === null) return compile();
  const begun = performance.now();
  const own = { description: description(), begun, states: 0, told: begun };
  current = own;
  try {
    return compile();
  } finally {
    current = null;
    if (own.told > begun) watcher?.(null);
  }
}

/** One more state has been looked at. */
export function looked(): void {
  if (current === null || ++current.states % STATES !== 0 || watcher === null) return;
  const now = performance.now();
  if (now - current.told < INTERVAL) return;
  current.told = now;
  watcher({ constraint: current.description, milliseconds: now - current.begun, states: current.states });
}
