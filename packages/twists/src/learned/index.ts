export { LearnedTwist, type LearnedTwistData } from "./learned-twist.js";
export { TwistNetwork, type NetworkShape } from "./network.js";
export { twistLosses, type TwistLossName } from "./losses/index.js";
export {
  trainTwist,
  TwistTrainer,
  type TrainingOptions,
  type TrainingRound,
  type TrainingState,
  type TwistProblem,
} from "./trainer.js";
export { readCheckpoint, readTwist, writeCheckpoint, writeTwist, type CheckpointOwner } from "./file.js";
export { TwistTrainingError } from "./errors.js";
export { textDraws, type TextDrawFound } from "./executions.js";
