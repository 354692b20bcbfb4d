import { onDistributions } from "./distributions.js";
import { lists } from "./lists.js";
import { maps } from "./maps.js";
import { numbers } from "./numbers.js";
import { operators } from "./operators.js";
import { other } from "./other.js";
import { sequences } from "./sequences.js";
import { strings } from "./strings.js";

export { frames, type Callee } from "./frames.js";
export type { Text } from "./arguments.js";

/**
 * Every built-in function of PGL by its name, the constants, and the operators JavaScript has not: what emitted code calls
 * `$`. Strings are sequences of code points, lists and maps are never changed, and what has no meaning is a RunError
 * that says why.
 */
export const builtins = {
  ...operators,
  ...numbers,
  ...sequences,
  ...strings,
  ...lists,
  ...maps,
  ...onDistributions,
  ...other,
};
