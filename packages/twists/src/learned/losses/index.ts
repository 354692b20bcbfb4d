import { ctl } from "./ctl.js";
import { dpg } from "./dpg.js";
import { fudge } from "./fudge.js";
import type { TwistLoss } from "./loss.js";
import { rl } from "./rl.js";
import { sixo } from "./sixo.js";

export type { LossBatch, LossValue, TwistLoss, TwistOutputs } from "./loss.js";

export type TwistLossName = "ctl" | "rl" | "sixo" | "fudge" | "dpg";

/** The losses by their names. */
export const twistLosses: Readonly<Record<TwistLossName, TwistLoss>> = { ctl, rl, sixo, fudge, dpg };
