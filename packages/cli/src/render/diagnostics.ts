import type { FiledDiagnostic } from "@pgl/compiler";
import { PglError, type Site, type Warning } from "@pgl/core";
import type { Severity } from "@pgl/grammar";
import type { Io } from "../io.js";
import { renderCompileError } from "./compile-error.js";
import { grouped } from "./number.js";
import { paint } from "./paint.js";
import { placeOf, type Texts } from "./place.js";

/** Something to be known beside the result of a run. */
export interface Note {
  readonly source: "compiler" | "run";
  readonly code: string;
  readonly message: string;
  readonly site?: Site;
}

/** The warnings of a run. */
export const runNotes = (warnings: readonly Warning[]): readonly Note[] =>
  warnings.map(({ code, message, site, count }) => ({
    source: "run",
    code,
    message: count > 1 ? `${message} (${grouped(count)} times)` : message,
    ...(site === undefined ? {} : { site }),
  }));

/** An error of a run: its message, the lines of the program it happened at, and what to do about it. */
export function renderFailure(error: unknown, files: Texts, io: Io, color: string | undefined): string {
  if (!(error instanceof PglError)) {
    return render(
      { severity: "error", message: error instanceof Error ? error.message : String(error) },
      files,
      io,
      color,
    );
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
  files: Texts,
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

function render(
  { severity, code, message, hint, site }: Message,
  files: Texts,
  io: Io,
  color: string | undefined,
): string {
  const place = site === undefined ? undefined : placeOf(site, files);
  if (code !== undefined && place !== undefined) {
    const diagnostic: FiledDiagnostic = { code, severity, ...place, message, ...(hint === undefined ? {} : { hint }) };
    // How many errors there are need not be said of one.
    return renderCompileError([diagnostic], files, io, color).replace(/\n\n[^\n]*\n$/, "\n");
  }
  const c = paint(io, color, "error");
  const label = severity === "error" ? c.red("error") : c.yellow(severity);
  return `${label}${code === undefined ? "" : c.dim(` ${code}`)}: ${message}\n${hint === undefined ? "" : `${c.cyan("hint:")} ${hint}\n`}`;
}
