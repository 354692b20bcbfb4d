import {
  lineStarts,
  locate,
  parse
} from "./chunk-BX4ZDYKN.js";

// ../compiler/src/diagnostics/catalogue.ts
var error = (title, explanation, example) => ({
  title,
  explanation,
  example,
  severity: "error"
});
var warning = (title, explanation, example) => ({
  title,
  explanation,
  example,
  severity: "warning"
});
var catalogue = {
  PGL2001: error(
    "Unknown name",
    "A name must be declared before it is used: by `let`, a parameter, a declaration of the module, an import, or by being built in.",
    "model m() { return lenght([1]) }"
  ),
  PGL2002: error(
    "Name declared twice",
    "One scope can declare a name once. An inner block may declare it again, which hides the outer one there.",
    "const a = 1\nconst a = 2"
  ),
  PGL2003: error(
    "Module not found",
    "The file of an import does not exist or cannot be read.",
    'import { f } from "./judge.ts"'
  ),
  PGL2004: error(
    "Import cycle",
    "Modules import each other in a circle. Move what both need into a third module.",
    'import { f } from "./self.pgl"  // in self.pgl'
  ),
  PGL2005: error(
    "Not exported",
    "The imported module has no export of that name. PGL declarations are exported by `export` before them.",
    'import { nothing } from "./judges.ts"'
  ),
  PGL2006: error(
    "Unknown type",
    "The name of a type is neither built in nor declared by `type`.",
    "fn f(x: number): int = 1"
  ),
  PGL2007: error(
    "Unknown member",
    "The value has no field of that name, and there is no built-in function of that name to call on it.",
    "fn f(p: { x: int }): int = p.y"
  ),
  PGL2008: error(
    "Unknown argument",
    "The function has no parameter of that name.",
    "model m() { return sample normal(mean: 0, std: 1) }"
  ),
  PGL2009: error("Unknown inference method", "`using` names one of the inference methods.", "query m() using mcmc()"),
  PGL2010: error(
    "Unknown option",
    "The inference method has no option of that name.",
    "query m() using smc(particle: 10)"
  ),
  PGL2011: error(
    "Unknown constraint",
    "`matches` knows a fixed set of constraints.",
    'condition s matches begins_with("a")'
  ),
  PGL2012: error(
    "Host module has errors",
    "The TypeScript file of an import cannot be parsed, so that its types cannot be read.",
    'import { f } from "./broken.ts"'
  ),
  PGL2013: error(
    "Host export cannot be used",
    "The type of what is imported has no counterpart in PGL. Give it a plain signature on the TypeScript side.",
    'import { Judge } from "./judge-class.ts"'
  ),
  PGL2014: error(
    "Used before it has a value",
    "Constants are computed from top to bottom, so that a constant can use only those above it.",
    "const a = b + 1\nconst b = 2"
  ),
  PGL2015: error(
    "Another kind of name",
    "The name is known, but stands for something that cannot be used in this way.",
    "type T = int\nmodel m() { return T }"
  ),
  PGL3001: error("Type mismatch", "A value of one type stands where another is wanted.", 'const n: int = "three"'),
  PGL3002: error("Wrong argument", "An argument has another type than its parameter.", 'const n = sqrt("two")'),
  PGL3003: error("Missing argument", "A parameter without a default has no argument.", "const d = normal(0)"),
  PGL3004: error(
    "Too many arguments",
    "There are more arguments than parameters, or one is given twice.",
    "const a = sqrt(1, 2)"
  ),
  PGL3005: error("Wrong operand", "The operator is not defined for values of these types.", 'const a = "n = " + 3'),
  PGL3006: error(
    "Not a function",
    "Only functions, models and built-ins can be called.",
    "const a = 3\nconst b = a(1)"
  ),
  PGL3007: error(
    "Types that do not go together",
    "The elements of a list, or the branches of an `if` or `match`, have unlike types. Write the type where a union is meant.",
    'const xs = [1, "two"]'
  ),
  PGL3008: error("Not a distribution", "`~` and `sample` draw from a distribution.", "model m() { let x ~ 0.5 }"),
  PGL3009: error(
    "Observed value of another type",
    "The value observed is of a type that the distribution cannot yield.",
    'model m() { observe "heads" ~ bernoulli(0.5) }'
  ),
  PGL3010: error(
    "Missing return",
    "The body can end without the value that its result type promises.",
    "fn f(x: int): int { let y = x }"
  ),
  PGL3011: error("Wrong result", "The value returned is not of the result type.", 'fn f(): int { return "one" }'),
  PGL3012: error(
    "Result type needed",
    "Result types are inferred, but a function or model that calls itself, directly or in a circle, must have its written.",
    "fn f(n: int) = if n == 0 { 1 } else { f(n - 1) }"
  ),
  PGL3013: error(
    "Parameter type needed",
    "The types of parameters of `fn` and `model` are written; those of a lambda too, where nothing tells them.",
    "const f = x => x + 1"
  ),
  PGL3014: error(
    "Cases missing",
    "`match` must say what to do for every value.",
    "fn f(b: bool): int = match b { true => 1 }"
  ),
  PGL3015: error(
    "Pattern does not fit",
    "The pattern has another shape than the values it is compared with.",
    "model m() { let (a, b) = 3 }"
  ),
  PGL3016: error(
    "May be missing",
    "A value of type `T?` may be `none`. Say what then: `x ?? other`, `if x != none { \u2026 }`, `match`, or `unwrap(x)`.",
    "fn f(xs: list<int>): int = first(xs) + 1"
  ),
  PGL3017: error(
    "Not a truth value",
    "`if`, `while`, `condition`, `!`, `&&` and `||` take a `bool`.",
    "fn f(n: int): int = if n { 1 } else { 2 }"
  ),
  PGL3018: error("Weight is not a number", "`factor` and `twist` take a number of nats.", "model m() { factor true }"),
  PGL3019: error(
    "Not comparable",
    "Values of these types are never equal, or have no order.",
    'fn f(t: token): bool = t == "a"'
  ),
  PGL3020: error(
    "Cannot be indexed",
    "`[\u2026]` takes a list and a whole number, a map and a key, or a tuple and a literal number.",
    'const a = "abc"[0]'
  ),
  PGL3021: error(
    "Cannot be gone through",
    "`for` goes through lists and ranges; a map's entries are `entries(m)`, a text's characters `chars(s)`.",
    "model m() { for x in 3 { step } }"
  ),
  PGL3022: error("Cannot be assigned", "Only a `var` can be assigned to.", "model m() { let x = 1; x = 2 }"),
  PGL3023: error(
    "Wrong type arguments",
    "`list`, `dist` and `posterior` take one type, `map` two, others none.",
    "fn f(x: list): int = 1"
  ),
  PGL3024: error(
    "Value missing without else",
    "An `if` whose value is used needs an `else`.",
    "const a = if 1 > 2 { 3 }"
  ),
  PGL3025: error(
    "No way of calling fits",
    "The function can be called in several ways, and the arguments fit none.",
    "const a = contains(3, 4)"
  ),
  PGL3026: error(
    "Not a value",
    "A member of a built-in type, or a function with several ways of calling it, must be called; write a lambda to pass it on.",
    "const f = contains"
  ),
  PGL3027: error(
    "Field missing",
    "A record lacks a field that its type has, or gives one twice.",
    "const p: { x: int, y: int } = { x: 1 }"
  ),
  PGL3028: error("Recursive type", "A type cannot contain itself.", "type Tree = { left: Tree? }"),
  PGL3029: error(
    "Wrong option",
    "The option of an inference method has a value of the wrong type or out of its range.",
    "query m() using smc(particles: 0)"
  ),
  PGL4001: error(
    "Draws or weighs in a deterministic place",
    "`fn`, `const`, defaults and the arguments of queries are deterministic. What samples, observes or weighs is a `model`, or a lambda passed to one.",
    "fn f(): bool = sample bernoulli(0.5)"
  ),
  PGL4002: error(
    "Waits in a place that cannot",
    "Constants, defaults, the arguments of queries and the options of methods are computed at once: they cannot ask a language model or wait for a host function.",
    'lm w = "stories"\nconst a = w.score("Once")'
  ),
  PGL4003: error(
    "Not a model",
    "`infer`, `query` and `proposal \u2026 for` take the name of a `model`.",
    "fn f(): int = 1\nquery f()"
  ),
  PGL4004: error(
    "No such draw in the model",
    "A named draw in a proposal proposes for the draw of the same name in its model. An auxiliary draw is written `let x = sample D`.",
    "model m() { let a ~ bernoulli(0.5) }\nproposal g for m { let b ~ bernoulli(0.5) }"
  ),
  PGL4005: error(
    "Proposal of another type",
    "A proposal must yield values of the type that the model draws.",
    "model m() { let a ~ bernoulli(0.5) }\nproposal g for m { let a ~ normal(0, 1) }"
  ),
  PGL4006: error(
    "Proposal weighs",
    "A proposal draws; it cannot observe, condition, weigh or twist.",
    "proposal g for m { factor 1.0 }"
  ),
  PGL4007: error(
    "Not a proposal for this model",
    "`proposal:` takes the name of a `proposal` written for the model that is run.",
    "query m() using smc(proposal: other)"
  ),
  PGL4008: error(
    "Parameters of a proposal differ",
    "A proposal has the parameters of its model, or none.",
    "model m(x: int) { }\nproposal g(y: string) for m { }"
  ),
  PGL4009: error(
    "Function must be plain",
    "This place takes a function that neither draws nor waits.",
    "sort_by(xs, x => sample bernoulli(0.5))"
  ),
  PGL4010: error(
    "Assigns to a captured variable",
    "A lambda keeps the value that a `var` had when the lambda was made; assigning from inside cannot reach the outer variable.",
    "var n = 0\neach(xs, x => { n = n + 1 })"
  ),
  PGL4011: error(
    "Outside a loop",
    "`break` and `continue` belong to a `for` or `while` of the same function.",
    "model m() { break }"
  ),
  PGL4012: error("Return outside a function", "`return` ends a function, model or lambda.", "const a = { return 1 }"),
  PGL4013: error(
    "Invalid regular expression",
    "The pattern is not a regular expression of JavaScript.",
    "condition s matches /(/"
  ),
  PGL4014: error(
    "Comes with a later version",
    "The construct is part of the language's plan and not yet available.",
    'condition s matches json({ type: "object" })'
  ),
  PGL4015: error(
    "Continuous draw under enumerate",
    "`enumerate` visits every value of every draw; a continuous draw has too many. Use `importance` or `smc`.",
    "model m() { let x ~ normal(0, 1) }\nquery m() using enumerate()"
  ),
  PGL4016: error(
    "Not available for this distribution",
    "The operation needs a distribution whose values can be listed; texts and continuous distributions are conditioned on instead.",
    "const d = normal(0, 1).where(x => x > 0)"
  ),
  PGL4017: error("Impossible parameter", "No such distribution, range or length exists.", "const d = normal(0, -1)"),
  PGL4018: error(
    "Not a language model",
    "A constraint that counts tokens needs the `lm` whose tokens it counts.",
    "condition s matches tokens(1..3, 4)"
  ),
  PGL5001: warning(
    "Unused variable",
    "The variable is never read. A name that begins with `_` says that this is meant.",
    "model m() { let x = 1 }"
  ),
  PGL5002: warning("Unused import", "The imported name is never used.", 'import { f } from "./judges.ts"'),
  PGL5003: warning(
    "Unreachable code",
    "The statement before always leaves the block.",
    "fn f(): int { return 1; let x = 2 }"
  ),
  PGL5004: warning(
    "Unreachable case",
    "Earlier cases already cover everything that this one would.",
    "match b { _ => 1, true => 2 }"
  ),
  PGL5005: warning(
    "Always impossible",
    "The condition is false whatever is drawn: nothing can be inferred.",
    "model m() { condition 1 > 2 }"
  ),
  PGL5006: warning(
    "Empty range",
    "The range has no numbers in it, so that the loop never runs.",
    "for i in 5..0 { step }"
  ),
  PGL5007: warning(
    "Distribution not drawn from",
    "A distribution is shown or thrown away where a drawn value was probably meant.",
    "model m() { bernoulli(0.5) }"
  ),
  PGL5008: warning(
    "Value thrown away",
    "The expression has no effect, and its value is not used.",
    "model m() { 1 + 2 }"
  ),
  PGL5009: warning(
    "Never none",
    "The value cannot be `none`, so that the test or alternative is of no use.",
    "fn f(x: int): int = x ?? 3"
  )
};

// ../compiler/src/diagnostics/reporter.ts
var Reporter = class {
  diagnostics = [];
  report(code, at2, message, extra = {}) {
    const { severity } = catalogue[code];
    const more = typeof extra === "string" ? { hint: extra } : extra;
    this.diagnostics.push({ code, severity, span: at2.span, message, ...more });
  }
  /** How much has been reported; `rollback` forgets what came after. */
  mark() {
    return this.diagnostics.length;
  }
  rollback(mark) {
    this.diagnostics.length = mark;
  }
};

// ../compiler/src/types/type.ts
var INT = { kind: "int" };
var FLOAT = { kind: "float" };
var BOOL = { kind: "bool" };
var STRING = { kind: "string" };
var TOKEN = { kind: "token" };
var CONTEXT = { kind: "context" };
var UNIT = { kind: "unit" };
var NONE = { kind: "none" };
var LM = { kind: "lm" };
var NEVER = { kind: "never" };
var ERROR = { kind: "error" };
var UNKNOWN = { kind: "opaque", name: "unknown" };
var list = (element) => ({ kind: "list", element });
var map = (key, value) => ({ kind: "map", key, value });
var tuple = (elements) => ({ kind: "tuple", elements });
var literal = (value) => ({ kind: "literal", value });
var dist = (element, domain = "unknown") => ({
  kind: "dist",
  element,
  domain
});
var posterior = (element) => ({ kind: "posterior", element });
var functionType = (parameters, result, effect) => ({
  kind: "function",
  parameters,
  result,
  effect
});
var record = (fields) => ({
  kind: "record",
  fields: new Map([...fields].map(([name, type]) => [name, { type, optional: false }]))
});
var optional = (type) => union([type, NONE]);
var isNumber = (type) => type.kind === "int" || type.kind === "float";
var isText = (type) => type.kind === "string" || type.kind === "literal";
var membersOf = (type) => type.kind === "union" ? type.members : [type];
var mayBeNone = (type) => membersOf(type).some((member) => member.kind === "none");
var withoutNone = (type) => type.kind === "none" ? NEVER : type.kind === "union" ? union(type.members.filter((member) => member.kind !== "none")) : type;
function union(types) {
  const members = [];
  const literals = /* @__PURE__ */ new Set();
  let hasString = false;
  let hasFloat = false;
  let failed = false;
  const add2 = (type) => {
    switch (type.kind) {
      case "union":
        type.members.forEach(add2);
        return;
      case "never":
        return;
      case "error":
        failed = true;
        return;
      case "literal":
        if (literals.has(type.value)) return;
        literals.add(type.value);
        break;
      case "string":
        hasString = true;
        break;
      case "float":
        hasFloat = true;
        break;
    }
    if (type.kind !== "literal" && members.some((member) => sameType(member, type))) return;
    members.push(type);
  };
  types.forEach(add2);
  if (failed) return ERROR;
  const kept = hasString || hasFloat ? members.filter((m) => !(hasString && m.kind === "literal") && !(hasFloat && m.kind === "int")) : members;
  if (kept.length === 0) return NEVER;
  return kept.length === 1 ? kept[0] : { kind: "union", members: kept };
}
function sameType(a2, b) {
  if (a2 === b) return true;
  if (a2.kind !== b.kind) return false;
  switch (a2.kind) {
    case "literal":
      return a2.value === b.value;
    case "list":
    case "posterior":
      return sameType(a2.element, b.element);
    case "dist":
      return a2.domain === b.domain && sameType(a2.element, b.element);
    case "map":
      return sameType(a2.key, b.key) && sameType(a2.value, b.value);
    case "tuple":
      return sameAll(a2.elements, b.elements);
    case "record": {
      const other = b.fields;
      if (a2.fields.size !== other.size) return false;
      for (const [name, field] of a2.fields) {
        const match = other.get(name);
        if (match === void 0 || match.optional !== field.optional || !sameType(field.type, match.type)) return false;
      }
      return true;
    }
    case "union": {
      const other = b.members;
      if (a2.members.length !== other.length) return false;
      const values = literalsOf(b);
      return a2.members.every((m) => m.kind === "literal" ? values.has(m.value) : other.some((n) => sameType(m, n)));
    }
    case "function": {
      const other = b;
      return a2.effect === other.effect && a2.parameters.length === other.parameters.length && a2.parameters.every(
        (p, i) => p.optional === other.parameters[i].optional && sameType(p.type, other.parameters[i].type)
      ) && sameType(a2.result, other.result);
    }
    case "opaque":
      return a2.name === b.name;
    case "variable":
      return a2.id === b.id;
    default:
      return true;
  }
}
function sameAll(a2, b) {
  return a2.length === b.length && a2.every((type, i) => sameType(type, b[i]));
}
var literalCache = /* @__PURE__ */ new WeakMap();
function literalsOf(type) {
  let values = literalCache.get(type);
  if (values === void 0) {
    values = new Set(membersOf(type).flatMap((member) => member.kind === "literal" ? [member.value] : []));
    literalCache.set(type, values);
  }
  return values;
}
function mapType(type, replace2) {
  const replaced = replace2(type);
  if (replaced !== void 0) return replaced;
  const go = (part) => mapType(part, replace2);
  switch (type.kind) {
    case "list": {
      const element = go(type.element);
      return element === type.element ? type : list(element);
    }
    case "posterior": {
      const element = go(type.element);
      return element === type.element ? type : posterior(element);
    }
    case "dist": {
      const element = go(type.element);
      return element === type.element ? type : dist(element, type.domain);
    }
    case "map": {
      const [key, value] = [go(type.key), go(type.value)];
      return key === type.key && value === type.value ? type : map(key, value);
    }
    case "tuple": {
      const elements = type.elements.map(go);
      return elements.every((element, i) => element === type.elements[i]) ? type : tuple(elements);
    }
    case "record": {
      let changed = false;
      const fields = /* @__PURE__ */ new Map();
      for (const [name, field] of type.fields) {
        const mapped = go(field.type);
        changed ||= mapped !== field.type;
        fields.set(name, mapped === field.type ? field : { type: mapped, optional: field.optional });
      }
      return changed ? { kind: "record", fields } : type;
    }
    case "union": {
      const members = type.members.map(go);
      return members.every((member, i) => member === type.members[i]) ? type : union(members);
    }
    case "function": {
      const parameters = type.parameters.map((p) => {
        const mapped = go(p.type);
        return mapped === p.type ? p : { ...p, type: mapped };
      });
      const result = go(type.result);
      return result === type.result && parameters.every((p, i) => p === type.parameters[i]) ? type : functionType(parameters, result, type.effect);
    }
    default:
      return type;
  }
}
function someType(type, test) {
  if (test(type)) return true;
  const go = (part) => someType(part, test);
  switch (type.kind) {
    case "list":
    case "posterior":
    case "dist":
      return go(type.element);
    case "map":
      return go(type.key) || go(type.value);
    case "tuple":
      return type.elements.some(go);
    case "record":
      return [...type.fields.values()].some((field) => go(field.type));
    case "union":
      return type.members.some(go);
    case "function":
      return type.parameters.some((p) => go(p.type)) || go(type.result);
    default:
      return false;
  }
}
var hasError = (type) => someType(type, (part) => part.kind === "error");

// ../compiler/src/hosts/convert.ts
var MAX_DEPTH = 12;
var HostTypes = class {
  constructor(morph, checker, file) {
    this.checker = checker;
    this.file = file;
    this.ts = morph.ts;
  }
  checker;
  file;
  ts;
  variables = /* @__PURE__ */ new Map();
  nextVariable = -1;
  open = /* @__PURE__ */ new Set();
  read(exported) {
    const { ts, checker } = this;
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if (!(symbol.flags & ts.SymbolFlags.Value)) {
      return {
        kind: "unusable",
        reason: "it is a type, and is gone when the program runs",
        hint: "Declare the type again in PGL: `type \u2026`."
      };
    }
    if (symbol.flags & ts.SymbolFlags.Class) {
      return {
        kind: "unusable",
        reason: "it is a class, and PGL has no `new`",
        hint: "Export a function that makes an object of it."
      };
    }
    const type = checker.getTypeOfSymbolAtLocation(symbol, this.file.compilerNode);
    const signatures = type.getCallSignatures();
    if (signatures.length === 0) {
      const awaited = this.promised(type);
      if (awaited !== void 0) {
        return { kind: "unusable", reason: "it is a promise", hint: "Export a function that returns it." };
      }
      return { kind: "export", value: { type: this.convert(type, 0), effect: "pure", overloads: [], generic: false } };
    }
    for (const signature of signatures) {
      const problem = this.genericProblem(signature);
      if (problem !== void 0) return problem;
    }
    const read = signatures.map((signature) => this.signature(signature, 0));
    const effect = read.some((signature) => signature.effect === "async") ? "async" : "pure";
    const converted = read.map((signature) => ({ ...signature, effect }));
    return {
      kind: "export",
      value: {
        type: converted[0],
        effect,
        overloads: converted.slice(1),
        generic: signatures.some((signature) => (signature.typeParameters?.length ?? 0) > 0)
      }
    };
  }
  /** Type parameters that PGL can find at a call: ones without a constraint that itself speaks of type parameters. */
  genericProblem(signature) {
    const { ts } = this;
    for (const parameter of signature.typeParameters ?? []) {
      const declaration = parameter.symbol.declarations?.find(ts.isTypeParameterDeclaration);
      if (declaration?.constraint === void 0) continue;
      const constraint = this.checker.getTypeFromTypeNode(declaration.constraint);
      const complex = ts.TypeFlags.TypeParameter | ts.TypeFlags.Index | ts.TypeFlags.IndexedAccess | ts.TypeFlags.Conditional;
      if (constraint.flags & complex) {
        return {
          kind: "unusable",
          reason: `its type parameter \`${parameter.symbol.name}\` is too intricate to be found from the arguments`,
          hint: "Give it a plain signature, or export one for the types you need."
        };
      }
    }
    return void 0;
  }
  signature(signature, depth) {
    const { checker, ts } = this;
    const parameters = [];
    for (const symbol of signature.getParameters()) {
      const declaration = symbol.valueDeclaration;
      const written2 = declaration !== void 0 && ts.isParameter(declaration) ? declaration : void 0;
      if (written2?.dotDotDotToken !== void 0) continue;
      const optional2 = written2 !== void 0 && checker.isOptionalParameter(written2);
      const type = checker.getTypeOfSymbolAtLocation(symbol, this.file.compilerNode);
      const converted = this.convert(optional2 ? checker.getNonNullableType(type) : type, depth + 1);
      parameters.push({
        name: symbol.name,
        type: optional2 && this.includesNull(type) ? union([converted, NONE]) : converted,
        optional: optional2
      });
    }
    const result = signature.getReturnType();
    const promised = this.promised(result);
    const effect = promised === void 0 ? "pure" : "async";
    return functionType(parameters, this.convert(promised ?? result, depth + 1), effect);
  }
  includesNull(type) {
    return type.isUnion() && type.types.some((member) => (member.flags & this.ts.TypeFlags.Null) !== 0);
  }
  /** What a promise, or a union with one, resolves to. */
  promised(type) {
    const members = type.isUnion() ? type.types : [type];
    const isPromise = members.some((member) => ["Promise", "PromiseLike"].includes(member.symbol?.name ?? ""));
    return isPromise ? this.checker.getAwaitedType(type) : void 0;
  }
  convert(type, depth) {
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
    if (flags & F.StringLiteral) return literal(type.value);
    if (flags & F.StringLike) return STRING;
    if (flags & F.BooleanLike) return BOOL;
    if (depth > MAX_DEPTH || this.open.has(type)) return this.opaque(type);
    this.open.add(type);
    try {
      if (type.isUnion()) {
        const members = this.includesNull(type) ? type.types.filter((m) => !(m.flags & F.Undefined)) : type.types;
        return union(members.map((member) => this.convert(member, depth + 1)));
      }
      if (flags & F.Object || type.isIntersection()) return this.object(type, depth);
      return this.opaque(type);
    } finally {
      this.open.delete(type);
    }
  }
  variable(type) {
    const constraint = type.getConstraint();
    if (constraint !== void 0 && !(constraint.flags & (this.ts.TypeFlags.Any | this.ts.TypeFlags.Unknown))) {
      return this.convert(constraint, 0);
    }
    let variable = this.variables.get(type);
    if (variable === void 0) this.variables.set(type, variable = { kind: "variable", id: this.nextVariable-- });
    return variable;
  }
  object(type, depth) {
    const { checker } = this;
    const args = () => checker.getTypeArguments(type);
    if (checker.isTupleType(type)) return tuple(args().map((element) => this.convert(element, depth + 1)));
    if (checker.isArrayType(type)) return list(this.convert(args()[0], depth + 1));
    const name = type.symbol?.name ?? "";
    if ((name === "Map" || name === "ReadonlyMap") && this.isFromLibrary(type)) {
      const [key, value] = args();
      return map(this.convert(key, depth + 1), this.convert(value, depth + 1));
    }
    const calls = type.getCallSignatures();
    if (calls.length === 1 && type.getProperties().length === 0 && (calls[0].typeParameters ?? []).length === 0) {
      return this.signature(calls[0], depth + 1);
    }
    const isPlain = calls.length === 0 && type.getConstructSignatures().length === 0 && !this.isClass(type) && !this.isFromLibrary(type);
    if (!isPlain || checker.getIndexInfosOfType(type).length > 0) return this.opaque(type);
    const fields = /* @__PURE__ */ new Map();
    for (const property2 of checker.getPropertiesOfType(type)) {
      const optional2 = (property2.flags & this.ts.SymbolFlags.Optional) !== 0;
      const declared = checker.getTypeOfSymbolAtLocation(property2, this.file.compilerNode);
      fields.set(property2.name, {
        type: this.convert(optional2 ? checker.getNonNullableType(declared) : declared, depth + 1),
        optional: optional2
      });
    }
    return { kind: "record", fields };
  }
  isClass(type) {
    return type.isClass() || type.symbol !== void 0 && (type.symbol.flags & this.ts.SymbolFlags.Class) !== 0;
  }
  isFromLibrary(type) {
    return (type.symbol?.declarations ?? []).some(
      (declaration) => /\/lib\.[\w.]*d\.ts$/.test(declaration.getSourceFile().fileName)
    );
  }
  opaque(type) {
    return { kind: "opaque", name: this.checker.typeToString(this.checker.getBaseTypeOfLiteralType(type)) };
  }
};

// ../compiler/src/hosts/read.ts
var shared;
async function typeScript() {
  shared ??= import("ts-morph").then((loaded) => {
    const morph = "Project" in loaded ? loaded : loaded.default;
    const { ts } = morph;
    const project = new morph.Project({
      skipAddingFilesFromTsConfig: true,
      skipFileDependencyResolution: true,
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        lib: ["lib.es2022.d.ts"],
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        allowImportingTsExtensions: true,
        noEmit: true,
        allowJs: true,
        strict: true,
        types: [],
        skipLibCheck: true
      }
    });
    return { morph, project };
  });
  return shared;
}
async function readHostModule(host, from, specifier) {
  const { morph, project } = await typeScript();
  const isPath = /^[./]/.test(specifier) || /^[A-Za-z]:[\\/]/.test(specifier);
  const file = isPath ? fromPath(host, project, host.resolve(from, specifier)) : fromPackage(morph.ts, project, from, specifier);
  if (file === void 0) return { kind: "missing" };
  const path = isPath ? host.resolve(from, specifier) : file.getFilePath();
  const wrong = project.getProgram().getSyntacticDiagnostics(file)[0];
  if (wrong !== void 0) {
    const text = wrong.getMessageText();
    const message = typeof text === "string" ? text : text.getMessageText();
    return { kind: "broken", path, message: `line ${wrong.getLineNumber()}: ${message}` };
  }
  const types = new HostTypes(morph, project.getTypeChecker().compilerObject, file);
  const symbols = new Map(file.getExportSymbols().map((symbol) => [symbol.getName(), symbol]));
  return {
    kind: "module",
    path,
    names: [...symbols.keys()],
    find(name) {
      const symbol = symbols.get(name);
      return symbol === void 0 ? { kind: "absent" } : types.read(symbol.compilerSymbol);
    }
  };
}
function fromPath(host, project, path) {
  const text = host.read(path);
  if (text === void 0) return void 0;
  const declarations = path.replace(/\.([cm]?)js$/, ".d.$1ts");
  const declared = declarations === path ? void 0 : host.read(declarations);
  const [at2, source] = declared === void 0 ? [path, text] : [declarations, declared];
  const before = project.getSourceFile(at2);
  if (before !== void 0 && before.getFullText() === source) return before;
  return project.createSourceFile(at2, source, { overwrite: true });
}
function fromPackage(ts, project, from, specifier) {
  const resolved = ts.resolveModuleName(specifier, from, project.getCompilerOptions(), ts.sys).resolvedModule;
  return resolved === void 0 ? void 0 : project.addSourceFileAtPathIfExists(resolved.resolvedFileName);
}

// ../compiler/src/builtins/distributions.ts
var distribution = (name, signatures, doc, ranges = {}, ordered) => ({
  name,
  signatures: typeof signatures === "string" ? [signatures] : signatures,
  effect: "pure",
  prelude: "dist",
  group: "distributions",
  doc,
  ranges,
  ordered
});
var distributions = [
  distribution("bernoulli", "bernoulli(p: float): dist<bool, finite>", "`true` with probability p.", {
    p: "probability"
  }),
  distribution(
    "categorical",
    ["categorical(weights: list<float>): dist<int, finite>", "categorical(weights: map<T, float>): dist<T, finite>"],
    "An index 0..n-1, or a key of the map, with probability proportional to its weight."
  ),
  distribution("choice", "choice(options: list<T>): dist<T, finite>", "Each of the options with the same probability."),
  distribution(
    "uniform",
    "uniform(low: float, high: float): dist<float, continuous>",
    "A number between low and high.",
    {},
    ["low", "high"]
  ),
  distribution(
    "uniform_int",
    "uniform_int(low: int, high: int): dist<int, finite>",
    "A whole number from low to high, both included.",
    {},
    ["low", "high"]
  ),
  distribution(
    "normal",
    "normal(mean: float, sd: float): dist<float, continuous>",
    "The normal distribution with that mean and standard deviation.",
    { sd: "positive" }
  ),
  distribution(
    "lognormal",
    "lognormal(mean: float, sd: float): dist<float, continuous>",
    "A positive number whose logarithm is normal with that mean and standard deviation.",
    { sd: "positive" }
  ),
  distribution(
    "student_t",
    "student_t(df: float, location?: float, scale?: float): dist<float, continuous>",
    "Student's t with df degrees of freedom, moved by location (0) and stretched by scale (1).",
    { df: "positive", scale: "positive" }
  ),
  distribution("cauchy", "cauchy(location: float, scale: float): dist<float, continuous>", "The Cauchy distribution.", {
    scale: "positive"
  }),
  distribution(
    "laplace",
    "laplace(location: float, scale: float): dist<float, continuous>",
    "The Laplace (double exponential) distribution.",
    { scale: "positive" }
  ),
  distribution(
    "logistic",
    "logistic(location: float, scale: float): dist<float, continuous>",
    "The logistic distribution.",
    { scale: "positive" }
  ),
  distribution(
    "exponential",
    "exponential(rate: float): dist<float, continuous>",
    "The exponential distribution with mean 1 / rate.",
    { rate: "positive" }
  ),
  distribution(
    "gamma",
    "gamma(shape: float, rate: float): dist<float, continuous>",
    "The gamma distribution with mean shape / rate.",
    { shape: "positive", rate: "positive" }
  ),
  distribution(
    "inverse_gamma",
    "inverse_gamma(shape: float, scale: float): dist<float, continuous>",
    "A number whose inverse is gamma(shape, rate: scale).",
    { shape: "positive", scale: "positive" }
  ),
  distribution("beta", "beta(a: float, b: float): dist<float, continuous>", "A probability, with mean a / (a + b).", {
    a: "positive",
    b: "positive"
  }),
  distribution(
    "dirichlet",
    "dirichlet(concentration: list<float>): dist<list<float>, continuous>",
    "Probabilities that sum to 1."
  ),
  distribution("poisson", "poisson(rate: float): dist<int, countable>", "A count with mean rate.", {
    rate: "non-negative"
  }),
  distribution(
    "binomial",
    "binomial(n: int, p: float): dist<int, finite>",
    "Successes in n trials, each with probability p.",
    { n: "count", p: "probability" }
  ),
  distribution("geometric", "geometric(p: float): dist<int, countable>", "Failures before the first success, from 0.", {
    p: "probability"
  }),
  distribution(
    "negative_binomial",
    "negative_binomial(r: float, p: float): dist<int, countable>",
    "Failures before the r-th success; r may be a fraction.",
    { r: "positive", p: "probability" }
  ),
  distribution(
    "multinomial",
    "multinomial(n: int, probabilities: list<float>): dist<list<int>, finite>",
    "How often each of the outcomes came in n draws.",
    { n: "count" }
  ),
  distribution(
    "multivariate_normal",
    "multivariate_normal(mean: list<float>, covariance: list<list<float>>): dist<list<float>, continuous>",
    "The normal distribution over vectors."
  ),
  distribution("delta", "delta(value: T): dist<T, finite>", "Always this value."),
  {
    ...distribution(
      "mixture",
      "mixture(weights: list<float>, dists: list<dist<T>>): dist<T>",
      "One of the distributions, with probability proportional to its weight."
    ),
    domain: "of-list"
  },
  distribution("empirical", "empirical(values: list<T>): dist<T, finite>", "One of the values, equal ones merged.")
];

// ../compiler/src/builtins/catalogue.ts
var rows = (group, table) => table.map(([signature, doc, more]) => {
  const signatures = typeof signature === "string" ? [signature] : signature;
  const name = /^\w+/.exec(signatures[0])[0];
  return { name, signatures, effect: "pure", prelude: "$", group, doc, ...more };
});
var byFunction = { effect: "argument" };
var constant = { constant: true };
var MASKABLE = ["finite", "countable", "next-token"];
var FINITE = ["finite"];
var builtins = [
  ...rows("constants", [
    ["pi: float", "The ratio of a circle's circumference to its diameter.", constant],
    ["e: float", "The base of natural logarithms.", constant],
    ["inf: float", "Positive infinity; `-inf` is the weight of the impossible.", constant]
  ]),
  ...rows("numbers", [
    ["abs(x: N): N", "The number without its sign."],
    ["sqrt(x: float): float", "The square root."],
    ["exp(x: float): float", "e to the power of x."],
    ["log(x: float): float", "The natural logarithm."],
    ["log1p(x: float): float", "log(1 + x), exact for small x."],
    ["expm1(x: float): float", "exp(x) - 1, exact for small x."],
    ["floor(x: float): int", "The largest whole number not above x."],
    ["ceil(x: float): int", "The smallest whole number not below x."],
    ["round(x: float): int", "The nearest whole number; halves go away from zero."],
    ["trunc(x: float): int", "The whole part."],
    [["min(a: N, b: N): N", "min(xs: list<N>): N"], "The smaller of two numbers, or the smallest of a list."],
    [["max(a: N, b: N): N", "max(xs: list<N>): N"], "The larger of two numbers, or the largest of a list."],
    ["sum(xs: list<N>): N", "The sum; 0 for an empty list."],
    [
      ["mean(xs: list<float>): float", "mean(d: dist<float | bool>): float", "mean(d: dist<list<float>>): list<float>"],
      "The average of numbers, or the expected value of a distribution."
    ],
    ["log_sum_exp(xs: list<float>): float", "log(sum of exp(x)), without overflow."],
    ["sigmoid(x: float): float", "1 / (1 + exp(-x)): log-odds to probability."],
    ["logit(p: float): float", "log(p / (1 - p)): probability to log-odds."],
    ["sin(x: float): float", "The sine of an angle in radians."],
    ["cos(x: float): float", "The cosine of an angle in radians."],
    ["tan(x: float): float", "The tangent of an angle in radians."],
    ["tanh(x: float): float", "The hyperbolic tangent."],
    ["atan2(y: float, x: float): float", "The angle of the point (x, y), in radians."],
    ["int_div(a: N, b: N): N", "The largest whole number not above a / b."],
    ["is_nan(x: float): bool", "Whether x is not a number."],
    ["is_finite(x: float): bool", "Whether x is neither infinite nor NaN."],
    ["int(x: float | string | bool): int", "A whole number: cuts a float off, reads a string, counts `true` as 1."],
    ["float(x: float | string | bool): float", "A float: of a whole number, read from a string, 1 for `true`."],
    ["parse_int(s: string): int?", "The whole number written in s, or none."],
    ["parse_float(s: string): float?", "The number written in s, or none."],
    ["string(x: any): string", "The value as text, as `${x}` shows it."]
  ]),
  ...rows("strings", [
    [["len(x: string | list<any> | map<any, any>): int"], "How many characters (code points), elements or entries."],
    [
      ["contains(s: string | token | context, sub: string): bool", "contains(xs: list<T>, x: T): bool"],
      "Whether the text has `sub` in it, or the list has `x`."
    ],
    ["starts_with(s: string | token | context, sub: string): bool", "Whether the text begins with `sub`."],
    ["ends_with(s: string | token | context, sub: string): bool", "Whether the text ends with `sub`."],
    [
      ["count(s: string, sub: string): int", "count(xs: list<T>, x: T): int"],
      "How often `sub` is in the text without overlap, or `x` in the list."
    ],
    [
      ["index_of(s: string, sub: string): int?", "index_of(xs: list<T>, x: T): int?"],
      "Where `sub` or `x` is first, from 0, or none."
    ],
    ["split(s: string, sep: string): list<string>", "The parts between the separators."],
    ["lines(s: string): list<string>", "The lines of a text."],
    ["words(s: string): list<string>", "The runs of characters that are not spaces."],
    ["chars(s: string): list<string>", "The characters (code points)."],
    ["join(xs: list<string>, sep: string): string", "The strings with the separator between them."],
    ["lower(s: string): string", "The text in lower case."],
    ["upper(s: string): string", "The text in upper case."],
    ["trim(s: string): string", "The text without spaces at its ends."],
    ["replace(s: string, from: string, to: string): string", "The text with every `from` replaced."],
    [
      ["slice(s: string, from: int, to?: int): string", "slice(xs: list<T>, from: int, to?: int): list<T>"],
      "The part from `from` up to, not including, `to`; negative numbers count from the end."
    ],
    ["repeat(s: string, n: int): string", "The text n times."],
    [["reverse(s: string): string", "reverse(xs: list<T>): list<T>"], "Back to front."],
    ["text(x: token | context | string): string", "The text of a token or context."]
  ]),
  ...rows("lists", [
    ["push(xs: list<T>, x: T): list<T>", "A new list with x at the end."],
    ["concat(xs: list<T>, ys: list<T>): list<T>", "A new list of both."],
    ["take(xs: list<T>, n: int): list<T>", "The first n elements."],
    ["drop(xs: list<T>, n: int): list<T>", "All but the first n elements."],
    ["first(xs: list<T>): T?", "The first element, or none."],
    ["last(xs: list<T>): T?", "The last element, or none."],
    ["sort(xs: list<O>): list<O>", "In ascending order."],
    ["sort_by(xs: list<T>, key: (T) => O): list<T>", "In ascending order of the key."],
    ["unique(xs: list<T>): list<T>", "Without repetitions, in order of first appearance."],
    ["zip(xs: list<T>, ys: list<U>): list<(T, U)>", "Pairs, as many as the shorter list has."],
    ["indexed(xs: list<T>): list<(int, T)>", "Each element with its index."],
    ["range(a: int, b: int): list<int>", "The whole numbers from a up to, not including, b."],
    ["fill(n: int, x: T): list<T>", "The same value n times."],
    ["set(xs: list<T>, i: int, x: T): list<T>", "A new list with element i replaced."],
    ["map(xs: list<T>, f: (T) ~> U): list<U>", "What the function gives for each element.", byFunction],
    ["filter(xs: list<T>, p: (T) ~> bool): list<T>", "The elements for which p holds.", byFunction],
    ["fold(xs: list<T>, init: U, f: (U, T) ~> U): U", "Goes through the list with an accumulated value.", byFunction],
    [
      "flat_map(xs: list<T>, f: (T) ~> list<U>): list<U>",
      "The lists the function gives, one after the other.",
      byFunction
    ],
    ["any(xs: list<T>, p: (T) ~> bool): bool", "Whether p holds for some element.", byFunction],
    ["all(xs: list<T>, p: (T) ~> bool): bool", "Whether p holds for every element.", byFunction],
    ["find(xs: list<T>, p: (T) ~> bool): T?", "The first element for which p holds, or none.", byFunction],
    ["each(xs: list<T>, f: (T) ~> unit): unit", "Calls the function for each element.", byFunction],
    ["group_by(xs: list<T>, key: (T) => K): map<K, list<T>>", "The elements by their key."]
  ]),
  ...rows("maps", [
    ["get(m: map<K, V>, k: K): V?", "The value for the key, or none."],
    ["has(m: map<K, V>, k: K): bool", "Whether the map has the key."],
    ["put(m: map<K, V>, k: K, v: V): map<K, V>", "A new map with the entry."],
    ["remove(m: map<K, V>, k: K): map<K, V>", "A new map without the key."],
    ["keys(m: map<K, V>): list<K>", "The keys, in order of insertion."],
    ["values(m: map<K, V>): list<V>", "The values, in order of insertion."],
    ["entries(m: map<K, V>): list<(K, V)>", "Pairs of key and value, in order of insertion."]
  ]),
  ...rows("optionals", [
    ["is_none(x: any): bool", "Whether the value is missing."],
    ["unwrap(x: T?): T", "The value; an error when it is missing."]
  ]),
  ...distributions,
  ...rows("using distributions", [
    [
      "where(d: dist<T>, pred: (T) => bool): dist<T>",
      "The distribution restricted to the values for which pred holds, renormalised: a local mask.",
      { domain: "same", domains: MASKABLE }
    ],
    [
      "tempered(d: dist<T>, t: float): dist<T>",
      "Probabilities to the power of 1 / t, renormalised.",
      { domain: "same", domains: MASKABLE, ranges: { t: "positive" } }
    ],
    [
      "top_k(d: dist<T>, k: int): dist<T>",
      "Restricted to the k most probable values.",
      { domain: "same", domains: MASKABLE, ranges: { k: "count" } }
    ],
    [
      "top_p(d: dist<T>, p: float): dist<T>",
      "Restricted to the most probable values that make up p.",
      { domain: "same", domains: MASKABLE, ranges: { p: "probability" } }
    ],
    [
      "mix(weights: list<float>, dists: list<dist<T>>): dist<T>",
      "One of the distributions, with probability proportional to its weight.",
      { domain: "of-list" }
    ],
    [
      "log_prob(d: dist<T>, v: T): float",
      "The log-probability (or log-density) of a value, in nats.",
      { effect: "density" }
    ],
    ["variance(d: dist<float | bool>): float", "The variance.", { domains: ["finite", "countable", "continuous"] }],
    ["support(d: dist<T>): list<T>", "The values that can be drawn.", { domains: FINITE }],
    ["probability(d: dist<T>, pred: (T) => bool): float", "How probable it is that pred holds.", { domains: FINITE }],
    ["mode(d: dist<T>): T", "The most probable value.", { domains: FINITE }],
    [
      "quantile(d: dist<float>, q: float): float",
      "The value below which lies the share q.",
      { domains: ["finite", "countable", "continuous"], ranges: { q: "probability" } }
    ],
    ["entropy(d: dist<any>): float", "The entropy, in nats.", { domains: FINITE }],
    ["log_z(p: posterior<any>): float", "The log of the normalising constant, in nats."],
    ["ess(p: posterior<any>): float", "The effective sample size."]
  ]),
  ...rows("other", [
    ["fail(message: string): never", "Stops the run with an error at this place."],
    ["show(x: any): string", "The value as PGL writes it."]
  ])
];
var builtinByName = new Map(builtins.map((builtin) => [builtin.name, builtin]));

// ../compiler/src/builtins/constraints.ts
var constraintKinds = [
  { name: "contains", parameters: ["string"], doc: "The text has this string in it." },
  { name: "starts_with", parameters: ["string"], doc: "The text begins with this string." },
  { name: "ends_with", parameters: ["string"], doc: "The text ends with this string." },
  { name: "chars", parameters: ["range"], doc: "Its length in characters is in the range, both ends included." },
  { name: "words", parameters: ["range"], doc: "Its length in words is in the range, both ends included." },
  {
    name: "tokens",
    parameters: ["range", "lm"],
    doc: "Its length in the model's tokens is in the range, both ends included."
  }
];
var constraintKind = new Map(
  constraintKinds.map((kind2) => [kind2.name, kind2])
);
var laterConstraints = /* @__PURE__ */ new Set(["json", "grammar", "lark", "int", "float"]);
var laterBuiltins = /* @__PURE__ */ new Set(["product"]);

// ../compiler/src/resolve/resolve.ts
var typeNames = /* @__PURE__ */ new Map([
  ["int", 0],
  ["float", 0],
  ["bool", 0],
  ["string", 0],
  ["token", 0],
  ["context", 0],
  ["unit", 0],
  ["none", 0],
  ["lm", 0],
  ["list", 1],
  ["dist", 1],
  ["posterior", 1],
  ["map", 2]
]);
var Scope = class {
  constructor(parent, owner) {
    this.parent = parent;
    this.owner = owner;
  }
  parent;
  owner;
  names = /* @__PURE__ */ new Map();
};
function* outward(scope) {
  for (let at2 = scope; at2 !== null; at2 = at2.parent) yield at2;
}
function find(scope, name) {
  for (const { names: names2 } of outward(scope)) {
    const found = names2.get(name);
    if (found !== void 0) return found;
  }
  return void 0;
}
function* visible(scope) {
  for (const { names: names2 } of outward(scope)) yield* names2.keys();
  yield* builtinByName.keys();
}
var places = {
  builtin: "",
  local: "",
  unit: "",
  host: "imported ",
  imported: "imported ",
  missing: ""
};
function resolve(module, imports, reporter, suggester) {
  return new Resolver(imports, reporter, suggester).module(module);
}
var Resolver = class {
  constructor(imports, reporter, suggester) {
    this.imports = imports;
    this.reporter = reporter;
    this.suggester = suggester;
  }
  imports;
  reporter;
  suggester;
  bindings = /* @__PURE__ */ new Map();
  units = [];
  unitOf = /* @__PURE__ */ new Map();
  queries = [];
  assignedIn = /* @__PURE__ */ new Map();
  locals = [];
  imported = [];
  localFunctions = [];
  scope = new Scope(null, null);
  moduleScope = this.scope;
  current = null;
  /** Names of the parameters beside the default being resolved. */
  siblings = /* @__PURE__ */ new Set();
  loops = [];
  module(module) {
    for (const declaration of module.declarations) this.declareTop(declaration);
    for (const declaration of module.declarations) {
      this.current = this.unitOf.get(declaration) ?? null;
      this.declaration(declaration);
    }
    this.warnUnused();
    return {
      bindings: this.bindings,
      units: this.units,
      unitOf: this.unitOf,
      queries: this.queries,
      assignedIn: this.assignedIn
    };
  }
  declareTop(declaration) {
    switch (declaration.kind) {
      case "ImportDeclaration":
        for (const specifier of declaration.specifiers) {
          const binding = this.imports.get(specifier);
          if (binding === void 0) {
            this.declare(specifier.local, { kind: "missing", name: specifier.local.name });
            continue;
          }
          this.declare(specifier.local, binding);
          this.bindings.set(specifier.imported, binding);
          this.imported.push(binding);
        }
        return;
      case "QueryDeclaration":
        this.queries.push(declaration);
        return;
      default: {
        const unit2 = {
          kind: "unit",
          name: declaration.name.name,
          declaration,
          index: this.units.length,
          references: /* @__PURE__ */ new Set(),
          reads: 0
        };
        this.units.push(unit2);
        this.unitOf.set(declaration, unit2);
        if (declaration.kind === "TypeDeclaration" && typeNames.has(unit2.name)) {
          this.reporter.report(
            "PGL2002",
            declaration.name,
            `\`${unit2.name}\` is the name of a built-in type.`,
            "Choose another name."
          );
        }
        this.declare(declaration.name, unit2);
      }
    }
  }
  declare(identifier, binding) {
    const before = this.scope.names.get(identifier.name);
    if (before !== void 0 && identifier.name !== "") {
      const span = declarationSpan(before);
      if (before.kind !== "builtin" && before.kind !== "missing") before.reads++;
      this.reporter.report("PGL2002", identifier, `\`${identifier.name}\` is already declared in this scope.`, {
        hint: binding.kind === "local" && before.kind === "local" && before.mutable ? `To change it, write \`${identifier.name} = \u2026\` without \`let\`.` : "Give one of the two another name.",
        ...span === void 0 ? {} : { related: [{ span, message: `${places[before.kind]}\`${identifier.name}\` is first declared here` }] }
      });
    }
    this.scope.names.set(identifier.name, binding);
    this.bindings.set(identifier, binding);
  }
  local(identifier, role, mutable = false) {
    const local = {
      kind: "local",
      id: this.locals.length,
      name: identifier.name,
      declaration: identifier,
      mutable,
      role,
      owner: this.scope.owner,
      reads: 0
    };
    this.locals.push(local);
    this.declare(identifier, local);
  }
  inScope(owner, body) {
    const outer = this.scope;
    this.scope = new Scope(outer, owner);
    body();
    this.scope = outer;
  }
  // ------------------------------------------------------------------------------------------------- declarations
  declaration(declaration) {
    switch (declaration.kind) {
      case "ImportDeclaration":
      case "LmDeclaration":
        return;
      case "ConstDeclaration":
        if (declaration.type) this.type(declaration.type);
        this.expression(declaration.value);
        return;
      case "TypeDeclaration":
        this.type(declaration.type);
        return;
      case "FunctionDeclaration":
      case "ModelDeclaration":
        this.callable(declaration);
        return;
      case "ProposalDeclaration":
        this.use(declaration.target);
        this.callable(declaration);
        return;
      case "QueryDeclaration":
        this.expression(declaration.infer);
    }
  }
  callable(declaration) {
    const loops = this.loops;
    this.loops = [];
    for (const parameter of declaration.parameters) {
      if (parameter.type) this.type(parameter.type);
      if (!parameter.defaultValue) continue;
      this.siblings = new Set(declaration.parameters.map((p) => p.name.name));
      this.expression(parameter.defaultValue);
      this.siblings = /* @__PURE__ */ new Set();
    }
    if ("result" in declaration && declaration.result) this.type(declaration.result);
    this.inScope(declaration, () => {
      for (const parameter of declaration.parameters) this.local(parameter.name, "parameter");
      this.blockBody(declaration.body);
    });
    this.loops = loops;
  }
  // ---------------------------------------------------------------------------------------------------- statements
  block(block) {
    this.inScope(this.scope.owner, () => this.blockBody(block));
  }
  blockBody(block) {
    for (const statement of block.statements) this.statement(statement);
    if (block.result) this.expression(block.result);
  }
  statement(statement) {
    switch (statement.kind) {
      case "LetStatement":
        if (statement.type) this.type(statement.type);
        this.expression(statement.value);
        this.pattern(statement.pattern, "let", statement.mutable);
        return;
      case "DrawStatement":
        if (statement.type) this.type(statement.type);
        this.expression(statement.distribution);
        if (statement.proposal) this.expression(statement.proposal);
        this.pattern(statement.pattern, "draw", statement.mutable);
        return;
      case "AssignStatement":
        this.expression(statement.value);
        this.assignment(statement);
        return;
      case "ObserveStatement":
        this.expression(statement.value);
        if (statement.distribution) this.expression(statement.distribution);
        if (statement.constraint) this.constraint(statement.constraint);
        return;
      case "ConditionStatement":
        this.expression(statement.test);
        return;
      case "FactorStatement":
      case "TwistStatement":
        this.expression(statement.weight);
        return;
      case "ForStatement":
        this.expression(statement.iterable);
        this.loop(
          statement,
          () => this.inScope(this.scope.owner, () => {
            this.pattern(statement.pattern, "loop", false);
            this.block(statement.body);
          })
        );
        return;
      case "WhileStatement":
        this.loop(statement, () => {
          this.expression(statement.test);
          this.block(statement.body);
        });
        return;
      case "ReturnStatement":
        if (statement.value) this.expression(statement.value);
        return;
      case "FunctionDeclaration": {
        const unit2 = {
          kind: "unit",
          name: statement.name.name,
          declaration: statement,
          index: -1,
          references: /* @__PURE__ */ new Set(),
          reads: 0
        };
        this.unitOf.set(statement, unit2);
        this.localFunctions.push(unit2);
        this.declare(statement.name, unit2);
        const before = unit2.reads;
        this.callable(statement);
        unit2.reads = before;
        return;
      }
      case "ExpressionStatement":
        this.expression(statement.expression);
        return;
      case "StepStatement":
      case "BreakStatement":
      case "ContinueStatement":
        return;
    }
  }
  loop(statement, body) {
    this.assignedIn.set(statement, /* @__PURE__ */ new Set());
    this.loops.push(statement);
    body();
    this.loops.pop();
  }
  assignment(statement) {
    const { target } = statement;
    const binding = this.lookUp(target);
    if (statement.operator !== "=" && binding.kind === "local") binding.reads++;
    if (binding.kind === "missing") return;
    const declared = declarationSpan(binding);
    const related = declared === void 0 ? {} : { related: [{ span: declared, message: `\`${target.name}\` is declared here` }] };
    if (binding.kind !== "local" || !binding.mutable) {
      const isLet = binding.kind === "local" && (binding.role === "let" || binding.role === "draw");
      this.reporter.report("PGL3022", target, `\`${target.name}\` cannot be assigned: it is not a \`var\`.`, {
        hint: isLet ? `Declare it with \`var\` instead of \`let\`.` : binding.kind === "local" ? `Copy it first: \`var copy = ${target.name}\`.` : `Only a \`var\` inside a function can change.`,
        ...related
      });
      return;
    }
    if (binding.owner !== this.scope.owner) {
      this.reporter.report(
        "PGL4010",
        target,
        `\`${target.name}\` belongs to the function outside: it cannot be assigned here.`,
        {
          hint: "A lambda keeps the value the variable had when it was made. Use a `for` loop, or `fold` to pass a value along.",
          ...related
        }
      );
      return;
    }
    for (const loop of this.loops) this.assignedIn.get(loop).add(binding);
  }
  pattern(pattern, role, mutable) {
    switch (pattern.kind) {
      case "Identifier":
        this.local(pattern, role, mutable);
        return;
      case "TuplePattern":
        for (const element of pattern.elements) this.pattern(element, role, mutable);
        return;
      case "RecordPattern":
        for (const field of pattern.fields) this.pattern(field.pattern, role, mutable);
        return;
      case "WildcardPattern":
        return;
    }
  }
  matchPattern(pattern) {
    switch (pattern.kind) {
      case "NamePattern":
        this.local(pattern.name, "pattern");
        return;
      case "OrPattern":
        for (const alternative of pattern.alternatives) this.matchPattern(alternative);
        return;
      case "TupleMatchPattern":
        for (const element of pattern.elements) this.matchPattern(element);
        return;
      case "RecordMatchPattern":
        for (const field of pattern.fields) this.matchPattern(field.pattern);
        return;
      case "LiteralPattern":
      case "WildcardPattern":
        return;
    }
  }
  // --------------------------------------------------------------------------------------------------- expressions
  expression(expression) {
    switch (expression.kind) {
      case "NumberLiteral":
      case "BooleanLiteral":
      case "StringLiteral":
      case "NoneLiteral":
      case "EosLiteral":
      case "MissingExpression":
        return;
      case "TemplateLiteral":
        for (const part of expression.expressions) this.expression(part);
        return;
      case "Identifier":
        this.use(expression);
        return;
      case "ListExpression":
      case "TupleExpression":
        for (const element of expression.elements) this.expression(element);
        return;
      case "RecordExpression":
        for (const field of expression.fields) this.expression(field.value);
        return;
      case "MapExpression":
        for (const { key, value } of expression.entries) {
          this.expression(key);
          this.expression(value);
        }
        return;
      case "UnaryExpression":
        this.expression(expression.operand);
        return;
      case "BinaryExpression": {
        let left = expression;
        const rights = [];
        while (left.kind === "BinaryExpression") {
          rights.push(left.right);
          left = left.left;
        }
        this.expression(left);
        for (const right of rights.reverse()) this.expression(right);
        return;
      }
      case "RangeExpression":
        this.expression(expression.start);
        this.expression(expression.end);
        return;
      case "MatchesExpression":
        this.expression(expression.value);
        this.constraint(expression.constraint);
        return;
      case "CallExpression":
        this.expression(expression.callee);
        for (const argument of expression.arguments) this.expression(argument.value);
        return;
      case "MemberExpression":
        this.expression(expression.object);
        return;
      case "IndexExpression":
        this.expression(expression.object);
        this.expression(expression.index);
        return;
      case "LambdaExpression":
        this.callable(expression);
        return;
      case "IfExpression":
        this.expression(expression.test);
        this.block(expression.then);
        if (expression.else?.kind === "Block") this.block(expression.else);
        else if (expression.else) this.expression(expression.else);
        return;
      case "MatchExpression":
        this.expression(expression.subject);
        for (const arm of expression.arms) {
          this.inScope(this.scope.owner, () => {
            this.matchPattern(arm.pattern);
            if (arm.guard) this.expression(arm.guard);
            this.block(arm.body);
          });
        }
        return;
      case "BlockExpression":
        this.block(expression.block);
        return;
      case "SampleExpression":
        this.expression(expression.distribution);
        if (expression.proposal) this.expression(expression.proposal);
        return;
      case "InferExpression":
        this.use(expression.model);
        for (const argument of expression.arguments) this.expression(argument.value);
        for (const argument of expression.method?.arguments ?? []) this.expression(argument.value);
        return;
    }
  }
  constraint(constraint) {
    switch (constraint.kind) {
      case "RegexConstraint":
        return;
      case "ConstraintCall":
        for (const argument of constraint.arguments) this.expression(argument.value);
        return;
      case "ValueConstraint":
        this.expression(constraint.value);
        return;
      case "NotConstraint":
        this.constraint(constraint.operand);
        return;
      case "AndConstraint":
      case "OrConstraint":
        for (const operand2 of constraint.operands) this.constraint(operand2);
        return;
    }
  }
  type(type) {
    switch (type.kind) {
      case "NamedType": {
        for (const argument of type.arguments) this.type(argument);
        const { name } = type.name;
        if (typeNames.has(name)) return;
        const binding = this.moduleScope.names.get(name);
        if (binding === void 0) {
          const declared = [...this.moduleScope.names].flatMap(([n, b]) => isTypeBinding(b) ? [n] : []);
          this.reporter.report("PGL2006", type.name, `There is no type \`${name}\`.`, {
            hint: this.suggester.hint(name, [...typeNames.keys(), ...declared])
          });
          this.bindings.set(type.name, { kind: "missing", name });
          return;
        }
        this.refer(type.name, binding);
        return;
      }
      case "RecordType":
        for (const field of type.fields) this.type(field.type);
        return;
      case "TupleType":
        for (const element of type.elements) this.type(element);
        return;
      case "FunctionType":
        for (const parameter of type.parameters) this.type(parameter);
        this.type(type.result);
        return;
      case "UnionType":
        for (const member of type.members) this.type(member);
        return;
      case "OptionalType":
        this.type(type.type);
        return;
      case "StringLiteralType":
        return;
    }
  }
  // --------------------------------------------------------------------------------------------------------- names
  use(identifier) {
    this.refer(identifier, this.lookUp(identifier));
  }
  refer(identifier, binding) {
    this.bindings.set(identifier, binding);
    if (binding.kind === "builtin" || binding.kind === "missing") return;
    binding.reads++;
    if (binding.kind === "unit" && binding.index >= 0) this.current?.references.add(binding);
  }
  lookUp(identifier) {
    const { name } = identifier;
    const known2 = this.bindings.get(identifier);
    if (known2 !== void 0) return known2;
    const found = find(this.scope, name);
    if (found !== void 0) {
      this.bindings.set(identifier, found);
      return found;
    }
    if (builtinByName.has(name)) return this.set(identifier, { kind: "builtin", name });
    if (name !== "") {
      if (laterBuiltins.has(name)) {
        this.reporter.report(
          "PGL4014",
          identifier,
          `\`${name}\` comes with a later version.`,
          "Score the text of one draw under the other: `observe x ~ other`."
        );
      } else {
        this.reporter.report("PGL2001", identifier, `There is no \`${name}\` here.`, {
          hint: this.siblings.has(name) ? "A default does not see the other parameters: compute it in the body, from an optional one." : this.suggester.hint(name, visible(this.scope))
        });
      }
    }
    return this.set(identifier, { kind: "missing", name });
  }
  set(identifier, binding) {
    this.bindings.set(identifier, binding);
    return binding;
  }
  warnUnused() {
    for (const local of this.locals) {
      if (local.reads > 0 || local.role !== "let" || local.name.startsWith("_") || local.name === "") continue;
      this.reporter.report(
        "PGL5001",
        local.declaration,
        `\`${local.name}\` is never read.`,
        `Remove it, or call it \`_${local.name}\`.`
      );
    }
    for (const unit2 of this.localFunctions) {
      if (unit2.reads > 0 || unit2.name.startsWith("_")) continue;
      this.reporter.report("PGL5001", unit2.declaration.name, `\`${unit2.name}\` is never called.`, "Remove it.");
    }
    for (const binding of this.imported) {
      const isBroken2 = (binding.kind === "host" ? binding.export : binding.symbol) === void 0;
      if (binding.reads > 0 || isBroken2 || binding.name.startsWith("_")) continue;
      this.reporter.report(
        "PGL5002",
        binding.declaration,
        `\`${binding.name}\` is imported and never used.`,
        "Remove it from the import."
      );
    }
  }
};
var isTypeBinding = (binding) => binding.kind === "unit" && binding.declaration.kind === "TypeDeclaration" || binding.kind === "imported" && binding.symbol?.kind === "type";
function declarationSpan(binding) {
  switch (binding.kind) {
    case "unit":
      return binding.declaration.name.span;
    case "local":
    case "host":
    case "imported":
      return binding.declaration.span;
    default:
      return void 0;
  }
}

// ../compiler/src/resolve/suggest.ts
var elsewhere = new Map(
  Object.entries({
    null: "none",
    None: "none",
    nil: "none",
    undefined: "none",
    True: "true",
    False: "false",
    flip: "bernoulli",
    gaussian: "normal",
    Normal: "normal",
    randint: "uniform_int",
    random_integer: "uniform_int",
    discrete: "categorical",
    uniformDraw: "choice",
    append: "push",
    length: "len",
    size: "len",
    count_of: "count",
    substring: "slice",
    substr: "slice",
    strip: "trim",
    toLowerCase: "lower",
    toUpperCase: "upper",
    begins_with: "starts_with",
    startsWith: "starts_with",
    startswith: "starts_with",
    endsWith: "ends_with",
    endswith: "ends_with",
    includes: "contains",
    indexOf: "index_of",
    reduce: "fold",
    foldl: "fold",
    forEach: "each",
    flatMap: "flat_map",
    some: "any",
    every: "all",
    str: "string",
    String: "string",
    logsumexp: "log_sum_exp",
    logprob: "log_prob",
    log_likelihood: "log_prob",
    logpdf: "log_prob",
    concatenate: "concat",
    enumerate: "indexed",
    number: "float",
    double: "float",
    integer: "int",
    boolean: "bool",
    Array: "list",
    array: "list",
    List: "list",
    dict: "map",
    Map: "map",
    object: "map",
    Option: "T?",
    void: "unit",
    bernouli: "bernoulli",
    is_null: "is_none"
  })
);
var BUDGET = 200;
var Suggester = class {
  left = BUDGET;
  /** The candidate that is a small typing mistake away, or what the name is called here. */
  suggest(name, candidates) {
    if (this.left-- <= 0) return void 0;
    const lower2 = name.toLowerCase().replaceAll("_", "");
    let best;
    let bestDistance = name.length <= 2 ? 1 : name.length <= 5 ? 2 : 3;
    const known2 = elsewhere.get(name) ?? [...elsewhere].find(([other]) => name.length > 4 && editDistance(name, other, 2) < 2)?.[1];
    for (const candidate of candidates) {
      if (candidate === known2) return candidate;
      if (Math.abs(candidate.length - name.length) > 3) continue;
      if (candidate !== name && candidate.toLowerCase().replaceAll("_", "") === lower2) return candidate;
      const distance = editDistance(name, candidate, bestDistance);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return best;
  }
  /** ``Did you mean `x`?``, or nothing. */
  hint(name, candidates) {
    const found = this.suggest(name, candidates);
    return found === void 0 ? void 0 : `Did you mean \`${found}\`?`;
  }
};
function editDistance(a2, b, limit) {
  if (a2 === b) return 0;
  if (Math.abs(a2.length - b.length) >= limit) return limit;
  let beforeLast = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a2.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a2[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost);
      if (i > 1 && j > 1 && a2[i - 1] === b[j - 2] && a2[i - 2] === b[j - 1]) d = Math.min(d, beforeLast[j - 2] + 1);
      row.push(d);
      least = Math.min(least, d);
    }
    if (least >= limit) return limit;
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length], limit);
}

// ../compiler/src/types/relate.ts
var rank = { pure: 0, async: 1, generative: 2 };
var allows = (b, a2) => rank[a2] <= rank[b];
var bothEffects = (a2, b) => rank[a2] >= rank[b] ? a2 : b;
var Unknowns = class _Unknowns {
  solutions = /* @__PURE__ */ new Map();
  hints = /* @__PURE__ */ new Map();
  bounds = /* @__PURE__ */ new Map();
  static next = 0;
  fresh(bound = "any") {
    const id = _Unknowns.next++;
    this.bounds.set(id, bound);
    return { kind: "variable", id };
  }
  /** Takes in one more value for an unknown. False when it does not go together with those before, or with its bound. */
  take(id, type) {
    if (!meetsBound(type, this.bounds.get(id) ?? "any")) return false;
    const before = this.solutions.get(id);
    const joined2 = before === void 0 ? type : join(before, type);
    if (joined2 === void 0) return false;
    this.solutions.set(id, joined2);
    return true;
  }
  solution(id) {
    return this.solutions.get(id);
  }
  /** Notes what the result is wanted as: walks the declared result beside the wanted type. */
  hint(declared, wanted) {
    switch (declared.kind) {
      case "variable":
        if (wanted.kind !== "error" && wanted.kind !== "variable") this.hints.set(declared.id, wanted);
        return;
      case "union": {
        const variables = declared.members.filter((m) => m.kind === "variable");
        const rest = membersOf(wanted).filter((w) => !declared.members.some((m) => m.kind === w.kind));
        if (variables.length === 1 && rest.length > 0) this.hint(variables[0], union(rest));
        return;
      }
      default:
        for (const member of membersOf(wanted)) {
          if (declared.kind === "list" && member.kind === "list") this.hint(declared.element, member.element);
          else if (declared.kind === "map" && member.kind === "map") {
            this.hint(declared.key, member.key);
            this.hint(declared.value, member.value);
          } else if (declared.kind === "dist" && member.kind === "dist") this.hint(declared.element, member.element);
          else if (declared.kind === "tuple" && member.kind === "tuple") {
            declared.elements.forEach((e, i) => member.elements[i] !== void 0 && this.hint(e, member.elements[i]));
          }
        }
    }
  }
  /** A type with every solved unknown replaced; unsolved ones by their hint; others stay. */
  apply(type) {
    return mapType(
      type,
      (part) => part.kind === "variable" ? this.solutions.get(part.id) ?? this.hints.get(part.id) ?? part : void 0
    );
  }
  /** Like `apply`, and what nothing is known about becomes `never` (the element of an empty list). */
  finish(type) {
    return mapType(this.apply(type), (part) => part.kind === "variable" ? { kind: "never" } : void 0);
  }
  /** A type for messages: what is not known shows as what it could be. */
  describe(type) {
    return mapType(this.apply(type), (part) => {
      if (part.kind !== "variable") return void 0;
      const bound = this.bounds.get(part.id);
      return bound === "number" ? FLOAT : { kind: "opaque", name: bound === "ordered" ? "number | string" : "any" };
    });
  }
  /** Runs `attempt`; what it learnt is forgotten when it returns false. */
  try(attempt) {
    const before = new Map(this.solutions);
    if (attempt()) return true;
    this.solutions = before;
    return false;
  }
};
function meetsBound(type, bound) {
  if (bound === "any" || type.kind === "never" || type.kind === "error" || type.kind === "variable") return true;
  if (bound === "number") return type.kind === "int" || type.kind === "float";
  return isOrdered(type);
}
function isOrdered(type) {
  switch (type.kind) {
    case "int":
    case "float":
    case "bool":
    case "string":
    case "literal":
    case "never":
    case "error":
      return true;
    case "list":
      return isOrdered(type.element);
    case "tuple":
      return type.elements.every(isOrdered);
    case "union":
      return type.members.every((member) => member.kind === "literal");
    default:
      return false;
  }
}
function assignable(a2, b, unknowns) {
  if (a2 === b || a2.kind === "error" || b.kind === "error" || a2.kind === "never") return true;
  if (b.kind === "variable") {
    if (a2.kind === "variable") return a2.id === b.id || unknowns === void 0 || unknowns.solution(a2.id) === void 0;
    return unknowns?.take(b.id, a2) ?? false;
  }
  if (a2.kind === "variable") {
    const known2 = unknowns?.solution(a2.id);
    return known2 === void 0 ? unknowns?.take(a2.id, b) ?? false : assignable(known2, b, unknowns);
  }
  if (a2.kind === "union") {
    if (b.kind === "union" && a2.members.length > 4) {
      const values = literalsOf(b);
      return a2.members.every((m) => m.kind === "literal" && values.has(m.value) || assignable(m, b, unknowns));
    }
    return a2.members.every((member) => assignable(member, b, unknowns));
  }
  if (b.kind === "union") {
    if (a2.kind === "literal" && literalsOf(b).has(a2.value)) return true;
    const tries = (member) => member.kind !== "literal" && (unknowns === void 0 ? assignable(a2, member) : unknowns.try(() => assignable(a2, member, unknowns)));
    return b.members.some((member) => member.kind !== "variable" && tries(member)) || b.members.some((member) => member.kind === "variable" && tries(member));
  }
  switch (b.kind) {
    case "opaque":
      return b.name === "unknown" || a2.kind === "opaque" && a2.name === b.name;
    case "float":
      return a2.kind === "float" || a2.kind === "int";
    case "string":
      return a2.kind === "string" || a2.kind === "literal";
    case "literal":
      return a2.kind === "literal" && a2.value === b.value;
    case "list":
      return a2.kind === "list" && assignable(a2.element, b.element, unknowns);
    case "map":
      return a2.kind === "map" && assignable(a2.key, b.key, unknowns) && assignable(a2.value, b.value, unknowns);
    case "tuple":
      return a2.kind === "tuple" && a2.elements.length === b.elements.length && a2.elements.every((element, i) => assignable(element, b.elements[i], unknowns));
    case "record":
      if (a2.kind !== "record") return false;
      for (const [name, field] of b.fields) {
        const own = a2.fields.get(name);
        if (own === void 0) {
          if (!field.optional) return false;
        } else if (own.optional && !field.optional || !assignable(own.type, field.type, unknowns)) {
          return false;
        }
      }
      return true;
    case "dist":
      return (a2.kind === "dist" || a2.kind === "posterior") && assignable(a2.element, b.element, unknowns);
    case "posterior":
      return a2.kind === "posterior" && assignable(a2.element, b.element, unknowns);
    case "function": {
      if (a2.kind !== "function" || !allows(b.effect, a2.effect)) return false;
      const required = a2.parameters.filter((p) => !p.optional).length;
      if (b.parameters.length < required || b.parameters.length > a2.parameters.length) return false;
      return b.parameters.every((p, i) => assignable(p.type, a2.parameters[i].type, unknowns)) && (b.result.kind === "unit" || assignable(a2.result, b.result, unknowns));
    }
    default:
      return a2.kind === b.kind;
  }
}
function join(a2, b) {
  if (sameType(a2, b)) return a2;
  if (a2.kind === "error" || b.kind === "error") return ERROR;
  if (assignable(a2, b) && !hasMixedDomain(a2, b)) return b;
  if (assignable(b, a2) && !hasMixedDomain(a2, b)) return a2;
  if (a2.kind === "none" || b.kind === "none") return union([a2, b]);
  if (a2.kind === "union" || b.kind === "union") return joinUnions(a2, b);
  if (a2.kind === "literal" && b.kind === "literal") return union([a2, b]);
  if ((a2.kind === "dist" || a2.kind === "posterior") && (b.kind === "dist" || b.kind === "posterior")) {
    const element = join(a2.element, b.element);
    if (element === void 0) return void 0;
    if (a2.kind === "posterior" && b.kind === "posterior") return posterior(element);
    const domainOf3 = (t) => t.kind === "posterior" ? "finite" : t.domain;
    return dist(element, domainOf3(a2) === domainOf3(b) ? domainOf3(a2) : "unknown");
  }
  if (a2.kind === "list" && b.kind === "list") return lift([a2.element], [b.element], ([e]) => list(e));
  if (a2.kind === "map" && b.kind === "map") {
    return lift([a2.key, a2.value], [b.key, b.value], ([k, v]) => map(k, v));
  }
  if (a2.kind === "tuple" && b.kind === "tuple" && a2.elements.length === b.elements.length) {
    return lift(a2.elements, b.elements, tuple);
  }
  if (a2.kind === "record" && b.kind === "record") {
    const fields = /* @__PURE__ */ new Map();
    for (const [name, field] of a2.fields) {
      const other = b.fields.get(name);
      if (other === void 0) return void 0;
      const type = join(field.type, other.type);
      if (type === void 0) return void 0;
      fields.set(name, { type, optional: field.optional || other.optional });
    }
    return fields.size === b.fields.size ? { kind: "record", fields } : void 0;
  }
  if (a2.kind === "function" && b.kind === "function" && a2.parameters.length === b.parameters.length) {
    if (!a2.parameters.every((p, i) => sameType(p.type, b.parameters[i].type))) return void 0;
    const result = join(a2.result, b.result);
    return result && functionType(a2.parameters, result, bothEffects(a2.effect, b.effect));
  }
  return void 0;
}
function hasMixedDomain(a2, b) {
  switch (a2.kind) {
    case "dist":
    case "posterior": {
      if (b.kind !== "dist" && b.kind !== "posterior") return false;
      const domain = (t) => t.kind === "posterior" ? "finite" : t.domain;
      return a2.kind !== b.kind || domain(a2) !== domain(b) || hasMixedDomain(a2.element, b.element);
    }
    case "list":
      return b.kind === "list" && hasMixedDomain(a2.element, b.element);
    case "map":
      return b.kind === "map" && (hasMixedDomain(a2.key, b.key) || hasMixedDomain(a2.value, b.value));
    case "tuple":
      return b.kind === "tuple" && a2.elements.some((e, i) => b.elements[i] !== void 0 && hasMixedDomain(e, b.elements[i]));
    case "record":
      if (b.kind !== "record") return false;
      for (const [name, { type }] of a2.fields) {
        const other = b.fields.get(name);
        if (other !== void 0 && hasMixedDomain(type, other.type)) return true;
      }
      return false;
    default:
      return false;
  }
}
function joinUnions(a2, b) {
  const simple = [];
  let rest;
  for (const member of [...membersOf(a2), ...membersOf(b)]) {
    if (member.kind === "literal" || member.kind === "none") simple.push(member);
    else if (rest === void 0) rest = member;
    else {
      const joined2 = join(rest, member);
      if (joined2 === void 0) return void 0;
      rest = joined2;
    }
  }
  if (rest === void 0) return union(simple);
  if (simple.some((member) => member.kind === "literal") && rest.kind !== "string") return void 0;
  return union([...simple, rest]);
}
function lift(a2, b, make) {
  const elements = [];
  for (let i = 0; i < a2.length; i++) {
    const joined2 = join(a2[i], b[i]);
    if (joined2 === void 0) return void 0;
    elements.push(joined2);
  }
  return make(elements);
}

// ../compiler/src/types/show.ts
var names = /* @__PURE__ */ new WeakMap();
function nameType(type, name) {
  if (type.kind === "record" || type.kind === "union" || type.kind === "tuple" || type.kind === "function") {
    names.set(type, name);
  }
}
var arrows = { pure: "->", async: "->", generative: "~>" };
var MAX_PARTS = 8;
function showType(type) {
  const name = names.get(type);
  if (name !== void 0) return name;
  switch (type.kind) {
    case "literal":
      return JSON.stringify(type.value);
    case "list":
      return `list<${showType(type.element)}>`;
    case "map":
      return `map<${showType(type.key)}, ${showType(type.value)}>`;
    case "tuple":
      return `(${type.elements.map(showType).join(", ")})`;
    case "record": {
      const fields = [...type.fields].map(
        ([field, { type: t, optional: optional2 }]) => `${field}${optional2 ? "?" : ""}: ${showType(t)}`
      );
      return `{ ${cut(fields).join(", ")} }`;
    }
    case "union": {
      const rest = type.members.filter((member) => member.kind !== "none");
      const parts = cut(
        rest.map((member) => member.kind === "function" ? `(${showType(member)})` : showType(member))
      );
      if (rest.length === type.members.length) return parts.join(" | ");
      return rest.length === 1 ? `${parts[0]}?` : `(${parts.join(" | ")})?`;
    }
    case "function":
      return `(${type.parameters.map((p) => `${showType(p.type)}${p.optional ? "?" : ""}`).join(", ")}) ${arrows[type.effect]} ${showType(type.result)}`;
    case "dist":
      return `dist<${showType(type.element)}>`;
    case "posterior":
      return `posterior<${showType(type.element)}>`;
    case "opaque":
      return type.name;
    case "variable":
      return "_";
    case "error":
      return "\u2026";
    default:
      return type.kind;
  }
}
var cut = (parts) => parts.length > MAX_PARTS ? [...parts.slice(0, MAX_PARTS), "\u2026"] : parts;

// ../compiler/src/types/mismatch.ts
function a(type) {
  if (type.kind === "none") return "`none`";
  if (type.kind === "unit") return "no value";
  return `\`${showType(type)}\``;
}
function reportMismatch(c, expression, actual, expected, code, what) {
  if (actual.kind === "function" && expected.kind === "function") {
    const required = actual.parameters.filter((p) => !p.optional).length;
    const given2 = expected.parameters.length;
    if (given2 < required || given2 > actual.parameters.length) {
      const plural = (n) => n === 1 ? "one argument" : n === 0 ? "no argument" : `${n} arguments`;
      c.report(code, expression, `${what} is called with ${plural(given2)}; this function takes ${plural(required)}.`);
      return;
    }
  }
  if (hasError(actual) || hasError(expected)) return;
  const part = blame(c, expression, expected);
  if (part !== void 0) {
    reportMismatch(c, part.expression, part.actual, part.expected, code, part.what ?? what);
    return;
  }
  if (expression.kind === "RecordExpression" && actual.kind === "record") {
    const missing2 = missingFields(actual, expected);
    if (missing2 !== void 0) {
      const extra = expression.fields.find(
        (f) => f.kind === "Field" && membersOf(expected).every((m) => m.kind !== "record" || !m.fields.has(f.name.name))
      );
      const meant = extra?.kind === "Field" ? c.suggester.suggest(extra.name.name, missing2) : void 0;
      c.report(
        "PGL3027",
        expression,
        `The record lacks ${missing2.map((name) => `\`${name}\``).join(", ")} of ${a(expected)}.`,
        {
          hint: meant !== void 0 && extra?.kind === "Field" ? `Did you mean \`${meant}\` by \`${extra.name.name}\`?` : void 0
        }
      );
      return;
    }
  }
  if (mayBeNone(actual) && actual.kind !== "none" && !mayBeNone(expected) && assignable(withoutNone(actual), expected)) {
    c.report("PGL3016", expression, `${what} must be ${a(expected)}; this may be \`none\`.`, {
      hint: "Say what then: `x ?? other`, `if x != none { \u2026 }`, or `unwrap(x)` when it cannot happen."
    });
    return;
  }
  if (actual.kind === "function" && expected.kind === "function" && !allows(expected.effect, actual.effect)) {
    const does = actual.effect === "generative" ? "draws or weighs" : "waits for the outside";
    const may = expected.effect === "pure" ? "neither draw nor wait" : "not draw";
    c.report("PGL4009", expression, `${what} must ${may}; this function ${does}.`, {
      hint: expected.effect === "pure" ? "Compute what it needs before, and pass plain values." : "Write the parameter's type with `~>` to take functions that draw."
    });
    return;
  }
  c.report(code, expression, `${what} must be ${a(expected)}, not ${a(actual)}.`, {
    hint: mismatchHint(c, expression, actual, expected)
  });
}
function blame(c, expression, expected) {
  const bad = (part, wanted, what) => {
    if (part === void 0 || wanted === void 0) return void 0;
    const actual = c.types.get(part);
    return actual !== void 0 && !assignable(actual, wanted) ? { expression: part, actual, expected: wanted, what } : void 0;
  };
  const first = (items, find2) => {
    for (let i = 0; i < items.length; i++) {
      const found = find2(items[i], i);
      if (found !== void 0) return found;
    }
    return void 0;
  };
  const pick2 = (kind2) => {
    const found = membersOf(expected).filter((member) => member.kind === kind2);
    return found.length === 1 ? found[0] : void 0;
  };
  switch (expression.kind) {
    case "ListExpression": {
      const wanted = pick2("list");
      return wanted && first(expression.elements, (e) => bad(e, wanted.element, "The element"));
    }
    case "TupleExpression": {
      const wanted = pick2("tuple");
      if (wanted?.elements.length !== expression.elements.length) return void 0;
      return first(expression.elements, (e, i) => bad(e, wanted.elements[i], "The element"));
    }
    case "RecordExpression": {
      const wanted = pick2("record");
      return wanted && first(
        expression.fields,
        (f) => f.kind === "Field" ? bad(f.value, wanted.fields.get(f.name.name)?.type, `\`${f.name.name}\``) : void 0
      );
    }
    case "MapExpression": {
      const wanted = pick2("map");
      return wanted && first(expression.entries, (e) => bad(e.key, wanted.key, "The key") ?? bad(e.value, wanted.value, "The value"));
    }
    case "IfExpression":
      return bad(expression.then.result, expected) ?? (expression.else?.kind === "Block" ? bad(expression.else.result, expected) : bad(expression.else, expected));
    case "MatchExpression":
      return first(expression.arms, (arm) => bad(arm.body.result, expected));
    case "BlockExpression":
      return bad(expression.block.result, expected);
    case "LambdaExpression": {
      const wanted = pick2("function");
      const own = c.types.get(expression);
      if (wanted === void 0 || own?.kind !== "function") return void 0;
      if (!assignable({ ...own, result: wanted.result }, wanted)) return void 0;
      return bad(expression.body.result, wanted.result, "The lambda's result");
    }
    default:
      return void 0;
  }
}
function missingFields(actual, expected) {
  const wanted = membersOf(expected).find((member) => member.kind === "record");
  if (wanted?.kind !== "record") return void 0;
  const missing2 = [...wanted.fields].filter(([name, field]) => !field.optional && !actual.fields.has(name));
  return missing2.length === 0 ? void 0 : missing2.map(([name]) => name);
}
function mismatchHint(c, expression, actual, expected) {
  const source = expression.kind === "Identifier" ? expression.name : void 0;
  const it = source ?? "it";
  const fits = (type) => assignable(type, expected);
  if ((actual.kind === "dist" || actual.kind === "posterior") && fits(actual.element)) {
    return expression.kind === "Identifier" ? `\`${it}\` is a distribution. Draw from it: \`let x ~ ${it}\`, or \`sample ${it}\`.` : "This is a distribution. Draw from it with `sample`, or `let x ~ \u2026`.";
  }
  if (actual.kind === "token" || actual.kind === "context") {
    if (membersOf(expected).some(isText)) return `Its text is \`${source ?? "x"}.text\`.`;
  }
  if (actual.kind === "float" && fits({ kind: "int" })) return "Use `round(x)`, `floor(x)` or `int(x)`.";
  if (actual.kind === "string" || actual.kind === "literal") {
    const literals = literalsOf(expected);
    if (literals.size > 0) {
      if (expression.kind === "StringLiteral") {
        return c.suggester.hint(expression.value, literals) ?? `One of ${[...literals].slice(0, 8).map((v) => JSON.stringify(v)).join(", ")}.`;
      }
      return `Any string will not do. Write the type where \`${it}\` is declared, so that only ${[...literals].slice(0, 4).map((v) => JSON.stringify(v)).join(", ")} can get there.`;
    }
    if (fits({ kind: "float" })) return "Read the number with `float(s)`, or `parse_float(s)` when it may not be one.";
    if (expected.kind === "context") return "Make a context of it: `writer.context(s)` of an `lm`.";
  }
  if (expected.kind === "string") {
    if (["int", "float", "bool", "list", "record", "tuple", "map"].includes(actual.kind)) {
      return source === void 0 ? 'Write it into a string: `"${\u2026}"`, or `string(x)`.' : `Write it into a string: \`"\${${source}}"\`.`;
    }
  }
  if (actual.kind === "function" && fits(actual.result)) return "This is a function: call it.";
  if (expected.kind === "list" && assignable(actual, expected.element)) return "Put it in a list: `[x]`.";
  if (expected.kind === "dist" && assignable(actual, expected.element))
    return "A distribution that always gives this value is `delta(x)`.";
  if (actual.kind === "opaque")
    return `This comes from TypeScript with the type \`${actual.name}\`, which PGL cannot look into. Give the function a plain result type there.`;
  if (actual.kind === "unit") return "The function or block gives no value; end it with one, or `return` it.";
  return void 0;
}

// ../compiler/src/effects/summary.ts
var newSummary = (file, name) => ({
  file,
  name,
  draws: /* @__PURE__ */ new Map(),
  weighs: /* @__PURE__ */ new Map(),
  callees: /* @__PURE__ */ new Set()
});
function* reachableDraws(declaration, summaries) {
  for (const summary2 of reachable(declaration, summaries)) {
    for (const draw of summary2.draws.values()) yield { draw, file: summary2.file, owner: summary2.name };
  }
}
function findWeighing(declaration, summaries) {
  for (const summary2 of reachable(declaration, summaries)) {
    for (const [statement, kind2] of summary2.weighs) return { statement, kind: kind2 };
  }
  return void 0;
}
function* reachable(declaration, summaries) {
  const seen = /* @__PURE__ */ new Set([declaration]);
  const open = [declaration];
  while (open.length > 0) {
    const summary2 = summaries.get(open.pop());
    if (summary2 === void 0) continue;
    yield summary2;
    for (const callee of summary2.callees) {
      if (seen.has(callee)) continue;
      seen.add(callee);
      open.push(callee);
    }
  }
}

// ../compiler/src/effects/proposals.ts
function checkProposalDraws(c, proposal2, summary2, model) {
  const sites = /* @__PURE__ */ new Map();
  for (const { draw } of reachableDraws(model, c.summaries)) {
    if (draw.name !== void 0 && !sites.has(draw.name.name)) sites.set(draw.name.name, draw);
  }
  for (const draw of summary2.draws.values()) {
    if (draw.name === void 0) continue;
    const site = sites.get(draw.name.name);
    if (site === void 0) {
      c.report("PGL4004", draw.name, `\`${model.name.name}\` has no draw \`${draw.name.name}\`.`, {
        hint: c.suggester.hint(draw.name.name, sites.keys()) ?? `For a draw of the proposal's own, write \`let ${draw.name.name} = sample \u2026\`.`
      });
    } else if (!assignable(draw.element, site.element)) {
      c.report(
        "PGL4005",
        draw.node.distribution,
        `This draws ${a(draw.element)}, and \`${draw.name.name}\` of \`${model.name.name}\` is ${a(site.element)}.`
      );
    } else if (draw.domain !== site.domain && draw.domain === "continuous" !== (site.domain === "continuous") && known(draw) && known(site)) {
      c.report(
        "PGL4005",
        draw.node.distribution,
        `This is a ${kind(draw)} distribution, and \`${draw.name.name}\` of \`${model.name.name}\` is drawn from a ${kind(site)} one.`,
        "A proposal must be able to draw whatever the model can."
      );
    }
  }
  for (const callee of summary2.callees) {
    const weighing = findWeighing(callee, c.summaries);
    if (weighing === void 0 || !("name" in callee) || callee.name === void 0) continue;
    c.report(
      "PGL4006",
      proposal2.name,
      `\`${proposal2.name.name}\` calls \`${callee.name.name}\`, which weighs (\`${weighing.kind}\`), and a proposal may only draw.`
    );
  }
}
var known = (draw) => draw.domain !== "unknown";
var kind = (draw) => draw.domain === "continuous" ? "continuous" : "discrete";

// ../compiler/src/builtins/language-model.ts
var languageModelMembers = [
  {
    name: "text",
    signature: "text(after: string | context, stop_at?: (string | list<string>)?, stop_before?: (string | list<string>)?, max_tokens?: int, must_stop?: bool): dist<string, text>",
    effect: "pure",
    doc: "A span of text, drawn token by token until a stop string, the end of the sequence or `max_tokens` (64)."
  },
  {
    name: "next",
    signature: "next(ctx: string | context): dist<token, next-token>",
    effect: "pure",
    doc: "The next token."
  },
  {
    name: "choose",
    signature: "choose(after: string | context, options: list<string>): dist<string, text>",
    effect: "pure",
    doc: "One of the given strings, in proportion to the model's probability of each whole string."
  },
  {
    name: "score",
    signature: "score(text: string, after?: string | context): float",
    effect: "async",
    doc: "The log-probability of a text after a context, in nats."
  },
  {
    name: "context",
    signature: "context(text: string): context",
    effect: "pure",
    doc: "A text as the model's context, to which tokens can be added."
  },
  {
    name: "tokens",
    signature: "tokens(text: string): list<token>",
    effect: "async",
    doc: "The canonical tokens of a text."
  },
  {
    name: "chat",
    signature: "chat(messages: list<{ role: string, content: string }>): context",
    effect: "async",
    doc: "A conversation in the model's chat format, as a context."
  }
];
var languageModelMember = new Map(
  languageModelMembers.map((member) => [member.name, member])
);

// ../compiler/src/builtins/signature.ts
function instantiate(signature) {
  const unknowns = new Unknowns();
  const reader = new Reader(signature, unknowns);
  return { ...reader.signature(), unknowns };
}
var BOUNDS = { N: "number", O: "ordered" };
var ARROWS = { "=>": "pure", "->": "async", "~>": "generative" };
var Reader = class {
  constructor(source, unknowns) {
    this.source = source;
    this.unknowns = unknowns;
    this.tokens = source.match(/"[^"]*"|[\w-]+(?=[^\w-]|$)|=>|->|~>|[^\s\w]/g) ?? [];
  }
  source;
  unknowns;
  tokens;
  at = 0;
  variables = /* @__PURE__ */ new Map();
  /** `name(a: T, b?: U): R`; the name is for readers. */
  signature() {
    this.take();
    const parameters = [];
    this.expect("(");
    while (!this.accept(")")) {
      const name = this.take();
      const isOptional = this.accept("?");
      this.expect(":");
      parameters.push({ name, type: this.type(), optional: isOptional });
      this.accept(",");
    }
    this.expect(":");
    return { parameters, result: this.type() };
  }
  type() {
    const members = [this.postfix()];
    while (this.accept("|")) members.push(this.postfix());
    return members.length === 1 ? members[0] : union(members);
  }
  postfix() {
    let type = this.primary();
    while (this.accept("?")) type = union([type, { kind: "none" }]);
    return type;
  }
  primary() {
    const token = this.take();
    if (token === "(") {
      const elements = [];
      while (!this.accept(")")) {
        elements.push(this.type());
        this.accept(",");
      }
      const effect = ARROWS[this.tokens[this.at] ?? ""];
      if (effect === void 0) return elements.length === 1 ? elements[0] : tuple(elements);
      this.take();
      const parameters = elements.map((type, i) => ({ name: `argument ${i + 1}`, type, optional: false }));
      return functionType(parameters, this.type(), effect);
    }
    if (token === "{") {
      const fields = [];
      while (!this.accept("}")) {
        const name = this.take();
        this.expect(":");
        fields.push([name, this.type()]);
        this.accept(",");
      }
      return record(fields);
    }
    if (token.startsWith('"')) return literal(token.slice(1, -1));
    switch (token) {
      case "any":
        return this.unknowns.fresh();
      case "list":
        return this.arguments(([element]) => list(element));
      case "map":
        return this.arguments(([key, value]) => map(key, value));
      case "posterior":
        return this.arguments(([element]) => posterior(element));
      case "dist": {
        this.expect("<");
        const element = this.type();
        const domain = this.accept(",") ? this.take() : "unknown";
        this.expect(">");
        return dist(element, domain);
      }
      case "context":
        return CONTEXT;
      case "int":
      case "float":
      case "bool":
      case "string":
      case "token":
      case "unit":
      case "none":
      case "lm":
      case "never":
        return { kind: token };
    }
    if (!/^[A-Z]$/.test(token)) throw new Error(`Unknown type \`${token}\` in the signature ${this.source}`);
    const known2 = this.variables.get(token);
    if (known2 !== void 0) return known2;
    const variable = this.unknowns.fresh(BOUNDS[token] ?? "any");
    this.variables.set(token, variable);
    return variable;
  }
  arguments(make) {
    this.expect("<");
    const types = [];
    while (!this.accept(">")) {
      types.push(this.type());
      this.accept(",");
    }
    return make(types);
  }
  take() {
    const token = this.tokens[this.at++];
    if (token === void 0) throw new Error(`The signature ends early: ${this.source}`);
    return token;
  }
  accept(token) {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }
  expect(token) {
    if (!this.accept(token))
      throw new Error(`Expected ${token} at ${this.tokens[this.at] ?? "the end"}: ${this.source}`);
  }
};
function parameterNames(signature) {
  return instantiate(signature).parameters.map(({ name, optional: optional2 }) => ({ name, optional: optional2 }));
}

// ../compiler/src/types/checking.ts
var domainOf = (type) => type.kind === "dist" ? type.domain : type.kind === "posterior" ? "finite" : "unknown";
var elementOf = (type) => type.kind === "dist" || type.kind === "posterior" ? type.element : void 0;

// ../compiler/src/types/constant.ts
function constantOf(expression, isBuiltin) {
  const go = (part) => constantOf(part, isBuiltin);
  switch (expression.kind) {
    case "NumberLiteral":
    case "BooleanLiteral":
    case "StringLiteral":
      return expression.value;
    case "Identifier":
      if (!isBuiltin(expression)) return void 0;
      return expression.name === "inf" ? Infinity : expression.name === "pi" ? Math.PI : expression.name === "e" ? Math.E : void 0;
    case "UnaryExpression": {
      const value = go(expression.operand);
      if (expression.operator === "-") return typeof value === "number" ? -value : void 0;
      return typeof value === "boolean" ? !value : void 0;
    }
    case "BinaryExpression": {
      if (expression.left.kind === "BinaryExpression" && expression.left.left.kind === "BinaryExpression")
        return void 0;
      const [a2, b] = [go(expression.left), go(expression.right)];
      if (expression.operator === "&&" && (a2 === false || b === false)) return false;
      if (expression.operator === "||" && (a2 === true || b === true)) return true;
      if (a2 === void 0 || b === void 0) return void 0;
      if (expression.operator === "==") return a2 === b;
      if (expression.operator === "!=") return a2 !== b;
      if (typeof a2 === "boolean" && typeof b === "boolean") {
        return expression.operator === "&&" ? a2 && b : expression.operator === "||" ? a2 || b : void 0;
      }
      if (typeof a2 !== "number" || typeof b !== "number") return void 0;
      switch (expression.operator) {
        case "+":
          return a2 + b;
        case "-":
          return a2 - b;
        case "*":
          return a2 * b;
        case "/":
          return a2 / b;
        case "<":
          return a2 < b;
        case "<=":
          return a2 <= b;
        case ">":
          return a2 > b;
        case ">=":
          return a2 >= b;
        default:
          return void 0;
      }
    }
    default:
      return void 0;
  }
}

// ../compiler/src/types/calls.ts
var given = (args, object) => [
  ...object === void 0 ? [] : [{ name: void 0, value: object }],
  ...args.map(({ name, value }) => ({ name, value }))
];
function arrange(c, callee, args, at2) {
  const { parameters } = callee;
  const ordered = parameters.map(() => void 0);
  let fits = true;
  let position = 0;
  for (const { name, value } of args) {
    if (name === void 0) {
      if (position >= parameters.length) {
        if (fits) {
          c.report("PGL3004", value, `\`${callee.name}\` takes ${count(parameters.length, "argument")}.`, {
            hint: parameters.length === 0 ? `Call it as \`${callee.name}()\`.` : `Its parameters are ${listNames(parameters)}.`
          });
        }
        fits = false;
        c.infer(value);
      } else {
        ordered[position++] = value;
      }
      continue;
    }
    const index = parameters.findIndex((p) => p.name === name.name);
    if (index < 0) {
      c.report("PGL2008", name, `\`${callee.name}\` has no parameter \`${name.name}\`.`, {
        hint: c.suggester.hint(
          name.name,
          parameters.map((p) => p.name)
        ) ?? (parameters.length === 0 ? "It has no parameters." : `Its parameters are ${listNames(parameters)}.`)
      });
      fits = false;
      c.infer(value);
    } else if (ordered[index] !== void 0) {
      c.report("PGL3004", name, `\`${name.name}\` of \`${callee.name}\` is given twice.`, "Leave one of them away.");
      fits = false;
      c.infer(value);
    } else {
      ordered[index] = value;
    }
  }
  if (fits) {
    const missing2 = parameters.filter((p, i) => !p.optional && ordered[i] === void 0);
    if (missing2.length > 0) {
      fits = false;
      c.report("PGL3003", at2, `\`${callee.name}\` needs ${listNames(missing2)}.`, {
        hint: `Write \`${callee.name}(${parameters.map((p) => p.optional ? `${p.name}?` : p.name).join(", ")})\`.`
      });
    }
  }
  return { ordered, fits };
}
var count = (n, noun) => n === 0 ? `no ${noun}s` : n === 1 ? `one ${noun}` : `${n} ${noun}s`;
var listNames = (parameters) => parameters.map((p) => `\`${p.name}\``).join(", ");
function checkArguments(c, callee, ordered, typed2, hint) {
  const { parameters, unknowns } = callee;
  if (unknowns !== void 0 && hint !== void 0) unknowns.hint(callee.result, hint);
  let ok = true;
  const later = [];
  const apply = (type) => unknowns?.apply(type) ?? type;
  const reject = (value, type, parameter) => {
    ok = false;
    reportMismatch(
      c,
      value,
      type,
      unknowns?.describe(parameter.type) ?? parameter.type,
      "PGL3002",
      `\`${parameter.name}\` of \`${callee.name}\``
    );
  };
  ordered.forEach((value, i) => {
    if (value === void 0) return;
    if (isFunctionLike(c, value)) {
      later.push(i);
      return;
    }
    const parameter = parameters[i];
    const type = typed2.get(value) ?? c.infer(value, apply(parameter.type));
    if (type.kind === "error") ok = false;
    if (!assignable(type, parameter.type, unknowns)) reject(value, type, parameter);
  });
  for (const i of later) {
    const value = ordered[i];
    const parameter = parameters[i];
    for (let round = 0; ; round++) {
      const mark = c.reporter.mark();
      const wanted = apply(parameter.type);
      const type = c.infer(value, wanted);
      if (type.kind === "error") {
        ok = false;
        break;
      }
      const fits = assignable(type, parameter.type, unknowns);
      const widened = apply(parameter.type);
      if (fits && round < 3 && c.retries > 0 && wanted.kind === "function" && widened.kind === "function") {
        const same = wanted.parameters.every(
          (p, k) => p.type.kind === "variable" || sameType(p.type, widened.parameters[k].type)
        );
        if (!same) {
          c.retries--;
          c.reporter.rollback(mark);
          continue;
        }
      }
      if (!fits) reject(value, type, parameter);
      break;
    }
  }
  if (unknowns === void 0) return { result: callee.result, ok };
  const generic = someType(callee.result, (part) => part.kind === "variable");
  return { result: generic && !ok ? ERROR : unknowns.finish(callee.result), ok };
}
function isFunctionLike(c, value) {
  if (value.kind === "LambdaExpression") return true;
  if (value.kind !== "Identifier") return false;
  const binding = c.binding(value);
  return binding.kind === "builtin" && builtinByName.get(binding.name)?.constant !== true;
}
function callBuiltin(c, call, builtin, args, hint) {
  const at2 = call.callee.kind === "MemberExpression" ? call.callee.property : call.callee;
  const chosen = chooseSignature(c, builtin, args, at2);
  if (chosen === void 0) {
    for (const { value } of args) if (!c.types.has(value) && value.kind !== "LambdaExpression") c.infer(value);
    return ERROR;
  }
  const { callee, typed: typed2 } = chosen;
  const { ordered, fits } = arrange(c, callee, args, at2);
  c.calls.set(call, ordered);
  const { result, ok } = checkArguments(c, callee, ordered, typed2, hint);
  if (!fits || !ok) return result;
  const typeAt = (i) => {
    const argument = ordered[i];
    return argument && c.types.get(argument);
  };
  checkDomain(c, builtin, typeAt(0), at2);
  checkRanges(c, builtin, callee.parameters, ordered);
  warnNeverNone(c, builtin, ordered[0], typeAt(0));
  c.perform(
    effectOfBuiltin(builtin, ordered, typeAt),
    at2,
    `\`${builtin.name}\`${builtin.effect === "argument" ? " with this function" : ""}`
  );
  if (builtin.name === "fail") c.flow = { ...c.flow, reachable: false };
  if (builtin.domain !== void 0 && result.kind === "dist") {
    const source = builtin.domain === "same" ? typeAt(0) : typeAt(1);
    const from = source?.kind === "list" ? source.element : source;
    return dist(result.element, from === void 0 ? "unknown" : domainOf(from));
  }
  return result;
}
function effectOfBuiltin(builtin, ordered, typeAt) {
  if (builtin.effect === "density") {
    const domain = domainOf(typeAt(0) ?? ERROR);
    return domain === "finite" || domain === "countable" || domain === "continuous" ? "pure" : "async";
  }
  let effect = "pure";
  if (builtin.effect === "argument") {
    ordered.forEach((_, i) => {
      const type = typeAt(i);
      if (type?.kind === "function") effect = bothEffects(effect, type.effect);
    });
  }
  return effect;
}
function chooseSignature(c, builtin, args, at2) {
  const typed2 = /* @__PURE__ */ new Map();
  const all = builtin.signatures.map((signature) => ({ name: builtin.name, ...instantiate(signature) }));
  if (all.length === 1) return { callee: all[0], typed: typed2 };
  const byCount = all.filter(({ parameters }) => {
    const required = parameters.filter((p) => !p.optional).length;
    return args.length >= required && args.length <= parameters.length && args.every((g) => g.name === void 0 || parameters.some((p) => p.name === g.name.name));
  });
  if (byCount.length === 0) {
    const nearest = all.reduce(
      (best, next) => Math.abs(next.parameters.length - args.length) < Math.abs(best.parameters.length - args.length) ? next : best
    );
    return { callee: nearest, typed: typed2 };
  }
  if (byCount.length === 1) return { callee: byCount[0], typed: typed2 };
  const first = args.find((g) => g.name === void 0 || g.name.name === byCount[0].parameters[0].name) ?? args[0];
  const shape = first.value.kind === "ListExpression" ? "list" : first.value.kind === "MapExpression" ? "map" : void 0;
  if (shape !== void 0) {
    const match2 = byCount.find(({ parameters }) => parameters[0].type.kind === shape);
    if (match2 !== void 0) return { callee: match2, typed: typed2 };
  }
  const type = c.infer(first.value);
  typed2.set(first.value, type);
  if (hasError(type)) return void 0;
  const match = byCount.find(
    ({ parameters, unknowns }) => unknowns.try(() => assignable(type, parameters[0].type, unknowns))
  );
  if (match !== void 0) return { callee: match, typed: typed2 };
  const ways = builtin.signatures.map((s) => `\`${s.replace(/: dist<(.*), [a-z-]+>$/, ": dist<$1>")}\``).join(" or ");
  if (mayBeNone(type) && type.kind !== "none") {
    const present2 = withoutNone(type);
    if (byCount.some(({ parameters, unknowns }) => unknowns.try(() => assignable(present2, parameters[0].type, unknowns)))) {
      c.report(
        "PGL3016",
        first.value,
        `\`${builtin.name}\` cannot take \`none\`, and this may be.`,
        "Say what then: `x ?? other`, `if x != none { \u2026 }`, or `unwrap(x)`."
      );
      return void 0;
    }
  }
  c.report("PGL3025", at2, `\`${builtin.name}\` cannot be called with ${a(type)} first.`, {
    hint: type.kind === "dist" || type.kind === "posterior" ? "This is a distribution. Draw from it first: `let x ~ \u2026`." : `It is called as ${ways}.`
  });
  return void 0;
}
function checkDomain(c, builtin, type, at2) {
  if (builtin.domains === void 0 || type === void 0) return;
  const domain = domainOf(type);
  if (domain === "unknown" || builtin.domains.includes(domain)) return;
  const kinds2 = {
    finite: "a distribution of finitely many values",
    countable: "a distribution of infinitely many values",
    continuous: "a continuous distribution",
    text: "a distribution of texts",
    "next-token": "a distribution of tokens",
    unknown: "this distribution"
  };
  const masks = builtin.domain === "same";
  c.report("PGL4016", at2, `\`${builtin.name}\` is not available for ${kinds2[domain]}.`, {
    hint: masks ? builtin.name === "where" ? "Draw from it, and `condition` on what must hold." : domain === "text" ? "It works on `next`, token by token." : "It works on distributions whose values can be listed." : "Infer the posterior of a model that draws from it, and ask that."
  });
}
var requirement = {
  probability: { holds: (x) => x >= 0 && x <= 1, words: "between 0 and 1" },
  positive: { holds: (x) => x > 0, words: "greater than 0" },
  "non-negative": { holds: (x) => x >= 0, words: "0 or greater" },
  count: { holds: (x) => x >= 0 && Number.isInteger(x), words: "a whole number, 0 or greater" }
};
var isBuiltinName = (c) => (identifier) => c.binding(identifier).kind === "builtin";
function checkRanges(c, builtin, parameters, ordered) {
  const constant3 = (name) => {
    const node = ordered[parameters.findIndex((p) => p.name === name)];
    if (node === void 0) return void 0;
    const value = constantOf(node, isBuiltinName(c));
    return typeof value === "number" ? { value, node } : void 0;
  };
  for (const [name, range] of Object.entries(builtin.ranges ?? {})) {
    const found = constant3(name);
    if (found !== void 0 && !requirement[range].holds(found.value)) {
      c.report("PGL4017", found.node, `\`${name}\` of \`${builtin.name}\` must be ${requirement[range].words}.`);
    }
  }
  if (builtin.ordered !== void 0) {
    const [low, high] = builtin.ordered.map(constant3);
    if (low !== void 0 && high !== void 0 && low.value > high.value) {
      c.report(
        "PGL4017",
        high.node,
        `\`${builtin.ordered[0]}\` of \`${builtin.name}\` is greater than \`${builtin.ordered[1]}\`.`,
        "Exchange the two."
      );
    }
  }
  const weights2 = ordered[parameters.findIndex((p) => p.name === "weights")];
  if (weights2 !== void 0) checkWeights(c, builtin.name, weights2);
  const values = ordered[parameters.findIndex((p) => p.name === "options" || p.name === "values")];
  if (values?.kind === "ListExpression" && values.elements.length === 0) {
    c.report("PGL4017", values, `\`${builtin.name}\` needs at least one value to draw.`);
  }
}
function checkWeights(c, name, weights2) {
  const parts = weights2.kind === "ListExpression" ? weights2.elements : weights2.kind === "MapExpression" ? weights2.entries.map((e) => e.value) : void 0;
  if (parts === void 0) return;
  if (parts.length === 0) {
    c.report("PGL4017", weights2, `\`${name}\` needs at least one weight.`);
    return;
  }
  const values = parts.map((part) => constantOf(part, isBuiltinName(c)));
  const negative = values.findIndex((v) => typeof v === "number" && v < 0);
  if (negative >= 0) c.report("PGL4017", parts[negative], "A weight cannot be negative.");
  else if (values.every((v) => v === 0)) c.report("PGL4017", weights2, "Some weight must be greater than 0.");
}
function warnNeverNone(c, builtin, value, type) {
  if (builtin.name !== "is_none" && builtin.name !== "unwrap" || value === void 0 || type === void 0) return;
  if (mayBeNone(type) || type.kind === "error" || type.kind === "never" || type.kind === "opaque") return;
  c.report("PGL5009", value, `This is ${a(type)} and never \`none\`.`, `Leave \`${builtin.name}\` away.`);
}
function callKnown(c, call, callee, effect, args, at2, hint, what = `\`${callee.name}\``) {
  const { ordered } = arrange(c, callee, args, at2);
  c.calls.set(call, ordered);
  const { result } = checkArguments(c, callee, ordered, /* @__PURE__ */ new Map(), hint);
  c.perform(effect, at2, what);
  return result;
}
function callLanguageModel(c, call, member, hint) {
  const found = languageModelMember.get(member.name);
  const callee = { name: found.name, ...instantiate(found.signature) };
  const type = callKnown(c, call, callee, found.effect, given(call.arguments), member, hint);
  const ordered = c.calls.get(call) ?? [];
  const limit = ordered[callee.parameters.findIndex((p) => p.name === "max_tokens")];
  if (limit !== void 0) {
    const value = constantOf(limit, isBuiltinName(c));
    if (typeof value === "number" && !(value >= 1)) c.report("PGL4017", limit, "`max_tokens` must be at least 1.");
  }
  return type;
}
function callHost(c, call, name, signatures, generic, effect, at2, hint) {
  const args = given(call.arguments);
  const callees = signatures.map((s) => instantiateHost(name, s, generic));
  let callee = callees[0];
  let chosenEffect = effect;
  if (callees.length > 1) {
    const types = args.map(({ value }) => value.kind === "LambdaExpression" ? void 0 : c.infer(value));
    const index = signatures.findIndex((signature) => {
      const trial = instantiateHost(name, signature, generic);
      const required = trial.parameters.filter((p) => !p.optional).length;
      if (args.length < required || args.length > trial.parameters.length) return false;
      return args.every(({ name: label }, i) => {
        const parameter = label === void 0 ? trial.parameters[i] : trial.parameters.find((p) => p.name === label.name);
        const type = types[i];
        return parameter !== void 0 && (type === void 0 || assignable(type, parameter.type, trial.unknowns));
      });
    });
    if (index < 0) {
      c.report(
        "PGL3025",
        at2,
        `No way of calling \`${name}\` takes (${types.map((t) => t === void 0 ? "a function" : showType(t)).join(", ")}).`,
        {
          hint: `It is called with ${signatures.map((s) => `\`(${s.parameters.map((p) => `${p.name}${p.optional ? "?" : ""}: ${showType(p.type)}`).join(", ")})\``).join(" or ")}.`
        }
      );
      return ERROR;
    }
    callee = callees[index];
    chosenEffect = signatures[index].effect;
  }
  return callKnown(c, call, callee, chosenEffect, args, at2, hint);
}
function instantiateHost(name, type, generic) {
  if (!generic) return { name, parameters: type.parameters, result: type.result };
  const unknowns = new Unknowns();
  const fresh = /* @__PURE__ */ new Map();
  const renew = (part) => mapType(part, (t) => {
    if (t.kind !== "variable") return void 0;
    let variable = fresh.get(t.id);
    if (variable === void 0) fresh.set(t.id, variable = unknowns.fresh());
    return variable;
  });
  return {
    name,
    parameters: type.parameters.map((p) => ({ ...p, type: renew(p.type) })),
    result: renew(type.result),
    unknowns
  };
}
function callValue(c, call, type, name, hint) {
  if (type.kind === "error" || type.kind === "never") {
    for (const { value } of call.arguments) c.infer(value);
    return ERROR;
  }
  if (type.kind !== "function") {
    for (const { value } of call.arguments) c.infer(value);
    c.report("PGL3006", call.callee, `${name} is ${a(type)}, not a function.`, {
      hint: call.callee.kind === "Identifier" && c.binding(call.callee).kind !== "builtin" && builtinByName.has(call.callee.name) ? `This name hides the built-in \`${call.callee.name}\`: give it another name, or write \`x.${call.callee.name}(\u2026)\`.` : mayBeNone(type) && type.kind === "union" ? "It may be `none`: test it before." : type.kind === "lm" ? "Call one of its members: `text`, `next`, `choose`, `score`." : type.kind === "dist" || type.kind === "posterior" ? "To draw from it, write `sample`, or `let x ~ \u2026`." : void 0
    });
    return ERROR;
  }
  return callKnown(
    c,
    call,
    { name: name.replaceAll("`", ""), parameters: type.parameters, result: type.result },
    type.effect,
    given(call.arguments),
    call.callee,
    hint,
    name
  );
}
var functionOfSymbol = (symbol) => (symbol.kind === "function" || symbol.kind === "model" || symbol.kind === "host") && symbol.type.kind === "function" ? symbol.type : void 0;

// ../compiler/src/types/constraints.ts
var MATCHABLE = union([STRING, TOKEN, CONTEXT]);
function checkMatches(c, value, constraint) {
  const type = c.infer(value);
  if (!assignable(type, MATCHABLE)) {
    c.report("PGL3002", value, `\`matches\` tests texts, not ${a(type)}.`, {
      hint: mayBeNone(type) ? "It may be `none`: test it before." : type.kind === "dist" || type.kind === "posterior" ? "This is a distribution. Draw from it first: `let x ~ \u2026`." : "Make a text of it: `string(x)`."
    });
  }
  checkConstraint(c, constraint);
}
function checkConstraint(c, constraint) {
  switch (constraint.kind) {
    case "RegexConstraint":
      checkRegex(c, constraint);
      return;
    case "ConstraintCall":
      checkCall(c, constraint);
      return;
    case "ValueConstraint": {
      const type = c.infer(constraint.value);
      if (!assignable(type, union([STRING, list(STRING)]))) {
        c.report(
          "PGL3002",
          constraint.value,
          `After \`matches\` comes a pattern, a string or a list of strings, not ${a(type)}.`
        );
      } else if (constraint.value.kind === "ListExpression" && constraint.value.elements.length === 0) {
        c.report("PGL5005", constraint.value, "No text is in an empty list: this never matches.");
      }
      return;
    }
    case "NotConstraint":
      checkConstraint(c, constraint.operand);
      return;
    case "AndConstraint":
    case "OrConstraint":
      for (const operand2 of constraint.operands) checkConstraint(c, operand2);
  }
}
function checkRegex(c, constraint) {
  try {
    new RegExp(constraint.source, constraint.flags);
  } catch (error2) {
    const reason = error2 instanceof Error ? error2.message.replace(/^Invalid regular expression: /, "").replace(/^\/.*\/\w*: /s, "") : String(error2);
    c.report(
      "PGL4013",
      constraint,
      `This is not a regular expression: ${reason}.`,
      "The syntax is JavaScript's; the whole text must match."
    );
  }
}
function checkCall(c, constraint) {
  const { name, arguments: args } = constraint;
  if (name.name === "") return;
  const kind2 = constraintKind.get(name.name);
  if (kind2 === void 0) {
    for (const { value } of args) c.infer(value);
    if (laterConstraints.has(name.name)) {
      c.report(
        "PGL4014",
        name,
        `The constraint \`${name.name}\` comes with a later version.`,
        "A regular expression can say much of it: `matches /\u2026/`."
      );
      return;
    }
    const names2 = constraintKinds.map((k) => k.name);
    c.report("PGL2011", name, `There is no constraint \`${name.name}\`.`, {
      hint: c.suggester.hint(name.name, names2) ?? `There are patterns \`/\u2026/\`, strings, lists of strings, and ${names2.map((n) => `\`${n}\``).join(", ")}.`
    });
    return;
  }
  if (args.length !== kind2.parameters.length) {
    for (const { value } of args) c.infer(value);
    const wanted = kind2.parameters.map((p) => p === "string" ? '"\u2026"' : p === "range" ? "1..20" : "writer");
    c.report(
      args.length < kind2.parameters.length ? "PGL3003" : "PGL3004",
      constraint,
      `The constraint \`${kind2.name}\` takes ${kind2.parameters.length === 1 ? "one argument" : `${kind2.parameters.length} arguments`}.`,
      `Write \`${kind2.name}(${wanted.join(", ")})\`.`
    );
    return;
  }
  args.forEach((argument, i) => {
    if (argument.name !== void 0) {
      c.report(
        "PGL2008",
        argument.name,
        `Arguments of the constraint \`${kind2.name}\` have no names.`,
        "Leave the name away."
      );
    }
    checkArgument(c, kind2.name, kind2.parameters[i], argument.value);
  });
}
function checkArgument(c, name, kind2, value) {
  if (kind2 === "string") {
    c.check(value, STRING, "PGL3002", `What \`${name}\` looks for`);
  } else if (kind2 === "lm") {
    const type = c.infer(value);
    if (!assignable(type, LM))
      c.report(
        "PGL4018",
        value,
        `\`${name}\` counts in the tokens of an \`lm\`, not ${a(type)}.`,
        "Name a declared `lm`."
      );
  } else if (value.kind !== "RangeExpression") {
    const type = c.infer(value);
    c.report(
      "PGL3002",
      value,
      `\`${name}\` takes a range like \`1..20\`, not ${a(type)}.`,
      assignable(type, INT) ? "For exactly n, write `n..n`: both ends are included." : void 0
    );
  } else {
    c.infer(value);
    const [low, high] = [value.start, value.end].map((end) => constantOf(end, isBuiltinName(c)));
    if (typeof high === "number" && (typeof low === "number" && low > high || high < 0)) {
      c.report(
        "PGL4017",
        value,
        `No length is in ${low === void 0 ? "\u2026" : String(low)}..${high}.`,
        "Both ends are included, the smaller comes first."
      );
    }
  }
}

// ../compiler/src/types/narrowing.ts
var START = { reachable: true, narrowed: /* @__PURE__ */ new Map() };
function pathOf(c, expression) {
  let suffix = "";
  let at2 = expression;
  for (; at2.kind === "MemberExpression"; at2 = at2.object) suffix = `.${at2.property.name}${suffix}`;
  if (at2.kind !== "Identifier") return void 0;
  const binding = c.binding(at2);
  if (binding.kind === "local") return `${binding.id}${suffix}`;
  if (binding.kind === "unit" && binding.declaration.kind === "ConstDeclaration")
    return `const ${binding.index}${suffix}`;
  return void 0;
}
function joinFlows(a2, b) {
  if (!a2.reachable) return b;
  if (!b.reachable || a2.narrowed === b.narrowed) return a2;
  const narrowed = /* @__PURE__ */ new Map();
  for (const [path, type] of a2.narrowed) {
    const other = b.narrowed.get(path);
    if (other !== void 0) narrowed.set(path, sameType(type, other) ? type : union([type, other]));
  }
  return { reachable: true, narrowed };
}
function narrow(flow, path, type) {
  return { reachable: flow.reachable, narrowed: new Map(flow.narrowed).set(path, type) };
}
function forgetPath(flow, path) {
  if (!flow.narrowed.has(path)) return flow;
  const narrowed = new Map(flow.narrowed);
  narrowed.delete(path);
  return { reachable: flow.reachable, narrowed };
}
function forget(flow, root) {
  if (flow.narrowed.size === 0) return flow;
  const kept = [...flow.narrowed].filter(([path]) => path !== root && !path.startsWith(`${root}.`));
  return kept.length === flow.narrowed.size ? flow : { reachable: flow.reachable, narrowed: new Map(kept) };
}
function assume(c, test, truth) {
  switch (test.kind) {
    case "UnaryExpression":
      if (test.operator === "!") assume(c, test.operand, !truth);
      return;
    case "BinaryExpression":
      if (test.operator === (truth ? "&&" : "||")) {
        let left = test;
        const rights = [];
        while (left.kind === "BinaryExpression" && left.operator === test.operator) {
          rights.push(left.right);
          left = left.left;
        }
        assume(c, left, truth);
        for (const right of rights.reverse()) assume(c, right, truth);
      } else if (test.operator === "==" || test.operator === "!=") {
        assumeEqual(c, test.left, test.right, test.operator === "==" === truth);
        assumeEqual(c, test.right, test.left, test.operator === "==" === truth);
      }
      return;
    case "CallExpression": {
      const name = c.methodCalls.get(test) ?? (test.callee.kind === "Identifier" && c.binding(test.callee).kind === "builtin" ? test.callee.name : void 0);
      const argument = c.calls.get(test)?.[0];
      if (name === "is_none" && argument !== void 0) narrowNone(c, argument, truth);
      return;
    }
  }
}
function assumeEqual(c, value, other, equal) {
  if (other.kind === "NoneLiteral") narrowNone(c, value, equal);
  else if (other.kind === "StringLiteral") {
    replace(c, value, (type) => {
      if (!literalsOf(type).has(other.value)) return type;
      return union(membersOf(type).filter((m) => (m.kind === "literal" && m.value === other.value) === equal));
    });
  }
}
function narrowNone(c, value, isNone) {
  replace(
    c,
    value,
    (type) => isNone ? membersOf(type).some((m) => m.kind === "none") ? NONE : type : withoutNone(type)
  );
}
function replace(c, value, change) {
  const path = pathOf(c, value);
  const type = c.types.get(value);
  if (path === void 0 || type === void 0 || type.kind !== "union") return;
  const narrowed = change(type);
  if (narrowed !== type && narrowed.kind !== "never") c.flow = narrow(c.flow, path, narrowed);
}

// ../compiler/src/types/members.ts
function fieldOf(type, name) {
  switch (type.kind) {
    case "record": {
      const field = type.fields.get(name);
      return field && (field.optional ? optional(field.type) : field.type);
    }
    case "tuple":
      return /^\d+$/.test(name) ? type.elements[Number(name)] : void 0;
    case "token":
    case "context":
      return name === "text" ? STRING : void 0;
    case "union": {
      const fields = type.members.map((member) => fieldOf(member, name));
      return fields.every((field) => field !== void 0) ? union(fields) : void 0;
    }
    default:
      return void 0;
  }
}
function inferMember(c, expression) {
  const type = c.infer(expression.object);
  const { property: property2 } = expression;
  if (type.kind === "error" || type.kind === "never" || property2.name === "") return ERROR;
  const field = fieldOf(type, property2.name);
  if (field !== void 0) {
    const path = pathOf(c, expression);
    return (path === void 0 ? void 0 : c.flow.narrowed.get(path)) ?? field;
  }
  const known2 = type.kind === "lm" ? languageModelMember.has(property2.name) : builtinByName.has(property2.name);
  if (known2 && !mayBeNone(type)) {
    c.report(
      "PGL3026",
      property2,
      `\`${property2.name}\` must be called here.`,
      `Write \`.${property2.name}(\u2026)\`; to pass it on, write a lambda.`
    );
    return ERROR;
  }
  reportUnknownMember(c, expression, type);
  return ERROR;
}
function reportUnknownMember(c, expression, type) {
  const { property: property2, object } = expression;
  const name = property2.name;
  if (mayBeNone(type) && type.kind !== "none" && fieldOf(withoutNone(type), name) !== void 0) {
    c.report("PGL3016", object, `This may be \`none\`, which has no \`${name}\`.`, {
      hint: "Test it before (`if x != none { \u2026 }`), or `unwrap(x)`."
    });
    return;
  }
  const fields = membersOf(withoutNone(type)).flatMap((m) => m.kind === "record" ? [...m.fields.keys()] : []);
  let hint;
  if (type.kind === "lm")
    hint = c.suggester.hint(name, languageModelMember.keys()) ?? `It has ${[...languageModelMember.keys()].map((n) => `\`${n}\``).join(", ")}.`;
  else if (type.kind === "tuple") hint = `It has ${type.elements.map((_, i) => `\`.${i}\``).join(", ")}.`;
  else if (type.kind === "map")
    hint = `For the entry of a key, write \`m["${name}"]\`, or \`get(m, "${name}")\` when it may be missing.`;
  else if (type.kind === "dist" || type.kind === "posterior") {
    hint = fieldOf(type.element, name) === void 0 ? c.suggester.hint(name, builtinByName.keys()) : "This is a distribution. Draw from it first: `let x ~ \u2026`.";
  } else {
    hint = c.suggester.hint(name, fields.length > 0 ? fields : builtinByName.keys());
    if (hint === void 0 && fields.length > 0)
      hint = `It has ${fields.slice(0, 8).map((n) => `\`${n}\``).join(", ")}.`;
  }
  c.report("PGL2007", property2, `${a(type)} has no \`${name}\`.`, { hint });
}
function inferIndex(c, expression) {
  const type = c.infer(expression.object);
  if (type.kind === "map") {
    c.check(expression.index, type.key, "PGL3001", "The key");
    return type.value;
  }
  const index = c.infer(expression.index);
  if (type.kind === "error" || type.kind === "never") return ERROR;
  if (type.kind === "tuple") {
    const literal3 = expression.index.kind === "NumberLiteral" ? type.elements[expression.index.value] : void 0;
    if (literal3 !== void 0) return literal3;
    c.report(
      "PGL3020",
      expression.index,
      `The index of ${a(type)} must be written out, from 0 to ${type.elements.length - 1}.`
    );
    return ERROR;
  }
  if (type.kind === "list") {
    if (!assignable(index, INT)) {
      c.report("PGL3020", expression.index, `The index of a list must be \`int\`, not ${a(index)}.`, {
        hint: mayBeNone(index) ? "It may be `none`: say what then with `??`, or test it before." : mismatchHint(c, expression.index, index, INT)
      });
    }
    return type.element;
  }
  if (mayBeNone(type) && type.kind !== "none") {
    c.report(
      "PGL3016",
      expression.object,
      "This may be `none`, which has no elements.",
      "Test it before (`if x != none { \u2026 }`), or `unwrap(x)`."
    );
    return ERROR;
  }
  const hint = isText(type) ? "A part of a text is `slice(s, i, i + 1)`; its characters are `chars(s)`." : type.kind === "record" && expression.index.kind === "StringLiteral" ? `A field is written \`.${expression.index.value}\`.` : type.kind === "dist" || type.kind === "posterior" ? "This is a distribution. Draw from it first: `let x ~ \u2026`." : void 0;
  c.report("PGL3020", expression.object, `${a(type)} cannot be indexed.`, { hint });
  return ERROR;
}
function narrowAssigned(c, path, declared, value) {
  if (declared.kind === "union" && value.kind !== "error" && value.kind !== "never" && assignable(value, declared)) {
    c.flow = narrow(c.flow, path, value);
  }
}

// ../compiler/src/builtins/methods.ts
var proposal = {
  name: "proposal",
  type: "proposal",
  doc: "A `proposal \u2026 for` this model to draw from in its place."
};
var inferenceMethods = [
  {
    name: "enumerate",
    doc: "Visits every execution; exact for discrete programs.",
    options: [
      { name: "max_traces", type: "int", doc: "Stop after this many finished executions.", atLeast: 1 },
      { name: "tolerance", type: "float", doc: "Stop when less prior probability than this is left.", atLeast: 0 }
    ]
  },
  {
    name: "rejection",
    doc: "Executions from the prior, each accepted in proportion to its weight; exact, slow when little is accepted.",
    options: [
      { name: "samples", type: "int", doc: "Accepted executions wanted.", atLeast: 1 },
      { name: "max_attempts", type: "int", doc: "Give up after this many executions.", atLeast: 1 },
      { name: "bound", type: "float", doc: "A number of nats that no execution's weight exceeds." }
    ]
  },
  {
    name: "importance",
    doc: "Weighted executions, each on its own.",
    options: [{ name: "samples", type: "int", doc: "How many executions.", atLeast: 1 }, proposal]
  },
  {
    name: "smc",
    doc: "A population of particles, resampled on the way.",
    options: [
      { name: "particles", type: "int", doc: "How many particles.", atLeast: 1 },
      {
        name: "resampler",
        type: ["systematic", "stratified", "multinomial", "residual", "optimal"],
        doc: "How offspring are chosen."
      },
      {
        name: "ess",
        type: "float",
        doc: "Resample when the effective sample size falls below this share of the particles.",
        atLeast: 0
      },
      proposal
    ]
  }
];
var inferenceMethod = new Map(
  inferenceMethods.map((method) => [method.name, method])
);

// ../compiler/src/types/methods.ts
function modelOf(c, name) {
  const binding = c.binding(name);
  if (binding.kind === "unit" && binding.declaration.kind === "ModelDeclaration") return binding.declaration;
  if (binding.kind === "imported" && binding.symbol?.kind === "model") return binding.symbol.declaration;
  return void 0;
}
var importedModelType = (binding) => binding.kind === "imported" && binding.symbol?.kind === "model" ? binding.symbol.type : ERROR;
function reportNotModel(c, name, what) {
  const binding = c.binding(name);
  if (binding.kind === "missing" || binding.kind === "imported" && binding.symbol === void 0) return;
  const isFunction = binding.kind === "unit" && binding.declaration.kind === "FunctionDeclaration" || binding.kind === "imported" && binding.symbol?.kind === "function";
  c.report("PGL4003", name, `${what} takes a model; \`${name.name}\` is ${isFunction ? "a function" : "none"}.`, {
    hint: isFunction ? `Declare it with \`model\` instead of \`fn\`.` : "Name a declared `model`."
  });
}
function inferInfer(c, expression) {
  const { model } = expression;
  const declaration = modelOf(c, model);
  let element = ERROR;
  if (declaration === void 0) {
    reportNotModel(c, model, "`infer`");
    for (const { value } of expression.arguments) c.infer(value);
  } else {
    const binding = c.binding(model);
    const type = binding.kind === "unit" ? c.unitType(binding, model) : importedModelType(binding);
    c.types.set(model, type);
    if (type.kind === "function") {
      const callee = { name: model.name, parameters: type.parameters, result: type.result };
      const { ordered } = arrange(c, callee, given(expression.arguments), model);
      c.calls.set(expression, ordered);
      element = checkArguments(c, callee, ordered, /* @__PURE__ */ new Map(), void 0).result;
    } else {
      for (const { value } of expression.arguments) c.infer(value);
    }
  }
  if (expression.method) checkMethod(c, expression.method, declaration);
  return posterior(element);
}
function checkMethod(c, node, model) {
  const method = inferenceMethod.get(node.name.name);
  if (method === void 0) {
    if (node.name.name !== "") {
      const names2 = inferenceMethods.map((m) => m.name);
      c.report("PGL2009", node.name, `There is no inference method \`${node.name.name}\`.`, {
        hint: c.suggester.hint(node.name.name, names2) ?? `There are ${names2.map((n) => `\`${n}\``).join(", ")}.`
      });
    }
    for (const { value } of node.arguments) if (value.kind !== "Identifier") c.infer(value);
    return;
  }
  const seen = /* @__PURE__ */ new Set();
  for (const { name, value } of node.arguments) {
    if (name === void 0) {
      c.report("PGL3004", value, `Options of \`${method.name}\` are written with their names.`, {
        hint: method.options.length === 0 ? "It has none." : `Write \`${method.options[0].name}: \u2026\`.`
      });
      continue;
    }
    const option = method.options.find((o) => o.name === name.name);
    if (option === void 0) {
      c.report("PGL2010", name, `\`${method.name}\` has no option \`${name.name}\`.`, {
        hint: c.suggester.hint(
          name.name,
          method.options.map((o) => o.name)
        ) ?? `Its options are ${method.options.map((o) => `\`${o.name}\``).join(", ")}.`
      });
      if (value.kind !== "Identifier") c.infer(value);
      continue;
    }
    if (seen.has(name.name)) {
      c.report("PGL3004", name, `\`${name.name}\` is given twice.`, "Leave one of them away.");
      continue;
    }
    seen.add(name.name);
    checkOption(c, method.name, option, value, model);
  }
  if (method.name === "enumerate" && model !== void 0) c.deferred.set(node, () => checkEnumerable(c, node, model));
}
function checkOption(c, method, option, value, model) {
  if (option.type === "proposal") {
    checkProposalOption(c, value, model);
    return;
  }
  const wanted = option.type === "int" ? INT : option.type === "float" ? FLOAT : union(option.type.map(literal));
  const type = c.within(
    { kind: "option", name: "the options of a method", node: null, result: void 0, declared: false },
    () => c.infer(value, wanted)
  );
  if (!assignable(type, wanted)) {
    c.report("PGL3029", value, `\`${option.name}\` of \`${method}\` must be ${a(wanted)}, not ${a(type)}.`, {
      hint: mismatchHint(c, value, type, wanted)
    });
    return;
  }
  const constant3 = constantOf(value, isBuiltinName(c));
  if (option.atLeast !== void 0 && typeof constant3 === "number" && !(constant3 >= option.atLeast)) {
    c.report("PGL3029", value, `\`${option.name}\` of \`${method}\` must be at least ${option.atLeast}.`);
  }
}
function checkProposalOption(c, value, model) {
  const binding = value.kind === "Identifier" ? c.binding(value) : void 0;
  if (binding?.kind === "missing") return;
  const declaration = binding?.kind === "unit" && binding.declaration.kind === "ProposalDeclaration" ? binding.declaration : binding?.kind === "imported" && binding.symbol?.kind === "proposal" ? binding.symbol.declaration : void 0;
  if (declaration === void 0) {
    if (value.kind !== "Identifier") c.infer(value);
    c.report("PGL4007", value, "`proposal` takes the name of a declared `proposal`.", {
      hint: model === void 0 ? void 0 : `Declare one: \`proposal guide(\u2026) for ${model.name.name} { \u2026 }\`.`
    });
  } else if (model !== void 0) {
    c.deferred.set(value, () => {
      const target = c.proposalTargets.get(declaration);
      if (target === void 0 || target === model) return;
      c.report(
        "PGL4007",
        value,
        `\`${declaration.name.name}\` is a proposal for \`${target.name.name}\`, not for \`${model.name.name}\`.`
      );
    });
  }
}
function checkEnumerable(c, node, model) {
  for (const { draw, file, owner } of reachableDraws(model, c.summaries)) {
    if (draw.domain !== "continuous") continue;
    const what = draw.name === void 0 ? "a draw" : `\`${draw.name.name}\``;
    c.report(
      "PGL4015",
      node,
      `\`enumerate\` visits every value of every draw, and ${what} of \`${owner}\` is continuous.`,
      {
        hint: "Use `importance(samples: \u2026)` or `smc(particles: \u2026)`, or draw from a discrete distribution.",
        ...file === c.file ? { related: [{ span: draw.node.distribution.span, message: "the continuous draw" }] } : {}
      }
    );
    return;
  }
}

// ../compiler/src/types/operators.ts
var isSilent = (type) => type.kind === "never" || hasError(type);
var isTextual = (type) => membersOf(type).every(isText);
function inferUnary(c, expression) {
  if (expression.operator === "!") {
    checkTruth(c, expression.operand, "`!`");
    return BOOL;
  }
  const type = c.infer(expression.operand);
  if (hasError(type)) return ERROR;
  if (type.kind === "never" || isNumber(type)) return type;
  c.report("PGL3005", expression, `\`-\` takes a number, not ${a(type)}.`, {
    hint: operandHint(c, expression.operand, type)
  });
  return ERROR;
}
function checkTruth(c, expression, what, hintOf) {
  const type = c.infer(expression, BOOL);
  if (assignable(type, BOOL)) return;
  c.report("PGL3017", expression, `${what} takes a \`bool\`, not ${a(type)}.`, {
    hint: hintOf?.(type) ?? (mayBeNone(type) ? "Compare it: `x != none`." : isNumber(type) ? "Compare it: `x != 0`." : isTextual(type) ? 'Compare it: `s != ""`.' : elementOf(type) !== void 0 ? "This is a distribution. Draw from it first: `let x ~ \u2026`." : mismatchHint(c, expression, type, BOOL))
  });
}
function inferBinary(c, expression, hint) {
  const chain = [];
  let leftmost = expression;
  while (leftmost.kind === "BinaryExpression") {
    chain.push(leftmost);
    leftmost = leftmost.left;
  }
  chain.reverse();
  const first = chain[0];
  let type = c.infer(leftmost, operandHintType(first.operator, hint));
  const before = c.flow;
  let previous;
  for (const node of chain) {
    if (node.operator === "&&" || node.operator === "||") {
      requireTruth(c, node.left, type, node.operator);
      if (previous?.operator === node.operator) assume(c, previous.right, node.operator === "&&");
      else {
        c.flow = { reachable: c.flow.reachable, narrowed: before.narrowed };
        assume(c, node.left, node.operator === "&&");
      }
      const { reachable: reachable2 } = c.flow;
      const right = c.infer(node.right, BOOL);
      requireTruth(c, node.right, right, node.operator);
      c.flow = { reachable: reachable2, narrowed: c.flow.narrowed };
      type = BOOL;
    } else if (node.operator === "??") {
      type = inferAlternative(c, node, type, hint);
    } else {
      const right = c.infer(node.right, rightHint(node.operator, type, hint));
      type = combine(c, node, type, right);
    }
    if (node !== expression) c.types.set(node, type);
    previous = node;
  }
  c.flow = { reachable: c.flow.reachable, narrowed: before.narrowed };
  return type;
}
var operandHintType = (operator, hint) => operator === "+" || operator === "??" ? hint : void 0;
function rightHint(operator, left, hint) {
  switch (operator) {
    case "==":
    case "!=":
      return withoutNone(left);
    case "in":
      return list(left);
    case "+":
      return left.kind === "list" ? left.element.kind === "never" ? hint : left : void 0;
    default:
      return void 0;
  }
}
function requireTruth(c, operand2, type, operator) {
  if (assignable(type, BOOL)) return;
  c.report("PGL3017", operand2, `\`${operator}\` takes a \`bool\`, not ${a(type)}.`, {
    hint: mayBeNone(type) ? "For another value in place of `none`, write `??`." : isNumber(type) ? "Compare it: `x != 0`." : mismatchHint(c, operand2, type, BOOL)
  });
}
function inferAlternative(c, node, left, hint) {
  const { reachable: reachable2 } = c.flow;
  const right = c.infer(node.right, hint ?? withoutNone(left));
  c.flow = { reachable: reachable2, narrowed: c.flow.narrowed };
  if (hasError(left) || hasError(right)) return ERROR;
  if (!mayBeNone(left) && left.kind !== "never") {
    c.report("PGL5009", node.left, `This is ${a(left)} and never \`none\`.`, "Leave `??` and what follows away.");
    return left;
  }
  const joined2 = join(withoutNone(left), right);
  if (joined2 !== void 0) return joined2;
  c.report(
    "PGL3007",
    node.right,
    `The alternative to ${a(withoutNone(left))} is ${a(right)}: they do not go together.`,
    {
      hint: mismatchHint(c, node.right, right, withoutNone(left))
    }
  );
  return ERROR;
}
function operandHint(c, operand2, type) {
  const element = elementOf(type);
  if (element !== void 0) return "This is a distribution. Draw from it first: `let x ~ \u2026`.";
  if (mayBeNone(type)) return "It may be `none`: say what then with `??`, or test it before.";
  return mismatchHint(c, operand2, type, FLOAT);
}
function combine(c, node, left, right) {
  const { operator } = node;
  switch (operator) {
    case "==":
    case "!=":
      checkComparable(c, node, left, right);
      return BOOL;
    case "<":
    case "<=":
    case ">":
    case ">=":
      checkOrdered(c, node, left, right);
      return BOOL;
    case "in":
      checkIn(c, node, left, right);
      return BOOL;
  }
  if (hasError(left) || hasError(right)) return ERROR;
  if (left.kind === "never") return right;
  if (right.kind === "never") return left;
  if (operator === "+") return add(c, node, left, right);
  if (isNumber(left) && isNumber(right)) {
    const both2 = left.kind === "int" && right.kind === "int";
    if (operator === "/") return FLOAT;
    if (operator === "^") {
      const whole = node.right.kind === "NumberLiteral" && node.right.integer;
      return both2 && whole ? INT : FLOAT;
    }
    return both2 ? INT : FLOAT;
  }
  const [operand2, type] = isNumber(left) ? [node.right, right] : [node.left, left];
  const hint = operator === "*" && isTextual(left) && right.kind === "int" ? "To repeat a text, write `repeat(s, n)`." : operandHint(c, operand2, type);
  c.report("PGL3005", operand2, `\`${operator}\` takes numbers, not ${a(type)}.`, { hint });
  return ERROR;
}
function add(c, node, left, right) {
  if (isNumber(left) && isNumber(right)) return left.kind === "int" && right.kind === "int" ? INT : FLOAT;
  if (isTextual(left) && (isTextual(right) || right.kind === "token")) return STRING;
  if (left.kind === "context" && (isTextual(right) || right.kind === "token" || right.kind === "context"))
    return CONTEXT;
  if (left.kind === "list" && right.kind === "list") {
    const joined2 = join(left, right);
    if (joined2 !== void 0) return joined2;
  }
  const text = (type2) => isTextual(type2) || type2.kind === "token" || type2.kind === "context";
  const [operand2, type, other] = isNumber(left) || text(left) || left.kind === "list" ? [node.right, right, left] : [node.left, left, right];
  let hint;
  if (elementOf(type) !== void 0) hint = operandHint(c, operand2, type);
  else if (mayBeNone(type)) hint = "It may be `none`: say what then with `??`, or test it before.";
  else if (isTextual(left) || isTextual(right)) {
    hint = type.kind === "token" || type.kind === "context" || left.kind === "token" ? "Add its text: `x.text`." : operand2.kind === "Identifier" ? `Write it into a string: \`"\${${operand2.name}}"\`, or \`string(${operand2.name})\`.` : 'Write it into a string: `"${\u2026}"`, or `string(x)`.';
  } else if (other.kind === "list" && assignable(type, other.element))
    hint = "To add an element, write `push(xs, x)`, or `xs + [x]`.";
  else if (left.kind === "token") hint = "Add its text: `x.text`.";
  c.report("PGL3005", operand2, `\`+\` cannot add ${a(left)} and ${a(right)}.`, { hint });
  return ERROR;
}
function mayEqual(left, right) {
  if (isSilent(left) || isSilent(right)) return true;
  if (left.kind === "union" || right.kind === "union") {
    return membersOf(left).some((l) => membersOf(right).some((r) => mayEqual(l, r)));
  }
  if (isNumber(left) && isNumber(right)) return true;
  if (isText(left) && isText(right))
    return left.kind !== "literal" || right.kind !== "literal" || left.value === right.value;
  if (left.kind === "list" && right.kind === "list") return mayEqual(left.element, right.element);
  return assignable(left, right) || assignable(right, left) || join(left, right) !== void 0;
}
function checkComparable(c, node, left, right) {
  if (isSilent(left) || isSilent(right)) return;
  if (node.left.kind === "NoneLiteral" || node.right.kind === "NoneLiteral") {
    const [value, type] = node.left.kind === "NoneLiteral" ? [node.right, right] : [node.left, left];
    if (!mayBeNone(type) && type.kind !== "opaque") {
      c.report(
        "PGL5009",
        node,
        `This is ${a(type)} and never \`none\`.`,
        value.kind === "Identifier" ? `Leave the test of \`${value.name}\` away.` : "Leave the test away."
      );
    }
    return;
  }
  for (const [literal3, type] of [
    [node.right, left],
    [node.left, right]
  ]) {
    const options = literalsOf(type);
    if (literal3.kind === "StringLiteral" && options.size > 0 && !membersOf(type).some((m) => m.kind === "string") && !options.has(literal3.value)) {
      c.report("PGL3019", literal3, `\`${literal3.raw}\` is not among the values of ${a(type)}.`, {
        hint: c.suggester.hint(literal3.value, options) ?? `They are ${[...options].slice(0, 8).map((v) => JSON.stringify(v)).join(", ")}.`
      });
      return;
    }
  }
  const unlike = left.kind === "function" || right.kind === "function" || !mayEqual(left, right);
  if (!unlike) return;
  const token = left.kind === "token" || right.kind === "token";
  const context = left.kind === "context" || right.kind === "context";
  const tokenNode = left.kind === "token" || left.kind === "context" ? node.left : node.right;
  c.report(
    "PGL3019",
    node,
    left.kind === "function" || right.kind === "function" ? "Functions cannot be compared." : `${a(left)} and ${a(right)} are never equal.`,
    {
      hint: (token || context) && (isTextual(left) || isTextual(right)) ? `Compare its text: \`${tokenNode.kind === "Identifier" ? tokenNode.name : "x"}.text\`. The end of the text is \`eos\`.` : elementOf(left) !== void 0 || elementOf(right) !== void 0 ? "This is a distribution. Draw from it first: `let x ~ \u2026`." : void 0
    }
  );
}
function checkOrdered(c, node, left, right) {
  if (isSilent(left) || isSilent(right)) return;
  if (isNumber(left) && isNumber(right) || isTextual(left) && isTextual(right)) return;
  if (isOrdered(left) && isOrdered(right) && join(left, right) !== void 0) return;
  const bad = isNumber(left) || isTextual(left) || isOrdered(left) ? [node.right, right] : [node.left, left];
  c.report("PGL3019", node, `\`${node.operator}\` cannot compare ${a(left)} with ${a(right)}.`, {
    hint: bad[1].kind === "token" || bad[1].kind === "context" ? "Compare texts: `x.text`." : operandHint(c, bad[0], bad[1])
  });
}
function checkIn(c, node, left, right) {
  if (isSilent(right) || hasError(left)) return;
  if (isTextual(right)) {
    if (!assignable(left, STRING)) {
      c.report("PGL3019", node.left, `${a(left)} is never in a string.`, {
        hint: mismatchHint(c, node.left, left, STRING)
      });
    }
    return;
  }
  const element = right.kind === "list" ? right.element : right.kind === "map" ? right.key : void 0;
  if (element === void 0) {
    c.report("PGL3005", node.right, `\`in\` looks into lists, maps, strings and ranges, not ${a(right)}.`, {
      hint: right.kind === "token" || right.kind === "context" ? "Look into its text: `x.text`." : right.kind === "dist" || right.kind === "posterior" ? "To look into the values it can have, write `x in support(d)`." : operandHint(c, node.right, right)
    });
    return;
  }
  if (mayEqual(left, element)) return;
  c.report("PGL3019", node.left, `${a(left)} is never in ${a(right)}.`, {
    hint: left.kind === "token" && isTextual(element) ? "Look for its text: `x.text`." : void 0
  });
}
function combineAssigned(c, statement, target, value) {
  const operator = statement.operator.slice(0, -1);
  const node = {
    kind: "BinaryExpression",
    operator,
    left: statement.target,
    right: statement.value,
    span: statement.span
  };
  return combine(c, node, target, value);
}
function inferRange(c, expression) {
  for (const end of [expression.start, expression.end]) {
    c.check(end, INT, "PGL3001", "The end of a range");
  }
  return list(INT);
}

// ../compiler/src/types/exhaustive.ts
var BUDGET2 = 2e4;
var Matrix = class {
  work = 0;
  /** A row of patterns, one for each column, that no row takes; `undefined` when every value is taken. */
  missing(rows2, types) {
    if (types.length === 0) return rows2.length > 0 ? void 0 : [];
    if ((this.work += rows2.length + 1) > BUDGET2) return void 0;
    const [type, ...rest] = types;
    const { all, complete } = constructorsOf(type);
    const used = new Set(rows2.flatMap((row) => row[0] ? [row[0].key] : []));
    const unused = all.filter((constructor) => !used.has(constructor.key));
    if (!complete || unused.length > 0) {
      const witness = this.missing(defaults(rows2), rest);
      if (witness === void 0) return void 0;
      const first = used.size === 0 || unused.length === 0 ? "_" : unused[0].show(unused[0].types.map(() => "_"));
      return [first, ...witness];
    }
    const byKey = /* @__PURE__ */ new Map();
    const open = [];
    for (const row of rows2) {
      const key = row[0]?.key;
      if (key === void 0) open.push(row);
      else if (byKey.has(key)) byKey.get(key).push(row);
      else byKey.set(key, [row]);
    }
    for (const constructor of all) {
      const taking = [...byKey.get(constructor.key) ?? [], ...open];
      const witness = this.missing(specialise(taking, constructor), [...constructor.types, ...rest]);
      if (witness === void 0) continue;
      const n = constructor.types.length;
      return [constructor.show(witness.slice(0, n)), ...witness.slice(n)];
    }
    return void 0;
  }
  /** Whether some value is taken by `row` and by none of `rows`. */
  useful(rows2, row, types) {
    if (types.length === 0) return rows2.length === 0;
    if ((this.work += rows2.length + 1) > BUDGET2) return true;
    const [type, ...rest] = types;
    const [first, ...others] = row;
    const { all, complete } = constructorsOf(type);
    if (first !== null) {
      const constructor = all.find((c) => c.key === first.key) ?? { key: first.key, types: [], show: () => "" };
      return this.useful(specialise(rows2, constructor), [...first.parts, ...others], [...constructor.types, ...rest]);
    }
    const used = new Set(rows2.flatMap((r) => r[0] ? [r[0].key] : []));
    if (complete && all.every((c) => used.has(c.key))) {
      return all.some(
        (c) => this.useful(specialise(rows2, c), [...c.types.map(() => null), ...others], [...c.types, ...rest])
      );
    }
    return this.useful(defaults(rows2), others, rest);
  }
};
var defaults = (rows2) => rows2.flatMap((row) => row[0] === null ? [row.slice(1)] : []);
var specialise = (rows2, constructor) => rows2.flatMap((row) => {
  const first = row[0];
  if (first === null) return [[...constructor.types.map(() => null), ...row.slice(1)]];
  return first.key === constructor.key ? [[...first.parts, ...row.slice(1)]] : [];
});
function constructorsOf(type) {
  const all = [];
  let complete = true;
  const atom = (key) => void all.push({ key, show: () => key, types: [] });
  membersOf(type).forEach((member, i) => {
    switch (member.kind) {
      case "bool":
        atom("true");
        atom("false");
        return;
      case "literal":
        atom(JSON.stringify(member.value));
        return;
      case "none":
        atom("none");
        return;
      case "tuple":
        all.push({ key: `tuple ${i}`, show: (parts) => `(${parts.join(", ")})`, types: member.elements });
        return;
      case "record": {
        const fields = [...member.fields];
        all.push({
          key: `record ${i}`,
          show: (parts) => {
            const told = fields.flatMap(
              ([name, { type: t }], k) => parts[k] !== "_" ? [`${name}: ${parts[k]}`] : t.kind === "literal" ? [`${name}: ${JSON.stringify(t.value)}`] : []
            );
            return told.length === 0 && fields.length > 0 ? `{ ${fields[0][0]} }` : `{ ${told.join(", ")} }`;
          },
          types: fields.map(([, field]) => field.optional ? optional(field.type) : field.type)
        });
        return;
      }
      case "error":
      case "never":
        return;
      default:
        complete = false;
    }
  });
  return { all, complete };
}
function rowsOf(pattern, type) {
  switch (pattern.kind) {
    case "WildcardPattern":
    case "NamePattern":
      return [null];
    case "OrPattern":
      return pattern.alternatives.flatMap((alternative) => rowsOf(alternative, type));
    case "LiteralPattern": {
      const { value } = pattern;
      const key = value.kind === "NoneLiteral" ? "none" : value.kind === "EosLiteral" ? "eos" : JSON.stringify(value.value);
      return [{ key, parts: [] }];
    }
    case "TupleMatchPattern":
      return membersOf(type).flatMap((member, i) => {
        if (member.kind !== "tuple" || member.elements.length !== pattern.elements.length) return [];
        return product(pattern.elements.map((element, k) => rowsOf(element, member.elements[k]))).map((parts) => ({
          key: `tuple ${i}`,
          parts
        }));
      });
    case "RecordMatchPattern":
      return membersOf(type).flatMap((member, i) => {
        if (member.kind !== "record" || !pattern.fields.every((f) => member.fields.has(f.name.name))) return [];
        const columns = [...member.fields.keys()].map((name) => {
          const field = pattern.fields.find((f) => f.name.name === name);
          return field === void 0 ? [null] : rowsOf(field.pattern, fieldOf(member, name));
        });
        return product(columns).map((parts) => ({ key: `record ${i}`, parts }));
      });
  }
}
var MAX_ROWS = 256;
function product(columns) {
  let rows2 = [[]];
  for (const column of columns) {
    rows2 = rows2.flatMap((row) => column.map((pattern) => [...row, pattern])).slice(0, MAX_ROWS);
  }
  return rows2;
}
function coverage(arms, type) {
  const matrix = new Matrix();
  const rows2 = [];
  const unreachable = [];
  const literals = /* @__PURE__ */ new Set();
  let onlyLiterals = true;
  for (const arm of arms) {
    const literal3 = arm.pattern.kind === "LiteralPattern" ? rowsOf(arm.pattern, type)[0]?.key : void 0;
    if (literal3 !== void 0 && onlyLiterals) {
      if (literals.has(literal3)) unreachable.push(arm);
      else if (arm.guard === void 0) {
        literals.add(literal3);
        rows2.push([{ key: literal3, parts: [] }]);
      }
      continue;
    }
    onlyLiterals = false;
    const own = rowsOf(arm.pattern, type).map((pattern) => [pattern]);
    if (own.length > 0 && rows2.length > 0 && !own.some((row) => matrix.useful(rows2, row, [type])))
      unreachable.push(arm);
    if (arm.guard === void 0) rows2.push(...own);
  }
  const witness = new Matrix().missing(rows2, [type]);
  if (witness === void 0) return { missing: [], unreachable };
  const { all } = constructorsOf(type);
  const used = new Set(rows2.flatMap(([first]) => first ? [first.key] : []));
  const simple = all.filter((constructor) => !used.has(constructor.key)).map((c) => c.show(c.types.map(() => "_")));
  return { missing: simple.length > 1 && witness[0] !== "_" ? simple : [...witness], unreachable };
}

// ../compiler/src/types/patterns.ts
function bindPattern(c, pattern, type) {
  switch (pattern.kind) {
    case "WildcardPattern":
      return;
    case "Identifier":
      c.declareLocal(pattern, type);
      return;
    case "TuplePattern": {
      const silent = type.kind === "error" || type.kind === "never";
      const fits = type.kind === "tuple" && type.elements.length === pattern.elements.length;
      if (!fits && !silent) {
        c.report("PGL3015", pattern, `${a(type)} cannot be taken apart into ${pattern.elements.length} parts.`, {
          hint: type.kind === "tuple" ? `It has ${type.elements.length} parts.` : type.kind === "list" ? "A list may have any length: take its elements by index, `xs[0]`." : mayBeNone(type) ? "It may be `none`: test it before." : void 0
        });
      }
      pattern.elements.forEach(
        (element, i) => bindPattern(c, element, fits ? type.elements[i] : silent ? type : ERROR)
      );
      return;
    }
    case "RecordPattern":
      for (const { name, pattern: inner } of pattern.fields) {
        const field = type.kind === "never" ? NEVER : fieldOf(type, name.name);
        if (field === void 0 && type.kind !== "error") {
          const fields = type.kind === "record" ? [...type.fields.keys()] : [];
          c.report("PGL3015", name, `${a(type)} has no field \`${name.name}\`.`, {
            hint: mayBeNone(type) ? "It may be `none`: test it before." : c.suggester.hint(name.name, fields)
          });
        }
        bindPattern(c, inner, field ?? ERROR);
      }
  }
}
function matching(type, pattern) {
  switch (pattern.kind) {
    case "WildcardPattern":
    case "NamePattern":
      return type;
    case "OrPattern":
      return union(pattern.alternatives.map((alternative) => matching(type, alternative)));
    case "LiteralPattern": {
      const { value } = pattern;
      if (value.kind === "StringLiteral" && literalsOf(type).has(value.value)) return literal(value.value);
      return union(
        membersOf(type).filter((member) => {
          switch (value.kind) {
            case "NoneLiteral":
              return member.kind === "none";
            case "BooleanLiteral":
              return member.kind === "bool";
            case "StringLiteral":
              return member.kind === "string" || member.kind === "literal" && member.value === value.value;
            case "NumberLiteral":
              return isNumber(member);
            case "EosLiteral":
              return member.kind === "token";
          }
        })
      );
    }
    case "TupleMatchPattern":
      return union(
        membersOf(type).filter(
          (m) => m.kind === "tuple" && m.elements.length === pattern.elements.length && pattern.elements.every((element, i) => matching(m.elements[i], element).kind !== "never")
        )
      );
    case "RecordMatchPattern":
      return union(
        membersOf(type).filter(
          (m) => m.kind === "record" && pattern.fields.every(({ name, pattern: inner }) => {
            const field = fieldOf(m, name.name);
            return field !== void 0 && matching(field, inner).kind !== "never";
          })
        )
      );
  }
}
function bindMatchPattern(c, pattern, type, inAlternative) {
  const silent = type.kind === "error" || type.kind === "never";
  if (pattern.kind === "NamePattern") {
    if (inAlternative) {
      c.report(
        "PGL3015",
        pattern,
        `\`${pattern.name.name}\` cannot be bound in one alternative only.`,
        "Write an arm for each alternative, or `_` here."
      );
    }
    c.declareLocal(pattern.name, inAlternative ? ERROR : type);
    return;
  }
  if (pattern.kind === "OrPattern") {
    for (const alternative of pattern.alternatives) bindMatchPattern(c, alternative, type, true);
    return;
  }
  if (pattern.kind === "WildcardPattern") return;
  const part = silent ? type : matching(type, pattern);
  if (!silent && part.kind === "never") reportImpossible(c, pattern, type);
  const inner = part.kind === "never" && !silent ? ERROR : part;
  if (pattern.kind === "TupleMatchPattern") {
    pattern.elements.forEach((element, i) => {
      bindMatchPattern(c, element, fieldOf(inner, String(i)) ?? (silent ? type : ERROR), inAlternative);
    });
  } else if (pattern.kind === "RecordMatchPattern") {
    for (const field of pattern.fields) {
      bindMatchPattern(c, field.pattern, fieldOf(inner, field.name.name) ?? (silent ? type : ERROR), inAlternative);
    }
  }
}
function reportImpossible(c, pattern, type) {
  const literals = literalsOf(type);
  let hint;
  if (pattern.kind === "LiteralPattern" && pattern.value.kind === "StringLiteral") {
    if (literals.size > 0)
      hint = c.suggester.hint(pattern.value.value, literals) ?? `It is one of ${[...literals].slice(0, 8).map((v) => JSON.stringify(v)).join(", ")}.`;
    else if (type.kind === "token" || type.kind === "context") hint = "Match on its text: `match x.text { \u2026 }`.";
  } else if (pattern.kind === "RecordMatchPattern" && type.kind === "record") {
    const unknown = pattern.fields.find((f) => !type.fields.has(f.name.name));
    if (unknown !== void 0) {
      c.report("PGL3015", unknown.name, `${a(type)} has no field \`${unknown.name.name}\`.`, {
        hint: c.suggester.hint(unknown.name.name, type.fields.keys())
      });
      return;
    }
  }
  c.report("PGL3015", pattern, `${a(type)} is never like this pattern.`, { hint });
}
function inferMatch(c, expression, hint, value) {
  const subject = c.infer(expression.subject);
  const path = pathOf(c, expression.subject);
  const start = c.flow;
  let after = { ...start, reachable: false };
  let remaining = subject;
  const gone = [];
  let survivors = [];
  let result = value ? void 0 : UNIT;
  for (const arm of expression.arms) {
    c.flow = start;
    if (arm.pattern.kind !== "LiteralPattern") remaining = withoutAll(remaining, gone.splice(0));
    bindMatchPattern(c, arm.pattern, remaining.kind === "never" ? subject : remaining, false);
    const taken = matching(remaining, arm.pattern);
    if (path !== void 0 && subject.kind === "union" && taken.kind !== "never") c.flow = narrow(c.flow, path, taken);
    if (arm.guard) {
      checkTruth(c, arm.guard, "The guard of a case");
      assume(c, arm.guard, true);
    }
    if (value) {
      const type = c.blockValue(arm.body, hint);
      result = joinBranches(c, result, type, arm.body.result ?? arm.body, "case");
    } else {
      c.blockEffect(arm.body);
    }
    if (path !== void 0 && c.flow.reachable) {
      const known2 = c.flow.narrowed.get(path);
      if (known2 !== void 0) survivors?.push(known2);
      else survivors = void 0;
      c.flow = forgetPath(c.flow, path);
    }
    after = joinFlows(after, c.flow);
    if (arm.guard === void 0) gone.push(arm.pattern);
  }
  c.flow = expression.arms.length === 0 ? start : after;
  if (path !== void 0 && survivors !== void 0 && survivors.length > 0)
    c.flow = narrow(c.flow, path, union(survivors));
  if (subject.kind === "error" || subject.kind === "never") return result ?? ERROR;
  const { missing: missing2, unreachable } = coverage(expression.arms, subject);
  if (missing2.length > 0) {
    const shown = missing2.slice(0, 6).map((p) => `\`${p}\``).join(", ");
    c.report(
      "PGL3014",
      { span: headOf(expression) },
      missing2[0] === "_" ? `The \`match\` does not say what to do with every ${a(subject)}.` : `The \`match\` does not say what to do with ${shown}${missing2.length > 6 ? ", \u2026" : ""}.`,
      {
        hint: missing2[0] === "_" ? "End it with a case for the rest: `_ => \u2026`." : `Add ${missing2.length === 1 ? "a case for it" : "cases for them"}, or \`_ => \u2026\` for the rest.`
      }
    );
  }
  for (const arm of unreachable) {
    c.report("PGL5004", arm.pattern, "Earlier cases take everything that this one would.", "Remove it, or move it up.");
  }
  return result ?? NEVER;
}
var headOf = (expression) => ({
  start: expression.span.start,
  end: expression.subject.span.end
});
function withoutAll(type, patterns) {
  if (type.kind !== "union" || patterns.length === 0) return type;
  const literals = /* @__PURE__ */ new Set();
  const others = [];
  for (const pattern of patterns) {
    if (pattern.kind === "LiteralPattern" && pattern.value.kind === "StringLiteral") literals.add(pattern.value.value);
    else others.push(pattern);
  }
  const kept = literals.size === 0 ? type : union(type.members.filter((m) => m.kind !== "literal" || !literals.has(m.value)));
  return others.reduce(without, kept);
}
function without(type, pattern) {
  switch (pattern.kind) {
    case "OrPattern":
      return pattern.alternatives.reduce(without, type);
    case "LiteralPattern": {
      const { value } = pattern;
      if (value.kind === "NoneLiteral") return withoutNone(type);
      if (value.kind !== "StringLiteral") return type;
      return union(membersOf(type).filter((m) => !(m.kind === "literal" && m.value === value.value)));
    }
    case "TupleMatchPattern":
    case "RecordMatchPattern":
      return union(membersOf(type).filter((m) => !takesWhole(m, pattern)));
    case "WildcardPattern":
    case "NamePattern":
      return NEVER;
  }
}
function takesWhole(type, pattern) {
  switch (pattern.kind) {
    case "WildcardPattern":
    case "NamePattern":
      return true;
    case "OrPattern":
      return pattern.alternatives.some((alternative) => takesWhole(type, alternative));
    case "LiteralPattern":
      return without(type, pattern).kind === "never";
    case "TupleMatchPattern":
      return type.kind === "tuple" && type.elements.length === pattern.elements.length && pattern.elements.every((element, i) => takesWhole(type.elements[i], element));
    case "RecordMatchPattern":
      return pattern.fields.every(({ name, pattern: inner }) => {
        const field = fieldOf(type, name.name);
        return field !== void 0 && takesWhole(field, inner);
      });
  }
}
function joinBranches(c, before, type, at2, what) {
  if (before === void 0) return type;
  if (before.kind === "unit" || type.kind === "unit")
    return before.kind === "never" ? type : type.kind === "never" ? before : UNIT;
  const joined2 = join(before, type);
  if (joined2 !== void 0) return joined2;
  c.report("PGL3007", at2, `This ${what} is ${a(type)}, those before are ${a(before)}.`, {
    hint: "Give all branches one type; where a union is meant, write the type where the value goes: `let x: int | string = \u2026`."
  });
  return ERROR;
}

// ../compiler/src/types/statements.ts
function checkStatement(c, statement) {
  switch (statement.kind) {
    case "LetStatement":
      checkLet(c, statement);
      return;
    case "DrawStatement":
      checkDraw(c, statement);
      return;
    case "AssignStatement":
      checkAssign(c, statement);
      return;
    case "ObserveStatement":
      checkObserve(c, statement);
      return;
    case "ConditionStatement":
      weighs(c, statement, "condition");
      checkTruth(
        c,
        statement.test,
        "`condition`",
        (type) => isNumber(type) ? "To weigh by a number of nats, write `factor`." : void 0
      );
      assume(c, statement.test, true);
      if (constantOf(statement.test, isBuiltinName(c)) === false) {
        c.report("PGL5005", statement.test, "This is always false: no execution comes past it.");
      }
      return;
    case "FactorStatement":
    case "TwistStatement":
      checkWeight(c, statement);
      return;
    case "StepStatement":
      c.perform("generative", statement, "`step`");
      return;
    case "ForStatement":
      checkFor(c, statement);
      return;
    case "WhileStatement":
      checkWhile(c, statement);
      return;
    case "BreakStatement":
    case "ContinueStatement": {
      const word = statement.kind === "BreakStatement" ? "break" : "continue";
      const loop = c.context.loops.at(-1);
      if (loop === void 0) {
        const inLambda = c.context.kind === "lambda" && c.context.outer !== null && c.context.outer.loops.length > 0;
        c.report("PGL4011", statement, `There is no loop around this \`${word}\`.`, {
          hint: inLambda ? "A lambda cannot leave the loop outside it; use a `for` in place of the lambda." : "To end the function, write `return`."
        });
        return;
      }
      if (word === "break" && c.flow.reachable) loop.broken = true;
      c.flow = { ...c.flow, reachable: false };
      return;
    }
    case "ReturnStatement":
      checkReturn(c, statement);
      return;
    case "FunctionDeclaration":
      c.localFunction(statement);
      return;
    case "ExpressionStatement":
      c.discard(statement.expression);
  }
}
function checkLet(c, statement) {
  const declared = statement.type && c.typeNode(statement.type);
  const name = statement.pattern.kind === "Identifier" ? `\`${statement.pattern.name}\`` : "The value";
  if (declared !== void 0) {
    const type2 = c.check(statement.value, declared, "PGL3001", name);
    markAnnotated(c, statement.pattern);
    bindPattern(c, statement.pattern, declared);
    if (statement.pattern.kind === "Identifier") narrowName(c, statement.pattern, declared, type2);
    return;
  }
  const type = c.infer(statement.value);
  if (type.kind === "unit") {
    c.report("PGL3001", statement.value, "This gives no value to keep.", mismatchHint(c, statement.value, type, FLOAT));
    bindPattern(c, statement.pattern, ERROR);
    return;
  }
  bindPattern(c, statement.pattern, type);
}
function markAnnotated(c, pattern) {
  if (pattern.kind !== "Identifier") return;
  const binding = c.binding(pattern);
  if (binding.kind === "local") c.annotated.add(binding);
}
function narrowName(c, name, declared, value) {
  const binding = c.binding(name);
  if (binding.kind === "local") narrowAssigned(c, String(binding.id), declared, value);
}
function drawnFrom(c, distribution2, wanted) {
  const type = c.infer(distribution2, wanted && dist(wanted));
  const element = elementOf(type);
  if (element !== void 0) return { element, type };
  if (type.kind !== "error" && type.kind !== "never")
    reportNotDistribution(
      c,
      distribution2,
      type,
      "To draw, a distribution is wanted",
      "For a plain value, write `=` instead of `~`."
    );
  return { element: ERROR, type };
}
function reportNotDistribution(c, expression, type, what, otherwise) {
  let hint;
  const name = expression.kind === "CallExpression" ? expression.callee : expression;
  if (name.kind === "Identifier") {
    const binding = c.binding(name);
    const isModel = binding.kind === "unit" && binding.declaration.kind === "ModelDeclaration" || binding.kind === "imported" && binding.symbol?.kind === "model";
    if (isModel)
      hint = `Calling a model runs it in place: write \`let x = ${name.name}(\u2026)\`. Its posterior is \`infer ${name.name}(\u2026)\`.`;
  }
  if (type.kind === "function") hint ??= "This is a function: call it.";
  if (type.kind === "lm") hint ??= "Draw a text with `.text(after: \u2026)`, or a token with `.next(ctx)`.";
  if (mayBeNone(type)) hint ??= "It may be `none`: test it before.";
  if (type.kind === "list") hint ??= "To draw one of its elements, write `choice(xs)`.";
  c.report("PGL3008", expression, `${what}, not ${a(type)}.`, { hint: hint ?? otherwise });
}
function checkInlineProposal(c, proposal2, element) {
  const type = c.infer(proposal2, dist(element));
  const own = elementOf(type);
  if (own === void 0) {
    if (type.kind !== "error" && type.kind !== "never")
      reportNotDistribution(c, proposal2, type, "A proposal is a distribution");
  } else if (!assignable(own, element)) {
    c.report("PGL4005", proposal2, `The proposal draws ${a(own)}, and what it proposes for is ${a(element)}.`);
  }
}
function checkDraw(c, statement) {
  const declared = statement.type && c.typeNode(statement.type);
  const { element, type } = drawnFrom(c, statement.distribution, declared);
  if (statement.proposal) checkInlineProposal(c, statement.proposal, element);
  if (declared !== void 0) {
    if (!assignable(element, declared)) {
      c.report("PGL3001", statement.distribution, `This draws ${a(element)}, and ${a(declared)} is wanted.`, {
        hint: mismatchHint(c, statement.distribution, element, declared)
      });
    }
    markAnnotated(c, statement.pattern);
  }
  const name = statement.pattern.kind === "Identifier" ? statement.pattern : void 0;
  c.perform(
    "generative",
    statement,
    name === void 0 ? "`~`" : `\`${statement.mutable ? "var" : "let"} ${name.name} ~\``
  );
  c.summary.draws.set(statement, {
    node: statement,
    name,
    element,
    domain: domainOf(type)
  });
  bindPattern(c, statement.pattern, declared ?? element);
}
function checkAssign(c, statement) {
  const { target } = statement;
  const binding = c.binding(target);
  if (binding.kind !== "local" || !binding.mutable) {
    c.infer(statement.value);
    return;
  }
  const declared = c.localTypes.get(binding) ?? ERROR;
  const path = String(binding.id);
  const current = c.flow.narrowed.get(path) ?? declared;
  let value;
  if (statement.operator === "=") {
    value = c.infer(statement.value, declared);
  } else {
    const right = c.infer(
      statement.value,
      statement.operator === "+=" && current.kind === "list" ? current : void 0
    );
    value = combineAssigned(c, statement, current, right);
  }
  c.types.set(target, statement.operator === "=" ? declared : current);
  c.flow = forget(c.flow, path);
  if (value.kind === "error") return;
  if (value.kind === "unit") {
    c.report("PGL3001", statement.value, "This gives no value to keep.");
    return;
  }
  if (c.annotated.has(binding) ? assignable(value, declared) : c.widen(binding, value)) {
    narrowAssigned(c, path, declared, value);
    return;
  }
  reportMismatch(c, statement.value, value, declared, "PGL3001", `\`${target.name}\``);
}
var isInProposal = (context) => context.kind === "proposal" || context.outer !== null && isInProposal(context.outer);
function weighs(c, statement, kind2) {
  c.summary.weighs.set(statement, kind2);
  if (isInProposal(c.context)) {
    c.report(
      "PGL4006",
      statement,
      `\`${kind2}\` weighs, and a proposal may only draw.`,
      "Leave it to the model: a proposal says where to look, not what is true."
    );
    return;
  }
  c.perform("generative", statement, `\`${kind2}\``);
}
function checkObserve(c, statement) {
  weighs(c, statement, "observe");
  if (statement.constraint) {
    checkMatches(c, statement.value, statement.constraint);
    return;
  }
  if (statement.distribution === void 0) {
    c.infer(statement.value);
    return;
  }
  const literal3 = statement.value.kind === "StringLiteral" || statement.value.kind === "ListExpression";
  const before = literal3 ? void 0 : c.infer(statement.value);
  const type = c.infer(
    statement.distribution,
    before && before.kind !== "error" && before.kind !== "none" ? dist(before) : void 0
  );
  const element = elementOf(type);
  const value = before ?? c.infer(statement.value, element);
  if (element === void 0) {
    if (type.kind !== "error" && type.kind !== "never")
      reportNotDistribution(
        c,
        statement.distribution,
        type,
        "To observe, a distribution is wanted",
        "That two values are equal is a condition: `condition a == b`."
      );
    return;
  }
  if (assignable(value, element)) return;
  if (membersOf(value).every(isText) && membersOf(element).every(isText) && assignable(element, value)) return;
  if (mayBeNone(value)) {
    reportMismatch(c, statement.value, value, element, "PGL3009", "The value observed");
    return;
  }
  c.report(
    "PGL3009",
    statement.value,
    `The value observed is ${a(value)}, and the distribution is over ${a(element)}.`,
    {
      hint: isText(value) && element.kind === "token" ? "To observe a text, write `observe s ~ writer.text(after: \u2026)`." : mismatchHint(c, statement.value, value, element)
    }
  );
}
function checkWeight(c, statement) {
  const word = statement.kind === "FactorStatement" ? "factor" : "twist";
  weighs(c, statement, word);
  const type = c.infer(statement.weight, FLOAT);
  if (!assignable(type, FLOAT)) {
    c.report("PGL3018", statement.weight, `\`${word}\` takes a number of nats, not ${a(type)}.`, {
      hint: type.kind === "bool" ? word === "factor" ? "For a hard condition, write `condition`." : "Write `if \u2026 { 0.0 } else { -inf }`." : mayBeNone(type) ? "It may be `none`: say what then with `??`." : mismatchHint(c, statement.weight, type, FLOAT)
    });
    return;
  }
  const constant3 = constantOf(statement.weight, isBuiltinName(c));
  if (constant3 === Infinity || Number.isNaN(constant3)) {
    c.report(
      "PGL4017",
      statement.weight,
      `A weight of \`${String(constant3) === "NaN" ? "NaN" : "inf"}\` nats is an error.`,
      "What is impossible has the weight `-inf`."
    );
  } else if (constant3 === -Infinity && word === "factor") {
    c.report("PGL5005", statement.weight, "This is always impossible: no execution comes past it.");
  }
}
function forgetAssigned(c, statement) {
  for (const local of c.resolution.assignedIn.get(statement) ?? []) c.flow = forget(c.flow, String(local.id));
}
function checkFor(c, statement) {
  const type = c.infer(statement.iterable);
  let element = ERROR;
  if (type.kind === "list") element = type.element;
  else if (type.kind === "never") element = type;
  else if (type.kind !== "error") {
    c.report("PGL3021", statement.iterable, `\`for\` goes through lists and ranges, not ${a(type)}.`, {
      hint: type.kind === "int" ? "To count, write a range: `for i in 0..n`." : type.kind === "map" ? "Go through `entries(m)`, `keys(m)` or `values(m)`." : isText(type) ? "Go through `chars(s)`, `words(s)` or `lines(s)`." : type.kind === "dist" || type.kind === "posterior" ? "To go through the values it can have, write `support(d)`." : mayBeNone(type) ? "It may be `none`: say what then with `??`." : void 0
    });
  }
  if (statement.iterable.kind === "RangeExpression") {
    const [start2, end] = [statement.iterable.start, statement.iterable.end].map((e) => constantOf(e, isBuiltinName(c)));
    if (typeof start2 === "number" && typeof end === "number" && start2 >= end) {
      c.report(
        "PGL5006",
        statement.iterable,
        "The range is empty: its end is not part of it.",
        start2 > end ? "To count down, write `reverse(range(\u2026))`." : void 0
      );
    }
  }
  forgetAssigned(c, statement);
  const start = c.flow;
  c.context.loops.push({ broken: false });
  bindPattern(c, statement.pattern, element);
  c.blockEffect(statement.body);
  c.context.loops.pop();
  c.flow = start;
}
function checkWhile(c, statement) {
  forgetAssigned(c, statement);
  const loop = { broken: false };
  checkTruth(c, statement.test, "`while`");
  const start = c.flow;
  assume(c, statement.test, true);
  c.context.loops.push(loop);
  c.blockEffect(statement.body);
  c.context.loops.pop();
  c.flow = start;
  if (!loop.broken) {
    assume(c, statement.test, false);
    if (constantOf(statement.test, isBuiltinName(c)) === true) c.flow = { ...c.flow, reachable: false };
  }
}
function checkReturn(c, statement) {
  const { context } = c;
  if (context.node === null) {
    c.report(
      "PGL4012",
      statement,
      "There is no function to return from.",
      "The value of a block is its last expression."
    );
    if (statement.value) c.infer(statement.value);
    c.flow = { ...c.flow, reachable: false };
    return;
  }
  if (context.kind === "proposal") {
    if (statement.value) {
      c.infer(statement.value);
      c.report("PGL3011", statement.value, "A proposal returns nothing: it only draws.", "Write `return` alone.");
    }
  } else if (statement.value === void 0) {
    if (context.declared && context.result !== void 0 && !assignable(UNIT, context.result)) {
      c.report(
        "PGL3011",
        statement,
        `${context.name} must return ${a(context.result)}.`,
        "Write a value after `return`."
      );
    } else {
      context.returned = joinBranches(c, context.returned, UNIT, statement, "branch");
    }
  } else {
    const type = c.infer(statement.value, context.result);
    if (context.declared && context.result !== void 0) {
      if (!assignable(type, context.result))
        reportMismatch(c, statement.value, type, context.result, "PGL3011", "What is returned");
    } else {
      context.returned = joinBranches(c, context.returned, type, statement.value, "branch");
    }
  }
  c.flow = { ...c.flow, reachable: false };
}

// ../compiler/src/types/expressions.ts
function inferExpression(c, expression, hint) {
  switch (expression.kind) {
    case "NumberLiteral":
      return expression.integer ? INT : FLOAT;
    case "BooleanLiteral":
      return BOOL;
    case "StringLiteral":
      return hint !== void 0 && literalsOf(hint).has(expression.value) ? literal(expression.value) : STRING;
    case "NoneLiteral":
      return NONE;
    case "EosLiteral":
      return TOKEN;
    case "TemplateLiteral":
      for (const part of expression.expressions) warnShown(c, part, c.infer(part));
      return STRING;
    case "Identifier":
      return inferName(c, expression, hint);
    case "ListExpression":
      return inferList(c, expression, hint);
    case "TupleExpression": {
      const wanted = pick(hint, "tuple");
      return tuple(expression.elements.map((element, i) => valueOf(c, element, wanted?.elements[i])));
    }
    case "RecordExpression":
      return inferRecord(c, expression, hint);
    case "MapExpression":
      return inferMap(c, expression, hint);
    case "UnaryExpression":
      return inferUnary(c, expression);
    case "BinaryExpression":
      return inferBinary(c, expression, hint);
    case "RangeExpression":
      return inferRange(c, expression);
    case "MatchesExpression":
      checkMatches(c, expression.value, expression.constraint);
      return BOOL;
    case "CallExpression":
      return inferCall(c, expression, hint);
    case "MemberExpression":
      return inferMember(c, expression);
    case "IndexExpression":
      return inferIndex(c, expression);
    case "LambdaExpression":
      return inferLambda(c, expression, hint);
    case "IfExpression":
      return inferIf(c, expression, hint, true);
    case "MatchExpression":
      return inferMatch(c, expression, hint, true);
    case "BlockExpression":
      return c.blockValue(expression.block, hint);
    case "SampleExpression": {
      const { element, type } = drawnFrom(c, expression.distribution, hint);
      if (expression.proposal) checkInlineProposal(c, expression.proposal, element);
      c.perform("generative", expression, "`sample`");
      c.summary.draws.set(expression, {
        node: expression,
        name: void 0,
        element,
        domain: domainOf(type)
      });
      return element;
    }
    case "MissingExpression":
      return ERROR;
    case "InferExpression": {
      const type = inferInfer(c, expression);
      c.perform("async", expression, "`infer`");
      return type;
    }
  }
}
function pick(hint, kind2) {
  if (hint === void 0) return void 0;
  const found = membersOf(hint).filter((member) => member.kind === kind2);
  return found.length === 1 ? found[0] : void 0;
}
function valueOf(c, expression, hint) {
  const type = c.infer(expression, hint);
  if (type.kind !== "unit") return type;
  c.report(
    "PGL3001",
    expression,
    "This gives no value to keep.",
    "The function or block gives no value; end it with one, or `return` it."
  );
  return ERROR;
}
function warnShown(c, part, type) {
  if (type.kind === "dist" || type.kind === "posterior") {
    c.report(
      "PGL5007",
      part,
      "This writes the distribution itself into the text, not a value drawn from it.",
      "Draw first: `let x ~ \u2026`."
    );
  } else if (type.kind === "unit" || type.kind === "function" || type.kind === "lm") {
    c.report(
      "PGL3002",
      part,
      `${type.kind === "unit" ? "This gives no value" : a(type)}${type.kind === "unit" ? "" : " has no text"} to write into the string.`,
      {
        hint: type.kind === "function" ? "This is a function: call it." : void 0
      }
    );
  }
}
function inferName(c, name, hint) {
  const binding = c.binding(name);
  switch (binding.kind) {
    case "missing":
      return ERROR;
    case "builtin": {
      const builtin = builtinByName.get(binding.name);
      return builtin.constant ? FLOAT : builtinValue(c, name, builtin, hint);
    }
    case "local": {
      const path = pathOf(c, name);
      return c.flow.narrowed.get(path) ?? c.localTypes.get(binding) ?? ERROR;
    }
    case "unit": {
      if (binding.index >= 0) c.summary.callees.add(binding.declaration);
      const path = pathOf(c, name);
      return (path === void 0 ? void 0 : c.flow.narrowed.get(path)) ?? c.unitType(binding, name);
    }
    case "host": {
      const found = binding.export;
      if (found === void 0) return ERROR;
      if (found.overloads.length > 0 || found.generic) {
        c.report(
          "PGL3026",
          name,
          `\`${name.name}\` can be called in several ways, and is no value by itself.`,
          `Write a lambda: \`x => ${name.name}(x)\`.`
        );
        return ERROR;
      }
      return found.type;
    }
    case "imported":
      return binding.symbol === void 0 ? ERROR : symbolValue(c, name, binding.symbol);
  }
}
function symbolValue(c, name, symbol) {
  switch (symbol.kind) {
    case "const":
      return symbol.type;
    case "function":
    case "model":
      c.summary.callees.add(symbol.declaration);
      return symbol.type;
    case "lm":
      return LM;
    case "imported":
      return symbolValue(c, name, symbol.symbol);
    case "host":
      return symbol.type;
    case "type":
    case "proposal":
      c.report("PGL2015", name, `\`${name.name}\` is a ${symbol.kind}, not a value.`);
      return ERROR;
    case "builtin":
    case "local":
      return ERROR;
  }
}
function builtinValue(c, name, builtin, hint) {
  const wanted = pick(hint, "function");
  const isPlain = builtin.effect === "pure" && builtin.domain === void 0 && builtin.domains === void 0;
  const usable = isPlain ? builtin.signatures.map((signature) => instantiate(signature)).filter(({ parameters, unknowns: unknowns2 }) => {
    if (wanted === void 0) return builtin.signatures.length === 1;
    const required = parameters.filter((p) => !p.optional).length;
    return wanted.parameters.length >= required && wanted.parameters.length <= parameters.length && unknowns2.try(
      () => wanted.parameters.every(
        (p, i) => p.type.kind === "variable" || assignable(p.type, parameters[i].type, unknowns2)
      )
    );
  }) : [];
  const chosen = usable[0];
  if (chosen === void 0 || wanted === void 0 && instantiated(chosen.unknowns.finish(chosen.result))) {
    c.report(
      "PGL3026",
      name,
      `The built-in \`${name.name}\` cannot be passed on here as it is.`,
      `Write a lambda: \`x => ${name.name}(x)\`.`
    );
    return ERROR;
  }
  const { unknowns } = chosen;
  const count3 = wanted?.parameters.length ?? chosen.parameters.length;
  return functionType(
    chosen.parameters.slice(0, count3).map((p) => ({ ...p, type: unknowns.finish(p.type), optional: false })),
    unknowns.finish(chosen.result),
    "pure"
  );
}
var instantiated = (type) => type.kind === "never";
function inferCall(c, call, hint) {
  const { callee } = call;
  if (callee.kind === "MemberExpression") return inferMemberCall(c, call, callee, hint);
  if (callee.kind !== "Identifier") return callValue(c, call, c.infer(callee), "This", hint);
  const binding = c.binding(callee);
  const name = `\`${callee.name}\``;
  switch (binding.kind) {
    case "builtin": {
      const builtin = builtinByName.get(binding.name);
      if (builtin.constant) return callValue(c, call, c.infer(callee), name, hint);
      return callBuiltin(c, call, builtin, given(call.arguments), hint);
    }
    case "unit": {
      const { declaration } = binding;
      if (declaration.kind !== "FunctionDeclaration" && declaration.kind !== "ModelDeclaration") {
        return callValue(c, call, c.infer(callee), name, hint);
      }
      const type = c.infer(callee);
      if (type.kind !== "function") {
        for (const { value } of call.arguments) c.infer(value);
        return ERROR;
      }
      return callKnown(
        c,
        call,
        { name: callee.name, parameters: type.parameters, result: type.result },
        c.unitEffect(binding),
        given(call.arguments),
        callee,
        hint,
        describe(declaration)
      );
    }
    case "host": {
      const found = binding.export;
      if (found?.type.kind !== "function") return callValue(c, call, c.infer(callee), name, hint);
      c.types.set(callee, found.type);
      return callHost(
        c,
        call,
        callee.name,
        [found.type, ...found.overloads],
        found.generic,
        found.effect,
        callee,
        hint
      );
    }
    case "imported": {
      const type = c.infer(callee);
      const symbol = binding.symbol;
      const fn = symbol && functionOfSymbol(symbol);
      if (fn === void 0 || symbol === void 0) return callValue(c, call, type, name, hint);
      const effect = symbol.kind === "model" ? "generative" : symbol.kind === "function" || symbol.kind === "host" ? symbol.effect : "pure";
      return callKnown(
        c,
        call,
        { name: callee.name, parameters: fn.parameters, result: fn.result },
        effect,
        given(call.arguments),
        callee,
        hint,
        symbol.kind === "model" ? `the model ${name}` : name
      );
    }
    default:
      return callValue(c, call, c.infer(callee), name, hint);
  }
}
var describe = (declaration) => declaration.kind === "ModelDeclaration" ? `the model \`${declaration.name.name}\`` : `\`${declaration.name.name}\``;
function inferMemberCall(c, call, callee, hint) {
  const type = c.infer(callee.object);
  const { name } = callee.property;
  const skip = () => {
    for (const { value } of call.arguments) if (value.kind !== "LambdaExpression") c.infer(value);
    return ERROR;
  };
  if (type.kind === "error" || name === "") return skip();
  const field = type.kind === "record" || type.kind === "union" ? fieldOf(type, name) : void 0;
  if (field !== void 0) return callValue(c, call, c.infer(callee), `\`${name}\``, hint);
  if (type.kind === "lm") {
    if (languageModelMember.has(name)) return callLanguageModel(c, call, callee.property, hint);
    reportUnknownMember(c, callee, type);
    return skip();
  }
  const builtin = builtinByName.get(name);
  if (builtin === void 0 || builtin.constant) {
    const own = fieldOf(withoutNone(type), name);
    if (own === void 0 && c.resolution.units.some(
      (u) => u.name === name && (u.declaration.kind === "FunctionDeclaration" || u.declaration.kind === "ModelDeclaration")
    )) {
      c.report(
        "PGL2007",
        callee.property,
        `${a(type)} has no \`${name}\`.`,
        `\`${name}\` is a function of this module: write \`${name}(x, \u2026)\`.`
      );
    } else {
      reportUnknownMember(c, callee, type);
    }
    return skip();
  }
  c.methodCalls.set(call, name);
  return callBuiltin(c, call, builtin, given(call.arguments, callee.object), hint);
}
function inferList(c, expression, hint) {
  const wanted = pick(hint, "list")?.element;
  if (expression.elements.length === 0)
    return list(wanted !== void 0 && wanted.kind !== "variable" ? wanted : NEVER);
  const types = expression.elements.map((element) => valueOf(c, element, wanted));
  return list(joinAll(c, types, expression.elements, wanted, "The elements of a list"));
}
function joinAll(c, types, nodes, wanted, what) {
  const wish = wanted && mapType(wanted, (part) => part.kind === "variable" ? ERROR : void 0);
  let joined2 = NEVER;
  for (let i = 0; i < types.length; i++) {
    const next = join(joined2, types[i]);
    if (next === void 0) {
      if (wish !== void 0 && wish.kind === "union" && types.every((type) => assignable(type, wish))) return wish;
      if (wish === void 0 || wish.kind === "error" || types.every((type) => assignable(type, wish))) {
        c.report(
          "PGL3007",
          nodes[i],
          `${what} must go together: this is ${a(types[i])}, those before are ${a(joined2)}.`,
          {
            hint: "Where a mixture is meant, write its type: `let xs: list<int | string> = \u2026`."
          }
        );
        return ERROR;
      }
      const culprit = types.findIndex((type) => !assignable(type, wish));
      c.report("PGL3007", nodes[culprit], `${what} must be ${a(wish)} here; this is ${a(types[culprit])}.`);
      return ERROR;
    }
    joined2 = next;
  }
  return joined2;
}
function inferRecord(c, expression, hint) {
  const wanted = hint && recordHint(expression, hint);
  const fields = /* @__PURE__ */ new Map();
  const own = /* @__PURE__ */ new Set();
  let broken = false;
  for (const field of expression.fields) {
    if (field.kind === "Spread") {
      const type = c.infer(field.value, hint);
      if (type.kind === "record") for (const [name2, info] of type.fields) fields.set(name2, info);
      else if (type.kind === "error" || type.kind === "never") broken = true;
      else {
        c.report("PGL3001", field.value, `\`...\` takes a record, not ${a(type)}.`, {
          hint: mayBeNone(type) ? "It may be `none`: test it before." : void 0
        });
        broken = true;
      }
      continue;
    }
    const { name } = field.name;
    if (own.has(name))
      c.report("PGL3027", field.name, `The field \`${name}\` is given twice.`, "Leave one of them away.");
    own.add(name);
    fields.set(name, { type: valueOf(c, field.value, wanted?.fields.get(name)?.type), optional: false });
  }
  return broken ? ERROR : { kind: "record", fields };
}
function recordHint(expression, hint) {
  const records = membersOf(hint).filter((m) => m.kind === "record");
  if (records.length <= 1) return records[0];
  return records.find(
    (candidate) => expression.fields.every((field) => {
      if (field.kind === "Spread") return true;
      const wanted = candidate.fields.get(field.name.name);
      if (wanted === void 0) return false;
      return field.value.kind !== "StringLiteral" || literalsOf(wanted.type).size === 0 || literalsOf(wanted.type).has(field.value.value);
    })
  );
}
function inferMap(c, expression, hint) {
  const wanted = pick(hint, "map");
  const known2 = (type) => type?.kind === "variable" ? void 0 : type;
  if (expression.entries.length === 0) return map(known2(wanted?.key) ?? NEVER, known2(wanted?.value) ?? NEVER);
  const keys2 = expression.entries.map(({ key }) => valueOf(c, key, wanted?.key));
  const values = expression.entries.map(({ value }) => valueOf(c, value, wanted?.value));
  return map(
    joinAll(
      c,
      keys2,
      expression.entries.map((e) => e.key),
      wanted?.key,
      "The keys of a map"
    ),
    joinAll(
      c,
      values,
      expression.entries.map((e) => e.value),
      wanted?.value,
      "The values of a map"
    )
  );
}
function inferIf(c, expression, hint, value) {
  checkTruth(c, expression.test, "`if`");
  const start = c.flow;
  const branch = (block) => {
    if (value) return c.blockValue(block, hint);
    c.blockEffect(block);
    return UNIT;
  };
  assume(c, expression.test, true);
  const then = branch(expression.then);
  const afterThen = c.flow;
  c.flow = start;
  assume(c, expression.test, false);
  let result = UNIT;
  if (expression.else === void 0) {
    if (value && then.kind !== "unit" && then.kind !== "never" && then.kind !== "error") {
      c.report(
        "PGL3024",
        { span: { start: expression.span.start, end: expression.test.span.end } },
        "The value of this `if` is used, and it has none when the test fails.",
        "Add `else { \u2026 }`."
      );
      result = ERROR;
    }
  } else if (expression.else.kind === "Block") {
    const other = branch(expression.else);
    result = value ? joinBranches(c, then, other, expression.else.result ?? expression.else, "branch") : UNIT;
  } else {
    const other = inferIf(c, expression.else, hint, value);
    c.types.set(expression.else, other);
    result = value ? joinBranches(c, then, other, expression.else, "branch") : UNIT;
  }
  c.flow = joinFlows(afterThen, c.flow);
  return result;
}
function inferLambda(c, expression, hint) {
  const wanted = pick(hint, "function");
  const parameters = expression.parameters.map((parameter, i) => {
    const fromPlace = wanted?.parameters[i]?.type;
    let type2;
    if (parameter.type) type2 = c.typeNode(parameter.type);
    else if (fromPlace !== void 0 && fromPlace.kind !== "variable") type2 = fromPlace;
    else if (fromPlace !== void 0) type2 = NEVER;
    else {
      if (wanted === void 0 || i < wanted.parameters.length) {
        c.report(
          "PGL3013",
          parameter,
          `The type of \`${parameter.name.name}\` cannot be told from here.`,
          `Write it: \`(${parameter.name.name}: T) => \u2026\`.`
        );
      }
      type2 = ERROR;
    }
    if (parameter.defaultValue)
      c.check(parameter.defaultValue, type2, "PGL3001", `The default of \`${parameter.name.name}\``);
    return { name: parameter.name.name, type: type2, optional: parameter.defaultValue !== void 0 };
  });
  const result = wanted?.result.kind === "variable" ? void 0 : wanted?.result;
  const start = c.flow;
  const { reachable: reachable2 } = start;
  c.flow = { reachable: true, narrowed: start.narrowed };
  const type = c.within(
    { kind: "lambda", name: "the lambda", node: expression, result, declared: false },
    (context) => {
      expression.parameters.forEach((parameter, i) => c.declareLocal(parameter.name, parameters[i].type));
      const value = bodyType(c, expression.body);
      c.effects.set(expression, context.effect);
      return functionType(parameters, value, context.effect);
    }
  );
  c.flow = { reachable: reachable2, narrowed: start.narrowed };
  return type;
}
var isStatementLike = (expression) => {
  let at2 = expression;
  while (at2?.kind === "IfExpression") at2 = at2.else;
  return at2 === void 0;
};
function bodyType(c, body) {
  const { context } = c;
  const unit2 = context.result?.kind === "unit" && (context.declared || context.kind === "lambda");
  let last = UNIT;
  let lastNode;
  if (body.result !== void 0 && !unit2 && context.kind !== "proposal" && !isStatementLike(body.result)) {
    lastNode = body.result;
    last = c.blockValue(body, context.result);
  } else {
    c.blockEffect(body);
  }
  const { result, declared, returned } = context;
  const ends = c.flow.reachable && last.kind !== "never";
  if (declared && result !== void 0 && context.kind !== "lambda") {
    if (!ends) return result;
    if (last.kind === "unit") {
      if (!unit2 && !assignable(UNIT, result)) reportMissing(c, body, result);
    } else if (!assignable(last, result)) {
      reportMismatch(c, lastNode, last, result, "PGL3011", "What is returned");
    }
    return result;
  }
  if (!ends) return returned ?? NEVER;
  if (returned === void 0) return last;
  if (last.kind === "unit" && returned.kind !== "unit" && returned.kind !== "error") {
    reportMissing(c, body, returned);
    return returned;
  }
  return joinBranches(c, returned, last, lastNode ?? body, "branch");
}
function reportMissing(c, body, wanted) {
  const lastStatement = body.result ?? body.statements.at(-1);
  const at2 = lastStatement === void 0 ? body.span : { start: body.span.end - 1, end: body.span.end };
  c.report("PGL3010", { span: at2 }, `${c.context.name} can end here without returning ${a(wanted)}.`, {
    hint: 'Return a value on every path, or `fail("\u2026")` where there is none.',
    related: [{ span: { start: body.span.start, end: body.span.start + 1 }, message: "the body begins here" }]
  });
}
function discardExpression(c, expression) {
  switch (expression.kind) {
    case "IfExpression":
      inferIf(c, expression, void 0, false);
      c.types.set(expression, UNIT);
      return;
    case "MatchExpression":
      inferMatch(c, expression, void 0, false);
      c.types.set(expression, UNIT);
      return;
    case "BlockExpression":
      c.blockEffect(expression.block);
      c.types.set(expression, UNIT);
      return;
  }
  const before = c.context.effect;
  c.context.effect = "pure";
  const type = c.infer(expression);
  const effect = c.context.effect;
  if (before !== "pure" && effect !== "generative") c.context.effect = before;
  if (type.kind === "error" || type.kind === "unit" || type.kind === "never") return;
  if ((type.kind === "dist" || type.kind === "posterior") && expression.kind !== "InferExpression") {
    c.report(
      "PGL5007",
      expression,
      "This makes a distribution and throws it away.",
      "To draw from it, write `let x ~ \u2026`; to condition on a value, `observe v ~ \u2026`."
    );
    return;
  }
  if (effect !== "pure" || callsHost(c, expression)) return;
  c.report("PGL5008", expression, "This has no effect, and its value is thrown away.", {
    hint: type.kind === "bool" ? "To condition on it, write `condition`." : type.kind === "list" || type.kind === "map" ? "Values do not change: keep the new one, `xs = push(xs, x)`." : "Keep it with `let`, or `return` it."
  });
}
function callsHost(c, expression) {
  if (expression.kind !== "CallExpression") return false;
  const { callee } = expression;
  if (callee.kind === "MemberExpression") return !c.methodCalls.has(expression);
  if (callee.kind !== "Identifier") return true;
  const binding = c.binding(callee);
  return binding.kind === "host" || binding.kind === "local" || binding.kind === "imported" && binding.symbol?.kind === "host";
}

// ../compiler/src/types/order.ts
function inOrder(units) {
  const groups = [];
  const index = /* @__PURE__ */ new Map();
  const low = /* @__PURE__ */ new Map();
  const onStack = /* @__PURE__ */ new Set();
  const stack = [];
  const enter = (unit2) => {
    index.set(unit2, index.size);
    low.set(unit2, index.get(unit2));
    stack.push(unit2);
    onStack.add(unit2);
    return { unit: unit2, next: unit2.references.values() };
  };
  for (const root of units) {
    if (index.has(root)) continue;
    const work = [enter(root)];
    while (work.length > 0) {
      const { unit: unit2, next } = work[work.length - 1];
      const step = next.next();
      if (!step.done) {
        const other = step.value;
        if (!index.has(other)) work.push(enter(other));
        else if (onStack.has(other)) low.set(unit2, Math.min(low.get(unit2), index.get(other)));
        continue;
      }
      work.pop();
      const parent = work[work.length - 1];
      if (parent !== void 0) low.set(parent.unit, Math.min(low.get(parent.unit), low.get(unit2)));
      if (low.get(unit2) !== index.get(unit2)) continue;
      const group = [];
      let member;
      do {
        member = stack.pop();
        onStack.delete(member);
        group.push(member);
      } while (member !== unit2);
      groups.push(group.reverse());
    }
  }
  return groups;
}

// ../compiler/src/types/type-nodes.ts
var TypeReader = class {
  constructor(c) {
    this.c = c;
  }
  c;
  aliases = /* @__PURE__ */ new Map();
  read(node) {
    const known2 = this.c.typeNodes.get(node);
    if (known2 !== void 0) return known2;
    const type = this.make(node);
    this.c.typeNodes.set(node, type);
    return type;
  }
  alias(unit2) {
    const declaration = unit2.declaration;
    const known2 = this.aliases.get(unit2);
    if (known2 === "open") {
      this.c.report("PGL3028", declaration.name, `\`${unit2.name}\` contains itself.`, {
        hint: "Types with themselves inside are not supported: keep nested data in a list with indices, or as text."
      });
      this.aliases.set(unit2, ERROR);
      return ERROR;
    }
    if (known2 !== void 0) return known2;
    this.aliases.set(unit2, "open");
    const type = this.read(declaration.type);
    const result = this.aliases.get(unit2) === ERROR ? ERROR : type;
    if (declaration.type.kind !== "NamedType") nameType(result, unit2.name);
    this.aliases.set(unit2, result);
    return result;
  }
  make(node) {
    switch (node.kind) {
      case "NamedType":
        return this.named(node);
      case "RecordType": {
        const fields = /* @__PURE__ */ new Map();
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
            optional: false
          })),
          this.read(node.result),
          node.generative ? "generative" : "async"
        );
      case "UnionType":
        return union(node.members.map((member) => this.read(member)));
      case "OptionalType":
        return optional(this.read(node.type));
      case "StringLiteralType":
        return literal(node.value);
    }
  }
  named(node) {
    const { name } = node.name;
    const wanted = typeNames.get(name) ?? 0;
    const args = node.arguments.map((argument) => this.read(argument));
    if (args.length !== wanted && name !== "") {
      const written2 = wanted === 0 ? name : wanted === 1 ? `${name}<T>` : `${name}<K, V>`;
      this.c.report(
        "PGL3023",
        node,
        `\`${name}\` takes ${wanted === 0 ? "no type" : wanted === 1 ? "one type" : "two types"} in angle brackets.`,
        `Write \`${written2}\`.`
      );
      if (args.length < wanted) return ERROR;
    }
    switch (name) {
      case "list":
        return list(args[0]);
      case "map":
        return map(args[0], args[1]);
      case "dist":
        return dist(args[0]);
      case "posterior":
        return posterior(args[0]);
      case "int":
      case "float":
      case "bool":
      case "string":
      case "token":
      case "context":
      case "unit":
      case "none":
      case "lm":
        return { kind: name };
    }
    const binding = this.c.binding(node.name);
    if (binding.kind === "unit" && binding.declaration.kind === "TypeDeclaration") return this.alias(binding);
    if (binding.kind === "imported" && binding.symbol?.kind === "type") return binding.symbol.type;
    if (binding.kind === "missing" || isBroken(binding)) return ERROR;
    this.c.report("PGL2015", node.name, `\`${name}\` is not a type.`);
    return ERROR;
  }
};
var isBroken = (binding) => binding.kind === "imported" && binding.symbol === void 0;

// ../compiler/src/types/module-checker.ts
function checkModule(input) {
  return new ModuleChecker(input).run();
}
var MAX_ROUNDS = 12;
var MAX_RETRIES = 200;
var ModuleChecker = class {
  constructor(input) {
    this.input = input;
    this.file = input.file;
    this.reporter = input.reporter;
    this.suggester = input.suggester;
    this.resolution = input.resolution;
    this.summaries = input.summaries;
    this.proposalTargets = input.proposalTargets;
    this.summary = newSummary(input.file, "");
    this.typeReader = new TypeReader(this);
  }
  input;
  file;
  reporter;
  suggester;
  resolution;
  summaries;
  proposalTargets;
  types = /* @__PURE__ */ new Map();
  typeNodes = /* @__PURE__ */ new Map();
  effects = /* @__PURE__ */ new Map();
  calls = /* @__PURE__ */ new Map();
  methodCalls = /* @__PURE__ */ new Map();
  localTypes = /* @__PURE__ */ new Map();
  annotated = /* @__PURE__ */ new Set();
  deferred = /* @__PURE__ */ new Map();
  summary;
  flow = START;
  context;
  dirty = false;
  retries = 0;
  widened = /* @__PURE__ */ new Map();
  parameters = /* @__PURE__ */ new Map();
  results = /* @__PURE__ */ new Map();
  constants = /* @__PURE__ */ new Map();
  unitEffects = /* @__PURE__ */ new Map();
  typeReader;
  run() {
    const { units, queries } = this.resolution;
    for (const { declaration } of units)
      if (declaration.kind === "TypeDeclaration") this.typeReader.alias(this.resolution.unitOf.get(declaration));
    for (const unit2 of units) this.signature(unit2);
    for (const group of inOrder(units)) this.group(group);
    this.checkConstantOrder();
    for (const query of queries) this.query(query);
    this.checkQueryNames(queries);
    for (const run of this.deferred.values()) run();
    return this.result();
  }
  // --------------------------------------------------------------------------------------------------- declarations
  signature(unit2) {
    const { declaration } = unit2;
    if (declaration.kind !== "FunctionDeclaration" && declaration.kind !== "ModelDeclaration" && declaration.kind !== "ProposalDeclaration") {
      return;
    }
    if (declaration.kind === "ProposalDeclaration") {
      const model = modelOf(this, declaration.target);
      if (model !== void 0) this.proposalTargets.set(declaration, model);
    }
    this.readParameters(declaration);
    if (declaration.kind !== "ProposalDeclaration" && declaration.result) {
      this.results.set(unit2, this.typeNode(declaration.result));
    }
    this.unitEffects.set(unit2, declaration.kind === "FunctionDeclaration" ? "pure" : "generative");
  }
  readParameters(declaration) {
    let last;
    const read = declaration.parameters.map((parameter) => {
      let type = parameter.type && this.typeNode(parameter.type);
      if (type === void 0) {
        this.report(
          "PGL3013",
          parameter,
          `The type of \`${parameter.name.name}\` must be written.`,
          `Write \`${parameter.name.name}: string\`, or what it is.`
        );
        type = ERROR;
      }
      if (parameter.defaultValue === void 0 && last?.defaultValue !== void 0) {
        this.report(
          "PGL3003",
          parameter,
          `\`${parameter.name.name}\` comes after a parameter with a default, and needs one too.`,
          "Put parameters with defaults last."
        );
      }
      last = parameter;
      return { name: parameter.name.name, type, optional: parameter.defaultValue !== void 0 };
    });
    this.parameters.set(declaration, read);
  }
  /** Checks declarations that refer to each other, again while effects or the types of variables grow. */
  group(group) {
    const mark = this.reporter.mark();
    for (let round = 0; ; round++) {
      this.dirty = false;
      for (const unit2 of group) this.forgetInferred(unit2);
      for (const unit2 of group) this.unit(unit2);
      if (!this.dirty || round >= MAX_ROUNDS) return;
      this.reporter.rollback(mark);
    }
  }
  /** A result that is not written is found anew each time: what was found before must not hide recursion. */
  forgetInferred({ declaration }) {
    if ((declaration.kind === "FunctionDeclaration" || declaration.kind === "ModelDeclaration") && !declaration.result) {
      this.results.delete(this.resolution.unitOf.get(declaration));
    }
  }
  unit(unit2) {
    const { declaration } = unit2;
    this.summary = newSummary(this.file, unit2.name);
    this.flow = START;
    this.retries = MAX_RETRIES;
    switch (declaration.kind) {
      case "LmDeclaration":
      case "TypeDeclaration":
        return;
      case "ConstDeclaration": {
        const wanted = declaration.type && this.typeNode(declaration.type);
        const type = this.within(
          { kind: "const", name: `\`const ${unit2.name}\``, node: null, result: wanted, declared: false },
          () => wanted === void 0 ? this.infer(declaration.value) : this.check1(declaration.value, wanted, `\`${unit2.name}\``)
        );
        if (type.kind === "unit") this.report("PGL3001", declaration.value, "This gives no value to keep.");
        this.constants.set(unit2, type.kind === "unit" ? ERROR : type);
        this.types.set(declaration.name, this.constants.get(unit2));
        break;
      }
      case "FunctionDeclaration":
      case "ModelDeclaration":
      case "ProposalDeclaration":
        this.callable(unit2, declaration);
    }
    this.summaries.set(declaration, this.summary);
  }
  check1(expression, wanted, what) {
    this.check(expression, wanted, "PGL3001", what);
    return wanted;
  }
  callable(unit2, declaration) {
    const parameters = this.parameters.get(declaration);
    this.defaults(declaration, parameters);
    const declared = this.results.get(unit2);
    const isDeclared = declaration.kind !== "ProposalDeclaration" && declaration.result !== void 0;
    const word = declaration.kind === "FunctionDeclaration" ? "fn" : declaration.kind === "ModelDeclaration" ? "model" : "proposal";
    const { type, effect } = this.within(
      {
        kind: word,
        name: `\`${word} ${unit2.name}\``,
        node: declaration,
        result: isDeclared ? declared : void 0,
        declared: isDeclared
      },
      (context) => {
        declaration.parameters.forEach((parameter, i) => this.declareLocal(parameter.name, parameters[i].type));
        return { type: bodyType(this, declaration.body), effect: context.effect };
      }
    );
    if (declaration.kind === "ProposalDeclaration") {
      this.proposal(declaration, parameters);
      this.effects.set(declaration, "generative");
      this.types.set(declaration.name, functionType(parameters, UNIT, "generative"));
      return;
    }
    if (!isDeclared) this.results.set(unit2, type);
    if (declaration.kind === "FunctionDeclaration") {
      const own = effect === "generative" ? "async" : effect;
      const before = this.unitEffects.get(unit2) ?? "pure";
      if (!allows(before, own)) {
        this.unitEffects.set(unit2, own);
        this.dirty = true;
      }
    }
    const total = this.unitEffects.get(unit2);
    this.effects.set(declaration, total);
    this.types.set(declaration.name, functionType(parameters, this.results.get(unit2), total));
  }
  defaults(declaration, parameters) {
    declaration.parameters.forEach((parameter, i) => {
      if (!parameter.defaultValue) return;
      this.within(
        {
          kind: "default",
          name: `the default of \`${parameter.name.name}\``,
          node: null,
          result: void 0,
          declared: false
        },
        () => this.check(
          parameter.defaultValue,
          parameters[i].type,
          "PGL3001",
          `The default of \`${parameter.name.name}\``
        )
      );
    });
  }
  localFunction(declaration) {
    const unit2 = this.resolution.unitOf.get(declaration);
    if (!this.parameters.has(declaration)) this.signature(unit2);
    this.forgetInferred(unit2);
    const { flow } = this;
    this.flow = { reachable: true, narrowed: flow.narrowed };
    this.callable(unit2, declaration);
    this.flow = flow;
  }
  proposal(declaration, parameters) {
    const model = this.proposalTargets.get(declaration);
    if (model === void 0) {
      reportNotModel(this, declaration.target, "`proposal \u2026 for`");
      return;
    }
    const target = this.binding(declaration.target);
    const type = target.kind === "unit" ? this.unitType(target, declaration.target) : target.kind === "imported" && target.symbol?.kind === "model" ? target.symbol.type : ERROR;
    if (type.kind === "function" && parameters.length > 0) {
      const same = type.parameters.length === parameters.length && type.parameters.every((p, i) => p.name === parameters[i].name && assignable(p.type, parameters[i].type));
      if (!same) {
        this.report(
          "PGL4008",
          declaration.name,
          `The parameters of \`${declaration.name.name}\` are not those of \`${model.name.name}\`.`,
          {
            hint: `Write \`(${model.parameters.map((p) => `${p.name.name}: \u2026`).join(", ")})\` with the same types, or none.`
          }
        );
      }
    }
    const { summary: summary2 } = this;
    this.deferred.set(declaration, () => checkProposalDraws(this, declaration, summary2, model));
  }
  query(query) {
    this.summary = newSummary(this.file, "");
    this.flow = START;
    this.retries = MAX_RETRIES;
    const mark = this.reporter.mark();
    for (let round = 0; ; round++) {
      this.dirty = false;
      this.within(
        { kind: "query", name: "the arguments of a query", node: null, result: void 0, declared: false },
        () => this.types.set(query.infer, inferInfer(this, query.infer))
      );
      if (!this.dirty || round >= MAX_ROUNDS) return;
      this.reporter.rollback(mark);
    }
  }
  /** A query is asked for by its name. */
  checkQueryNames(queries) {
    const seen = /* @__PURE__ */ new Map();
    for (const { name } of queries) {
      if (name === void 0 || name.name === "") continue;
      const first = seen.get(name.name);
      if (first === void 0) seen.set(name.name, name);
      else {
        this.report("PGL2002", name, `There are two queries called \`${name.name}\`.`, {
          hint: "Give one of the two another name.",
          related: [{ span: first.span, message: "the first is here" }]
        });
      }
    }
  }
  /** Constants are computed from top to bottom: one can use those above, and functions that use only those above. */
  checkConstantOrder() {
    const latest = /* @__PURE__ */ new Map();
    const isConstant = (unit2) => unit2.declaration.kind === "ConstDeclaration" || unit2.declaration.kind === "LmDeclaration";
    for (const group of inOrder(this.resolution.units)) {
      let last;
      for (const unit2 of group) {
        if (isConstant(unit2)) continue;
        for (const reference of unit2.references) {
          const through = isConstant(reference) ? reference : latest.get(reference);
          if (through !== void 0 && (last === void 0 || through.index > last.index)) last = through;
        }
      }
      for (const unit2 of group) if (last !== void 0 && !isConstant(unit2)) latest.set(unit2, last);
    }
    for (const unit2 of this.resolution.units) {
      if (unit2.declaration.kind !== "ConstDeclaration") continue;
      for (const reference of unit2.references) {
        const used = isConstant(reference) ? reference : latest.get(reference);
        if (used === void 0 || used.index < unit2.index) continue;
        const self = used === unit2;
        const via = used === reference ? "" : `, by way of \`${reference.name}\``;
        this.report(
          "PGL2014",
          unit2.declaration.name,
          self ? `\`${unit2.name}\` uses itself${via}.` : `\`${unit2.name}\` uses \`${used.name}\`, which is declared below it${via}.`,
          {
            hint: self ? "A constant must be computed from others." : `Move \`${used.name}\` above \`${unit2.name}\`.`,
            related: self ? [] : [{ span: used.declaration.name.span, message: `\`${used.name}\` is declared here` }]
          }
        );
        break;
      }
    }
  }
  // -------------------------------------------------------------------------------------------------------- Checking
  report(code, at2, message, extra) {
    this.reporter.report(code, at2, message, extra);
  }
  binding(identifier) {
    return this.resolution.bindings.get(identifier) ?? { kind: "missing", name: identifier.name };
  }
  unitType(unit2, at2) {
    const { declaration } = unit2;
    switch (declaration.kind) {
      case "LmDeclaration":
        return LM;
      case "ConstDeclaration":
        return this.constants.get(unit2) ?? (declaration.type ? this.typeNode(declaration.type) : ERROR);
      case "TypeDeclaration":
        this.report("PGL2015", at2, `\`${unit2.name}\` is a type, not a value.`);
        return ERROR;
      case "ProposalDeclaration":
        this.report(
          "PGL2015",
          at2,
          `\`${unit2.name}\` is a proposal, not a value.`,
          "It goes after `proposal:` in the options of a method."
        );
        return ERROR;
      case "FunctionDeclaration":
      case "ModelDeclaration": {
        let result = this.results.get(unit2);
        if (result === void 0) {
          this.report(
            "PGL3012",
            declaration.name,
            `\`${unit2.name}\` calls itself: its result type must be written.`,
            `Write it after the parameters: \`${unit2.name}(\u2026): T\`.`
          );
          result = ERROR;
          this.results.set(unit2, result);
        }
        return functionType(this.parameters.get(declaration) ?? [], result, this.unitEffect(unit2));
      }
    }
  }
  unitEffect(unit2) {
    return this.unitEffects.get(unit2) ?? "pure";
  }
  infer(expression, hint) {
    const type = inferExpression(this, expression, hint);
    this.types.set(expression, type);
    return type;
  }
  check(expression, expected, code = "PGL3001", what = "This") {
    const type = this.infer(expression, expected);
    if (!assignable(type, expected)) reportMismatch(this, expression, type, expected, code, what);
    return type;
  }
  discard(expression) {
    discardExpression(this, expression);
  }
  blockValue(block, hint) {
    this.statements(block);
    if (block.result === void 0) return this.flow.reachable ? UNIT : { kind: "never" };
    const type = this.infer(block.result, hint);
    return this.flow.reachable || type.kind === "error" ? type : { kind: "never" };
  }
  blockEffect(block) {
    this.statements(block);
    if (block.result !== void 0) this.discard(block.result);
  }
  statements(block) {
    const { reachable: reachable2 } = this.flow;
    let warned = !reachable2;
    const warn = (at2) => {
      if (warned || this.flow.reachable) return;
      warned = true;
      this.report("PGL5003", at2, "This is never reached.", "Remove it, or what leaves the block before it.");
    };
    for (const statement of block.statements) {
      warn(statement);
      checkStatement(this, statement);
    }
    if (block.result !== void 0) warn(block.result);
  }
  typeNode(node) {
    return this.typeReader.read(node);
  }
  perform(effect, at2, what) {
    if (effect === "pure") return;
    const { context } = this;
    context.effect = bothEffects(context.effect, effect);
    switch (context.kind) {
      case "model":
      case "proposal":
      case "lambda":
        return;
      case "fn":
        if (effect !== "generative") return;
        this.report("PGL4001", at2, `${upperFirst(what)} draws or weighs, and ${context.name} is deterministic.`, {
          hint: context.node !== null && "name" in context.node ? `Declare it with \`model\` instead of \`fn\`.` : void 0
        });
        return;
      default:
        if (effect === "generative") {
          this.report(
            "PGL4001",
            at2,
            `${upperFirst(what)} draws or weighs, and ${context.name} must be deterministic.`,
            "Do it inside a `model`."
          );
        } else {
          this.report(
            "PGL4002",
            at2,
            `${upperFirst(what)} waits for the outside, and ${context.name} must be computed at once.`,
            "Do it inside a `fn` or `model`."
          );
        }
    }
  }
  within(context, body) {
    const outer = this.context;
    const own = { ...context, outer: outer ?? null, effect: "pure", returned: void 0, loops: [] };
    this.context = own;
    try {
      return body(own);
    } finally {
      this.context = outer;
    }
  }
  declareLocal(identifier, type) {
    const binding = this.binding(identifier);
    this.types.set(identifier, type);
    if (binding.kind !== "local") return;
    const wide2 = this.widened.get(binding);
    const own = wide2 === void 0 ? type : join(type, wide2) ?? type;
    this.types.set(identifier, own);
    this.localTypes.set(binding, own);
  }
  widen(local, type) {
    const current = this.localTypes.get(local) ?? ERROR;
    const joined2 = join(current, type);
    if (joined2 === void 0) return false;
    if (sameType(joined2, current) || joined2.kind === "error") return true;
    if (!mayWiden(current, joined2)) return assignable(type, current);
    this.widened.set(local, joined2);
    this.localTypes.set(local, joined2);
    this.dirty = true;
    return true;
  }
  // ---------------------------------------------------------------------------------------------------------- result
  result() {
    const symbols = /* @__PURE__ */ new Map();
    const made = /* @__PURE__ */ new Map();
    const symbolOf = (binding) => {
      if (!made.has(binding)) made.set(binding, this.makeSymbol(binding));
      return made.get(binding);
    };
    for (const [identifier, binding] of this.resolution.bindings) {
      const symbol = symbolOf(binding);
      if (symbol !== void 0) symbols.set(identifier, symbol);
    }
    const exports = /* @__PURE__ */ new Map();
    for (const unit2 of this.resolution.units) {
      const symbol = symbolOf(unit2);
      if (unit2.declaration.exported && symbol !== void 0) exports.set(unit2.name, symbol);
    }
    const { file, text, tree } = this.input;
    return {
      file,
      text,
      tree,
      symbols,
      types: this.types,
      typeNodes: this.typeNodes,
      effects: this.effects,
      calls: this.calls,
      methodCalls: this.methodCalls,
      exports
    };
  }
  makeSymbol(binding) {
    const { name } = binding;
    switch (binding.kind) {
      case "missing":
        return void 0;
      case "builtin":
        return { kind: "builtin", name };
      case "local":
        return {
          kind: "local",
          name,
          mutable: binding.mutable,
          declaration: binding.declaration,
          type: this.localTypes.get(binding) ?? ERROR
        };
      case "host":
        return {
          kind: "host",
          name,
          imported: binding.imported,
          module: binding.module,
          type: binding.export?.type ?? ERROR,
          effect: binding.export?.effect ?? "pure"
        };
      case "imported":
        return binding.symbol && { kind: "imported", name, module: binding.module, symbol: binding.symbol };
      case "unit":
        return this.unitSymbol(binding);
    }
  }
  unitSymbol(unit2) {
    const { name, declaration } = unit2;
    switch (declaration.kind) {
      case "LmDeclaration":
        return { kind: "lm", name, declaration };
      case "TypeDeclaration":
        return { kind: "type", name, declaration, type: this.typeReader.alias(unit2) };
      case "ConstDeclaration":
        return { kind: "const", name, declaration, type: this.constants.get(unit2) ?? ERROR };
      case "ProposalDeclaration":
        return { kind: "proposal", name, declaration, target: declaration.target.name };
      case "FunctionDeclaration":
        return {
          kind: "function",
          name,
          declaration,
          type: this.types.get(declaration.name) ?? ERROR,
          effect: this.unitEffect(unit2)
        };
      case "ModelDeclaration":
        return { kind: "model", name, declaration, type: this.types.get(declaration.name) ?? ERROR };
    }
  }
};
var upperFirst = (text) => text.charAt(0).toUpperCase() + text.slice(1);
function mayWiden(current, joined2) {
  if (current.kind === "none" || someType(current, (part) => part.kind === "never")) return true;
  const plain2 = (type) => mapType(
    withoutNone(type),
    (part) => part.kind === "int" ? FLOAT : part.kind === "dist" || part.kind === "posterior" ? { kind: "dist", element: plain2(part.element), domain: "unknown" } : void 0
  );
  return sameType(plain2(current), plain2(joined2));
}

// ../compiler/src/check.ts
async function check(host, entry) {
  return new ProgramCheck(host).run(host.resolve("", entry));
}
var ProgramCheck = class {
  constructor(host) {
    this.host = host;
  }
  host;
  modules = /* @__PURE__ */ new Map();
  diagnostics = [];
  hostModules = /* @__PURE__ */ new Set();
  summaries = /* @__PURE__ */ new Map();
  proposalTargets = /* @__PURE__ */ new Map();
  suggester = new Suggester();
  /** Modules whose imports are being checked, outermost first. */
  open = [];
  async run(entry) {
    const text = this.host.read(entry);
    if (text === void 0) {
      this.diagnostics.push({
        code: "PGL2003",
        severity: "error",
        file: entry,
        span: { start: 0, end: 0 },
        message: `There is no file \`${entry}\`.`,
        hint: this.fileHint(entry)
      });
    } else {
      await this.module(entry, text);
    }
    return {
      entry,
      modules: this.modules,
      diagnostics: this.diagnostics,
      hostModules: [...this.hostModules]
    };
  }
  async module(file, text) {
    this.open.push(file);
    const reporter = new Reporter();
    const { tree, diagnostics } = parse(text);
    const imports = await this.imports(file, tree, reporter);
    const resolution = resolve(tree, imports, reporter, this.suggester);
    const { summaries, proposalTargets, suggester } = this;
    this.modules.set(
      file,
      checkModule({ file, text, tree, resolution, reporter, suggester, summaries, proposalTargets })
    );
    this.open.pop();
    const all = [...diagnostics, ...withoutEchoes(reporter.diagnostics, diagnostics, tree)].sort(
      (a2, b) => a2.span.start - b.span.start
    );
    for (const diagnostic of all) this.diagnostics.push({ ...diagnostic, file });
  }
  // --------------------------------------------------------------------------------------------------------- imports
  async imports(file, tree, reporter) {
    const bindings = /* @__PURE__ */ new Map();
    for (const declaration of tree.declarations) {
      if (declaration.kind !== "ImportDeclaration" || declaration.source.value === "") continue;
      const found = declaration.source.value.endsWith(".pgl") ? await this.pglImport(file, declaration, reporter) : await this.hostImport(file, declaration, reporter);
      found?.forEach((binding, i) => bindings.set(declaration.specifiers[i], binding));
    }
    return bindings;
  }
  /** The bindings of an import's specifiers, in order; `undefined` when the module cannot be had. */
  async pglImport(file, declaration, reporter) {
    const path = this.host.resolve(file, declaration.source.value);
    if (this.open.includes(path)) {
      const circle = [...this.open.slice(this.open.indexOf(path)), path].map(baseName).join(" \u2192 ");
      reporter.report(
        "PGL2004",
        declaration.source,
        path === file ? "The module imports itself." : `These modules import each other: ${circle}.`,
        "Move what both need into a third module."
      );
      return void 0;
    }
    if (!this.modules.has(path)) {
      const text = this.host.read(path);
      if (text === void 0) {
        reporter.report("PGL2003", declaration.source, `There is no file \`${declaration.source.value}\` here.`, {
          hint: this.fileHint(path)
        });
        return void 0;
      }
      await this.module(path, text);
    }
    const module = this.modules.get(path);
    if (module === void 0) return void 0;
    return declaration.specifiers.map((specifier) => {
      const name = specifier.imported.name;
      const symbol = module.exports.get(name);
      if (symbol === void 0 && name !== "") {
        const declared = module.tree.declarations.some(
          (d) => d.kind !== "ImportDeclaration" && d.kind !== "QueryDeclaration" && d.name.name === name
        );
        reporter.report("PGL2005", specifier.imported, `\`${declaration.source.value}\` does not export \`${name}\`.`, {
          hint: declared ? `It is declared there: write \`export\` before it.` : this.suggester.hint(name, module.exports.keys())
        });
      }
      return {
        kind: "imported",
        name: specifier.local.name,
        declaration: specifier.local,
        module: path,
        symbol,
        reads: 0
      };
    });
  }
  async hostImport(file, declaration, reporter) {
    const specifier = declaration.source.value;
    const module = await readHostModule(this.host, file, specifier);
    if (module.kind === "missing") {
      const isPath = /^[./]/.test(specifier);
      reporter.report(
        "PGL2003",
        declaration.source,
        isPath ? `There is no file \`${specifier}\` here.` : `There is no package \`${specifier}\` here.`,
        {
          hint: isPath ? this.fileHint(this.host.resolve(file, specifier)) : "Install it, or write a path that begins with `./`."
        }
      );
      return void 0;
    }
    this.hostModules.add(module.path);
    if (module.kind === "broken") {
      reporter.report(
        "PGL2012",
        declaration.source,
        `\`${specifier}\` cannot be read: ${module.message}`,
        "Mend the file; until then nothing is known of what it exports."
      );
      return void 0;
    }
    return declaration.specifiers.map((imported) => {
      const { name } = imported.imported;
      const found = name === "" ? { kind: "absent" } : module.find(name);
      if (found.kind === "absent" && name !== "") {
        reporter.report("PGL2005", imported.imported, `\`${specifier}\` does not export \`${name}\`.`, {
          hint: this.suggester.hint(name, module.names) ?? (module.names.length === 0 ? "It exports nothing." : void 0)
        });
      } else if (found.kind === "unusable") {
        reporter.report("PGL2013", imported.imported, `\`${name}\` cannot be used from PGL: ${found.reason}.`, {
          hint: found.hint
        });
      }
      return {
        kind: "host",
        name: imported.local.name,
        declaration: imported.local,
        imported: name,
        module: specifier,
        export: found.kind === "export" ? found.value : void 0,
        reads: 0
      };
    });
  }
  fileHint(path) {
    const name = baseName(path);
    const found = this.suggester.suggest(name, this.host.neighbours?.(path) ?? []);
    return found === void 0 ? void 0 : `Did you mean \`${found}\`?`;
  }
};
var baseName = (path) => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
function withoutEchoes(found, syntax, tree) {
  const errors = syntax.filter((d) => d.severity === "error");
  if (errors.length === 0) return found;
  const contains = (span, error2) => span.start <= error2.span.start && error2.span.end <= span.end;
  const broken = tree.declarations.filter(({ span }) => errors.some((error2) => contains(span, error2)));
  const isAbsence = ({ code }) => code === "PGL3010" || code.startsWith("PGL5");
  return found.filter(
    (d) => !errors.some((error2) => contains(d.span, error2)) && !(isAbsence(d) && (d.code === "PGL5002" || broken.some(({ span }) => span.start <= d.span.start && d.span.end <= span.end)))
  );
}

// ../compiler/src/hosts/source-host.ts
import { readdirSync, readFileSync } from "fs";
import { dirname, isAbsolute, resolve as resolve2 } from "path";
import { posix } from "path";
function nodeFiles(directory = process.cwd()) {
  return {
    read(path) {
      try {
        return readFileSync(path, "utf8");
      } catch {
        return void 0;
      }
    },
    resolve: (from, specifier) => isAbsolute(specifier) ? specifier : resolve2(from === "" ? directory : dirname(from), specifier),
    neighbours(path) {
      try {
        return readdirSync(dirname(path));
      } catch {
        return [];
      }
    }
  };
}
function memoryFiles(files, under) {
  const own = new Map(Object.entries(files).map(([path, text]) => [posix.normalize(path), text]));
  return {
    read: (path) => own.get(path) ?? under?.read(path),
    resolve(from, specifier) {
      const path = posix.normalize(specifier.startsWith("/") ? specifier : posix.join(posix.dirname(from), specifier));
      return own.has(path) || under === void 0 ? path : under.resolve(from, specifier);
    },
    neighbours(path) {
      const folder = posix.dirname(path);
      const names2 = [...own.keys()].filter((other) => posix.dirname(other) === folder).map((other) => posix.basename(other));
      return [...names2, ...under?.neighbours?.(path) ?? []];
    }
  };
}

// ../compiler/src/diagnostics/render.ts
import { codeFrameColumns } from "@babel/code-frame";
var AROUND = 1;
var MAX_LINES = 4;
var colors = {
  error: ["\x1B[31m", "\x1B[39m"],
  warning: ["\x1B[33m", "\x1B[39m"],
  info: ["\x1B[36m", "\x1B[39m"],
  dim: ["\x1B[2m", "\x1B[22m"],
  bold: ["\x1B[1m", "\x1B[22m"]
};
function renderDiagnostics(diagnostics, files, options = {}) {
  if (diagnostics.length === 0) return "";
  const paint = (kind2, text) => options.color ? colors[kind2][0] + text + colors[kind2][1] : text;
  const places2 = new Places(files);
  const show = options.showFile ?? ((file) => file);
  const parts = diagnostics.map((diagnostic) => {
    const { file, severity, code, message, hint, span, related } = diagnostic;
    const lines2 = [
      `${paint("bold", places2.show(file, span, show))} ${paint(severity, `${severity} ${code}`)} ${message}`,
      ...places2.frame(file, span),
      ...hint === void 0 ? [] : [`  ${paint("info", "hint:")} ${hint}`],
      ...(related ?? []).flatMap((place) => [
        `  ${paint("dim", `${places2.show(file, place.span, show)} ${place.message}`)}`,
        ...places2.frame(file, place.span, 0)
      ])
    ];
    return lines2.join("\n");
  });
  return `${parts.join("\n\n")}

${summary(diagnostics)}
`;
}
function summary(diagnostics) {
  const count3 = (severity, noun) => {
    const n = diagnostics.filter((d) => d.severity === severity).length;
    return n === 0 ? [] : [`${n} ${noun}${n === 1 ? "" : "s"}`];
  };
  return [...count3("error", "error"), ...count3("warning", "warning"), ...count3("info", "note")].join(", ");
}
function diagnosticsToJson(diagnostics, files) {
  const places2 = new Places(files);
  return diagnostics.map(({ code, severity, file, span, message, hint }) => ({
    code,
    severity,
    file,
    range: places2.range(file, span),
    message,
    hint: hint ?? null
  }));
}
var Places = class {
  constructor(files) {
    this.files = files;
  }
  files;
  known = /* @__PURE__ */ new Map();
  range(file, span) {
    const source = this.source(file);
    if (source === void 0) return { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
    return { start: locate(source.starts, span.start), end: locate(source.starts, span.end) };
  }
  show(file, span, show) {
    const { start } = this.range(file, span);
    return `${show(file)}:${start.line}:${start.column}`;
  }
  frame(file, span, around = AROUND) {
    const source = this.source(file);
    if (source === void 0) return [];
    const { start, end } = this.range(file, span);
    const tooLong = end.line - start.line >= MAX_LINES;
    const oneColumn = end.line === start.line && end.column <= start.column + 1;
    const frame = codeFrameColumns(
      source.text,
      {
        start,
        // The frame's end is the last column marked; a span over many lines is marked to the end of its first one.
        ...tooLong ? { end: { line: start.line, column: lineLength(source, start.line) + 1 } } : oneColumn ? {} : { end: { line: end.line, column: Math.max(end.column, 1) } }
      },
      { linesAbove: around, linesBelow: around, highlightCode: false }
    );
    return frame.split("\n").map((line) => `  ${line}`.trimEnd());
  }
  source(file) {
    if (!this.known.has(file)) {
      const text = this.files.read(file);
      this.known.set(file, text === void 0 ? void 0 : { text, starts: lineStarts(text) });
    }
    return this.known.get(file);
  }
};
function lineLength(source, line) {
  const from = source.starts[line - 1] ?? 0;
  const to = source.starts[line] ?? source.text.length + 1;
  return to - from - 1;
}

// ../compiler/src/emit/marks.ts
var POSITION = "\uE000";
var POSITION_END = "\uE001";
var TYPE = "\uE002";
var TYPE_END = "\uE003";
var at = (offset) => `${POSITION}${offset.toString(36)}${POSITION_END}`;
var typed = (text) => `${TYPE}${text}${TYPE_END}`;
function* pieces(marked) {
  const pattern = /\uE000([0-9a-z]*)\uE001|\uE002([^\uE003]*)\uE003/g;
  let from = 0;
  for (let match = pattern.exec(marked); match !== null; match = pattern.exec(marked)) {
    if (match.index > from) yield { kind: "text", text: marked.slice(from, match.index) };
    if (match[1] !== void 0) yield { kind: "position", offset: parseInt(match[1], 36) };
    else yield { kind: "type", text: match[2] };
    from = pattern.lastIndex;
  }
  if (from < marked.length) yield { kind: "text", text: marked.slice(from) };
}
function plain(marked, types) {
  let text = "";
  for (const piece of pieces(marked)) if (piece.kind === "text" || piece.kind === "type" && types) text += piece.text;
  return text;
}

// ../compiler/src/ir/statement.ts
var suspensions = /* @__PURE__ */ new Set([
  "draw",
  "observe",
  "condition",
  "factor",
  "twist",
  "step",
  "enter",
  "apply",
  "ask",
  "infer"
]);
var isSuspension = (statement) => suspensions.has(statement.kind);
function targetOf(statement) {
  return "target" in statement ? statement.target : null;
}

// ../compiler/src/emit/literals.ts
function stringLiteral(value) {
  return escapeSpecial(JSON.stringify(value));
}
function templateText(value) {
  const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("`", "\\`").replaceAll("${", "\\${");
  return escapeSpecial(escaped);
}
var escapeSpecial = (text) => text.replace(/[\uE000-\uF8FF\u2028\u2029\uFEFF]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
function numberLiteral(value) {
  if (Number.isNaN(value)) return "NaN";
  if (Object.is(value, -0)) return "-0";
  return value === Infinity ? "Infinity" : value === -Infinity ? "-Infinity" : String(value);
}
var IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
var propertyKey = (name) => name === "__proto__" ? '["__proto__"]' : IDENTIFIER.test(name) ? name : stringLiteral(name);
var propertyAccess = (name) => IDENTIFIER.test(name) ? `.${name}` : `[${stringLiteral(name)}]`;

// ../compiler/src/emit/names.ts
var RESERVED = new Set(
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield async of get set type as any unknown never object string number boolean symbol bigint require exports module globalThis NaN Infinity Object Array Math particle".split(" ")
);
var PRELUDE_VALUES = [
  "$",
  "compare",
  "constraint",
  "defineModel",
  "dist",
  "enter",
  "enterAny",
  "eos",
  "Frame",
  "frames",
  "hostCall",
  "hostFunction",
  "hostValue",
  "inferRequest",
  "lm",
  "methods",
  "restrict",
  "site",
  "ValueMap"
];
var PRELUDE_TYPES = [
  "Closure",
  "Constraint",
  "Context",
  "Drawable",
  "LanguageModelAlias",
  "Model",
  "Op",
  "Particle",
  "Posterior",
  "Query",
  "Token"
];
var TAKEN = /* @__PURE__ */ new Set([...RESERVED, ...PRELUDE_VALUES, ...PRELUDE_TYPES]);
var FRAME_MEMBERS = [
  "pc",
  "parent",
  "depth",
  "shared",
  "step",
  "copy",
  "owned",
  "twin",
  "constructor"
];
var Names = class {
  constructor(outer = null, taken = []) {
    this.outer = outer;
    for (const name of taken) this.used.add(name);
  }
  outer;
  used = /* @__PURE__ */ new Set();
  has(name) {
    return TAKEN.has(name) || this.used.has(name) || (this.outer?.has(name) ?? false);
  }
  /** `wanted`, or the nearest name that is free. */
  take(wanted) {
    let base = wanted.replace(/[^\w$]/g, "_").replace(/^_+(?=_)/, "");
    if (base === "" || base === "_") base = "unused";
    if (/^\d/.test(base)) base = `n${base}`;
    let name = base;
    for (let n = 2; this.has(name); n++) name = TAKEN.has(base) && n === 2 ? `${base}_` : `${base}_${n}`;
    this.used.add(name);
    return name;
  }
};
var pascal = (name) => {
  const joined2 = name.split("_").filter((part) => part !== "").map((part) => part[0].toUpperCase() + part.slice(1)).join("");
  return joined2 === "" ? "Unnamed" : joined2;
};
var constantCase = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/\W+/g, "_").toUpperCase();

// ../compiler/src/emit/types.ts
function typeScriptOf(type, uses2, named = true) {
  const name = named ? uses2.nameOf(type) : void 0;
  if (name !== void 0) return name;
  const go = (t) => typeScriptOf(t, uses2);
  const prelude = (t) => {
    uses2.useType(t);
    return t;
  };
  switch (type.kind) {
    case "int":
    case "float":
      return "number";
    case "bool":
      return "boolean";
    case "string":
      return "string";
    case "literal":
      return stringLiteral(type.value);
    case "unit":
      return "undefined";
    case "none":
      return "null";
    case "token":
      return prelude("Token");
    case "context":
      return prelude("Context");
    case "lm":
      return prelude("LanguageModelAlias");
    case "constraint":
      return prelude("Constraint");
    case "list":
      return `readonly ${operand(type.element, go)}[]`;
    case "tuple":
      return `readonly [${type.elements.map(go).join(", ")}]`;
    case "map":
      uses2.useValue("ValueMap");
      return `ValueMap<${go(type.key)}, ${go(type.value)}>`;
    case "record": {
      const fields = [...type.fields].map(
        ([field, f]) => `readonly ${propertyKey(field)}${f.optional ? "?" : ""}: ${go(f.type)}`
      );
      return fields.length === 0 ? "{}" : `{ ${fields.join("; ")} }`;
    }
    case "union":
      return membersOf(type).map((member) => member.kind === "function" ? `(${go(member)})` : go(member)).join(" | ");
    case "function": {
      const parameters = type.parameters.map(
        (p, i) => `${parameterName(p.name, i)}${p.optional ? "?" : ""}: ${go(p.type)}`
      );
      const plainFunction = `(${parameters.join(", ")}) => ${resultOf(type.result, go)}`;
      if (type.effect === "pure") return plainFunction;
      return `${prelude("Closure")} | ${prelude("Model")} | (${plainFunction})`;
    }
    case "dist":
      return `${prelude("Drawable")}<${go(type.element)}>`;
    case "posterior":
      return `${prelude("Posterior")}<${go(type.element)}>`;
    case "never":
      return "never";
    case "opaque":
    case "error":
    case "variable":
      return "unknown";
  }
}
var resultOf = (type, go) => type.kind === "unit" ? "void" : go(type);
function operand(type, go) {
  const text = go(type);
  return /^[\w.]+$|^"[^"]*"$|^[\w]+<.*>$|^\{.*\}$/.test(text) && !/ \| |=>/.test(withoutBrackets(text)) ? text : `(${text})`;
}
var withoutBrackets = (text) => text.replace(/<.*>|\{.*\}/g, "");
var parameterName = (name, i) => /^[a-z]\w*$/i.test(name) ? name === "function" || name === "default" ? `${name}_` : name : `argument${i + 1}`;

// ../compiler/src/emit/printer.ts
var Locals = class {
  names;
  known = /* @__PURE__ */ new Map();
  constructor(outer, taken = []) {
    this.names = new Names(outer, taken);
  }
  nameOf(variable) {
    let name = this.known.get(variable);
    if (name === void 0) this.known.set(variable, name = this.names.take(variable.name));
    return name;
  }
};
var plainPlace = (locals) => ({
  locals,
  isField: () => false,
  returned: (value) => value === "undefined" ? "return;" : `return ${value};`,
  environment: null
});
var ARROW = 1;
var CONDITIONAL = 2;
var NULLISH = 3;
var UNARY = 15;
var CALL = 18;
var PRIMARY = 20;
var OPERATORS = {
  "||": 4,
  "&&": 5,
  "===": 9,
  "!==": 9,
  "<": 10,
  "<=": 10,
  ">": 10,
  ">=": 10,
  "+": 12,
  "-": 12,
  "*": 13,
  "/": 13
};
var Printer = class _Printer {
  constructor(module, place) {
    this.module = module;
    this.place = place;
  }
  module;
  place;
  type(type) {
    return typeScriptOf(type, this.module);
  }
  variable(variable) {
    const name = this.place.locals.nameOf(variable);
    return this.place.isField(variable) ? `this.${name}` : name;
  }
  /** An expression that can stand where something binding as tightly as `binds` is wanted. */
  expr(expr, binds = 0) {
    const printed = this.print(expr);
    return printed.binds < binds ? `(${printed.text})` : printed.text;
  }
  /** `undefined` for an argument left out before others. */
  args(args) {
    return args.map((a2) => a2 === void 0 ? "undefined" : this.expr(a2, ARROW)).join(", ");
  }
  cast(text, type) {
    return { text: `${typed("(")}${text}${typed(` as ${this.type(type)})`)}`, binds: CALL };
  }
  print(expr) {
    const primary = (text) => ({ text, binds: PRIMARY });
    const call = (text) => ({ text: at(expr.span.start) + text, binds: CALL });
    switch (expr.kind) {
      case "literal":
        return literal2(expr.value);
      case "eos":
        this.module.useValue("eos");
        return primary("eos");
      case "variable": {
        const name = this.variable(expr.variable);
        const narrowed = expr.type.kind !== "error" && !sameType(expr.type, expr.variable.type) && this.type(expr.type) !== this.type(expr.variable.type);
        return narrowed ? this.cast(name, expr.type) : primary(name);
      }
      case "global":
        return primary(this.module.global(expr.global));
      case "list": {
        const text = `[${this.args(expr.elements)}]`;
        return expr.elements.length === 0 ? this.cast(text, expr.type) : primary(text);
      }
      case "tuple":
        return this.cast(`[${this.args(expr.elements)}]`, expr.type);
      case "record":
        return primary(this.record(expr));
      case "map": {
        this.module.useValue("ValueMap");
        const entries = expr.entries.map(({ key, value }) => `[${this.args([key, value])}]`);
        const parameters = expr.type.kind === "map" ? typed(`<${this.type(expr.type.key)}, ${this.type(expr.type.value)}>`) : "";
        return call(`ValueMap.from${parameters}([${entries.join(", ")}])`);
      }
      case "template":
        return this.template(expr);
      case "unary": {
        const operand2 = this.expr(expr.operand, UNARY);
        return {
          text: expr.operator + (expr.operator === "-" && plain(operand2, false).startsWith("-") ? `(${operand2})` : operand2),
          binds: UNARY
        };
      }
      case "binary":
        return this.binary(expr);
      case "conditional": {
        const test = this.expr(expr.test, NULLISH);
        return {
          text: `${test} ? ${this.expr(expr.then, CONDITIONAL)} : ${this.expr(expr.otherwise, CONDITIONAL)}`,
          binds: CONDITIONAL
        };
      }
      case "builtin":
        if (expr.name === "$length") return primary(`${this.expr(expr.arguments[0], CALL)}.length`);
        return call(`${this.builtin(expr.name)}(${this.args(expr.arguments)})`);
      case "builtin-value":
        switch (expr.name) {
          case "pi":
            return primary("Math.PI");
          case "e":
            return primary("Math.E");
          case "inf":
            return primary("Infinity");
        }
        return primary(this.builtin(expr.name));
      case "distribution":
        this.module.useValue("dist");
        return call(`dist.${expr.name}(${this.args(expr.arguments)})`);
      case "lm": {
        const args = expr.positional.map((value) => this.expr(value, ARROW));
        if (expr.named.length > 0) args.push(this.options(expr.named));
        return call(`${this.expr(expr.model, CALL)}.${expr.method}(${args.join(", ")})`);
      }
      case "call":
        return this.call(expr);
      case "field": {
        const object = this.expr(expr.object, CALL);
        const whole = expr.object.type;
        if (mayLack(whole, expr.name)) return primary(`(${object}${propertyAccess(expr.name)} ?? null)`);
        if (whole.kind !== "union") return primary(object + propertyAccess(expr.name));
        return primary(
          `${typed("(")}${object}${typed(` as { readonly ${propertyKey(expr.name)}: ${this.type(expr.type)} })`)}${propertyAccess(expr.name)}`
        );
      }
      case "element": {
        const object = this.expr(expr.object, CALL);
        const text = expr.object.type.kind === "tuple" ? object : `${typed("(")}${object}${typed(" as readonly unknown[])")}`;
        const element = { text: `${text}[${expr.index}]`, binds: PRIMARY };
        return expr.object.type.kind === "tuple" ? element : this.cast(element.text, expr.type);
      }
      case "lambda":
        return this.lambda(expr);
      case "matches":
        return call(
          `${this.constraint(expr.constraint)}.test(${this.expr(expr.value, ARROW)}${this.environmentFor(expr.constraint)})`
        );
      case "shape": {
        const value = this.expr(expr.value, CALL);
        return expr.shape === "tuple" ? { text: `Array.isArray(${value}) && ${value}.length === ${expr.length}`, binds: 5 } : { text: `typeof ${value} === "object" && ${value} !== null && !Array.isArray(${value})`, binds: 5 };
      }
      case "constraint":
        return primary(this.constraintMaker(expr.constraint));
      case "restrict":
        this.module.useValue("restrict");
        return call(`restrict(${this.expr(expr.distribution, ARROW)}, ${this.expr(expr.predicate, ARROW)})`);
    }
  }
  builtin(name) {
    this.module.useValue("$");
    return `$.${name}`;
  }
  call(expr) {
    const args = expr.arguments.map((a2) => {
      if (a2 === void 0) return "undefined";
      const text = this.expr(a2, ARROW);
      return expr.host && isForeign(a2.type) ? `${text}${typed(" as never")}` : text;
    });
    const callee = this.expr(expr.callee, CALL);
    const printed = { text: `${at(expr.span.start)}${callee}(${args.join(", ")})`, binds: CALL };
    return expr.host && isForeign(expr.type) ? this.cast(`${printed.text}${typed(" as unknown")}`, expr.type) : printed;
  }
  options(named) {
    return `{ ${named.map(({ name, value }) => property(name, this.expr(value, ARROW))).join(", ")} }`;
  }
  method(method) {
    this.module.useValue("methods");
    return `methods.${method.name}(${method.options.length === 0 ? "{}" : this.options(method.options)})`;
  }
  record(expr) {
    if (expr.fields.length === 0) return "{}";
    const fields = expr.fields.map(
      (field) => field.kind === "spread" ? `...${this.expr(field.value, ARROW)}` : property(field.name, this.expr(field.value, ARROW))
    );
    return `{ ${fields.join(", ")} }`;
  }
  template(expr) {
    let text = "`" + templateText(expr.texts[0]);
    expr.expressions.forEach((inner, i) => {
      const direct = isText2(inner.type) || inner.type.kind === "int";
      const shown = direct ? this.expr(inner) : `${this.builtin("text")}(${this.expr(inner, ARROW)})`;
      text += `\${${shown}}${templateText(expr.texts[i + 1])}`;
    });
    return { text: text + "`", binds: PRIMARY };
  }
  binary(expr) {
    const { left, right } = expr;
    const helper = (name) => ({
      text: `${at(expr.span.start)}${this.builtin(name)}(${this.args([left, right])})`,
      binds: CALL
    });
    const operator = (symbol) => {
      const binds = OPERATORS[symbol];
      return { text: `${this.expr(left, binds)} ${symbol} ${this.expr(right, binds + 1)}`, binds };
    };
    switch (expr.operator) {
      case "+":
        if (isNumber2(left.type) && isNumber2(right.type)) return operator("+");
        if (isText2(left.type) && isText2(right.type)) return operator("+");
        if (left.type.kind === "list") return helper("concat");
        return this.cast(helper("add").text, expr.type);
      case "-":
      case "*":
      case "/":
        return operator(expr.operator);
      case "//":
        return helper("int_div");
      case "%":
        return helper("mod");
      case "^":
        return helper("pow");
      case "==":
      case "!=": {
        const negated = expr.operator === "!=";
        if (isPrimitive(left.type) || isPrimitive(right.type)) {
          const binds = OPERATORS["==="];
          return { text: `${this.widened(left)} ${negated ? "!==" : "==="} ${this.expr(right, binds + 1)}`, binds };
        }
        const same = helper("equal");
        return negated ? { text: `!${same.text}`, binds: UNARY } : same;
      }
      case "<":
      case "<=":
      case ">":
      case ">=":
        if (isNumber2(left.type) && isNumber2(right.type) || isText2(left.type) && isText2(right.type))
          return operator(expr.operator);
        this.module.useValue("compare");
        return { text: `compare(${this.args([left, right])}) ${expr.operator} 0`, binds: OPERATORS[expr.operator] };
      case "&&":
      case "||":
        return operator(expr.operator);
      case "??": {
        const first = left.kind === "binary" && left.operator === "??" ? this.expr(left, NULLISH) : this.expr(left, 9);
        return { text: `${first} ?? ${this.expr(right, 9)}`, binds: NULLISH };
      }
      case "in":
        return helper("in");
    }
  }
  /** The left side of `===`, seen as its whole type: TypeScript refuses comparisons whose outcome it believes to know. */
  widened(left) {
    if (left.kind === "literal" && left.value !== null && left.value !== void 0)
      return this.cast(this.expr(left, CALL), { kind: wide[typeof left.value] }).text;
    const open = left.kind === "variable" && left.variable.mutable && (left.type.kind === "bool" || left.type.kind === "union");
    return open ? this.cast(this.expr(left, CALL), left.type).text : this.expr(left, OPERATORS["==="]);
  }
  // ----------------------------------------------------------------------------------------------------- functions
  lambda(lambda) {
    if (lambda.suspends) return { text: this.closure(lambda), binds: PRIMARY };
    const inner = new _Printer(this.module, { ...plainPlace(this.place.locals), environment: this.place.environment });
    const parameters = inner.parameters(lambda.parameters);
    const [only] = lambda.body;
    if (lambda.body.length === 1 && only.kind === "return") {
      const value = inner.expr(only.value, ARROW);
      return { text: `(${parameters}) => ${plain(value, false).startsWith("{") ? `(${value})` : value}`, binds: ARROW };
    }
    const result = typed(`: ${resultOf(lambda.result, (t) => this.type(t))}`);
    return { text: `(${parameters})${result} => ${inner.braced(lambda.body)}`, binds: ARROW };
  }
  parameters(parameters) {
    return parameters.map(({ variable, defaultValue }) => {
      const name = this.place.locals.nameOf(variable) + typed(`: ${this.type(variable.type)}`);
      return defaultValue === void 0 ? name : `${name} = ${this.expr(defaultValue, ARROW)}`;
    }).join(", ");
  }
  /** A function that may suspend, as a value. What it captures is handed to each activation. */
  closure(lambda) {
    const { className, captures } = this.module.closure(lambda);
    const local = new Names(this.place.locals.names);
    const names2 = lambda.parameters.map(({ variable }) => local.take(variable.name));
    const args = [
      ...captures.map((variable) => this.place.locals.nameOf(variable)),
      ...lambda.parameters.map(({ variable }, i) => names2[i] + typed(` as ${this.type(variable.type)}`))
    ];
    const taken = names2.length === 0 ? "()" : `([${names2.join(", ")}])`;
    return `{ kind: "closure"${typed(" as const")}, enter: ${taken} => new ${className}(${args.join(", ")}) }`;
  }
  // --------------------------------------------------------------------------------------------------- constraints
  constraint(constraint) {
    if (constraint.kind === "constant") return this.module.global(constraint.global);
    return this.constraintMaker(constraint);
  }
  /** `constraint.regex("…", "")`. */
  constraintMaker(constraint) {
    this.module.useValue("constraint");
    const start = at(constraint.span.start);
    switch (constraint.kind) {
      case "constant":
        return this.module.global(constraint.global);
      case "regex":
        return `${start}constraint.regex(${stringLiteral(constraint.source)}, ${stringLiteral(constraint.flags)})`;
      case "text":
        return `${start}constraint.text(${this.expr(constraint.value, ARROW)})`;
      case "call":
        return `${start}constraint.${constraint.name}(${this.args(constraint.arguments)})`;
      case "not":
        return `constraint.not(${this.constraint(constraint.operand)})`;
      case "and":
      case "or":
        return `constraint.${constraint.kind}(${constraint.operands.map((operand2) => this.constraint(operand2)).join(", ")})`;
    }
  }
  /** Counting tokens needs the run's language model. */
  environmentFor(constraint) {
    return this.place.environment !== null && needsEnvironment(constraint) ? `, ${this.place.environment}` : "";
  }
  // ---------------------------------------------------------------------------------------------------- statements
  braced(statements) {
    const body = this.statements(statements);
    return body === "" ? "{}" : `{
${indent(body)}
}`;
  }
  statements(statements) {
    return statements.map((statement) => this.statement(statement)).join("\n");
  }
  /** One statement that does not suspend. */
  statement(statement) {
    const start = at(statement.span.start);
    switch (statement.kind) {
      case "let":
        return start + this.declare(statement.variable, this.expr(statement.value, ARROW), statement.value);
      case "declare": {
        const { variable } = statement;
        if (this.place.isField(variable)) return "";
        return `${start}let ${this.place.locals.nameOf(variable)}${typed(`: ${this.type(variable.type)}`)};`;
      }
      case "assign": {
        const { variable, value } = statement;
        const step = value.kind === "binary" && "+-*/".includes(value.operator) && isNumber2(value.left.type) && isNumber2(value.right.type);
        if (step && value.left.kind === "variable" && value.left.variable === variable) {
          return `${start}${this.variable(variable)} ${value.operator}= ${this.expr(value.right, ARROW)};`;
        }
        return `${start}${this.variable(variable)} = ${this.expr(value, ARROW)};`;
      }
      case "expression": {
        const value = this.expr(statement.value);
        const text = plain(value, true).startsWith("{") ? `(${value})` : value;
        return statement.value.type.kind === "never" ? `${start}return ${text};` : `${start}${text};`;
      }
      case "return":
        return start + this.place.returned(this.expr(statement.value, ARROW));
      case "break":
        return `${start}break;`;
      case "continue":
        return `${start}continue;`;
      case "if":
        return start + this.branches(this.expr(statement.test), this.statements(statement.then), this.otherwise(statement.otherwise));
      case "while":
        return `${start}while (${this.expr(statement.test)}) ${this.braced(statement.body)}`;
      case "for-range": {
        const counter = this.place.locals.nameOf(statement.variable);
        const bound = statement.to.kind === "literal" || statement.to.kind === "variable" && !statement.to.variable.mutable ? null : this.place.locals.names.take("end");
        const end = this.expr(statement.to, 11);
        const head = `let ${counter} = ${this.expr(statement.from, ARROW)}${bound === null ? "" : `, ${bound} = ${this.expr(statement.to, ARROW)}`}`;
        return `${start}for (${head}; ${counter} < ${bound ?? end}; ${counter}++) ${this.braced(statement.body)}`;
      }
      case "for-each":
        return `${start}for (const ${this.place.locals.nameOf(statement.variable)} of ${this.expr(statement.iterable, ARROW)}) ${this.braced(statement.body)}`;
      default:
        if (isSuspension(statement)) throw new Error(`\`${statement.kind}\` stands where nothing may suspend.`);
        return statement;
    }
  }
  /** `const x = value;`, or the field. */
  declare(variable, value, from) {
    if (this.place.isField(variable)) return `${this.variable(variable)} = ${value};`;
    const annotated = variable.mutable || from !== void 0 && needsContext(variable.type, from);
    const annotation = annotated ? typed(`: ${this.type(variable.type)}`) : "";
    return `${variable.mutable ? "let" : "const"} ${this.place.locals.nameOf(variable)}${annotation} = ${value};`;
  }
  otherwise(statements) {
    const [only] = statements;
    if (statements.length === 1 && only.kind === "if") return this.statement(only);
    return this.statements(statements);
  }
  branches(test, then, otherwise) {
    const head = `if (${test}) ${then === "" ? "{}" : `{
${indent(then)}
}`}`;
    if (otherwise === "") return head;
    if (/^(\uE000[0-9a-z]*\uE001)?if \(/.test(otherwise) && isOneStatement(otherwise))
      return `${head} else ${otherwise}`;
    return `${head} else {
${indent(otherwise)}
}`;
  }
};
function isOneStatement(text) {
  const lines2 = text.split("\n");
  return lines2.slice(1, -1).every((line) => /^\s/.test(line) || /^\} else/.test(line)) && lines2[lines2.length - 1].startsWith("}");
}
var indent = (text) => text.replace(/^(?=.)/gm, "  ");
function literal2(value) {
  switch (typeof value) {
    case "number": {
      const text = numberLiteral(value);
      return { text, binds: text.startsWith("-") ? UNARY : PRIMARY };
    }
    case "string":
      return { text: stringLiteral(value), binds: PRIMARY };
    default:
      return { text: String(value), binds: PRIMARY };
  }
}
var property = (name, value) => plain(value, true) === name && propertyKey(name) === name ? value : `${propertyKey(name)}: ${value}`;
var wide = {
  number: "float",
  string: "string",
  boolean: "bool"
};
var isNumber2 = (type) => type.kind === "int" || type.kind === "float";
var isText2 = (type) => membersOf(type).every((member) => member.kind === "string" || member.kind === "literal");
var isPrimitive = (type) => membersOf(type).every(
  (member) => isNumber2(member) || isText2(member) || member.kind === "bool" || member.kind === "none" || member.kind === "unit"
) && type.kind !== "never";
function needsContext(type, value) {
  if (value.kind === "literal" || value.kind === "conditional") return true;
  return ["list", "record", "tuple", "union", "literal", "function", "map"].includes(type.kind);
}
var isForeign = (type) => someType(type, (part) => part.kind === "opaque" || part.kind === "map");
function needsEnvironment(constraint) {
  switch (constraint.kind) {
    case "call":
      return constraint.name === "tokens";
    case "not":
      return needsEnvironment(constraint.operand);
    case "and":
    case "or":
      return constraint.operands.some(needsEnvironment);
    case "constant":
      return constraint.needsRun;
    default:
      return false;
  }
}
function mayLack(type, field) {
  return type.kind === "record" && type.fields.get(field)?.optional === true;
}

// ../compiler/src/emit/structures.ts
var kinds = {
  class: 2,
  export: 11,
  function: 13,
  import: 16,
  parameter: 30,
  property: 31,
  typeAlias: 38,
  variable: 41
};
var scopes = {
  private: "private",
  protected: "protected"
};
var CONST = "const";
function constant2(name, initializer, options = {}) {
  return {
    kind: kinds.variable,
    declarationKind: CONST,
    isExported: options.exported ?? false,
    hasDeclareKeyword: options.declare ?? false,
    docs: docs(options.doc),
    declarations: [
      {
        name,
        ...initializer === void 0 ? {} : { initializer },
        ...options.type === void 0 ? {} : { type: options.type }
      }
    ]
  };
}
var docs = (doc) => doc === void 0 || doc === "" ? [] : [doc.replaceAll("*/", "*\u200B/").replace(/[\uE000-\uF8FF]/g, "\uFFFD")];

// ../compiler/src/emit/javascript.ts
function printJavaScript(statements) {
  const exported = [];
  const parts = statements.flatMap((statement) => printStatement(statement, exported));
  const marked = ['"use strict";', ...parts, ...exported].join("\n") + "\n";
  return strip(marked);
}
function strip(marked) {
  let text = "";
  let line = 0;
  let lineStart = 0;
  const positions = [];
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
function printStatement(statement, exported) {
  switch (statement.kind) {
    case kinds.import: {
      const names2 = statement.namedImports.filter(({ isTypeOnly }) => isTypeOnly !== true).map(({ name, alias }) => alias === void 0 ? name : `${name}: ${alias}`);
      return names2.length === 0 ? [] : [`const { ${names2.join(", ")} } = require(${JSON.stringify(statement.moduleSpecifier)});`];
    }
    case kinds.typeAlias:
      return [];
    case kinds.variable:
      return statement.declarations.map(({ name, initializer }) => {
        if (statement.isExported === true) exported.push(`exports.${name} = ${name};`);
        return `const ${name} = ${String(initializer)};`;
      });
    case kinds.function:
      if (statement.isExported === true) exported.push(`exports.${statement.name} = ${statement.name};`);
      return [printFunction(statement)];
    case kinds.class:
      return [printClass(statement)];
    case kinds.export:
      for (const { name, alias } of statement.namedExports) {
        exported.push(`exports.${alias ?? name} = ${name};`);
      }
      return [];
  }
}
var lines = (statements) => statements.join("\n");
var parameterList = (parameters) => (parameters ?? []).map(({ name, initializer }) => initializer === void 0 ? name : `${name} = ${String(initializer)}`).join(", ");
function printFunction(fn) {
  return `function ${fn.name}(${parameterList(fn.parameters)}) {
${indent(lines(fn.statements))}
}`;
}
function printClass(declaration) {
  const members = [];
  for (const { name, initializer } of declaration.properties ?? []) {
    if (initializer !== void 0) members.push(`${name} = ${plain(String(initializer), false)};`);
  }
  for (const { parameters, statements } of declaration.ctors ?? []) {
    members.push(
      `constructor(${parameterList(parameters)}) {
${indent(lines(statements))}
}`
    );
  }
  for (const { name, parameters, statements } of declaration.methods ?? []) {
    members.push(
      `${name}(${parameterList(parameters)}) {
${indent(lines(statements))}
}`
    );
  }
  return `class ${declaration.name} extends ${String(declaration.extends)} {
${indent(members.join("\n"))}
}`;
}

// ../compiler/src/emit/module.ts
import { relative, dirname as dirname2, sep } from "path";

// ../compiler/src/ir/walk.ts
function childrenOf(expr) {
  switch (expr.kind) {
    case "literal":
    case "eos":
    case "variable":
    case "global":
    case "builtin-value":
      return [];
    case "list":
    case "tuple":
      return expr.elements;
    case "record":
      return expr.fields.map((field) => field.value);
    case "map":
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case "template":
      return expr.expressions;
    case "unary":
      return [expr.operand];
    case "binary":
      return [expr.left, expr.right];
    case "conditional":
      return [expr.test, expr.then, expr.otherwise];
    case "builtin":
    case "distribution":
      return present(expr.arguments);
    case "lm":
      return [expr.model, ...expr.positional, ...expr.named.map(({ value }) => value)];
    case "call":
      return [expr.callee, ...present(expr.arguments)];
    case "field":
    case "element":
      return [expr.object];
    case "lambda":
      return present(expr.parameters.map((parameter) => parameter.defaultValue));
    case "matches":
      return [expr.value, ...constraintChildren(expr.constraint)];
    case "shape":
      return [expr.value];
    case "constraint":
      return constraintChildren(expr.constraint);
    case "restrict":
      return [expr.distribution, expr.predicate];
  }
}
var present = (exprs) => exprs.filter((e) => e !== void 0);
function constraintChildren(constraint) {
  switch (constraint.kind) {
    case "regex":
      return [];
    case "constant":
      return [{ kind: "global", global: constraint.global, type: { kind: "constraint" }, span: constraint.span }];
    case "text":
      return [constraint.value];
    case "call":
      return constraint.arguments;
    case "not":
      return constraintChildren(constraint.operand);
    case "and":
    case "or":
      return constraint.operands.flatMap(constraintChildren);
  }
}
var methodChildren = (method) => method?.options.map(({ value }) => value) ?? [];
function operandsOf(statement) {
  switch (statement.kind) {
    case "let":
    case "assign":
    case "expression":
    case "return":
      return [statement.value];
    case "declare":
    case "break":
    case "continue":
    case "step":
      return [];
    case "if":
    case "while":
    case "condition":
      return [statement.test];
    case "for-range":
      return [statement.from, statement.to];
    case "for-each":
      return [statement.iterable];
    case "draw":
      return present([statement.distribution, statement.proposal]);
    case "observe":
      return [statement.value, statement.distribution];
    case "factor":
    case "twist":
      return [statement.weight];
    case "enter":
      return [statement.callee, ...present(statement.arguments)];
    case "apply":
      return present(statement.arguments);
    case "ask":
      return statement.request.kind === "lm" ? [statement.request.call] : [statement.request.callee, ...present(statement.request.arguments)];
    case "infer":
      return [...present(statement.arguments), ...methodChildren(statement.method)];
  }
}
function blocksOf(statement) {
  switch (statement.kind) {
    case "if":
      return [statement.then, statement.otherwise];
    case "for-range":
    case "for-each":
    case "while":
      return [statement.body];
    default:
      return [];
  }
}
function* statementsIn(statements) {
  for (const statement of statements) {
    yield statement;
    for (const block of blocksOf(statement)) yield* statementsIn(block);
  }
}
function* expressionsIn(statements) {
  for (const statement of statementsIn(statements))
    for (const operand2 of operandsOf(statement)) yield* expressionsOf(operand2);
}
function* expressionsOf(expr) {
  yield expr;
  for (const child of childrenOf(expr)) yield* expressionsOf(child);
  if (expr.kind === "lambda") yield* expressionsIn(expr.body);
}
function suspends(statements) {
  for (const statement of statementsIn(statements)) if (isSuspension(statement)) return true;
  return false;
}
function readsOf(expr, reads = /* @__PURE__ */ new Set()) {
  if (expr.kind === "variable") reads.add(expr.variable);
  else if (expr.kind === "lambda") for (const captured of capturesOf(expr)) reads.add(captured);
  else for (const child of childrenOf(expr)) readsOf(child, reads);
  return reads;
}
function capturesOf(lambda) {
  const used = /* @__PURE__ */ new Set();
  for (const { defaultValue } of lambda.parameters) if (defaultValue !== void 0) readsOf(defaultValue, used);
  readsOfAll(lambda.body, used);
  for (const { variable } of lambda.parameters) used.delete(variable);
  for (const variable of declarationsIn(lambda.body)) used.delete(variable);
  if (lambda.self !== void 0) used.delete(lambda.self);
  return used;
}
function readsOfAll(statements, reads = /* @__PURE__ */ new Set()) {
  for (const statement of statementsIn(statements))
    for (const operand2 of operandsOf(statement)) readsOf(operand2, reads);
  return reads;
}
function declaredBy(statement) {
  switch (statement.kind) {
    case "let":
    case "declare":
    case "for-range":
    case "for-each":
      return statement.variable;
    default: {
      const target = isSuspension(statement) ? targetOf(statement) : null;
      return target?.declares === true ? target.variable : void 0;
    }
  }
}
function writtenBy(statement) {
  if (statement.kind === "assign") return statement.variable;
  if (isSuspension(statement)) return targetOf(statement)?.variable;
  return declaredBy(statement);
}
function declarationsIn(statements) {
  const declared = /* @__PURE__ */ new Set();
  for (const statement of statementsIn(statements)) {
    const variable = declaredBy(statement);
    if (variable !== void 0) declared.add(variable);
  }
  return declared;
}
function writesIn(statements) {
  const written2 = /* @__PURE__ */ new Set();
  for (const statement of statementsIn(statements)) {
    const variable = writtenBy(statement);
    if (variable !== void 0) written2.add(variable);
  }
  return written2;
}
function leaves(statements) {
  const last = statements[statements.length - 1];
  if (last === void 0) return false;
  switch (last.kind) {
    case "return":
    case "break":
    case "continue":
      return true;
    case "if":
      return leaves(last.then) && leaves(last.otherwise);
    case "expression":
      return last.value.kind === "builtin" && last.value.name === "fail";
    default:
      return false;
  }
}

// ../compiler/src/emit/blocks.ts
function cut2(body) {
  const cutter = new Cutter();
  const entry = cutter.block();
  const end = cutter.run(body, entry);
  if (end !== null) {
    const span = body[body.length - 1]?.span ?? { start: 0, end: 0 };
    const value = { kind: "literal", value: void 0, type: { kind: "unit" }, span };
    end.push({ kind: "statement", statement: { kind: "return", value, span } });
  }
  const blocks = cutter.finished();
  return { blocks, fields: fieldsOf(blocks) };
}
var Cutter = class {
  placed = [];
  block() {
    return { id: -1, code: [] };
  }
  run(body, entry) {
    this.place(entry);
    return this.walk(body, entry.code, null);
  }
  /** The blocks that can be reached, numbered in order; one that only goes elsewhere is skipped. */
  finished() {
    const through = (block) => {
      const seen = /* @__PURE__ */ new Set();
      let to = block;
      for (let first = to.code[0]; first?.kind === "jump" && !seen.has(to); first = to.code[0]) {
        seen.add(to);
        to = first.to;
      }
      return to;
    };
    const reached = /* @__PURE__ */ new Set([this.placed[0]]);
    for (const block of reached) {
      eachCode(block.code, (code) => {
        if (code.kind === "jump") reached.add(code.to = through(code.to));
        if (code.kind === "suspend") reached.add(code.resume = through(code.resume));
      });
    }
    const blocks = this.placed.filter((block) => reached.has(block));
    blocks.forEach((block, i) => block.id = i);
    return blocks;
  }
  place(block) {
    this.placed.push(block);
  }
  /** Where control goes on after the statements; null when it does not. */
  walk(statements, code, loop) {
    let now = code;
    for (const statement of statements) {
      if (now === null) return null;
      now = this.statement(statement, now, loop);
    }
    return now;
  }
  statement(statement, code, loop) {
    const { span } = statement;
    if (isSuspension(statement)) {
      const resume = this.block();
      code.push({ kind: "suspend", statement, resume });
      this.place(resume);
      const target = targetOf(statement);
      if (target !== null) resume.code.push({ kind: "receive", ...target, span });
      return resume.code;
    }
    switch (statement.kind) {
      case "break":
        if (loop === null) break;
        loop.broken = true;
        code.push({ kind: "jump", to: loop.after, span });
        return null;
      case "continue":
        if (loop === null) break;
        code.push({ kind: "jump", to: loop.head, span });
        return null;
      case "if":
        if (suspends([statement]) || loop !== null && escapes(statement)) return this.branch(statement, code, loop);
        break;
      case "while":
      case "for-each":
      case "for-range":
        if (suspends([statement])) return this.loop(statement, code);
    }
    code.push({ kind: "statement", statement });
    return leaves([statement]) ? null : code;
  }
  branch(statement, code, loop) {
    const then = [];
    const otherwise = [];
    code.push({ kind: "branch", test: statement.test, then, otherwise, span: statement.span });
    const ends = [this.walk(statement.then, then, loop), this.walk(statement.otherwise, otherwise, loop)];
    const open = ends.filter((end) => end !== null);
    if (open.length === 0) return null;
    if (open.every((end) => end === then || end === otherwise)) return code;
    if (open.length === 1) return open[0];
    const join2 = this.block();
    for (const end of open) end.push({ kind: "jump", to: join2, span: statement.span });
    this.place(join2);
    return join2.code;
  }
  loop(statement, code) {
    const { span } = statement;
    const loop = { head: this.block(), after: this.block(), broken: false };
    const body = [];
    let test;
    if (statement.kind === "while") {
      test = statement.test.kind === "literal" && statement.test.value === true ? null : statement.test;
    } else {
      test = this.counted(statement, code, body);
    }
    code.push({ kind: "jump", to: loop.head, span });
    this.place(loop.head);
    const end = this.walk(statement.body, body, loop);
    if (end !== null) end.push({ kind: "jump", to: loop.head, span });
    if (test === null) loop.head.code.push(...body);
    else loop.head.code.push({ kind: "branch", test, then: body, otherwise: [], span });
    if (!loop.broken) return test === null ? null : loop.head.code;
    if (test !== null) loop.head.code.push({ kind: "jump", to: loop.after, span });
    this.place(loop.after);
    return loop.after.code;
  }
  /** A `for` keeps its own counter. Returns its test. */
  counted(statement, code, body) {
    const { span, variable } = statement;
    const int = { kind: "int" };
    const counter = {
      name: `${variable.name === "unused" ? "i" : variable.name}_next`,
      type: int,
      mutable: true
    };
    const now = { kind: "variable", variable: counter, type: int, span };
    const start = (value) => code.push({ kind: "statement", statement: { kind: "let", variable: counter, value, span } });
    const held = (value, name) => {
      if (value.kind === "literal" || value.kind === "global" || value.kind === "variable" && !value.variable.mutable)
        return value;
      const kept = { name, type: value.type, mutable: false };
      code.push({ kind: "statement", statement: { kind: "let", variable: kept, value, span } });
      return { kind: "variable", variable: kept, type: value.type, span };
    };
    const used = uses(statement.body, variable);
    if (statement.kind === "for-range") {
      const from = statement.to.kind === "literal" ? statement.from : held(statement.from, "start");
      const end = held(statement.to, "end");
      start(from);
      body.push({ kind: "take", variable: used ? variable : null, list: null, counter, span });
      return { kind: "binary", operator: "<", left: now, right: end, type: { kind: "bool" }, span };
    }
    const list2 = held(statement.iterable, `${variable.name}_list`);
    start({ kind: "literal", value: 0, type: int, span });
    body.push({ kind: "take", variable: used ? variable : null, list: list2, counter, span });
    const length = { kind: "builtin", name: "$length", arguments: [list2], type: int, span };
    return { kind: "binary", operator: "<", left: now, right: length, type: { kind: "bool" }, span };
  }
};
function uses(statements, variable) {
  for (const statement of statementsIn(statements))
    for (const operand2 of operandsOf(statement)) if (readsOf(operand2).has(variable)) return true;
  return false;
}
function escapes(statement) {
  if (statement.kind === "break" || statement.kind === "continue") return true;
  if (statement.kind !== "if") return false;
  return blocksOf(statement).some((block) => block.some(escapes));
}
function eachCode(code, visit) {
  for (const one of code) {
    visit(one);
    if (one.kind === "branch") {
      eachCode(one.then, visit);
      eachCode(one.otherwise, visit);
    }
  }
}
function fieldsOf(blocks) {
  const live = new Map(blocks.map((block) => [block, /* @__PURE__ */ new Set()]));
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = blocks.length - 1; i >= 0; i--) {
      const block = blocks[i];
      const before = live.get(block);
      const now = liveBefore(block.code, /* @__PURE__ */ new Set(), live);
      if (now.size > before.size) {
        live.set(block, now);
        changed = true;
      }
    }
  }
  const fields = /* @__PURE__ */ new Set();
  for (const block of blocks.slice(1)) for (const variable of live.get(block)) fields.add(variable);
  for (const block of blocks) {
    const { assigned, declared } = writesOf(block);
    for (const variable of assigned) if (!declared.has(variable)) fields.add(variable);
  }
  if (blocks.some((block) => leadsTo(block, blocks[0])))
    for (const variable of live.get(blocks[0])) fields.add(variable);
  return fields;
}
function writesOf(block) {
  const assigned = /* @__PURE__ */ new Set();
  const declared = /* @__PURE__ */ new Set();
  eachCode(block.code, (code) => {
    if (code.kind === "receive") (code.declares ? declared : assigned).add(code.variable);
    if (code.kind === "take" && code.variable !== null) declared.add(code.variable);
    if (code.kind !== "statement") return;
    for (const variable of declarationsIn([code.statement])) declared.add(variable);
    for (const variable of writesIn([code.statement])) assigned.add(variable);
  });
  return { assigned, declared };
}
function leadsTo(block, to) {
  let found = false;
  eachCode(block.code, (code) => {
    if (code.kind === "jump" && code.to === to || code.kind === "suspend" && code.resume === to) found = true;
  });
  return found;
}
function liveBefore(code, after, live) {
  let now = new Set(after);
  for (let i = code.length - 1; i >= 0; i--) {
    const one = code[i];
    switch (one.kind) {
      case "jump":
        now = new Set(live.get(one.to));
        break;
      case "suspend":
        now = new Set(live.get(one.resume));
        for (const operand2 of operandsOf(one.statement)) readsOf(operand2, now);
        break;
      case "receive":
        now.delete(one.variable);
        break;
      case "take":
        if (one.variable !== null) now.delete(one.variable);
        now.add(one.counter);
        if (one.list !== null) readsOf(one.list, now);
        break;
      case "branch": {
        const then = liveBefore(one.then, now, live);
        for (const variable of liveBefore(one.otherwise, now, live)) then.add(variable);
        readsOf(one.test, then);
        now = then;
        break;
      }
      case "statement": {
        const { statement } = one;
        if (statement.kind === "return") now = /* @__PURE__ */ new Set();
        const written2 = blocksOf(statement).length === 0 ? writtenBy(statement) : void 0;
        if (written2 !== void 0) now.delete(written2);
        const inside = declarationsIn([statement]);
        const reads = /* @__PURE__ */ new Set();
        for (const inner of statementsIn([statement])) for (const operand2 of operandsOf(inner)) readsOf(operand2, reads);
        for (const variable of reads) if (!inside.has(variable) || variable === written2) now.add(variable);
        break;
      }
    }
  }
  return now;
}

// ../compiler/src/emit/frame.ts
function frameClass(source, module) {
  return new FramePrinter(source, module).class();
}
var FramePrinter = class {
  constructor(source, module) {
    this.source = source;
    this.module = module;
    this.locals = new Locals(module.names, FRAME_MEMBERS);
    this.given = [...source.captures, ...source.parameters.map((p) => p.variable)];
    const { blocks, fields } = cut2(source.body);
    this.blocks = blocks;
    this.fields = /* @__PURE__ */ new Set([...this.given, ...fields]);
    for (const variable of this.fields) this.locals.nameOf(variable);
    const place = {
      locals: this.locals,
      isField: (variable) => this.fields.has(variable),
      returned: (value) => `return particle.return(${value});`,
      environment: "particle.environment"
    };
    this.printer = new Printer(module, place);
  }
  source;
  module;
  locals;
  printer;
  given;
  fields;
  blocks;
  /** Fields that the block being printed has a local name for, because a closure captures them. */
  aliased = /* @__PURE__ */ new Set();
  class() {
    const { className } = this.source;
    this.module.useValue("Frame");
    this.module.useType("Op");
    this.module.useType("Particle");
    const inBody = [...this.fields].filter((variable) => !this.given.includes(variable));
    const properties = [
      ...this.given.map((variable) => this.property(variable)),
      ...inBody.map((variable) => ({ ...this.property(variable), initializer: initialValue(variable.type) }))
    ];
    return {
      kind: kinds.class,
      name: className,
      extends: "Frame",
      properties,
      ctors: this.given.length === 0 ? [] : [
        {
          parameters: this.constructorParameters(),
          statements: [
            "super();",
            ...this.given.map((variable) => `${this.field(variable)} = ${this.name(variable)};`)
          ]
        }
      ],
      methods: [
        {
          name: "step",
          hasOverrideKeyword: true,
          parameters: [{ name: "particle", type: "Particle" }],
          returnType: "Op",
          statements: [this.steps()]
        },
        {
          name: "copy",
          scope: scopes.protected,
          hasOverrideKeyword: true,
          parameters: [],
          returnType: className,
          statements: this.copying(inBody)
        }
      ]
    };
  }
  name(variable) {
    return this.locals.nameOf(variable);
  }
  field(variable) {
    return `this.${this.name(variable)}`;
  }
  property(variable) {
    return {
      kind: kinds.property,
      scope: scopes.private,
      name: this.name(variable),
      type: this.printer.type(variable.type)
    };
  }
  constructorParameters() {
    const plainPrinter = new Printer(this.module, {
      locals: this.locals,
      isField: () => false,
      returned: String,
      environment: null
    });
    return [
      ...this.source.captures.map((variable) => ({
        kind: kinds.parameter,
        name: this.name(variable),
        type: this.printer.type(variable.type)
      })),
      ...this.source.parameters.map(({ variable, defaultValue }) => ({
        kind: kinds.parameter,
        name: this.name(variable),
        type: this.printer.type(variable.type),
        ...defaultValue === void 0 ? {} : { initializer: plainPrinter.expr(defaultValue, 1) }
      }))
    ];
  }
  copying(inBody) {
    const { className } = this.source;
    const made = `new ${className}(${this.given.map((variable) => this.field(variable)).join(", ")})`;
    if (inBody.length === 0) return [`return ${made};`];
    return [
      `const twin = ${made};`,
      ...inBody.map((variable) => `twin.${this.name(variable)} = ${this.field(variable)};`),
      "return twin;"
    ];
  }
  // ---------------------------------------------------------------------------------------------------------- steps
  steps() {
    const { blocks } = this;
    if (blocks.length === 1 && !this.jumps(blocks[0].code)) return this.block(blocks[0], void 0);
    const printed = blocks.map((block, i) => ({ block, text: this.block(block, blocks[i + 1]) }));
    const looping = printed.some(({ text }) => text.includes(JUMP));
    const cases = printed.map(({ block, text }, i) => {
      const label = i === blocks.length - 1 ? "default" : `case ${block.id}`;
      return `${label}: {
${indent(text)}
}`;
    });
    const whole = `switch (this.pc) {
${indent(cases.join("\n"))}
}`;
    return looping ? `for (;;) {
${indent(whole)}
}` : whole;
  }
  jumps(code) {
    let found = false;
    eachCode(code, (one) => {
      if (one.kind === "jump" || one.kind === "suspend") found = true;
    });
    return found;
  }
  block(block, next) {
    this.aliased = /* @__PURE__ */ new Set();
    const text = this.code(block.code, next);
    return text === "" ? "// Falls through." : text;
  }
  /** `next` is the block that control falls into at the end of the code. */
  code(code, next) {
    const lines2 = [];
    code.forEach((one, i) => {
      lines2.push(...this.aliases(one));
      const text = this.one(one, i === code.length - 1 ? next : void 0);
      if (text !== "") lines2.push(text);
    });
    return lines2.join("\n");
  }
  /** Code between braces of its own: the local names it makes end with it. */
  inner(code) {
    const outer = this.aliased;
    const text = this.code(code, void 0);
    this.aliased = outer;
    return text;
  }
  one(code, next) {
    switch (code.kind) {
      case "statement":
        return this.recursiveFunction(code.statement) ?? this.printer.statement(code.statement);
      case "receive": {
        const answer = `particle.value${typed(` as ${this.printer.type(code.variable.type)}`)}`;
        return at(code.span.start) + (code.declares ? this.printer.declare(code.variable, answer) : `${this.printer.variable(code.variable)} = ${answer};`);
      }
      case "take": {
        const counter = `${this.printer.variable(code.counter)}++`;
        const start = at(code.span.start);
        if (code.variable === null) return `${start}${counter};`;
        const value = code.list === null ? counter : `${this.printer.expr(code.list, 18)}[${counter}]`;
        return start + this.printer.declare(code.variable, value);
      }
      case "branch": {
        const test = this.printer.expr(code.test);
        const then = this.inner(code.then);
        const start = at(code.span.start);
        if (!exits(code.then)) return start + this.printer.branches(test, then, this.inner(code.otherwise));
        const rest = this.code(code.otherwise, next);
        return start + this.printer.branches(test, then, "") + (rest === "" ? "" : `
${rest}`);
      }
      case "suspend":
        return `${at(code.statement.span.start)}this.pc = ${code.resume.id};
${at(code.statement.span.start)}return ${this.suspension(code.statement)};`;
      case "jump":
        return code.to === next ? "" : `this.pc = ${code.to.id};
${JUMP}`;
    }
  }
  /** A function that calls itself does so by a local name, which the field then shares. */
  recursiveFunction(statement) {
    if (statement.kind !== "let" || statement.value.kind !== "lambda" || !this.fields.has(statement.variable))
      return void 0;
    if (statement.value.self === void 0 || !mentions(statement.value, statement.value.self)) return void 0;
    const name = this.name(statement.variable);
    this.aliased = /* @__PURE__ */ new Set([...this.aliased, statement.variable]);
    const annotation = typed(`: ${this.printer.type(statement.variable.type)}`);
    return `${at(statement.span.start)}const ${name}${annotation} = ${this.printer.expr(statement.value, 1)};
${this.field(statement.variable)} = ${name};`;
  }
  /** Local names for the fields that closures in this code capture: a closure outlives the frame it was made in. */
  aliases(code) {
    const captured = /* @__PURE__ */ new Set();
    const inExpr = (expr) => {
      for (const part of expressionsOf(expr))
        if (part.kind === "lambda") for (const variable of frameCaptures(part)) captured.add(variable);
    };
    if (code.kind === "statement") {
      for (const inner of statementsIn([code.statement])) operandsOf(inner).forEach(inExpr);
    } else if (code.kind === "suspend") operandsOf(code.statement).forEach(inExpr);
    else if (code.kind === "branch") inExpr(code.test);
    const lines2 = [];
    const aliased = new Set(this.aliased);
    for (const variable of captured) {
      if (!this.fields.has(variable) || aliased.has(variable)) continue;
      if (code.kind === "statement" && code.statement.kind === "let" && code.statement.variable === variable) continue;
      aliased.add(variable);
      lines2.push(`const ${this.name(variable)} = ${this.field(variable)};`);
    }
    this.aliased = aliased;
    return lines2;
  }
  suspension(statement) {
    const { printer, module } = this;
    const arg = (expr) => printer.expr(expr, 1);
    if (statement.kind === "enter") return this.entering(statement);
    if (statement.kind === "apply") {
      module.useValue("frames");
      return `particle.call(frames.${statement.name}(${printer.args(statement.arguments)}))`;
    }
    const site = module.site(statement.site);
    switch (statement.kind) {
      case "draw": {
        const proposal2 = statement.proposal === void 0 ? "" : `, ${arg(statement.proposal)}`;
        return `particle.sample(${arg(statement.distribution)}, ${site}${proposal2})`;
      }
      case "observe":
        return `particle.observe(${arg(statement.distribution)}, ${arg(statement.value)}, ${site})`;
      case "condition":
        return `particle.condition(${arg(statement.test)}, ${site})`;
      case "factor":
        return `particle.factor(${arg(statement.weight)}, ${site})`;
      case "twist":
        return `particle.twist(${arg(statement.weight)}, ${site})`;
      case "step":
        return `particle.step(${site})`;
      case "ask":
        if (statement.request.kind === "lm") return `particle.ask(${arg(statement.request.call)}, ${site})`;
        module.useValue("hostCall");
        return `particle.ask(hostCall(${arg(statement.request.callee)}, [${printer.args(statement.request.arguments)}], ${JSON.stringify(statement.request.name)}), ${site})`;
      case "infer": {
        module.useValue("inferRequest");
        module.useType("Model");
        const model = module.global(statement.model);
        if (statement.method === void 0) throw new Error("No method has been chosen for `infer`.");
        return `particle.ask(inferRequest(${model}${typed(" as Model")}, [${printer.args(statement.arguments)}], ${printer.method(statement.method)}), ${site})`;
      }
    }
  }
  entering(statement) {
    const { printer, module } = this;
    const { callee } = statement;
    if (callee.kind === "global") {
      const frame = module.frameOf(callee.global);
      if (frame !== void 0) return `particle.call(new ${frame}(${printer.args(statement.arguments)}))`;
      if (callee.global.kind === "model")
        return `particle.call(${module.global(callee.global)}.start(${printer.args(statement.arguments)}))`;
      return `particle.call(${module.global(callee.global)}.enter([${printer.args(statement.arguments)}]))`;
    }
    module.useValue("enterAny");
    return `enterAny(particle, ${printer.expr(callee, 1)}, [${printer.args(statement.arguments)}])`;
  }
};
var JUMP = "continue;";
function frameCaptures(lambda) {
  const captures = [...capturesOf(lambda)];
  return lambda.suspends && lambda.self !== void 0 && mentions(lambda, lambda.self) ? [...captures, lambda.self] : captures;
}
function mentions(lambda, variable) {
  for (const statement of statementsIn(lambda.body)) {
    for (const operand2 of operandsOf(statement)) {
      for (const part of expressionsOf(operand2))
        if (part.kind === "variable" && part.variable === variable) return true;
    }
  }
  return false;
}
function exits(code) {
  const last = code[code.length - 1];
  switch (last?.kind) {
    case "jump":
    case "suspend":
      return true;
    case "branch":
      return exits(last.then) && exits(last.otherwise);
    case "statement":
      return leavesFunction(last.statement);
    default:
      return false;
  }
}
function leavesFunction(statement) {
  if (statement.kind === "return") return true;
  if (statement.kind === "expression") return statement.value.type.kind === "never";
  return statement.kind === "if" && blocksOf(statement).every((block) => block.length > 0 && leavesFunction(block[block.length - 1]));
}
function initialValue(type) {
  switch (type.kind) {
    case "int":
      return "0";
    case "float":
      return "NaN";
    case "bool":
      return "false";
    case "string":
      return '""';
    default:
      return `undefined${typed("!")}`;
  }
}

// ../compiler/src/emit/host-types.ts
function hostType(type) {
  return differs(type) ? written(type) : void 0;
}
function written(type) {
  switch (type.kind) {
    case "int":
    case "float":
      return '"number"';
    case "bool":
      return '"boolean"';
    case "string":
    case "literal":
      return '"string"';
    case "none":
      return stringLiteral(type.host ?? "null");
    case "list":
      return `{ list: ${written(type.element)} }`;
    case "tuple":
      return `{ tuple: [${type.elements.map(written).join(", ")}] }`;
    case "map":
      return `{ map: [${written(type.key)}, ${written(type.value)}] }`;
    case "record":
      return `{ record: { ${[...type.fields].map(([name, { type: field }]) => `${propertyKey(name)}: ${written(field)}`).join(", ")} } }`;
    case "union":
      return `{ union: [${type.members.map(written).join(", ")}] }`;
    default:
      return '"other"';
  }
}
function differs(type) {
  switch (type.kind) {
    case "none":
      return type.host === "undefined";
    case "map":
      return true;
    case "list":
      return differs(type.element);
    case "tuple":
      return type.elements.some(differs);
    case "record":
      return [...type.fields.values()].some((field) => differs(field.type));
    case "union":
      return type.members.some(differs);
    default:
      return false;
  }
}

// ../compiler/src/emit/module.ts
var OWN_EXPORTS = /* @__PURE__ */ new Set(["lms", "queries", "proposals"]);
function buildModule(program, module) {
  return new ModuleBuilder(program, module).build();
}
var ModuleBuilder = class {
  constructor(program, module) {
    this.program = program;
    this.module = module;
    this.starts = lineStarts(module.text);
    this.shownFile = relative(dirname2(program.entry), module.file).split(sep).join("/");
  }
  program;
  module;
  names = new Names(null, OWN_EXPORTS);
  globals = /* @__PURE__ */ new Map();
  frames = /* @__PURE__ */ new Map();
  sites = /* @__PURE__ */ new Map();
  values = /* @__PURE__ */ new Set();
  typeNames = /* @__PURE__ */ new Set();
  declaredTypes = /* @__PURE__ */ new Map();
  classes = [];
  starts;
  /** As sites name it: relative to where the program begins, so that output does not depend on the machine. */
  shownFile;
  current = "";
  /** The sites of the function being built. */
  ownSites = [];
  build() {
    const { module } = this;
    this.nameAll();
    const functions = module.functions.flatMap((fn) => this.function(fn));
    const [early, late] = this.constants();
    const queries = this.queries(module.queries);
    const statements = [
      ...this.types(),
      ...this.siteConstants(),
      ...this.lms(),
      ...early,
      ...functions,
      ...late,
      ...this.proposals(),
      ...queries,
      ...this.renamedExports()
    ];
    const imported = module.imports.flatMap((i) => this.import(i));
    const imports = [...this.preludeImports(), ...imported];
    return {
      statements: [...imports, ...statements],
      declarations: this.declarations(),
      dependencies: unique(module.imports.flatMap((i) => i.kind === "pgl" && i.file !== void 0 ? [i.file] : [])),
      hosts: unique(module.imports.filter((i) => i.kind === "host").map((i) => i.specifier))
    };
  }
  // -------------------------------------------------------------------------------------------------------- context
  useValue(name) {
    this.values.add(name);
  }
  useType(name) {
    this.typeNames.add(name);
  }
  nameOf(type) {
    if (this.declaredTypes.size === 0) return void 0;
    if (!["record", "union", "tuple", "function"].includes(type.kind)) return void 0;
    return this.declaredTypes.get(structural(type));
  }
  global(global) {
    const name = this.globals.get(global);
    if (name === void 0)
      throw new Error(`${global.kind} \`${global.name}\` of ${global.module} is not known in ${this.module.file}.`);
    return name;
  }
  frameOf(global) {
    return this.frames.get(global);
  }
  site(site) {
    let name = this.sites.get(site);
    if (name !== void 0) return name;
    const place = /@(\d+):\d+$/.exec(site.name);
    const words = place === null ? constantCase(site.name) : `${site.kind.toUpperCase()}_${place[1]}`;
    name = this.names.take(words === site.name ? `${words}_SITE` : words);
    this.sites.set(site, name);
    this.useValue("site");
    this.ownSites.push(site);
    return name;
  }
  closure(lambda) {
    const className = this.names.take(
      `${pascal(this.current)}${lambda.name === void 0 ? "Lambda" : pascal(lambda.name)}Frame`
    );
    const captures = frameCaptures(lambda);
    this.classes.push(frameClass({ className, captures, parameters: lambda.parameters, body: lambda.body }, this));
    return { className, captures };
  }
  // ---------------------------------------------------------------------------------------------------------- names
  nameAll() {
    const { module } = this;
    for (const { names: names2 } of module.imports) for (const { global } of names2) this.claim(global);
    const [own, hoisted] = [
      module.constants.filter((c) => c.hoisted !== true),
      module.constants.filter((c) => c.hoisted === true)
    ];
    for (const { global } of [...module.lms, ...own, ...module.functions]) this.claim(global);
    for (const { global } of hoisted) this.globals.set(global, this.names.take(constantCase(global.name)));
    for (const fn of module.functions) {
      if (fn.global.suspends) this.frames.set(fn.global, this.names.take(`${pascal(fn.global.name)}Frame`));
    }
    for (const { name, type } of module.types) {
      if (["record", "union", "tuple", "function"].includes(type.kind))
        this.declaredTypes.set(structural(type), this.typeName(name));
    }
  }
  claim(global) {
    if (!this.globals.has(global)) this.globals.set(global, this.names.take(global.name));
  }
  typeNamesTaken = /* @__PURE__ */ new Map();
  typeName(name) {
    let taken = this.typeNamesTaken.get(name);
    if (taken === void 0) this.typeNamesTaken.set(name, taken = this.names.take(name));
    return taken;
  }
  printer(locals = new Locals(this.names)) {
    return new Printer(this, plainPlace(locals));
  }
  type(type) {
    return typeScriptOf(type, this);
  }
  /** Exported where it stands when its name is its own; otherwise by `renamedExports`. */
  isExportedHere(global) {
    return this.globals.get(global) === global.name && !OWN_EXPORTS.has(global.name);
  }
  renamedExports() {
    const { lms, constants, functions } = this.module;
    const renamed = [...lms, ...constants.filter((c) => c.hoisted !== true), ...functions].filter(
      ({ global }) => !this.isExportedHere(global)
    );
    if (renamed.length === 0) return [];
    return [
      {
        kind: kinds.export,
        namedExports: renamed.map(({ global }) => ({
          name: this.global(global),
          alias: OWN_EXPORTS.has(global.name) ? `${global.name}_` : global.name
        }))
      }
    ];
  }
  // -------------------------------------------------------------------------------------------------------- imports
  preludeImports() {
    const values = PRELUDE_VALUES.filter((name) => this.values.has(name));
    const types = PRELUDE_TYPES.filter((name) => this.typeNames.has(name));
    if (values.length + types.length === 0) return [];
    return [
      {
        kind: kinds.import,
        moduleSpecifier: "@pgl/core/prelude",
        namedImports: [...values.map((name) => ({ name })), ...types.map((name) => ({ name, isTypeOnly: true }))]
      }
    ];
  }
  import({ kind: kind2, specifier, names: names2 }) {
    if (names2.length === 0) return [];
    const converted = [];
    const named = names2.map(({ imported, global }) => {
      const exported = kind2 === "pgl" && OWN_EXPORTS.has(imported) ? `${imported}_` : imported;
      let local = this.global(global);
      const conversion = kind2 === "host" ? this.hostConversion(global) : void 0;
      if (conversion !== void 0) {
        const theirs = this.names.take(`${local}InTypeScript`);
        converted.push(constant2(local, conversion(theirs)));
        local = theirs;
      }
      return local === exported ? { name: exported } : { name: exported, alias: local };
    });
    return [{ kind: kinds.import, moduleSpecifier: specifier, namedImports: named }, ...converted];
  }
  /** What makes a host's function or constant one of the program's, where values differ between the two. */
  hostConversion({ type, suspends: suspends2 }) {
    if (type.kind !== "function") {
      const shape = hostType(type);
      if (shape === void 0) return void 0;
      this.useValue("hostValue");
      return (theirs) => `hostValue${typed(`<${this.type(type)}>`)}(${theirs}, ${shape})`;
    }
    const { parameters, result } = type;
    if ([...parameters.map((p) => p.type), result].every((t) => hostType(t) === void 0)) return void 0;
    this.useValue("hostFunction");
    const shapes = `[${parameters.map((p) => written(p.type)).join(", ")}], ${written(result)}`;
    const signature = suspends2 ? "" : typed(`<${this.type(type)}>`);
    return (theirs) => `hostFunction${signature}(${theirs}, ${shapes})`;
  }
  // ---------------------------------------------------------------------------------------------------- declarations
  types() {
    return this.module.types.map(({ name, type, doc }) => ({
      kind: kinds.typeAlias,
      name: this.typeName(name),
      isExported: true,
      docs: docs(doc),
      type: typeScriptOf(type, this, false)
    }));
  }
  siteConstants() {
    return inOrder2([...this.sites.keys()]).map((site) => {
      const { name, kind: kind2, span } = site;
      const { line, column } = locate(this.starts, span.start);
      const place = `file: ${stringLiteral(this.shownFile)}, line: ${line}, column: ${column}, start: ${span.start}, end: ${span.end}`;
      return constant2(
        this.sites.get(site),
        `${at(span.start)}site({ name: ${stringLiteral(name)}, kind: "${kind2}", ${place} })`
      );
    });
  }
  lms() {
    const { lms } = this.module;
    if (lms.length === 0) return [];
    this.useValue("lm");
    const made = lms.map(
      ({ global, spec, doc, span }) => constant2(this.global(global), `${at(span.start)}lm(${stringLiteral(global.name)}, ${stringLiteral(spec)})`, {
        exported: this.isExportedHere(global),
        doc
      })
    );
    const list2 = `[${lms.map(({ global }) => this.global(global)).join(", ")}]`;
    return [...made, constant2("lms", list2, { exported: true })];
  }
  /** Constants before the functions that use them, and after those whose values they hold. */
  constants() {
    const late = /* @__PURE__ */ new Set();
    const groups = [[], []];
    for (const value of this.module.constants) {
      const isLate = [...expressionsOf(value.value)].some(
        (part) => part.kind === "global" && (late.has(part.global) || part.global.module === this.module.file && part.global.suspends)
      );
      if (isLate) late.add(value.global);
      const made = this.constant(value);
      groups[isLate ? 1 : 0].push(...this.closureClasses(), made);
    }
    return groups;
  }
  constant({ global, value, doc, span, hoisted }) {
    this.current = global.name;
    const text = at(span.start) + this.printer().expr(value, 1);
    const annotated = hoisted !== true && value.kind !== "distribution" && value.kind !== "lambda";
    return constant2(this.global(global), text, {
      exported: hoisted !== true && this.isExportedHere(global),
      doc,
      ...annotated ? { type: this.type(global.type) } : {}
    });
  }
  function(fn) {
    this.current = fn.global.name;
    this.ownSites = [];
    if (!fn.global.suspends) {
      const plainFunction = this.plainFunction(fn);
      return [...this.closureClasses(), plainFunction];
    }
    const className = this.frames.get(fn.global);
    const frame = frameClass({ className, captures: [], parameters: fn.parameters, body: fn.body }, this);
    const maker = fn.global.kind === "function" ? this.closureConstant(fn, className) : this.modelConstant(fn, className);
    return [...this.closureClasses(), frame, maker];
  }
  /** The classes of the closures met since this was last asked. */
  closureClasses() {
    return this.classes.splice(0);
  }
  plainFunction(fn) {
    const locals = new Locals(this.names);
    const printer = this.printer(locals);
    const parameters = fn.parameters.map(({ variable, defaultValue }) => ({
      kind: kinds.parameter,
      name: locals.nameOf(variable),
      type: this.type(variable.type),
      ...defaultValue === void 0 ? {} : { initializer: printer.expr(defaultValue, 1) }
    }));
    return {
      kind: kinds.function,
      name: this.global(fn.global),
      isExported: this.isExportedHere(fn.global),
      docs: docs(fn.doc),
      parameters,
      returnType: resultOf(fn.result, (t) => this.type(t)),
      statements: [printer.statements(fn.body)]
    };
  }
  /** A function that may suspend, as a value for other modules and for calls by value. */
  closureConstant(fn, className) {
    this.useType("Closure");
    const local = new Names(this.names);
    const names2 = fn.parameters.map(({ variable }) => local.take(variable.name));
    const args = fn.parameters.map(({ variable, defaultValue }, i) => {
      const optional2 = defaultValue === void 0 ? "" : " | undefined";
      return names2[i] + typed(` as ${this.type(variable.type)}${optional2}`);
    });
    const taken = names2.length === 0 ? "()" : `([${names2.join(", ")}])`;
    return constant2(
      this.global(fn.global),
      `{ kind: "closure", enter: ${taken} => new ${className}(${args.join(", ")}) }`,
      {
        exported: this.isExportedHere(fn.global),
        type: "Closure",
        doc: fn.doc
      }
    );
  }
  modelConstant(fn, className) {
    this.useValue("defineModel");
    const local = new Names(this.names);
    const names2 = fn.parameters.map(({ variable }) => local.take(variable.name)).join(", ");
    const described = fn.parameters.map(
      ({ variable, defaultValue }) => `{ name: ${stringLiteral(variable.name)}, type: ${stringLiteral(showType(variable.type))}, optional: ${defaultValue !== void 0} }`
    );
    const fields = [
      `name: ${stringLiteral(fn.global.name)},`,
      `parameters: [${described.join(", ")}],`,
      `sites: [${inOrder2(this.ownSites).map((site) => this.site(site)).join(", ")}],`,
      `start: (${names2}) => new ${className}(${names2}),`
    ];
    const generic = typed(`<${this.signature(fn)}, ${this.type(fn.result)}>`);
    return constant2(
      this.global(fn.global),
      `${at(fn.span.start)}defineModel${generic}({
${indent(fields.join("\n"))}
})`,
      {
        exported: this.isExportedHere(fn.global),
        doc: fn.doc
      }
    );
  }
  /** `[hero: string, words?: number]`. */
  signature(fn, uses2 = this) {
    return `[${fn.parameters.map(
      ({ variable, defaultValue }) => `${variable.name}${defaultValue === void 0 ? "" : "?"}: ${typeScriptOf(variable.type, uses2)}`
    ).join(", ")}]`;
  }
  proposals() {
    const guides = this.module.functions.filter((fn) => fn.global.kind === "proposal");
    if (guides.length === 0) return [];
    const entries = guides.map((fn) => {
      const name = this.global(fn.global);
      const key = name === fn.global.name ? `${name}: ` : `${stringLiteral(fn.global.name)}: `;
      return `${key}{ model: ${name}, target: ${stringLiteral(fn.target?.name ?? "")} },`;
    });
    return [constant2("proposals", `{
${indent(entries.join("\n"))}
}`, { exported: true })];
  }
  queries(queries) {
    if (queries.length === 0) return [];
    this.useType("Query");
    const printed = queries.map((query) => {
      this.current = query.name;
      const printer = this.printer();
      const fields = [
        `name: ${stringLiteral(query.name)},`,
        `model: ${this.global(query.model)},`,
        `args: () => [${printer.args(query.arguments)}],`,
        `method: () => ${query.method === void 0 ? "undefined" : printer.method(query.method)},`,
        `site: ${this.site(query.site)},`
      ];
      return `${at(query.span.start)}{
${indent(fields.join("\n"))}
}`;
    });
    return [
      ...this.closureClasses(),
      constant2("queries", `[
${indent(printed.join(",\n"))},
]`, { exported: true, type: "readonly Query[]" })
    ];
  }
  // ------------------------------------------------------------------------------------------- types for TypeScript users
  declarations() {
    const types = /* @__PURE__ */ new Set();
    let maps = false;
    const uses2 = {
      useType: (name) => types.add(name),
      useValue: () => maps = true,
      nameOf: (type) => this.nameOf(type)
    };
    const show = (type) => typeScriptOf(type, uses2);
    const { module } = this;
    const statements = module.types.map(({ name, type, doc }) => ({
      kind: kinds.typeAlias,
      name: this.typeName(name),
      isExported: true,
      docs: docs(doc),
      type: typeScriptOf(type, uses2, false)
    }));
    const declare = (global, type, doc) => statements.push(
      constant2(this.global(global), void 0, {
        exported: this.isExportedHere(global),
        declare: true,
        type,
        ...doc === void 0 ? {} : { doc }
      })
    );
    for (const { global, doc } of module.lms) {
      types.add("LanguageModelAlias");
      declare(global, "LanguageModelAlias", doc);
    }
    for (const { global, hoisted, doc } of module.constants)
      if (hoisted !== true) declare(global, show(global.type), doc);
    for (const fn of module.functions) {
      if (fn.global.kind !== "function") {
        types.add("Model");
        declare(fn.global, `Model<${this.signature(fn, uses2)}, ${show(fn.result)}>`, fn.doc);
      } else if (fn.global.suspends) {
        types.add("Closure");
        declare(fn.global, "Closure", fn.doc);
      } else {
        const local = new Names();
        const parameters = fn.parameters.map(
          ({ variable, defaultValue }) => `${local.take(variable.name)}${defaultValue === void 0 ? "" : "?"}: ${show(variable.type)}`
        ).join(", ");
        declare(fn.global, `(${parameters}) => ${resultOf(fn.result, show)}`, fn.doc);
      }
    }
    if (module.lms.length > 0)
      statements.push(
        constant2("lms", void 0, { exported: true, declare: true, type: "readonly LanguageModelAlias[]" })
      );
    if (module.functions.some((fn) => fn.global.kind === "proposal")) {
      types.add("Model");
      statements.push(
        constant2("proposals", void 0, {
          exported: true,
          declare: true,
          type: "Readonly<Record<string, { readonly model: Model; readonly target: string }>>"
        })
      );
    }
    if (module.queries.length > 0) {
      types.add("Query");
      statements.push(constant2("queries", void 0, { exported: true, declare: true, type: "readonly Query[]" }));
    }
    statements.push(...this.renamedExports());
    const imported = [...PRELUDE_TYPES.filter((name) => types.has(name)), ...maps ? ["ValueMap"] : []];
    if (imported.length === 0) return statements;
    return [
      {
        kind: kinds.import,
        isTypeOnly: true,
        moduleSpecifier: "@pgl/core/prelude",
        namedImports: imported.map((name) => ({ name }))
      },
      ...statements
    ];
  }
};
var noUses = { useType: () => {
}, useValue: () => {
}, nameOf: () => void 0 };
var keys = /* @__PURE__ */ new WeakMap();
function structural(type) {
  let key = keys.get(type);
  if (key === void 0) keys.set(type, key = typeScriptOf(type, noUses));
  return key;
}
var inOrder2 = (sites) => [...sites].sort((a2, b) => a2.span.start - b.span.start);
var unique = (xs) => [...new Set(xs)];

// ../compiler/src/emit/source-map.ts
import { addMapping, GenMapping, setSourceContent, toEncodedMap } from "@jridgewell/gen-mapping";
function sourceMap(generated, source, sourceText, positions) {
  const starts = lineStarts(sourceText);
  const map2 = new GenMapping({ file: generated });
  setSourceContent(map2, source, sourceText);
  for (const { line, column, offset } of positions) {
    const original = locate(starts, offset);
    addMapping(map2, {
      generated: { line: line + 1, column },
      source,
      original: { line: original.line, column: original.column - 1 }
    });
  }
  return toEncodedMap(map2);
}

// ../compiler/src/emit/typescript.ts
async function printTypeScript(statements) {
  return strip2(await print(statements.map(forTypeScript)));
}
async function printDeclarations(statements) {
  return strip2(await print(statements.map(forTypeScript))).text;
}
async function print(statements) {
  const { Project, IndentationText } = await import("ts-morph");
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces }
  });
  const structure = {
    statements: mapStrings(statements.map(inLines), toComments)
  };
  return project.createSourceFile("module.ts", structure).getFullText();
}
function inLines(statement) {
  if (statement.kind !== kinds.variable) return statement;
  const [declaration] = statement.declarations;
  const initializer = String(declaration.initializer ?? "");
  if (!initializer.includes("\n")) return statement;
  const type = declaration.type === void 0 ? "" : `: ${String(declaration.type)}`;
  const doc = (statement.docs ?? []).map((text) => `/** ${text.split("\n").join("\n * ")} */
`).join("");
  return `${doc}${statement.isExported === true ? "export " : ""}const ${declaration.name}${type} = ${initializer};`;
}
function forTypeScript(statement) {
  if (statement.kind !== kinds.import) return statement;
  const { moduleSpecifier } = statement;
  if (moduleSpecifier.endsWith(".pgl")) return { ...statement, moduleSpecifier: `${moduleSpecifier}.js` };
  return { ...statement, moduleSpecifier: moduleSpecifier.replace(/\.(m|c)?tsx?$/, ".$1js") };
}
function toComments(marked) {
  let text = "";
  for (const piece of pieces(marked)) {
    if (piece.kind === "position") text += `/*\uE000${piece.offset.toString(36)}\uE001*/`;
    else text += piece.text;
  }
  return text;
}
function strip2(commented) {
  const positions = [];
  const lines2 = commented.split("\n").map((line, number) => {
    let text = "";
    let from = 0;
    for (const match of line.matchAll(/\/\*\uE000([0-9a-z]+)\uE001\*\//g)) {
      text += line.slice(from, match.index);
      positions.push({ line: number, column: text.length, offset: parseInt(match[1], 36) });
      from = (match.index ?? 0) + match[0].length;
    }
    return text + line.slice(from);
  });
  return { text: lines2.join("\n"), positions };
}
function mapStrings(value, replace2) {
  if (typeof value === "string") return replace2(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, replace2));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, replace2)]));
  }
  return value;
}

// ../compiler/src/emit/index.ts
function emit(program) {
  return program.modules.map((module) => new Emitted(module, buildModule(program, module)));
}
var Emitted = class {
  file;
  javascript;
  dependencies;
  hosts;
  #positions;
  #structure;
  #text;
  #map = null;
  constructor(module, structure) {
    this.file = module.file;
    this.#text = module.text;
    this.#structure = structure;
    const { text, positions } = printJavaScript(structure.statements);
    this.javascript = text;
    this.#positions = positions;
    this.dependencies = structure.dependencies;
    this.hosts = structure.hosts;
  }
  get map() {
    return this.#map ??= sourceMap(`${this.file}.js`, this.file, this.#text, this.#positions);
  }
  async typescript() {
    const { text, positions } = await printTypeScript(this.#structure.statements);
    const declarations = await printDeclarations(this.#structure.declarations);
    return { text, declarations, map: sourceMap(`${this.file}.ts`, this.file, this.#text, positions) };
  }
};

// ../compiler/src/ir/facts.ts
function callsOut(expr) {
  for (const part of expressionsOf(expr))
    if (part.kind === "call" && (part.host || part.callee.kind !== "global")) return true;
  return false;
}
var TOTAL = /* @__PURE__ */ new Set([
  ..."abs sqrt exp log log1p expm1 floor ceil round trunc sigmoid logit sin cos tan tanh atan2 is_nan is_finite float".split(
    " "
  ),
  ..."len contains starts_with ends_with index_of lower upper trim chars words lines reverse text string show".split(
    " "
  ),
  ..."push concat take drop first last slice sum log_sum_exp unique zip indexed get has keys values entries".split(" "),
  ..."is_none parse_int parse_float".split(" ")
]);
var TOTAL_WITH = { min: 2, max: 2 };
var Facts = class {
  functions = /* @__PURE__ */ new Map();
  total = /* @__PURE__ */ new Map();
  constructor(program) {
    for (const module of program.modules) for (const fn of module.functions) this.functions.set(fn.global, fn);
  }
  functionOf(global) {
    return this.functions.get(global);
  }
  /** May evaluating the expression fail, never end, or have an effect outside? */
  mayFail(expr) {
    switch (expr.kind) {
      case "lambda":
      case "eos":
      case "literal":
      case "variable":
      case "global":
      case "builtin-value":
      case "shape":
        return expr.kind === "shape" && this.mayFail(expr.value);
      case "builtin":
        if (!TOTAL.has(expr.name) && TOTAL_WITH[expr.name] !== expr.arguments.length) return true;
        break;
      case "binary":
        if (expr.operator === "//" || expr.operator === "%" || expr.operator === "^") return true;
        break;
      case "call":
        if (expr.host || expr.callee.kind !== "global" || this.functionMayFail(expr.callee.global)) return true;
        break;
      case "matches":
        if (!alwaysTestable(expr)) return true;
        break;
      case "distribution":
      case "restrict":
      case "constraint":
        return true;
      case "lm":
        if (expr.method !== "context" && expr.method !== "next") return true;
        break;
    }
    return childrenOf(expr).some((child) => this.mayFail(child));
  }
  functionMayFail(global) {
    const known2 = this.total.get(global);
    if (known2 !== void 0) return !known2;
    const fn = this.functions.get(global);
    if (fn === void 0 || global.suspends) return true;
    this.total.set(global, false);
    const fails = this.statementsMayFail(fn.body) || fn.parameters.some((p) => p.defaultValue !== void 0 && this.mayFail(p.defaultValue));
    this.total.set(global, !fails);
    return fails;
  }
  statementsMayFail(statements) {
    for (const statement of statementsIn(statements)) {
      if (statement.kind === "while" || isSuspension(statement)) return true;
      if (operandsOf(statement).some((operand2) => this.mayFail(operand2))) return true;
    }
    return false;
  }
};
function alwaysTestable(expr) {
  const check2 = (constraint) => {
    switch (constraint.kind) {
      case "constant":
        return !constraint.needsRun;
      case "regex":
      case "text":
        return true;
      case "call":
        return constraint.name !== "tokens" && constraint.arguments.every((a2) => a2.kind === "literal");
      case "not":
        return check2(constraint.operand);
      default:
        return constraint.operands.every(check2);
    }
  };
  return check2(expr.constraint);
}
var domainOf2 = (type) => type.kind === "dist" ? type.domain : type.kind === "posterior" ? "finite" : "unknown";

// ../compiler/src/ir/rewrite.ts
function mapChildren(expr, f, block = (statements) => statements) {
  const all = (exprs) => exprs.map(f);
  const some = (exprs) => exprs.map((e) => e === void 0 ? e : f(e));
  switch (expr.kind) {
    case "literal":
    case "eos":
    case "variable":
    case "global":
    case "builtin-value":
      return expr;
    case "list":
    case "tuple":
      return { ...expr, elements: all(expr.elements) };
    case "record":
      return { ...expr, fields: expr.fields.map((field) => ({ ...field, value: f(field.value) })) };
    case "map":
      return { ...expr, entries: expr.entries.map(({ key, value }) => ({ key: f(key), value: f(value) })) };
    case "template":
      return { ...expr, expressions: all(expr.expressions) };
    case "unary":
      return { ...expr, operand: f(expr.operand) };
    case "binary":
      return { ...expr, left: f(expr.left), right: f(expr.right) };
    case "conditional":
      return { ...expr, test: f(expr.test), then: f(expr.then), otherwise: f(expr.otherwise) };
    case "builtin":
    case "distribution":
      return { ...expr, arguments: some(expr.arguments) };
    case "lm":
      return {
        ...expr,
        model: f(expr.model),
        positional: all(expr.positional),
        named: expr.named.map(({ name, value }) => ({ name, value: f(value) }))
      };
    case "call":
      return { ...expr, callee: f(expr.callee), arguments: some(expr.arguments) };
    case "field":
    case "element":
      return { ...expr, object: f(expr.object) };
    case "lambda":
      return { ...expr, parameters: mapParameters(expr.parameters, f), body: block(expr.body) };
    case "matches":
      return { ...expr, value: f(expr.value), constraint: mapConstraint(expr.constraint, f) };
    case "shape":
      return { ...expr, value: f(expr.value) };
    case "constraint":
      return { ...expr, constraint: mapConstraint(expr.constraint, f) };
    case "restrict":
      return { ...expr, distribution: f(expr.distribution), predicate: f(expr.predicate) };
  }
}
function mapParameters(parameters, f) {
  return parameters.map((p) => p.defaultValue === void 0 ? p : { ...p, defaultValue: f(p.defaultValue) });
}
function mapConstraint(constraint, f) {
  switch (constraint.kind) {
    case "regex":
    case "constant":
      return constraint;
    case "text":
      return { ...constraint, value: f(constraint.value) };
    case "call":
      return { ...constraint, arguments: constraint.arguments.map(f) };
    case "not":
      return { ...constraint, operand: mapConstraint(constraint.operand, f) };
    case "and":
    case "or":
      return { ...constraint, operands: constraint.operands.map((operand2) => mapConstraint(operand2, f)) };
  }
}
var mapMethod = (method, f) => ({
  ...method,
  options: method.options.map(({ name, value }) => ({ name, value: f(value) }))
});
function mapStatement(statement, f, block) {
  const some = (exprs) => exprs.map((e) => e === void 0 ? e : f(e));
  switch (statement.kind) {
    case "let":
    case "assign":
    case "expression":
    case "return":
      return { ...statement, value: f(statement.value) };
    case "declare":
    case "break":
    case "continue":
    case "step":
      return statement;
    case "if":
      return {
        ...statement,
        test: f(statement.test),
        then: block(statement.then),
        otherwise: block(statement.otherwise)
      };
    case "while":
      return { ...statement, test: f(statement.test), body: block(statement.body) };
    case "for-range":
      return { ...statement, from: f(statement.from), to: f(statement.to), body: block(statement.body) };
    case "for-each":
      return { ...statement, iterable: f(statement.iterable), body: block(statement.body) };
    case "condition":
      return { ...statement, test: f(statement.test) };
    case "draw":
      return {
        ...statement,
        distribution: f(statement.distribution),
        proposal: statement.proposal === void 0 ? void 0 : f(statement.proposal)
      };
    case "observe":
      return { ...statement, value: f(statement.value), distribution: f(statement.distribution) };
    case "factor":
    case "twist":
      return { ...statement, weight: f(statement.weight) };
    case "enter":
      return { ...statement, callee: f(statement.callee), arguments: some(statement.arguments) };
    case "apply":
      return { ...statement, arguments: some(statement.arguments) };
    case "ask":
      return statement.request.kind === "lm" ? { ...statement, request: { ...statement.request, call: f(statement.request.call) } } : {
        ...statement,
        request: {
          ...statement.request,
          callee: f(statement.request.callee),
          arguments: some(statement.request.arguments)
        }
      };
    case "infer":
      return {
        ...statement,
        arguments: some(statement.arguments),
        method: statement.method && mapMethod(statement.method, f)
      };
  }
}
function mapFunctions(program, f) {
  return {
    ...program,
    modules: program.modules.map((module) => ({ ...module, functions: module.functions.map((fn) => f(fn, module)) }))
  };
}
function mapBlocks(program, block) {
  const inFunction = (fn) => {
    const expression = (expr) => mapChildren(expr, expression, blocks);
    const blocks = (statements) => block(
      statements.map((statement) => mapStatement(statement, expression, blocks)),
      fn
    );
    return { blocks, expression };
  };
  return {
    ...program,
    modules: program.modules.map((module) => ({
      ...module,
      constants: module.constants.map((c) => ({ ...c, value: inFunction(null).expression(c.value) })),
      functions: module.functions.map((fn) => ({ ...fn, body: inFunction(fn).blocks(fn.body) }))
    }))
  };
}
function substitute(expr, replace2) {
  const expression = (e) => e.kind === "variable" ? replace2(e) ?? e : mapChildren(e, expression, blocks);
  const blocks = (statements) => statements.map((statement) => mapStatement(statement, expression, blocks));
  return expression(expr);
}

// ../compiler/src/ir/lower/defaults.ts
function chooseMethods(program) {
  const enumerable = new Enumerable(program);
  const chosen = mapBlocks(
    program,
    (statements) => statements.map(
      (statement) => statement.kind === "infer" && statement.method === void 0 ? { ...statement, method: enumerable.has(statement.model) ? enumerate(statement.span) : smc(statement.span) } : statement
    )
  );
  return {
    ...chosen,
    modules: chosen.modules.map((module) => ({
      ...module,
      queries: module.queries.map(
        (query) => query.method === void 0 && enumerable.has(query.model) ? { ...query, method: enumerate(query.span) } : query
      )
    }))
  };
}
var enumerate = (span) => ({ name: "enumerate", options: [], span });
var smc = (span) => {
  const particles = { kind: "literal", value: 100, type: { kind: "int" }, span };
  return { name: "smc", options: [{ name: "particles", value: particles }], span };
};
var Enumerable = class {
  functions = /* @__PURE__ */ new Map();
  known = /* @__PURE__ */ new Map();
  constructor(program) {
    for (const module of program.modules) for (const fn of module.functions) this.functions.set(fn.global, fn);
  }
  has(global) {
    const known2 = this.known.get(global);
    if (known2 !== void 0) return known2;
    this.known.set(global, false);
    const fn = this.functions.get(global);
    const finite2 = fn !== void 0 && this.block(fn.body, false);
    this.known.set(global, finite2);
    return finite2;
  }
  block(statements, repeated) {
    return statements.every((statement) => this.statement(statement, repeated));
  }
  statement(statement, repeated) {
    for (const operand2 of operandsOf(statement)) {
      for (const part of expressionsOf(operand2)) if (part.kind === "lambda" && part.suspends) return false;
    }
    switch (statement.kind) {
      case "draw":
        return !repeated && domainOf2(statement.distribution.type) === "finite";
      case "enter": {
        const { callee } = statement;
        return !repeated && callee.kind === "global" && this.has(callee.global);
      }
      case "apply":
        return statement.name === "log_prob";
      case "if":
        return this.block(statement.then, repeated) && this.block(statement.otherwise, repeated);
      case "for-each":
      case "for-range":
      case "while":
        return this.block(statement.body, true);
      default:
        return true;
    }
  }
};

// ../compiler/src/ir/lower/simple.ts
function isSimple(scope, node) {
  const { simple } = scope.module;
  let answer = simple.get(node);
  if (answer === void 0) simple.set(node, answer = needsNoStatement(scope, node));
  return answer;
}
function needsNoStatement(scope, node) {
  const all = (nodes) => nodes.every((n) => n === void 0 || isSimple(scope, n));
  const block = (b) => b.statements.length === 0 && b.result !== void 0 && isSimple(scope, b.result);
  switch (node.kind) {
    case "SampleExpression":
    case "InferExpression":
    case "MissingExpression":
    case "BlockExpression":
      return false;
    case "CallExpression":
      if (callEffect(scope, node) !== "pure") return false;
      if (node.callee.kind === "Identifier" && node.callee.name === "fail") return false;
      return isSimple(scope, node.callee) && node.arguments.every((argument) => isSimple(scope, argument.value));
    case "IfExpression": {
      const { else: alternative } = node;
      if (alternative === void 0) return false;
      return isSimple(scope, node.test) && block(node.then) && (alternative.kind === "IfExpression" ? isSimple(scope, alternative) : block(alternative));
    }
    case "MatchExpression":
      return isSimple(scope, node.subject) && node.arms.every((arm) => (arm.guard === void 0 || isSimple(scope, arm.guard)) && block(arm.body));
    case "TemplateLiteral":
      return all(node.expressions);
    case "ListExpression":
    case "TupleExpression":
      return all(node.elements);
    case "RecordExpression":
      return all(node.fields.map((field) => field.value));
    case "MapExpression":
      return all(node.entries.flatMap(({ key, value }) => [key, value]));
    case "UnaryExpression":
      return isSimple(scope, node.operand);
    case "BinaryExpression":
      return isSimple(scope, node.left) && isSimple(scope, node.right);
    case "RangeExpression":
      return isSimple(scope, node.start) && isSimple(scope, node.end);
    case "MatchesExpression":
      return isSimple(scope, node.value) && constraintIsSimple(scope, node.constraint);
    case "MemberExpression":
      return isSimple(scope, node.object);
    case "IndexExpression":
      return isSimple(scope, node.object) && isSimple(scope, node.index);
    default:
      return true;
  }
}
function constraintIsSimple(scope, node) {
  switch (node.kind) {
    case "RegexConstraint":
      return true;
    case "ValueConstraint":
      return isSimple(scope, node.value);
    case "ConstraintCall":
      return node.arguments.every((argument) => isSimple(scope, argument.value));
    case "NotConstraint":
      return constraintIsSimple(scope, node.operand);
    default:
      return node.operands.every((operand2) => constraintIsSimple(scope, operand2));
  }
}
function callEffect(scope, node) {
  const { module } = scope;
  const method = module.checked.methodCalls.get(node);
  if (method !== void 0) return builtinEffect(scope, node, method);
  if (node.callee.kind === "MemberExpression" && module.typeOf(node.callee.object).kind === "lm") {
    return languageModelMember.get(node.callee.property.name)?.effect ?? "pure";
  }
  if (node.callee.kind === "Identifier") {
    const symbol = module.symbolOf(node.callee);
    const target = symbol.kind === "imported" ? symbol.symbol : symbol;
    switch (target.kind) {
      case "builtin":
        return builtinEffect(scope, node, target.name);
      case "model":
      case "proposal":
        return "generative";
      case "function":
      case "host":
        return target.effect;
    }
  }
  const type = module.typeOf(node.callee);
  return type.kind === "function" ? type.effect : "pure";
}
function builtinEffect(scope, node, name) {
  const args = scope.module.checked.calls.get(node) ?? [];
  switch (builtinByName.get(name)?.effect) {
    case "argument":
      return args.some((a2) => a2 !== void 0 && valueEffect(scope, a2) !== "pure") ? "generative" : "pure";
    case "density": {
      const type = args[0] === void 0 ? void 0 : scope.module.typeOf(args[0]);
      if (type?.kind === "posterior") return "pure";
      const listed = type?.kind === "dist" && (type.domain === "finite" || type.domain === "countable" || type.domain === "continuous");
      return listed ? "pure" : "async";
    }
    default:
      return "pure";
  }
}
function valueEffect(scope, node) {
  if (node.kind === "LambdaExpression") return scope.module.checked.effects.get(node) ?? "pure";
  const type = scope.module.typeOf(node);
  return type.kind === "function" ? type.effect : "pure";
}

// ../compiler/src/ir/lower/scope.ts
var LoweringError = class extends Error {
  constructor(message, span) {
    super(message);
    this.span = span;
    this.name = "LoweringError";
  }
  span;
};
var ModuleScope = class {
  constructor(checked, lower2, globalOf) {
    this.checked = checked;
    this.lower = lower2;
    this.globalOf = globalOf;
    this.starts = lineStarts(checked.text);
  }
  checked;
  lower;
  globalOf;
  /** What `isSimple` has found. */
  simple = /* @__PURE__ */ new WeakMap();
  starts;
  typeOf(node) {
    const type = this.checked.types.get(node);
    if (type !== void 0) return type;
    const symbol = node.kind === "Identifier" ? this.checked.symbols.get(node) : void 0;
    if (symbol !== void 0 && "type" in symbol) return symbol.type;
    return { kind: "error" };
  }
  symbolOf(identifier) {
    const symbol = this.checked.symbols.get(identifier);
    if (symbol === void 0) throw new LoweringError(`\`${identifier.name}\` has not been resolved.`, identifier.span);
    return symbol;
  }
  /** `sample@8:3`, or the variable's name. */
  site(kind2, span, name) {
    const { line, column } = locate(this.starts, span.start);
    return { kind: kind2, span, name: name ?? `${kind2}@${line}:${column}` };
  }
};
var Scope2 = class {
  constructor(module, outer = null) {
    this.module = module;
    this.outer = outer;
  }
  module;
  outer;
  out = [];
  bindings = /* @__PURE__ */ new Map();
  emit(statement) {
    if (!leaves(this.out)) this.out.push(statement);
  }
  /** The statements that `f` emits, apart. */
  buffered(f) {
    const saved = this.out;
    const buffer = [];
    this.out = buffer;
    try {
      f();
    } finally {
      this.out = saved;
    }
    return buffer;
  }
  append(statements) {
    for (const statement of statements) this.emit(statement);
  }
  get unreachable() {
    return leaves(this.out);
  }
  /** A new variable for what `identifier` declares. */
  declare(identifier, mutable, type = this.module.typeOf(identifier)) {
    const variable = { name: identifier.name, type, mutable };
    this.alias(identifier, { kind: "variable", variable, type, span: identifier.span });
    return variable;
  }
  /** `identifier` stands for `value`, which evaluates to the same whenever it is used. */
  alias(identifier, value) {
    this.bindings.set(identifier, value);
  }
  /**
   * What a declaration's name stands for here. A `var` of an enclosing function is copied where the closure is made, so
   * that closures see values, not places.
   */
  lookup(declaration) {
    const own = this.bindings.get(declaration);
    if (own !== void 0) return own;
    const outside2 = this.outer?.lookup(declaration);
    if (outside2 === void 0 || outside2.kind !== "variable" || !outside2.variable.mutable) return outside2;
    const copy = { ...outside2.variable, mutable: false };
    this.outer.emit({ kind: "let", variable: copy, value: outside2, span: outside2.span });
    const inside = { ...outside2, variable: copy };
    this.bindings.set(declaration, inside);
    return inside;
  }
  temporary(name, type) {
    return { name, type, mutable: false };
  }
  /** Evaluates `value` here and now, and stands for it afterwards. */
  hold(value, name) {
    if (isStable(value)) return value;
    const variable = this.temporary(name, value.type);
    this.emit({ kind: "let", variable, value, span: value.span });
    return { kind: "variable", variable, type: value.type, span: value.span };
  }
};
function isStable(expr) {
  switch (expr.kind) {
    case "literal":
    case "eos":
    case "global":
    case "builtin-value":
      return true;
    case "variable":
      return !expr.variable.mutable;
    case "field":
      return expr.object.type.kind === "record" && isStable(expr.object);
    case "element":
      return expr.object.type.kind === "tuple" && isStable(expr.object);
    default:
      return false;
  }
}
var unit = (span) => ({ kind: "literal", value: void 0, type: { kind: "unit" }, span });
var boolean = (value, span) => ({ kind: "literal", value, type: { kind: "bool" }, span });

// ../compiler/src/ir/lower/calls.ts
var POSITIONAL = /* @__PURE__ */ new Set(["next", "context", "score", "tokens", "chat"]);
function lowerCall(scope, node, destination) {
  const { module } = scope;
  const { callee, span } = node;
  const type = module.typeOf(node);
  const suspends2 = callEffect(scope, node) !== "pure";
  const method = module.checked.methodCalls.get(node);
  if (method !== void 0) return lowerBuiltin(scope, node, method, suspends2, destination);
  if (callee.kind === "MemberExpression" && module.typeOf(callee.object).kind === "lm") {
    const call = lowerLm(scope, node, callee.object, callee.property.name, type);
    if (!suspends2) return call;
    return suspendInto(scope, type, span, callee.property.name, destination, (target) => ({
      kind: "ask",
      target,
      request: { kind: "lm", call },
      site: module.site("call", span),
      span
    }));
  }
  if (callee.kind === "Identifier") {
    const symbol = module.symbolOf(callee);
    const target = symbol.kind === "imported" ? symbol.symbol : symbol;
    if (target.kind === "builtin") return lowerBuiltin(scope, node, target.name, suspends2, destination);
    if (target.kind === "host") {
      const global = module.globalOf(symbol);
      const args2 = lowerArguments(scope, node);
      const host = { kind: "global", global, type: target.type, span: callee.span };
      if (!suspends2) return { kind: "call", callee: host, arguments: args2, host: true, type, span };
      return suspendInto(scope, type, span, "answer", destination, (to) => ({
        kind: "ask",
        target: to,
        request: { kind: "host", callee: host, name: callee.name, arguments: args2 },
        site: module.site("call", span),
        span
      }));
    }
    if (target.kind === "function" || target.kind === "model") {
      const global = scope.lookup(target.declaration.name) === void 0 ? module.globalOf(symbol) : void 0;
      if (global !== void 0) {
        const called = { kind: "global", global, type: target.type, span: callee.span };
        return emitCall(scope, node, called, lowerArguments(scope, node), suspends2, destination);
      }
    }
  }
  const first = module.lower.expression(scope, callee);
  let args;
  const before = scope.buffered(() => args = lowerArguments(scope, node));
  const held = before.length === 0 ? first : scope.hold(first, "callee");
  scope.append(before);
  return emitCall(scope, node, held, args, suspends2, destination);
}
function emitCall(scope, node, callee, args, suspends2, destination) {
  const type = scope.module.typeOf(node);
  const { span } = node;
  if (!suspends2) return { kind: "call", callee, arguments: args, host: false, type, span };
  return suspendInto(scope, type, span, "result", destination, (target) => ({
    kind: "enter",
    target,
    callee,
    arguments: args,
    site: scope.module.site("call", span),
    span
  }));
}
function lowerBuiltin(scope, node, name, suspends2, destination) {
  const { span } = node;
  const type = scope.module.typeOf(node);
  const builtin = builtinByName.get(name);
  if (builtin === void 0) throw new LoweringError(`There is no built-in \`${name}\`.`, span);
  const args = lowerArguments(scope, node);
  if (builtin.prelude === "dist") return { kind: "distribution", name, arguments: args, type, span };
  if (!suspends2) return { kind: "builtin", name, arguments: args, type, span };
  return suspendInto(scope, type, span, "result", destination, (target) => ({
    kind: "apply",
    target,
    name,
    arguments: args,
    site: scope.module.site("call", span),
    span
  }));
}
function lowerLm(scope, node, object, method, type) {
  const member = languageModelMember.get(method);
  if (member === void 0) throw new LoweringError(`A language model has no \`${method}\`.`, node.span);
  const model = scope.module.lower.expression(scope, object);
  const names2 = parameterNames(member.signature);
  const args = lowerArguments(scope, node);
  const positional = POSITIONAL.has(method) ? args.slice(0, 1).filter((a2) => a2 !== void 0) : [];
  const named = args.map((value, i) => ({ name: names2[i].name, value })).slice(positional.length).filter((a2) => a2.value !== void 0);
  return { kind: "lm", model, method, positional, named, type, span: node.span };
}
function lowerArguments(scope, node) {
  const inOrder3 = scope.module.checked.calls.get(node) ?? node.arguments.map((argument) => argument.value);
  const written2 = inOrder3.filter((a2) => a2 !== void 0).sort((a2, b) => a2.span.start - b.span.start);
  const lowered = /* @__PURE__ */ new Map();
  const parts = written2.map((argument) => {
    let value;
    const before = scope.buffered(() => value = scope.module.lower.expression(scope, argument));
    return { argument, before, value };
  });
  const anyBefore = parts.some((part) => part.before.length > 0);
  const permuted = inOrder3.filter((a2) => a2 !== void 0).some((a2, i) => a2 !== written2[i]);
  const outward2 = parts.filter((part) => callsOut(part.value)).length;
  for (const [i, part] of parts.entries()) {
    scope.append(part.before);
    const laterWork = anyBefore && parts.slice(i + 1).some((p) => p.before.length > 0);
    lowered.set(
      part.argument,
      laterWork || permuted && outward2 > 1 ? scope.hold(part.value, "argument") : part.value
    );
  }
  const args = inOrder3.map((a2) => a2 === void 0 ? void 0 : lowered.get(a2));
  while (args.length > 0 && args[args.length - 1] === void 0) args.pop();
  return args;
}
function suspendInto(scope, type, span, name, destination, make) {
  switch (destination?.kind) {
    case "declare":
    case "assign":
      scope.emit(make({ variable: destination.variable, declares: destination.kind === "declare" }));
      return null;
    case "discard":
      scope.emit(make(null));
      return null;
  }
  if (type.kind === "unit" || type.kind === "never") {
    scope.emit(make(null));
    return unit(span);
  }
  const variable = scope.temporary(name, type);
  scope.emit(make({ variable, declares: true }));
  return { kind: "variable", variable, type, span };
}
function hostAsValue(scope, global, name, type, span) {
  if (type.kind !== "function") return { kind: "global", global, type, span };
  const parameters = type.parameters.map((p, i) => ({
    variable: {
      name: p.name.replace(/\W/g, "_") || `argument_${i + 1}`,
      type: p.type,
      mutable: false
    },
    defaultValue: void 0
  }));
  const answer = { name: "answer", type: type.result, mutable: false };
  const lambda = {
    kind: "lambda",
    name,
    parameters,
    result: type.result,
    suspends: true,
    self: void 0,
    type,
    span,
    body: [
      {
        kind: "ask",
        target: { variable: answer, declares: true },
        request: {
          kind: "host",
          callee: { kind: "global", global, type, span },
          name,
          arguments: parameters.map(({ variable }) => ({ kind: "variable", variable, type: variable.type, span }))
        },
        site: scope.module.site("call", span),
        span
      },
      { kind: "return", value: { kind: "variable", variable: answer, type: answer.type, span }, span }
    ]
  };
  return lambda;
}

// ../compiler/src/ir/lower/draws.ts
function operands(scope, node) {
  const distribution2 = scope.module.lower.expression(scope, node.distribution);
  const { proposal: proposed } = node;
  if (proposed === void 0) return { distribution: distribution2, proposal: void 0 };
  let proposal2;
  const before = scope.buffered(() => proposal2 = scope.module.lower.expression(scope, proposed));
  const held = before.length === 0 ? distribution2 : scope.hold(distribution2, "target");
  scope.append(before);
  return { distribution: held, proposal: proposal2 };
}
function sampleInto(scope, node, destination, site = scope.module.site("sample", node.span)) {
  const { distribution: distribution2, proposal: proposal2 } = operands(scope, node);
  const type = distribution2.type.kind === "dist" || distribution2.type.kind === "posterior" ? distribution2.type.element : { kind: "error" };
  const { span } = node;
  const value = suspendInto(scope, type, span, "drawn", destination, (target) => ({
    kind: "draw",
    target,
    distribution: distribution2,
    proposal: proposal2,
    site,
    span
  }));
  if (value !== null) scope.emit({ kind: "return", value, span });
}
function lowerInferInto(scope, node, destination) {
  const { span } = node;
  const model = modelOf2(scope, node);
  const args = lowerArguments(scope, node);
  const method = node.method === void 0 ? void 0 : lowerMethod(scope, node.method);
  const type = scope.module.typeOf(node);
  const value = suspendInto(scope, type, span, "posterior", destination, (target) => ({
    kind: "infer",
    target,
    model,
    arguments: args,
    method,
    site: scope.module.site("infer", span),
    span
  }));
  if (value !== null) scope.emit({ kind: "return", value, span });
}
function modelOf2(scope, node) {
  const global = scope.module.globalOf(scope.module.symbolOf(node.model));
  if (global?.kind !== "model") throw new LoweringError(`\`${node.model.name}\` is not a model.`, node.model.span);
  return global;
}
function lowerMethod(scope, node) {
  const { name } = node.name;
  if (!inferenceMethod.has(name)) throw new LoweringError(`There is no method \`${name}\`.`, node.name.span);
  return {
    name,
    options: node.arguments.map((argument) => {
      if (argument.name === void 0) throw new LoweringError("A method's options are named.", argument.span);
      return { name: argument.name.name, value: scope.module.lower.expression(scope, argument.value) };
    }),
    span: node.span
  };
}

// ../compiler/src/ir/lower/constraints.ts
function lowerConstraint(scope, node) {
  const { span } = node;
  const one = (expression) => scope.module.lower.expression(scope, expression);
  switch (node.kind) {
    case "RegexConstraint":
      return { kind: "regex", source: node.source, flags: node.flags, span };
    case "ValueConstraint":
      return { kind: "text", value: one(node.value), span };
    case "ConstraintCall":
      if (!constraintKind.has(node.name.name)) {
        throw new LoweringError(`There is no constraint \`${node.name.name}\`.`, span);
      }
      return {
        kind: "call",
        name: node.name.name,
        arguments: node.arguments.flatMap(
          ({ value }) => value.kind === "RangeExpression" ? [one(value.start), one(value.end)] : [one(value)]
        ),
        span
      };
    case "NotConstraint":
      return { kind: "not", operand: lowerConstraint(scope, node.operand), span };
    case "AndConstraint":
    case "OrConstraint":
      return {
        kind: node.kind === "AndConstraint" ? "and" : "or",
        operands: node.operands.map((operand2) => lowerConstraint(scope, operand2)),
        span
      };
  }
}

// ../compiler/src/ir/lower/match.ts
function testOf(scope, pattern, subject) {
  const { span } = pattern;
  switch (pattern.kind) {
    case "WildcardPattern":
      return void 0;
    case "NamePattern":
      scope.alias(pattern.name, { ...subject, type: scope.module.typeOf(pattern.name) });
      return void 0;
    case "LiteralPattern": {
      const right = scope.module.lower.expression(scope, pattern.value);
      return { kind: "binary", operator: "==", left: subject, right, type: { kind: "bool" }, span };
    }
    case "OrPattern":
      return either(
        pattern.alternatives.map((alternative) => testOf(scope, alternative, subject)),
        "||",
        span
      );
    case "TupleMatchPattern": {
      const shape = shapeTest(subject, "tuple", pattern.elements.length, span);
      const type = memberOfShape(subject.type, "tuple", pattern.elements.length);
      const elements = pattern.elements.map(
        (element, index) => testOf(
          scope,
          element,
          subject.kind === "tuple" ? subject.elements[index] : {
            kind: "element",
            object: type === void 0 ? subject : { ...subject, type },
            index,
            type: (type?.kind === "tuple" ? type.elements[index] : void 0) ?? { kind: "error" },
            span: element.span
          }
        )
      );
      return both([shape, ...elements], span);
    }
    case "RecordMatchPattern": {
      const shape = shapeTest(subject, "record", pattern.fields.length, span);
      const type = memberOfShape(
        subject.type,
        "record",
        pattern.fields.length,
        pattern.fields.map((f) => f.name.name)
      );
      const fields = pattern.fields.map(
        ({ name, pattern: inner }) => testOf(scope, inner, {
          kind: "field",
          object: type === void 0 ? subject : { ...subject, type },
          name: name.name,
          type: (type?.kind === "record" ? type.fields.get(name.name)?.type : void 0) ?? { kind: "error" },
          span: inner.span
        })
      );
      return both([shape, ...fields], span);
    }
  }
}
function memberOfShape(type, shape, length, names2 = []) {
  const fitting = membersOf(type).filter(
    (member) => member.kind === "tuple" ? shape === "tuple" && member.elements.length === length : member.kind === "record" && shape === "record" && names2.every((name) => member.fields.has(name))
  );
  return fitting.length === 1 ? fitting[0] : void 0;
}
function shapeTest(subject, shape, length, span) {
  const certain = membersOf(subject.type).every(
    (member) => member.kind === shape && (member.kind !== "tuple" || member.elements.length === length)
  );
  return certain ? void 0 : { kind: "shape", value: subject, shape, length, type: { kind: "bool" }, span };
}
var both = (tests, span) => {
  const needed = tests.filter((t) => t !== void 0);
  return needed.length === 0 ? void 0 : joined(needed, "&&", span);
};
var either = (tests, operator, span) => tests.includes(void 0) ? void 0 : joined(tests, operator, span);
var joined = (tests, operator, span) => tests.reduce((left, right) => ({ kind: "binary", operator, left, right, type: { kind: "bool" }, span }));
function reachableArms(node, type) {
  const known2 = valuesOf(type);
  const arms = [];
  for (const arm of node.arms) {
    arms.push(arm);
    if (arm.guard !== void 0) continue;
    for (const value of literalsIn(arm.pattern)) known2?.delete(value);
    if (known2?.size === 0) break;
  }
  return arms;
}
function valuesOf(type) {
  const values = /* @__PURE__ */ new Set();
  for (const member of membersOf(type)) {
    if (member.kind === "literal") values.add(member.value);
    else if (member.kind === "none") values.add(null);
    else if (member.kind === "bool") values.add(true).add(false);
    else return void 0;
  }
  return values;
}
function literalsIn(pattern) {
  if (pattern.kind === "OrPattern") return pattern.alternatives.flatMap(literalsIn);
  if (pattern.kind !== "LiteralPattern" || pattern.value.kind === "EosLiteral") return [];
  return [pattern.value.kind === "NoneLiteral" ? null : pattern.value.value];
}
var coversAll = (node, type) => {
  const known2 = valuesOf(type);
  if (known2 === void 0) return false;
  for (const arm of node.arms)
    if (arm.guard === void 0) for (const value of literalsIn(arm.pattern)) known2.delete(value);
  return known2.size === 0;
};
function subjectOf(scope, node) {
  const subject = scope.module.lower.expression(scope, node.subject);
  if (subject.kind === "tuple")
    return { ...subject, elements: subject.elements.map((element) => scope.hold(element, "subject")) };
  return isStable(subject) ? subject : scope.hold(subject, "subject");
}
function matchAsExpression(scope, node) {
  const type = scope.module.typeOf(node);
  const subject = subjectOf(scope, node);
  const arms = reachableArms(node, subject.type);
  const exhaustive = coversAll(node, subject.type);
  const from = (i) => {
    const arm = arms[i];
    if (arm === void 0) return noArm(node, type);
    const test = withGuard(
      testOf(scope, arm.pattern, subject),
      arm.guard && scope.module.lower.expression(scope, arm.guard),
      arm
    );
    const then = scope.module.lower.expression(scope, arm.body.result);
    if (test === void 0 || exhaustive && i === arms.length - 1 && arm.guard === void 0) return then;
    return { kind: "conditional", test, then, otherwise: from(i + 1), type, span: node.span };
  };
  return from(0);
}
var withGuard = (test, guard, arm) => guard === void 0 ? test : test === void 0 ? guard : joined([test, guard], "&&", arm.span);
function lowerMatchInto(scope, node, destination) {
  const { span } = node;
  let inner = destination;
  const subject = subjectOf(scope, node);
  if (destination.kind === "declare") {
    scope.emit({ kind: "declare", variable: destination.variable, span });
    inner = { kind: "assign", variable: destination.variable };
  }
  const arms = reachableArms(node, subject.type);
  const exhaustive = coversAll(node, subject.type);
  const from = (i) => {
    const arm = arms[i];
    if (arm === void 0) return scope.emit({ kind: "expression", value: noArm(node, { kind: "never" }), span });
    const last = exhaustive && i === arms.length - 1 && arm.guard === void 0;
    const fits = testOf(scope, arm.pattern, subject);
    const body = () => scope.module.lower.block(scope, arm.body, inner);
    let guard;
    const before = arm.guard === void 0 ? [] : scope.buffered(() => guard = scope.module.lower.expression(scope, arm.guard));
    let test = withGuard(fits, guard, arm);
    if (before.length > 0) {
      const variable = scope.temporary("fits", { kind: "bool" });
      scope.emit({ kind: "declare", variable, span: arm.span });
      const assign = (value) => scope.emit({ kind: "assign", variable, value, span: arm.span });
      const tried = scope.buffered(() => {
        scope.append(before);
        assign(guard);
      });
      if (fits === void 0) scope.append(tried);
      else {
        const otherwise = scope.buffered(() => assign(boolean(false, arm.span)));
        scope.emit({ kind: "if", test: fits, then: tried, otherwise, span: arm.span });
      }
      test = { kind: "variable", variable, type: variable.type, span: arm.span };
    }
    if (test === void 0 || last) return body();
    const then = scope.buffered(body);
    if (leaves(then)) {
      scope.emit({ kind: "if", test, then, otherwise: [], span: arm.span });
      return from(i + 1);
    }
    scope.emit({ kind: "if", test, then, otherwise: scope.buffered(() => from(i + 1)), span: arm.span });
  };
  from(0);
}
function noArm(node, type) {
  const message = {
    kind: "literal",
    value: "No arm of this match fits its value.",
    type: { kind: "string" },
    span: node.span
  };
  return {
    kind: "builtin",
    name: "fail",
    arguments: [message],
    type: type.kind === "unit" ? { kind: "never" } : type,
    span: node.span
  };
}

// ../compiler/src/ir/lower/expressions.ts
function lowerExpression(scope, node) {
  const type = scope.module.typeOf(node);
  const { span } = node;
  const base = { type, span };
  const one = (child) => scope.module.lower.expression(scope, child);
  switch (node.kind) {
    case "NumberLiteral":
    case "BooleanLiteral":
    case "StringLiteral":
      return { kind: "literal", value: node.value, ...base };
    case "NoneLiteral":
      return { kind: "literal", value: null, ...base };
    case "EosLiteral":
      return { kind: "eos", ...base };
    case "TemplateLiteral":
      return { kind: "template", texts: node.texts, expressions: lowerAll(scope, node.expressions), ...base };
    case "Identifier":
      return lowerIdentifier(scope, node);
    case "ListExpression":
      return { kind: "list", elements: lowerAll(scope, node.elements), ...base };
    case "TupleExpression":
      return { kind: "tuple", elements: lowerAll(scope, node.elements), ...base };
    case "RecordExpression":
      return lowerRecord(scope, node.fields, base);
    case "MapExpression": {
      const parts = lowerAll(
        scope,
        node.entries.flatMap(({ key, value }) => [key, value])
      );
      return {
        kind: "map",
        entries: node.entries.map((_, i) => ({ key: parts[2 * i], value: parts[2 * i + 1] })),
        ...base
      };
    }
    case "UnaryExpression":
      return { kind: "unary", operator: node.operator, operand: one(node.operand), ...base };
    case "BinaryExpression":
      return lowerBinary(scope, node, base);
    case "RangeExpression":
      return { kind: "builtin", name: "range", arguments: lowerAll(scope, [node.start, node.end]), ...base };
    case "MatchesExpression": {
      const value = one(node.value);
      const [kept, constraint] = keepFirst(scope, value, () => lowerConstraint(scope, node.constraint));
      return { kind: "matches", value: kept, constraint, ...base };
    }
    case "CallExpression":
      return lowerCall(scope, node);
    case "MemberExpression": {
      const object = one(node.object);
      const { name } = node.property;
      if (/^\d+$/.test(name)) return { kind: "element", object, index: Number(name), ...base };
      return { kind: "field", object, name, ...base };
    }
    case "IndexExpression": {
      const [object, index] = lowerAll(scope, [node.object, node.index]);
      return { kind: "builtin", name: "at", arguments: [object, index], ...base };
    }
    case "LambdaExpression":
      return lowerLambda(scope, node, void 0);
    case "IfExpression":
      if (isSimple(scope, node) && node.else !== void 0) return conditional(scope, node, type);
      return throughTemporary(scope, node, type);
    case "MatchExpression":
      if (isSimple(scope, node)) return matchAsExpression(scope, node);
      return throughTemporary(scope, node, type);
    case "BlockExpression":
    case "SampleExpression":
    case "InferExpression":
      return throughTemporary(scope, node, type);
    case "MissingExpression":
      throw new LoweringError("A program with syntax errors is not lowered.", span);
  }
}
function throughTemporary(scope, node, type) {
  const { span } = node;
  if (type.kind === "unit" || type.kind === "never") {
    scope.module.lower.into(scope, node, { kind: "discard" });
    return unit(span);
  }
  const variable = scope.temporary(temporaryName(node), type);
  scope.module.lower.into(scope, node, { kind: "declare", variable });
  return { kind: "variable", variable, type, span };
}
function temporaryName(node) {
  switch (node.kind) {
    case "SampleExpression":
      return "drawn";
    case "InferExpression":
      return "posterior";
    case "CallExpression":
      return node.callee.kind === "Identifier" ? node.callee.name : "answer";
    default:
      return "value";
  }
}
function lowerInto(scope, node, destination) {
  switch (node.kind) {
    case "IfExpression":
      return lowerIfInto(scope, node, destination);
    case "MatchExpression":
      return lowerMatchInto(scope, node, destination);
    case "BlockExpression":
      return scope.module.lower.block(scope, node.block, destination);
    case "SampleExpression":
      return sampleInto(scope, node, destination);
    case "InferExpression":
      return lowerInferInto(scope, node, destination);
    case "CallExpression":
      return deliver(scope, lowerCall(scope, node, destination), destination);
    case "LambdaExpression":
      return deliver(
        scope,
        lowerLambda(scope, node, "variable" in destination ? destination.variable.name : void 0),
        destination
      );
    default:
      return deliver(scope, scope.module.lower.expression(scope, node), destination);
  }
}
function deliver(scope, value, destination) {
  if (value === null) return;
  const { span } = value;
  if (value.type.kind === "never" && value.kind === "builtin" && destination.kind !== "return") {
    return scope.emit({ kind: "expression", value, span });
  }
  switch (destination.kind) {
    case "declare":
      return scope.emit({ kind: "let", variable: destination.variable, value, span });
    case "assign":
      return scope.emit({ kind: "assign", variable: destination.variable, value, span });
    case "return":
      return scope.emit({ kind: "return", value, span });
    case "discard":
      if (!isStable(value)) scope.emit({ kind: "expression", value, span });
  }
}
function lowerIdentifier(scope, node) {
  const type = scope.module.typeOf(node);
  const { span } = node;
  const symbol = scope.module.symbolOf(node);
  const target = symbol.kind === "imported" ? symbol.symbol : symbol;
  switch (target.kind) {
    case "builtin":
      return { kind: "builtin-value", name: target.name, type, span };
    case "local": {
      const value = scope.lookup(target.declaration);
      if (value === void 0) throw new LoweringError(`\`${node.name}\` is used where it has no value.`, span);
      return value.type === type ? value : { ...value, type, span };
    }
    case "function": {
      const local = scope.lookup(target.declaration.name);
      if (local !== void 0) return { ...local, span };
      break;
    }
    case "type":
      throw new LoweringError(`The type \`${node.name}\` is not a value.`, span);
  }
  const global = scope.module.globalOf(symbol);
  if (target.kind === "host" && target.effect !== "pure" && global !== void 0)
    return hostAsValue(scope, global, node.name, type, span);
  if (global === void 0)
    throw new LoweringError(`\`${node.name}\` stands for nothing that can be used as a value.`, span);
  return { kind: "global", global, type, span };
}
function lowerAll(scope, nodes) {
  const parts = nodes.map((node) => {
    let value;
    const before = scope.buffered(() => value = scope.module.lower.expression(scope, node));
    return { before, value };
  });
  return parts.map(({ before, value }, i) => {
    scope.append(before);
    const later = parts.slice(i + 1).flatMap((part) => part.before);
    return later.length === 0 || canWait(value, writesIn(later)) ? value : scope.hold(value, "operand");
  });
}
function keepFirst(scope, first, then) {
  let result;
  const statements = scope.buffered(() => result = then());
  const kept = statements.length === 0 || canWait(first, writesIn(statements)) ? first : scope.hold(first, "operand");
  scope.append(statements);
  return [kept, result];
}
function canWait(value, written2) {
  if (value.kind === "literal" || value.kind === "eos" || value.kind === "global") return true;
  if (value.kind === "lambda") return true;
  if (callsOut(value) || !isSafe(value)) return false;
  for (const variable of readsOf(value)) if (written2.has(variable)) return false;
  return true;
}
function isSafe(value) {
  switch (value.kind) {
    case "variable":
      return true;
    case "field":
    case "element":
      return isSafe(value.object);
    case "literal":
    case "eos":
    case "global":
    case "builtin-value":
      return true;
    default:
      return false;
  }
}
function lowerRecord(scope, fields, base) {
  const values = lowerAll(
    scope,
    fields.map((field) => field.value)
  );
  return {
    kind: "record",
    fields: fields.map(
      (field, i) => field.kind === "Field" ? { kind: "field", name: field.name.name, value: values[i] } : { kind: "spread", value: values[i] }
    ),
    ...base
  };
}
function lowerBinary(scope, node, base) {
  const { operator } = node;
  if (operator !== "&&" && operator !== "||" && operator !== "??") {
    const [left2, right2] = lowerAll(scope, [node.left, node.right]);
    return { kind: "binary", operator, left: left2, right: right2, ...base };
  }
  const left = scope.module.lower.expression(scope, node.left);
  let right;
  const before = scope.buffered(() => right = scope.module.lower.expression(scope, node.right));
  if (before.length === 0) return { kind: "binary", operator, left, right, ...base };
  const variable = { name: "value", type: base.type, mutable: false };
  scope.emit({ kind: "declare", variable, span: base.span });
  const first = scope.hold(left, "left");
  const assign = (value) => scope.emit({ kind: "assign", variable, value, span: value.span });
  const decided = scope.buffered(() => assign(first));
  const open = scope.buffered(() => {
    scope.append(before);
    assign(right);
  });
  const test = operator === "??" ? { kind: "builtin", name: "is_none", arguments: [first], type: { kind: "bool" }, span: left.span } : first;
  const [then, otherwise] = operator === "||" ? [decided, open] : [open, decided];
  scope.emit({ kind: "if", test, then, otherwise, span: base.span });
  return { kind: "variable", variable, ...base };
}
function conditional(scope, node, type) {
  const test = scope.module.lower.expression(scope, node.test);
  const then = scope.module.lower.expression(scope, node.then.result);
  const alternative = node.else;
  const otherwise = alternative.kind === "IfExpression" ? conditional(scope, alternative, type) : scope.module.lower.expression(scope, alternative.result);
  return { kind: "conditional", test, then, otherwise, type, span: node.span };
}
function lowerIfInto(scope, node, destination) {
  const nested = node.else?.kind === "IfExpression";
  if (destination.kind !== "discard" && node.else !== void 0 && isSimple(scope, node) && !(nested && destination.kind === "return")) {
    return deliver(scope, conditional(scope, node, scope.module.typeOf(node)), destination);
  }
  const test = scope.module.lower.expression(scope, node.test);
  const { inner, branch } = branching(scope, destination, node.span);
  const then = branch(() => scope.module.lower.block(scope, node.then, inner));
  const alternative = node.else;
  const otherwise = alternative === void 0 ? branch(() => destination.kind !== "discard" && deliver(scope, unit(node.span), inner)) : branch(
    () => alternative.kind === "IfExpression" ? lowerInto(scope, alternative, inner) : scope.module.lower.block(scope, alternative, inner)
  );
  scope.emit({ kind: "if", test, then, otherwise, span: node.span });
}
function branching(scope, destination, span) {
  let inner = destination;
  if (destination.kind === "declare") {
    scope.emit({ kind: "declare", variable: destination.variable, span });
    inner = { kind: "assign", variable: destination.variable };
  }
  return { inner, branch: (f) => scope.buffered(() => void f()) };
}
function lowerLambda(scope, node, name, self) {
  const inner = new Scope2(scope.module, scope);
  if (self !== void 0)
    inner.alias(self.identifier, {
      kind: "variable",
      variable: self.variable,
      type: self.variable.type,
      span: self.identifier.span
    });
  const type = scope.module.typeOf(node);
  return lambdaFrom(inner, node.parameters, node.body, {
    type,
    span: node.span,
    name,
    suspends: (scope.module.checked.effects.get(node) ?? "pure") !== "pure",
    self: self?.variable
  });
}
function lambdaFrom(inner, parameters, body, about) {
  const result = about.type.kind === "function" ? about.type.result : { kind: "error" };
  const lowered = lowerParameters(inner, parameters);
  const statements = inner.buffered(() => lowerBody(inner, body, result));
  return { kind: "lambda", parameters: lowered, result, body: statements, ...about };
}
function alone(scope, lowered) {
  let value;
  const statements = scope.buffered(() => value = lowered(scope));
  if (statements.length === 0) return value;
  if (suspends(statements)) return void 0;
  const { type, span } = value;
  const callee = {
    kind: "lambda",
    name: void 0,
    parameters: [],
    result: type,
    body: [...statements, { kind: "return", value, span }],
    suspends: false,
    self: void 0,
    type: { kind: "function", parameters: [], result: type, effect: "pure" },
    span
  };
  return { kind: "call", callee, arguments: [], host: false, type, span };
}
function lowerParameters(scope, parameters) {
  return parameters.map((parameter) => {
    const type = scope.module.typeOf(parameter.name);
    const { defaultValue } = parameter;
    const variable = scope.declare(parameter.name, false, type);
    if (defaultValue === void 0) return { variable, defaultValue: void 0 };
    const value = alone(scope, () => scope.module.lower.expression(scope, defaultValue));
    if (value !== void 0) return { variable, defaultValue: value };
    throw new LoweringError("A default value cannot draw, weigh or wait.", defaultValue.span);
  });
}
function lowerBody(scope, body, result) {
  if (result.kind === "unit" || body.result === void 0) {
    scope.module.lower.block(scope, body, { kind: "discard" });
    return;
  }
  scope.module.lower.block(scope, body, { kind: "return" });
}

// ../compiler/src/ir/lower/order.ts
function orderConstants(constants, functions) {
  const byGlobal = new Map(constants.map((constant3) => [constant3.global, constant3]));
  const bodies = new Map(functions.map((fn) => [fn.global, fn]));
  const ordered = [];
  const seen = /* @__PURE__ */ new Set();
  const visit = (global) => {
    if (seen.has(global)) return;
    seen.add(global);
    const constant3 = byGlobal.get(global);
    const fn = bodies.get(global);
    if (fn !== void 0) visitAll(expressionsIn(fn.body));
    if (constant3 === void 0) return;
    visitAll(expressionsOf(constant3.value));
    ordered.push(constant3);
  };
  const visitAll = (expressions) => {
    for (const expression of expressions) if (expression.kind === "global") visit(expression.global);
  };
  for (const constant3 of constants) visit(constant3.global);
  return ordered;
}

// ../compiler/src/ir/lower/statements.ts
function lowerBlock(scope, block, destination) {
  for (const statement of block.statements) {
    if (scope.unreachable) return;
    lowerStatement(scope, statement);
  }
  if (scope.unreachable) return;
  if (block.result !== void 0) lowerInto(scope, block.result, destination);
  else if (destination.kind === "declare" || destination.kind === "assign") {
    const value = { kind: "literal", value: void 0, type: { kind: "unit" }, span: block.span };
    scope.emit({
      kind: destination.kind === "declare" ? "let" : "assign",
      variable: destination.variable,
      value,
      span: block.span
    });
  }
}
function lowerStatement(scope, node) {
  const { module } = scope;
  const { span } = node;
  switch (node.kind) {
    case "LetStatement":
      if (node.pattern.kind === "TuplePattern" || node.pattern.kind === "RecordPattern") {
        const whole = scope.hold(
          module.lower.expression(scope, node.value),
          node.pattern.kind === "TuplePattern" ? "tuple" : "record"
        );
        return destructure(scope, node.pattern, whole, node.mutable);
      }
      return lowerBinding(
        scope,
        node.pattern,
        node.mutable,
        node.value.span,
        (destination) => lowerInto(scope, node.value, destination),
        () => module.typeOf(node.value)
      );
    case "DrawStatement": {
      const name = node.pattern.kind === "Identifier" ? node.pattern.name : void 0;
      const drawn = () => {
        const type = module.typeOf(node.distribution);
        return type.kind === "dist" || type.kind === "posterior" ? type.element : { kind: "error" };
      };
      return lowerBinding(
        scope,
        node.pattern,
        node.mutable,
        span,
        (destination) => sampleInto(scope, node, destination, module.site("sample", span, name)),
        drawn
      );
    }
    case "AssignStatement":
      return lowerAssign(scope, node);
    case "ObserveStatement": {
      const value = module.lower.expression(scope, node.value);
      const site = module.site("observe", span);
      if (node.constraint !== void 0) {
        const { constraint: wanted } = node;
        const [kept2, constraint] = keepFirst(scope, value, () => lowerConstraint(scope, wanted));
        const test = { kind: "matches", value: kept2, constraint, type: { kind: "bool" }, span };
        return scope.emit({ kind: "condition", test, site, span });
      }
      const { distribution: under } = node;
      if (under === void 0) throw new LoweringError("An observation says what it observes under.", span);
      const [kept, distribution2] = keepFirst(scope, value, () => module.lower.expression(scope, under));
      const first = callsOut(kept) && callsOut(distribution2) ? scope.hold(kept, "observed") : kept;
      return scope.emit({ kind: "observe", value: first, distribution: distribution2, site, span });
    }
    case "ConditionStatement":
      return scope.emit({
        kind: "condition",
        test: module.lower.expression(scope, node.test),
        site: module.site("condition", span),
        span
      });
    case "FactorStatement":
      return scope.emit({
        kind: "factor",
        weight: module.lower.expression(scope, node.weight),
        site: module.site("factor", span),
        span
      });
    case "TwistStatement":
      return scope.emit({
        kind: "twist",
        weight: module.lower.expression(scope, node.weight),
        site: module.site("twist", span),
        span
      });
    case "StepStatement":
      return scope.emit({ kind: "step", site: module.site("step", span), span });
    case "ForStatement":
      return lowerFor(scope, node);
    case "WhileStatement": {
      let test;
      const before = scope.buffered(() => test = module.lower.expression(scope, node.test));
      if (before.length === 0) {
        const body2 = scope.buffered(() => lowerBlock(scope, node.body, { kind: "discard" }));
        return scope.emit({ kind: "while", test, body: body2, span });
      }
      const body = scope.buffered(() => {
        scope.append(before);
        const stop = { kind: "unary", operator: "!", operand: test, type: { kind: "bool" }, span: test.span };
        scope.emit({
          kind: "if",
          test: stop,
          then: [{ kind: "break", span: test.span }],
          otherwise: [],
          span: test.span
        });
        lowerBlock(scope, node.body, { kind: "discard" });
      });
      return scope.emit({ kind: "while", test: boolean(true, span), body, span });
    }
    case "BreakStatement":
      return scope.emit({ kind: "break", span });
    case "ContinueStatement":
      return scope.emit({ kind: "continue", span });
    case "ReturnStatement":
      if (node.value !== void 0) return lowerInto(scope, node.value, { kind: "return" });
      return scope.emit({
        kind: "return",
        value: { kind: "literal", value: void 0, type: { kind: "unit" }, span },
        span
      });
    case "FunctionDeclaration": {
      const type = module.typeOf(node.name);
      const variable = { name: node.name.name, type, mutable: false };
      const self = { kind: "variable", variable, type, span: node.name.span };
      const inner = new Scope2(module, scope);
      inner.alias(node.name, self);
      const lambda = lambdaFrom(inner, node.parameters, node.body, {
        type,
        span,
        name: node.name.name,
        suspends: (module.checked.effects.get(node) ?? "pure") !== "pure",
        self: variable
      });
      scope.alias(node.name, self);
      return scope.emit({ kind: "let", variable, value: lambda, span });
    }
    case "ExpressionStatement":
      return lowerInto(scope, node.expression, { kind: "discard" });
  }
}
function lowerBinding(scope, pattern, mutable, span, produce, typeOf) {
  if (pattern.kind === "WildcardPattern") return produce({ kind: "discard" });
  if (pattern.kind === "Identifier") {
    const type = scope.module.typeOf(pattern);
    const variable = { name: pattern.name, type, mutable };
    produce({ kind: "declare", variable });
    return scope.alias(pattern, { kind: "variable", variable, type, span: pattern.span });
  }
  const whole = {
    name: pattern.kind === "TuplePattern" ? "tuple" : "record",
    type: typeOf(),
    mutable: false
  };
  produce({ kind: "declare", variable: whole });
  destructure(scope, pattern, { kind: "variable", variable: whole, type: whole.type, span }, mutable);
}
function destructure(scope, pattern, value, mutable) {
  const { span } = pattern;
  switch (pattern.kind) {
    case "WildcardPattern":
      return;
    case "Identifier": {
      const variable = scope.declare(pattern, mutable);
      return scope.emit({ kind: "let", variable, value, span });
    }
    case "TuplePattern":
      return pattern.elements.forEach((element, index) => {
        const type = value.type.kind === "tuple" ? value.type.elements[index] : void 0;
        destructure(
          scope,
          element,
          { kind: "element", object: value, index, type: type ?? { kind: "error" }, span: element.span },
          mutable
        );
      });
    case "RecordPattern":
      return pattern.fields.forEach(({ name, pattern: inner }) => {
        const type = value.type.kind === "record" ? value.type.fields.get(name.name)?.type : void 0;
        destructure(
          scope,
          inner,
          { kind: "field", object: value, name: name.name, type: type ?? { kind: "error" }, span: inner.span },
          mutable
        );
      });
  }
}
function lowerAssign(scope, node) {
  const target = variableOf(scope, node.target);
  const { span } = node;
  if (node.operator === "=") return lowerInto(scope, node.value, { kind: "assign", variable: target.variable });
  const operator = node.operator.slice(0, -1);
  const [left, right] = keepFirst(scope, target, () => scope.module.lower.expression(scope, node.value));
  const value = { kind: "binary", operator, left, right, type: target.type, span };
  scope.emit({ kind: "assign", variable: target.variable, value, span });
}
function variableOf(scope, identifier) {
  const symbol = scope.module.symbolOf(identifier);
  const value = symbol.kind === "local" ? scope.lookup(symbol.declaration) : void 0;
  if (value?.kind !== "variable" || !value.variable.mutable) {
    throw new LoweringError(`\`${identifier.name}\` cannot be assigned here.`, identifier.span);
  }
  return value;
}
function lowerFor(scope, node) {
  const { span, pattern, iterable } = node;
  const { module } = scope;
  const isRange = iterable.kind === "RangeExpression";
  let bounds;
  let listed;
  if (isRange) {
    const from = module.lower.expression(scope, iterable.start);
    bounds = keepFirst(scope, from, () => module.lower.expression(scope, iterable.end));
  } else listed = module.lower.expression(scope, iterable);
  const element = isRange ? { kind: "int" } : listed.type.kind === "list" ? listed.type.element : { kind: "error" };
  const simple = pattern.kind === "Identifier";
  const variable = simple ? scope.declare(pattern, false) : { name: pattern.kind === "WildcardPattern" ? "unused" : "item", type: element, mutable: false };
  const body = scope.buffered(() => {
    if (!simple) destructure(scope, pattern, { kind: "variable", variable, type: element, span: pattern.span }, false);
    lowerBlock(scope, node.body, { kind: "discard" });
  });
  if (bounds !== void 0) {
    return scope.emit({ kind: "for-range", variable, from: bounds[0], to: bounds[1], body, span });
  }
  scope.emit({ kind: "for-each", variable, iterable: listed, body, span });
}

// ../compiler/src/ir/lower/module.ts
var lowering = { expression: lowerExpression, into: lowerInto, block: lowerBlock };
function lower(checked) {
  const globals = new Globals();
  for (const module of checked.modules.values()) globals.declare(module);
  const modules = [...checked.modules.values()].map((module) => lowerModule(module, globals));
  return chooseMethods({ entry: checked.entry, modules });
}
var Globals = class {
  byDeclaration = /* @__PURE__ */ new Map();
  hosts = /* @__PURE__ */ new Map();
  declare(module) {
    for (const declaration of module.tree.declarations) {
      const made = globalFor(module, declaration);
      if (made !== void 0) this.byDeclaration.set(declaration, made);
    }
  }
  of(file, symbol) {
    if (symbol.kind === "imported") return this.of(symbol.module, symbol.symbol);
    if (symbol.kind === "host") {
      const key = `${file}\0${symbol.module}\0${symbol.imported}`;
      let host = this.hosts.get(key);
      if (host === void 0) {
        host = {
          kind: "host",
          name: symbol.imported,
          module: symbol.module,
          suspends: symbol.effect !== "pure",
          type: symbol.type
        };
        this.hosts.set(key, host);
      }
      return host;
    }
    return "declaration" in symbol ? this.byDeclaration.get(symbol.declaration) : void 0;
  }
  declared(declaration) {
    const global = this.byDeclaration.get(declaration);
    if (global === void 0) throw new LoweringError("This declaration has no name.", declaration.span);
    return global;
  }
};
function globalFor(module, declaration) {
  if (declaration.kind === "ImportDeclaration" || declaration.kind === "QueryDeclaration" || declaration.kind === "TypeDeclaration") {
    return void 0;
  }
  const { name } = declaration.name;
  const symbol = module.symbols.get(declaration.name);
  const type = module.types.get(declaration.name) ?? (symbol !== void 0 && "type" in symbol ? symbol.type : { kind: "error" });
  const base = { name, module: module.file, type };
  switch (declaration.kind) {
    case "LmDeclaration":
      return { ...base, kind: "lm", type: { kind: "lm" }, suspends: false };
    case "ConstDeclaration":
      return { ...base, kind: "const", suspends: false };
    case "FunctionDeclaration": {
      const effect = module.effects.get(declaration) ?? "pure";
      return { ...base, kind: "function", suspends: effect !== "pure" };
    }
    case "ModelDeclaration":
      return { ...base, kind: "model", suspends: true };
    case "ProposalDeclaration":
      return { ...base, kind: "proposal", suspends: true };
  }
}
function lowerModule(checked, globals) {
  const scope = new ModuleScope(checked, lowering, (symbol) => globals.of(checked.file, symbol));
  const imports = [];
  const types = [];
  const lms = [];
  const constants = [];
  const functions = [];
  const queries = [];
  for (const declaration of checked.tree.declarations) {
    const { span } = declaration;
    switch (declaration.kind) {
      case "ImportDeclaration":
        imports.push(lowerImport(scope, declaration));
        break;
      case "TypeDeclaration": {
        const type = checked.typeNodes.get(declaration.type) ?? { kind: "error" };
        types.push({ name: declaration.name.name, type, doc: declaration.doc, span });
        break;
      }
      case "LmDeclaration":
        lms.push({ global: globals.declared(declaration), spec: declaration.spec.value, doc: declaration.doc, span });
        break;
      case "ConstDeclaration": {
        const value = outside(scope, declaration.value);
        constants.push({ global: globals.declared(declaration), value, doc: declaration.doc, span });
        break;
      }
      case "FunctionDeclaration":
      case "ModelDeclaration":
      case "ProposalDeclaration":
        functions.push(lowerFunction(scope, declaration, globals));
        break;
      case "QueryDeclaration":
        queries.push(lowerQuery(scope, declaration));
        break;
    }
  }
  return {
    file: checked.file,
    text: checked.text,
    imports,
    types,
    lms,
    functions,
    queries,
    constants: orderConstants(constants, functions)
  };
}
function outside(module, node) {
  const value = alone(new Scope2(module), (scope) => lowerExpression(scope, node));
  if (value === void 0) throw new LoweringError("Outside functions, nothing can draw, weigh or wait.", node.span);
  return value;
}
function lowerImport(scope, declaration) {
  const names2 = [];
  let kind2 = declaration.source.value.endsWith(".pgl") ? "pgl" : "host";
  let file;
  for (const specifier of declaration.specifiers) {
    const symbol = scope.checked.symbols.get(specifier.local);
    if (symbol === void 0) continue;
    if (symbol.kind === "imported") {
      kind2 = "pgl";
      file = symbol.module;
    }
    const global = scope.globalOf(symbol);
    if (global !== void 0) names2.push({ imported: specifier.imported.name, global });
  }
  return { kind: kind2, specifier: declaration.source.value, file, names: names2, span: declaration.span };
}
function lowerFunction(module, declaration, globals) {
  const scope = new Scope2(module);
  const global = globals.declared(declaration);
  const parameters = lowerParameters(scope, declaration.parameters);
  const result = declaration.kind === "ProposalDeclaration" || global.type.kind !== "function" ? { kind: "unit" } : global.type.result;
  const body = scope.buffered(() => lowerBody(scope, declaration.body, result));
  const target = declaration.kind === "ProposalDeclaration" ? module.globalOf(module.symbolOf(declaration.target)) : void 0;
  return { global, parameters, result, body, target, doc: declaration.doc, span: declaration.span };
}
function lowerQuery(module, declaration) {
  const { infer, span } = declaration;
  const model = modelOf2(new Scope2(module), infer);
  const args = module.checked.calls.get(infer) ?? infer.arguments.map((argument) => argument.value);
  return {
    name: declaration.name?.name ?? infer.model.name,
    model,
    arguments: args.map((a2) => a2 === void 0 ? missing(infer.span) : outside(module, a2)),
    method: infer.method && lowerMethod(new Scope2(module), infer.method),
    site: module.site("infer", span, declaration.name?.name ?? infer.model.name),
    doc: declaration.doc,
    span
  };
}
var missing = (span) => ({ kind: "literal", value: void 0, type: { kind: "unit" }, span });

// ../compiler/src/passes/folding.ts
function fold(program) {
  return {
    ...program,
    modules: program.modules.map((module) => ({
      ...module,
      constants: module.constants.map((c) => ({ ...c, value: new Folder().expression(c.value) })),
      functions: module.functions.map(foldFunction),
      queries: module.queries.map((q) => ({ ...q, arguments: q.arguments.map((a2) => new Folder().expression(a2)) }))
    }))
  };
}
function foldFunction(fn) {
  return { ...fn, body: new Folder().block(fn.body) };
}
var Folder = class {
  /** Variables that stand for a number, a truth value or a short text. */
  known = /* @__PURE__ */ new Map();
  expression = (expr) => {
    if (expr.kind === "variable") {
      const value = this.known.get(expr.variable);
      return value === void 0 ? expr : { ...value, span: expr.span };
    }
    return simplify(mapChildren(expr, this.expression, this.block));
  };
  block = (statements) => {
    const out = [];
    for (const statement of statements) {
      if (leaves(out)) break;
      out.push(...this.statement(mapStatement(statement, this.expression, (inner) => inner)));
    }
    return out;
  };
  /** A statement whose own expressions have been folded. */
  statement(statement) {
    switch (statement.kind) {
      case "let":
        if (statement.variable.mutable || statement.value.kind !== "literal" || !isShort(statement.value))
          return [statement];
        this.known.set(statement.variable, statement.value);
        return [];
      case "if": {
        const { test } = statement;
        if (test.kind === "literal") return this.block(test.value === true ? statement.then : statement.otherwise);
        const then = this.block(statement.then);
        const otherwise = this.block(statement.otherwise);
        return [{ ...statement, then, otherwise }];
      }
      case "while":
        if (statement.test.kind === "literal" && statement.test.value === false) return [];
        return [{ ...statement, body: this.block(statement.body) }];
      case "for-each":
      case "for-range":
        return [{ ...statement, body: this.block(statement.body) }];
      default:
        return [statement];
    }
  }
};
var isShort = (literal3) => typeof literal3.value !== "string" || literal3.value.length <= 24;
function simplify(expr) {
  const literal3 = (value) => ({ kind: "literal", value, type: expr.type, span: expr.span });
  switch (expr.kind) {
    case "unary": {
      const { operand: operand2 } = expr;
      if (operand2.kind !== "literal") return expr;
      if (expr.operator === "!" && typeof operand2.value === "boolean") return literal3(!operand2.value);
      if (expr.operator === "-" && typeof operand2.value === "number") return literal3(-operand2.value);
      return expr;
    }
    case "binary":
      return binary(expr, literal3);
    case "conditional":
      if (expr.test.kind !== "literal") return expr;
      return { ...expr.test.value === true ? expr.then : expr.otherwise, type: expr.type };
    case "template":
      return template(expr);
    default:
      return expr;
  }
}
function binary(expr, literal3) {
  const { left, right, operator } = expr;
  if (left.kind !== "literal") return expr;
  switch (operator) {
    case "&&":
      return left.value === true ? right : left;
    case "||":
      return left.value === true ? left : right;
    case "??":
      return left.value === null ? { ...right, type: expr.type } : { ...left, type: expr.type };
  }
  if (right.kind !== "literal") return expr;
  const [a2, b] = [left.value, right.value];
  if (operator === "==" || operator === "!=") {
    return literal3(a2 === b === (operator === "=="));
  }
  if (typeof a2 === "string" && typeof b === "string") {
    switch (operator) {
      case "+":
        return literal3(a2 + b);
      case "<":
        return literal3(a2 < b);
      case "<=":
        return literal3(a2 <= b);
      case ">":
        return literal3(a2 > b);
      case ">=":
        return literal3(a2 >= b);
    }
  }
  if (typeof a2 !== "number" || typeof b !== "number") return expr;
  switch (operator) {
    case "+":
      return literal3(a2 + b);
    case "-":
      return literal3(a2 - b);
    case "*":
      return literal3(a2 * b);
    case "/":
      return literal3(a2 / b);
    case "<":
      return literal3(a2 < b);
    case "<=":
      return literal3(a2 <= b);
    case ">":
      return literal3(a2 > b);
    case ">=":
      return literal3(a2 >= b);
    default:
      return expr;
  }
}
function template(expr) {
  const texts = [expr.texts[0]];
  const expressions = [];
  expr.expressions.forEach((inner, i) => {
    const after = expr.texts[i + 1];
    if (inner.kind === "literal" && (typeof inner.value === "string" || inner.type.kind === "int" && Number.isSafeInteger(inner.value))) {
      texts[texts.length - 1] += String(inner.value) + after;
    } else {
      expressions.push(inner);
      texts.push(after);
    }
  });
  if (expressions.length === 0) return { kind: "literal", value: texts[0], type: expr.type, span: expr.span };
  return { ...expr, texts, expressions };
}

// ../compiler/src/passes/proper.ts
var Constants = class {
  values = /* @__PURE__ */ new Map();
  constructor(program) {
    for (const module of program.modules)
      for (const { global, value } of module.constants) this.values.set(global, value);
  }
  /** The expression a constant stands for. */
  resolve(expr) {
    if (expr.kind !== "global") return expr;
    const value = this.values.get(expr.global);
    return value === void 0 ? expr : this.resolve(value);
  }
  /** Can it be computed once, when the module is loaded? */
  isConstant(expr) {
    switch (expr.kind) {
      case "literal":
        return true;
      case "global":
        return expr.global.kind === "const" || expr.global.kind === "lm";
      case "list":
      case "tuple":
        return expr.elements.every((e) => this.isConstant(e));
      case "map":
        return expr.entries.every(({ key, value }) => this.isConstant(key) && this.isConstant(value));
      case "record":
        return expr.fields.every(({ value }) => this.isConstant(value));
      case "distribution":
        return expr.arguments.every((a2) => a2 === void 0 || this.isConstant(a2)) && isProper(expr, this);
      case "restrict":
        return this.isConstant(expr.distribution) && readsOf(expr.predicate).size === 0;
      default:
        return false;
    }
  }
  /** Undefined when it is not known. */
  valueOf(expr) {
    const resolved = this.resolve(expr);
    const all = (exprs) => {
      const values = exprs.map((e) => this.valueOf(e));
      return values.includes(void 0) ? void 0 : values;
    };
    switch (resolved.kind) {
      case "literal":
        return resolved.value;
      case "list":
        return all(resolved.elements);
      case "map": {
        const values = all(resolved.entries.map(({ value }) => value));
        return values && { kind: "map", values };
      }
      default:
        return void 0;
    }
  }
};
var finite = (x) => typeof x === "number" && Number.isFinite(x);
var positive = (x) => finite(x) && x > 0;
var probability = (x) => typeof x === "number" && x >= 0 && x <= 1;
var positiveProbability = (x) => probability(x) && x > 0;
var count2 = (x) => Number.isSafeInteger(x) && x >= 0;
var isList = (x) => Array.isArray(x);
var weights = (xs) => {
  const list2 = isList(xs) ? xs : typeof xs === "object" && xs !== null ? xs.values : void 0;
  return list2 !== void 0 && list2.every((w) => finite(w) && w >= 0) && list2.some((w) => w > 0);
};
var positives = (xs) => isList(xs) && xs.length > 0 && xs.every(positive);
var PARAMETERS = {
  bernoulli: [probability],
  categorical: [weights],
  normal: [finite, positive],
  lognormal: [finite, positive],
  student_t: [positive, finite, positive],
  cauchy: [finite, positive],
  laplace: [finite, positive],
  logistic: [finite, positive],
  exponential: [positive],
  gamma: [positive, positive],
  inverse_gamma: [positive, positive],
  beta: [positive, positive],
  dirichlet: [positives],
  poisson: [(x) => finite(x) && x >= 0],
  binomial: [count2, probability],
  geometric: [positiveProbability],
  negative_binomial: [positive, positiveProbability]
};
function isProper(expr, constants, facts) {
  const resolved = constants.resolve(expr);
  if (resolved.kind !== "distribution") return false;
  const args = resolved.arguments;
  const [first, second] = args;
  const free = (e) => e !== void 0 && (constants.isConstant(e) || facts !== void 0 && !facts.mayFail(e));
  switch (resolved.name) {
    case "delta":
      return free(first);
    case "choice":
    case "empirical": {
      const list2 = first && constants.resolve(first);
      return list2?.kind === "list" && list2.elements.length > 0 && list2.elements.every(free);
    }
    case "uniform":
    case "uniform_int": {
      const [low, high] = [first && constants.valueOf(first), second && constants.valueOf(second)];
      if (typeof low !== "number" || typeof high !== "number") return false;
      return resolved.name === "uniform" ? Number.isFinite(low) && Number.isFinite(high) && low < high && Number.isFinite(high - low) : Number.isSafeInteger(low) && Number.isSafeInteger(high) && low <= high && Number.isSafeInteger(high - low + 1);
    }
  }
  const tests = PARAMETERS[resolved.name];
  if (tests === void 0) return false;
  return tests.every((test, i) => {
    const argument = args[i];
    return argument === void 0 ? i > 0 && resolved.name === "student_t" : always(argument, test, constants, facts);
  });
}
function always(expr, test, constants, facts) {
  if (expr.kind === "conditional") {
    const decidable = facts !== void 0 && !facts.mayFail(expr.test);
    return decidable && always(expr.then, test, constants, facts) && always(expr.otherwise, test, constants, facts);
  }
  const value = constants.valueOf(expr);
  return value !== void 0 && test(value);
}

// ../compiler/src/passes/hoisting.ts
function hoist(program, kinds2) {
  const constants = new Constants(program);
  return { ...program, modules: program.modules.map((module) => new Hoister(module, constants, new Set(kinds2)).run()) };
}
var Hoister = class {
  constructor(module, constants, kinds2) {
    this.module = module;
    this.constants = constants;
    this.kinds = kinds2;
    for (const { global, value, hoisted } of module.constants) {
      if (hoisted !== true) continue;
      this.made.set(keyOf(value), global);
      this.shared.add(global);
    }
  }
  module;
  constants;
  kinds;
  made = /* @__PURE__ */ new Map();
  shared = /* @__PURE__ */ new Set();
  hoisted = [];
  named = /* @__PURE__ */ new Map();
  run() {
    const functions = this.module.functions.map((fn) => ({ ...fn, body: this.block(fn.body) }));
    if (this.hoisted.length === 0) return this.module;
    const constants = orderConstants([...this.hoisted, ...this.module.constants], functions);
    return { ...this.module, functions, constants };
  }
  block = (statements) => statements.flatMap((statement) => {
    const mapped = mapStatement(statement, this.expression, this.block);
    const isName = mapped.kind === "let" && !mapped.variable.mutable && mapped.value.kind === "global";
    if (!isName || !this.shared.has(mapped.value.global)) return [mapped];
    this.named.set(mapped.variable, mapped.value);
    return [];
  });
  expression = (expr) => {
    if (expr.kind === "variable") return this.named.get(expr.variable) ?? expr;
    if ((expr.kind === "distribution" || expr.kind === "restrict") && this.kinds.has(expr.kind) && this.constants.isConstant(expr)) {
      const global2 = this.share(expr, expr.kind === "restrict" ? "restricted" : expr.name);
      return { kind: "global", global: global2, type: expr.type, span: expr.span };
    }
    const inner = mapChildren(expr, this.expression, this.block);
    if (inner.kind !== "matches" || !this.kinds.has("constraint") || inner.constraint.kind === "constant" || !this.isConstant(inner.constraint))
      return inner;
    const { constraint } = inner;
    const made = { kind: "constraint", constraint, type: { kind: "constraint" }, span: constraint.span };
    const global = this.share(made, "constraint");
    return {
      ...inner,
      constraint: { kind: "constant", global, needsRun: needsRun(constraint), span: constraint.span }
    };
  };
  isConstant(constraint) {
    return constraintChildren(constraint).every((part) => this.constants.isConstant(part));
  }
  share(value, name) {
    const key = keyOf(value);
    let global = this.made.get(key);
    if (global === void 0) {
      global = { kind: "const", name, module: this.module.file, suspends: false, type: value.type };
      this.made.set(key, global);
      this.shared.add(global);
      this.hoisted.push({ global, value, hoisted: true, doc: void 0, span: value.span });
    }
    return global;
  }
};
function keyOf(expr) {
  return JSON.stringify(expr, (key, value) => {
    if (key === "span" || key === "type" || key === "doc") return void 0;
    if (key === "global") return `${value.module}:${value.name}`;
    if (value === void 0 || Object.is(value, -0) || typeof value === "number" && !Number.isFinite(value)) {
      return { special: Object.is(value, -0) ? "-0" : String(value) };
    }
    return value;
  });
}
function needsRun(constraint) {
  switch (constraint.kind) {
    case "constant":
      return constraint.needsRun;
    case "call":
      return constraint.name === "tokens";
    case "not":
      return needsRun(constraint.operand);
    case "and":
    case "or":
      return constraint.operands.some(needsRun);
    default:
      return false;
  }
}

// ../compiler/src/passes/constant-folding.ts
var constantFolding = {
  name: "constant-folding",
  law: "A pure expression whose parts are known has one value; writing the value in its place changes nothing. A distribution or constraint of constants is an immutable value that does not depend on when it is made; it is made beforehand only when making it cannot fail (a constraint's failure does not depend on the execution).",
  run: (program) => hoist(fold(program), ["distribution", "constraint"])
};

// ../compiler/src/passes/protected.ts
function proposedNames(program) {
  const facts = new Facts(program);
  const names2 = /* @__PURE__ */ new Set();
  const seen = /* @__PURE__ */ new Set();
  const visit = (fn) => {
    if (seen.has(fn)) return;
    seen.add(fn);
    for (const statement of allStatements(fn.body)) {
      if (statement.kind === "draw") names2.add(statement.site.name);
    }
    for (const expr of expressionsIn(fn.body)) {
      const called = expr.kind === "global" ? facts.functionOf(expr.global) : void 0;
      if (called !== void 0) visit(called);
    }
  };
  for (const module of program.modules) {
    for (const fn of module.functions) if (fn.global.kind === "proposal") visit(fn);
  }
  return names2;
}
function* allStatements(statements) {
  yield* statementsIn(statements);
  for (const expr of expressionsIn(statements)) if (expr.kind === "lambda") yield* statementsIn(expr.body);
}

// ../compiler/src/passes/dead-samples.ts
var deadSamples = {
  name: "dead-samples",
  law: "A draw that nothing reads is summed over: \u03A3_x D(x) \xB7 f = f for a normalised D and an f without x. So it is left out, but only where D is certain to exist, is drawn from itself (no proposal), and is named by no proposal of the program.",
  run(program) {
    const context = {
      facts: new Facts(program),
      constants: new Constants(program),
      proposed: proposedNames(program)
    };
    return mapFunctions(program, (fn) => fn.global.kind === "proposal" ? fn : eliminate(fn, context));
  }
};
function eliminate(fn, context) {
  const live = liveVariables(fn.body, context);
  let changed = false;
  const block = (statements) => statements.flatMap((statement) => {
    const variable = definedBy(statement, context);
    if (variable !== void 0 && (variable === null || !live.has(variable))) {
      changed = true;
      return [];
    }
    const kept = forgetful(statement, live);
    if (kept !== statement) changed = true;
    return [mapStatement(kept, expression, block)];
  });
  const expression = (expr) => mapChildren(expr, expression, block);
  const body = block(fn.body);
  return changed ? { ...fn, body } : fn;
}
function liveVariables(body, context) {
  const readers = /* @__PURE__ */ new Map();
  const live = /* @__PURE__ */ new Set();
  const use = (statement) => {
    for (const operand2 of operandsOf(statement))
      for (const part of expressionsOf(operand2)) if (part.kind === "variable") live.add(part.variable);
  };
  for (const statement of allStatements(body)) {
    const variable = definedBy(statement, context);
    if (variable === void 0) use(statement);
    else if (variable !== null) readers.set(variable, [...readers.get(variable) ?? [], statement]);
  }
  for (const variable of live) readers.get(variable)?.forEach(use);
  for (const statement of allStatements(body)) {
    const assigned = statement.kind === "assign" && definedBy(statement, context) === void 0 ? statement.variable : void 0;
    if (assigned !== void 0) live.add(assigned);
  }
  for (const variable of live) readers.get(variable)?.forEach(use);
  return live;
}
function definedBy(statement, context) {
  switch (statement.kind) {
    case "let":
    case "assign":
      return context.facts.mayFail(statement.value) ? void 0 : statement.variable;
    case "declare":
      return statement.variable;
    case "draw":
      if (statement.proposal !== void 0 || context.proposed.has(statement.site.name)) return void 0;
      return sumsToOne(statement.distribution, context) ? statement.target?.variable ?? null : void 0;
    default:
      return void 0;
  }
}
function forgetful(statement, live) {
  if (!isSuspension(statement)) return statement;
  const target = targetOf(statement);
  return target === null || live.has(target.variable) ? statement : { ...statement, target: null };
}
function sumsToOne(distribution2, { facts, constants }) {
  if (isProper(distribution2, constants, facts)) return true;
  if (distribution2.kind !== "lm" || distribution2.positional.some((e) => facts.mayFail(e)) || facts.mayFail(distribution2.model))
    return false;
  return distribution2.named.every(({ name, value }) => {
    const known2 = constants.valueOf(value);
    switch (name) {
      case "after":
        return !facts.mayFail(value);
      case "stop_at":
      case "stop_before":
        return isStop(known2) || Array.isArray(known2) && known2.length > 0 && known2.every(isStop);
      case "max_tokens":
        return Number.isSafeInteger(known2) && known2 > 0;
      case "must_stop":
        return known2 === false;
      case "options":
        return Array.isArray(known2) && known2.length > 0 && known2.every((option) => typeof option === "string");
      default:
        return false;
    }
  });
}
var isStop = (value) => typeof value === "string" && value !== "";

// ../compiler/src/passes/early-weighting.ts
var earlyWeighting = {
  name: "early-weighting",
  law: "Weights multiply, and multiplication commutes: \u03A3_x D(x) \xB7 w \xB7 f(x) = w \xB7 \u03A3_x D(x) \xB7 f(x) for a w without x. So a factor, observation or condition moves up in its own block to where its inputs are known. It passes what cannot change its inputs or whether it is reached: never a host call, an exit, a loop that may not end, nor, when evaluating it may fail, anything that may end the execution before. It stays behind twists and steps: a twist says what the weights after it will be, and a step is where the program wants resampling, so passing them would keep the measure but steer otherwise than the program says. Executions of weight zero may stop earlier; what they would have drawn or raised afterwards is not drawn or raised.",
  run(program) {
    const mover = new Mover(program);
    return mapBlocks(
      program,
      (statements, fn) => fn?.global.kind === "proposal" ? statements : mover.block(statements)
    );
  }
};
var Mover = class {
  facts;
  quiet = /* @__PURE__ */ new Map();
  constructor(program) {
    this.facts = new Facts(program);
  }
  block(statements) {
    let current = statements;
    for (const statement of statements) {
      if (isWeight(statement)) current = this.move(current, current.indexOf(statement));
    }
    return current;
  }
  /**
   * Moves the weight at `index` up, with the plain definitions it needs. It goes to just before the first suspension that it
   * can pass; passing plain statements alone gains nothing.
   */
  move(statements, index) {
    const weight = statements[index];
    if (operandsOf(weight).some(callsOut)) return statements;
    const group = /* @__PURE__ */ new Set([weight]);
    let reads = readsOfStatement(weight);
    const writes = /* @__PURE__ */ new Set();
    const fails = operandsOf(weight).some((operand2) => this.facts.mayFail(operand2));
    let best = index;
    let bestGroup = group;
    for (let i = index - 1; i >= 0; i--) {
      const statement = statements[i];
      if (intersects(writesIn([statement]), reads)) {
        if (!this.canCome(statement)) break;
        group.add(statement);
        writes.add(statement.variable);
        reads = /* @__PURE__ */ new Set([...reads, ...readsOfStatement(statement)]);
        continue;
      }
      if (intersects(writes, readsOfAll([statement])) || !this.passable(statement, fails)) break;
      if (suspends([statement])) {
        best = i;
        bestGroup = new Set(group);
      }
    }
    if (best === index) return statements;
    const before = statements.slice(0, best);
    const passed = statements.slice(best, index).filter((s) => !bestGroup.has(s));
    const moved = statements.slice(best, index + 1).filter((s) => bestGroup.has(s));
    return [...before, ...moved, ...passed, ...statements.slice(index + 1)];
  }
  /** A definition that may go along: it always has a value, and the same one wherever it stands. */
  canCome(statement) {
    return statement.kind === "let" && !statement.variable.mutable && !this.facts.mayFail(statement.value) && !callsOut(statement.value);
  }
  /** May a weight be evaluated before the statement in place of after it? `fails`: evaluating the weight may fail. */
  passable(statement, fails) {
    if (operandsOf(statement).some(callsOut)) return false;
    switch (statement.kind) {
      case "let":
      case "assign":
      case "expression":
        return !this.facts.mayFail(operandsOf(statement)[0]);
      case "declare":
        return true;
      case "draw":
        return !(fails && mayEnd(statement)) && this.makesDistribution(statement.distribution) && (statement.proposal === void 0 || this.makesDistribution(statement.proposal));
      case "ask":
        return statement.request.kind === "lm";
      case "infer":
        return true;
      case "observe":
      case "condition":
      case "factor":
        return !fails;
      case "enter":
        return !fails && statement.callee.kind === "global" && this.isQuiet(statement.callee.global);
      case "if":
      case "for-each":
      case "for-range":
        return !fails && !operandsOf(statement).some((operand2) => this.facts.mayFail(operand2)) && !leavesSomewhere(statement) && blocksOf(statement).every((block) => block.every((s) => this.passable(s, fails)));
      default:
        return false;
    }
  }
  /** An expression that fails at most because its parameters do not make a distribution. */
  makesDistribution(expr) {
    if (expr.kind === "distribution")
      return expr.arguments.every((a2) => a2 === void 0 || !this.facts.mayFail(a2) || this.makesDistribution(a2));
    if (expr.kind === "lm")
      return [...expr.positional, ...expr.named.map(({ value }) => value)].every((a2) => !this.facts.mayFail(a2));
    return !this.facts.mayFail(expr);
  }
  /** Does the function, with all it calls, neither reach outside nor steer? */
  isQuiet(global) {
    const known2 = this.quiet.get(global);
    if (known2 !== void 0) return known2;
    this.quiet.set(global, true);
    const fn = this.facts.functionOf(global);
    const quiet = fn !== void 0 && [...statementsIn(fn.body)].every((statement) => {
      if (operandsOf(statement).some((operand2) => callsOut(operand2) || hasClosure(operand2))) return false;
      switch (statement.kind) {
        case "twist":
        case "step":
        case "while":
        case "apply":
          return false;
        case "ask":
          return statement.request.kind === "lm";
        case "enter":
          return statement.callee.kind === "global" && this.isQuiet(statement.callee.global);
        default:
          return true;
      }
    });
    this.quiet.set(global, quiet);
    return quiet;
  }
};
var isWeight = (statement) => statement.kind === "factor" || statement.kind === "condition" || statement.kind === "observe";
function mayEnd(statement) {
  const domain = domainOf2(statement.distribution.type);
  if (domain === "finite" || domain === "countable" || domain === "continuous") return statement.proposal !== void 0;
  return true;
}
function leavesSomewhere(statement, inLoop = false) {
  switch (statement.kind) {
    case "return":
      return true;
    case "break":
    case "continue":
      return !inLoop;
    default: {
      const loop = inLoop || statement.kind === "for-each" || statement.kind === "for-range" || statement.kind === "while";
      return blocksOf(statement).some((block) => block.some((s) => leavesSomewhere(s, loop)));
    }
  }
}
var hasClosure = (expr) => [...expressionsOf(expr)].some((part) => part.kind === "lambda" && part.suspends);
function readsOfStatement(statement) {
  const reads = /* @__PURE__ */ new Set();
  for (const operand2 of operandsOf(statement)) readsOf(operand2, reads);
  return reads;
}
function intersects(a2, b) {
  for (const variable of a2) if (b.has(variable)) return true;
  return false;
}

// ../compiler/src/passes/restricted-draws.ts
var restrictedDraws = {
  name: "restricted-draws",
  law: "D(x) \xB7 [p(x)] = m \xB7 D(x | p) with m = \u03A3_y D(y) \xB7 [p(y)]: in place of drawing x and ruling out what fails, draw x from D given p and weigh by m. For a finite D, a p that depends on x and pure values only and cannot fail, no proposal for x. Where p never holds, m is 0 and the execution ends, as it would have.",
  run(program) {
    const context = {
      facts: new Facts(program),
      constants: new Constants(program),
      proposed: proposedNames(program),
      repeated: repeatedSites(program)
    };
    const drawn = mapBlocks(
      program,
      (statements, fn) => fn?.global.kind === "proposal" ? statements : restrictIn(statements, context)
    );
    return hoist(drawn, ["restrict"]);
  }
};
function repeatedSites(program) {
  const seen = /* @__PURE__ */ new Set();
  const repeated = /* @__PURE__ */ new Set();
  for (const module of program.modules) {
    for (const fn of module.functions) {
      for (const statement of allStatements(fn.body)) {
        if (statement.kind !== "draw") continue;
        if (seen.has(statement.site)) repeated.add(statement.site);
        seen.add(statement.site);
      }
    }
  }
  return repeated;
}
function restrictIn(statements, context) {
  const out = [];
  for (let i = 0; i < statements.length; i++) {
    const draw = statements[i];
    const conditions = [];
    if (draw.kind === "draw" && isRestrictable(draw, context)) {
      for (let j = i + 1; j < statements.length; j++) {
        const next = statements[j];
        if (next.kind !== "condition" || !isPredicate(next.test, draw.target.variable, context)) break;
        conditions.push(next);
      }
    }
    if (conditions.length === 0) out.push(draw);
    else {
      out.push(...restricted(draw, conditions, context));
      i += conditions.length;
    }
  }
  return out;
}
function isRestrictable(draw, { proposed, repeated }) {
  return draw.target !== null && draw.proposal === void 0 && !proposed.has(draw.site.name) && !repeated.has(draw.site) && domainOf2(draw.distribution.type) === "finite" && !callsOut(draw.distribution);
}
function isPredicate(test, variable, { facts }) {
  return readsOf(test).has(variable) && !callsOut(test) && !facts.mayFail(test);
}
function restricted(draw, conditions, context) {
  const { span } = draw;
  const { variable, declares } = draw.target;
  const out = [];
  const listed = isListed(draw.distribution, context);
  const distribution2 = listed ? draw.distribution : hold(draw.distribution, "distribution", out);
  const found = {
    name: "restricted",
    type: resultType(draw.distribution.type, variable.type),
    mutable: false
  };
  out.push({
    kind: "let",
    variable: found,
    value: {
      kind: "restrict",
      distribution: distribution2,
      predicate: predicateOf(variable, conditions, out),
      type: found.type,
      span
    },
    span
  });
  const part = (name, type) => ({
    kind: "field",
    object: { kind: "variable", variable: found, type: found.type, span },
    name,
    type,
    span
  });
  const site = conditions[0].site;
  const given2 = part("distribution", draw.distribution.type);
  const weigh = { kind: "factor", weight: part("logMass", FLOAT), site, span: conditions[0].span };
  if (listed) return [...out, weigh, { ...draw, distribution: given2 }];
  if (declares) out.push({ kind: "declare", variable, span });
  const target = { variable, declares: false };
  const isListable = {
    kind: "binary",
    operator: "!=",
    left: { kind: "variable", variable: found, type: found.type, span },
    right: { kind: "literal", value: null, type: { kind: "none" }, span },
    type: BOOL,
    span
  };
  out.push({
    kind: "if",
    test: isListable,
    then: [weigh, { ...draw, distribution: given2, target }],
    otherwise: [{ ...draw, distribution: distribution2, target }, ...conditions],
    span
  });
  return out;
}
function predicateOf(variable, conditions, out) {
  const { span } = conditions[0];
  const parameter = { name: variable.name, type: variable.type, mutable: false };
  const copies = /* @__PURE__ */ new Map();
  const test = conditions.map((condition) => condition.test).reduce((left, right) => ({ kind: "binary", operator: "&&", left, right, type: BOOL, span }));
  const value = substitute(test, (expr) => {
    if (expr.variable === variable) return { ...expr, variable: parameter };
    if (!expr.variable.mutable) return void 0;
    let copy = copies.get(expr.variable);
    if (copy === void 0) {
      copy = { ...expr.variable, mutable: false };
      copies.set(expr.variable, copy);
      out.push({ kind: "let", variable: copy, value: { ...expr, type: expr.variable.type }, span });
    }
    return { ...expr, variable: copy };
  });
  return {
    kind: "lambda",
    name: void 0,
    parameters: [{ variable: parameter, defaultValue: void 0 }],
    result: BOOL,
    body: [{ kind: "return", value, span }],
    suspends: false,
    self: void 0,
    type: functionType([{ name: variable.name, type: variable.type, optional: false }], BOOL, "pure"),
    span
  };
}
function hold(value, name, out) {
  if (value.kind === "global" || value.kind === "variable" && !value.variable.mutable) return value;
  const variable = { name, type: value.type, mutable: false };
  out.push({ kind: "let", variable, value, span: value.span });
  return { kind: "variable", variable, type: value.type, span: value.span };
}
var resultType = (distribution2, element) => ({
  kind: "union",
  members: [
    {
      kind: "record",
      fields: /* @__PURE__ */ new Map([
        [
          "distribution",
          {
            type: distribution2.kind === "dist" ? distribution2 : { kind: "dist", element, domain: "finite" },
            optional: false
          }
        ],
        ["logMass", { type: FLOAT, optional: false }]
      ])
    },
    { kind: "none" }
  ]
});
function isListed(distribution2, { constants, facts }) {
  const resolved = constants.resolve(distribution2);
  if (resolved.kind !== "distribution") return false;
  const [first, second] = resolved.arguments;
  switch (resolved.name) {
    case "bernoulli":
    case "delta":
      return true;
    case "choice":
    case "categorical": {
      const list2 = first && constants.resolve(first);
      return list2?.kind === "list" && list2.elements.length <= FEW || list2?.kind === "map" && list2.entries.length <= FEW;
    }
    case "uniform_int": {
      const [low, high] = [first && constants.valueOf(first), second && constants.valueOf(second)];
      return isProper(resolved, constants, facts) && high - low < FEW;
    }
    default:
      return false;
  }
}
var FEW = 1e3;

// ../compiler/src/passes/index.ts
var passes = [constantFolding, deadSamples, earlyWeighting, restrictedDraws];
var PassError = class extends Error {
  constructor(name) {
    super(`There is no compiler pass \`${name}\`; there are ${passes.map((pass) => pass.name).join(", ")}.`);
    this.name = "PassError";
  }
};
function applyPasses(program, selection) {
  if (selection === "none") return program;
  const chosen = selection === "all" ? passes : selection.map(passNamed);
  return chosen.reduce((current, pass) => pass.run(current), program);
}
function passNamed(name) {
  const found = passes.find((pass) => pass.name === name);
  if (found === void 0) throw new PassError(name);
  return found;
}

// ../compiler/src/compile.ts
async function compile(host, entry, options = {}) {
  const program = await check(host, entry);
  if (program.diagnostics.some(({ severity }) => severity === "error")) return { program, modules: [] };
  return { program, modules: emit(applyPasses(lower(program), options.passes ?? "all")) };
}

export {
  catalogue,
  builtins,
  builtinByName,
  constraintKinds,
  showType,
  languageModelMembers,
  inferenceMethods,
  check,
  nodeFiles,
  memoryFiles,
  renderDiagnostics,
  diagnosticsToJson,
  passes,
  PassError,
  compile
};
//# sourceMappingURL=chunk-VV5FO4GS.js.map