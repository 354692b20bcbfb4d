import { CompileError, PglError, Posterior } from "@pgl/core";
import { errorText, type ProgramError } from "./error-view.js";
import { dropNextLineBreak, showHtml } from "./kernel.js";
import { posteriorHtml, posteriorLine, type Shown } from "./posterior-view.js";

/** What consoles call to show a value; tslab shows the value of a cell's last expression through it. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

interface InspectOptions {
  readonly depth?: number | null;
}

/** Teaches cells to show posteriors and errors. The classes themselves know nothing of notebooks. */
export function install(): void {
  define(Posterior.prototype, function (this: Shown, depth: number | null, options: InspectOptions = {}) {
    // Inside of a list or a record there is room for a line only.
    if (depth === null || depth !== options.depth) return posteriorLine(this);
    if (!showHtml(posteriorHtml(this))) return this.isEmpty ? posteriorLine(this) : this.toString();
    dropNextLineBreak();
    return "";
  });
  for (const error of [CompileError, PglError]) {
    define(error.prototype, function (this: ProgramError) {
      return errorText(this);
    });
  }
}

function define<T extends object>(
  prototype: T,
  value: (this: T, depth: number | null, options?: InspectOptions) => string,
): void {
  Object.defineProperty(prototype, inspect, { value, configurable: true, writable: true });
}
