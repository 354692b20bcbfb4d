export { t3, t3ExpectedLogEvidence } from "./t3.js";
export { forwardBackward, threeStates, type ForwardBackward, type HiddenMarkovModel } from "./hmm.js";
