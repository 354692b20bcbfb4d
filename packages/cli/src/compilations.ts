import type { Compilation } from "@pgl/core";
import { UsageError, type Io } from "./io.js";
import { duration, grouped } from "./render/number.js";
import { clip } from "./render/width.js";

/** Milliseconds after which a compilation is worth a word. */
const SLOW = 2000;

/**
 * For commands that compile programs: constraints are kept between runs, and may be as large, as the environment says; one
 * that takes long is spoken of. Loads what runs programs, which takes long too.
 */
export async function prepareConstraints(io: Io): Promise<void> {
  const { constraintsFromEnvironment, PglError, watchCompilation } = await import("@pgl/core");
  try {
    constraintsFromEnvironment(io.environment);
  } catch (error) {
    if (error instanceof PglError) throw new UsageError(`PGL_CONSTRAINT_STATES: ${error.message}`, error.hint);
    throw error;
  }
  watchCompilation(shown(io));
}

/** Says on standard error how a constraint that takes long to compile is coming along: on a terminal in a line of its own. */
function shown(io: Io): (progress: Compilation | null) => void {
  let said = "";
  return (progress) => {
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
  };
}
