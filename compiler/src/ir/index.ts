export { lower } from "./lower/module.js";
export { LoweringError } from "./lower/scope.js";
export type * from "./program.js";
export type * from "./expression.js";
export type * from "./statement.js";
