export { logSum } from "./distribution.js";
export { measure, type Measure, type MeasureAtom, type MeasureOptions } from "./measure.js";
export { BudgetError, ProgramError, UnsupportedError } from "./errors.js";
export { TableLanguageModel, type TableModel } from "./language-model.js";
export type { SpanOptions } from "./text-span.js";
export { fromPlain, keyOf, numberKey, toPlain, type Value } from "./value.js";
