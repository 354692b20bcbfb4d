import picocolors from "picocolors";
import type { Io } from "../io.js";

export type Colors = ReturnType<typeof picocolors.createColors>;

/**
 * Colours for one of the streams. `never` and `always` are obeyed; `auto` colours a terminal, unless NO_COLOR is set
 * (https://no-color.org) or the terminal is dumb, and FORCE_COLOR stands for `always`.
 */
export function paint(io: Io, when: string | undefined, stream: "output" | "error"): Colors {
  return picocolors.createColors(useColor(io, when, stream));
}

export function useColor(io: Io, when: string | undefined, stream: "output" | "error"): boolean {
  if (when === "always") return true;
  if (when === "never") return false;
  const { NO_COLOR, FORCE_COLOR, TERM } = io.environment;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0") return true;
  if (TERM === "dumb") return false;
  return stream === "output" ? io.outputIsTerminal : io.errorIsTerminal;
}
