export { expectCalibrated, type CalibratedOptions } from "./calibrated.js";
export { expectJointInvariance, type JointTestOptions } from "./joint.js";
export { expectKnownEvidence, type KnownEvidenceOptions } from "./known-evidence.js";
