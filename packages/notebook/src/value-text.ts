import { show } from "@pgl/core";
import { grouped } from "./numbers.js";

/** Characters of a value that are shown at most. */
const LONGEST = 4000;

/** A value as PGL writes it, but texts with their own line breaks. Very long ones are cut, and say so. */
export function valueText(value: unknown): string {
  return cut(visible(typeof value === "string" ? `"${value}"` : show(value), false));
}

/** A value on one line. */
export function valueLine(value: unknown): string {
  return cut(visible(typeof value === "string" ? `"${value}"` : show(value), true));
}

/** Control characters, and those that reorder text, are spelled out: a language model may well draw them. */
const visible = (text: string, oneLine: boolean): string =>
  text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (c) => {
    if (c === "\n") return oneLine ? "⏎" : "\n";
    if (c === "\t") return oneLine ? " " : "\t";
    return `\\u{${c.codePointAt(0)!.toString(16)}}`;
  });

function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  // Not between the halves of a character.
  const end = /[\ud800-\udbff]/.test(text[LONGEST - 1]!) ? LONGEST - 1 : LONGEST;
  return `${text.slice(0, end)}… (${grouped(text.length - end)} more characters)`;
}

/** The text, cut with an ellipsis to about `room` half ems of a proportional font. */
export function clipToWidth(text: string, room: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > room) return `${text.slice(0, end).trimEnd()}…`;
    if (used <= room - ELLIPSIS) end += character.length;
  }
  return text;
}

const ELLIPSIS = 1.75;

/** Roughly, in half ems: no font is at hand when a picture is drawn. */
function widthOf(character: string): number {
  if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0;
  if (/[ijl.,:;'|!]/.test(character)) return 0.55;
  if (/[ftr ()[\]{}"/\\-]/.test(character)) return 0.75;
  if (/[mwMW@%—…]/.test(character)) return 1.75;
  if (/[\p{Lu}]/u.test(character) && character < "\u0250") return 1.35;
  if (
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uffe6]|[\u{1f000}-\u{3fffd}]/u.test(
      character,
    )
  ) {
    return 2.3;
  }
  return 1.12;
}
