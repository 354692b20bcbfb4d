/** Entries up to which those found so far are kept in order. */
const FEW = 32;

/** Places of the `k` largest entries, largest first; of equal entries the earlier ones. Linear in the length, plus k log k. */
export function largest(values: ArrayLike<number>, k: number): number[] {
  const n = values.length;
  if (k <= 0) return [];
  if (k <= FEW) return fewLargest(values, k);
  let threshold = -Infinity;
  if (k < n) threshold = select(new Float64Array(values), k);
  const above: number[] = [];
  const at: number[] = [];
  for (let i = 0; i < n; i++) {
    if (values[i]! > threshold) above.push(i);
    else if (values[i] === threshold) at.push(i);
  }
  const chosen = k < n ? above.concat(at.slice(0, k - above.length)) : above.concat(at);
  return chosen.sort((a, b) => values[b]! - values[a]! || a - b);
}

/** In one pass: after the first few an entry is seldom among the largest so far. */
function fewLargest(values: ArrayLike<number>, k: number): number[] {
  const best = new Float64Array(k);
  const places: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (places.length === k && !(value > best[k - 1]!)) continue;
    let at = Math.min(places.length, k - 1);
    for (; at > 0 && best[at - 1]! < value; at--) {
      best[at] = best[at - 1]!;
      places[at] = places[at - 1]!;
    }
    best[at] = value;
    places[at] = i;
  }
  return places;
}

/** The k-th largest value (quickselect; rearranges `a`). */
function select(a: Float64Array, k: number): number {
  let low = 0;
  let high = a.length - 1;
  const target = k - 1;
  while (low < high) {
    const pivot = a[(low + high) >>> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (a[i]! > pivot) i++;
      while (a[j]! < pivot) j--;
      if (i <= j) {
        const t = a[i]!;
        a[i] = a[j]!;
        a[j] = t;
        i++;
        j--;
      }
    }
    if (target <= j) high = j;
    else if (target >= i) low = i;
    else break;
  }
  return a[target]!;
}
