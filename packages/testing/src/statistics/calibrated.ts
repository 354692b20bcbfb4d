import { calibrate, RunEnvironment, seeded, target, type Calibration, type Method, type Model } from "@pgl/runtime";
import { LawError } from "../laws/difference.js";
import type { LawSubject } from "../laws/properly-weighted.js";

export interface CalibratedOptions extends LawSubject {
  /** With a budget that makes its posteriors right: the test sees the method, not its limit. */
  readonly method: Method;
  /** Default 200. */
  readonly simulations?: number;
  /** Default 100, of each posterior. */
  readonly draws?: number;
  readonly seed?: number;
  /** How often a right method fails, all tests together. Default 1e-3. */
  readonly falseAlarmRate?: number;
}

/**
 * Throws unless a method is calibrated on a program (`calibrate`): ranks of simulated results among posterior draws, with
 * statistics that depend on the data, and coverage. The program is to be compiled without passes, and must observe with
 * `observe`, not with `factor`.
 *
 * @throws LawError with each test that fails.
 */
export async function expectCalibrated(options: CalibratedOptions): Promise<Calibration> {
  const { program, args = [], lms = {}, method, seed = 1, simulations, draws, falseAlarmRate = 1e-3 } = options;
  const services = new Map(Object.entries(lms).map(([name, lm]) => [`lm:${name}`, lm]));
  const environment = new RunEnvironment(services, seeded(seed));
  const found = await calibrate(target(program as Model, [...args]), method, environment, {
    falseAlarmRate,
    ...(simulations === undefined ? {} : { simulations }),
    ...(draws === undefined ? {} : { draws }),
  });
  if (found.calibrated) return found;
  const failed = found.tests
    .filter(({ passed }) => !passed)
    .map((t) => `  ${t.kind}${t.statistic}: p = ${t.probability.toExponential(1)}, ${t.finding}`);
  if (found.empty > 0) failed.push(`  ${found.empty} of ${found.simulations} posteriors were empty`);
  throw new LawError(`${method.name} is not calibrated (false-alarm rate ${falseAlarmRate}):\n${failed.join("\n")}`);
}
