/** Four significant digits (or as many as asked for) without trailing zeros, with a real minus sign; infinities as PGL writes them. */
export function short(value: number, digits = 4): string {
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "−inf";
  if (Number.isNaN(value)) return "nan";
  return plain(value, digits).replaceAll("-", "−");
}

function plain(value: number, digits: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  if (Math.abs(value) >= 10 ** digits && Math.abs(value) < 1e9) return String(Math.round(value));
  const text = value.toPrecision(digits);
  return text.includes("e") ? text.replace(/\.?0+e/, "e") : text.replace(/\.0+$|(\.\d*?)0+$/, "$1");
}

/** A share of one: `45.31 %`. */
export const percent = (share: number): string =>
  share > 0 && share < 0.00005 ? "< 0.01 %" : `${(share * 100).toFixed(2)} %`;

/** `1,204`. */
export const grouped = (count: number): string =>
  Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");

/** A number of particles that may be a fraction: `26.52`, `8,114`. */
export const particles = (count: number): string => (count >= 1000 ? grouped(count) : short(count));

/** Milliseconds as `12 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `1 value`, `3 values`. */
export const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
