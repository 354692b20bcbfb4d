import type { RandomSource } from "../random/source.js";
import type { Environment } from "./environment.js";

/**
 * Something a particle waits for from outside the machine: a model's logits, a host function, a nested inference.
 * Requests of one population that share a handler are answered together, in one call.
 */
export interface Request<A = unknown> {
  readonly handler: RequestHandler<A>;
  readonly payload: unknown;
}

export interface RequestHandler<A = unknown> {
  readonly name: string;
  /**
   * Answers in the order of `payloads`. A rejected promise ends the run with that error. `randomOf(i)` is a fresh source
   * for what answering the i-th payload draws.
   */
  answer(
    payloads: readonly unknown[],
    environment: Environment,
    randomOf: (index: number) => RandomSource,
  ): Promise<readonly A[]> | readonly A[];
  /**
   * What an answer is drawn from, when it is drawn at random: equal texts for equal laws. Null (as when there is no such
   * method): the answer is a function of the payload, and may be asked for again.
   */
  law?(payload: unknown): string | null;
}

/** What the request's answer is drawn from; null when the answer is a function of what is asked. */
export const lawOf = ({ handler, payload }: Request): string | null => handler.law?.(payload) ?? null;
