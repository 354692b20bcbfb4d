import type { ConstantIr, FunctionIr, Global } from "../program.js";
import type { Expr } from "../expression.js";
import { expressionsIn, expressionsOf } from "../walk.js";

/** Constants in an order in which each may be computed: after those it uses, itself or through functions. */
export function orderConstants(
  constants: readonly ConstantIr[],
  functions: readonly FunctionIr[],
): readonly ConstantIr[] {
  const byGlobal = new Map(constants.map((constant) => [constant.global, constant]));
  const bodies = new Map(functions.map((fn) => [fn.global, fn]));
  const ordered: ConstantIr[] = [];
  const seen = new Set<Global>();

  const visit = (global: Global): void => {
    if (seen.has(global)) return;
    seen.add(global);
    const constant = byGlobal.get(global);
    const fn = bodies.get(global);
    if (fn !== undefined) visitAll(expressionsIn(fn.body));
    if (constant === undefined) return;
    visitAll(expressionsOf(constant.value));
    ordered.push(constant);
  };
  const visitAll = (expressions: Iterable<Expr>): void => {
    for (const expression of expressions) if (expression.kind === "global") visit(expression.global);
  };

  for (const constant of constants) visit(constant.global);
  return ordered;
}
