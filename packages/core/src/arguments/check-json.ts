import { showType, type ParameterType, type Type } from "@pgl/compiler";
import { PglError, ValueMap } from "@pgl/runtime";

/** A value does not have the type that is wanted. `path` leads to the part that is wrong, as `args.flips[3]`. */
export class ArgumentError extends PglError {
  constructor(
    readonly path: string,
    problem: string,
    hint?: string,
  ) {
    super("PGLA001", `${path}: ${problem}`, { hint });
  }
}

/**
 * The PGL value of type `type` that a JSON value stands for. Numbers may be written `"inf"`, `"-inf"` and `"nan"` where a
 * float is wanted; `null` is `none`; tuples are arrays; maps are objects, or lists of `[key, value]` pairs when their keys
 * are not strings. Values that already are PGL values (a map, a token, a function) are kept as they are.
 *
 * @throws ArgumentError that names the part of the value which is wrong.
 */
export function checkJson(type: Type, value: unknown, path = "value"): unknown {
  switch (type.kind) {
    case "int":
      if (typeof value === "number" && Number.isInteger(value)) return value;
      throw wrong(path, type, value);
    case "float":
      if (typeof value === "number") return value;
      if (value === "inf") return Infinity;
      if (value === "-inf") return -Infinity;
      if (value === "nan") return NaN;
      throw wrong(path, type, value);
    case "bool":
      if (typeof value === "boolean") return value;
      throw wrong(path, type, value);
    case "string":
      if (typeof value === "string") return value;
      throw wrong(path, type, value);
    case "literal":
      if (value === type.value) return value;
      throw wrong(path, type, value);
    case "none":
      if (value === null || value === undefined) return null;
      throw wrong(path, type, value);
    case "unit":
      if (value === null || value === undefined) return undefined;
      throw wrong(path, type, value);
    case "list":
      if (!Array.isArray(value)) throw wrong(path, type, value);
      return value.map((element, i) => checkJson(type.element, element, `${path}[${i}]`));
    case "tuple":
      if (!Array.isArray(value)) throw wrong(path, type, value);
      if (value.length !== type.elements.length) {
        throw new ArgumentError(
          path,
          `expected ${showType(type)}, ${type.elements.length} elements, but there are ${value.length}.`,
        );
      }
      return value.map((element, i) => checkJson(type.elements[i]!, element, `${path}[${i}]`));
    case "record":
      return checkRecord(type, value, path);
    case "map":
      return checkMap(type, value, path);
    case "union":
      return checkUnion(type, value, path);
    case "function":
      if (typeof value === "function" || hasKind(value, "closure", "model")) return value;
      throw notJson(path, type);
    case "dist":
    case "posterior":
      if (hasKind(value, "distribution", "process")) return value;
      throw notJson(path, type);
    case "token":
    case "context":
    case "lm":
    case "twist":
    case "constraint":
      if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) !== Object.prototype)
        return value;
      throw notJson(path, type);
    case "opaque":
      // Only the host's own functions know what is in it.
      return value;
    case "never":
    case "error":
    case "variable":
      throw new ArgumentError(path, `nothing can be given here: the type is ${showType(type)}.`);
  }
}

/**
 * Arguments for parameters, from JSON: an array gives them in order, an object by name. Those left out at the end must
 * have defaults; they are `undefined`.
 *
 * @throws ArgumentError
 */
export function checkArguments(
  parameters: readonly ParameterType[],
  value: unknown,
  path = "args",
): readonly unknown[] {
  const signature = `(${parameters.map((p) => `${p.name}${p.optional ? "?" : ""}: ${showType(p.type)}`).join(", ")})`;
  if (Array.isArray(value)) {
    if (value.length > parameters.length) {
      throw new ArgumentError(
        path,
        `there are ${value.length} arguments for the ${parameters.length} of ${signature}.`,
      );
    }
    return parameters.map((parameter, i) => one(parameter, i < value.length, value[i], `${path}[${i}]`, signature));
  }
  if (!isPlainObject(value)) {
    throw new ArgumentError(
      path,
      `expected a list of arguments or an object by name, but it is ${describe(value)}.`,
      `The parameters are ${signature}.`,
    );
  }
  for (const name of Object.keys(value)) {
    if (!parameters.some((p) => p.name === name)) {
      throw new ArgumentError(path, `there is no parameter \`${name}\`.`, `The parameters are ${signature}.`);
    }
  }
  return parameters.map((parameter) =>
    one(parameter, Object.hasOwn(value, parameter.name), value[parameter.name], `${path}.${parameter.name}`, signature),
  );
}

function one(parameter: ParameterType, given: boolean, value: unknown, path: string, signature: string): unknown {
  if (given && !(value === undefined && parameter.optional)) return checkJson(parameter.type, value, path);
  if (parameter.optional) return undefined;
  throw new ArgumentError(
    path,
    `the argument \`${parameter.name}: ${showType(parameter.type)}\` is missing.`,
    `The parameters are ${signature}.`,
  );
}

function checkRecord(type: Extract<Type, { kind: "record" }>, value: unknown, path: string): unknown {
  if (!isPlainObject(value)) throw wrong(path, type, value);
  const record: Record<string, unknown> = {};
  for (const [name, field] of type.fields) {
    if (Object.hasOwn(value, name)) record[name] = checkJson(field.type, value[name], `${path}.${name}`);
    else if (field.optional) record[name] = null;
    else throw new ArgumentError(path, `the field \`${name}: ${showType(field.type)}\` is missing.`);
  }
  for (const name of Object.keys(value)) {
    if (!type.fields.has(name)) {
      throw new ArgumentError(path, `there is no field \`${name}\` in ${showType(type)}.`);
    }
  }
  return record;
}

function checkMap(type: Extract<Type, { kind: "map" }>, value: unknown, path: string): unknown {
  if (value instanceof ValueMap) return value;
  if (value instanceof Map) return checkMap(type, [...value], path);
  const entries: unknown[] | null = Array.isArray(value) ? value : isPlainObject(value) ? Object.entries(value) : null;
  if (entries === null) throw wrong(path, type, value);
  return ValueMap.from(
    entries.map((entry, i): readonly [unknown, unknown] => {
      if (!Array.isArray(entry) || entry.length !== 2) {
        throw new ArgumentError(`${path}[${i}]`, "the entry of a map is a pair [key, value].");
      }
      const shown = Array.isArray(value) ? `${path}[${i}]` : `${path}[${JSON.stringify(entry[0])}]`;
      return [checkJson(type.key, entry[0], shown), checkJson(type.value, entry[1], shown)];
    }),
  );
}

function checkUnion(type: Extract<Type, { kind: "union" }>, value: unknown, path: string): unknown {
  let deepest: ArgumentError | null = null;
  for (const member of type.members) {
    try {
      return checkJson(member, value, path);
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      // The member that went furthest is the one that was meant.
      if (error.path.length > path.length && error.path.length > (deepest?.path.length ?? 0)) deepest = error;
    }
  }
  throw deepest ?? wrong(path, type, value);
}

const wrong = (path: string, type: Type, value: unknown): ArgumentError =>
  new ArgumentError(path, `expected ${showType(type)}, but it is ${describe(value)}.`);

const notJson = (path: string, type: Type): ArgumentError =>
  new ArgumentError(
    path,
    `a value of type ${showType(type)} cannot be written as JSON.`,
    "Call the model from a query in the .pgl file, or from TypeScript.",
  );

function describe(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function hasKind(value: unknown, ...kinds: readonly string[]): boolean {
  return typeof value === "object" && value !== null && kinds.includes((value as { kind?: unknown }).kind as string);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
