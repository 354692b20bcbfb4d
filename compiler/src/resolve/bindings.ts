import type * as ast from "@pgl/grammar";
import type { Symbol } from "../checked.js";
import type { HostExport } from "../hosts/host-export.js";

/** Whatever has its own body and parameters. */
export type FunctionNode =
  | ast.FunctionDeclaration
  | ast.ModelDeclaration
  | ast.ProposalDeclaration
  | ast.TwistDeclaration
  | ast.LambdaExpression;

/** A variable: parameter, `let`, `var`, loop or pattern variable. */
export interface Local {
  readonly kind: "local";
  /** Distinguishes locals of one module, in order of declaration. */
  readonly id: number;
  readonly name: string;
  readonly declaration: ast.Identifier;
  readonly mutable: boolean;
  readonly role: "parameter" | "let" | "draw" | "loop" | "pattern";
  /** The function whose activation it belongs to; `null` in a constant or query. */
  readonly owner: FunctionNode | null;
  reads: number;
}

export type UnitDeclaration =
  | ast.ConstDeclaration
  | ast.FunctionDeclaration
  | ast.ModelDeclaration
  | ast.ProposalDeclaration
  | ast.TwistDeclaration
  | ast.LmDeclaration
  | ast.TwistFileDeclaration
  | ast.TypeDeclaration;

/** A declaration of the module, or a function declared inside a block. */
export interface Unit {
  readonly kind: "unit";
  readonly name: string;
  readonly declaration: UnitDeclaration;
  /** Position among the module's declarations; -1 for a function inside a block. */
  readonly index: number;
  /** The declarations of the module that its text refers to. */
  readonly references: Set<Unit>;
  reads: number;
}

export interface HostBinding {
  readonly kind: "host";
  readonly name: string;
  readonly declaration: ast.Identifier;
  readonly imported: string;
  readonly module: string;
  /** Missing when the export or its type could not be read; reported already. */
  readonly export: HostExport | undefined;
  reads: number;
}

/** A name of another `.pgl` module, which has been checked already. */
export interface ImportedBinding {
  readonly kind: "imported";
  readonly name: string;
  readonly declaration: ast.Identifier;
  readonly module: string;
  readonly symbol: Symbol | undefined;
  reads: number;
}

export type Binding =
  | { readonly kind: "builtin"; readonly name: string }
  | Local
  | Unit
  | HostBinding
  | ImportedBinding
  /** Nothing has this name: reported, and silent from here on. */
  | { readonly kind: "missing"; readonly name: string };

/** What every identifier of a module stands for. */
export interface Resolution {
  readonly bindings: ReadonlyMap<ast.Identifier, Binding>;
  readonly units: readonly Unit[];
  readonly unitOf: ReadonlyMap<ast.Declaration | ast.Statement, Unit>;
  readonly queries: readonly ast.QueryDeclaration[];
  /** The outer variables that a loop assigns, in its body or test. */
  readonly assignedIn: ReadonlyMap<ast.ForStatement | ast.WhileStatement, ReadonlySet<Local>>;
}
