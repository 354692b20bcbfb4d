export { logSum } from "./distribution.js";
export { measure, type Measure, type MeasureAtom, type MeasureOptions } from "./measure.js";
export { BudgetError, ProgramError, UnsupportedError } from "./errors.js";
export { TableLanguageModel, type SpanOptions, type TableModel } from "./language-model.js";
export { fromPlain, keyOf, numberKey, toPlain, type Value } from "./value.js";
