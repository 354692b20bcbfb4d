export { programs, replay } from "./arbitrary.js";
export { elaborate, type ElaborateOptions, type Feature, type GeneratedProgram, type ProgramSeed, type StatementSeed } from "./elaborate.js";
export { printProgram } from "./print.js";
export { tableModel, type GeneratedTable } from "./tables.js";
export { Tape } from "./tape.js";
export * as syntax from "./syntax.js";
