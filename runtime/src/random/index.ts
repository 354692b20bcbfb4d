export type { RandomSource } from "./source.js";
export { seeded } from "./seeded.js";
