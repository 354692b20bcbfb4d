/** What a frame asks of the machine. The operands are in the particle's registers. */
export const Op = {
  /** The frame stack changed (call or return): go on with `particle.frame`. */
  Continue: 0,
  /** The program has returned; its value is in `particle.value`. */
  Done: 1,
  /** Draw from `particle.distribution` at `particle.site` (proposing from `particle.proposal` if not null). */
  Sample: 2,
  /** Multiply the weight by `exp(particle.increment)`: a factor, an observation or a condition at `particle.site`. */
  Weight: 3,
  /** Set the running twist to `particle.increment` nats. */
  Twist: 4,
  /** A place where sequential inference may resample; nothing is weighted. */
  Step: 5,
  /** Something answered from outside, in batches: `particle.request`. The answer arrives in `particle.value`. */
  Request: 6,
} as const;
export type Op = (typeof Op)[keyof typeof Op];
