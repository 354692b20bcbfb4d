/**
 * The UTF-8 of the code points from `low` to `high` (surrogates left out) as sequences of byte ranges: each is
 * `[low, high]` of the first byte, then of the second, and so on.
 */
export function utf8Ranges(low: number, high: number): [number, number][][] {
  const found: [number, number][][] = [];
  for (const [first, last] of [
    [0, 0x7f],
    [0x80, 0x7ff],
    [0x800, 0xd7ff],
    [0xe000, 0xffff],
    [0x10000, 0x10ffff],
  ] as const) {
    const from = Math.max(low, first);
    const to = Math.min(high, last);
    if (from <= to) split(encode(from), encode(to), [], found);
  }
  return found;
}

/** Between two encodings of the same length. */
function split(
  from: readonly number[],
  to: readonly number[],
  before: readonly [number, number][],
  found: [number, number][][],
): void {
  const [first, ...rest] = from as [number, ...number[]];
  const [last, ...restTo] = to as [number, ...number[]];
  if (rest.length === 0) {
    found.push([...before, [first, last]]);
    return;
  }
  if (first === last) return split(rest, restTo, [...before, [first, first]], found);
  const lowest = rest.map(() => 0x80);
  const highest = rest.map(() => 0xbf);
  let middleFrom = first;
  let middleTo = last;
  if (rest.some((byte) => byte !== 0x80)) {
    split(rest, highest, [...before, [first, first]], found);
    middleFrom++;
  }
  if (restTo.some((byte) => byte !== 0xbf)) middleTo--;
  if (middleFrom <= middleTo) split(lowest, highest, [...before, [middleFrom, middleTo]], found);
  if (middleTo < last) split(lowest, restTo, [...before, [last, last]], found);
}

function encode(codePoint: number): number[] {
  return [...new TextEncoder().encode(String.fromCodePoint(codePoint))];
}
