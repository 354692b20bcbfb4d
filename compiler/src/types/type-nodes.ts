import type * as ast from "@pgl/grammar";
import type { ImportedBinding, Unit } from "../resolve/bindings.js";
import { typeNames } from "../resolve/resolve.js";
import type { Type } from "../types.js";
import type { Checking } from "./checking.js";
import { nameType } from "./show.js";
import { dist, ERROR, functionType, list, literal, map, optional, posterior, tuple, union } from "./type.js";

/** Reads written types. Aliases are looked through; one that contains itself is reported. */
export class TypeReader {
  private readonly aliases = new Map<Unit, Type | "open">();

  constructor(private readonly c: Checking) {}

  read(node: ast.TypeNode): Type {
    const known = this.c.typeNodes.get(node);
    if (known !== undefined) return known;
    const type = this.make(node);
    this.c.typeNodes.set(node, type);
    return type;
  }

  alias(unit: Unit): Type {
    const declaration = unit.declaration as ast.TypeDeclaration;
    const known = this.aliases.get(unit);
    if (known === "open") {
      this.c.report("PGL3028", declaration.name, `\`${unit.name}\` contains itself.`, {
        hint: "Types with themselves inside are not supported: keep nested data in a list with indices, or as text.",
      });
      this.aliases.set(unit, ERROR);
      return ERROR;
    }
    if (known !== undefined) return known;
    this.aliases.set(unit, "open");
    const type = this.read(declaration.type);
    const result = this.aliases.get(unit) === ERROR ? ERROR : type;
    // An alias of an alias keeps the name nearer to the structure.
    if (declaration.type.kind !== "NamedType") nameType(result, unit.name);
    this.aliases.set(unit, result);
    return result;
  }

  private make(node: ast.TypeNode): Type {
    switch (node.kind) {
      case "NamedType":
        return this.named(node);
      case "RecordType": {
        const fields = new Map<string, { readonly type: Type; readonly optional: boolean }>();
        for (const field of node.fields) {
          if (fields.has(field.name.name))
            this.c.report("PGL3027", field.name, `The field \`${field.name.name}\` is there twice.`);
          fields.set(field.name.name, { type: this.read(field.type), optional: field.optional });
        }
        return { kind: "record", fields };
      }
      case "TupleType":
        return tuple(node.elements.map((element) => this.read(element)));
      case "FunctionType":
        return functionType(
          node.parameters.map((parameter, i) => ({
            name: `argument ${i + 1}`,
            type: this.read(parameter),
            optional: false,
          })),
          this.read(node.result),
          node.generative ? "generative" : "async",
        );
      case "UnionType":
        return union(node.members.map((member) => this.read(member)));
      case "OptionalType":
        return optional(this.read(node.type));
      case "StringLiteralType":
        return literal(node.value);
    }
  }

  private named(node: ast.NamedType): Type {
    const { name } = node.name;
    const wanted = typeNames.get(name) ?? 0;
    const args = node.arguments.map((argument) => this.read(argument));
    if (args.length !== wanted && name !== "") {
      const written = wanted === 0 ? name : wanted === 1 ? `${name}<T>` : `${name}<K, V>`;
      this.c.report(
        "PGL3023",
        node,
        `\`${name}\` takes ${wanted === 0 ? "no type" : wanted === 1 ? "one type" : "two types"} in angle brackets.`,
        `Write \`${written}\`.`,
      );
      if (args.length < wanted) return ERROR;
    }
    switch (name) {
      case "list":
        return list(args[0]!);
      case "map":
        return map(args[0]!, args[1]!);
      case "dist":
        return dist(args[0]!);
      case "posterior":
        return posterior(args[0]!);
      case "int":
      case "float":
      case "bool":
      case "string":
      case "token":
      case "context":
      case "unit":
      case "none":
      case "lm":
      case "twist":
        return { kind: name };
    }
    const binding = this.c.binding(node.name);
    if (binding.kind === "unit" && binding.declaration.kind === "TypeDeclaration") return this.alias(binding);
    if (binding.kind === "imported" && binding.symbol?.kind === "type") return binding.symbol.type;
    if (binding.kind === "missing" || isBroken(binding)) return ERROR;
    this.c.report("PGL2015", node.name, `\`${name}\` is not a type.`);
    return ERROR;
  }
}

const isBroken = (binding: { readonly kind: string }): boolean =>
  binding.kind === "imported" && (binding as ImportedBinding).symbol === undefined;
