import { numbers } from "./numbers.js";
import { type RegularSet, strings } from "./regular-set.js";

/** What values a place may have: those that satisfy all of the schemas, each as it is or negated. */
export interface Place {
  readonly id: number;
  /** `2 · schema` for a schema, `2 · schema + 1` for its negation; ascending. Null: no value at all. */
  readonly literals: readonly number[] | null;
}

/** All conjunctions of schemas that were met, each once. */
export class Places {
  private readonly known = new Map<string, Place>();
  readonly none: Place = { id: 0, literals: null };
  readonly any: Place = { id: 1, literals: [] };

  constructor() {
    this.known.set("", this.any);
  }

  of(literals: Iterable<number>): Place {
    const own = new Set(literals);
    for (const x of own) if (own.has(x ^ 1)) return this.none;
    const sorted = [...own].sort((a, b) => a - b);
    const key = sorted.join(",");
    let place = this.known.get(key);
    if (place === undefined) this.known.set(key, (place = { id: this.known.size + 1, literals: sorted }));
    return place;
  }

  and(a: Place, b: Place): Place {
    if (a === b || b === this.any) return a;
    if (a === this.any) return b;
    if (a.literals === null || b.literals === null) return this.none;
    return this.of([...a.literals, ...b.literals]);
  }
}

/** At least `min` and at most `max` of the items from the index `from` on are of `place`. */
export interface Containing {
  readonly place: Place;
  readonly from: number;
  readonly min: number;
  readonly max: number;
  /** The negation of `place`; needed for `max`. */
  readonly others: Place;
}

/** A set of arrays. */
export interface ArrayShape {
  readonly prefix: readonly Place[];
  readonly rest: Place;
  readonly min: number;
  readonly max: number;
  readonly containing: readonly Containing[];
  readonly unique: boolean;
  /** The schema that says `unique`, for messages. */
  readonly pointer: string;
}

export interface Member {
  readonly place: Place;
  readonly required: boolean;
  /** Whether a `properties` has mentioned it: such members come first. */
  readonly listed: boolean;
}

/** Members whose names are in a set. */
export interface FreeMembers {
  readonly names: RegularSet;
  readonly place: Place;
}

/** A set of objects. */
export interface ObjectShape {
  /** Members with names of their own, in the order they are written in. */
  readonly named: ReadonlyMap<string, Member>;
  /** All others, by name; the sets do not overlap. A name in none of them is forbidden. */
  readonly free: readonly FreeMembers[];
  /** Of each of these there is at least one, among the free ones. */
  readonly some: readonly FreeMembers[];
  readonly min: number;
  readonly max: number;
  readonly pointer: string;
}

/** A set of JSON values, by type. Arrays and objects are unions of shapes. */
export interface Form {
  readonly null: boolean;
  readonly true: boolean;
  readonly false: boolean;
  readonly numbers: RegularSet;
  readonly strings: RegularSet;
  readonly arrays: readonly ArrayShape[];
  readonly objects: readonly ObjectShape[];
}

export const nothing: Form = {
  null: false,
  true: false,
  false: false,
  numbers: numbers.none,
  strings: strings.none,
  arrays: [],
  objects: [],
};

/** Sets of values under union and intersection. */
export class Forms {
  readonly everything: Form;
  readonly anyArray: ArrayShape;
  readonly anyObject: ObjectShape;

  constructor(private readonly places: Places) {
    const { any } = places;
    this.anyArray = { prefix: [], rest: any, min: 0, max: Infinity, containing: [], unique: false, pointer: "" };
    this.anyObject = {
      named: new Map(),
      free: [{ names: strings.all, place: any }],
      some: [],
      min: 0,
      max: Infinity,
      pointer: "",
    };
    this.everything = {
      null: true,
      true: true,
      false: true,
      numbers: numbers.all,
      strings: strings.all,
      arrays: [this.anyArray],
      objects: [this.anyObject],
    };
  }

  /** Everything but what of one type is not in the given sets. */
  restrict(part: Partial<Form>): Form {
    return { ...this.everything, ...part };
  }

  or(a: Form, b: Form): Form {
    if (a === this.everything || b === this.everything) return this.everything;
    return {
      null: a.null || b.null,
      true: a.true || b.true,
      false: a.false || b.false,
      numbers: numbers.or(a.numbers, b.numbers),
      strings: strings.or(a.strings, b.strings),
      arrays: distinct([...a.arrays, ...b.arrays], this.anyArray, arrayKey),
      objects: distinct([...a.objects, ...b.objects], this.anyObject, objectKey),
    };
  }

  and(a: Form, b: Form): Form {
    if (a === this.everything) return b;
    if (b === this.everything) return a;
    return {
      null: a.null && b.null,
      true: a.true && b.true,
      false: a.false && b.false,
      numbers: numbers.and(a.numbers, b.numbers),
      strings: strings.and(a.strings, b.strings),
      arrays: distinct(
        a.arrays.flatMap((x) => b.arrays.flatMap((y) => this.bothArrays(x, y))),
        this.anyArray,
        arrayKey,
      ),
      objects: distinct(
        a.objects.flatMap((x) => b.objects.flatMap((y) => this.bothObjects(x, y))),
        this.anyObject,
        objectKey,
      ),
    };
  }

  private bothArrays(a: ArrayShape, b: ArrayShape): ArrayShape[] {
    if (a === this.anyArray) return [b];
    if (b === this.anyArray) return [a];
    const { places } = this;
    const prefix = Array.from({ length: Math.max(a.prefix.length, b.prefix.length) }, (_, i) =>
      places.and(a.prefix[i] ?? a.rest, b.prefix[i] ?? b.rest),
    );
    const shape = arrayShape({
      prefix,
      rest: places.and(a.rest, b.rest),
      min: Math.max(a.min, b.min),
      max: Math.min(a.max, b.max),
      containing: [...a.containing, ...b.containing],
      unique: a.unique || b.unique,
      pointer: a.unique ? a.pointer : b.pointer,
    });
    return shape === null ? [] : [shape];
  }

  private bothObjects(a: ObjectShape, b: ObjectShape): ObjectShape[] {
    if (a === this.anyObject) return [b];
    if (b === this.anyObject) return [a];
    const { places } = this;
    const named = new Map<string, Member>();
    const add = (name: string): void => {
      const [x, y] = [a.named.get(name), b.named.get(name)];
      named.set(name, {
        place: places.and(x?.place ?? this.freePlace(a, name), y?.place ?? this.freePlace(b, name)),
        required: (x?.required ?? false) || (y?.required ?? false),
        listed: (x?.listed ?? false) || (y?.listed ?? false),
      });
    };
    for (const listed of [true, false]) {
      for (const shape of [a, b]) {
        for (const [name, member] of shape.named) if (member.listed === listed && !named.has(name)) add(name);
      }
    }
    const free = a.free.flatMap((x) =>
      b.free.map((y) => ({ names: strings.and(x.names, y.names), place: places.and(x.place, y.place) })),
    );
    const shapes = this.withSome(
      {
        named,
        free: mergeFree(free),
        some: [],
        min: Math.max(a.min, b.min),
        max: Math.min(a.max, b.max),
        pointer: a.min >= b.min ? a.pointer : b.pointer,
      },
      [...a.some, ...b.some],
    );
    return shapes.filter((shape) => shape !== null);
  }

  /** The schema of a member that has no name of its own. */
  freePlace(shape: ObjectShape, name: string): Place {
    return shape.free.find((free) => free.names.has(name))?.place ?? this.places.none;
  }

  /** Adds demands for some member, which a member with a name of its own can meet too. */
  withSome(shape: ObjectShape, demands: readonly FreeMembers[]): ObjectShape[] {
    let shapes: ObjectShape[] = [shape];
    for (const { names, place } of demands) {
      shapes = shapes.flatMap((one) => {
        const met = [...one.named]
          .filter(([name]) => names.has(name))
          .map(([name, member]) => {
            const named = new Map(one.named);
            named.set(name, { ...member, required: true, place: this.places.and(member.place, place) });
            return { ...one, named };
          });
        const rest = met.length === 0 ? names : strings.and(names, strings.butFor(one.named.keys()));
        return [...met, { ...one, some: [...one.some, { names: rest, place }] }];
      });
    }
    return shapes.map((one) => objectShape(one)).filter((one) => one !== null);
  }
}

/** The shape without what its other parts rule out; null when nothing is left. */
export function arrayShape(shape: ArrayShape): ArrayShape | null {
  let { max } = shape;
  if (shape.rest.literals === null) max = Math.min(max, shape.prefix.length);
  const impossible = shape.prefix.findIndex((place) => place.literals === null);
  if (impossible >= 0) max = Math.min(max, impossible);
  if (shape.min > max) return null;
  for (const { min, max: most, from } of shape.containing) if (min > most || from + min > max) return null;
  return { ...shape, max, prefix: shape.prefix.slice(0, max) };
}

/** The shape without members that cannot be; null when one of them is required. */
export function objectShape(shape: ObjectShape): ObjectShape | null {
  let required = 0;
  for (const member of shape.named.values()) {
    if (!member.required) continue;
    if (member.place.literals === null) return null;
    required++;
  }
  if (shape.min > shape.max || required > shape.max) return null;
  if (shape.some.some(({ place, names }) => place.literals === null || names.isEmpty)) return null;
  return shape;
}

/** Sets of names with the same schema become one; those that no member can have are left away. */
export function mergeFree(free: readonly FreeMembers[]): FreeMembers[] {
  const byPlace = new Map<Place, RegularSet>();
  for (const { names, place } of free) {
    if (place.literals === null || names.isEmpty) continue;
    const before = byPlace.get(place);
    byPlace.set(place, before === undefined ? names : strings.or(before, names));
  }
  return [...byPlace].map(([place, names]) => ({ names, place }));
}

function distinct<S>(shapes: readonly S[], any: S, key: (shape: S) => string): readonly S[] {
  if (shapes.length <= 1) return shapes;
  if (shapes.includes(any)) return [any];
  return [...new Map(shapes.map((shape) => [key(shape), shape])).values()];
}

const arrayKey = (shape: ArrayShape): string =>
  JSON.stringify([
    shape.prefix.map((p) => p.id),
    shape.rest.id,
    shape.min,
    shape.max,
    shape.containing.map((c) => [c.place.id, c.from, c.min, c.max]),
    shape.unique,
  ]);

const objectKey = (shape: ObjectShape): string =>
  JSON.stringify([
    [...shape.named].map(([name, m]) => [name, m.place.id, m.required]),
    shape.free.map((f) => [f.names.id, f.place.id]),
    shape.some.map((f) => [f.names.id, f.place.id]),
    shape.min,
    shape.max,
  ]);
