import {
  answerRequests,
  Execution,
  journalDraw,
  kernels,
  Particle,
  RunEnvironment,
  runToCheckpoint,
  startJournal,
  Status,
  target,
  TraceLedger,
  type DrawSource,
  type JournalEntry,
  type Kernel,
  type Model,
  type RandomSource,
  type Target,
} from "@pgl/runtime";
import {
  enumerateOutcomes,
  expectInvariantKernel,
  type LawSubject,
  type StateMass,
  type TransitionMatrix,
} from "../../../src/index.js";
import { runtimeKey } from "../../../src/laws/index.js";

export interface KernelSubject extends LawSubject {
  /** Inverse temperature. Default 1. */
  readonly beta?: number;
  /** Executions up to this checkpoint, of those that have passed the one before; by default whole ones. */
  readonly until?: number;
}

/** Draws from the program's own distributions, and not from its proposals, which weigh nothing here. */
const fromPrior: DrawSource = {
  draw(particle, distribution, proposal, site) {
    if (proposal === null) return null;
    journalDraw(particle, distribution, proposal, site, distribution.sample(particle.random));
    return true;
  },
  request: () => "ask",
};

/**
 * Every execution of a finite program with its mass under `prior × exp(β · factors + twist)`: the prior is what enumerating the
 * program's draws says, and uses no density and no kernel.
 */
export async function executionsOf(subject: KernelSubject): Promise<StateMass<Execution>[]> {
  const { beta = 1, until = Infinity } = subject;
  const ledger = new TraceLedger();
  const outcomes = await enumerateOutcomes(
    async (random) => {
      const environment = environmentOf(subject, random);
      const particle = new Particle(targetOf(subject).start(), random, environment, undefined, undefined, ledger);
      startJournal(particle, { states: true });
      particle.source = fromPrior;
      for (let tick = 0; ; tick++) {
        const status = runToCheckpoint(particle);
        if (status === Status.Waiting) await answerRequests([particle], environment, tick);
        else if (status === Status.Dead) return null;
        else if (status === Status.Done || particle.checkpoints === until) {
          if (until < Infinity && particle.checkpoints < until - 1) return null;
          particle.source = null;
          return Execution.of(particle);
        }
      }
    },
    { maxOutcomes: 5000 },
  );
  const states = new Map<string, { state: Execution; mass: number }>();
  for (const { value, probability } of outcomes) {
    if (value === null) continue;
    const mass = probability * Math.exp(beta * value.logFactors + value.logTwist);
    if (mass === 0) continue;
    const known = states.get(keyOf(value));
    if (known === undefined) states.set(keyOf(value), { state: value, mass });
    else known.mass += mass;
  }
  return [...states.values()];
}

/** Executions are the same when they have drawn the same. */
export const keyOf = (execution: Execution): string =>
  execution.nodes.map((entry) => `${entry.site.name}=${valueKey(entry)}`).join(" ");

function valueKey({ kind, value }: JournalEntry): string {
  if (kind === "draw") return runtimeKey(value);
  const { atoms } = value as { atoms: readonly { value: unknown; weight: number }[] };
  return `(${atoms.map((a) => `${runtimeKey(a.value)}: ${a.weight.toPrecision(10)}`).join(", ")})`;
}

/** One step of a kernel, with randomness of its own. */
export async function stepOf(
  kernel: Kernel,
  subject: KernelSubject,
  execution: Execution,
  random: RandomSource,
): Promise<Execution> {
  const environment = environmentOf(subject, random);
  const walk = new kernels.Walk(targetOf(subject), environment, random, execution.ledger);
  walk.beta = subject.beta ?? 1;
  walk.until = subject.until ?? null;
  const steps = kernels.together([kernels.through(kernel.step(execution, walk))], [walk], environment);
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value[0]!;
    await next.value;
  }
}

export interface KernelLawOptions extends KernelSubject {
  readonly kernel: Kernel;
  readonly maxOutcomes?: number;
}

/** Throws unless the kernel leaves the measure of all executions of a finite program invariant. */
export async function expectInvariantOnExecutions(
  options: KernelLawOptions,
  states?: readonly StateMass<Execution>[],
): Promise<TransitionMatrix> {
  return expectInvariantKernel({
    states: states ?? (await executionsOf(options)),
    kernel: async (execution: Execution, random) => {
      const next = await stepOf(options.kernel, options, execution, random);
      expectWhole(next);
      return next;
    },
    key: keyOf,
    maxOutcomes: options.maxOutcomes,
  });
}

/** What an execution says about itself must be so: the next step starts from it. */
function expectWhole(execution: Execution): void {
  let last = 0;
  for (const [i, node] of execution.nodes.entries()) {
    if (node.length !== i + 1 || (i > 0 && node.previous !== execution.nodes[i - 1]))
      throw new Error("The choices of an execution are no list.");
    if (!(node.logDensity > -Infinity)) throw new Error("A choice of an execution is impossible.");
    if (node.distribution !== null && Math.abs(node.distribution.logDensity(node.value) - node.logDensity) > 1e-12)
      throw new Error("A choice's density is not that of its value.");
    last = node.logFactors;
  }
  if (!Number.isFinite(last) || !Number.isFinite(execution.logFactors)) throw new Error("A weight is not finite.");
}

const targetOf = ({ program, args }: KernelSubject): Target => target(program as Model, [...(args ?? [])]);

const environmentOf = ({ lms = {} }: KernelSubject, random: RandomSource): RunEnvironment =>
  new RunEnvironment(new Map(Object.entries(lms).map(([name, lm]) => [`lm:${name}`, lm])), random);
