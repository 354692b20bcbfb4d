import { Posterior } from "@pgl/core";
import { errorHtml, isProgramError } from "./error-view.js";
import { showHtml } from "./kernel.js";
import { posteriorHtml, type PosteriorViewOptions, type Shown } from "./posterior-view.js";

/**
 * Shows a posterior, or an error of a program, in the running cell: for more than one in a cell, and for errors that are
 * meant to be seen (`.catch(view)`). Anything else, and everything outside of a notebook, is logged.
 */
export function view(value: unknown, options: PosteriorViewOptions = {}): void {
  if (value instanceof Posterior && showHtml(posteriorHtml(value as Shown, options))) return;
  if (isProgramError(value) && showHtml(errorHtml(value))) return;
  console.log(value);
}
