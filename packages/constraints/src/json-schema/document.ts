import { isObject, type Json, type JsonObject, pointerStep } from "./json.js";
import { SchemaError } from "./error.js";
import { annotations, companions, known, subschemas, unsupported } from "./keywords.js";

/** A schema within a document: `true`, `false` or an object of keywords. */
export interface Schema {
  readonly id: number;
  readonly value: boolean | JsonObject;
  /** Where it stands first; equal schemas are one. */
  readonly pointer: string;
  /** The identifier that its references are relative to. */
  readonly base: string;
}

/**
 * A schema document: its parts by reference. Parts that are equal (and refer to the same things) are one `Schema`.
 */
export class SchemaDocument {
  readonly root: Schema;
  private readonly schemas: Schema[] = [];
  private readonly byContent = new Map<string, Schema>();
  private readonly places = new Map<JsonObject, { pointer: string; base: string }>();
  private readonly contents = new Map<JsonObject, string>();
  /** By identifier of a resource, its schema. */
  private readonly resources = new Map<string, Json>();
  /** By identifier and anchor. */
  private readonly anchors = new Map<string, Json>();

  /** @throws SchemaError PGLC030, PGLC031 for what is wrong with keywords, anywhere in the document. */
  constructor(private readonly document: Json) {
    if (typeof document !== "boolean" && !isObject(document)) {
      throw new SchemaError("PGLC031", "A schema is an object of keywords, or `true` or `false`.", "");
    }
    this.resources.set("", document);
    this.index(document, "", "");
    this.root = this.schema(document, "", "");
  }

  /** A part of the document as a schema. */
  schema(value: Json, pointer: string, base: string): Schema {
    if (typeof value !== "boolean" && !isObject(value)) {
      throw new SchemaError("PGLC031", "A schema is an object of keywords, or `true` or `false`.", pointer);
    }
    const place = isObject(value) ? this.places.get(value) : undefined;
    const own = place?.base ?? base;
    const key = `${own} ${this.content(value)}`;
    let schema = this.byContent.get(key);
    if (schema === undefined) {
      schema = { id: this.schemas.length, value, pointer: place?.pointer ?? pointer, base: own };
      this.schemas.push(schema);
      this.byContent.set(key, schema);
    }
    return schema;
  }

  /** The schema that accepts one value alone. */
  constant(value: Json, pointer: string): Schema {
    const key = `const ${JSON.stringify(value)}`;
    let schema = this.byContent.get(key);
    if (schema === undefined) {
      schema = { id: this.schemas.length, value: { const: value }, pointer, base: "" };
      this.schemas.push(schema);
      this.byContent.set(key, schema);
    }
    return schema;
  }

  get(id: number): Schema {
    return this.schemas[id]!;
  }

  /** @throws SchemaError PGLC031 when the reference leads nowhere in the document. */
  resolve(reference: string, from: Schema): Schema {
    const pointer = `${from.pointer}/$ref`;
    const [address, fragment = ""] = reference.split("#") as [string, string | undefined];
    const base = address === "" ? from.base : resolveAddress(address, from.base);
    const resource = this.resources.get(base);
    if (resource === undefined) {
      throw new SchemaError("PGLC030", `The schema ${JSON.stringify(reference)} is not in this document.`, pointer, {
        hint: "Put it under `$defs` and refer to it there: nothing is fetched.",
      });
    }
    const target =
      fragment === "" || fragment.startsWith("/")
        ? follow(resource, fragment)
        : this.anchors.get(`${base}#${fragment}`);
    if (target === undefined || (typeof target !== "boolean" && !isObject(target))) {
      throw new SchemaError("PGLC031", `The reference ${JSON.stringify(reference)} leads to no schema.`, pointer, {
        hint: 'References look like "#/$defs/name".',
      });
    }
    const at = this.pointerOf(resource) + decodePointer(fragment);
    if (isObject(target) && !this.places.has(target)) this.index(target, at, base);
    return this.schema(target, at, base);
  }

  /** What of a schema has a meaning, as a text. The order of members counts: it is the order they are written in. */
  private content(value: Json): string {
    if (!isObject(value)) return JSON.stringify(value);
    let content = this.contents.get(value);
    if (content === undefined) {
      const parts = Object.entries(value).flatMap(([keyword, argument]) => {
        if (without.has(keyword) || annotations.has(keyword) || keyword.startsWith("x-")) return [];
        const inner = subschemas(keyword, argument);
        const shown =
          inner.length === 0
            ? JSON.stringify(argument)
            : inner.map(([step, part]) => `${JSON.stringify(step)}:${this.content(part)}`).join(",");
        return [`${keyword}(${shown})`];
      });
      this.contents.set(value, (content = parts.join(" ")));
    }
    return content;
  }

  private pointerOf(resource: Json): string {
    return isObject(resource) ? (this.places.get(resource)?.pointer ?? "") : "";
  }

  /** Checks the keywords of a schema and of all schemas in it, and notes where they stand. */
  private index(value: Json, pointer: string, base: string): void {
    if (typeof value === "boolean") return;
    if (!isObject(value)) {
      throw new SchemaError("PGLC031", "A schema is an object of keywords, or `true` or `false`.", pointer);
    }
    const { $id, $anchor } = value;
    if (typeof $id === "string") {
      base = resolveAddress($id.replace(/#$/, ""), base);
      this.resources.set(base, value);
    }
    if (typeof $anchor === "string") this.anchors.set(`${base}#${$anchor}`, value);
    this.places.set(value, { pointer, base });
    for (const [keyword, argument] of Object.entries(value)) {
      const at = pointer + pointerStep(keyword);
      if (annotations.has(keyword) || keyword.startsWith("x-")) continue;
      const check = Object.hasOwn(known, keyword) ? known[keyword] : undefined;
      if (check === undefined) {
        const hint = Object.hasOwn(unsupported, keyword) ? unsupported[keyword] : undefined;
        throw new SchemaError("PGLC030", `The keyword \`${keyword}\` is not supported.`, at, {
          hint: hint ?? "Take it out of the schema: no keyword is ignored. docs/json-schema.md has those there are.",
        });
      }
      const wanted = check(argument);
      if (wanted !== null) throw new SchemaError("PGLC031", `\`${keyword}\` must be ${wanted}.`, at);
      const companion = companions[keyword];
      if (companion !== undefined && value[companion] === undefined) {
        throw new SchemaError("PGLC031", `\`${keyword}\` without \`${companion}\` says nothing.`, at);
      }
      for (const [step, part] of subschemas(keyword, argument)) this.index(part, at + step, base);
    }
  }
}

/** Places to refer to, which do not say anything about values. */
const without: ReadonlySet<string> = new Set(["$defs", "definitions", "$anchor"]);

function resolveAddress(address: string, base: string): string {
  try {
    return new URL(address, base === "" ? undefined : base).href;
  } catch {
    return address;
  }
}

function follow(value: Json, fragment: string): Json | undefined {
  if (fragment === "") return value;
  let at: Json | undefined = value;
  for (const step of fragment.slice(1).split("/")) {
    const key = decodePointer(step).replace(/~1/g, "/").replace(/~0/g, "~");
    if (Array.isArray(at)) at = /^(?:0|[1-9][0-9]*)$/.test(key) ? (at[Number(key)] as Json | undefined) : undefined;
    else if (isObject(at)) at = Object.hasOwn(at, key) ? at[key] : undefined;
    else return undefined;
  }
  return at;
}

function decodePointer(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
