import type { SourceFile, ts as TypeScript } from "ts-morph";
import type { Effect, ParameterType, Type } from "../types.js";
import {
  BOOL,
  FLOAT,
  functionType,
  list,
  literal,
  map,
  NEVER,
  NONE,
  STRING,
  tuple,
  union,
  UNIT,
  UNKNOWN,
} from "../types/type.js";
import type { HostFound } from "./read.js";

type Ts = typeof TypeScript;
type FunctionPgl = Type & { readonly kind: "function" };

/** Types nested deeper than this are not looked into. */
const MAX_DEPTH = 12;

/**
 * TypeScript types in PGL's terms: `number` takes int and float and yields float; `undefined` and `null` are `none`; a
 * promise makes a function `async`; what has no counterpart becomes opaque, to be carried about and given back.
 */
export class HostTypes {
  private readonly ts: Ts;
  private readonly variables = new Map<TypeScript.Type, Type>();
  private nextVariable = -1;
  private readonly open = new Set<TypeScript.Type>();

  constructor(
    morph: { readonly ts: Ts },
    private readonly checker: TypeScript.TypeChecker,
    private readonly file: SourceFile,
  ) {
    this.ts = morph.ts;
  }

  read(exported: TypeScript.Symbol): HostFound {
    const { ts, checker } = this;
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if (!(symbol.flags & ts.SymbolFlags.Value)) {
      return {
        kind: "unusable",
        reason: "it is a type, and is gone when the program runs",
        hint: "Declare the type again in PGL: `type …`.",
      };
    }
    if (symbol.flags & ts.SymbolFlags.Class) {
      return {
        kind: "unusable",
        reason: "it is a class, and PGL has no `new`",
        hint: "Export a function that makes an object of it.",
      };
    }
    const type = checker.getTypeOfSymbolAtLocation(symbol, this.file.compilerNode);
    const signatures = type.getCallSignatures();
    if (signatures.length === 0) {
      const awaited = this.promised(type);
      if (awaited !== undefined) {
        return { kind: "unusable", reason: "it is a promise", hint: "Export a function that returns it." };
      }
      return { kind: "export", value: { type: this.convert(type, 0), effect: "pure", overloads: [], generic: false } };
    }
    for (const signature of signatures) {
      const problem = this.genericProblem(signature);
      if (problem !== undefined) return problem;
    }
    const read = signatures.map((signature) => this.signature(signature, 0));
    // A function that waits in one way of calling it is waited for in all.
    const effect: Effect = read.some((signature) => signature.effect === "async") ? "async" : "pure";
    const converted = read.map((signature) => ({ ...signature, effect }));
    return {
      kind: "export",
      value: {
        type: converted[0]!,
        effect,
        overloads: converted.slice(1),
        generic: signatures.some((signature) => (signature.typeParameters?.length ?? 0) > 0),
      },
    };
  }

  /** Type parameters that PGL can find at a call: ones without a constraint that itself speaks of type parameters. */
  private genericProblem(signature: TypeScript.Signature): HostFound | undefined {
    const { ts } = this;
    for (const parameter of signature.typeParameters ?? []) {
      const declaration = parameter.symbol.declarations?.find(ts.isTypeParameterDeclaration);
      if (declaration?.constraint === undefined) continue;
      const constraint = this.checker.getTypeFromTypeNode(declaration.constraint);
      const complex =
        ts.TypeFlags.TypeParameter | ts.TypeFlags.Index | ts.TypeFlags.IndexedAccess | ts.TypeFlags.Conditional;
      if (constraint.flags & complex) {
        return {
          kind: "unusable",
          reason: `its type parameter \`${parameter.symbol.name}\` is too intricate to be found from the arguments`,
          hint: "Give it a plain signature, or export one for the types you need.",
        };
      }
    }
    return undefined;
  }

  private signature(signature: TypeScript.Signature, depth: number): FunctionPgl {
    const { checker, ts } = this;
    const parameters: ParameterType[] = [];
    for (const symbol of signature.getParameters()) {
      const declaration = symbol.valueDeclaration;
      const written = declaration !== undefined && ts.isParameter(declaration) ? declaration : undefined;
      // PGL has no rest arguments: a function is called without them.
      if (written?.dotDotDotToken !== undefined) continue;
      const optional = written !== undefined && checker.isOptionalParameter(written);
      const type = checker.getTypeOfSymbolAtLocation(symbol, this.file.compilerNode);
      const converted = this.convert(optional ? checker.getNonNullableType(type) : type, depth + 1);
      parameters.push({
        name: symbol.name,
        type: optional && this.includesNull(type) ? union([converted, NONE]) : converted,
        optional,
      });
    }
    const result = signature.getReturnType();
    const promised = this.promised(result);
    const effect: Effect = promised === undefined ? "pure" : "async";
    return functionType(parameters, this.convert(promised ?? result, depth + 1), effect) as FunctionPgl;
  }

  private includesNull(type: TypeScript.Type): boolean {
    return type.isUnion() && type.types.some((member) => (member.flags & this.ts.TypeFlags.Null) !== 0);
  }

  /** What a promise, or a union with one, resolves to. */
  private promised(type: TypeScript.Type): TypeScript.Type | undefined {
    const members = type.isUnion() ? type.types : [type];
    const isPromise = members.some((member) => ["Promise", "PromiseLike"].includes(member.symbol?.name ?? ""));
    return isPromise ? this.checker.getAwaitedType(type) : undefined;
  }

  private convert(type: TypeScript.Type, depth: number): Type {
    const { ts } = this;
    const { flags } = type;
    const F = ts.TypeFlags;
    if (flags & F.TypeParameter) return this.variable(type);
    if (flags & (F.Any | F.Unknown)) return UNKNOWN;
    if (flags & F.Never) return NEVER;
    if (flags & F.Void) return UNIT;
    if (flags & F.Null) return NONE;
    if (flags & F.Undefined) return { kind: "none", host: "undefined" };
    if (flags & F.NumberLike) return FLOAT;
    if (flags & F.StringLiteral) return literal((type as TypeScript.StringLiteralType).value);
    if (flags & F.StringLike) return STRING;
    if (flags & F.BooleanLike) return BOOL;
    if (depth > MAX_DEPTH || this.open.has(type)) return this.opaque(type);
    this.open.add(type);
    try {
      if (type.isUnion()) {
        // Where both are allowed, `none` is `null`.
        const members = this.includesNull(type) ? type.types.filter((m) => !(m.flags & F.Undefined)) : type.types;
        return union(members.map((member) => this.convert(member, depth + 1)));
      }
      if (flags & F.Object || type.isIntersection()) return this.object(type, depth);
      return this.opaque(type);
    } finally {
      this.open.delete(type);
    }
  }

  private variable(type: TypeScript.Type): Type {
    const constraint = type.getConstraint();
    if (constraint !== undefined && !(constraint.flags & (this.ts.TypeFlags.Any | this.ts.TypeFlags.Unknown))) {
      return this.convert(constraint, 0);
    }
    let variable = this.variables.get(type);
    if (variable === undefined) this.variables.set(type, (variable = { kind: "variable", id: this.nextVariable-- }));
    return variable;
  }

  private object(type: TypeScript.Type, depth: number): Type {
    const { checker } = this;
    const args = () => checker.getTypeArguments(type as TypeScript.TypeReference);
    if (checker.isTupleType(type)) return tuple(args().map((element) => this.convert(element, depth + 1)));
    if (checker.isArrayType(type)) return list(this.convert(args()[0]!, depth + 1));
    const name = type.symbol?.name ?? "";
    if ((name === "Map" || name === "ReadonlyMap") && this.isFromLibrary(type)) {
      const [key, value] = args();
      return map(this.convert(key!, depth + 1), this.convert(value!, depth + 1));
    }
    const calls = type.getCallSignatures();
    if (calls.length === 1 && type.getProperties().length === 0 && (calls[0]!.typeParameters ?? []).length === 0) {
      return this.signature(calls[0]!, depth + 1);
    }
    const isPlain =
      calls.length === 0 &&
      type.getConstructSignatures().length === 0 &&
      !this.isClass(type) &&
      !this.isFromLibrary(type);
    if (!isPlain || checker.getIndexInfosOfType(type).length > 0) return this.opaque(type);
    const fields = new Map<string, { readonly type: Type; readonly optional: boolean }>();
    for (const property of checker.getPropertiesOfType(type)) {
      const optional = (property.flags & this.ts.SymbolFlags.Optional) !== 0;
      const declared = checker.getTypeOfSymbolAtLocation(property, this.file.compilerNode);
      fields.set(property.name, {
        type: this.convert(optional ? checker.getNonNullableType(declared) : declared, depth + 1),
        optional,
      });
    }
    return { kind: "record", fields };
  }

  private isClass(type: TypeScript.Type): boolean {
    return type.isClass() || (type.symbol !== undefined && (type.symbol.flags & this.ts.SymbolFlags.Class) !== 0);
  }

  private isFromLibrary(type: TypeScript.Type): boolean {
    return (type.symbol?.declarations ?? []).some((declaration) =>
      /\/lib\.[\w.]*d\.ts$/.test(declaration.getSourceFile().fileName),
    );
  }

  private opaque(type: TypeScript.Type): Type {
    return { kind: "opaque", name: this.checker.typeToString(this.checker.getBaseTypeOfLiteralType(type)) };
  }
}
