export { calibrate, type CalibrateOptions, type Calibration, type CalibrationTest } from "./calibrate.js";
export { argumentObserved, drawObserved, type Observed } from "./observations.js";
export { simulate, type SimulateOptions, type Simulation } from "./simulate.js";
export { kolmogorovSmirnov, kolmogorovSmirnovProbability, standing } from "./uniformity.js";
