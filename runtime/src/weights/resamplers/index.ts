import { multinomial } from "./multinomial.js";
import { optimal } from "./optimal.js";
import { residual } from "./residual.js";
import { stratified } from "./stratified.js";
import { systematic } from "./systematic.js";

/** The resampling schemes by name. */
export const resamplers = { systematic, stratified, multinomial, residual, optimal } as const;
export type ResamplerName = keyof typeof resamplers;
export type { ConditionallyResampled, ConditionalScheme, Resampled, ResamplingScheme } from "./scheme.js";
