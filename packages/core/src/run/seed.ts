import { randomInt } from "node:crypto";
import { MethodError } from "@pgl/runtime";

/** Seeds that can be written down, passed on a command line and held exactly by a number. */
const SEEDS = 2 ** 32;

/** The seed given, or a fresh one. @throws MethodError when it is not a whole number from 0. */
export function seedOr(seed: number | undefined): number {
  if (seed === undefined) return randomInt(SEEDS);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new MethodError("PGLT010", `A seed is a whole number from 0 to 2^53 − 1, not ${seed}.`);
}
