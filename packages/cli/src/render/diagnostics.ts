import { renderDiagnostics, type SourceHost } from "@pgl/compiler";
import { PglError, type FileDiagnostic, type Site } from "@pgl/core";
import type { Severity } from "@pgl/grammar";
import type { Io } from "../io.js";
import { paint, useColor } from "./paint.js";
import { spanOf } from "./place.js";

/** Something to be known beside the result of a run. */
export interface Note {
  readonly source: "compiler" | "run";
  readonly code: string;
  readonly message: string;
  readonly site?: Site;
}

/** Diagnostics with the lines they are about. */
export function renderCompileError(
  diagnostics: readonly FileDiagnostic[],
  files: SourceHost,
  io: Io,
  color: string | undefined,
): string {
  return withNewline(renderDiagnostics(diagnostics, files, { color: useColor(io, color, "error") }));
}

/** An error of a run: its message, the lines of the program it happened at, and what to do about it. */
export function renderFailure(error: unknown, files: SourceHost, io: Io, color: string | undefined): string {
  if (!(error instanceof PglError)) {
    return render({ severity: "error", message: error instanceof Error ? error.message : String(error) }, files, io, color);
  }
  const step = error.step !== undefined && error.step > 0 ? ` (step ${error.step})` : "";
  return render(
    { severity: "error", code: error.code, message: `${error.message}${step}`, hint: error.hint, site: error.site },
    files,
    io,
    color,
  );
}

export function renderNotes(
  notes: readonly Note[],
  files: SourceHost,
  io: Io,
  color: string | undefined,
  severity: Severity,
): string {
  return notes.map(({ code, message, site }) => render({ severity, code, message, site }, files, io, color)).join("");
}

interface Message {
  readonly severity: Severity;
  readonly code?: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly site?: Site | undefined;
}

function render({ severity, code, message, hint, site }: Message, files: SourceHost, io: Io, color: string | undefined): string {
  const span = site === undefined ? undefined : spanOf(site, files);
  if (code !== undefined && site?.file !== undefined && span !== undefined) {
    const diagnostic: FileDiagnostic = { code, severity, file: site.file, span, message, ...(hint === undefined ? {} : { hint }) };
    return renderCompileError([diagnostic], files, io, color);
  }
  const c = paint(io, color, "error");
  const label = severity === "error" ? c.red("error") : c.yellow(severity);
  return `${label}${code === undefined ? "" : c.dim(` ${code}`)}: ${message}\n${hint === undefined ? "" : `${c.cyan("hint:")} ${hint}\n`}`;
}

const withNewline = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
