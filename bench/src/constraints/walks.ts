import { seeded } from "@pgl/runtime";
import { LogRow, restrictTokens, type TokenAutomaton, TokenDistribution, type Vocabulary } from "@pgl/lm";
import { cpuSeconds } from "../clock.js";

const DEAD = -1;

/** Tokens of a span at most. */
export const TOKENS = 64;

/** Rows like those of a language model: a few tokens have most of the probability, in another order each time. */
export function rowsFor(vocabulary: Vocabulary, count: number): LogRow[] {
  return Array.from({ length: count }, (_, k) => {
    const random = seeded(1000 + k);
    const logits = Float32Array.from({ length: vocabulary.size }, (_, id) => {
      const logit = -Math.log(-Math.log(random.uniform())) * 2.5;
      // What no text has is what no model draws: other special tokens than the end token.
      return id !== vocabulary.eosId && vocabulary.start(id) === vocabulary.start(id + 1) ? -Infinity : logit;
    });
    return new LogRow(logits);
  });
}

/**
 * Leaves a row as it is when it has just been normalised, which a draw without a constraint needs as well: its exponentials
 * and their sums are there, and near.
 */
function justMade(row: LogRow): void {
  const { weights } = row;
  let sum = 0;
  for (let i = 0; i < weights.length; i += 8) sum += weights[i]!;
  if (Number.isNaN(sum)) throw new Error("A row is no distribution.");
}

/** Draws spans, and gives the microseconds of CPU time that each of their tokens took. */
export function walk(
  automaton: TokenAutomaton,
  vocabulary: Vocabulary,
  rows: readonly LogRow[],
  spans: number,
  seed: number,
): Float64Array {
  const times: number[] = [];
  const random = seeded(seed);
  let at = seed;
  for (let span = 0; span < spans; span++) {
    let state = automaton.start;
    for (let left = TOKENS; left > 0 && state !== DEAD && !automaton.hasEnded(state); left--) {
      const row = rows[at++ % rows.length]!;
      justMade(row);
      // Made anew, so that nothing is kept from the last time this row met this mask.
      const distribution = new TokenDistribution(vocabulary, row);
      const begin = cpuSeconds();
      const mask = automaton.mask(state, left);
      const { tokens, logMass } = restrictTokens(distribution, mask);
      if (tokens === null || logMass === -Infinity) break;
      const id = vocabulary.idOf(tokens.sample(random));
      state = id === vocabulary.eosId ? DEAD : automaton.step(state, id);
      times.push(1e6 * (cpuSeconds() - begin));
    }
  }
  return Float64Array.from(times);
}

/** The same without a tree of tokens or masks: every token is read by the automaton, and summed if it can go on. */
export function naiveWalk(
  automaton: TokenAutomaton,
  vocabulary: Vocabulary,
  rows: readonly LogRow[],
  draws: number,
  seed: number,
): Float64Array {
  const times: number[] = [];
  const random = seeded(seed);
  let state = automaton.start;
  let left = TOKENS;
  for (let at = 0; at < draws; at++) {
    const row = rows[at % rows.length]!;
    justMade(row);
    const begin = cpuSeconds();
    const weights = new Float64Array(vocabulary.size);
    for (let id = 0; id < vocabulary.size; id++) {
      if (automaton.allows(state, id, left)) weights[id] = Math.exp(row.logits[id]! - row.scale);
    }
    const id = random.categorical(weights);
    const after = id === vocabulary.eosId ? DEAD : automaton.step(state, id);
    times.push(1e6 * (cpuSeconds() - begin));
    left--;
    if (after === DEAD || automaton.hasEnded(after) || left === 0) {
      state = automaton.start;
      left = TOKENS;
    } else state = after;
  }
  return Float64Array.from(times);
}
