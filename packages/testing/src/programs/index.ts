export { programs, replay } from "./arbitrary.js";
export { elaborate } from "./elaborate.js";
export type { ElaborateOptions, Feature, GeneratedProgram, ProgramSeed, StatementSeed } from "./seed.js";
export { printProgram } from "./print.js";
export { tableModel, type GeneratedTable } from "./tables.js";
export { Tape } from "./tape.js";
export * as syntax from "./syntax.js";
