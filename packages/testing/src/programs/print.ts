import { print } from "@pgl/grammar";
import type { GeneratedProgram } from "./seed.js";

/** A program as a reader wants to see it when a law fails: its text, arguments and tables. */
export function printProgram(program: GeneratedProgram): string {
  const tables = Object.entries(program.lms).map(([name, table]) => `// lm ${name}: ${JSON.stringify(table)}`);
  return [
    print(program.module).trimEnd(),
    `// ${program.model}(${program.args.map((a) => JSON.stringify(a)).join(", ")})${program.guide === null ? "" : `, proposal: ${program.guide}`}`,
    ...tables,
    "",
  ].join("\n");
}
