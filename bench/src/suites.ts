import type { Row } from "./row.js";

/** The suites, by the names they are asked for by, in the order they are run. */
export const suites: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  hmm: async () => (await import("./hmm/suite.js")).hmmSuite(),
  mh: async () => (await import("./mh/suite.js")).mhSuite(),
  elimination: async () => (await import("./elimination/suite.js")).eliminationSuite(),
  table: async () => (await import("./table/suite.js")).tableSuite(),
  stories: async () => (await import("./stories/suite.js")).storiesSuite(),
  twists: async () => (await import("./twists/suite.js")).twistSuite(),
  memory: async () => (await import("./memory/suite.js")).memorySuite(),
  start: async () => (await import("./start/suite.js")).startSuite(),
  gradients: async () => (await import("./gradients/suite.js")).gradientSuite(),
  tensors: async () => (await import("./tensors/suite.js")).tensorSuite(),
  constraints: async () => (await import("./constraints/suite.js")).constraintSuite(),
};
