import type * as ast from "@pgl/grammar";
import { check } from "../src/check.js";
import type { CheckedModule, CheckedProgram } from "../src/checked.js";
import { memoryFiles } from "../src/hosts/source-host.js";
import type { Type } from "../src/types.js";
import { showType } from "../src/types/show.js";

export interface AnyNode {
  readonly kind: string;
  readonly span: ast.Span;
}

/** Every node of a tree, parents first. */
export function* nodesOf(value: unknown): Iterable<AnyNode> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesOf(item);
  } else if (typeof value === "object" && value !== null) {
    if ("kind" in value && "span" in value) yield value as AnyNode;
    for (const [key, child] of Object.entries(value)) if (key !== "span") yield* nodesOf(child);
  }
}

export async function checkText(
  text: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ program: CheckedProgram; module: CheckedModule }> {
  const program = await check(memoryFiles({ "/main.pgl": text, ...more }), "/main.pgl");
  return { program, module: program.modules.get("/main.pgl")! };
}

/** `CODE message` of each diagnostic. */
export const messages = (program: CheckedProgram): readonly string[] =>
  program.diagnostics.map((d) => `${d.code} ${d.message}`);

/** The checked type of the expression that is written as `source`, the last one of that text. */
export function typeOf(module: CheckedModule, source: string): string | undefined {
  let found: Type | undefined;
  for (const [node, type] of module.types) {
    if (module.text.slice(node.span.start, node.span.end) === source) found = type;
  }
  return found && showType(found);
}
