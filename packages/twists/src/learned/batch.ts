import type { SpanExecution } from "./executions.js";
import { NOTHING, type LossBatch } from "./losses/loss.js";
import type { Place } from "./network.js";

/** An execution in a batch, or a gap that makes groups equally large. */
export interface Member {
  readonly execution: SpanExecution;
  /** Share of the group's target; 0 for what is only a negative. */
  readonly positive: number;
  /** Whether it is a sample of the proposal that the loss may use as one. */
  readonly negative: boolean;
  /** Share in what errors are averaged over. */
  readonly behaviour: number;
}

export interface AssembledBatch extends LossBatch {
  /** The entries whose mask is 1, in order; and of each where its token is drawn, the token, and its group. */
  readonly entries: Int32Array;
  readonly places: readonly Place[];
  readonly tokens: Int32Array;
  readonly set: readonly number[];
  readonly executions: readonly (SpanExecution | null)[];
}

/**
 * Makes a batch of groups of executions. Weights of the program count by the power `beta`, after `centre` nats are taken
 * from the whole: log φ is then about 0.
 */
export function assemble(
  groups: readonly (readonly Member[])[],
  { beta, centre, largest }: { readonly beta: number; readonly centre: number; readonly largest: number },
): AssembledBatch {
  const size = Math.max(...groups.map((g) => g.length));
  const steps = Math.max(...groups.flatMap((g) => g.map((m) => m.execution.tokens.length)));
  const paths = groups.length * size;
  const entries = paths * steps;
  const mask = new Float32Array(entries);
  const logBeginning = new Float32Array(entries).fill(NOTHING);
  const logRatio = new Float32Array(entries).fill(NOTHING);
  const between = new Float32Array(entries);
  const positive = new Float32Array(paths);
  const behaviour = new Float32Array(paths);
  const logPotential = new Float32Array(paths).fill(NOTHING);
  const rows: number[] = [];
  const places: Place[] = [];
  const tokens: number[] = [];
  const set: number[] = [];
  const executions = new Array<SpanExecution | null>(paths).fill(null);
  groups.forEach((members, g) => {
    members.forEach(({ execution, positive: share, negative, behaviour: averaged }, i) => {
      const k = g * size + i;
      const { logFactors, wholeFactors, wholeRatio } = execution;
      const length = execution.tokens.length;
      executions[k] = execution;
      positive[k] = share;
      behaviour[k] = averaged;
      if (wholeFactors > -Infinity) logPotential[k] = beta * (wholeFactors - logFactors[length - 1]! - centre);
      const whole = wholeFactors > -Infinity ? wholeRatio + beta * (wholeFactors - centre) : NOTHING;
      for (let t = 0; t < steps; t++) {
        const at = k * steps + t;
        if (t >= length) {
          if (!negative) continue;
          logBeginning[at] = whole;
          logRatio[at] = execution.logRatio[length - 1]!;
          continue;
        }
        mask[at] = 1;
        rows.push(at);
        places.push(execution.places[t]!);
        tokens.push(execution.tokens[t]!);
        set.push(g);
        if (t > 0) between[at] = beta * (logFactors[t]! - logFactors[t - 1]!);
        if (!negative) continue;
        logRatio[at] = execution.logRatio[t]!;
        logBeginning[at] = execution.logRatio[t]! + beta * logFactors[t]!;
      }
    });
  });
  return {
    paths,
    steps,
    groups: groups.length,
    mask,
    positive,
    logBeginning,
    logRatio,
    between,
    logPotential,
    largest: beta * largest,
    behaviour,
    entries: Int32Array.from(rows),
    places,
    tokens: Int32Array.from(tokens),
    set,
    executions,
  };
}
