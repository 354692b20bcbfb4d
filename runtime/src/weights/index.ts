export { LogWeights, logAddExp, logSumExp } from "./log-weights.js";
export { resamplers, type Resampled, type ResamplerName, type ResamplingScheme } from "./resamplers/index.js";
