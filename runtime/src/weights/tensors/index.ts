export {
  describeEngine,
  tensorEngine,
  tensorEngineInUse,
  tensorEngines,
  tensorFlow,
  type TensorEngine,
  type TensorEngineName,
} from "./engine.js";
export { rowOperations, TENSOR_ENTRIES, type RowOperations } from "./operations.js";
export { plainKernels } from "./plain.js";
