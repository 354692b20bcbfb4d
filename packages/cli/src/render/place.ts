import type { SourceHost } from "@pgl/compiler";
import { resolve } from "node:path";
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

/** A program's texts, and the folder that the file names in its sites start from. */
export interface Texts extends SourceHost {
  readonly folder: string;
}

/** What a site covers in its file. A site that knows only where it begins covers the word there. */
export function placeOf(site: Site, texts: Texts): { readonly file: string; readonly span: Span } | undefined {
  if (site.file === undefined) return undefined;
  const file = resolve(texts.folder, site.file);
  const span = spanIn(site, texts.read(file));
  return span === undefined ? undefined : { file, span };
}

function spanIn(site: Site, text: string | undefined): Span | undefined {
  if (site.start !== undefined && site.end !== undefined) return { start: site.start, end: site.end };
  if (text === undefined || site.line === undefined || site.column === undefined) return undefined;
  const begin = lineStarts(text)[site.line - 1];
  if (begin === undefined) return undefined;
  const start = begin + site.column - 1;
  const word = /^\w+/.exec(text.slice(start))?.[0].length ?? 1;
  return { start, end: start + word };
}
