import type { Span } from "@pgl/grammar";
import type { Type } from "../types.js";
import type { Expr } from "./expression.js";
import type { Statement } from "./statement.js";

/**
 * The intermediate representation: structured A-normal form. An expression is pure (it computes, it may fail, it never
 * waits); whatever only the machine can do is a statement of its own, with its site. Nothing here refers to the syntax tree
 * except by span, every object is immutable, and variables and globals are compared by identity, so a pass is a function
 * from program to program that shares what it does not change.
 */
export interface Program {
  readonly entry: string;
  /** In dependency order, the entry last. */
  readonly modules: readonly ModuleIr[];
}

export interface ModuleIr {
  readonly file: string;
  /** The source, for the lines and columns of sites. */
  readonly text: string;
  readonly imports: readonly ImportIr[];
  readonly types: readonly TypeIr[];
  readonly lms: readonly LmIr[];
  readonly twistFiles: readonly TwistFileIr[];
  /** In an order in which each may be computed. */
  readonly constants: readonly ConstantIr[];
  readonly functions: readonly FunctionIr[];
  readonly queries: readonly QueryIr[];
}

/** A name of a module: something that exists once, before anything runs. Compared by identity. */
export interface Global {
  readonly kind: "function" | "model" | "proposal" | "const" | "lm" | "twist" | "host";
  readonly name: string;
  /** The file it is declared in; for a host name, the specifier of its module as written. */
  readonly module: string;
  /** Calling it may suspend. */
  readonly suspends: boolean;
  readonly type: Type;
}

/** A local name. Compared by identity: two variables may be called the same. */
export interface Variable {
  readonly name: string;
  readonly type: Type;
  /** Assigned more than once. */
  readonly mutable: boolean;
}

export interface ImportIr {
  readonly kind: "pgl" | "host";
  /** As written. */
  readonly specifier: string;
  /** What `specifier` means: the imported module's file. Host modules are resolved by whoever loads them. */
  readonly file: string | undefined;
  readonly names: readonly { readonly imported: string; readonly global: Global }[];
  readonly span: Span;
}

interface DeclarationIr {
  readonly doc: string | undefined;
  readonly span: Span;
}

export interface TypeIr extends DeclarationIr {
  readonly name: string;
  readonly type: Type;
}

export interface LmIr extends DeclarationIr {
  readonly global: Global;
  readonly spec: string;
  /** The file of a surrogate, as written. */
  readonly surrogate: string | undefined;
}

/** A twist that was learned. */
export interface TwistFileIr extends DeclarationIr {
  readonly global: Global;
  /** As written. */
  readonly file: string;
  readonly site: SiteIr;
}

export interface ConstantIr extends DeclarationIr {
  readonly global: Global;
  readonly value: Expr;
  /** Made by a pass, not written by the program. */
  readonly hoisted?: boolean;
}

export interface ParameterIr {
  readonly variable: Variable;
  /** What an argument left out stands for; may use the parameters before it. */
  readonly defaultValue: Expr | undefined;
}

/** A function, a model or a proposal. */
export interface FunctionIr extends DeclarationIr {
  readonly global: Global;
  readonly parameters: readonly ParameterIr[];
  readonly result: Type;
  readonly body: readonly Statement[];
  /** A proposal's model. */
  readonly target: Global | undefined;
  /** Of a model with a twist in it: the model as it was written. */
  readonly twisted?: Global | undefined;
}

export interface QueryIr extends DeclarationIr {
  readonly name: string;
  readonly model: Global;
  readonly arguments: readonly Expr[];
  /** Undefined where the run chooses: nothing is written, and the model cannot be enumerated for certain. */
  readonly method: MethodIr | undefined;
  readonly site: SiteIr;
}

/** `smc(particles: 64)`. */
export interface MethodIr {
  readonly name: string;
  readonly options: readonly { readonly name: string; readonly value: Expr }[];
  readonly span: Span;
}

/** A place that draws, weighs or waits. Compared by identity. */
export interface SiteIr {
  readonly name: string;
  readonly kind: "sample" | "observe" | "condition" | "factor" | "twist" | "step" | "call" | "infer";
  readonly span: Span;
}
