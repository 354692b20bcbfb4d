export { begin, Block } from "./block.js";
export { fold, forEach, loop, repeat, traverse, when } from "./combinators.js";
export { model, type ModelOptions } from "./model.js";
export {
  ask,
  call,
  condition,
  factor,
  inferred,
  observe,
  pure,
  run as runModel,
  sample,
  step,
  suspend,
  twist,
  type SampleOptions,
} from "./operations.js";
export { Program, type Turn } from "./program.js";
