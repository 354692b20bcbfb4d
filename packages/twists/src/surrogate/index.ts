export { distill, type DistillOptions, type DistillProgress } from "./distill.js";
export {
  readSurrogate,
  surrogateFor,
  writeSurrogate,
  type StoredSurrogate,
  type SurrogateTraining,
} from "./surrogate-file.js";
