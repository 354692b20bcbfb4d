import type { Op } from "@pgl/runtime";
import { Frame, site, type Drawable, type Model, type Particle, type Request, type Site } from "@pgl/runtime";

/** What a model written as a plain function may do. */
export interface Script {
  sample<T>(name: string, distribution: Drawable<T>, proposal?: Drawable<T>): T;
  factor(nats: number): void;
  twist(nats: number): void;
  step(): void;
  request<A>(request: Request<A>): A;
}

type Instruction = (particle: Particle) => Op;

/** Thrown at the first operation that has not been answered. */
class Pending {
  constructor(readonly instruction: Instruction) {}
}

const sites = new Map<string, Site>();
const siteOf = (kind: Site["kind"], name: string): Site => {
  const key = `${kind} ${name}`;
  if (!sites.has(key)) sites.set(key, site({ name, kind }));
  return sites.get(key)!;
};

class Recorder implements Script {
  private at = 0;
  constructor(private readonly answers: readonly unknown[]) {}

  private ask(instruction: Instruction): unknown {
    if (this.at < this.answers.length) return this.answers[this.at++];
    throw new Pending(instruction);
  }
  sample<T>(name: string, distribution: Drawable<T>, proposal?: Drawable<T>): T {
    const drawn = this.ask((p) =>
      p.sample(distribution as Drawable<unknown>, siteOf("sample", name), (proposal as Drawable<unknown>) ?? null),
    );
    return drawn as T;
  }
  factor(nats: number): void {
    this.ask((p) => p.factor(nats, siteOf("factor", `factor ${this.at}`)));
  }
  twist(nats: number): void {
    this.ask((p) => p.twist(nats, siteOf("twist", `twist ${this.at}`)));
  }
  step(): void {
    this.ask((p) => p.step(siteOf("step", "step")));
  }
  request<A>(request: Request<A>): A {
    return this.ask((p) => p.ask(request, siteOf("call", `request ${this.at}`))) as A;
  }
}

/** Runs a function again from its start for each operation: no state but the answers so far. */
class ScriptFrame extends Frame {
  constructor(
    private readonly script: (s: Script) => unknown,
    private answers: readonly unknown[] = [],
  ) {
    super();
  }

  step(particle: Particle): Op {
    if (this.pc === 1) this.answers = [...this.answers, particle.value];
    this.pc = 1;
    try {
      return particle.return(this.script(new Recorder(this.answers)));
    } catch (pending) {
      if (pending instanceof Pending) return pending.instruction(particle);
      throw pending;
    }
  }

  protected copy(): Frame {
    return new ScriptFrame(this.script, this.answers);
  }
}

/** A model without a compiler. `draws` are the names of its draws, where it is used as a proposal. */
export function scriptModel<A extends readonly unknown[]>(
  name: string,
  script: (s: Script, ...args: A) => unknown,
  draws: readonly string[] = [],
): Model<A> {
  return {
    kind: "model",
    name,
    parameters: [],
    sites: draws.map((d) => siteOf("sample", d)),
    start: (...args: A) => new ScriptFrame((s) => script(s, ...args)),
  };
}
