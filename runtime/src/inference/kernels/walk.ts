import type { Environment } from "../../machine/environment.js";
import { startJournal } from "../../machine/journal.js";
import { Particle } from "../../machine/particle.js";
import type { Site } from "../../machine/site.js";
import type { TraceLedger } from "../../machine/trace.js";
import type { RandomSource } from "../../random/source.js";
import { answerRequests } from "../blocks/answer.js";
import { Execution } from "../blocks/execution.js";
import { runToCheckpoint, Status } from "../blocks/forward.js";
import { located } from "../blocks/located.js";
import type { Target } from "../method.js";
import { Scales } from "./scales.js";
import type { Steps } from "./kernel.js";

/** What a kernel has to work with: the randomness and the target of one walk through the executions of a program. */
export class Walk {
  /** Inverse temperature: the target is `prior × exp(beta · logFactors + logTwist)`. */
  beta = 1;
  /** True in burn-in: what has been drawn so far is thrown away, so kernels may learn from it. */
  adapting = false;
  /**
   * The checkpoint t at which executions stop, for kernels on those that have not ended; null: they run to their end. The
   * target has then only those in it that have passed t − 1 checkpoints, whether they come to the t-th or end before it.
   */
  until: number | null = null;
  /** Proposals made, and those accepted. */
  proposed = 0;
  accepted = 0;
  /** Where an execution last died. */
  lastDeath: Site | null = null;
  /** How far draws at each site are moved by random walks. */
  readonly scales = new Scales();

  /** What kernels draw from. */
  readonly random: RandomSource;
  private readonly answers: RandomSource;
  private asked = 0;
  private readonly idle: Particle[] = [];

  constructor(
    readonly program: Target,
    readonly environment: Environment,
    random: RandomSource,
    readonly ledger: TraceLedger,
  ) {
    this.random = random.split(0);
    this.answers = random.split(1);
  }

  /** A particle to run an execution with. */
  take(): Particle {
    const idle = this.idle.pop();
    if (idle !== undefined) return idle;
    const particle = new Particle(null, this.random, this.environment, undefined, undefined, this.ledger);
    particle.twists = "given";
    return particle;
  }

  /** A particle at the program's beginning. */
  begin(): Particle {
    const particle = this.take();
    particle.frame = this.program.start();
    particle.held = null;
    particle.logTwist = 0;
    particle.logFactors = 0;
    particle.lastDraw = -1;
    particle.operations = 0;
    particle.checkpoints = 0;
    startJournal(particle, { states: true });
    return particle;
  }

  /** Gives a particle back that nobody needs any more. */
  give(particle: Particle): void {
    this.idle.push(particle);
  }

  /** Runs a particle to the end, or to the checkpoint where executions stop, or until it waits. One that ends too early dies. */
  run(particle: Particle): Status {
    try {
      for (;;) {
        const status = runToCheckpoint(particle);
        if (status === Status.Checkpoint && particle.checkpoints !== this.until) continue;
        if (status === Status.Dead) this.lastDeath = particle.site ?? this.lastDeath;
        else if (status === Status.Done && this.until !== null && particle.checkpoints < this.until - 1) {
          particle.die();
          return Status.Dead;
        }
        return status;
      }
    } catch (error) {
      throw located(error, particle);
    }
  }

  /** The same, and through all requests. */
  *finish(particle: Particle): Steps<Status> {
    let status = this.run(particle);
    while (status === Status.Waiting) {
      yield [particle];
      status = this.run(particle);
    }
    return status;
  }

  /** An execution drawn from the program (and its proposals); null when it has weight zero. */
  *start(): Steps<Execution | null> {
    const particle = this.begin();
    particle.source = null;
    particle.logWeight = 0;
    const status = yield* this.finish(particle);
    if (status === Status.Dead) {
      this.give(particle);
      return null;
    }
    return this.execution(particle);
  }

  /** What a particle has done, which has come to where executions end. */
  execution(particle: Particle, before: Execution | null = null, kept = 0): Execution {
    particle.source = null;
    const execution = Execution.of(particle, before, kept);
    if (execution.end === null) this.give(particle);
    return execution;
  }

  /** What the answer to the next request draws from. */
  answerSource(): RandomSource {
    return this.answers.split(this.asked++);
  }
}

/**
 * Runs computations side by side: what they wait for is asked for together, so that a language model sees one batch. What a
 * walk's answers draw from does not depend on the others.
 */
export function* together<T>(
  computations: readonly Steps<T>[],
  walks: readonly Walk[],
  environment: Environment,
): Generator<Promise<void>, T[], void> {
  const results = new Array<T>(computations.length);
  let going: number[] = [];
  let waiting: Particle[] = [];
  let owners: Walk[] = [];
  const goOn = (i: number): void => {
    const next = computations[i]!.next();
    if (next.done === true) {
      results[i] = next.value;
      return;
    }
    going.push(i);
    for (const particle of next.value) {
      waiting.push(particle);
      owners.push(walks[i]!);
    }
  };
  for (let i = 0; i < computations.length; i++) goOn(i);
  while (going.length > 0) {
    const asking = owners;
    const pending = answerRequests(waiting, environment, 0, (_, i) => asking[i]!.answerSource());
    if (pending !== undefined) yield pending;
    const before = going;
    going = [];
    waiting = [];
    owners = [];
    for (const i of before) goOn(i);
  }
  return results;
}
