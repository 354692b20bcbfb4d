import type { Site } from "./machine/site.js";

/** What an error says beside its message. */
export interface ErrorDetails {
  /** What to do about it. */
  readonly hint?: string;
  /** The place in the program it happened at. */
  readonly site?: Site;
  /** How many steps of sequential inference had been taken. */
  readonly step?: number;
  readonly cause?: unknown;
}

/** Every error PGL raises on purpose. `code` is stable; the message names the place and the remedy is in `hint`. */
export class PglError extends Error {
  readonly hint?: string;
  site?: Site;
  step?: number;

  constructor(
    readonly code: string,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.hint = details.hint;
    this.site = details.site;
    this.step = details.step;
  }
}

/** A running program did something that has no meaning: a NaN weight, an index out of range, no service. */
export class RunError extends PglError {}

/** A distribution was given parameters it is not defined for. */
export class DistributionError extends PglError {
  constructor(
    readonly distribution: string,
    readonly parameter: string,
    requirement: string,
    value: unknown,
  ) {
    super("PGLR010", `${distribution}: \`${parameter}\` must be ${requirement}, but it is ${String(value)}.`);
  }
}

/** An inference method was asked for what it cannot do with this program. */
export class MethodError extends PglError {}
