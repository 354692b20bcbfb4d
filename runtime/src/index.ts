/**
 * What PGL programs run on: randomness, distributions, weights, the particle machine, and inference methods made of small
 * measure-preserving blocks.
 */
export * from "./errors.js";
export * from "./values.js";
export * from "./random/index.js";
export * from "./distributions/index.js";
export * from "./weights/index.js";
export * from "./machine/index.js";
export { hostFunction, hostValue, type HostType } from "./machine/host-value.js";
export * from "./inference/index.js";
export * from "./diagnostics/calibration/index.js";
export * from "./diagnostics/certificate/index.js";
export * from "./builtins/index.js";
export * from "./autodiff/index.js";
