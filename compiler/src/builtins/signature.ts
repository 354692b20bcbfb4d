import type { DistributionDomain, Effect, ParameterType, Type } from "../types.js";
import { Unknowns, type Bound } from "../types/relate.js";
import { CONTEXT, dist, functionType, list, literal, map, posterior, record, tuple, union } from "../types/type.js";

/** One way of calling a built-in function. Type variables in it are made new for every call by `instantiate`. */
export interface Signature {
  readonly parameters: readonly ParameterType[];
  readonly result: Type;
}

export interface Instance extends Signature {
  readonly unknowns: Unknowns;
}

/**
 * Reads the notation the catalogue is written in: PGL's own types, and besides
 * `T` (any one capital letter) a type variable, `N` one for numbers, `O` one for what has an order; `any` a new variable
 * each time; `dist<T, finite>` a distribution of known domain; `=>` a function that must be plain, `->` one that may wait,
 * `~>` one that may draw; `x?: T` a parameter that may be left out.
 */
export function instantiate(signature: string): Instance {
  const unknowns = new Unknowns();
  const reader = new Reader(signature, unknowns);
  return { ...reader.signature(), unknowns };
}

const BOUNDS: Record<string, Bound> = { N: "number", O: "ordered" };
const ARROWS: Record<string, Effect> = { "=>": "pure", "->": "async", "~>": "generative" };

class Reader {
  private readonly tokens: readonly string[];
  private at = 0;
  private readonly variables = new Map<string, Type>();

  constructor(
    private readonly source: string,
    private readonly unknowns: Unknowns,
  ) {
    this.tokens = source.match(/"[^"]*"|[\w-]+(?=[^\w-]|$)|=>|->|~>|[^\s\w]/g) ?? [];
  }

  /** `name(a: T, b?: U): R`; the name is for readers. */
  signature(): Signature {
    this.take();
    const parameters: ParameterType[] = [];
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

  private type(): Type {
    const members = [this.postfix()];
    while (this.accept("|")) members.push(this.postfix());
    return members.length === 1 ? members[0]! : union(members);
  }

  private postfix(): Type {
    let type = this.primary();
    while (this.accept("?")) type = union([type, { kind: "none" }]);
    return type;
  }

  private primary(): Type {
    const token = this.take();
    if (token === "(") {
      const elements: Type[] = [];
      while (!this.accept(")")) {
        elements.push(this.type());
        this.accept(",");
      }
      const effect = ARROWS[this.tokens[this.at] ?? ""];
      if (effect === undefined) return elements.length === 1 ? elements[0]! : tuple(elements);
      this.take();
      const parameters = elements.map((type, i) => ({ name: `argument ${i + 1}`, type, optional: false }));
      return functionType(parameters, this.type(), effect);
    }
    if (token === "{") {
      const fields: [string, Type][] = [];
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
        return this.arguments(([element]) => list(element!));
      case "map":
        return this.arguments(([key, value]) => map(key!, value!));
      case "posterior":
        return this.arguments(([element]) => posterior(element!));
      case "dist": {
        this.expect("<");
        const element = this.type();
        const domain = this.accept(",") ? (this.take() as DistributionDomain) : "unknown";
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
      case "twist":
      case "constraint":
      case "never":
        return { kind: token };
    }
    if (!/^[A-Z]$/.test(token)) throw new Error(`Unknown type \`${token}\` in the signature ${this.source}`);
    const known = this.variables.get(token);
    if (known !== undefined) return known;
    const variable = this.unknowns.fresh(BOUNDS[token] ?? "any");
    this.variables.set(token, variable);
    return variable;
  }

  private arguments(make: (types: readonly Type[]) => Type): Type {
    this.expect("<");
    const types: Type[] = [];
    while (!this.accept(">")) {
      types.push(this.type());
      this.accept(",");
    }
    return make(types);
  }

  private take(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new Error(`The signature ends early: ${this.source}`);
    return token;
  }

  private accept(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token))
      throw new Error(`Expected ${token} at ${this.tokens[this.at] ?? "the end"}: ${this.source}`);
  }
}

/** Names and optionality of the parameters, without making types; what editors and messages show. */
export function parameterNames(signature: string): readonly { readonly name: string; readonly optional: boolean }[] {
  return instantiate(signature).parameters.map(({ name, optional }) => ({ name, optional }));
}
