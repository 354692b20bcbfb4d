/**
 * Text that knows where it may be broken into lines, and its layout in a given width: a group is set on one line if it
 * fits, and otherwise broken at all of its own `line`s (Wadler, "A prettier printer", 1998, in the form that Prettier made
 * common, with groups that have to break and comments that wait for the end of their line).
 */
export type Document = string | readonly Document[] | Line | Indent | Group | IfBroken | Suffix | Break;

interface Line {
  readonly kind: "line";
  /** What it is when the group is set on one line; `hard` ones break every group around them. */
  readonly flat: " " | "" | "hard" | "fresh";
}
interface Indent {
  readonly kind: "indent";
  readonly content: Document;
  readonly breaks: boolean;
}
interface Group {
  readonly kind: "group";
  readonly content: Document;
  readonly breaks: boolean;
}
interface IfBroken {
  readonly kind: "ifBroken";
  readonly broken: Document;
  readonly flat: Document;
}
/** Put off to the end of the line, as `// …` is. */
interface Suffix {
  readonly kind: "suffix";
  readonly text: string;
}

interface Break {
  readonly kind: "break";
}

/** Nothing itself, but every group around it breaks. */
export const breakAround: Document = { kind: "break" };
/** A space, or a new line in a broken group. */
export const line: Document = { kind: "line", flat: " " };
/** Nothing, or a new line in a broken group. */
export const softline: Document = { kind: "line", flat: "" };
/** A new line in any case. */
export const hardline: Document = { kind: "line", flat: "hard" };
/** A new line unless one has just begun. */
export const freshline: Document = { kind: "line", flat: "fresh" };

export const indent = (content: Document): Document => ({ kind: "indent", content, breaks: breaks(content) });
/** Set on one line if it fits and nothing in it has to break. */
export const group = (content: Document, broken = false): Document => ({
  kind: "group",
  content,
  breaks: broken || breaks(content),
});
export const ifBroken = (broken: Document, flat: Document = ""): Document => ({ kind: "ifBroken", broken, flat });
/** Text for the end of the line; every group around it breaks, so that it stays near its place. */
export const suffix = (text: string): Document => ({ kind: "suffix", text });

export function join(separator: Document, parts: readonly Document[]): Document {
  return parts.flatMap((part, i) => (i === 0 ? [part] : [separator, part]));
}

/** Whether a document has to take several lines. */
export function breaks(document: Document): boolean {
  if (typeof document === "string") return false;
  if (isList(document)) return document.some(breaks);
  switch (document.kind) {
    case "line":
      return document.flat === "hard" || document.flat === "fresh";
    case "indent":
    case "group":
      return document.breaks;
    case "ifBroken":
      return false;
    case "suffix":
    case "break":
      return true;
  }
}

const isList = (document: Document): document is readonly Document[] => Array.isArray(document);

interface Piece {
  readonly document: Document;
  readonly indentation: number;
  readonly broken: boolean;
}

/** Sets a document in lines of at most `width` characters where it can be broken so; two spaces a level. */
export function render(document: Document, width: number): string {
  const lines: string[] = [];
  let current = "";
  let column = 0;
  let suffixes = "";
  const stack: Piece[] = [{ document, indentation: 0, broken: true }];
  const finished = () => {
    const text = trimEnd(current);
    return text === "" && suffixes !== "" ? current + suffixes.trimStart() : text + suffixes;
  };
  const newLine = (indentation: number) => {
    lines.push(finished());
    suffixes = "";
    current = " ".repeat(indentation);
    column = indentation;
  };
  for (let piece = stack.pop(); piece !== undefined; piece = stack.pop()) {
    const { document, indentation, broken } = piece;
    if (typeof document === "string") {
      current += document;
      const newline = document.lastIndexOf("\n");
      column = newline < 0 ? column + document.length : document.length - newline - 1;
    } else if (isList(document)) {
      for (let i = document.length - 1; i >= 0; i--)
        stack.push({ document: document[i] as Document, indentation, broken });
    } else if (document.kind === "line") {
      if (document.flat === "hard" || (broken && document.flat !== "fresh")) newLine(indentation);
      else if (document.flat === "fresh") {
        if (suffixes !== "" || current.trim() !== "") newLine(indentation);
        else {
          current = " ".repeat(indentation);
          column = indentation;
        }
      } else {
        current += document.flat;
        column += document.flat.length;
      }
    } else if (document.kind === "indent") {
      stack.push({ document: document.content, indentation: indentation + 2, broken });
    } else if (document.kind === "group") {
      const flat = !document.breaks && fits(document.content, width - column, stack);
      stack.push({ document: document.content, indentation, broken: !flat });
    } else if (document.kind === "ifBroken") {
      stack.push({ document: broken ? document.broken : document.flat, indentation, broken });
    } else if (document.kind === "suffix") {
      // Two of them would become one on the same line.
      if (suffixes !== "") newLine(indentation);
      suffixes = document.text;
    }
  }
  lines.push(finished());
  return lines.join("\n");
}

const trimEnd = (text: string) => text.replace(/[ \t]+$/, "");

/** Whether a document set flat, and what follows it on its line, takes no more than `width` characters. */
function fits(document: Document, width: number, rest: readonly Piece[]): boolean {
  let left = width;
  let next = rest.length - 1;
  const stack: { document: Document; broken: boolean }[] = [{ document, broken: false }];
  while (left >= 0) {
    let piece = stack.pop();
    if (piece === undefined) {
      if (next < 0) return true;
      piece = rest[next--] as Piece;
    }
    const { document, broken } = piece;
    if (typeof document === "string") {
      const newline = document.indexOf("\n");
      if (newline >= 0) return newline <= left;
      left -= document.length;
    } else if (isList(document)) {
      for (let i = document.length - 1; i >= 0; i--) stack.push({ document: document[i] as Document, broken });
    } else if (document.kind === "line") {
      if (document.flat === "hard" || document.flat === "fresh" || broken) return true;
      left -= document.flat.length;
    } else if (document.kind === "indent") {
      stack.push({ document: document.content, broken });
    } else if (document.kind === "group") {
      // What comes later may still break at its first chance.
      stack.push({ document: document.content, broken: broken || document.breaks });
    } else if (document.kind === "ifBroken") {
      stack.push({ document: broken ? document.broken : document.flat, broken });
    }
  }
  return false;
}
