/** The program has no meaning: an index out of range, a NaN weight, no arm that matches. A compiled program must fail too. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}

/** The reference interpreter does not define this (an infinite support, a method other than `enumerate`, a budget). */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}

/** More executions or steps than the caller allowed. */
export class BudgetError extends UnsupportedError {
  constructor(what: string, limit: number) {
    super(`The program takes more than ${limit} ${what}.`);
  }
}
