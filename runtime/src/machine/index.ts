export { Frame } from "./frame.js";
export { Op } from "./op.js";
export { Particle } from "./particle.js";
export { Guide, type GuideAnswer } from "./guide.js";
export { enter, enterAny, hostCall } from "./call.js";
export { site, showSite, type Site } from "./site.js";
export { listTrace, TraceLedger, type Trace, type TraceHolder } from "./trace.js";
export { defaultLimits, type Environment, type ExecutionLimits, type Observations } from "./environment.js";
export type { Request, RequestHandler } from "./request.js";
export type { Process, Drawable, Factor, Product } from "./process.js";
export type { Model, Closure } from "./model.js";
export {
  journalDraw,
  journalOf,
  replay,
  replayVerdict,
  startJournal,
  type DrawSource,
  type JournalEntry,
  type JournalNode,
  type ReplayVerdict,
  type ReplayWeight,
} from "./journal.js";
