import { PglError } from "@pgl/runtime";

/** A twist cannot be learned, or a file of one cannot be used. */
export class TwistTrainingError extends PglError {}
