import type { Particle } from "@pgl/runtime";
import type { SpanRule } from "../span-rule.js";

/** Steps that a text waits at most. */
const MOST = 1024;

/**
 * Whether a text that has ended takes another step without a token, after `waited` of them. In a population executions whose
 * texts end early would else come to the weights after them before the others, and be held against executions that have yet
 * to pay for theirs: where texts end at different lengths, resampling would choose by that. So texts wait until the longest
 * there may be has ended. How long depends on the execution alone, and nothing is weighed: the measure is what it was.
 *
 * Lundén et al. 2023 (arXiv 2301.11664) find the checkpoints of a program that are aligned so; those of texts are made to be.
 */
export const waits = (particle: Particle, { maxTokens }: SpanRule, drawn: number, waited: number): boolean =>
  particle.isCompared && drawn + waited < maxTokens && waited < MOST;
