import type { RandomSource } from "@pgl/runtime";

/** The algorithm asked for something that has no finite list of outcomes, or asked twice differently for one draw. */
export class EnumerationError extends Error {
  override readonly name = "EnumerationError";
}

/** One way an algorithm's own draws can come out. */
export interface RandomOutcome<T> {
  readonly value: T;
  /** The probabilities of all outcomes sum to one up to rounding. */
  readonly probability: number;
}

interface Choice {
  readonly request: string;
  readonly values: readonly number[];
  readonly probabilities: readonly number[];
  taken: number;
}

/** Thrown into an algorithm whose way has become less probable than what may be left out. */
class LeftOut extends Error {
  override readonly name = "LeftOut";
}

/** One replay: what has been decided, in the order it was asked for, and by stream and place. */
class Replay {
  probability = 1;
  /** This way is not followed any further, whatever the algorithm makes of the error. */
  leftOut = false;
  private asked = 0;
  private readonly made = new Map<string, Choice>();

  constructor(
    private readonly choices: Choice[],
    private readonly negligible: number,
  ) {}

  decide(place: string, request: string, values: readonly number[], probabilities: readonly number[]): number {
    if (this.leftOut) throw new LeftOut("This way has been left out.");
    const before = this.made.get(place);
    if (before !== undefined) {
      // The same stream read again from its start: a seeded source would give the same numbers.
      if (before.request !== request) {
        throw new EnumerationError(
          `One stream is read twice: ${place} is ${before.request} and ${request}. The draws depend on each other.`,
        );
      }
      return before.values[before.taken]!;
    }
    let choice = this.choices[this.asked];
    if (choice === undefined) this.choices.push((choice = { request, values, probabilities, taken: 0 }));
    else if (choice.request !== request) {
      throw new EnumerationError(
        `The algorithm is not a function of its draws: draw ${this.asked} was ${choice.request} and is now ${request}.`,
      );
    }
    this.asked++;
    this.made.set(place, choice);
    this.probability *= choice.probabilities[choice.taken]!;
    if (this.probability < this.negligible) {
      this.leftOut = true;
      throw new LeftOut("This way is less probable than what may be left out.");
    }
    return choice.values[choice.taken]!;
  }
}

/** A random source whose every draw is one of finitely many outcomes. Streams are told apart by their path of keys. */
class EnumeratingSource implements RandomSource {
  private drawn = 0;

  constructor(
    private readonly replay: Replay,
    private readonly path: string,
  ) {}

  uniform(): number {
    throw new EnumerationError("A continuous draw has no finite list of outcomes.");
  }

  categorical(weights: ArrayLike<number>, n: number = weights.length): number {
    let total = 0;
    const values: number[] = [];
    for (let i = 0; i < n; i++) {
      const w = weights[i]!;
      if (!(w >= 0 && w < Infinity)) throw new EnumerationError(`categorical: weight ${i} is ${w}.`);
      total += w;
      if (w > 0) values.push(i);
    }
    if (!(total > 0)) throw new EnumerationError("categorical: all weights are zero.");
    return this.decide(
      `categorical(${values.join(",")})`,
      values,
      values.map((i) => weights[i]! / total),
    );
  }

  bernoulli(p: number): boolean {
    if (!(p >= 0 && p <= 1)) throw new EnumerationError(`bernoulli: p is ${p}.`);
    if (p === 0 || p === 1) return this.decide("bernoulli", [p], [1]) === 1;
    return this.decide("bernoulli", [1, 0], [p, 1 - p]) === 1;
  }

  below(n: number): number {
    if (!(Number.isInteger(n) && n > 0)) throw new EnumerationError(`below: n is ${n}.`);
    const values = Array.from({ length: n }, (_, i) => i);
    return this.decide(
      `below(${n})`,
      values,
      values.map(() => 1 / n),
    );
  }

  uniformAmong(breakpoints: () => Float64Array): number {
    const ends = [...breakpoints(), 1];
    const values: number[] = [];
    const lengths: number[] = [];
    let start = 0;
    for (const end of ends) {
      if (!(end >= start && end <= 1))
        throw new EnumerationError("uniformAmong: the breakpoints do not ascend inside (0, 1).");
      if (end > start) {
        values.push((start + end) / 2);
        lengths.push(end - start);
      }
      start = end;
    }
    return this.decide(`among ${values.length}`, values, lengths);
  }

  split(key: number): RandomSource {
    return new EnumeratingSource(this.replay, `${this.path}/${key}`);
  }

  private decide(request: string, values: readonly number[], probabilities: readonly number[]): number {
    // A draw with one outcome decides nothing, but takes its place in the stream.
    const place = `${this.path}#${this.drawn++}`;
    if (values.length === 1) return values[0]!;
    return this.replay.decide(place, request, values, probabilities);
  }
}

export interface EnumerationOptions {
  /** Outcomes to visit. Default 100 000. */
  readonly maxOutcomes?: number;
}

export interface VisitOptions extends EnumerationOptions {
  /**
   * A way whose probability has fallen below this is not followed any further: so an algorithm that stops by chance (a
   * geometric number of rounds, rejection) has finitely many ways. Default 0: every way is followed to its end.
   */
  readonly negligible?: number;
}

/** The outcomes of an algorithm's own draws that were visited, and the probability of those that were not. */
export interface Visited<T> {
  readonly outcomes: readonly RandomOutcome<T>[];
  /**
   * The probability of what was left out, exactly; 0 unless `negligible` was given. Whoever compares an expectation has to
   * count it: a quantity with values in [0, b] is at most `b · unvisited` larger than its sum over `outcomes`.
   */
  readonly unvisited: number;
}

/**
 * Runs an algorithm once for every way its own random draws can come out, and says how probable each was: expectations over
 * the algorithm become finite sums, to be compared without tolerance for noise. The algorithm is replayed from its start
 * (depth first); it must be a function of its draws alone. A stream that is split off twice with one key gives the same
 * draws both times, as a seeded source does.
 *
 * What a draw is asked as decides what is visited: `categorical` its indices of positive weight, `bernoulli` (accept or
 * reject) both answers, `below` every number (so a Fisher–Yates shuffle visits every permutation), `uniformAmong` one number
 * of each piece (so systematic and stratified resampling visit every vector of ancestors).
 *
 * @throws EnumerationError at a continuous draw, when a run does not repeat itself, and beyond `maxOutcomes`.
 */
export async function visitOutcomes<T>(
  run: (random: RandomSource) => Promise<T> | T,
  options: VisitOptions = {},
): Promise<Visited<T>> {
  const { maxOutcomes = 100_000, negligible = 0 } = options;
  if (!(negligible >= 0 && negligible < 1)) throw new EnumerationError(`negligible: ${negligible} is no probability.`);
  const outcomes: RandomOutcome<T>[] = [];
  const choices: Choice[] = [];
  let unvisited = 0;
  let runs = 0;
  do {
    if (runs++ >= maxOutcomes) {
      throw new EnumerationError(`The algorithm has more than ${maxOutcomes} outcomes.`);
    }
    const replay = new Replay(choices, negligible);
    let value: T | undefined;
    try {
      value = await run(new EnumeratingSource(replay, ""));
    } catch (error) {
      if (!replay.leftOut) throw error;
    }
    if (replay.leftOut) unvisited += replay.probability;
    else outcomes.push({ value: value as T, probability: replay.probability });
    while (choices.length > 0 && choices[choices.length - 1]!.taken + 1 === choices[choices.length - 1]!.values.length)
      choices.pop();
    if (choices.length > 0) choices[choices.length - 1]!.taken++;
  } while (choices.length > 0);
  return { outcomes, unvisited };
}

/** `visitOutcomes` for an algorithm with finitely many outcomes: all of them. @throws EnumerationError as it does. */
export async function enumerateOutcomes<T>(
  run: (random: RandomSource) => Promise<T> | T,
  options: EnumerationOptions = {},
): Promise<readonly RandomOutcome<T>[]> {
  return (await visitOutcomes(run, options)).outcomes;
}
