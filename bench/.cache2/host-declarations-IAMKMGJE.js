import {
  parse
} from "./chunk-BX4ZDYKN.js";
import {
  MethodError
} from "./chunk-3EFK655J.js";
import "./chunk-PZ5AY32C.js";

// ../packages/core/src/load/host-declarations.ts
function hostDeclarations(functions) {
  return Object.entries(functions).map(([name, { type, isAsync }]) => {
    const { parameters, result } = functionType(type);
    const list = parameters.map((parameter, i) => `a${i}: ${typeScript(parameter, type, false)}`).join(", ");
    const plain = typeScript(result, type, true);
    return `export declare function ${name}(${list}): ${isAsync ? `Promise<${plain}>` : plain};
`;
  }).join("");
}
function functionType(text) {
  const { tree, diagnostics } = parse(`type T = ${text}`);
  const [declaration] = tree.declarations;
  const errors = diagnostics.filter((d) => d.severity === "error");
  if (errors.length > 0 || tree.declarations.length !== 1 || declaration?.kind !== "TypeDeclaration") {
    throw wrong(text, errors[0]?.message ?? "it is not a type");
  }
  if (declaration.type.kind !== "FunctionType") throw wrong(text, "it is not the type of a function");
  if (declaration.type.generative) throw wrong(text, "a function of the host cannot draw: write `->`");
  return declaration.type;
}
function typeScript(type, text, isResult) {
  const inner = (t) => typeScript(t, text, isResult);
  switch (type.kind) {
    case "NamedType": {
      const [first, second] = type.arguments;
      switch (type.name.name) {
        case "int":
          if (isResult)
            throw wrong(text, "a host function's numbers are floats: write `float`, and `round(\u2026)` around the call");
          return "number";
        case "float":
          return "number";
        case "bool":
          return "boolean";
        case "string":
          return "string";
        case "unit":
          return "void";
        case "none":
          return "null";
        case "list":
          if (first !== void 0 && second === void 0) return `readonly (${inner(first)})[]`;
          break;
        default:
      }
      throw wrong(text, `\`${type.name.name}\` cannot pass between PGL and the host here`);
    }
    case "TupleType":
      return `readonly [${type.elements.map(inner).join(", ")}]`;
    case "RecordType":
      return `{ ${type.fields.map((f) => `readonly ${f.name.name}${f.optional ? "?" : ""}: ${inner(f.type)}`).join("; ")} }`;
    case "UnionType":
      return type.members.map((member) => `(${inner(member)})`).join(" | ");
    case "OptionalType":
      return `(${inner(type.type)}) | null`;
    case "StringLiteralType":
      return JSON.stringify(type.value);
    case "FunctionType":
      throw wrong(text, "functions cannot be passed to the host here");
  }
}
var wrong = (text, why) => new MethodError("PGLT032", `host(${JSON.stringify(text)}, \u2026): ${why}.`, {
  hint: 'As in host("(string, int) -> float", f).'
});
export {
  hostDeclarations
};
//# sourceMappingURL=host-declarations-IAMKMGJE.js.map