import { seeded } from "@pgl/runtime";
import { describe, expect, it } from "vitest";
import { assemble, type Member } from "../../src/learned/batch.js";
import { BatchOutputs } from "../../src/learned/batch-outputs.js";
import { twistLosses, type TwistLossName } from "../../src/learned/losses/index.js";
import {
  beginningsOf,
  executionOf,
  gradientOf,
  outputsOf,
  p0,
  textsOf,
  weighedBefore,
  type Program,
  type Table,
  type Tabulated,
} from "./tabulated.js";

const EXACT = 1e-9;
const names = Object.keys(twistLosses) as TwistLossName[];
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const tabulate = (of: Program, log: (s: string) => number): Table => new Map(beginningsOf(of).map((s) => [s, log(s)]));

/** Texts of three tokens, and a potential of the number of `b`. */
const T3: Program = {
  next: (s) => (s === "" ? [0.6, 0.4, 0] : s.endsWith("a") ? [0.7, 0.3, 0] : [0.2, 0.8, 0]),
  most: 3,
  factor: () => 1,
  phi: (s) => [0.1, 1, 0.5, 2][s.split("b").length - 1]!,
};

/** Texts that may end before, are weighed while they grow, and may be ruled out. */
const uneven: Program = {
  next: (s) => (s.endsWith("a") ? [0.5, 0.2, 0.3] : [0.3, 0.6, 0.1]),
  most: 3,
  factor: (s) => 1 + s.split("a").length / 3,
  phi: (s) => (s.endsWith("aa") ? 0 : 0.2 + s.split("b").length),
};

/** Of the same length at most as one of its beginnings, so that its steps are fewer. */
const short: Program = { ...uneven, most: 2, factor: (s) => (s === "b" ? 0.4 : 1.3), phi: (s) => 0.1 + s.length };

/** A set of executions, all texts of a program. */
interface Group {
  readonly program: Program;
  /** log ψ by beginning. */
  readonly table: Table;
  readonly contrast: number;
  /** Share of each text in what errors are averaged over. */
  readonly behaviour: (text: string) => number;
}

interface Weighing {
  readonly beta: number;
  readonly centre: number;
  readonly largest: number;
}

const plain: Weighing = { beta: 1, centre: 0, largest: Math.log(2) };

/** What a text weighs, before it is normalised. */
const weightOf = (of: Program, text: string, { beta, centre }: Weighing): number =>
  p0(of, text) * (weighedBefore(of, text) * of.phi(text) * Math.exp(-centre)) ** beta;

/** The share of the target that begins so. */
function targetOf(of: Program, weighing: Weighing): (s: string) => number {
  const texts = textsOf(of).map((s) => [s, weightOf(of, s, weighing)] as const);
  const total = sum(texts.map(([, w]) => w));
  return (s) => sum(texts.filter(([x]) => x.startsWith(s)).map(([, w]) => w)) / total;
}

function batchOf(groups: readonly Group[], weighing: Weighing): Tabulated {
  const members = groups.map(({ program, contrast, behaviour }) => {
    const target = targetOf(program, weighing);
    return textsOf(program).map((text): Member => ({
      execution: executionOf(program, text),
      positive: target(text),
      negative: contrast > 0,
      behaviour: behaviour(text),
    }));
  });
  const contrast = groups.map((g) => g.contrast);
  return { tables: groups.map((g) => g.table), batch: assemble(members, contrast, weighing) };
}

/** A loss and its gradient in log ψ of each beginning of each group, by their definitions: sums over all beginnings. */
function enumerated(
  name: TwistLossName,
  groups: readonly Group[],
  weighing: Weighing,
): { readonly value: number; readonly gradients: readonly Table[] } {
  const { beta, centre, largest } = weighing;
  const steps = Math.max(...groups.map(({ program }) => program.most));
  const logPotential = (of: Program, text: string): number => beta * (Math.log(of.phi(text)) - centre);
  const most = Math.max(...groups.flatMap(({ program }) => textsOf(program).map((s) => logPotential(program, s))));
  let value = 0;
  const gradients = groups.map(({ program: of, table, contrast, behaviour }): Table => {
    const texts = textsOf(of);
    const target = targetOf(of, weighing);
    const psi = (s: string): number => Math.exp(table.get(s)!);
    const after = (s: string): number =>
      sum([..."ab."].map((c, v) => (of.next(s)[v]! > 0 ? of.next(s)[v]! * psi(s + c) : 0)));
    const averaged = (s: string): number => sum(texts.filter((x) => x.startsWith(s)).map(behaviour));
    const gradient = new Map<string, number>();
    for (let t = 1; t <= steps; t++) {
      const some = beginningsOf(of).filter((s) => s.length === t);
      const twisted = (s: string): number => p0(of, s) * weighedBefore(of, s) ** beta * psi(s);
      const ended = texts.filter((s) => s.length < t).map((s) => weightOf(of, s, weighing));
      const whole = sum([...some.map(twisted), ...ended]);
      const plainly = sum(some.map((s) => p0(of, s)));
      if (name === "ctl") value += contrast * Math.log(whole);
      for (const s of some) {
        const x = table.get(s)!;
        const before = s.slice(0, -1);
        const share = (p0(of, s) / p0(of, before)) * (psi(s) / after(before));
        const isText = texts.includes(s);
        const add = (loss: number, d: number): void => {
          value += loss;
          gradient.set(s, d / groups.length / steps);
        };
        if (name === "ctl" || name === "dpg") {
          const counted = name === "ctl" ? contrast : 0;
          add(
            target(s) * ((1 - counted) * Math.log(after(before)) - x),
            -target(s) + (1 - counted) * target(before) * share + (counted * twisted(s)) / whole,
          );
        } else if (name === "rl") {
          const wanted = isText
            ? Math.max(logPotential(of, s), most - 20)
            : beta * Math.log(of.factor(s)) + Math.log(after(s));
          add(averaged(s) * (x - wanted) ** 2, 2 * averaged(s) * (x - wanted));
        } else if (name === "sixo") {
          const fake = contrast > 0 ? p0(of, s) / plainly : 0;
          add(
            -target(s) * Math.log(logistic(x)) - fake * Math.log(1 - logistic(x)),
            fake * logistic(x) - target(s) * (1 - logistic(x)),
          );
        } else {
          const yes = sum(
            texts
              .filter((y) => y.startsWith(s))
              .map((y) => behaviour(y) * Math.min(1, Math.exp(logPotential(of, y) - beta * largest))),
          );
          add(
            -yes * Math.log(logistic(x)) - (averaged(s) - yes) * Math.log(1 - logistic(x)),
            averaged(s) * logistic(x) - yes,
          );
        }
      }
    }
    return gradient;
  });
  return { value: value / groups.length / steps, gradients };
}

/** That what there is comes to what there should be. */
function expectExact(
  found: { readonly value: number; readonly gradients: readonly Table[] },
  expected: { readonly value: number; readonly gradients: readonly Table[] },
): void {
  expect(Math.abs(found.value - expected.value)).toBeLessThan(EXACT);
  expected.gradients.forEach((gradient, g) => {
    const own = found.gradients[g]!;
    for (const [s, d] of own) expect(Math.abs(d - (gradient.get(s) ?? 0)), `${g}: ${s}`).toBeLessThan(EXACT);
    expect([...gradient.keys()].every((s) => own.has(s))).toBe(true);
  });
}

const largestOf = (gradients: readonly Table[]): number =>
  Math.max(...gradients.flatMap((g) => [...g.values()].map(Math.abs)));

const wavy = (of: Program, shift: number): Table =>
  new Map(beginningsOf(of).map((s, i) => [s, Math.sin(3 * i + shift) / 2]));
const ofT3 = (table: Table): Group => ({ program: T3, table, contrast: 1, behaviour: (s) => p0(T3, s) });
/** The expected weight of what comes. */
const optimal = tabulate(T3, (s) => {
  const texts = textsOf(T3).filter((x) => x.startsWith(s));
  return Math.log(sum(texts.map((x) => p0(T3, x) * T3.phi(x))) / p0(T3, s));
});

describe("losses of twists", () => {
  it.each(names)("%s and its gradient are those of an enumeration", (name) => {
    const groups = [ofT3(wavy(T3, 0))];
    expectExact(gradientOf(name, batchOf(groups, plain)), enumerated(name, groups, plain));
  });

  it.each(names)("%s: also of several targets, of texts that end before others and are ruled out", (name) => {
    const weighing = { beta: 0.7, centre: 0.3, largest: 1.1 };
    const target = targetOf(short, weighing);
    const groups: Group[] = [
      { program: uneven, table: wavy(uneven, 1), contrast: 1.5, behaviour: (s) => p0(uneven, s) },
      { program: short, table: wavy(short, 2), contrast: 1.5, behaviour: target },
      // Without negatives.
      { program: uneven, table: wavy(uneven, 3), contrast: 0, behaviour: (s) => (s === "bab" ? 1 : 0) },
    ];
    const tabulated = batchOf(groups, weighing);
    const { batch } = tabulated;
    expect(batch.lengths).toContain(0);
    expect(batch.logPotential).toContain(-Infinity);
    expect(batch.logBefore).toContain(-Infinity);
    expectExact(gradientOf(name, tabulated), enumerated(name, groups, weighing));
  });

  it.each(names)("%s: its derivatives are those of its value, whatever executions weigh", (name) => {
    const random = seeded(5);
    const { batch, ...others } = batchOf(
      [0, 1].map((i) => ({ ...ofT3(wavy(T3, i)), contrast: 2 * i })),
      plain,
    );
    const arbitrary = (values: Float64Array, key: number): Float64Array =>
      values.map((_, i) => random.split(key).split(i).uniform());
    const given = {
      ...batch,
      positive: arbitrary(batch.positive, 1),
      behaviour: arbitrary(batch.behaviour, 2),
      logBefore: arbitrary(batch.logBefore, 3),
      logRatio: arbitrary(batch.logRatio, 4),
      between: arbitrary(batch.between, 5),
    };
    const x = outputsOf({ batch, ...others });
    const outputs = new BatchOutputs(given, x);
    const found = outputs.cotangents(twistLosses[name].at(given, outputs));
    const valueAt = (i: number, by: number): number => {
      const moved = new BatchOutputs(given, x.with(i, x[i]! + by));
      // What soft Q-learning compares with is held fixed.
      const seen = name === "rl" ? { chosen: moved.chosen, logMeans: () => outputs.logMeans() } : moved;
      return twistLosses[name].at(given, seen).value;
    };
    found.forEach((d, i) => {
      const difference = (h: number): number => (valueAt(i, h) - valueAt(i, -h)) / (2 * h);
      // Richardson: an error of the fourth order.
      expect(Math.abs((4 * difference(1e-3) - difference(2e-3)) / 3 - d)).toBeLessThan(EXACT);
    });
  });

  it("CTL: the numbers of the twist 1 + number of b", () => {
    const groups = [ofT3(tabulate(T3, (s) => Math.log(s.split("b").length)))];
    const { value, gradients } = gradientOf("ctl", batchOf(groups, plain));
    const target = targetOf(T3, plain);
    // Ascent directions, and a mean over three steps here.
    const ascent = (s: string): number => -3 * gradients[0]!.get(s)!;
    const divergences = [1, 2, 3].map((length) => {
      const some = beginningsOf(T3).filter((s) => s.length === length);
      const total = sum(some.map((s) => p0(T3, s) * s.split("b").length));
      return sum(
        some.map((s) => {
          const twisted = (p0(T3, s) * s.split("b").length) / total;
          expect(Math.abs(ascent(s) - (target(s) - twisted))).toBeLessThan(EXACT);
          return target(s) * Math.log(target(s) / twisted);
        }),
      );
    });
    const expected = { a: -0.12768, b: 0.12768, aa: -0.043534, ab: -0.066102, ba: -0.006532, bb: 0.116167 };
    for (const [s, number] of Object.entries(expected)) expect(Math.abs(ascent(s) - number)).toBeLessThan(5e-7);
    expect(Math.abs(divergences[0]! - 0.034559)).toBeLessThan(5e-7);
    expect(Math.abs(divergences[1]! - 0.030463)).toBeLessThan(5e-7);
    // The loss is the divergence up to what does not depend on the twist.
    const constant = sum(beginningsOf(T3).map((s) => target(s) * Math.log(target(s) / p0(T3, s))));
    expect(Math.abs(3 * value + constant - sum(divergences))).toBeLessThan(EXACT);
  });

  it("CTL: an exact positive beside any one draw of the model has its minimum at the optimal twist", () => {
    // Every pair of them, by how often it comes; draws of the model weigh the same.
    const target = targetOf(T3, plain);
    const drawn = (text: string): Member["execution"] => ({
      ...executionOf(T3, text),
      logRatio: new Float64Array(3),
      logRatioBefore: new Float64Array(3),
      wholeRatio: 0,
    });
    const mean = (table: Table): Table => {
      const total = new Map<string, number>();
      for (const positive of textsOf(T3)) {
        for (const negative of textsOf(T3)) {
          const pair = [positive, negative].map((text, i): Member => ({
            execution: drawn(text),
            positive: 1 - i,
            negative: true,
            behaviour: 0,
          }));
          const { gradients } = gradientOf("ctl", { tables: [table], batch: assemble([pair], [1], plain) });
          const share = target(positive) * p0(T3, negative);
          for (const [s, d] of gradients[0]!) total.set(s, (total.get(s) ?? 0) + share * d);
        }
      }
      return total;
    };
    expect(largestOf([mean(optimal)])).toBeLessThan(EXACT);
    expect(largestOf([mean(wavy(T3, 0))])).toBeGreaterThan(1e-3);
  });

  it.each(names)("%s has no gradient at its optimal twist, and moves others", (name) => {
    const z = sum(textsOf(T3).map((s) => p0(T3, s) * T3.phi(s)));
    // σ : p0 for SIXO; for FUDGE the logit of the expected label, where a label of 1 has no end.
    const best = tabulate(T3, (s) => {
      const log = optimal.get(s)!;
      if (name === "fudge") return Math.min(40, -Math.log(2 * Math.exp(-log) - 1));
      return name === "sixo" ? log - Math.log(z) : log;
    });
    const largest = (table: Table): number => largestOf(gradientOf(name, batchOf([ofT3(table)], plain)).gradients);
    expect(largest(best)).toBeLessThan(EXACT);
    expect(largest(wavy(T3, 0))).toBeGreaterThan(1e-3);
    expect(largest(tabulate(T3, () => 0))).toBeGreaterThan(1e-3);
  });
});
