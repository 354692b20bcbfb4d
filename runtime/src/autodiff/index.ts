export { differentiableBuiltins, differentiableFrames } from "./builtins.js";
export { DifferentiableDistribution } from "./distribution.js";
export { differentiableDistributions } from "./distributions.js";
export { lossBehind, LostDerivativeError } from "./lost.js";
export { carriesReal, plain, refuseReals } from "./plain.js";
export { Real, Tape, valueOf, type Num } from "./tape.js";
export { setTwin, twinOf } from "./twin.js";
