import type { Method } from "../method.js";
import { alive } from "./alive.js";
import { dcSmc } from "./dc-smc.js";
import { enumerate } from "./enumerate.js";
import { hmc } from "./hmc.js";
import { map } from "./map.js";
import { marginal } from "./marginal.js";
import { mmap } from "./mmap.js";
import { nested } from "./nested.js";
import { nuts } from "./nuts.js";
import { particleGibbs } from "./particle-gibbs.js";
import { pimh } from "./pimh.js";
import { mh } from "./mh.js";
import { gibbs } from "./gibbs.js";
import { annealed } from "./annealed.js";
import { tempered } from "./tempered.js";
import { parallelTempering } from "./parallel-tempering.js";
import { plan } from "./plan.js";
import { pmmh } from "./pmmh.js";
import { rejection } from "./rejection.js";
import { importance, smc } from "./smc.js";
import { smc2 } from "./smc2.js";

/** The inference methods by their PGL names. */
export const methods = {
  enumerate,
  rejection,
  importance,
  smc,
  parallel_tempering: parallelTempering,
  tempered,
  annealed,
  gibbs,
  mh,
  alive,
  particle_gibbs: particleGibbs,
  pimh,
  pmmh,
  smc2,
  dc_smc: dcSmc,
  nested,
  hmc,
  nuts,
  marginal,
  map,
  mmap,
  plan,
} as const;

/** What runs a query that names no method. */
export const defaultMethod: Method = smc();
