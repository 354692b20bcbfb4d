import type { BinaryOperator } from "./ast.js";

/**
 * Precedence, from the loosest: `??`, `||`, `&&`, comparisons with `in` and `matches`, `..`, `+ -`, `* / %`, then the
 * prefix operators `-` and `!`, then `^`, then calls, members and indices. All associate to the left, except that `^`
 * associates to the right and comparisons and ranges do not associate.
 */
export const precedence = {
  coalesce: 1,
  or: 2,
  and: 3,
  comparison: 4,
  range: 5,
  sum: 6,
  product: 7,
  prefix: 8,
  power: 9,
  postfix: 10,
} as const;

/** The operators between two operands, except `^` and `matches`. */
export const operators: ReadonlyMap<BinaryOperator | "..", number> = new Map<BinaryOperator | "..", number>([
  ["??", precedence.coalesce],
  ["||", precedence.or],
  ["&&", precedence.and],
  ["==", precedence.comparison],
  ["!=", precedence.comparison],
  ["<", precedence.comparison],
  ["<=", precedence.comparison],
  [">", precedence.comparison],
  [">=", precedence.comparison],
  ["in", precedence.comparison],
  ["..", precedence.range],
  ["+", precedence.sum],
  ["-", precedence.sum],
  ["*", precedence.product],
  ["/", precedence.product],
  ["%", precedence.product],
]);
