import type { ParameterName, Parameters } from "./network.js";

const DECAY_FIRST = 0.9;
const DECAY_SECOND = 0.99;
/** What parameters shrink by, beside the gradient: what few executions have said is not kept for long. */
const SHRINKING = 1;
const SMALL = 1e-8;

/** Adam (Kingma & Ba 2015), with parameters that shrink (Loshchilov & Hutter 2019, arXiv 1711.05101): what it remembers of past gradients is data, so that training can go on from a file. */
export class Adam {
  constructor(
    readonly first: Parameters,
    readonly second: Parameters,
    public steps = 0,
  ) {}

  static begin(parameters: Parameters): Adam {
    const zeros = (): Parameters =>
      Object.fromEntries(
        Object.entries(parameters).map(([name, p]) => [name, new Float32Array(p.length)]),
      ) as Parameters;
    return new Adam(zeros(), zeros());
  }

  /** Changes the parameters by one step against the gradients. */
  step(parameters: Parameters, gradients: Parameters, rate: number): void {
    this.steps++;
    const correct1 = 1 - DECAY_FIRST ** this.steps;
    const correct2 = 1 - DECAY_SECOND ** this.steps;
    for (const name of Object.keys(parameters) as ParameterName[]) {
      const p = parameters[name];
      const g = gradients[name];
      const m = this.first[name];
      const v = this.second[name];
      for (let i = 0; i < p.length; i++) {
        m[i] = DECAY_FIRST * m[i]! + (1 - DECAY_FIRST) * g[i]!;
        v[i] = DECAY_SECOND * v[i]! + (1 - DECAY_SECOND) * g[i]! * g[i]!;
        const change = m[i]! / correct1 / (Math.sqrt(v[i]! / correct2) + SMALL);
        p[i]! -= rate * (change + SHRINKING * p[i]!);
      }
    }
  }
}
