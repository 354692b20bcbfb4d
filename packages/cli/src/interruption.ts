import type { Io } from "./io.js";

/** What the user's interrupt does to a piece of work. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** To be called by work that may never let the event loop turn, which the listener needs. */
  poll(): void;
  /** The work is over. */
  over(): void;
}

/** @param seconds after which the work is to be over; null for whenever it is */
export function interruption(io: Io, seconds: number | null = null): Interruption {
  const controller = new AbortController();
  const unlisten = io.interrupt?.listen(() => controller.abort());
  const over = io.interrupt?.running(seconds);
  return {
    signal: controller.signal,
    poll() {
      if (io.interrupt?.requested === true) controller.abort();
    },
    over() {
      unlisten?.();
      over?.();
    },
  };
}
