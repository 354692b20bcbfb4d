/**
 * The limit for programs: a hidden Markov model written by hand as a frame, as good as the compiler could make it, on the
 * runtime alone.
 */
import {
  distributions,
  Frame,
  RunEnvironment,
  seeded,
  site,
  smc,
  target,
  type Distribution,
  type Model,
  type Op,
  type Particle,
} from "@pgl/runtime";
import type { Hmm } from "./model.js";
import type { HmmRun } from "./pgl.js";

const STATE = site({ name: "state", kind: "sample" });
const SEEN = site({ name: "y", kind: "observe" });

class HmmFrame extends Frame {
  private state = 0;
  private t = 0;

  constructor(
    private readonly moves: readonly Distribution<number>[],
    private readonly symbols: readonly Distribution<number>[],
    private readonly observations: readonly number[],
  ) {
    super();
  }

  step(particle: Particle): Op {
    switch (this.pc) {
      case 0:
        if (this.t === this.observations.length) return particle.return(this.state);
        this.pc = 1;
        return particle.sample(this.moves[this.state]!, STATE);
      default:
        this.state = particle.value as number;
        this.pc = 0;
        return particle.observe(this.symbols[this.state]!, this.observations[this.t++], SEEN);
    }
  }

  protected copy(): Frame {
    const twin = new HmmFrame(this.moves, this.symbols, this.observations);
    twin.state = this.state;
    twin.t = this.t;
    return twin;
  }
}

/** The model as a frame, with its distributions made once; each call of the result is one run and gives log Ẑ. */
export function handHmm({ transition, emission, observations }: Hmm): (run: HmmRun) => Promise<number> {
  const moves = transition.map((row) => distributions.categorical(row));
  const symbols = emission.map((row) => distributions.categorical(row));
  const model: Model<[], number> = {
    kind: "model",
    name: "hmm",
    parameters: [],
    sites: [STATE, SEEN],
    start: () => new HmmFrame(moves, symbols, observations),
  };
  return async ({ seed, ...options }) => {
    const environment = new RunEnvironment(new Map(), seeded(seed));
    const posterior = await smc(options).run(target(model, []), environment);
    return posterior.logZ.estimate!;
  };
}
