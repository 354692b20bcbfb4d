export {
  enumerateOutcomes,
  EnumerationError,
  visitOutcomes,
  type EnumerationOptions,
  type RandomOutcome,
  type Visited,
  type VisitOptions,
} from "./enumerating.js";
