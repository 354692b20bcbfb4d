import { CompileError, PglError, showSite } from "@pgl/core";
import { sep } from "node:path";
import { element } from "./markup.js";
import { frameOf } from "./programs.js";
import { framed } from "./style.js";

/** Errors that are about the program a user wrote, whose stack traces lead nowhere. */
export type ProgramError = CompileError | PglError;

export const isProgramError = (error: unknown): error is ProgramError =>
  error instanceof CompileError || error instanceof PglError;

/** What is wrong, where, and what to do about it: with code frames for a program that does not compile. */
export function errorText(error: ProgramError): string {
  if (error instanceof CompileError) {
    // Files are named as seen from the notebook.
    return error.rendered.replaceAll(process.cwd() + sep, "").trimEnd();
  }
  const where = error.site === undefined ? "" : ` at ${showSite(error.site)}`;
  const step = error.step !== undefined && error.step > 0 ? ` (step ${error.step})` : "";
  const frame = frameOf(error)?.replace(/^/gm, "  ");
  const lines = [
    `${error.name} ${error.code}${where}${step}`,
    `  ${error.message}`,
    frame,
    error.hint && `  hint: ${error.hint}`,
  ];
  return lines.filter((line) => line !== undefined && line !== "").join("\n");
}

export const errorHtml = (error: ProgramError): string =>
  framed(element("pre", { class: "pgl-frame", role: "alert" }, errorText(error))).toString();
