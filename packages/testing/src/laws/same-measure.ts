import type { Measure } from "../reference/index.js";
import { expectMasses, massesOf } from "./difference.js";

/** Throws unless two unnormalised measures are equal: the first law of compiler passes. @throws LawError */
export function expectSameMeasure(actual: Measure, expected: Measure, tolerance = 1e-9): void {
  expectMasses("The same measure", massesOf(actual), massesOf(expected), tolerance);
}
