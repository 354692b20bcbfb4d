import { addMapping, GenMapping, setSourceContent, toEncodedMap, type EncodedSourceMap } from "@jridgewell/gen-mapping";
import { lineStarts, locate } from "@pgl/grammar";

/** A place in generated text (both counted from 0) and the offset in the source it comes from. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export type RawSourceMap = EncodedSourceMap;

/** A source map, version 3, from generated text to one `.pgl` file, whose text it contains. */
export function sourceMap(
  generated: string,
  source: string,
  sourceText: string,
  positions: readonly SourcePosition[],
): RawSourceMap {
  const starts = lineStarts(sourceText);
  const map = new GenMapping({ file: generated });
  setSourceContent(map, source, sourceText);
  for (const { line, column, offset } of positions) {
    const original = locate(starts, offset);
    addMapping(map, {
      generated: { line: line + 1, column },
      source,
      original: { line: original.line, column: original.column - 1 },
    });
  }
  return toEncodedMap(map);
}
