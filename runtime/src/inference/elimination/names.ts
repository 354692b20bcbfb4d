import { MethodError } from "../../errors.js";

/**
 * For programs some execution of which has positive weight; others may end before they come to any draw.
 * @throws MethodError PGLR096 when a name is of no draw that was met: it would be passed over without a word.
 */
export function checkMet(method: string, option: string, names: Iterable<string>, met: ReadonlySet<string>): void {
  for (const name of names) {
    if (met.has(name)) continue;
    throw new MethodError("PGLR096", `${method}: no execution of the program draws \`${name}\`.`, {
      hint: `\`${option}\` takes names of draws, as \`x\` in \`let x ~ …\`. A draw that nothing reads may have been left out by the compiler's pass dead-samples.`,
    });
  }
}
