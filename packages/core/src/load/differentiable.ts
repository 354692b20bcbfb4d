import {
  differentiableBuiltins,
  differentiableDistributions,
  differentiableFrames,
  inferRequest,
  refuseDerivatives,
  ValueMap,
  withoutDerivatives,
} from "@pgl/runtime";
import * as prelude from "../prelude.js";

const refusing =
  <F extends (...args: never[]) => unknown>(taker: string, call: F) =>
  (...args: Parameters<F>): ReturnType<F> =>
    call(...(refuseDerivatives(taker, args) as Parameters<F>)) as ReturnType<F>;

/** What the differentiable twin of a program imports: the prelude, with tables that know numbers with derivatives. */
export const differentiablePrelude: Readonly<Record<string, unknown>> = {
  ...prelude,
  $: differentiableBuiltins,
  dist: differentiableDistributions,
  frames: differentiableFrames,
  compare: differentiableBuiltins.compare,
  // Keys are compared by value.
  ValueMap: {
    from: (entries: Iterable<readonly [unknown, unknown]>) =>
      ValueMap.from(Array.from(entries, ([key, value]) => [withoutDerivatives(key), value] as const)),
  },
  inferRequest: refusing("an inference inside the program", inferRequest),
  restrict: refusing("a restricted draw", prelude.restrict),
};

type Hosts = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** The same host modules, whose functions refuse numbers with derivatives: TypeScript computes with plain ones. */
export function differentiableHosts(hosts: Hosts): Hosts {
  return new Map(Array.from(hosts, ([key, exports]) => [key, refusingModule(exports)] as const));
}

const refusingModule = (exports: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  new Proxy(Object.create(null) as Readonly<Record<string, unknown>>, {
    get(_, name) {
      const value = (exports as Readonly<Record<string | symbol, unknown>>)[name];
      if (typeof value !== "function") return value;
      return refusing(`the host function \`${String(name)}\``, value as (...args: never[]) => unknown);
    },
  });
