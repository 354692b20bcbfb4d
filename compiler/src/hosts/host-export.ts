import type { Effect, Type } from "../types.js";

/** What a host module exports under a name, in PGL's terms. */
export interface HostExport {
  readonly type: Type;
  readonly effect: Effect;
  /** Further call signatures of an overloaded function, after the first. */
  readonly overloads: readonly (Type & { readonly kind: "function" })[];
  /** The type has type parameters, which stand in it as variables and are made new for every call. */
  readonly generic: boolean;
}
