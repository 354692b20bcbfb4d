import { RunError } from "../errors.js";
import type { Frame } from "./frame.js";
import type { Closure } from "./model.js";
import { Op } from "./op.js";
import type { Particle } from "./particle.js";
import type { Request, RequestHandler } from "./request.js";

/**
 * Calls a function value of the language whose effect is not known: a plain function is called at once, a closure that
 * may suspend is entered. Either way the result is in `particle.value` when the caller's frame goes on.
 */
export function enterAny(particle: Particle, callee: unknown, args: readonly unknown[]): Op {
  if (typeof callee === "function") {
    particle.value = (callee as (...values: readonly unknown[]) => unknown)(...args);
    return Op.Continue;
  }
  return particle.call(enter(callee, args));
}

/** The frame a suspending closure or model runs in. */
export function enter(callee: unknown, args: readonly unknown[]): Frame {
  const candidate = callee as Partial<Closure> & { start?: (...values: readonly unknown[]) => Frame };
  if (typeof candidate?.enter === "function") return candidate.enter(args);
  if (typeof candidate?.start === "function") return candidate.start(...args);
  throw new RunError("PGLR001", "A value that is not a function was called.");
}

interface HostPayload {
  readonly call: (...args: readonly unknown[]) => unknown;
  readonly args: readonly unknown[];
  readonly name: string;
}

const hostHandler: RequestHandler = {
  name: "host",
  answer: (payloads) =>
    Promise.all(
      (payloads as readonly HostPayload[]).map(async ({ call, args, name }, payload) => {
        try {
          return await call(...args);
        } catch (cause) {
          const error = new RunError("PGLR002", `The host function \`${name}\` failed: ${messageOf(cause)}`, { cause });
          throw Object.assign(error, { payload });
        }
      }),
    ),
};

/** A call of a host function that may return a promise. Calls of one population run concurrently. */
export function hostCall(call: (...args: never[]) => unknown, args: readonly unknown[], name: string): Request {
  return { handler: hostHandler, payload: { call, args, name } as HostPayload };
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
