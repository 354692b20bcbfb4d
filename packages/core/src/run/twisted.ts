import { target, type Method, type Target } from "@pgl/runtime";
import type { NamedTwist } from "../load/compiled.js";

/** The method, run on a model with a twist in it in place of the model: the measure is the same. `name` is the twist's. */
export function twistedBy(method: Method, name: string, twist: NamedTwist): Method {
  const { sequential } = method;
  return {
    ...(sequential === undefined
      ? {}
      : { sequential: { ...sequential, program: (program: Target) => target(twist.model, program.arguments) } }),
    name: method.name,
    guarantee: method.guarantee,
    options: { ...method.options, twist: name },
    run: <R>(program: Parameters<typeof method.run<R>>[0], ...rest: [never, never]) =>
      method.run<R>(target(twist.model, program.arguments) as typeof program, ...rest),
  } as Method;
}
