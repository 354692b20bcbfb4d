import { check } from "../../src/check.js";
import { memoryFiles } from "../../src/hosts/source-host.js";
import { lower, type Program, type Statement } from "../../src/ir/index.js";
import { applyPasses, type PassSelection } from "../../src/passes/index.js";

/** The intermediate representation of a text that must have no errors. */
export async function programOf(text: string, passes: PassSelection = "none"): Promise<Program> {
  const checked = await check(memoryFiles({ "/main.pgl": text }), "/main.pgl");
  const errors = checked.diagnostics.filter((d) => d.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((d) => `${d.code} ${d.message} ${d.hint ?? ""}`).join("\n"));
  return applyPasses(lower(checked), passes);
}

/** The statements of `main`, one word or two each: `draw x`, `condition`, `if(draw y | )`. */
export async function outline(text: string, passes: PassSelection = "none"): Promise<string[]> {
  const program = await programOf(text, passes);
  const main = program.modules.at(-1)!.functions.find((fn) => fn.global.name === "main");
  if (main === undefined) throw new Error("There is no `main`.");
  return main.body.map(show);
}

function show(statement: Statement): string {
  const all = (statements: readonly Statement[]) => statements.map(show).join("; ");
  switch (statement.kind) {
    case "let":
    case "declare":
    case "assign":
      return `${statement.kind} ${statement.variable.name}`;
    case "draw":
      return `draw ${statement.target?.variable.name ?? "_"}`;
    case "if":
      return `if(${all(statement.then)} | ${all(statement.otherwise)})`;
    case "for-each":
    case "for-range":
    case "while":
      return `${statement.kind}(${all(statement.body)})`;
    default:
      return statement.kind;
  }
}
