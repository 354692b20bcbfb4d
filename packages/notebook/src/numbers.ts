/** Four significant digits without trailing zeros, with a real minus sign; infinities as PGL writes them. */
export function short(value: number): string {
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "−inf";
  if (Number.isNaN(value)) return "nan";
  return plain(value).replaceAll("-", "−");
}

function plain(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  const text = value.toPrecision(4);
  return text.includes("e") ? text.replace(/\.?0+e/, "e") : text.replace(/\.0+$|(\.\d*?)0+$/, "$1");
}

/** A share of one: `45.31 %`. */
export const percent = (share: number): string =>
  share === 0 || share >= 0.0001 ? `${(share * 100).toFixed(2)} %` : `${short(share * 100)} %`;

/** `1,204`. */
export const grouped = (count: number): string =>
  Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");

/** Milliseconds as `12 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `1 value`, `3 values`. */
export const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
