/** The normal form of documents, written anew from docs/json-schema.md: nothing here is shared with the compiler. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Keywords = Record<string, unknown>;

/** Writes a value as documents of the schema are written, compactly. */
export function normalForm(value: Json, schema: unknown): string {
  return write(value, [schema], schema);
}

function write(value: Json, schemas: readonly unknown[], root: unknown): string {
  if (typeof value === "number") return plain(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const parts = flat(schemas, root);
  if (Array.isArray(value)) {
    const items = value.map((item, i) =>
      write(
        item,
        parts.flatMap((p) => {
          const prefix = (p.prefixItems ?? []) as unknown[];
          const own = i < prefix.length ? prefix[i] : p.items;
          return [own, p.contains, constantPart(p, i)].filter((s) => s !== undefined);
        }),
        root,
      ),
    );
    return `[${items.join(",")}]`;
  }
  const members = order(Object.keys(value), parts).map((name) => {
    const inner = parts.flatMap((p) => {
      const own = (p.properties ?? {}) as Keywords;
      const patterns = Object.entries((p.patternProperties ?? {}) as Keywords)
        .filter(([pattern]) => new RegExp(pattern, "u").test(name))
        .map(([, s]) => s);
      const found = [...(Object.hasOwn(own, name) ? [own[name]] : []), ...patterns];
      return [...(found.length > 0 ? found : [p.additionalProperties]), constantPart(p, name)].filter(
        (s) => s !== undefined,
      );
    });
    return `${JSON.stringify(name)}:${write(value[name]!, inner, root)}`;
  });
  return `{${members.join(",")}}`;
}

function constantPart(p: Keywords, key: string | number): unknown {
  const of = (constant: unknown): unknown[] =>
    typeof constant === "object" && constant !== null && Object.hasOwn(constant, key)
      ? [{ const: (constant as Record<string | number, unknown>)[key] }]
      : [];
  const found = [...of(p.const), ...((p.enum ?? []) as unknown[]).flatMap(of)];
  return found.length === 0 ? undefined : { anyOf: found };
}

/** Names as `properties` mention them from top to bottom, then those only required, then others by name. */
function order(names: readonly string[], parts: readonly Keywords[]): string[] {
  const listed = parts.flatMap((p) => [
    ...Object.keys((p.properties ?? {}) as object),
    ...[p.const, ...((p.enum ?? []) as unknown[])].flatMap((c) =>
      typeof c === "object" && c !== null && !Array.isArray(c) ? Object.keys(c) : [],
    ),
  ]);
  const required = parts.flatMap((p) => (p.required ?? []) as string[]);
  const rank = [...listed, ...required];
  const place = (name: string): number => (rank.includes(name) ? rank.indexOf(name) : rank.length);
  return [...names].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** A schema and all those that apply to the same value, in the order they are written in. */
function flat(schemas: readonly unknown[], root: unknown, seen = new Set<unknown>()): Keywords[] {
  return schemas.flatMap((schema) => {
    if (typeof schema !== "object" || schema === null || seen.has(schema)) return [];
    seen.add(schema);
    const own = schema as Keywords;
    const found: Keywords[] = [];
    let placed = false;
    const self = (): void => {
      if (!placed) found.push(own);
      placed = true;
    };
    for (const [keyword, value] of Object.entries(own)) {
      if (["properties", "patternProperties", "additionalProperties"].includes(keyword)) self();
      if (keyword === "$ref") found.push(...flat([resolve(value as string, root)], root, seen));
      if (["allOf", "anyOf", "oneOf"].includes(keyword)) found.push(...flat(value as unknown[], root, seen));
      if (["if", "then", "else"].includes(keyword)) found.push(...flat([value], root, seen));
      if (keyword === "dependentSchemas") found.push(...flat(Object.values(value as object), root, seen));
    }
    self();
    return found;
  });
}

function resolve(reference: string, root: unknown): unknown {
  if (reference === "#amount") return find(root, (s) => s.$anchor === "amount");
  if (reference.includes("amount")) {
    const target = find(root, (s) => s.$id === "https://example.org/amount") as Keywords;
    return reference.endsWith("/s") ? (target.$defs as Keywords).s : target;
  }
  let at = root;
  for (const step of reference.slice(1).split("/").slice(1)) {
    at = (at as Keywords)[step.replace(/~1/g, "/").replace(/~0/g, "~")];
  }
  return at;
}

function find(value: unknown, test: (s: Keywords) => boolean): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  if (test(value as Keywords)) return value;
  for (const part of Object.values(value)) {
    const found = find(part, test);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Without exponent. */
function plain(value: number): string {
  const text = String(value === 0 ? 0 : value);
  if (!text.includes("e")) return text;
  return Math.abs(value) >= 1 ? BigInt(value).toString() : value.toFixed(20).replace(/0+$/, "");
}
