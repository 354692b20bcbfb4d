export { differentiableBuiltins, differentiableFrames } from "./builtins.js";
export { differentiableDistributions } from "./distributions.js";
export { LostDerivativeError } from "./lost.js";
export { plain as withoutDerivatives, refuseReals as refuseDerivatives } from "./plain.js";
export { setTwin, twinOf } from "./twin.js";
