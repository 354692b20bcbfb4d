import { describe, expect, it } from "vitest";
import { compile } from "../../src/index.js";
import { bothWays } from "./log-joint.js";
import { continuousProgram } from "./programs.js";

const PROGRAMS = 300;

describe("gradients of random programs", () => {
  it(`are those of differences, and densities are equal to the last bit: ${PROGRAMS} programs`, async () => {
    let coordinates = 0;
    for (let seed = 0; seed < PROGRAMS; seed++) {
      const text = continuousProgram(seed);
      const { models } = await compile.source(text).catch((error: unknown) => {
        throw new Error(`program ${seed}:\n${text}`, { cause: error });
      });
      const joint = bothWays(models["m"]!, []);
      for (const start of [1, 2]) {
        const position = await joint.start(start);
        if (position === null) continue;
        const { reverse, central } = await joint.at(position);
        if (joint.reverse.loss !== null)
          throw new Error(`program ${seed} loses a derivative:\n${text}`, { cause: joint.reverse.loss });
        expect(reverse.logJoint, text).toBe(central.logJoint);
        if (!Number.isFinite(reverse.logJoint)) continue;
        reverse.gradient.forEach((slope, i) => {
          const gap = Math.abs(slope - central.gradient[i]!);
          const scale = Math.abs(slope) + 1e-3 * Math.abs(reverse.logJoint) + 1;
          if (gap > 1e-5 * scale) {
            throw new Error(
              `program ${seed}, ${joint.reverse.names()[i]}: ${slope} against ${central.gradient[i]}\n${text}`,
            );
          }
          coordinates++;
        });
      }
    }
    expect(coordinates).toBeGreaterThan(3 * PROGRAMS);
  });
});
