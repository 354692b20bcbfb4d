import {
  Frame,
  site,
  target,
  RunEnvironment,
  seeded,
  type Distribution,
  type Drawable,
  type Method,
  type Model,
  type Op,
  type Particle,
  type Posterior,
  type RandomSource,
  type Request,
  type RunLimits,
  type RunOptions,
  type Site,
} from "../../src/index.js";

/** What a test program may do. */
export interface Script {
  sample<T>(name: string, distribution: Drawable<T>, proposal?: Drawable<T> | null): T;
  observe<T>(distribution: Drawable<T>, value: T): void;
  factor(nats: number, name?: string): void;
  condition(holds: boolean, name?: string): void;
  twist(nats: number): void;
  step(): void;
  ask<A>(request: Request<A>): A;
  call<T>(model: Model<readonly unknown[], T>): T;
}

export type Program<R = unknown> = (s: Script) => R;

const sites = new Map<string, Site>();
const siteOf = (kind: Site["kind"], name: string): Site => {
  const key = `${kind}/${name}`;
  let found = sites.get(key);
  if (found === undefined)
    sites.set(
      key,
      (found = site({
        kind,
        name,
        file: "test.pgl",
        line: 1 + sites.size,
        column: 1,
        start: sites.size,
        end: sites.size + 1,
      })),
    );
  return found;
};

type Ask = (particle: Particle) => Op;
class Pending {
  constructor(readonly ask: Ask) {}
}

/** Runs the function from its start at each operation, with the answers so far: slow, and sure to hold no hidden state. */
class ScriptFrame extends Frame {
  private answers: readonly unknown[] = [];
  constructor(private readonly program: Program) {
    super();
  }
  step(particle: Particle): Op {
    if (this.pc === 1) this.answers = [...this.answers, particle.value];
    this.pc = 1;
    let at = 0;
    const answer = (ask: Ask): unknown => {
      if (at < this.answers.length) return this.answers[at++];
      throw new Pending(ask);
    };
    const script: Script = {
      sample: (name, d, proposal = null) =>
        answer((p) =>
          p.sample(d as Drawable<unknown>, siteOf("sample", name), proposal as Drawable<unknown> | null),
        ) as never,
      observe: (d, value) =>
        void answer((p) => p.observe(d as Drawable<unknown>, value, siteOf("observe", `observe ${at}`))),
      factor: (nats, name = `factor ${at}`) => void answer((p) => p.factor(nats, siteOf("factor", name))),
      condition: (holds, name = `condition ${at}`) => void answer((p) => p.condition(holds, siteOf("condition", name))),
      twist: (nats) => void answer((p) => p.twist(nats, siteOf("twist", `twist ${at}`))),
      step: () => void answer((p) => p.step(siteOf("step", "step"))),
      ask: (request) => answer((p) => p.ask(request, siteOf("call", `ask ${at}`))) as never,
      call: (model) => answer((p) => p.call(model.start())) as never,
    };
    try {
      return particle.return(this.program(script));
    } catch (pending) {
      if (pending instanceof Pending) return pending.ask(particle);
      throw pending;
    }
  }
  protected copy(): Frame {
    const twin = new ScriptFrame(this.program);
    twin.answers = this.answers;
    return twin;
  }
}

/** A model of a function. `draws` are the names a proposal draws under. */
export function model<R>(
  program: Program<R>,
  draws: readonly string[] = [],
  name = "test",
): Model<readonly unknown[], R> {
  return {
    kind: "model",
    name,
    parameters: [],
    sites: draws.map((d) => siteOf("sample", d)),
    start: () => new ScriptFrame(program),
  };
}

export const environment = (
  random: RandomSource = seeded(1),
  signal?: AbortSignal,
  limits?: RunLimits,
): RunEnvironment => new RunEnvironment(new Map(), random, signal, limits);

export function run<R>(
  method: Method,
  program: Program<R>,
  env: RunEnvironment | number = 1,
  options?: RunOptions,
): Promise<Posterior<R>> {
  return method.run(target(model(program), []), typeof env === "number" ? environment(seeded(env)) : env, options);
}

/** A test program's measure, by visiting every execution here, without the runtime's machine: mass by value's JSON. */
export function measureOf(program: Program): Map<string, number> {
  const masses = new Map<string, number>();
  const visit = (answers: readonly unknown[], mass: number): void => {
    if (mass === 0) return;
    let at = 0;
    const next = (branch: () => void): unknown => {
      if (at < answers.length) return answers[at++];
      branch();
      throw new Visited();
    };
    const weigh = (nats: number): void => void next(() => visit([...answers, undefined], mass * Math.exp(nats)));
    const script: Script = {
      sample: (_, d) =>
        next(() => {
          const { support } = d as Distribution<unknown>;
          if (support.kind !== "finite") throw new Error("only finite draws");
          support.values.forEach((v, i) => visit([...answers, v], mass * support.probabilities[i]!));
        }) as never,
      observe: (d, value) => weigh((d as Distribution<unknown>).logDensity(value)),
      factor: weigh,
      condition: (holds) => weigh(holds ? 0 : -Infinity),
      twist: () => undefined,
      step: () => undefined,
      ask: () => {
        throw new Error("nobody answers here");
      },
      call: () => {
        throw new Error("no calls here");
      },
    };
    try {
      const key = JSON.stringify(program(script)) ?? "undefined";
      masses.set(key, (masses.get(key) ?? 0) + mass);
    } catch (visited) {
      if (!(visited instanceof Visited)) throw visited;
    }
  };
  visit([], 1);
  return masses;
}
class Visited {}
