import type * as ast from "@pgl/grammar";
import * as s from "../syntax.js";

/** The types that expressions are made for. `text` is a string over the alphabet that every vocabulary spells. */
export type Type =
  "int" | "bool" | "float" | "text" | "ints" | "pair" | "record" | "maybe" | "dict" | "context" | "token" | "triple";

export const typeNodes: Readonly<Record<Type, ast.TypeNode>> = {
  int: s.type.named("int"),
  bool: s.type.named("bool"),
  float: s.type.named("float"),
  text: s.type.named("string"),
  ints: s.type.named("list", s.type.named("int")),
  pair: s.type.tuple(s.type.named("int"), s.type.named("bool")),
  record: s.type.record({ x: s.type.named("int"), y: s.type.named("bool") }),
  maybe: s.type.optional(s.type.named("int")),
  dict: s.type.named("map", s.type.named("string"), s.type.named("int")),
  context: s.type.named("context"),
  token: s.type.named("token"),
  triple: s.type.tuple(s.type.named("int"), s.type.named("bool"), s.type.named("string")),
};

export interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly mutable: boolean;
}

/** Something that can be called with an int. */
export interface Callable {
  readonly name: string;
  readonly result: Type;
  readonly generative: boolean;
  /** log₂ of the executions of one call. */
  readonly bits: number;
  /** The argument must be small: the depth of a recursion. */
  readonly bounded: boolean;
  /** May stand after `infer`. */
  readonly model: boolean;
  /** Takes a generative function as its first argument and calls it this often; 0 when it takes none. */
  readonly applies: number;
}

export interface Scope {
  readonly variables: readonly Variable[];
  readonly callables: readonly Callable[];
  /** Draws and weights are allowed here. */
  readonly generative: boolean;
  /** What `return` gives here; null where it may not stand. */
  readonly returns: Type | null;
  readonly loop: boolean;
  /** In the body of the main model itself, outside branches and loops. */
  readonly top: boolean;
  /** Names of the innermost block: an inner one may use them again. */
  readonly own: ReadonlySet<string>;
}

export interface DistributionNode {
  readonly expression: ast.Expression;
  /** A closed expression of a distribution that covers this one, if there is one to be written. */
  readonly cover: ast.Expression | null;
}

/** A scope with more variables in its innermost block. */
export function withVariables(scope: Scope, ...variables: readonly Variable[]): Scope {
  const names = variables.map((v) => v.name);
  return {
    ...scope,
    variables: [...scope.variables.filter((v) => !names.includes(v.name)), ...variables],
    own: new Set([...scope.own, ...names]),
  };
}

/** The scope of a block inside. */
export const nested = (scope: Scope): Scope => ({ ...scope, top: false, own: new Set() });
