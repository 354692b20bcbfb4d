import { defaultMethod, importance, MethodError, rejection, smc, type Method } from "@pgl/runtime";
import type { NamedProposal } from "../load/compiled.js";

/**
 * The same method with another number of particles (of samples, where it has those).
 *
 * @param proposals where a proposal that the method names is found.
 * @throws MethodError for a method that has no such number.
 */
export function withParticles(
  method: Method = defaultMethod,
  particles: number,
  proposals: Readonly<Record<string, NamedProposal>> = {},
): Method {
  const { proposal: name, ...options } = method.options;
  const proposal = typeof name === "string" ? { proposal: proposals[name]!.model } : {};
  switch (method.name) {
    case "smc":
      return smc({ ...options, ...proposal, particles });
    case "importance":
      return importance({ ...options, ...proposal, samples: particles });
    case "rejection":
      return rejection({ ...options, samples: particles });
    default:
      throw new MethodError("PGLT021", `${method.name} has no particles.`, {
        hint: "Choose another method, as smc(particles: 100).",
      });
  }
}
