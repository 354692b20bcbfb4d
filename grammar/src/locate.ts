/** The offsets at which the lines of `text` begin; `\n`, `\r\n` and a lone `\r` end a line. Never empty. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

/** The index into `starts` of the line that holds `offset`. */
export function lineIndex(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Line and column of a UTF-16 offset, both counted from 1, given `lineStarts(text)`. An offset before the text is at its
 * beginning; one after it is on the last line.
 */
export function locate(starts: readonly number[], offset: number): { line: number; column: number } {
  const index = lineIndex(starts, Math.max(0, offset));
  return { line: index + 1, column: Math.max(0, offset) - (starts[index] as number) + 1 };
}
