import { MethodError } from "../../errors.js";
import type { Environment } from "../../machine/environment.js";
import { showSite } from "../../machine/site.js";
import { drive } from "../blocks/drive.js";
import type { Progress, Target } from "../method.js";
import { Exploration, type ExplorationOptions } from "./exploration.js";

/**
 * The states of a program and the draws between them, complete.
 *
 * @throws MethodError PGLR095 when the run is ended before all states are known: a part of them says nothing.
 */
export async function explore(
  program: Target,
  environment: Environment,
  options: ExplorationOptions,
  onProgress: ((progress: Progress) => void) | undefined,
): Promise<Exploration> {
  const exploration = new Exploration(program, environment, options);
  const stop = await drive(exploration.run(), environment, (progress) => onProgress?.(progress));
  if (stop === null) return exploration;
  throw new MethodError(
    "PGLR095",
    `${options.method} was ended (${stop}) after ${exploration.graph.size} states: it has no answer before it has seen all.`,
    { hint: "Give it more time, or use a method that has something to show at any moment, as smc or enumerate." },
  );
}

/** Says in the run's warnings that no execution had positive weight. */
export function warnOfNoMass(environment: Environment, { lastDeath }: Exploration): void {
  environment.warn({
    code: "PGLW003",
    message: `Every execution had weight zero${lastDeath === null ? "" : `; one ended at ${showSite(lastDeath)}`}.`,
    site: lastDeath ?? undefined,
  });
}
