import type { Environment } from "../../machine/environment.js";
import type { Particle } from "../../machine/particle.js";
import type { RequestHandler } from "../../machine/request.js";

/**
 * Answers what the given particles wait for: one call of each handler, so a population is evaluated as one batch.
 * `tick` differs from call to call in a particle's life; with the particle's own stream it seeds what an answer draws, so
 * that nested inference does not depend on how many particles ask.
 */
export async function answerRequests(
  waiting: readonly Particle[],
  environment: Environment,
  tick: number,
): Promise<void> {
  const groups = new Map<RequestHandler, Particle[]>();
  for (const particle of waiting) {
    const handler = particle.request!.handler;
    const group = groups.get(handler);
    if (group === undefined) groups.set(handler, [particle]);
    else group.push(particle);
  }
  const calls = [...groups].map(async ([handler, particles]) => {
    const answers = await handler.answer(
      particles.map((p) => p.request!.payload),
      environment,
      (i) => particles[i]!.random.split(tick),
    );
    for (let i = 0; i < particles.length; i++) {
      particles[i]!.value = answers[i];
      particles[i]!.request = null;
    }
  });
  await Promise.all(calls);
}
