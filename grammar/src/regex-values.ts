/** Where `${…}` stands in a regular expression, and what is in it. `place` is where the inside begins. */
export interface RegexValue {
  readonly place: number;
  readonly text: string;
}

/** The `${…}` of a regular expression, of which none is part of an escape: `\\${` stands for the characters. */
export function regexValues(source: string): readonly RegexValue[] {
  const found: RegexValue[] = [];
  for (let i = 0; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === "$" && source[i + 1] === "{") {
      const end = source.indexOf("}", i);
      if (end < 0) break;
      found.push({ place: i + 2, text: source.slice(i + 2, end) });
      i = end;
    }
  }
  return found;
}

/** The pieces of a source around its `${…}`. */
export function regexTexts(source: string): readonly string[] {
  const texts: string[] = [];
  let from = 0;
  for (const { place, text } of regexValues(source)) {
    texts.push(source.slice(from, place - 2));
    from = place + text.length + 1;
  }
  return [...texts, source.slice(from)];
}
