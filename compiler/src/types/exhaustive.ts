import type * as ast from "@pgl/grammar";
import type { Type } from "../types.js";
import { fieldOf } from "./members.js";
import { membersOf, optional } from "./type.js";

/**
 * Which values a `match` leaves out, by the usual matrix argument (Maranget, "Warnings for pattern matching", 2007): rows
 * are patterns, columns are the parts of the subject. A pattern is `null` where it takes everything.
 */
type Pattern = { readonly key: string; readonly parts: readonly Pattern[] } | null;

/** One way for a value of a type to be made. */
interface Constructor {
  readonly key: string;
  readonly show: (parts: readonly string[]) => string;
  readonly types: readonly Type[];
}

/** Work allowed for one `match`; beyond it, it is taken to be complete rather than kept waiting for. */
const BUDGET = 20_000;

class Matrix {
  private work = 0;

  /** A row of patterns, one for each column, that no row takes; `undefined` when every value is taken. */
  missing(rows: readonly (readonly Pattern[])[], types: readonly Type[]): readonly string[] | undefined {
    if (types.length === 0) return rows.length > 0 ? undefined : [];
    if ((this.work += rows.length + 1) > BUDGET) return undefined;
    const [type, ...rest] = types as [Type, ...Type[]];
    const { all, complete } = constructorsOf(type);
    const used = new Set(rows.flatMap((row) => (row[0] ? [row[0].key] : [])));
    const unused = all.filter((constructor) => !used.has(constructor.key));
    if (!complete || unused.length > 0) {
      const witness = this.missing(defaults(rows), rest);
      if (witness === undefined) return undefined;
      const first = used.size === 0 || unused.length === 0 ? "_" : unused[0]!.show(unused[0]!.types.map(() => "_"));
      return [first, ...witness];
    }
    // Which rows take a constructor does not depend on their order: found once for all of them.
    const byKey = new Map<string, (readonly Pattern[])[]>();
    const open: (readonly Pattern[])[] = [];
    for (const row of rows) {
      const key = row[0]?.key;
      if (key === undefined) open.push(row);
      else if (byKey.has(key)) byKey.get(key)!.push(row);
      else byKey.set(key, [row]);
    }
    for (const constructor of all) {
      const taking = [...(byKey.get(constructor.key) ?? []), ...open];
      const witness = this.missing(specialise(taking, constructor), [...constructor.types, ...rest]);
      if (witness === undefined) continue;
      const n = constructor.types.length;
      return [constructor.show(witness.slice(0, n)), ...witness.slice(n)];
    }
    return undefined;
  }

  /** Whether some value is taken by `row` and by none of `rows`. */
  useful(rows: readonly (readonly Pattern[])[], row: readonly Pattern[], types: readonly Type[]): boolean {
    if (types.length === 0) return rows.length === 0;
    if ((this.work += rows.length + 1) > BUDGET) return true;
    const [type, ...rest] = types as [Type, ...Type[]];
    const [first, ...others] = row as [Pattern, ...Pattern[]];
    const { all, complete } = constructorsOf(type);
    if (first !== null) {
      const constructor = all.find((c) => c.key === first.key) ?? { key: first.key, types: [], show: () => "" };
      return this.useful(specialise(rows, constructor), [...first.parts, ...others], [...constructor.types, ...rest]);
    }
    const used = new Set(rows.flatMap((r) => (r[0] ? [r[0].key] : [])));
    if (complete && all.every((c) => used.has(c.key))) {
      return all.some((c) =>
        this.useful(specialise(rows, c), [...c.types.map(() => null), ...others], [...c.types, ...rest]),
      );
    }
    return this.useful(defaults(rows), others, rest);
  }
}

const defaults = (rows: readonly (readonly Pattern[])[]): (readonly Pattern[])[] =>
  rows.flatMap((row) => (row[0] === null ? [row.slice(1)] : []));

const specialise = (rows: readonly (readonly Pattern[])[], constructor: Constructor): (readonly Pattern[])[] =>
  rows.flatMap((row) => {
    const first = row[0]!;
    if (first === null) return [[...constructor.types.map(() => null), ...row.slice(1)]];
    return first.key === constructor.key ? [[...first.parts, ...row.slice(1)]] : [];
  });

function constructorsOf(type: Type): { readonly all: readonly Constructor[]; readonly complete: boolean } {
  const all: Constructor[] = [];
  let complete = true;
  const atom = (key: string): void => void all.push({ key, show: () => key, types: [] });
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
            const told = fields.flatMap(([name, { type: t }], k) =>
              parts[k] !== "_"
                ? [`${name}: ${parts[k]!}`]
                : t.kind === "literal"
                  ? [`${name}: ${JSON.stringify(t.value)}`]
                  : [],
            );
            return told.length === 0 && fields.length > 0 ? `{ ${fields[0]![0]} }` : `{ ${told.join(", ")} }`;
          },
          types: fields.map(([, field]) => (field.optional ? optional(field.type) : field.type)),
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

/** A pattern as rows of the matrix: one for each alternative, and for each member of a union that it can take. */
function rowsOf(pattern: ast.MatchPattern, type: Type): readonly Pattern[] {
  switch (pattern.kind) {
    case "WildcardPattern":
    case "NamePattern":
      return [null];
    case "OrPattern":
      return pattern.alternatives.flatMap((alternative) => rowsOf(alternative, type));
    case "LiteralPattern": {
      const { value } = pattern;
      const key =
        value.kind === "NoneLiteral" ? "none" : value.kind === "EosLiteral" ? "eos" : JSON.stringify(value.value);
      return [{ key, parts: [] }];
    }
    case "TupleMatchPattern":
      return membersOf(type).flatMap((member, i) => {
        if (member.kind !== "tuple" || member.elements.length !== pattern.elements.length) return [];
        return product(pattern.elements.map((element, k) => rowsOf(element, member.elements[k]!))).map((parts) => ({
          key: `tuple ${i}`,
          parts,
        }));
      });
    case "RecordMatchPattern":
      return membersOf(type).flatMap((member, i) => {
        if (member.kind !== "record" || !pattern.fields.every((f) => member.fields.has(f.name.name))) return [];
        const columns = [...member.fields.keys()].map((name): readonly Pattern[] => {
          const field = pattern.fields.find((f) => f.name.name === name);
          return field === undefined ? [null] : rowsOf(field.pattern, fieldOf(member, name)!);
        });
        return product(columns).map((parts) => ({ key: `record ${i}`, parts }));
      });
  }
}

/** Alternatives inside several parts multiply; more than this are cut, which can only make the check more lenient. */
const MAX_ROWS = 256;

function product(columns: readonly (readonly Pattern[])[]): readonly (readonly Pattern[])[] {
  let rows: readonly (readonly Pattern[])[] = [[]];
  for (const column of columns) {
    rows = rows.flatMap((row) => column.map((pattern) => [...row, pattern])).slice(0, MAX_ROWS);
  }
  return rows;
}

export interface Coverage {
  /** Patterns for values no arm takes, for people; empty when all are. */
  readonly missing: readonly string[];
  /** Arms that take nothing that earlier ones do not. */
  readonly unreachable: readonly ast.MatchArm[];
}

export function coverage(arms: readonly ast.MatchArm[], type: Type): Coverage {
  const matrix = new Matrix();
  const rows: (readonly Pattern[])[] = [];
  const unreachable: ast.MatchArm[] = [];
  const literals = new Set<string>();
  let onlyLiterals = true;
  for (const arm of arms) {
    // Long lists of literals are what most big matches are: there, being said before is all there is to being unreachable.
    const literal = arm.pattern.kind === "LiteralPattern" ? rowsOf(arm.pattern, type)[0]?.key : undefined;
    if (literal !== undefined && onlyLiterals) {
      if (literals.has(literal)) unreachable.push(arm);
      else if (arm.guard === undefined) {
        literals.add(literal);
        rows.push([{ key: literal, parts: [] }]);
      }
      continue;
    }
    onlyLiterals = false;
    const own = rowsOf(arm.pattern, type).map((pattern) => [pattern]);
    if (own.length > 0 && rows.length > 0 && !own.some((row) => matrix.useful(rows, row, [type])))
      unreachable.push(arm);
    if (arm.guard === undefined) rows.push(...own);
  }
  const witness = new Matrix().missing(rows, [type]);
  if (witness === undefined) return { missing: [], unreachable };
  const { all } = constructorsOf(type);
  const used = new Set(rows.flatMap(([first]) => (first ? [first.key] : [])));
  const simple = all.filter((constructor) => !used.has(constructor.key)).map((c) => c.show(c.types.map(() => "_")));
  return { missing: simple.length > 1 && witness[0] !== "_" ? simple : [...witness], unreachable };
}
