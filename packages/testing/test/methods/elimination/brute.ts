import {
  choose,
  hashKey,
  Particle,
  RunEnvironment,
  runToChoice,
  seeded,
  Status,
  target,
  answerRequests,
  type Distribution,
  type Model,
} from "@pgl/runtime";
import type { LawSubject } from "../../../src/index.js";

/** One value of a draw. */
export interface Branch {
  readonly value: unknown;
  readonly probability: number;
  readonly then: Tree;
}

/** All that can become of a program, written out: every execution is a path of its own. */
export interface Tree {
  /** What the execution is multiplied by before it draws or ends. */
  readonly weight: number;
  readonly name: string | null;
  readonly branches: readonly Branch[];
  readonly returned: { readonly value: unknown } | null;
}

/** Runs the program from its beginning for every sequence of choices; no state is kept. @throws Error beyond `most` runs. */
export async function treeOf({ program, args, lms }: LawSubject, most = 20_000): Promise<Tree> {
  const services = new Map(Object.entries(lms ?? {}).map(([name, lm]) => [`lm:${name}`, lm] as const));
  const environment = new RunEnvironment(services, seeded(1));
  const target_ = target(program as Model, [...(args ?? [])]);
  let runs = 0;
  const visit = async (choices: readonly unknown[]): Promise<Tree> => {
    if (++runs > most) throw new Error(`More than ${most} runs.`);
    const particle = new Particle(target_.start(), environment.random, environment);
    for (let at = 0; ;) {
      const status = runToChoice(particle);
      if (status === Status.Waiting) {
        await answerRequests([particle], environment, runs);
        continue;
      }
      if (status === Status.Choice && at < choices.length) {
        choose(particle, choices[at++]);
        particle.logWeight = 0;
        continue;
      }
      const none = { weight: Math.exp(particle.logWeight), name: null, branches: [], returned: null };
      if (status === Status.Dead) return { ...none, weight: 0 };
      if (status === Status.Done) return { ...none, returned: { value: particle.value } };
      const { support } = particle.distribution as Distribution<unknown>;
      if (support.kind !== "finite") throw new Error("Not finite.");
      const branches: Branch[] = [];
      for (let i = 0; i < support.values.length; i++) {
        const probability = support.probabilities[i]!;
        const value = support.values[i];
        if (probability > 0) branches.push({ value, probability, then: await visit([...choices, value]) });
      }
      return { ...none, name: particle.site!.name, branches };
    }
  };
  return visit([]);
}

/** The largest weight of an execution. */
export function mostProbable({ weight, branches, returned }: Tree): number {
  if (returned !== null) return weight;
  return weight * Math.max(0, ...branches.map(({ probability, then }) => probability * mostProbable(then)));
}

export function evidence({ weight, branches, returned }: Tree): number {
  if (returned !== null) return weight;
  return weight * branches.reduce((total, { probability, then }) => total + probability * evidence(then), 0);
}

/** Expected weight when the named draws are made as well as can be. */
export function bestExpectation(tree: Tree, decisions: ReadonlySet<string>): number {
  const { weight, name, branches, returned } = tree;
  if (returned !== null) return weight;
  const values = branches.map(({ then }) => bestExpectation(then, decisions));
  if (name !== null && decisions.has(name)) return weight * Math.max(0, ...values);
  return weight * values.reduce((total, value, i) => total + branches[i]!.probability * value, 0);
}

/** Weight by the values that the named draws had, site by site and visit by visit. */
export function massByValues(tree: Tree, names: ReadonlySet<string>): ReadonlyMap<string, number> {
  const masses = new Map<string, number>();
  const walk = ({ weight, name, branches, returned }: Tree, mass: number, seen: readonly [string, string][]): void => {
    if (returned !== null) {
      const visits = new Map<string, string[]>();
      for (const [site, value] of seen) visits.set(site, [...(visits.get(site) ?? []), value]);
      const key = JSON.stringify([...visits].sort(([a], [b]) => (a < b ? -1 : 1)));
      masses.set(key, (masses.get(key) ?? 0) + mass * weight);
      return;
    }
    for (const { value, probability, then } of branches) {
      const now = name !== null && names.has(name) ? [...seen, [name, hashKey(value)] as [string, string]] : seen;
      walk(then, mass * weight * probability, now);
    }
  };
  walk(tree, 1, []);
  return masses;
}

/** Names of its draws, in the order in which they are met. */
export function namesIn(tree: Tree, names: Set<string> = new Set()): ReadonlySet<string> {
  if (tree.name !== null) names.add(tree.name);
  for (const { then } of tree.branches) namesIn(then, names);
  return names;
}
