import { PglError, RunError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import { journalAnswer } from "../../machine/journal.js";
import type { Particle } from "../../machine/particle.js";
import type { RequestHandler } from "../../machine/request.js";
import type { RandomSource } from "../../random/source.js";
import { waitsForGuide } from "./forward.js";

/** What the i-th of the waiting particles' answers draws from. */
export type AnswerStreams = (particle: Particle, index: number) => RandomSource;

/**
 * Answers what the given particles wait for: one call of each handler, so a population is evaluated as one batch.
 * `tick` differs from call to call in a particle's life; with the particle's own stream it seeds what an answer draws, so
 * that nested inference does not depend on how many particles ask.
 *
 * @returns nothing when every handler answered at once, else a promise.
 * @throws RunError PGLR063 when a handler gives another number of answers than it was asked for.
 */
export function answerRequests(
  waiting: readonly Particle[],
  environment: Environment,
  tick: number,
  streams: AnswerStreams = (particle) => particle.random.split(tick),
): void | Promise<void> {
  const groups = new Map<RequestHandler, number[]>();
  for (let i = 0; i < waiting.length; i++) {
    const { handler } = waiting[i]!.request!;
    const group = groups.get(handler);
    if (group === undefined) groups.set(handler, [i]);
    else group.push(i);
  }
  const pending: Promise<void>[] = [];
  for (const [handler, indices] of groups) {
    const ask = (): Promise<readonly unknown[]> | readonly unknown[] =>
      handler.answer(
        indices.map((i) => waiting[i]!.request!.payload),
        environment,
        (k) => streams(waiting[indices[k]!]!, indices[k]!),
      );
    const give = (values: readonly unknown[]): void => {
      if (values.length !== indices.length) {
        throw new RunError(
          "PGLR063",
          `\`${handler.name}\` gave ${values.length} answers to ${indices.length} requests.`,
        );
      }
      for (let k = 0; k < indices.length; k++) {
        const particle = waiting[indices[k]!]!;
        if (particle.journal !== null && !waitsForGuide(particle)) journalAnswer(particle, values[k]);
        particle.value = values[k];
        particle.request = null;
      }
    };
    // What fails without a place of its own failed for the particle that asked.
    const fail = (error: unknown): never => {
      const { payload = 0 } = (error ?? {}) as { payload?: number };
      if (error instanceof PglError) error.site ??= waiting[indices[payload]!]!.site ?? undefined;
      throw error;
    };
    try {
      const answers = ask();
      if (isPromise(answers)) pending.push(answers.then(give, fail));
      else give(answers);
    } catch (error) {
      // Nobody will wait for the others now: if they fail too, that is not news.
      for (const other of pending) other.catch(() => undefined);
      fail(error);
    }
  }
  if (pending.length > 0) return Promise.all(pending).then(() => undefined);
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
