import { enterAny } from "./call.js";
import { Frame } from "./frame.js";
import type { Closure } from "./model.js";
import type { Op } from "./op.js";
import { Particle } from "./particle.js";
import type { RequestHandler } from "./request.js";
import { site } from "./site.js";

/** A part of a program: a function without arguments, that may draw or wait. */
export type Part = Closure | (() => unknown);

/**
 * A particle that does not go into the independent parts of its program but asks what they return: `divisionOf` its request.
 * Its forks are ordinary particles.
 */
export class DividingParticle extends Particle {}

const SITE = site({ name: "independent", kind: "call" });

/** Nobody answers it but the method that made the particle. */
const division: RequestHandler = {
  name: "independent",
  answer: () => {
    throw new TypeError("Independent parts are answered by the method that divides.");
  },
};

/** The parts that a dividing particle waits for; null when it waits for something else. */
export function divisionOf({ request }: Particle): readonly Part[] | null {
  return request !== null && request.handler === division ? (request.payload as readonly Part[]) : null;
}

const START = 0;
const IN_TURN = 1;
const DIVIDED = 2;

/**
 * `independent(f, g, …)`: what each of the parts returns, as a tuple. They are run one after the other; that they do not
 * depend on each other is for methods that divide.
 */
export class IndependentFrame extends Frame {
  private results: readonly unknown[] = [];

  constructor(private readonly parts: readonly Part[]) {
    super();
  }

  override live(result: boolean): readonly unknown[] {
    return [...this.parts, this.results.length, ...(result ? this.results : [])];
  }

  override awaits(result: boolean): boolean {
    return result;
  }

  step(particle: Particle): Op {
    if (this.pc === DIVIDED) return particle.return(particle.value);
    if (this.pc === IN_TURN) this.results = [...this.results, particle.value];
    else if (particle instanceof DividingParticle) {
      this.pc = DIVIDED;
      return particle.ask({ handler: division, payload: this.parts }, SITE);
    }
    if (this.results.length === this.parts.length) return particle.return(this.results);
    this.pc = IN_TURN;
    return enterAny(particle, this.parts[this.results.length], []);
  }

  protected copy(): Frame {
    const twin = new IndependentFrame(this.parts);
    twin.results = this.results;
    return twin;
  }
}

/** One part by itself, as a program. */
export class PartFrame extends Frame {
  constructor(private readonly part: Part) {
    super();
  }

  override live(): readonly unknown[] {
    return [this.part];
  }

  override awaits(result: boolean): boolean {
    return result;
  }

  step(particle: Particle): Op {
    if (this.pc === START) {
      this.pc = IN_TURN;
      return enterAny(particle, this.part, []);
    }
    return particle.return(particle.value);
  }

  protected copy(): Frame {
    return new PartFrame(this.part);
  }
}
