import type { ClassDeclarationStructure, FunctionDeclarationStructure, ParameterDeclarationStructure } from "ts-morph";
import { pieces, plain } from "./marks.js";
import { indent } from "./printer.js";
import type { SourcePosition } from "./source-map.js";
import { kinds, type ModuleStatement } from "./structures.js";

export interface PrintedText {
  readonly text: string;
  readonly positions: readonly SourcePosition[];
}

/** A module as the body of a CommonJS function, types left out. */
export function printJavaScript(statements: readonly ModuleStatement[]): PrintedText {
  const exported: string[] = [];
  const parts = statements.flatMap((statement) => printStatement(statement, exported));
  const marked = ['"use strict";', ...parts, ...exported].join("\n") + "\n";
  return strip(marked);
}

/** The plain text, and where its parts come from. */
function strip(marked: string): PrintedText {
  let text = "";
  let line = 0;
  let lineStart = 0;
  const positions: SourcePosition[] = [];
  for (const piece of pieces(marked)) {
    if (piece.kind === "position") positions.push({ line, column: text.length - lineStart, offset: piece.offset });
    if (piece.kind !== "text") continue;
    for (let newline = piece.text.indexOf("\n"); newline >= 0; newline = piece.text.indexOf("\n", newline + 1)) {
      line++;
      lineStart = text.length + newline + 1;
    }
    text += piece.text;
  }
  return { text, positions };
}

function printStatement(statement: ModuleStatement, exported: string[]): string[] {
  switch (statement.kind) {
    case kinds.import: {
      const names = (statement.namedImports as { name: string; alias?: string; isTypeOnly?: boolean }[])
        .filter(({ isTypeOnly }) => isTypeOnly !== true)
        .map(({ name, alias }) => (alias === undefined ? name : `${name}: ${alias}`));
      return names.length === 0
        ? []
        : [`const { ${names.join(", ")} } = require(${JSON.stringify(statement.moduleSpecifier)});`];
    }
    case kinds.typeAlias:
      return [];
    case kinds.variable:
      return statement.declarations.map(({ name, initializer }) => {
        if (statement.isExported === true) exported.push(`exports.${name} = ${name};`);
        return `const ${name} = ${String(initializer)};`;
      });
    case kinds.function:
      if (statement.isExported === true) exported.push(`exports.${statement.name!} = ${statement.name!};`);
      return [printFunction(statement)];
    case kinds.class:
      return [printClass(statement)];
    case kinds.export:
      for (const { name, alias } of statement.namedExports as { name: string; alias?: string }[]) {
        exported.push(`exports.${alias ?? name} = ${name};`);
      }
      return [];
  }
}

const lines = (statements: unknown): string => (statements as readonly string[]).join("\n");

const parameterList = (parameters: readonly ParameterDeclarationStructure[] | undefined): string =>
  (parameters ?? [])
    .map(({ name, initializer }) => (initializer === undefined ? name : `${name} = ${String(initializer)}`))
    .join(", ");

function printFunction(fn: FunctionDeclarationStructure): string {
  return `function ${fn.name!}(${parameterList(fn.parameters as ParameterDeclarationStructure[])}) {\n${indent(lines(fn.statements))}\n}`;
}

function printClass(declaration: ClassDeclarationStructure): string {
  const members: string[] = [];
  for (const { name, initializer } of declaration.properties ?? []) {
    // A field that the constructor sets is made there, once and with its value.
    if (initializer !== undefined) members.push(`${name} = ${plain(String(initializer), false)};`);
  }
  for (const { parameters, statements } of declaration.ctors ?? []) {
    members.push(
      `constructor(${parameterList(parameters as ParameterDeclarationStructure[])}) {\n${indent(lines(statements))}\n}`,
    );
  }
  for (const { name, parameters, statements } of declaration.methods ?? []) {
    members.push(
      `${name}(${parameterList(parameters as ParameterDeclarationStructure[])}) {\n${indent(lines(statements))}\n}`,
    );
  }
  return `class ${declaration.name!} extends ${String(declaration.extends)} {\n${indent(members.join("\n"))}\n}`;
}
