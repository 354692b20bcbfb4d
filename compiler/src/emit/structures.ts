import type {
  ClassDeclarationStructure,
  ExportDeclarationStructure,
  FunctionDeclarationStructure,
  ImportDeclarationStructure,
  ParameterDeclarationStructure,
  PropertyDeclarationStructure,
  TypeAliasDeclarationStructure,
  VariableStatementStructure,
} from "ts-morph";

/**
 * What emission builds: ts-morph's own structures, as plain data. ts-morph takes a third of a second to load and is needed
 * for TypeScript text only, so the numbers behind its enumerations are written here, and a test holds them to it.
 */
export type ModuleStatement =
  | ClassDeclarationStructure
  | ExportDeclarationStructure
  | FunctionDeclarationStructure
  | ImportDeclarationStructure
  | TypeAliasDeclarationStructure
  | VariableStatementStructure;

export const kinds = {
  class: 2 as ClassDeclarationStructure["kind"],
  export: 11 as ExportDeclarationStructure["kind"],
  function: 13 as FunctionDeclarationStructure["kind"],
  import: 16 as ImportDeclarationStructure["kind"],
  parameter: 30 as ParameterDeclarationStructure["kind"],
  property: 31 as PropertyDeclarationStructure["kind"],
  typeAlias: 38 as TypeAliasDeclarationStructure["kind"],
  variable: 41 as VariableStatementStructure["kind"],
};

export const scopes = {
  private: "private" as NonNullable<PropertyDeclarationStructure["scope"]>,
  protected: "protected" as NonNullable<PropertyDeclarationStructure["scope"]>,
};

const CONST = "const" as NonNullable<VariableStatementStructure["declarationKind"]>;

/** `const name: type = initializer;` */
export function constant(
  name: string,
  initializer: string | undefined,
  options: {
    readonly type?: string;
    readonly exported?: boolean;
    readonly declare?: boolean;
    readonly doc?: string;
  } = {},
): VariableStatementStructure {
  return {
    kind: kinds.variable,
    declarationKind: CONST,
    isExported: options.exported ?? false,
    hasDeclareKeyword: options.declare ?? false,
    docs: docs(options.doc),
    declarations: [
      {
        name,
        ...(initializer === undefined ? {} : { initializer }),
        ...(options.type === undefined ? {} : { type: options.type }),
      },
    ],
  };
}

/** A documentation comment, which must not end early or carry marks. */
export const docs = (doc: string | undefined): string[] =>
  doc === undefined || doc === "" ? [] : [doc.replaceAll("*/", "*\u200b/").replace(/[\uE000-\uF8FF]/g, "\uFFFD")];
