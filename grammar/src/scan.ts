/** Where the text part of a string ends: after its closing quotes, after `${`, or where it breaks off. */
export interface ScannedText {
  readonly stop: "close" | "hole" | "broken";
  /** The offset after what was read. */
  readonly end: number;
}

/**
 * Reads the text of a string from `offset`, up to its closing quotes or the next `${`. A string of one line breaks off
 * before the end of its line; one in `"""` at the end of the file.
 */
export function scanText(text: string, offset: number, multiline: boolean): ScannedText {
  for (let i = offset; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92 /* \ */) {
      const next = text.charCodeAt(i + 1);
      if (multiline || (next !== 10 && next !== 13)) i++;
    } else if (code === 34 /* " */) {
      if (!multiline) return { stop: "close", end: i + 1 };
      if (text.startsWith('"""', i)) return { stop: "close", end: i + 3 };
    } else if (code === 36 /* $ */ && text.charCodeAt(i + 1) === 123) {
      return { stop: "hole", end: i + 2 };
    } else if (!multiline && (code === 10 || code === 13)) {
      return { stop: "broken", end: i };
    }
  }
  return { stop: "broken", end: text.length };
}

/** Reads `/source/flags` from `offset`, on one line; a `/` in a character class does not close it. */
export function scanRegex(text: string, offset: number): { readonly closed: boolean; readonly end: number } {
  let inClass = false;
  for (let i = offset + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return { closed: false, end: i };
    if (code === 92 /* \ */) {
      const next = text.charCodeAt(i + 1);
      if (next !== 10 && next !== 13) i++;
    } else if (code === 91 /* [ */) inClass = true;
    else if (code === 93 /* ] */) inClass = false;
    else if (code === 47 /* / */ && !inClass) {
      let end = i + 1;
      while (/[a-zA-Z]/.test(text.charAt(end))) end++;
      return { closed: true, end };
    }
  }
  return { closed: false, end: text.length };
}
