/**
 * The text of string literals: escapes, the indentation of `"""…"""`, and how a text is written as a literal.
 *
 * A literal in `"""` has no line break after its opening quotes and none before its closing ones when these stand on a
 * line of their own, and the indentation common to its lines is left out. Escapes are read after that, so an indentation
 * written with them stays.
 */

const simpleEscapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "0": "\0",
  "\\": "\\",
  '"': '"',
  "'": "'",
  $: "$",
  "\n": "",
};

const escape = /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]?))/g;

function decodeEscapes(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(escape, (whole, braced?: string, four?: string, two?: string, one?: string) => {
    const hex = braced ?? four ?? two;
    if (hex !== undefined) {
      const point = parseInt(hex, 16);
      return point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
    }
    return simpleEscapes[one ?? ""] ?? whole;
  });
}

/** The escapes in a raw text that mean nothing: where they are, relative to the text, and what is wrong. */
export function escapeFlaws(raw: string): readonly { start: number; end: number; reason: string }[] {
  if (!raw.includes("\\")) return [];
  const flaws = [];
  for (const match of raw.matchAll(escape)) {
    const [whole, braced, four, two, one] = match;
    const start = match.index ?? 0;
    const end = start + whole.length;
    const hex = braced ?? four ?? two;
    if (hex !== undefined) {
      const point = parseInt(hex, 16);
      if (point > 0x10ffff)
        flaws.push({ start, end, reason: `\`${whole}\` is beyond the last character, \`\\u{10FFFF}\`` });
      else if (point >= 0xd800 && point <= 0xdfff && !pairedSurrogate(raw, start, point)) {
        flaws.push({ start, end, reason: `\`${whole}\` is half of a character; write \`\\u{…}\` with its whole code` });
      }
    } else if (one === "u" || one === "x") {
      const form = one === "u" ? "`\\u{1F600}` or `\\u00E9`" : "`\\xE9`";
      flaws.push({ start, end, reason: `\`\\${one}\` wants hexadecimal digits, as in ${form}` });
    } else if (one !== "\r" && (one === undefined || simpleEscapes[one] === undefined)) {
      flaws.push({ start, end, reason: `\`${whole}\` is not an escape; a backslash itself is written \`\\\\\`` });
    }
  }
  return flaws;
}

function pairedSurrogate(raw: string, start: number, point: number): boolean {
  const other = point < 0xdc00 ? raw.slice(start + 6, start + 12) : raw.slice(Math.max(0, start - 6), start);
  const match = /^\\u([0-9a-fA-F]{4})$/.exec(other);
  if (!match) return false;
  const code = parseInt(match[1] as string, 16);
  return point < 0xdc00 ? code >= 0xdc00 && code <= 0xdfff : code >= 0xd800 && code < 0xdc00;
}

/** The values of the text parts of a literal; one part for a string, more for a template with `${…}` between them. */
export function decodeTexts(raws: readonly string[], multiline: boolean): readonly string[] {
  return (multiline ? outdent(raws) : raws).map(decodeEscapes);
}

const lineLead = /\n([ \t]*)/g;

function outdent(raws: readonly string[]): readonly string[] {
  const parts = raws.map((raw) => raw.replace(/\r\n?/g, "\n"));
  const last = parts.length - 1;
  // The marks keep the first line's beginning and the last line's end apart from the text next to them.
  const opensLine = /^[ \t]*\n/.test(parts[0] as string);
  if (opensLine) parts[0] = (parts[0] as string).replace(/^[ \t]*\n/, "\n");
  const closing = /\n[ \t]*$/.exec(parts[last] as string);
  const closesLine = closing !== null && !(last === 0 && opensLine && closing.index === 0);
  if (closesLine) parts[last] = (parts[last] as string).slice(0, closing.index);

  let common: string | undefined;
  parts.forEach((part, index) => {
    for (const match of part.matchAll(lineLead)) {
      const lead = match[1] as string;
      const end = (match.index ?? 0) + match[0].length;
      const blank = end < part.length ? part[end] === "\n" : index === last;
      if (!blank) common = common === undefined ? lead : commonPrefix(common, lead);
    }
  });
  const width = common?.length ?? 0;
  const trimmed = parts.map((part, index) =>
    part.replace(lineLead, (_whole, lead: string, offset: number) => {
      const end = offset + 1 + lead.length;
      const blank = end < part.length ? part[end] === "\n" : index === last;
      return "\n" + (blank ? "" : lead.slice(width));
    }),
  );
  if (opensLine) trimmed[0] = (trimmed[0] as string).slice(1);
  return trimmed;
}

function commonPrefix(a: string, b: string): string {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return a.slice(0, i);
}

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", '"': '\\"' };

/** A text as it stands between the quotes of a literal, in one line. */
export function escapeText(text: string): string {
  return text.replace(/[\\"\n\t\r]|\$(?=\{)|[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (char) => {
    if (char === "$") return "\\$";
    return named[char] ?? `\\u{${char.charCodeAt(0).toString(16)}}`;
  });
}

/** What stands in quotes of other kinds, which are read as strings all the same. */
export function insideQuotes(image: string): string {
  const mark = image.charAt(0) === "“" ? "”" : image.charAt(0);
  return image.slice(1, image.length > 1 && image.endsWith(mark) ? -1 : undefined);
}
