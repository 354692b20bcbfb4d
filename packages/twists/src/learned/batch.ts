import type { SpanExecution } from "./executions.js";
import type { LossBatch } from "./losses/index.js";
import type { ListedPlace } from "./network.js";

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
  /** The entries of tokens, in order; and of each where its token is drawn, and its group. */
  readonly entries: Int32Array;
  readonly places: readonly ListedPlace[];
  readonly set: readonly number[];
  /** log p0 of what is listed in each of the places and of the rest, one after the other, and where each ends. */
  readonly logPrior: Float64Array;
  readonly ends: Int32Array;
  /** Where in it the token of each entry is. */
  readonly chosen: Int32Array;
}

/**
 * Makes a batch of groups of executions; `contrast` is of each. Weights of the program count by the power `beta`, after `centre` nats are taken
 * from the whole: log φ is then about 0.
 */
export function assemble(
  groups: readonly (readonly Member[])[],
  contrast: readonly number[],
  { beta, centre, largest }: { readonly beta: number; readonly centre: number; readonly largest: number },
): AssembledBatch {
  const size = Math.max(...groups.map((g) => g.length));
  const steps = Math.max(...groups.flatMap((g) => g.map((m) => m.execution.tokens.length)));
  const paths = groups.length * size;
  const entries = paths * steps;
  const lengths = new Int32Array(paths);
  const logBefore = new Float64Array(entries).fill(-Infinity);
  const logRatio = new Float64Array(entries).fill(-Infinity);
  const between = new Float64Array(entries);
  const positive = new Float64Array(paths);
  const behaviour = new Float64Array(paths);
  const logPotential = new Float64Array(paths).fill(-Infinity);
  const rows: number[] = [];
  const places: ListedPlace[] = [];
  const set: number[] = [];
  const priors: Float64Array[] = [];
  const ends: number[] = [];
  const chosen: number[] = [];
  let end = 0;
  groups.forEach((members, g) => {
    members.forEach(({ execution, positive: share, negative, behaviour: averaged }, i) => {
      const k = g * size + i;
      const { logFactors, wholeFactors, wholeRatio } = execution;
      const length = execution.tokens.length;
      lengths[k] = length;
      positive[k] = share;
      behaviour[k] = averaged;
      if (wholeFactors > -Infinity) logPotential[k] = beta * (wholeFactors - logFactors[length - 1]! - centre);
      const whole = wholeFactors > -Infinity ? wholeRatio + beta * (wholeFactors - centre) : -Infinity;
      for (let t = 0; t < steps; t++) {
        const at = k * steps + t;
        if (t >= length) {
          if (!negative) continue;
          logBefore[at] = whole;
          logRatio[at] = execution.logRatio[length - 1]!;
          continue;
        }
        rows.push(at);
        const place = execution.places[t]!;
        const own = place.ids.indexOf(execution.tokens[t]!);
        chosen.push(end + (own < 0 ? place.ids.length : own));
        end += place.logPrior.length;
        ends.push(end);
        priors.push(place.logPrior);
        places.push(place);
        set.push(g);
        if (t > 0) between[at] = beta * (logFactors[t]! - logFactors[t - 1]!);
        if (!negative) continue;
        logRatio[at] = execution.logRatio[t]!;
        logBefore[at] = execution.logRatioBefore[t]! + beta * logFactors[t]!;
      }
    });
  });
  return {
    paths,
    steps,
    groups: groups.length,
    lengths,
    positive,
    logBefore,
    logRatio,
    between,
    logPotential,
    largest: beta * largest,
    behaviour,
    contrast: Float64Array.from(contrast),
    entries: Int32Array.from(rows),
    places,
    set,
    logPrior: concatenated(priors, end),
    ends: Int32Array.from(ends),
    chosen: Int32Array.from(chosen),
  };
}

function concatenated(parts: readonly Float64Array[], length: number): Float64Array {
  const all = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
