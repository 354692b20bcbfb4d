/** Runs and seeds of property tests: fixed for everybody, changed by hand to look further (PGL_TEST_RUNS, PGL_TEST_SEED). */
export const propertySettings = (numRuns: number, seed: number): { numRuns: number; seed: number } => ({
  numRuns: Number(process.env["PGL_TEST_RUNS"] ?? numRuns),
  seed: Number(process.env["PGL_TEST_SEED"] ?? seed),
});
