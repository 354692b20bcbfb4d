import { passes } from "@pgl/compiler";
import { UsageError } from "./io.js";
import { suggestion } from "./suggestion.js";

/** The compiler passes that are left when the named ones are switched off. @throws UsageError at an unknown name. */
export function passesWithout(off: readonly string[]): readonly string[] | "all" | "none" {
  if (off.length === 0) return "all";
  if (off.includes("all")) return "none";
  const passNames = passes.map((pass) => pass.name);
  for (const name of off) {
    if (!passNames.includes(name)) {
      throw new UsageError(
        `--no-pass ${name}: there is no such pass.`,
        `${suggestion(name, passNames)}Passes: ${["all", ...passNames].join(", ")}.`,
      );
    }
  }
  return passNames.filter((name) => !off.includes(name));
}
