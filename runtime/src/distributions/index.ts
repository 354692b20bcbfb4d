export type { Distribution, Support } from "./distribution.js";
