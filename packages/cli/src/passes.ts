import { passes } from "@pgl/compiler";
import { UsageError } from "./io.js";
import { suggestion } from "./suggestion.js";

/** Passes that sum over draws, by the methods that take the maximum over them instead. */
const CHANGING: Readonly<Record<string, readonly string[]>> = {
  map: ["dead-samples"],
  mmap: ["dead-samples"],
  plan: ["dead-samples", "restricted-draws"],
};

/** The passes to switch off for a method given by `--using`: the compiler sees only those that the program names itself. */
export function passesAgainst(using: string | undefined): readonly string[] {
  const [name = ""] = /^\w+/.exec(using?.trim() ?? "") ?? [];
  return CHANGING[name] ?? [];
}

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
