import { constraint } from "@pgl/core/prelude";
import { seeded } from "@pgl/runtime";
import { SpanRule, TokenAutomaton, type Vocabulary } from "@pgl/lm";
import { cpuSeconds, median } from "../clock.js";
import type { Goal, Row } from "../row.js";
import { type Kind, type Task, tasks } from "./tasks.js";
import { XGrammarPeer } from "./xgrammar.js";
import { vocabularies } from "./vocabularies.js";
import { naiveWalk, rowsFor, TOKENS, walk } from "./walks.js";

const ROWS = 24;
const SPANS = 20;
const ROUNDS = 5;
const NAIVE_DRAWS = 6;
const PEER_SPANS = 6;
const RULE = SpanRule.of({ max_tokens: TOKENS });

const limits: Readonly<Record<Kind, number>> = { regular: 60, "schemas and grammars": 120 };
/** Microseconds that one draw in a hundred may take. */
const TAIL = 1000;
/** Milliseconds that compiling may take. */
const COMPILING = 50;

interface Measured {
  readonly task: Task;
  /** Milliseconds, by round; the first with the engine cold. */
  readonly compiled: readonly number[];
  /** Microseconds of each draw, the median of the rounds: with an automaton that is new, and with one that has been used. */
  readonly cold: Float64Array;
  readonly warm: Float64Array;
  readonly rounds: readonly Float64Array[];
  readonly naive: readonly number[];
}

/**
 * What a guided draw costs beside the model: the mask of the possible tokens, the probability it leaves, the draw, and where
 * it leads. All in CPU time. Every round makes the same draws; the time of a draw is the median of its rounds.
 */
export async function constraintSuite(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name: model, vocabulary, encoded } of vocabularies) {
    const contexts = rowsFor(vocabulary, ROWS);
    // The tree of tokens is made once a vocabulary, not once a constraint.
    const begin = cpuSeconds();
    new TokenAutomaton(constraint.text("").compiled()!, RULE, vocabulary, "nothing");
    const tree = 1000 * (cpuSeconds() - begin);
    const measured = tasks.map((task) => measure(task, vocabulary, contexts));
    for (const one of measured) rows.push(drawRow(one, model));
    for (const kind of Object.keys(limits) as Kind[]) rows.push(...overall(measured, kind, model));
    rows.push({
      suite: "constraints",
      what: `the tree of tokens; ${model}`,
      unit: "ms",
      measured: tree,
      rounds: [tree],
      note: "once a vocabulary",
    });
    const peer = await XGrammarPeer.of(encoded);
    if (peer !== null) for (const one of measured) rows.push(...(await maskRows(one, peer, model)));
    if (vocabulary !== vocabularies[0]!.vocabulary) continue;
    for (const { task, compiled } of measured) {
      rows.push({
        suite: "constraints",
        what: `compiling: ${task.name}`,
        unit: "ms",
        measured: compiled[0]!,
        rounds: compiled.slice(0, 1),
        goal: { of: "measured", relation: "at most", bound: COMPILING },
        note: "the first time in the process",
      });
    }
  }
  return rows;
}

function measure(task: Task, vocabulary: Vocabulary, contexts: ReturnType<typeof rowsFor>): Measured {
  const compiled: number[] = [];
  const colds: Float64Array[] = [];
  const warms: Float64Array[] = [];
  let naive: Float64Array | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const begin = cpuSeconds();
    const wanted = task.compile();
    compiled.push(1000 * (cpuSeconds() - begin));
    const automaton = new TokenAutomaton(wanted, RULE, vocabulary, task.name);
    colds.push(walk(automaton, vocabulary, contexts, SPANS, 1));
    warms.push(walk(automaton, vocabulary, contexts, SPANS, 1));
    naive ??= naiveWalk(automaton, vocabulary, contexts, NAIVE_DRAWS, 1);
  }
  return { task, compiled, cold: byDraw(colds), warm: byDraw(warms), rounds: warms, naive: [...naive!] };
}

/** The median of each draw's rounds. */
function byDraw(rounds: readonly Float64Array[]): Float64Array {
  return rounds[0]!.map((_, draw) => median(rounds.map((times) => times[draw]!)));
}

function drawRow({ task, cold, warm, rounds, naive }: Measured, model: string): Row {
  const measured = quantile(warm, 0.5);
  const peer = { name: "every token checked", measured: median(naive), rounds: naive };
  return {
    suite: "constraints",
    what: `a guided draw, ${task.name}; ${model}`,
    unit: "µs",
    measured,
    rounds: rounds.map((times) => quantile(times, 0.5)),
    peer,
    ratio: peer.measured / measured,
    ratioOf: "times as fast",
    note: `warm 99 %: ${shown(warm, 0.99)}; new automaton: ${shown(cold, 0.5)}, 90 %: ${shown(cold, 0.9)}, 99 %: ${shown(cold, 0.99)} µs`,
  };
}

/** Against web-xgrammar, which makes masks and no draws: the whole guided draw is held against its mask alone. */
async function maskRows({ task, warm }: Measured, peer: XGrammarPeer, model: string): Promise<Row[]> {
  if (task.peer === null) return [];
  const random = seeded(1);
  const { compiled, masks } = await peer.masks(task.peer, PEER_SPANS, TOKENS, (n) => random.below(n));
  const theirs = { name: "web-xgrammar, the mask alone", measured: median(masks), rounds: masks };
  const measured = quantile(warm, 0.5);
  return [
    {
      suite: "constraints",
      what: `a guided draw against a mask, ${task.name}; ${model}`,
      unit: "µs",
      measured,
      rounds: [measured],
      peer: theirs,
      ratio: theirs.measured / measured,
      ratioOf: "times as fast",
      note: `web-xgrammar: 99 %: ${shown(Float64Array.from(masks), 0.99)} µs; compiled in ${compiled.toFixed(1)} ms`,
    },
  ];
}

function overall(all: readonly Measured[], kind: Kind, model: string): Row[] {
  const some = all.filter(({ task }) => task.kind === kind);
  const row = (what: string, of: "cold" | "warm", share: number, bound: number | null): Row => {
    const measured = quantile(Float64Array.from(some.flatMap((one) => [...one[of]])), share);
    const goal: Goal | undefined = bound === null ? undefined : { of: "measured", relation: "at most", bound };
    return {
      suite: "constraints",
      what: `a guided draw, ${kind}, ${what}; ${model}`,
      unit: "µs",
      measured,
      rounds: [measured],
      ...(goal === undefined ? {} : { goal }),
    };
  };
  return [
    row("median", "warm", 0.5, limits[kind]),
    row("99th percentile", "warm", 0.99, TAIL),
    row("new automata, median", "cold", 0.5, null),
    row("new automata, 99th percentile", "cold", 0.99, TAIL),
  ];
}

function quantile(times: Float64Array, share: number): number {
  const sorted = times.slice().sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

const shown = (times: Float64Array, share: number): string => quantile(times, share).toFixed(0);
