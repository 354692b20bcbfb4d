/** Types of PGL values, as the compiler sees them. Immutable; compared structurally. */
export type Type =
  | {
      readonly kind: "int" | "float" | "bool" | "string" | "token" | "context" | "unit" | "lm" | "twist" | "constraint";
    }
  /** The missing value. `host`: how it is written where the type comes from TypeScript, when not `null`. */
  | { readonly kind: "none"; readonly host?: "undefined" }
  /** A string literal type; a union of these is a string enumeration. */
  | { readonly kind: "literal"; readonly value: string }
  | { readonly kind: "list"; readonly element: Type }
  | { readonly kind: "map"; readonly key: Type; readonly value: Type }
  | { readonly kind: "tuple"; readonly elements: readonly Type[] }
  | {
      readonly kind: "record";
      readonly fields: ReadonlyMap<string, { readonly type: Type; readonly optional: boolean }>;
    }
  /** Members are not unions, none is a subtype of another; at least two. `T?` is `T | none`. */
  | { readonly kind: "union"; readonly members: readonly Type[] }
  | {
      readonly kind: "function";
      readonly parameters: readonly ParameterType[];
      readonly result: Type;
      readonly effect: Effect;
    }
  | { readonly kind: "dist"; readonly element: Type; readonly domain: DistributionDomain }
  /** The result of `infer`; a subtype of `dist<T>`. */
  | { readonly kind: "posterior"; readonly element: Type }
  /** A value from a host declaration that PGL cannot look into; carried about, given back to host functions. */
  | { readonly kind: "opaque"; readonly name: string }
  /** What an expression that never ends has (`return` in a branch), and the type of an empty list's element. */
  | { readonly kind: "never" }
  /** After an error has been reported: compatible with everything, so that one mistake is reported once. */
  | { readonly kind: "error" }
  /** Inference variable, only during checking. */
  | { readonly kind: "variable"; readonly id: number };

export interface ParameterType {
  readonly name: string;
  readonly type: Type;
  readonly optional: boolean;
}

/** What is known of a distribution beside its element type; decides which methods and passes apply. */
export type DistributionDomain =
  | "finite"
  | "countable"
  | "continuous"
  | "text"
  | "choice"
  | "next-token"
  /** A product or a power: not normalised, so that drawing weighs. */
  | "product"
  | "unknown";

/**
 * What running something may do. `pure`: plain computation. `async`: deterministic, but waits for the outside (a model's
 * score, a host function that returns a promise, `infer`). `generative`: draws or weighs. Each may do what those before it do.
 */
export type Effect = "pure" | "async" | "generative";
