/** The source of an expression that matches just this text, whatever the flags but `i`. */
export function escapeRegex(text: string): string {
  let source = "";
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const plain = /[A-Za-z0-9_ ]/.test(text[i]!) || unit >= 0x80;
    source += plain && !isOdd(unit) ? text[i]! : `\\u${unit.toString(16).padStart(4, "0")}`;
  }
  return source;
}

/** Line separators and surrogates read better, and survive printing, as escapes. */
const isOdd = (unit: number): boolean => unit === 0x2028 || unit === 0x2029 || (unit >= 0xd800 && unit <= 0xdfff);
