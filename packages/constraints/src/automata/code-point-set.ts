/**
 * A set of numbers (code points or UTF-16 units) as ascending ranges, both ends inclusive and none touching the next:
 * `[low, high, low, high, …]`.
 */
export type CodePointSet = readonly number[];

/** The set of the given ranges, in any order, overlapping or not. */
export function ofRanges(ranges: readonly (readonly [number, number])[]): CodePointSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const set: number[] = [];
  for (const [low, high] of sorted) {
    if (set.length > 0 && low <= set[set.length - 1]! + 1) set[set.length - 1] = Math.max(set[set.length - 1]!, high);
    else set.push(low, high);
  }
  return set;
}

export function pairs(set: CodePointSet): [number, number][] {
  const ranges: [number, number][] = [];
  for (let i = 0; i < set.length; i += 2) ranges.push([set[i]!, set[i + 1]!]);
  return ranges;
}

export function union(...sets: readonly CodePointSet[]): CodePointSet {
  return ofRanges(sets.flatMap(pairs));
}

/** What of [0, largest] is not in the set. */
export function complement(set: CodePointSet, largest: number): CodePointSet {
  const rest: number[] = [];
  let from = 0;
  for (let i = 0; i < set.length && from <= largest; i += 2) {
    if (set[i]! > from) rest.push(from, Math.min(set[i]! - 1, largest));
    from = set[i + 1]! + 1;
  }
  if (from <= largest) rest.push(from, largest);
  return rest;
}

export function intersection(a: CodePointSet, b: CodePointSet): CodePointSet {
  const both: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const low = Math.max(a[i]!, b[j]!);
    const high = Math.min(a[i + 1]!, b[j + 1]!);
    if (low <= high) both.push(low, high);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return both;
}

export function contains(set: CodePointSet, value: number): boolean {
  let low = 0;
  let high = set.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (value < set[2 * middle]!) high = middle - 1;
    else if (value > set[2 * middle + 1]!) low = middle + 1;
    else return true;
  }
  return false;
}
