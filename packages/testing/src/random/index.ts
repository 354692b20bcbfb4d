export { enumerateOutcomes, EnumerationError, type RandomOutcome } from "./enumerating.js";
