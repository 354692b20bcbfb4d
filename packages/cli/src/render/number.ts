/** Numbers as people read them. */

/** Four significant digits (or as many as asked for), without trailing zeros; rounding noise is 0, infinities as PGL writes them. */
export function short(value: number, digits = 4): string {
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  if (Number.isNaN(value)) return "nan";
  // Sums of logarithms of probabilities that add up to one leave a few units in the last place.
  if (Math.abs(value) < 1e-12) return "0";
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  const text = value.toPrecision(digits);
  // Zeros before the point are part of the number.
  return text.includes("e") ? text.replace(/\.?0+e/, "e") : text.replace(/\.0+$|(\.\d*?)0+$/, "$1");
}

/** `1,204`. */
export const grouped = (count: number): string =>
  Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");

/** Milliseconds as `12 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const total = Math.round(ms / 1000);
  return `${Math.floor(total / 60)} min ${total % 60} s`;
}
