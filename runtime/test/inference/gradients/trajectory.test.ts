import { enumerateOutcomes } from "@pgl/testing";
import { describe, expect, it } from "vitest";
import {
  leapfrog,
  phaseAt,
  type Asking,
  type Phase,
  type Transition,
} from "../../../src/inference/gradients/leapfrog.js";
import { nutsTransition } from "../../../src/inference/gradients/trajectory.js";
import { hmcTransition } from "../../../src/inference/methods/hmc.js";
import type { RandomSource } from "../../../src/random/source.js";
import { answered, coshes, pointAt, tilted, type Density } from "./analytic.js";

interface Setting {
  readonly density: Density;
  readonly position: readonly number[];
  readonly momentum: readonly number[];
  readonly step: number;
  readonly depth: number;
}

/** The states from `−reach` to `reach` leapfrog steps from a start. */
function orbit({ density, position, momentum, step }: Setting, reach: number): Map<number, Phase> {
  const inverseMass = new Float64Array(density.dimension).fill(1);
  const start = phaseAt(pointAt(density, Float64Array.from(position)), Float64Array.from(momentum), inverseMass);
  const states = new Map([[0, start]]);
  for (const direction of [1, -1]) {
    for (let k = 1; k <= reach; k++) {
      const before = states.get(direction * (k - 1))!;
      states.set(direction * k, answered(leapfrog(before, direction * step, inverseMass), density));
    }
  }
  return states;
}

type Transit = (start: Phase, setting: Setting, inverseMass: Float64Array, random: RandomSource) => Asking<Transition>;

const byNuts: Transit = (start, { step, depth }, mass, random) => nutsTransition(start, step, mass, depth, random);
const byHmc: Transit = (start, { step, depth }, mass, random) =>
  hmcTransition(start, step, mass, 2 ** depth - 1, random);

/** Exact probabilities of where a transition from one state of the orbit ends, by the number of the state. */
async function transition(
  setting: Setting,
  states: Map<number, Phase>,
  from: number,
  transit: Transit = byNuts,
  start = states.get(from)!,
): Promise<Map<number, number>> {
  const { density } = setting;
  const inverseMass = new Float64Array(density.dimension).fill(1);
  const ends = new Map<number, number>();
  const run = (random: RandomSource): number => {
    const { point } = answered(transit(start, setting, inverseMass, random), density);
    let nearest = NaN;
    for (const [k, { point: p }] of states) {
      const gap = Math.max(...p.position.map((x, i) => Math.abs(x - point.position[i]!)));
      if (gap < 1e-9) nearest = k;
    }
    return nearest;
  };
  for (const { value, probability } of await enumerateOutcomes(run))
    ends.set(value, (ends.get(value) ?? 0) + probability);
  return ends;
}

const settings: Readonly<Record<string, Setting>> = {
  "a trajectory that turns": { density: tilted, position: [0.4, -0.9], momentum: [0.8, 0.3], step: 0.6, depth: 3 },
  "one that is cut off by its depth": {
    density: tilted,
    position: [0.4, -0.9],
    momentum: [0.8, 0.3],
    step: 0.05,
    depth: 3,
  },
  "steps with large errors": { density: tilted, position: [1.4, 0.9], momentum: [-0.8, 1.3], step: 0.85, depth: 3 },
  "a density that is not normal": {
    density: coshes,
    position: [0.2, 1, -0.5],
    momentum: [1, -0.7, 0.2],
    step: 0.5,
    depth: 3,
  },
  "divergent trajectories": {
    // Steps beyond the stable ones: energies run away within a few of them.
    density: { dimension: 1, logJoint: ([x]) => -0.5 * 400 * x! * x!, gradient: ([x]) => Float64Array.of(-400 * x!) },
    position: [0.02],
    momentum: [0.5],
    step: 0.13,
    depth: 3,
  },
};

describe("a transition of the No-U-Turn sampler", () => {
  it.each(Object.entries(settings))("leaves the density along its orbit as it is, exactly: %s", async (_, setting) => {
    const reach = 2 ** setting.depth - 1;
    const states = orbit(setting, 2 * reach);
    const base = states.get(0)!.energy;
    const weight = (k: number): number => Math.exp(base - states.get(k)!.energy);
    // Every state that can come to state 0 in one transition is within reach of it.
    let flow = 0;
    let moved = 0;
    for (let from = -reach; from <= reach; from++) {
      const ends = await transition(setting, states, from);
      expect(Math.abs([...ends.values()].reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12);
      expect(ends.has(NaN), "ends on its orbit").toBe(false);
      const arrives = weight(from) * (ends.get(0) ?? 0);
      flow += arrives;
      if (from !== 0) moved += arrives;
    }
    expect(Math.abs(flow - 1)).toBeLessThan(1e-9);
    expect(moved).toBeGreaterThan(0);
  });

  it("would be noticed if it drew the last point with the wrong probability", async () => {
    // The test itself: an orbit whose states are weighed wrongly does not balance.
    const setting = settings["a trajectory that turns"]!;
    const reach = 2 ** setting.depth - 1;
    const states = orbit(setting, 2 * reach);
    const base = states.get(0)!.energy;
    let flow = 0;
    for (let from = -reach; from <= reach; from++) {
      const wrong = Math.exp(1.3 * (base - states.get(from)!.energy));
      flow += wrong * ((await transition(setting, states, from)).get(0) ?? 0);
    }
    expect(Math.abs(flow - 1)).toBeGreaterThan(1e-3);
  });
});

describe("a transition of Hamiltonian Monte Carlo", () => {
  it.each(Object.entries(settings))("leaves the density along its orbit as it is, exactly: %s", async (_, setting) => {
    const reach = 2 ** setting.depth - 1;
    const states = orbit(setting, 2 * reach);
    const base = states.get(0)!.energy;
    // Momenta are drawn with either sign: the orbit is gone through both ways.
    let flow = 0;
    for (let from = -reach; from <= reach; from++) {
      const forwards = states.get(from)!;
      const backwards = { ...forwards, momentum: forwards.momentum.map((p) => -p) };
      for (const start of [forwards, backwards]) {
        const ends = await transition(setting, states, from, byHmc, start);
        expect(ends.has(NaN), "ends on its orbit").toBe(false);
        flow += 0.5 * Math.exp(base - forwards.energy) * (ends.get(0) ?? 0);
      }
    }
    expect(Math.abs(flow - 1)).toBeLessThan(1e-9);
  });
});
