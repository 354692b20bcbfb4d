import { compile, seeded, smcSteps, target, type Model } from "@pgl/core";
import { sessionOf } from "@pgl/lm";
import { RunEnvironment } from "@pgl/runtime";
import { median } from "../clock.js";
import type { Row } from "../row.js";
import { BenchTable } from "../table/model.js";

const TOKENS = 100;
const FEW = 1000;
const MANY = 3000;
const ROUNDS = 5;
const VOCABULARY = 256;

const program = `
lm words = "bench"

model draft(tokens: int): string {
  return sample words.text(after: "", max_tokens: tokens)
}
`;

interface Held {
  /** Bytes that the run has added to the process. */
  readonly all: number;
  /** Those of the prefix tree, and of what else the model's session keeps for all particles together. */
  readonly shared: number;
}

/**
 * What a particle in the middle of a text holds, after 100 tokens that it shares with nobody. Two populations of different
 * size are compared, so that what a run holds once is not counted.
 */
export async function memorySuite(): Promise<Row[]> {
  if (globalThis.gc === undefined) throw new Error("Memory is measured with `node --expose-gc`.");
  const model = new BenchTable(VOCABULARY, true);
  const { draft } = await compile.source(program, { file: "memory.pgl", lms: { bench: model } });
  // What is made once in a process is made.
  await held(draft!, model, FEW, 0);
  const beyond: number[] = [];
  const prefixes: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const few = await held(draft!, model, FEW, round);
    const many = await held(draft!, model, MANY, round);
    prefixes.push((many.shared - few.shared) / (MANY - FEW));
    beyond.push((many.all - many.shared - few.all + few.shared) / (MANY - FEW));
  }
  return [
    {
      suite: "memory",
      what: `a particle after ${TOKENS} tokens of its own, beyond its prefix`,
      unit: "bytes",
      measured: median(beyond),
      rounds: beyond,
      goal: { of: "measured", relation: "at most", bound: 2048 },
    },
    {
      suite: "memory",
      what: `its prefix of ${TOKENS} tokens, shared with nobody`,
      unit: "bytes",
      measured: median(prefixes),
      rounds: prefixes,
    },
  ];
}

/** Runs a population until each particle has drawn its tokens, and looks at the process before and after. */
async function held(draft: Model, model: BenchTable, particles: number, seed: number): Promise<Held> {
  const before = bytes();
  const environment = new RunEnvironment(new Map([["lm:words", model]]), seeded(seed));
  const steps = smcSteps(target(draft, [TOKENS + 10]), { particles, ess: 0 }, environment);
  let step = 0;
  while (step < TOKENS) {
    const next = await steps.next();
    if (next.done === true) throw new Error("The run has ended before it could be measured.");
    step = next.value.step;
  }
  const all = bytes() - before;
  const shared = sessionOf(model, environment).bytes;
  // Only now may it go.
  await steps.return(undefined as never);
  return { all, shared };
}

function bytes(): number {
  // Twice: what has a finaliser goes with the second.
  globalThis.gc!();
  globalThis.gc!();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
