/** Names from other languages and libraries, and what they are called here. */
const elsewhere: ReadonlyMap<string, string> = new Map(
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
    is_null: "is_none",
  }),
);

/** How many suggestions are looked for in a run: each compares with every name in scope. */
const BUDGET = 200;

/** Finds what was probably meant by a name that is not there. */
export class Suggester {
  private left = BUDGET;

  /** The candidate that is a small typing mistake away, or what the name is called here. */
  suggest(name: string, candidates: Iterable<string>): string | undefined {
    if (this.left-- <= 0) return undefined;
    const lower = name.toLowerCase().replaceAll("_", "");
    let best: string | undefined;
    let bestDistance = name.length <= 2 ? 1 : name.length <= 5 ? 2 : 3;
    const known =
      elsewhere.get(name) ?? [...elsewhere].find(([other]) => name.length > 4 && editDistance(name, other, 2) < 2)?.[1];
    for (const candidate of candidates) {
      if (candidate === known) return candidate;
      if (Math.abs(candidate.length - name.length) > 3) continue;
      if (candidate !== name && candidate.toLowerCase().replaceAll("_", "") === lower) return candidate;
      const distance = editDistance(name, candidate, bestDistance);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return best;
  }

  /** ``Did you mean `x`?``, or nothing. */
  hint(name: string, candidates: Iterable<string>): string | undefined {
    const found = this.suggest(name, candidates);
    return found === undefined ? undefined : `Did you mean \`${found}\`?`;
  }
}

/** Insertions, deletions, substitutions and swaps of neighbours from `a` to `b`; `limit` or more is not told apart. */
export function editDistance(a: string, b: string, limit: number): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, beforeLast[j - 2]! + 1);
      row.push(d);
      least = Math.min(least, d);
    }
    if (least >= limit) return limit;
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length]!, limit);
}
