/**
 * Emitted text carries what the printers need between private-use characters: positions of the source, which become the
 * source map, and type fragments, which JavaScript leaves out. Literals escape these characters, so a program's own strings
 * cannot be mistaken for them.
 */
const POSITION = "\uE000";
const POSITION_END = "\uE001";
const TYPE = "\uE002";
const TYPE_END = "\uE003";

/** Every character with a meaning here. */
export const markCharacters = /[\uE000-\uE003]/;

/** What follows comes from this offset of the source. */
export const at = (offset: number): string => `${POSITION}${offset.toString(36)}${POSITION_END}`;

/** Text that only TypeScript has: `: number`, ` as string`. */
export const typed = (text: string): string => `${TYPE}${text}${TYPE_END}`;

export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "type"; readonly text: string }
  | { readonly kind: "position"; readonly offset: number };

/** Marked text, piece by piece. */
export function* pieces(marked: string): Generator<Piece> {
  const pattern = /\uE000([0-9a-z]*)\uE001|\uE002([^\uE003]*)\uE003/g;
  let from = 0;
  for (let match = pattern.exec(marked); match !== null; match = pattern.exec(marked)) {
    if (match.index > from) yield { kind: "text", text: marked.slice(from, match.index) };
    if (match[1] !== undefined) yield { kind: "position", offset: parseInt(match[1], 36) };
    else yield { kind: "type", text: match[2]! };
    from = pattern.lastIndex;
  }
  if (from < marked.length) yield { kind: "text", text: marked.slice(from) };
}

/** The text without positions and, unless `types`, without type fragments. */
export function plain(marked: string, types: boolean): string {
  let text = "";
  for (const piece of pieces(marked)) if (piece.kind === "text" || (piece.kind === "type" && types)) text += piece.text;
  return text;
}
