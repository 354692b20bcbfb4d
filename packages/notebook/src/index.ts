/**
 * PGL in notebooks (tslab): everything of @pgl/core, and cells that show posteriors, progress and errors.
 * `import "@pgl/notebook"` is enough for the display of posteriors and errors that come from @pgl/core.
 */
import { install } from "./install.js";

install();

export * from "@pgl/core";
export { errorHtml, errorText, isProgramError, type ProgramError } from "./error-view.js";
export { posteriorHtml, posteriorPictures, type PosteriorViewOptions, type Shown } from "./posterior-view.js";
export { compile, pgl } from "./programs.js";
export { infer, run } from "./run.js";
export { view } from "./view.js";
