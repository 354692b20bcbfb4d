/** Words JavaScript and TypeScript keep for themselves, and globals that emitted code relies on. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally " +
    "for function if implements import in instanceof interface let new null package private protected public return static super " +
    "switch this throw true try typeof undefined var void while with yield async of get set type as any unknown never object string " +
    "number boolean symbol bigint require exports module globalThis NaN Infinity Object Array Math particle"
  ).split(" "),
);

/** Names a module takes from the prelude; a program's own names give way to them. */
export const PRELUDE_VALUES = [
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
  "guided",
  "foreseen",
  "foreseenTwist",
  "settle",
  "site",
  "twistFile",
  "ValueMap",
] as const;
export type PreludeValue = (typeof PRELUDE_VALUES)[number];

export const PRELUDE_TYPES = [
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
  "Token",
  "TwistAlias",
] as const;
export type PreludeType = (typeof PRELUDE_TYPES)[number];

const TAKEN: ReadonlySet<string> = new Set([...RESERVED, ...PRELUDE_VALUES, ...PRELUDE_TYPES]);

/** Members of the runtime's `Frame` and of every object, which a frame's own fields must not hide. */
export const FRAME_MEMBERS = [
  "pc",
  "parent",
  "depth",
  "shared",
  "step",
  "copy",
  "owned",
  "twin",
  "live",
  "awaits",
  "drop",
  "dropped",
  "constructor",
] as const;

/** Names that are in use in one scope. An inner scope also avoids those of the outer one. */
export class Names {
  private readonly used = new Set<string>();

  constructor(
    private readonly outer: Names | null = null,
    taken: Iterable<string> = [],
  ) {
    for (const name of taken) this.used.add(name);
  }

  has(name: string): boolean {
    return TAKEN.has(name) || this.used.has(name) || (this.outer?.has(name) ?? false);
  }

  /** `wanted`, or the nearest name that is free. */
  take(wanted: string): string {
    // Notebooks treat names that begin with two underscores as their own.
    let base = wanted.replace(/[^\w$]/g, "_").replace(/^_+(?=_)/, "");
    if (base === "" || base === "_") base = "unused";
    if (/^\d/.test(base)) base = `n${base}`;
    let name = base;
    for (let n = 2; this.has(name); n++) name = TAKEN.has(base) && n === 2 ? `${base}_` : `${base}_${n}`;
    this.used.add(name);
    return name;
  }
}

/** `fair_or_not` → `FairOrNot`, for classes. */
export const pascal = (name: string): string => {
  const joined = name
    .split("_")
    .filter((part) => part !== "")
    .map((part) => part[0]!.toUpperCase() + part.slice(1))
    .join("");
  return joined === "" ? "Unnamed" : joined;
};

/** `sample@8:3` → `SAMPLE_8_3`, for constants. */
export const constantCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/\W+/g, "_")
    .toUpperCase();
