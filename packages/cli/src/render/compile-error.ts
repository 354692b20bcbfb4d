import { relative } from "node:path";
import { renderDiagnostics, type FiledDiagnostic, type SourceHost } from "@pgl/compiler";
import type { Io } from "../io.js";
import { useColor } from "./paint.js";

/** Diagnostics with the lines they are about. */
export function renderCompileError(
  diagnostics: readonly FiledDiagnostic[],
  files: SourceHost,
  io: Io,
  color: string | undefined,
): string {
  return renderDiagnostics(diagnostics, files, {
    color: useColor(io, color, "error"),
    showFile: (file) => shorter(file, relative(io.directory, file)),
  });
}

const shorter = (a: string, b: string): string => (b.length < a.length ? b : a);
