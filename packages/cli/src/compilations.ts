import { watchCompilation } from "@pgl/core";
import type { Io } from "./io.js";
import { duration, grouped } from "./render/number.js";
import { clip } from "./render/width.js";

/** Milliseconds after which a compilation is worth a word. */
const SLOW = 2000;

/** Says on standard error how a constraint that takes long to compile is coming along: on a terminal in a line of its own. */
export function showCompilations(io: Io): void {
  let said = "";
  watchCompilation((progress) => {
    if (progress === null) {
      if (said !== "" && io.errorIsTerminal) io.writeError("\r\x1b[2K");
      said = "";
      return;
    }
    const { constraint, milliseconds, states } = progress;
    if (milliseconds < SLOW) return;
    const line = `compiling ${constraint}: ${grouped(states)} states, ${duration(milliseconds)}`;
    if (io.errorIsTerminal) io.writeError(`\r\x1b[2K${clip(line, io.columns - 1)}`);
    else if (said === "") io.writeError(`${clip(`compiling ${constraint} takes long`, 200)}\n`);
    said = line;
  });
}
