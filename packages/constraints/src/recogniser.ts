/**
 * What a constraint compiles to: a deterministic recogniser of texts, read byte by byte (UTF-8). States are whole numbers
 * from 0 on, made as they are met and never changed, so whoever reads a text holds nothing but a number: forking costs
 * nothing. A recogniser is shared by all who read by it.
 *
 * Texts are valid UTF-8. What a recogniser does on other bytes is its own affair, but it must answer.
 */
export interface Recogniser {
  /** The state before the first byte; `DEAD` when no text at all is accepted. */
  readonly start: number;
  /**
   * The state after `byte` (0 to 255) in `state`, which is not `DEAD`. `DEAD` only when no continuation is accepted.
   * @throws ConstraintError PGLC006 when more states than the budget allows would be needed.
   */
  step(state: number, byte: number): number;
  /** Whether what has been read is a text of the constraint. */
  accepts(state: number): boolean;
  /**
   * How many more bytes are needed at least until a text is accepted: 0 just when `accepts(state)`, never more than the true
   * number (`Infinity` when it is certain that none is).
   */
  shortest(state: number): number;
  /** Every state but `DEAD` has an accepted continuation, and `shortest` is the true number. */
  readonly exact: boolean;
  /** By byte, the number of its class: bytes of one class lead from any state to the same state. Null when not known. */
  readonly classes: Uint8Array | null;
  /** A step is so dear (it asks a function of the user's) that trying the tokens drawn is better than trying them all. */
  readonly costly?: boolean;
}

/** The state in which nothing is accepted any more, whatever follows. */
export const DEAD = -1;

/** Reads a text. `DEAD` when it has no accepted continuation. */
export function read(recogniser: Recogniser, bytes: ArrayLike<number>, state: number = recogniser.start): number {
  for (let i = 0; i < bytes.length && state !== DEAD; i++) state = recogniser.step(state, bytes[i]!);
  return state;
}

/** Whether a text is accepted. */
export function recognises(recogniser: Recogniser, text: string): boolean {
  const state = read(recogniser, new TextEncoder().encode(text));
  return state !== DEAD && recogniser.accepts(state);
}
