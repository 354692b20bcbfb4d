/**
 * Strings of PGL are sequences of code points: what JavaScript counts as two units (an emoji) is one character. Strings
 * without surrogates, nearly all, take the fast way.
 */
const SURROGATE = /[\ud800-\udfff]/;

export const codePoints = (s: string): readonly string[] => (SURROGATE.test(s) ? Array.from(s) : s.split(""));

export function codePointCount(s: string): number {
  if (!SURROGATE.test(s)) return s.length;
  let count = 0;
  for (const _ of s) count++;
  return count;
}

/** The code points before UTF-16 offset `unit`. */
export const codePointOffset = (s: string, unit: number): number => codePointCount(s.slice(0, unit));

export const codePointSlice = (s: string, from: number, to: number): string =>
  SURROGATE.test(s) ? Array.from(s).slice(from, to).join("") : s.slice(from, to);
