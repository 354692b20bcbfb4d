import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { renderDiagnostics, type SourceHost } from "@pgl/compiler";
import { LoadError, PglError, type Site } from "@pgl/core";
import type { Io } from "../io.js";
import { paint, useColor } from "./paint.js";

/**
 * An error of a run: its message, the lines of the program it happened at, and what to do about it.
 */
export function renderFailure(error: unknown, io: Io, when: string | undefined, files: SourceHost): string {
  const c = paint(io, when, "error");
  if (!(error instanceof PglError)) {
    const message = error instanceof Error ? error.message : String(error);
    return `${c.red("error:")} ${message}\n`;
  }
  const site = error.site;
  const span = site === undefined ? undefined : spanOf(site, files);
  const step = error.step !== undefined && error.step > 0 ? ` (step ${error.step})` : "";
  if (site?.file !== undefined && span !== undefined) {
    return renderDiagnostics(
      [
        {
          code: error.code,
          severity: "error",
          file: site.file,
          span,
          message: `${error.message}${step}`,
          ...(error.hint === undefined ? {} : { hint: error.hint }),
        },
      ],
      files,
      { color: useColor(io, when, "error") },
    );
  }
  const hint = error.hint === undefined ? "" : `${c.cyan("hint:")} ${error.hint}\n`;
  return `${c.red("error")}${c.dim(`[${error.code}]`)}: ${error.message}${step}\n${hint}`;
}
