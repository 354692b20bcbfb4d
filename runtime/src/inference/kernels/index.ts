export { cycle, mixture, repeat, through, type Kernel, type Next, type Steps } from "./kernel.js";
export { block, prior, single, suffix } from "./single-site.js";
export { drift, type Noise } from "./drift.js";
export { gibbs } from "./gibbs.js";
export { together, Walk } from "./walk.js";
