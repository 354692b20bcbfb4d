import type { Declaration, Module } from "./ast.js";
import type { Diagnostic } from "./diagnostic.js";
import type { PglParser } from "./parser.js";
import { problem } from "./problem.js";

/**
 * How high a declaration's tree may be. Everything that works on trees recurses; this is what makes that safe for any
 * input, as for a sum of ten thousand terms.
 */
export const maximumHeight = 600;

/** The module without those declarations whose trees are too high, with a diagnostic for each. */
export function refuseTallTrees(
  tree: Module,
  measured: Pick<PglParser, "longestChain" | "deepestNesting">,
  diagnostics: Diagnostic[],
): Module {
  // An upper bound that the parser knows: nearly all programs are done here.
  if ((measured.longestChain + 8) * (measured.deepestNesting + 1) < maximumHeight) return tree;
  const declarations = tree.declarations.filter((declaration) => {
    const found = tooHigh(declaration);
    if (found === undefined) return true;
    diagnostics.push(
      problem(
        "PGL1009",
        found,
        `this is nested more than ${maximumHeight} deep, counting chains of operators and members`,
        {
          hint: "give parts of it names of their own with `let` or `fn`, or join a list",
        },
      ).diagnostic,
    );
    return false;
  });
  return declarations.length === tree.declarations.length ? tree : { ...tree, declarations };
}

/** The span of the first node found at too great a height, without recursion. */
function tooHigh(root: Declaration): { start: number; end: number } | undefined {
  const stack: { node: object; height: number }[] = [{ node: root, height: 0 }];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    const { node, height } = item;
    if (height > maximumHeight) return (node as Declaration).span ?? root.span;
    for (const value of Object.values(node)) {
      if (typeof value !== "object" || value === null || !("kind" in value || Array.isArray(value) || "span" in value))
        continue;
      stack.push({ node: value, height: height + ("kind" in value ? 1 : 0) });
    }
  }
  return undefined;
}
