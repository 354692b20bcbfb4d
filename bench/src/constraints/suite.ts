import { median } from "../clock.js";
import type { Row } from "../row.js";
import { tasks } from "./tasks.js";
import { vocabularies } from "./vocabularies.js";
import { automatonOf, naiveWalk, rowsFor, TOKENS, walk } from "./walks.js";

const ROWS = 24;
const SPANS = 60;
const ROUNDS = 5;

/**
 * What a guided draw costs beside the model: the mask of the possible tokens, the probability it leaves, and the draw. Rows
 * come with the sums that every draw needs. Warm: the automaton has met the states before, as it has after the first spans of
 * a population.
 */
export async function constraintSuite(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name: model, vocabulary } of vocabularies) {
    const contexts = rowsFor(vocabulary, ROWS);
    const all: number[][] = Array.from({ length: ROUNDS }, () => []);
    for (const { name, make } of tasks) {
      const begin = performance.now();
      const wanted = make();
      const automaton = automatonOf(wanted, vocabulary);
      const compiled = performance.now() - begin;
      automaton.mask(automaton.start, TOKENS);
      const first = performance.now() - begin - compiled;
      walk(automaton, vocabulary, contexts, SPANS, 1);
      walk(automaton, vocabulary, contexts, SPANS, 2);
      const rounds: number[] = [];
      const tails: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const times = walk(automaton, vocabulary, contexts, SPANS, 1 + (round % 2)).sort();
        rounds.push(times[times.length >> 1]!);
        tails.push(times[Math.floor(0.99 * times.length)]!);
        all[round]!.push(...times);
      }
      const naive = naiveWalk(automaton, vocabulary, contexts, 12, 1).sort();
      const measured = median(rounds);
      const peer = { name: "every token checked", measured: naive[naive.length >> 1]!, rounds: [...naive] };
      rows.push({
        suite: "constraints",
        what: `a guided draw, ${name}; ${model}`,
        unit: "µs",
        measured,
        rounds,
        peer,
        ratio: peer.measured / measured,
        ratioOf: "times as fast",
        goal: { of: "measured", relation: "at most", bound: 60 },
        note: `p99 ${median(tails).toFixed(0)} µs; compiled in ${compiled.toFixed(1)} ms, first mask in ${first.toFixed(1)} ms`,
      });
      if (vocabulary === vocabularies[0]!.vocabulary) {
        rows.push({
          suite: "constraints",
          what: `compiling, ${name}`,
          unit: "ms",
          measured: compiled,
          rounds: [compiled],
          goal: { of: "measured", relation: "at most", bound: 50 },
          note: "the first time in the process",
        });
      }
    }
    const sorted = all.map((times) => Float64Array.from(times).sort());
    const overall = (share: number): number[] => sorted.map((times) => times[Math.floor(share * times.length)]!);
    for (const [what, share, bound] of [
      ["median", 0.5, 60],
      ["99th percentile", 0.99, 1000],
    ] as const) {
      const rounds = overall(share);
      rows.push({
        suite: "constraints",
        what: `a guided draw, ${what} over all regular constraints; ${model}`,
        unit: "µs",
        measured: median(rounds),
        rounds,
        goal: { of: "measured", relation: "at most", bound },
      });
    }
  }
  return rows;
}
