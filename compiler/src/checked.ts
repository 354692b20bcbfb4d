import type * as ast from "@pgl/grammar";
import type { ConstraintDocument } from "./documents/read.js";
import type { Diagnostic } from "@pgl/grammar";
import type { Effect, Type } from "./types.js";

/** Something a name can stand for. */
export type Symbol =
  | { readonly kind: "builtin"; readonly name: string }
  | {
      readonly kind: "local";
      readonly name: string;
      readonly mutable: boolean;
      readonly declaration: ast.Identifier;
      readonly type: Type;
    }
  | { readonly kind: "const"; readonly name: string; readonly declaration: ast.ConstDeclaration; readonly type: Type }
  | {
      readonly kind: "function";
      readonly name: string;
      readonly declaration: ast.FunctionDeclaration;
      readonly type: Type;
      readonly effect: Effect;
    }
  | { readonly kind: "model"; readonly name: string; readonly declaration: ast.ModelDeclaration; readonly type: Type }
  | {
      readonly kind: "proposal";
      readonly name: string;
      readonly declaration: ast.ProposalDeclaration;
      readonly target: string;
    }
  | {
      readonly kind: "twist";
      readonly name: string;
      readonly declaration: ast.TwistDeclaration;
      readonly target: string;
    }
  | { readonly kind: "type"; readonly name: string; readonly declaration: ast.TypeDeclaration; readonly type: Type }
  | { readonly kind: "lm"; readonly name: string; readonly declaration: ast.LmDeclaration }
  | { readonly kind: "learned twist"; readonly name: string; readonly declaration: ast.TwistFileDeclaration }
  /**
   * A TypeScript function or constant. `module` is the specifier as written, `imported` the name it is exported under.
   * `effect` is `async` when its declared result is a promise.
   */
  | {
      readonly kind: "host";
      readonly name: string;
      readonly imported: string;
      readonly module: string;
      readonly type: Type;
      readonly effect: Effect;
    }
  /** A name of another `.pgl` module. `module` indexes `CheckedProgram.modules`. */
  | { readonly kind: "imported"; readonly name: string; readonly module: string; readonly symbol: Symbol };

/** One module after checking. Side tables are keyed by node identity. */
export interface CheckedModule {
  /** Absolute path, or a made-up name for text that has no file. */
  readonly file: string;
  readonly text: string;
  readonly tree: ast.Module;
  readonly symbols: ReadonlyMap<ast.Identifier, Symbol>;
  readonly types: ReadonlyMap<ast.Expression | ast.Identifier, Type>;
  /** Resolved declared types, by the type node. */
  readonly typeNodes: ReadonlyMap<ast.TypeNode, Type>;
  /** What calling the function, model or lambda may do. */
  readonly effects: ReadonlyMap<
    | ast.FunctionDeclaration
    | ast.ModelDeclaration
    | ast.ProposalDeclaration
    | ast.TwistDeclaration
    | ast.LambdaExpression,
    Effect
  >;
  /**
   * For each call: the arguments in parameter order, `undefined` where the default applies. For a call in `methodCalls`
   * the first is the object before the dot. Calls of language model members (`writer.text(…)`) are not in `methodCalls`;
   * their arguments are in the order of `languageModelMembers` (builtins/language-model.ts).
   */
  readonly calls: ReadonlyMap<ast.CallExpression | ast.InferExpression, readonly (ast.Expression | undefined)[]>;
  /** `xs.map(f)` and the like: member calls that mean a built-in function with the object as first argument; its name. */
  readonly methodCalls: ReadonlyMap<ast.CallExpression, string>;
  /** What the constraints `json(…)` and `grammar(…)` stand for. */
  readonly documents: ReadonlyMap<ast.ConstraintCall, ConstraintDocument>;
  readonly exports: ReadonlyMap<string, Symbol>;
}

export interface CheckedProgram {
  readonly entry: string;
  /** In dependency order: imported modules first. */
  readonly modules: ReadonlyMap<string, CheckedModule>;
  /** With the file each belongs to. A program with an error is not compiled. */
  readonly diagnostics: readonly (Diagnostic & { readonly file: string })[];
  /** Files the program depends on that are not PGL: absolute paths of host modules. */
  readonly hostModules: readonly string[];
  /** Names of the draws that running a model may come to, in what it calls too; those without a variable have none. */
  drawNames(model: ast.ModelDeclaration): readonly string[];
}
