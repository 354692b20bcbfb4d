import { pimh, resamplers, RunEnvironment, type RandomSource } from "@pgl/runtime";
import { expect, test } from "vitest";
import { enumerateOutcomes, expectInvariantKernel, expectReversible, runtimeKey } from "../../../src/index.js";
import { runBlocks, targetOf } from "./executions.js";
import { smallPrograms } from "./programs.js";

const names = [
  "T3, imperfect twist",
  "a branch that finishes early",
  "hard conditions that few survive",
  "a twist that comes and goes, and proposals",
];

interface State {
  readonly key: string;
  readonly value: string;
  readonly logEvidence: number;
  readonly probability: number;
}

/** The outcomes of one population of importance samples: value drawn, Ẑ and probability. */
async function candidates(name: string, particles: number): Promise<State[]> {
  const found = new Map<string, State>();
  const outcomes = await enumerateOutcomes(async (random) => {
    const { logEvidence, picked } = await runBlocks(
      smallPrograms[name]!,
      null,
      particles,
      resamplers.systematic,
      () => false,
      random,
    );
    return { logEvidence, value: picked === null ? "none" : runtimeKey(picked.value) };
  });
  for (const { value, probability } of outcomes) {
    const key = `${value.value} ${value.logEvidence.toFixed(12)}`;
    found.set(key, { key, ...value, probability: probability + (found.get(key)?.probability ?? 0) });
  }
  return [...found.values()];
}

const acceptance = (from: State, to: State): number => Math.min(1, Math.exp(to.logEvidence - from.logEvidence));

for (const name of names) {
  test(`the kernel is reversible, and the method is its chain: ${name}`, async () => {
    const all = await candidates(name, 1);
    const states = all.filter((s) => s.logEvidence > -Infinity);
    const step = (from: State, random: RandomSource): State => {
      const to = all[random.split(0).categorical(all.map((s) => s.probability))]!;
      return to.logEvidence > -Infinity && random.split(1).bernoulli(acceptance(from, to)) ? to : from;
    };
    const matrix = await expectInvariantKernel<State>({
      states: states.map((state) => ({ state, mass: state.probability * Math.exp(state.logEvidence) })),
      kernel: step,
      key: (state) => state.key,
    });
    expectReversible(matrix);

    // Two steps of the method after one of burn-in, against the chain begun where the method begins.
    const expected = new Map<string, number>();
    let row = all.map((s) => s.probability);
    const advance = (now: readonly number[]): number[] => {
      const next = all.map(() => 0);
      now.forEach((p, i) =>
        all.forEach((to, j) => {
          const from = all[i]!;
          const a = from.logEvidence === -Infinity ? 1 : to.logEvidence === -Infinity ? 0 : acceptance(from, to);
          next[j]! += p * to.probability * a;
          next[i]! += p * to.probability * (1 - a);
        }),
      );
      return next;
    };
    const steps: number[][] = [];
    for (let t = 0; t < 2; t++) steps.push((row = advance(row)));
    const method = pimh({ particles: 1, samples: 2, burn: 1, resampler: "multinomial" });
    const outcomes = await enumerateOutcomes((random) =>
      method.run(targetOf(smallPrograms[name]!), new RunEnvironment(new Map(), random)),
    );
    let evidence = 0;
    const actual = new Map<string, number>();
    for (const { value: posterior, probability } of outcomes) {
      evidence += probability * Math.exp(posterior.logZ.estimate!);
      // Where nothing had been found at the first of the two, the other is all there is.
      const kept = posterior.samples.length;
      for (const { value, weight } of posterior.samples) {
        const key = runtimeKey(value);
        actual.set(key, (actual.get(key) ?? 0) + probability * weight * (kept / 2));
      }
    }
    for (const now of steps) {
      all.forEach((s, i) => {
        if (s.logEvidence > -Infinity) expected.set(s.value, (expected.get(s.value) ?? 0) + now[i]! / 2);
      });
    }
    for (const key of new Set([...expected.keys(), ...actual.keys()])) {
      expect(Math.abs((expected.get(key) ?? 0) - (actual.get(key) ?? 0)), key).toBeLessThan(1e-10);
    }
    // Ẑ of the run is unbiased.
    const Z = states.reduce((sum, s) => sum + s.probability * Math.exp(s.logEvidence), 0);
    expect(Math.abs(evidence - Z)).toBeLessThan(1e-10 * Z);
  });
}
