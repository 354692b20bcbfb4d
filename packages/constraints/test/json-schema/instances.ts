/** Values near those that a schema describes: what a validator accepts of them and what it rejects is both worth knowing. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const pick = <T>(values: readonly T[], random: () => number): T => values[Math.floor(random() * values.length)]!;

const SCALARS: readonly Json[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  2,
  3,
  5,
  6,
  7,
  10,
  12,
  0.5,
  -1.5,
  2.75,
  100,
  1000,
  "",
  "a",
  "x",
  "ab",
  "abc",
  "no",
];
const NAMES = ["a", "b", "c", "x", "n", "kind", "x_one", "x-y", "az", "bb", "extra"];

export function anyValue(random: () => number, depth = 2): Json {
  const r = random();
  if (depth === 0 || r < 0.7) return pick(SCALARS, random);
  const size = Math.floor(random() * 4);
  if (r < 0.85) return Array.from({ length: size }, () => anyValue(random, depth - 1));
  return Object.fromEntries(Array.from({ length: size }, () => [pick(NAMES, random), anyValue(random, depth - 1)]));
}

/** The value with one thing changed, somewhere in it. */
export function mutated(value: Json, random: () => number): Json {
  if (Array.isArray(value)) {
    const i = Math.floor(random() * (value.length + 1));
    const r = random();
    if (r < 0.45 && i < value.length) return value.map((x, k) => (k === i ? mutated(x, random) : x));
    if (r < 0.6) return value.filter((_, k) => k !== i);
    if (r < 0.75)
      return [...value.slice(0, i), value.length > 0 ? pick(value, random) : anyValue(random), ...value.slice(i)];
    if (r < 0.9) return [...value.slice(0, i), anyValue(random), ...value.slice(i)];
    return anyValue(random);
  }
  if (typeof value === "object" && value !== null) {
    const names = Object.keys(value);
    const name = names.length > 0 ? pick(names, random) : "a";
    const r = random();
    if (r < 0.55 && names.length > 0) return { ...value, [name]: mutated(value[name]!, random) };
    if (r < 0.7) return Object.fromEntries(Object.entries(value).filter(([k]) => k !== name));
    if (r < 0.8) return { ...value, [pick(NAMES, random)]: anyValue(random, 1) };
    if (r < 0.9 && names.length > 0) return { ...value, [pick(NAMES, random)]: value[name]! };
    return anyValue(random);
  }
  const r = random();
  if (typeof value === "number" && r < 0.7) {
    const step = pick([1, -1, 0.5, 0.25, 0.01, 10, -7], random);
    // To few enough digits that no rounding shows.
    return Number((value + step).toFixed(4));
  }
  if (typeof value === "string" && r < 0.7) {
    const characters = [...value];
    const i = Math.floor(random() * (characters.length + 1));
    const change = random();
    if (change < 0.4) characters.splice(i, 1);
    else
      characters.splice(
        i,
        change < 0.7 ? 0 : 1,
        pick(["a", "b", "0", "-", "A", " ", '"', "\\", "\n", "é", "😀", "/"], random),
      );
    return characters.join("");
  }
  return anyValue(random);
}
