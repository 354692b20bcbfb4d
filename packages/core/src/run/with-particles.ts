import { defaultMethod, MethodError, methods, type Method } from "@pgl/runtime";
import type { NamedProposal, NamedTwist } from "../load/compiled.js";
import { twistedBy } from "./twisted.js";

/** Methods of independent executions: their number is what particles are elsewhere. */
const SAMPLED = ["importance", "rejection"];

/**
 * The same method with another number of particles (of samples, for importance and rejection).
 *
 * @param proposals where a proposal that the method names is found, and `twists` where its twist is.
 * @throws MethodError for a method that has no such number.
 */
export function withParticles(
  method: Method = defaultMethod,
  particles: number,
  proposals: Readonly<Record<string, NamedProposal>> = {},
  twists: Readonly<Record<string, NamedTwist>> = {},
): Method {
  const make = (methods as Readonly<Record<string, ((options: never) => Method) | undefined>>)[method.name];
  const count = SAMPLED.includes(method.name) ? "samples" : "particles";
  if (make === undefined || !Object.hasOwn(method.options, count)) {
    throw new MethodError("PGLT021", `${method.name} has no particles.`, {
      hint: "Choose another method, as smc(particles: 100).",
    });
  }
  const { proposal, twist, ...options } = method.options;
  const guide = typeof proposal === "string" ? { proposal: proposals[proposal]!.model } : {};
  const made = make({ ...options, ...guide, [count]: particles } as never);
  return typeof twist === "string" ? twistedBy(made, twist, twists[twist]!) : made;
}
