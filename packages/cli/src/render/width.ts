/** How many columns of a terminal a text takes: combining marks none, wide characters two. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOf(character.codePointAt(0)!);
  return columns;
}

function widthOf(code: number): number {
  if (code < 0x300) return 1;
  if (/^\p{Mn}|\p{Me}|\p{Cf}$/u.test(String.fromCodePoint(code))) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

/** Lines of at most `columns`, broken at spaces where there are any; the text's own line breaks stay. */
export function wrap(text: string, columns: number): string[] {
  const room = Math.max(columns, 10);
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    let used = 0;
    for (const word of paragraph.split(/(?<= )/)) {
      const size = width(word.trimEnd());
      if (used > 0 && used + size > room) {
        lines.push(line.trimEnd());
        line = "";
        used = 0;
      }
      if (size > room) {
        for (const character of word) {
          const step = width(character);
          if (used + step > room) {
            lines.push(line);
            line = "";
            used = 0;
          }
          line += character;
          used += step;
        }
      } else {
        line += word;
        used += width(word);
      }
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

/** The text, cut to `columns` with an ellipsis if it is longer. */
export function clip(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = "";
  let used = 0;
  for (const character of text) {
    const step = width(character);
    if (used + step > columns - 1) break;
    kept += character;
    used += step;
  }
  return `${kept}…`;
}
