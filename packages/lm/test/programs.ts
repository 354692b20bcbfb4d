import {
  type Distribution,
  type Drawable,
  enumerate,
  Frame,
  type Method,
  type Model,
  type Op,
  type Particle,
  type Posterior,
  type Request,
  RunEnvironment,
  runToCheckpoint,
  Particle as ParticleClass,
  seeded,
  site,
  Status,
  target,
} from "@pgl/runtime";
import { answerRequests } from "@pgl/runtime";
import type { LanguageModel } from "../src/index.js";

export const DRAW = site({ name: "x", kind: "sample" });
export const OBSERVE = site({ name: "observe", kind: "observe" });

type Step = (particle: Particle, answers: readonly unknown[]) => Op;

/** A straight program: each step is given the answers of the steps before it. */
class Straight extends Frame {
  private answers: readonly unknown[] = [];
  constructor(private readonly steps: readonly Step[]) {
    super();
  }
  step(particle: Particle): Op {
    if (this.pc > 0) this.answers = [...this.answers, particle.value];
    return this.steps[this.pc++]!(particle, this.answers);
  }
  protected copy(): Frame {
    const twin = new Straight(this.steps);
    twin.answers = this.answers;
    return twin;
  }
}

export function program(...steps: readonly Step[]): Model<[], unknown> {
  return { kind: "model", name: "test", start: () => new Straight(steps), parameters: [], sites: [] };
}

export const draw =
  <T>(drawable: Drawable<T>, proposal: Drawable<T> | null = null, at = DRAW): Step =>
  (particle) =>
    particle.sample(drawable as Drawable<unknown>, at, proposal as Drawable<unknown> | null);

export const returnLast: Step = (particle, answers) => particle.return(answers[answers.length - 1]);

/** Returns `logDensity(value)` of a process or distribution. */
export const density =
  <T>(drawable: Drawable<T>, value: T): Step =>
  (particle) => {
    if (drawable.kind === "process") return particle.call(drawable.logDensity(value));
    particle.value = (drawable as Distribution<T>).logDensity(value);
    return 0;
  };

export function environment(models: Readonly<Record<string, LanguageModel>> = {}, seed = 1): RunEnvironment {
  return new RunEnvironment(
    new Map(Object.entries(models).map(([name, model]) => [`lm:${name}`, model])),
    seeded(seed),
  );
}

export function runWith<R>(method: Method, model: Model<[], R>, env = environment()): Promise<Posterior<R>> {
  return method.run(target(model, []), env);
}

/** The exact distribution of what a drawable gives, by enumeration: probability by value. */
export async function exact(drawable: Drawable<string>, env = environment()): Promise<Map<string, number>> {
  const posterior = await runWith(enumerate({ tolerance: 0 }), program(draw(drawable), returnLast), env);
  const scale = Math.exp(posterior.logZ.estimate!);
  return new Map(posterior.atoms.map((a) => [a.value as string, a.weight * scale]));
}

/** The log-density of a value. */
export async function logDensityOf<T>(drawable: Drawable<T>, value: T, env = environment()): Promise<number> {
  return (await run(program(density(drawable, value), returnLast), env)).value as number;
}

/** Runs one particle to its end. */
export async function run(model: Model<[], unknown>, env = environment(), seed = 1): Promise<Particle> {
  const particle = new ParticleClass(model.start(), seeded(seed), env);
  for (let tick = 0; ; tick++) {
    const status = runToCheckpoint(particle);
    if (status === Status.Done || status === Status.Dead) return particle;
    if (status === Status.Waiting) await answerRequests([particle], env, tick);
  }
}

/** Answers a request as a machine would. */
export async function answer<A>(request: Request<A>, env = environment()): Promise<A> {
  return (await request.handler.answer([request.payload], env, () => seeded(1)))[0]!;
}
