import type { SourceHost } from "@pgl/compiler";
import type { Site } from "@pgl/core";
import { lineStarts, locate, type Span } from "@pgl/grammar";

/** A place in a file, as JSON shows it: lines and columns from 1. */
export interface Range {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

export function rangeOf(text: string, span: Span): Range {
  const starts = lineStarts(text);
  return { start: locate(starts, span.start), end: locate(starts, span.end) };
}

/** What a site covers in its file. A site that knows only where it begins covers the word there. */
export function spanOf(site: Site, files: SourceHost): Span | undefined {
  if (site.file === undefined) return undefined;
  if (site.start !== undefined && site.end !== undefined) return { start: site.start, end: site.end };
  const text = files.read(site.file);
  if (text === undefined || site.line === undefined || site.column === undefined) return undefined;
  const begin = lineStarts(text)[site.line - 1];
  if (begin === undefined) return undefined;
  const start = begin + site.column - 1;
  const word = /^\w+/.exec(text.slice(start))?.[0].length ?? 1;
  return { start, end: start + word };
}
