import type { Site } from "../../machine/site.js";
import { toJson } from "../../values.js";

/** A draw with the value that attains the maximum. */
export interface Choice {
  readonly site: Site;
  readonly value: unknown;
}

/** What the best policy does in one state it may come to. */
export interface Decision extends Choice {
  /** The draws of an execution that leads there, oldest first. Others may lead to the same state. */
  readonly after: readonly Choice[];
  /** Probability of coming to the state under the policy; weights are not counted. */
  readonly probability: number;
  /** log of the expected weight from the state on under the policy, in nats. */
  readonly logValue: number;
}

/** What was maximised, and what attains it: of methods whose guarantee is `maximum`. */
export interface Maximum {
  /** log of the maximum, in nats: what `logZ` of the answer says too. */
  readonly logValue: number;
  /** log Z of the program, in nats: the sum where this method takes the maximum. */
  readonly logEvidence: number;
  /** `map`: every draw of the best execution, in order. `mmap`: the draws named. Empty for `plan`. */
  readonly choices: readonly Choice[];
  /** `plan`: what to do, by state, earlier ones first. Empty for other methods. */
  readonly policy: readonly Decision[];
}

/** Plain data, without numbers that JSON has not. */
export function maximumToJson({ logValue, logEvidence, choices, policy }: Maximum): Record<string, unknown> {
  const plain = (some: readonly Choice[]): unknown[] =>
    some.map(({ site, value }) => ({ name: site.name, value: toJson(value) }));
  return {
    logValue: toJson(logValue),
    logEvidence: toJson(logEvidence),
    choices: plain(choices),
    policy: policy.map(({ site, value, after, probability, logValue: ahead }) => ({
      name: site.name,
      value: toJson(value),
      after: plain(after),
      probability,
      logValue: toJson(ahead),
    })),
  };
}
