export type { BoundsCertificate, Certificate, ExactCertificate, NoCertificate } from "./certificate.js";
export { showDivergence } from "./certificate.js";
export { certify, checkCertifyOptions, type CertifyOptions, type CertifyProgress } from "./certify.js";
export { drawsByStates } from "../bounds/by-states.js";
export type { ExactDraws } from "../bounds/exact-draws.js";
export { repeatRuns, type Repeated, type Repetition } from "../bounds/runs.js";
export { isLowerBound } from "./lower-bound.js";
