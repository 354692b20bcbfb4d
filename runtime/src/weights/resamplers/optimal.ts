import type { LogWeights } from "../log-weights.js";
import {
  insideUnit,
  noReference,
  piecesOfUnit,
  requireMass,
  requireReference,
  uniformSlot,
  type ConditionalScheme,
  type Resampled,
} from "./scheme.js";

/**
 * Optimal resampling (Fearnhead & Clifford 2003, JRSS B 65, section 3.3): with more candidates than offspring, those
 * heavier than a threshold c are kept, once, with their weights; the others compete for the remaining places, survive with
 * probability w/c and then weigh c, where c solves Σ min(w/c, 1) = n. Among unbiased schemes without duplicates it
 * changes the weights least.
 *
 * With no more candidates than offspring that rule would keep everything and leave places empty. Then candidates that
 * weigh at least the average offspring are split into copies, ⌊w / average⌋ of them, sharing the weight (exact, no
 * randomness), and the rule above is applied to the others and the places left. The effective sample size is then at
 * least half the number of places.
 */
export const optimal: ConditionalScheme = {
  name: "optimal",
  resample(weights, n, random) {
    requireMass(weights);
    const plan = planOf(weights, n);
    const { contest } = plan;
    const offset =
      contest === null || contest.chosen === 0 ? 0 : random.uniformAmong(() => insideUnit(fractions(contest)));
    choose(plan, offset, null);
    return offspring(weights, plan, n);
  },
  // Candidates with certain offspring have them whatever else happens. One that competes is given to survive: a uniform
  // point of its share is one of the points.
  resampleGiven(weights, n, reference, random) {
    requireReference(weights, reference);
    const plan = planOf(weights, n);
    const { contest } = plan;
    const place = contest === null ? -1 : contest.unsure.indexOf(reference);
    if (contest?.chosen === 0 && place >= 0) throw noReference();
    if (contest === null || place < 0) {
      const offset =
        contest === null || contest.chosen === 0 ? 0 : random.uniformAmong(() => insideUnit(fractions(contest)));
      choose(plan, offset, null);
    } else {
      const { ends, spacing, chosen } = contest;
      const from = place === 0 ? 0 : ends[place - 1]! / spacing;
      const share = ends[place]! / spacing - from;
      const u = random.uniformAmong(() => {
        const points: number[] = [];
        for (let whole = Math.floor(from); whole <= from + share; whole++) {
          for (const fraction of [0, ...fractions(contest)]) points.push((whole + fraction - from) / share);
        }
        return piecesOfUnit(Float64Array.from(points));
      });
      const point = from + u * share;
      const survivor = Math.min(chosen - 1, Math.floor(point));
      choose(plan, point - survivor, { place, survivor });
    }
    return uniformSlot(offspring(weights, plan, n), reference, random);
  },
};

/** Candidates of which only some survive, by points `spacing` apart on the line of their cumulative weights. */
interface Contest {
  readonly unsure: readonly number[];
  readonly ends: Float64Array;
  readonly spacing: number;
  readonly chosen: number;
}

/** What the weights alone decide. */
interface Plan {
  /** The weights, the largest one being 1. */
  readonly w: Float64Array;
  readonly copies: Int32Array;
  /** What those weigh that are kept once; 0 for the others. */
  readonly keepers: Float64Array;
  readonly contest: Contest | null;
  readonly variance: number;
}

function planOf(weights: LogWeights, n: number): Plan {
  const w = Float64Array.from({ length: weights.length }, (_, i) => Math.exp(weights.at(i) - weights.max()));
  let positive = 0;
  let total = 0;
  for (const x of w) {
    if (x > 0) positive++;
    total += x;
  }
  const copies = new Int32Array(w.length);
  const average = total / n;
  let places = n;
  if (positive <= n) {
    for (let i = 0; i < w.length; i++) places -= copies[i] = Math.floor(w[i]! / average);
  }
  const light: number[] = [];
  for (let i = 0; i < w.length; i++) if (copies[i] === 0 && w[i]! > 0) light.push(i);
  const keepers = new Float64Array(w.length);
  let contest: Contest | null = null;
  let variance = 0;
  if (light.length <= places) {
    for (const i of light) keepers[i] = w[i]!;
    split(w, copies, average, places - light.length);
  } else if (places > 0) {
    const c = threshold(w, light, places);
    const unsure = light.filter((i) => w[i]! < c);
    for (const i of light) if (w[i]! >= c) keepers[i] = w[i]!;
    for (const i of unsure) variance += w[i]! * (c - w[i]!);
    const chosen = places - (light.length - unsure.length);
    let sum = 0;
    const ends = Float64Array.from(unsure, (i) => (sum += w[i]!));
    contest = { unsure, ends, spacing: sum / chosen, chosen };
  }
  return { w, copies, keepers, contest, variance: variance / (total * total) };
}

const fractions = ({ ends, spacing }: Contest): Float64Array => ends.map((e) => e / spacing - Math.floor(e / spacing));

/**
 * Who survives the contest: one uniform offset, points as far apart as a survivor weighs, so nobody light is met twice.
 * @param given which of those that compete is the n-th survivor.
 */
function choose(
  { keepers, contest }: Plan,
  offset: number,
  given: { readonly place: number; readonly survivor: number } | null,
): void {
  if (contest === null) return;
  const { unsure, ends, spacing, chosen } = contest;
  for (let j = 0, k = 0; j < chosen; j++, k++) {
    if (j === given?.survivor) k = given.place;
    else {
      const point = (j + offset) * spacing;
      // Rounding must leave enough candidates for the points to come, and the given one for its own.
      const end =
        given !== null && j < given.survivor ? given.place - (given.survivor - j) : unsure.length - (chosen - j);
      while (k < end && ends[k]! <= point) k++;
    }
    keepers[unsure[k]!] = spacing;
  }
}

/**
 * Hands `extra` more copies to those who were rounded down most, at most one each: there are fewer than those that were
 * split, because what the light ones lack to an average weight must come from there.
 */
function split(w: Float64Array, copies: Int32Array, average: number, extra: number): void {
  if (extra <= 0) return;
  let cut = 0;
  let last = 0;
  for (let i = 0; i < w.length; i++) {
    if (copies[i]! === 0) continue;
    cut += w[i]! / average - copies[i]!;
    last = i;
  }
  let due = 0;
  let given = 0;
  for (let i = 0; i < w.length && given < extra; i++) {
    if (copies[i]! === 0) continue;
    due += ((w[i]! / average - copies[i]!) * extra) / cut;
    if (due >= given + 1) {
      copies[i]!++;
      given++;
    }
  }
  copies[last]! += extra - given;
}

/**
 * The c with Σ min(w/c, 1) = n over `candidates`, which are more than n. Newton's iteration on a concave piecewise linear
 * function of 1/c: it rises to the answer and gets there in finitely many steps.
 */
function threshold(w: Float64Array, candidates: readonly number[], n: number): number {
  let below = candidates;
  let places = n;
  for (;;) {
    let sum = 0;
    for (const i of below) sum += w[i]!;
    const c = sum / places;
    const lighter = below.filter((i) => w[i]! < c);
    const heavier = below.length - lighter.length;
    if (heavier === 0 || heavier >= places) return c;
    places -= heavier;
    below = lighter;
  }
}

function offspring(weights: LogWeights, { w, copies, keepers, variance }: Plan, n: number): Resampled {
  const ancestors = new Int32Array(n);
  const logWeights = new Float64Array(n);
  let j = 0;
  for (let i = 0; i < w.length; i++) {
    if (copies[i]! > 0) {
      const each = weights.at(i) - Math.log(copies[i]!);
      for (let k = copies[i]!; k > 0; k--) {
        ancestors[j] = i;
        logWeights[j++] = each;
      }
    } else if (keepers[i]! > 0) {
      ancestors[j] = i;
      logWeights[j++] = keepers[i] === w[i] ? weights.at(i) : weights.max() + Math.log(keepers[i]!);
    }
  }
  return { ancestors, logWeights, variance };
}
