import { fold } from "./folding.js";
import { hoist } from "./hoisting.js";
import type { Pass } from "./pass.js";

export const constantFolding: Pass = {
  name: "constant-folding",
  law:
    "A pure expression whose parts are known has one value; writing the value in its place changes nothing. A distribution or " +
    "constraint of constants is an immutable value that does not depend on when it is made; it is made beforehand only when " +
    "making it cannot fail (a constraint's failure does not depend on the execution).",
  run: (program) => hoist(fold(program), ["distribution", "constraint"]),
};
