/**
 * The limit for programs: a hidden Markov model written by hand as a frame, as good as the compiler could make it, on the
 * runtime alone. `node dist/hmm-hand.js` prints particle-steps per CPU second.
 */
import {
  distributions,
  Frame,
  seeded,
  RunEnvironment,
  site,
  smc,
  target,
  type Distribution,
  type Model,
  type Op,
  type Particle,
} from "@pgl/runtime";
import { median, spent } from "./clock.js";
import { exactLogEvidence, hmm, type Hmm } from "./hmm/model.js";

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

/** The model as a frame, with its distributions made once. */
export function handHmm({ transition, emission, observations }: Hmm): Model<[], number> {
  const moves = transition.map((row) => distributions.categorical(row));
  const symbols = emission.map((row) => distributions.categorical(row));
  return {
    kind: "model",
    name: "hmm",
    parameters: [],
    sites: [STATE, SEEN],
    start: () => new HmmFrame(moves, symbols, observations),
  };
}

async function measure(): Promise<void> {
  for (const states of [2, 16]) {
    const model = hmm(states, 50);
    const exact = exactLogEvidence(model);
    for (const ess of [0.5, 1]) {
      for (const particles of [100, 1000, 10_000, 100_000]) {
        const repeats = Math.max(1, Math.ceil(2_000_000 / (particles * 50)));
        const rates: number[] = [];
        let logZ = 0;
        for (let round = 0; round < 5; round++) {
          const { cpu } = await spent(async () => {
            for (let i = 0; i < repeats; i++) {
              const environment = new RunEnvironment(new Map(), seeded(round * repeats + i));
              const posterior = await smc({ particles, ess }).run(target(handHmm(model), []), environment);
              logZ = posterior.logZ.estimate;
            }
          });
          rates.push((repeats * particles * 50) / cpu / 1e6);
        }
        console.log(
          `${states} states, N=${particles}, ess ${ess}: ${median(rates).toFixed(2)} M particle-steps/CPU s (${Math.min(...rates).toFixed(2)} to ${Math.max(...rates).toFixed(2)}); log Z off by ${(logZ - exact).toFixed(3)}`,
        );
      }
    }
  }
}

if (process.argv[1]?.endsWith("hmm-hand.js") === true) await measure();
