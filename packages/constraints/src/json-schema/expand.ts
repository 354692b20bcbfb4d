import { ConstraintError } from "../errors.js";
import { regex } from "../regex.js";
import type { Schema, SchemaDocument } from "./document.js";
import { SchemaError } from "./error.js";
import {
  arrayShape,
  type ArrayShape,
  type Form,
  Forms,
  mergeFree,
  nothing,
  objectShape,
  type ObjectShape,
  type Place,
  Places,
} from "./form.js";
import { numberFormat, stringFormat, freeFormats, formatExpressions } from "./formats.js";
import { canonical, type Json, type JsonObject, pointerStep } from "./json.js";
import { compared, integers, multiplesOf, MOST_REMAINDERS, numbers, oneOfNumbers } from "./numbers.js";
import { decimal } from "./json.js";
import { type RegularSet, strings } from "./regular-set.js";

/** Shapes that a place may be a union of. */
const MOST_SHAPES = 3000;

/**
 * Exactly the values, or a set around them that is simpler to get (then `oneOf` counts as `anyOf`, and what cannot be
 * negated as everything): enough to prove that no value is in two options.
 */
export type Mode = "exact" | "around";

/**
 * Works out, for each place of a document, which values it may have. A schema is expanded one level at a time: the places
 * inside are conjunctions of schemas again, so recursion is no trouble.
 */
export class Expander {
  readonly places = new Places();
  readonly forms = new Forms(this.places);
  private readonly byPlace = { exact: new Map<Place, Form>(), around: new Map<Place, Form>() };
  private readonly byLiteral = { exact: new Map<number, Form>(), around: new Map<number, Form>() };
  private readonly open = { exact: new Set<number>(), around: new Set<number>() };

  constructor(private readonly document: SchemaDocument) {}

  get root(): Place {
    return this.placeOf(this.document.root, false);
  }

  /** @throws SchemaError for what is malformed, unsupported, undecidable or too large in the schemas of the place. */
  form(place: Place, mode: Mode = "exact"): Form {
    const { literals } = place;
    if (literals === null) return nothing;
    const known = this.byPlace[mode].get(place);
    if (known !== undefined) return known;
    let form = this.forms.everything;
    for (const literal of literals) {
      form = this.forms.and(form, this.literal(literal, mode));
      this.checkSize(form, this.document.get(literal >> 1));
    }
    this.byPlace[mode].set(place, form);
    return form;
  }

  /** Whether it is certain that no value is in the place. */
  isEmpty(place: Place): boolean {
    // Least fixed point: a place has a value when some form of it needs only places that have one.
    const found = new Map<Place, Form>();
    const queue = [place];
    const meet = (p: Place): void => {
      if (found.has(p) || p.literals === null) return;
      found.set(p, this.form(p, "around"));
      queue.push(p);
    };
    meet(place);
    while (queue.length > 0) {
      const form = found.get(queue.pop()!);
      if (form === undefined) continue;
      if (form.null || form.true || form.false || !form.numbers.isEmpty || !form.strings.isEmpty) continue;
      for (const shape of form.arrays) neededByArray(shape).forEach(meet);
      for (const shape of form.objects) neededByObject(shape).forEach(meet);
    }
    const inhabited = new Set<Place>();
    const has = (p: Place): boolean => inhabited.has(p);
    for (let grown = true; grown;) {
      grown = false;
      for (const [p, form] of found) {
        if (has(p)) continue;
        const now =
          form.null ||
          form.true ||
          form.false ||
          !form.numbers.isEmpty ||
          !form.strings.isEmpty ||
          form.arrays.some((shape) => neededByArray(shape).every(has)) ||
          form.objects.some((shape) => neededByObject(shape).every(has) && enoughMembers(shape));
        if (!now) continue;
        inhabited.add(p);
        grown = true;
      }
    }
    return !has(place);
  }

  placeOf(schema: Schema, negated: boolean): Place {
    const { value, id } = schema;
    if (typeof value === "boolean") return value === negated ? this.places.none : this.places.any;
    return this.places.of([2 * id + (negated ? 1 : 0)]);
  }

  /** The place that holds one value. */
  constantPlace(value: Json, pointer: string): Place {
    return this.placeOf(this.document.constant(value, pointer), false);
  }

  /** Where the schemas of a place stand, for messages. */
  describe(place: Place): string {
    const first = (place.literals ?? []).map((literal) => this.document.get(literal >> 1).pointer);
    return first[first.length - 1] ?? "";
  }

  /** The innermost place that must have a value and has none. */
  unsatisfiable(): string {
    let at = this.root;
    const seen = new Set<Place>();
    for (;;) {
      seen.add(at);
      const form = this.form(at, "around");
      const needed = [...form.arrays.flatMap(neededByArray), ...form.objects.flatMap(neededByObject)];
      const next = needed.find((place) => !seen.has(place) && this.isEmpty(place));
      if (next === undefined || next.literals === null) return this.describe(at);
      at = next;
    }
  }

  private checkSize(form: Form, schema: Schema): void {
    if (form.arrays.length + form.objects.length <= MOST_SHAPES) return;
    throw new SchemaError(
      "PGLC034",
      `The choices here combine to more than ${MOST_SHAPES} different shapes of values.`,
      schema.pointer,
      { hint: "Write fewer `anyOf` and `oneOf` beside each other, or one with the combinations that are meant." },
    );
  }

  private literal(literal: number, mode: Mode): Form {
    const known = this.byLiteral[mode].get(literal);
    if (known !== undefined) return known;
    const schema = this.document.get(literal >> 1);
    if (this.open[mode].has(literal)) {
      throw new SchemaError("PGLC031", "This schema refers to itself without anything in between.", schema.pointer, {
        hint: "A recursive reference must stand inside `properties`, `items` or the like.",
      });
    }
    this.open[mode].add(literal);
    const form = (literal & 1) === 0 ? this.positive(schema, mode) : this.negative(schema, mode);
    this.open[mode].delete(literal);
    this.byLiteral[mode].set(literal, form);
    return form;
  }

  private positive(schema: Schema, mode: Mode): Form {
    let form = this.forms.everything;
    for (const part of this.parts(schema)) {
      form = this.forms.and(form, part.holds(mode));
      this.checkSize(form, schema);
    }
    return form;
  }

  private negative(schema: Schema, mode: Mode): Form {
    let form = nothing;
    for (const part of this.parts(schema)) {
      form = this.forms.or(form, part.fails(mode));
      this.checkSize(form, schema);
    }
    return form;
  }

  /** What a schema demands, keyword by keyword: those that order members first, as they are written. */
  private parts(schema: Schema): Part[] {
    const value = schema.value as JsonObject;
    const made = new Set<string>();
    const parts: Part[] = [];
    const later: Part[] = [];
    for (const keyword of Object.keys(value)) {
      const group = GROUP[keyword];
      if (group === undefined || made.has(group)) continue;
      made.add(group);
      const part = makers[group](this, schema, value);
      if (part === null) continue;
      (ordering.has(group) ? parts : later).push(part);
    }
    return [...parts, ...later];
  }

  /** The place of a schema inside another. */
  inner(schema: Schema, value: Json, step: string, negated = false): Place {
    return this.placeOf(this.document.schema(value, schema.pointer + step, schema.base), negated);
  }

  formOf(schema: Schema, value: Json, step: string, negated: boolean, mode: Mode): Form {
    return this.form(this.inner(schema, value, step, negated), mode);
  }

  refer(schema: Schema, reference: string): Schema {
    return this.document.resolve(reference, schema);
  }

  /** Exactly this value. */
  constant(value: Json, pointer: string): Form {
    if (value === null) return { ...nothing, null: true };
    if (value === true) return { ...nothing, true: true };
    if (value === false) return { ...nothing, false: true };
    if (typeof value === "number") return { ...nothing, numbers: oneOfNumbers([value]) };
    if (typeof value === "string") return { ...nothing, strings: strings.listed([value]) };
    const place = (part: Json): Place => this.placeOf(this.document.constant(part, pointer), false);
    if (Array.isArray(value)) {
      const items = value as readonly Json[];
      return {
        ...nothing,
        arrays: [
          {
            ...this.forms.anyArray,
            prefix: items.map(place),
            rest: this.places.none,
            min: items.length,
            max: items.length,
          },
        ],
      };
    }
    const named = new Map(
      Object.entries(value).map(([name, part]) => [name, { place: place(part as Json), required: true, listed: true }]),
    );
    return { ...nothing, objects: [{ ...this.forms.anyObject, named, free: [] }] };
  }

  /** Every value but this one. */
  notConstant(value: Json, pointer: string): Form {
    const { forms } = this;
    if (value === null || typeof value !== "object") {
      const one = this.constant(value, pointer);
      return forms.restrict({
        ...(one.null && { null: false }),
        ...(one.true && { true: false }),
        ...(one.false && { false: false }),
        numbers: numbers.not(one.numbers),
        strings: strings.not(one.strings),
      });
    }
    const other = (part: Json): Place => this.placeOf(this.document.constant(part, pointer), true);
    if (Array.isArray(value)) {
      const items = value as readonly Json[];
      const { anyArray } = forms;
      const shapes: ArrayShape[] = items.map((part, i) => ({
        ...anyArray,
        prefix: [...items.slice(0, i).map(() => this.places.any), other(part)],
        min: i + 1,
      }));
      if (items.length > 0) shapes.push({ ...anyArray, max: items.length - 1 });
      return forms.restrict({ arrays: [...shapes, { ...anyArray, min: items.length + 1 }] });
    }
    const { anyObject } = forms;
    const entries = Object.entries(value) as [string, Json][];
    const shapes: ObjectShape[] = entries.flatMap(([name, part]) => [
      this.withMember(name, other(part), true),
      this.withMember(name, this.places.none, false),
    ]);
    const more = strings.butFor(entries.map(([name]) => name));
    shapes.push({ ...anyObject, some: [{ names: more, place: this.places.any }] });
    return forms.restrict({ objects: shapes });
  }

  /** Objects that have such a member, or that lack it or have it so. */
  withMember(name: string, place: Place, required: boolean): ObjectShape {
    return {
      ...this.forms.anyObject,
      named: new Map([[name, { place, required, listed: false }]]),
      free: [{ names: strings.butFor([name]), place: this.places.any }],
    };
  }
}

/** Places that must have a value if the shape is to have one (some more may be needed). */
function neededByArray(shape: ArrayShape): Place[] {
  const needed = shape.prefix.slice(0, shape.min);
  if (shape.min > shape.prefix.length) needed.push(shape.rest);
  return needed;
}

function neededByObject(shape: ObjectShape): Place[] {
  return [...shape.named.values()].filter((m) => m.required).map((m) => m.place);
}

function enoughMembers(shape: ObjectShape): boolean {
  if (shape.free.length > 0) return true;
  return [...shape.named.values()].filter((m) => m.place.literals !== null).length >= shape.min;
}

/** One demand of a schema: the values that meet it, and the others. */
interface Part {
  holds(mode: Mode): Form;
  fails(mode: Mode): Form;
}

type Maker = (x: Expander, schema: Schema, value: JsonObject) => Part | null;

/** Keywords that say something together. */
const GROUP: Readonly<Record<string, string>> = {
  $ref: "ref",
  type: "type",
  enum: "enum",
  const: "const",
  minimum: "numbers",
  maximum: "numbers",
  exclusiveMinimum: "numbers",
  exclusiveMaximum: "numbers",
  multipleOf: "numbers",
  minLength: "strings",
  maxLength: "strings",
  pattern: "strings",
  format: "format",
  prefixItems: "items",
  items: "items",
  minItems: "length",
  maxItems: "length",
  contains: "contains",
  uniqueItems: "unique",
  properties: "properties",
  patternProperties: "properties",
  additionalProperties: "properties",
  propertyNames: "names",
  required: "required",
  minProperties: "size",
  maxProperties: "size",
  dependentRequired: "dependentRequired",
  dependentSchemas: "dependentSchemas",
  allOf: "allOf",
  anyOf: "anyOf",
  oneOf: "oneOf",
  not: "not",
  if: "if",
};

/** What may put members in order. */
const ordering: ReadonlySet<string> = new Set([
  "ref",
  "properties",
  "allOf",
  "anyOf",
  "oneOf",
  "if",
  "dependentSchemas",
  "const",
  "enum",
]);

const makers: Readonly<Record<string, Maker>> = {
  ref: (x, schema, { $ref }) => {
    const target = (negated: boolean): Place => x.placeOf(x.refer(schema, $ref as string), negated);
    return { holds: (mode) => x.form(target(false), mode), fails: (mode) => x.form(target(true), mode) };
  },

  type: (x, _, { type }) => {
    const types = new Set(Array.isArray(type) ? (type as string[]) : [type as string]);
    const of = (wanted: boolean): Form => {
      const has = (name: string): boolean => types.has(name) === wanted;
      const { everything } = x.forms;
      const whole = types.has("number") ? numbers.all : types.has("integer") ? integers : numbers.none;
      return {
        null: has("null"),
        true: has("boolean"),
        false: has("boolean"),
        numbers: wanted ? whole : numbers.not(whole),
        strings: has("string") ? strings.all : strings.none,
        arrays: has("array") ? everything.arrays : [],
        objects: has("object") ? everything.objects : [],
      };
    };
    return { holds: () => of(true), fails: () => of(false) };
  },

  const: (x, schema, value) => ({
    holds: () => x.constant(value.const!, `${schema.pointer}/const`),
    fails: () => x.notConstant(value.const!, `${schema.pointer}/const`),
  }),

  enum: (x, schema, value) => {
    const all = [...new Map((value.enum as readonly Json[]).map((v) => [canonical(v), v])).values()];
    const pointer = `${schema.pointer}/enum`;
    const texts = all.filter((v) => typeof v === "string");
    const amounts = all.filter((v) => typeof v === "number");
    const rest = all.filter((v) => typeof v !== "string" && typeof v !== "number");
    return {
      holds: () =>
        rest.reduce<Form>((form, v) => x.forms.or(form, x.constant(v, pointer)), {
          ...nothing,
          strings: strings.listed(texts),
          numbers: oneOfNumbers(amounts),
        }),
      fails: () =>
        rest.reduce<Form>(
          (form, v) => x.forms.and(form, x.notConstant(v, pointer)),
          x.forms.restrict({ strings: strings.butFor(texts), numbers: numbers.not(oneOfNumbers(amounts)) }),
        ),
    };
  },

  numbers: (x, schema, value) => {
    let set = numbers.all;
    const bound = (keyword: string, operator: "<" | "<=" | ">" | ">="): void => {
      if (value[keyword] !== undefined) set = numbers.and(set, compared(operator, decimal(value[keyword] as number)));
    };
    bound("minimum", ">=");
    bound("maximum", "<=");
    bound("exclusiveMinimum", ">");
    bound("exclusiveMaximum", "<");
    if (value.multipleOf !== undefined) {
      const multiples = multiplesOf(value.multipleOf as number);
      if (multiples === null) {
        throw new SchemaError(
          "PGLC034",
          `Multiples of ${String(value.multipleOf)} need more than ${MOST_REMAINDERS} states.`,
          `${schema.pointer}/multipleOf`,
          { hint: "Use a number with fewer digits." },
        );
      }
      set = numbers.and(set, multiples);
    }
    return {
      holds: () => x.forms.restrict({ numbers: set }),
      fails: () => ({ ...nothing, numbers: numbers.not(set) }),
    };
  },

  strings: (x, schema, value) => {
    const { minLength = 0, maxLength = Infinity, pattern } = value;
    let set = strings.ofLength(minLength as number, maxLength as number);
    if (pattern !== undefined) set = strings.and(set, matching(pattern as string, `${schema.pointer}/pattern`));
    return {
      holds: () => x.forms.restrict({ strings: set }),
      fails: () => ({ ...nothing, strings: strings.not(set) }),
    };
  },

  format: (x, schema, { format }) => {
    const name = format as string;
    if (freeFormats.has(name)) return null;
    const [text, amount] = [stringFormat(name), numberFormat(name)];
    if (text !== null) {
      return {
        holds: () => x.forms.restrict({ strings: text }),
        fails: () => ({ ...nothing, strings: strings.not(text) }),
      };
    }
    if (amount !== null) {
      return {
        holds: () => x.forms.restrict({ numbers: amount }),
        fails: () => ({ ...nothing, numbers: numbers.not(amount) }),
      };
    }
    throw new SchemaError(
      "PGLC030",
      `The format ${JSON.stringify(name)} is not supported.`,
      `${schema.pointer}/format`,
      {
        hint: `There are ${Object.keys(formatExpressions).join(", ")}, int32 and int64. A \`pattern\` can say any other.`,
      },
    );
  },

  items: (x, schema, value) => {
    const prefix = ((value.prefixItems ?? []) as readonly Json[]).map((v, i) => [v, `/prefixItems/${i}`] as const);
    const { items = true } = value;
    const { anyArray } = x.forms;
    return {
      holds: () => {
        const shape = arrayShape({
          ...anyArray,
          prefix: prefix.map(([v, step]) => x.inner(schema, v, step)),
          rest: x.inner(schema, items, "/items"),
        });
        return x.forms.restrict({ arrays: shape === null ? [] : [shape] });
      },
      fails: () => {
        const shapes: ArrayShape[] = prefix.map(([v, step], i) => ({
          ...anyArray,
          prefix: [...prefix.slice(0, i).map(() => x.places.any), x.inner(schema, v, step, true)],
          min: i + 1,
        }));
        const [place, others] = [x.inner(schema, items, "/items", true), x.inner(schema, items, "/items")];
        if (place.literals !== null) {
          const containing = [{ place, others, from: prefix.length, min: 1, max: Infinity }];
          shapes.push({ ...anyArray, min: prefix.length + 1, containing });
        }
        return { ...nothing, arrays: shapes.map(arrayShape).filter((shape) => shape !== null) };
      },
    };
  },

  length: (x, _, { minItems = 0, maxItems = Infinity }) => {
    const [min, max] = [minItems as number, maxItems as number];
    const { anyArray } = x.forms;
    return {
      holds: () => x.forms.restrict({ arrays: min > max ? [] : [{ ...anyArray, min, max }] }),
      fails: () => ({
        ...nothing,
        arrays: [
          ...(min > 0 ? [{ ...anyArray, max: min - 1 }] : []),
          ...(max < Infinity ? [{ ...anyArray, min: max + 1 }] : []),
        ],
      }),
    };
  },

  contains: (x, schema, { contains, minContains = 1, maxContains = Infinity }) => {
    const place = x.inner(schema, contains!, "/contains");
    const others = x.inner(schema, contains!, "/contains", true);
    const of = (min: number, max: number): ArrayShape[] => {
      if (min > max) return [];
      if (min === 0 && max === Infinity) return [x.forms.anyArray];
      const shape = arrayShape({ ...x.forms.anyArray, containing: [{ place, others, from: 0, min, max }] });
      return shape === null ? [] : [shape];
    };
    const [min, max] = [minContains as number, maxContains as number];
    return {
      holds: () => x.forms.restrict({ arrays: of(min, max) }),
      fails: () => ({
        ...nothing,
        arrays: [...(min > 0 ? of(0, min - 1) : []), ...(max < Infinity ? of(max + 1, Infinity) : [])],
      }),
    };
  },

  unique: (x, schema, { uniqueItems }) => {
    if (uniqueItems === false) return null;
    const pointer = `${schema.pointer}/uniqueItems`;
    return {
      holds: () => x.forms.restrict({ arrays: [{ ...x.forms.anyArray, unique: true, pointer }] }),
      fails: (mode) => {
        if (mode === "around") return { ...nothing, arrays: [{ ...x.forms.anyArray, min: 2 }] };
        throw new SchemaError("PGLC032", "`uniqueItems` cannot be negated.", pointer, {
          hint: "It stands under `not`, `if` or an option of `oneOf` that another overlaps.",
        });
      },
    };
  },

  properties: (x, schema, value) => {
    const properties = Object.entries((value.properties ?? {}) as JsonObject);
    const patterns = Object.entries((value.patternProperties ?? {}) as JsonObject).map(([source, part]) => ({
      names: matching(source, `${schema.pointer}/patternProperties${pointerStep(source)}`),
      part,
      step: `/patternProperties${pointerStep(source)}`,
    }));
    const { additionalProperties = true } = value;
    const own = strings.butFor(properties.map(([name]) => name));
    const additional = patterns.reduce((names, p) => strings.and(names, strings.not(p.names)), own);
    const step = (name: string): string => `/properties${pointerStep(name)}`;
    return {
      holds: () => {
        const named = new Map(
          properties.map(([name, part]) => {
            const places = patterns.filter((p) => p.names.has(name)).map((p) => x.inner(schema, p.part, p.step));
            const place = places.reduce((a, b) => x.places.and(a, b), x.inner(schema, part, step(name)));
            return [name, { place, required: false, listed: true }] as const;
          }),
        );
        // By name: which patterns it matches.
        let free = [{ names: own, place: x.places.any, matched: false }];
        for (const pattern of patterns) {
          const place = x.inner(schema, pattern.part, pattern.step);
          free = free
            .flatMap(({ names, place: before, matched }) => [
              { names: strings.and(names, pattern.names), place: x.places.and(before, place), matched: true },
              { names: strings.and(names, strings.not(pattern.names)), place: before, matched },
            ])
            .filter(({ names }) => !names.isEmpty);
        }
        const rest = x.inner(schema, additionalProperties, "/additionalProperties");
        const shape = objectShape({
          ...x.forms.anyObject,
          named,
          free: mergeFree(free.map(({ names, place, matched }) => ({ names, place: matched ? place : rest }))),
        });
        return x.forms.restrict({ objects: shape === null ? [] : [shape] });
      },
      fails: () => {
        const shapes: ObjectShape[] = [];
        const some = (names: RegularSet, place: Place): void => {
          if (place.literals === null || names.isEmpty) return;
          shapes.push(...x.forms.withSome(x.forms.anyObject, [{ names, place }]));
        };
        for (const [name, part] of properties) {
          const place = x.inner(schema, part, step(name), true);
          if (place.literals !== null) shapes.push(x.withMember(name, place, true));
        }
        for (const { names, part, step } of patterns) some(names, x.inner(schema, part, step, true));
        some(additional, x.inner(schema, additionalProperties, "/additionalProperties", true));
        return { ...nothing, objects: shapes };
      },
    };
  },

  names: (x, schema, { propertyNames }) => {
    const of = (mode: Mode): RegularSet => x.formOf(schema, propertyNames!, "/propertyNames", false, mode).strings;
    const shape = (names: RegularSet): ObjectShape => ({
      ...x.forms.anyObject,
      free: mergeFree([{ names, place: x.places.any }]),
    });
    return {
      holds: (mode) => x.forms.restrict({ objects: [shape(of(mode))] }),
      fails: (mode) => {
        const names = x.formOf(schema, propertyNames!, "/propertyNames", true, mode).strings;
        if (names.isEmpty) return nothing;
        return { ...nothing, objects: x.forms.withSome(x.forms.anyObject, [{ names, place: x.places.any }]) };
      },
    };
  },

  required: (x, _, value) => {
    const required = value.required as readonly string[];
    return {
      holds: () => x.forms.restrict({ objects: [withRequired(x, required)] }),
      fails: () => ({ ...nothing, objects: required.map((name) => x.withMember(name, x.places.none, false)) }),
    };
  },

  size: (x, schema, { minProperties = 0, maxProperties = Infinity }) => {
    const [min, max] = [minProperties as number, maxProperties as number];
    const { anyObject } = x.forms;
    const pointer = `${schema.pointer}/minProperties`;
    return {
      holds: () => x.forms.restrict({ objects: min > max ? [] : [{ ...anyObject, min, max, pointer }] }),
      fails: () => ({
        ...nothing,
        objects: [
          ...(min > 0 ? [{ ...anyObject, max: min - 1 }] : []),
          ...(max < Infinity ? [{ ...anyObject, min: max + 1, pointer: `${schema.pointer}/maxProperties` }] : []),
        ],
      }),
    };
  },

  dependentRequired: (x, _, value) => {
    const entries = Object.entries(value.dependentRequired as Record<string, readonly string[]>);
    const has = (name: string, others: readonly string[]): Form => ({
      ...nothing,
      objects: [withRequired(x, [...new Set([name, ...others])])],
    });
    const lacks = (name: string): Form => x.forms.restrict({ objects: [x.withMember(name, x.places.none, false)] });
    return {
      holds: () =>
        entries.reduce<Form>(
          (form, [name, others]) => x.forms.and(form, x.forms.or(lacks(name), has(name, others))),
          x.forms.everything,
        ),
      fails: () =>
        entries.reduce<Form>(
          (form, [name, others]) =>
            others.reduce<Form>(
              (f, other) => x.forms.or(f, x.forms.and(has(name, []), { ...nothing, objects: lacks(other).objects })),
              form,
            ),
          nothing,
        ),
    };
  },

  dependentSchemas: (x, schema, value) => {
    const entries = Object.entries(value.dependentSchemas as JsonObject);
    const has = (name: string): Form => ({ ...nothing, objects: [withRequired(x, [name])] });
    const lacks = (name: string): Form => x.forms.restrict({ objects: [x.withMember(name, x.places.none, false)] });
    const part = (name: string, schemaValue: Json, negated: boolean, mode: Mode): Form =>
      x.formOf(schema, schemaValue, `/dependentSchemas${pointerStep(name)}`, negated, mode);
    return {
      holds: (mode) =>
        entries.reduce<Form>(
          (form, [name, v]) =>
            x.forms.and(form, x.forms.or(x.forms.and(has(name), part(name, v, false, mode)), lacks(name))),
          x.forms.everything,
        ),
      fails: (mode) =>
        entries.reduce<Form>(
          (form, [name, v]) => x.forms.or(form, x.forms.and(has(name), part(name, v, true, mode))),
          nothing,
        ),
    };
  },

  allOf: (x, schema, value) => combination(x, schema, "allOf", value.allOf as readonly Json[], false),
  anyOf: (x, schema, value) => combination(x, schema, "anyOf", value.anyOf as readonly Json[], true),

  not: (x, schema, { not }) => ({
    holds: (mode) => x.formOf(schema, not!, "/not", true, mode),
    fails: (mode) => x.formOf(schema, not!, "/not", false, mode),
  }),

  if: (x, schema, { if: condition, then = true, else: otherwise = true }) => {
    const branch = (negateThen: boolean, mode: Mode): Form =>
      x.forms.or(
        x.forms.and(
          x.formOf(schema, condition!, "/if", false, mode),
          x.formOf(schema, then, "/then", negateThen, mode),
        ),
        x.forms.and(
          x.formOf(schema, condition!, "/if", true, mode),
          x.formOf(schema, otherwise, "/else", negateThen, mode),
        ),
      );
    return { holds: (mode) => branch(false, mode), fails: (mode) => branch(true, mode) };
  },

  oneOf: (x, schema, value) => {
    const options = value.oneOf as readonly Json[];
    const place = (i: number, negated = false): Place => x.inner(schema, options[i]!, `/oneOf/${i}`, negated);
    const indices = options.map((_, i) => i);
    return {
      holds: (mode) => {
        if (mode === "around") return indices.reduce<Form>((f, i) => x.forms.or(f, x.form(place(i), mode)), nothing);
        return indices.reduce<Form>((form, i) => {
          // What another option holds too is taken out, unless the two have nothing in common.
          const overlapping = indices.filter((j) => j !== i && !x.isEmpty(x.places.and(place(i), place(j))));
          const alone = overlapping.reduce((p, j) => x.places.and(p, place(j, true)), place(i));
          return x.forms.or(
            form,
            withContext(schema, i, overlapping, () => x.form(alone, mode)),
          );
        }, nothing);
      },
      fails: (mode) => {
        const none = indices.reduce<Form>((f, i) => x.forms.and(f, x.form(place(i, true), mode)), x.forms.everything);
        return indices.reduce<Form>(
          (form, i) =>
            indices.slice(i + 1).reduce((f, j) => x.forms.or(f, x.form(x.places.and(place(i), place(j)), mode)), form),
          none,
        );
      },
    };
  },
};

/** Says which options of a `oneOf` overlap when taking the overlap out is what failed. */
function withContext(schema: Schema, i: number, overlapping: readonly number[], make: () => Form): Form {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SchemaError) || error.code !== "PGLC032" || overlapping.length === 0) throw error;
    throw new SchemaError(
      "PGLC032",
      `The options ${i} and ${overlapping.join(", ")} have values in common, which cannot be taken out.`,
      `${schema.pointer}/oneOf`,
      { cause: error, hint: "Use `anyOf`, or tell the options apart by a `const` or `required`." },
    );
  }
}

function combination(x: Expander, schema: Schema, keyword: string, options: readonly Json[], any: boolean): Part {
  const of = (negated: boolean, mode: Mode): Form => {
    // Either all of them, or (negated or `anyOf`, not both) at least one.
    const union = any !== negated;
    return options.reduce<Form>(
      (form, option, i) => {
        const part = x.formOf(schema, option, `/${keyword}/${i}`, negated, mode);
        return union ? x.forms.or(form, part) : x.forms.and(form, part);
      },
      union ? nothing : x.forms.everything,
    );
  };
  return { holds: (mode) => of(false, mode), fails: (mode) => of(true, mode) };
}

function withRequired(x: Expander, required: readonly string[]): ObjectShape {
  return {
    ...x.forms.anyObject,
    named: new Map(required.map((name) => [name, { place: x.places.any, required: true, listed: false }])),
    free: mergeFree([{ names: strings.butFor(required), place: x.places.any }]),
  };
}

/** Strings in which a pattern is found. */
function matching(pattern: string, pointer: string): RegularSet {
  return keep(`pattern ${pattern}`, () => {
    try {
      new RegExp(pattern, "u");
      return strings.accepted(regex(`[^]*(?:${pattern})[^]*`, "u").compiled()!.recogniser, true);
    } catch (cause) {
      const message = (cause as Error).message.replace(/^Invalid regular expression: /, "");
      throw new SchemaError(
        cause instanceof ConstraintError ? "PGLC032" : "PGLC031",
        `The pattern cannot be used: ${message}`,
        pointer,
        { cause, ...(cause instanceof ConstraintError && cause.hint !== undefined && { hint: cause.hint }) },
      );
    }
  });
}

const sets = new Map<string, RegularSet>();

function keep(key: string, make: () => RegularSet): RegularSet {
  let set = sets.get(key);
  if (set === undefined) {
    set = make();
    if (sets.size >= 500) sets.clear();
    sets.set(key, set);
  }
  return set;
}
