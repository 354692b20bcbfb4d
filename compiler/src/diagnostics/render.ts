import { codeFrameColumns } from "@babel/code-frame";
import { lineStarts, locate, type Diagnostic, type Span } from "@pgl/grammar";
import { excerpt } from "./excerpt.js";

/** A diagnostic and the file its spans are in. */
export type FiledDiagnostic = Diagnostic & { readonly file: string };

export interface RenderOptions {
  /** Colour severities and frames for a terminal. */
  readonly color?: boolean;
  /** How a path is written, for example relative to the working directory. */
  readonly showFile?: (file: string) => string;
}

/** Texts by path; anything with `read`, as a `SourceHost` or a program's modules. */
export interface SourceTexts {
  read(path: string): string | undefined;
}

/** Positions as people and editors count them: lines and columns from 1, `end` after the last character. */
export interface Range {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** What `pgl check --json` prints for each diagnostic. */
export interface DiagnosticJson {
  readonly code: string;
  readonly severity: Diagnostic["severity"];
  readonly file: string;
  readonly range: Range;
  readonly message: string;
  readonly hint: string | null;
}

/** Lines shown above and below the one a diagnostic is about. */
const AROUND = 1;
/** Diagnostics of one severity that are shown; the rest is counted. */
const MOST_SHOWN = 100;
/** A span over more lines than this is shown by its first line. */
const MAX_LINES = 4;

const colors: Record<Diagnostic["severity"] | "dim" | "bold", readonly [open: string, close: string]> = {
  error: ["\u001b[31m", "\u001b[39m"],
  warning: ["\u001b[33m", "\u001b[39m"],
  info: ["\u001b[36m", "\u001b[39m"],
  dim: ["\u001b[2m", "\u001b[22m"],
  bold: ["\u001b[1m", "\u001b[22m"],
};

/**
 * Diagnostics for people: place, message, the source line with the span underlined, the hint, and other places that
 * explain it. Ends with how many errors and warnings there are; empty for no diagnostics. Of more than a hundred of one
 * severity the first are shown.
 */
export function renderDiagnostics(
  diagnostics: readonly FiledDiagnostic[],
  files: SourceTexts,
  options: RenderOptions = {},
): string {
  if (diagnostics.length === 0) return "";
  const paint = (kind: keyof typeof colors, text: string): string =>
    options.color ? colors[kind][0] + text + colors[kind][1] : text;
  const places = new Places(files);
  const show = options.showFile ?? ((file: string) => file);
  const parts = firstOfEach(diagnostics).map((diagnostic) => {
    const { file, severity, code, message, hint, span, related } = diagnostic;
    const lines = [
      `${paint("bold", places.show(file, span, show))} ${paint(severity, `${severity} ${code}`)} ${message}`,
      ...places.frame(file, span),
      ...(hint === undefined ? [] : [`  ${paint("info", "hint:")} ${hint}`]),
      ...(related ?? []).flatMap((place) => [
        `  ${paint("dim", `${places.show(file, place.span, show)} ${place.message}`)}`,
        ...places.frame(file, place.span, 0),
      ]),
    ];
    return lines.join("\n");
  });
  return `${parts.join("\n\n")}\n\n${summary(diagnostics)}\n`;
}

function firstOfEach(diagnostics: readonly FiledDiagnostic[]): readonly FiledDiagnostic[] {
  const shown = new Map<Diagnostic["severity"], number>();
  return diagnostics.filter(({ severity }) => {
    const n = (shown.get(severity) ?? 0) + 1;
    shown.set(severity, n);
    return n <= MOST_SHOWN;
  });
}

function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic["severity"], noun: string): string[] => {
    const n = diagnostics.filter((d) => d.severity === severity).length;
    if (n === 0) return [];
    return [`${n} ${noun}${n === 1 ? "" : "s"}${n > MOST_SHOWN ? ` (the first ${MOST_SHOWN} are shown)` : ""}`];
  };
  return [...count("error", "error"), ...count("warning", "warning"), ...count("info", "note")].join(", ");
}

/** Diagnostics as the data that `--json` prints. */
export function diagnosticsToJson(
  diagnostics: readonly FiledDiagnostic[],
  files: SourceTexts,
): readonly DiagnosticJson[] {
  const places = new Places(files);
  return diagnostics.map(({ code, severity, file, span, message, hint }) => ({
    code,
    severity,
    file,
    range: places.range(file, span),
    message,
    hint: hint ?? null,
  }));
}

/** Spans as lines and columns, with the line table of each file made once. */
class Places {
  private readonly known = new Map<string, { readonly text: string; readonly starts: readonly number[] } | undefined>();

  constructor(private readonly files: SourceTexts) {}

  range(file: string, span: Span): Range {
    const source = this.source(file);
    if (source === undefined) return { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
    return { start: locate(source.starts, span.start), end: locate(source.starts, span.end) };
  }

  show(file: string, span: Span, show: (file: string) => string): string {
    const { start } = this.range(file, span);
    return `${show(file)}:${start.line}:${start.column}`;
  }

  frame(file: string, span: Span, around = AROUND): readonly string[] {
    const source = this.source(file);
    if (source === undefined) return [];
    const { start, end } = this.range(file, span);
    // A span over many lines is marked to the end of its first one.
    const last =
      end.line - start.line >= MAX_LINES ? { line: start.line, column: lineOf(source, start.line).length + 1 } : end;
    const lines: string[] = [];
    let [from, to] = [start.column, last.column];
    const first = Math.max(1, start.line - around);
    for (let n = first; n <= Math.min(source.starts.length, last.line + around); n++) {
      const line = lineOf(source, n);
      const oneLine = start.line === last.line;
      const { text, shift } =
        n === start.line
          ? excerpt(line, start.column, oneLine ? last.column : line.length + 1)
          : excerpt(line, 1, n === last.line ? last.column : 1);
      if (n === start.line) from -= shift;
      // What is marked ends where the excerpt does, at the latest.
      if (n === last.line) to = Math.min(last.column - shift, text.length + 1);
      lines.push(text);
    }
    const frame = codeFrameColumns(
      // The lines before stand for themselves: only how many they are is of interest.
      "\n".repeat(first - 1) + lines.join("\n"),
      {
        start: { line: start.line, column: from },
        ...(last.line === start.line && to <= from + 1 ? {} : { end: { line: last.line, column: Math.max(to, 1) } }),
      },
      { linesAbove: around, linesBelow: around, highlightCode: false },
    );
    return frame.split("\n").map((line) => `  ${line}`.trimEnd());
  }

  private source(file: string): { readonly text: string; readonly starts: readonly number[] } | undefined {
    if (!this.known.has(file)) {
      const text = this.files.read(file);
      this.known.set(file, text === undefined ? undefined : { text, starts: lineStarts(text) });
    }
    return this.known.get(file);
  }
}

function lineOf(source: { readonly text: string; readonly starts: readonly number[] }, line: number): string {
  const from = source.starts[line - 1] ?? 0;
  const to = source.starts[line] ?? source.text.length;
  // Separators that only some count as line breaks would put the frame's lines out of step.
  return source.text
    .slice(from, to)
    .replace(/(?:\r\n|\r|\n)$/, "")
    .replace(/[\u2028\u2029]/g, " ");
}
