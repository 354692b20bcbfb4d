import { Fields, malformed, readModelJson } from "../../model-file.js";

/** A table of next-token probabilities, checked. */
export interface TableDescription {
  readonly tokens: readonly string[];
  readonly eos: string | null;
  /** How many tokens at the end of a context decide. */
  readonly order: number;
  /** Probabilities by the last `order` tokens joined with one space (all of them, where there are fewer). */
  readonly rows: ReadonlyMap<string, Float64Array>;
}

/** How far from one a row's sum may be. */
const TOLERANCE = 1e-6;

/** Reads and checks a table model's file. @throws LanguageModelError PGLM003, PGLM004 naming the file and the row. */
export function readTable(path: string): TableDescription {
  return checkTable(path, readModelJson(path));
}

/** Checks `{tokens, eos, order, rows}` as read from JSON; `path` is for messages. */
export function checkTable(path: string, value: unknown): TableDescription {
  const file = new Fields(path, value).only("tokens", "eos", "order", "rows");
  const tokens = file.strings("tokens");
  if (tokens.length === 0) throw malformed(path, "`tokens` is empty");
  const places = new Map<string, number>();
  tokens.forEach((token, id) => {
    if (token === "") throw malformed(path, `\`tokens[${id}]\` is the empty string`);
    if (places.has(token)) throw malformed(path, `the token ${JSON.stringify(token)} is there twice`);
    places.set(token, id);
  });
  const eos = file.any("eos");
  if (eos !== null && (typeof eos !== "string" || !places.has(eos))) {
    throw malformed(path, "`eos` must be one of the tokens, or null for a model without an end token");
  }
  const order = file.int("order", 0);
  const rows = new Map<string, Float64Array>();
  const table = file.object("rows");
  for (const key of table.keys) {
    const row = table.any(key);
    const name = `row ${JSON.stringify(key)}`;
    const readings = countReadings(key, places, order);
    if (readings === 0) {
      throw malformed(
        path,
        `${name} is not the key of a context: a key is at most ${order} tokens joined with one space`,
      );
    }
    if (readings > 1) throw malformed(path, `${name} can be read as more than one sequence of tokens`);
    rows.set(key, checkRow(path, name, row, tokens.length));
  }
  return { tokens, eos, order, rows };
}

function checkRow(path: string, name: string, row: unknown, size: number): Float64Array {
  if (!Array.isArray(row) || row.length !== size) {
    throw malformed(path, `${name} must be a list of ${size} probabilities, one for each token`);
  }
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const p: unknown = row[i];
    if (typeof p !== "number" || !(p >= 0 && p <= 1 + TOLERANCE)) {
      throw malformed(path, `${name} has ${JSON.stringify(p)} where a probability should be (entry ${i})`);
    }
    sum += p;
  }
  if (!(Math.abs(sum - 1) <= TOLERANCE)) throw malformed(path, `${name} sums to ${sum}, not to 1`);
  return Float64Array.from(row as number[]);
}

/** In how many ways a key splits into at most `order` tokens joined with spaces (tokens may have spaces themselves). */
function countReadings(key: string, tokens: ReadonlyMap<string, number>, order: number): number {
  if (key === "") return 1;
  // readings[i] by number of tokens: how the first i characters can be read, up to a space or the end.
  let fronts = new Map<number, number>([[0, 1]]);
  let total = 0;
  for (let used = 1; used <= order && fronts.size > 0; used++) {
    const next = new Map<number, number>();
    for (const [start, ways] of fronts) {
      for (let end = start + 1; end <= key.length; end++) {
        if (end < key.length && key[end] !== " ") continue;
        if (!tokens.has(key.slice(start, end))) continue;
        if (end === key.length) total += ways;
        else next.set(end + 1, (next.get(end + 1) ?? 0) + ways);
      }
    }
    fronts = next;
  }
  return total;
}

/** The tokens of a row's key: at most `order`, joined with spaces. There is one way to read it. */
export function readingOf(key: string, tokens: ReadonlyMap<string, number>, order: number): readonly number[] {
  if (key === "" || order === 0) return [];
  for (let end = 1; end <= key.length; end++) {
    if (end < key.length && key[end] !== " ") continue;
    const id = tokens.get(key.slice(0, end));
    if (id === undefined) continue;
    if (end === key.length) return [id];
    const rest = readingOf(key.slice(end + 1), tokens, order - 1);
    if (rest.length > 0) return [id, ...rest];
  }
  return [];
}
