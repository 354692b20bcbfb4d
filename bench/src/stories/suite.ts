import { fileURLToPath } from "node:url";
import { compile, infer, loadLanguageModel, smc, type LanguageModel } from "@pgl/core";
import { interleaved, median, spent, type Spent } from "../clock.js";
import type { Row } from "../row.js";
import { BareLoop, type Work } from "./bare-loop.js";
import { span, steered } from "./program.js";

const PARTICLES = 64;
const PROMPT = "Once upon a time there was a small dragon";
const ROUNDS = 9;

/** One competitor: runs once, and says what it has done. */
type Runner = () => Promise<Work>;

/** The embedded story model: a program against a loop that makes the same model calls by hand. Wall-clock time. */
export async function storiesSuite(): Promise<Row[]> {
  const folder = fileURLToPath(new URL("../../packages/lm/models/stories/", import.meta.url));
  const model = await loadLanguageModel(`onnx:${folder}`);
  const bare = await BareLoop.load(folder);
  const { vocabulary } = model;
  const prompt = [vocabulary.bosId!, ...vocabulary.encode(PROMPT)];
  const weights = vocabulary.tokens.map((token) => (token.text.includes("e") ? -0.7 : 0));
  const rows: Row[] = [];
  for (const tokens of [40, 64]) {
    rows.push(
      await compare(`a text of ${tokens} tokens`, await pgl(span, model, tokens), () =>
        bare.run({ prompt, particles: PARTICLES, tokens }),
      ),
      await compare(`${tokens} tokens, a factor each, resampling`, await pgl(steered, model, tokens), () =>
        bare.run({ prompt, particles: PARTICLES, tokens, weigh: (id) => weights[id]! }),
      ),
    );
  }
  await model.dispose();
  return rows;
}

async function pgl(source: string, model: LanguageModel, tokens: number): Promise<Runner> {
  const { story } = await compile.source(source, { file: "stories.pgl", lms: { stories: model } });
  let seed = 1;
  return async () => {
    const { run } = await infer(story!, [PROMPT, tokens], smc({ particles: PARTICLES }), { seed: seed++ });
    return run.lm;
  };
}

async function compare(what: string, program: Runner, loop: Runner): Promise<Row> {
  const work = { program: { calls: 0, tokens: 0 }, loop: { calls: 0, tokens: 0 } };
  const cpu = { program: [] as number[], loop: [] as number[] };
  const timed = (name: keyof typeof work, run: Runner) => async (): Promise<number> => {
    let time: Spent;
    let done: Work = { calls: 0, tokens: 0 };
    time = await spent(async () => (done = await run()));
    work[name].calls += done.calls;
    work[name].tokens += done.tokens;
    cpu[name].push(time.cpu);
    // By the token, since particles may end early, and resampling leaves more or fewer contexts.
    return (1e6 * time.wall) / done.tokens;
  };
  const results = await interleaved({ program: timed("program", program), loop: timed("loop", loop) }, { rounds: ROUNDS, warmup: 2 });
  const measured = median(results.program);
  const theirs = median(results.loop);
  const total = (name: keyof typeof work): string =>
    `${work[name].calls} calls, ${work[name].tokens} tokens, ${(1000 * median(cpu[name])).toFixed(0)} ms CPU a run`;
  return {
    suite: "stories",
    what: `N=${PARTICLES}, ${what}`,
    unit: "µs/model token",
    measured,
    rounds: results.program,
    peer: { name: "bare loop", measured: theirs, rounds: results.loop },
    ratio: measured / theirs,
    ratioOf: "times as long",
    goal: { of: "ratio", relation: "at most", bound: 1.15 },
    note: `program ${total("program")}; loop ${total("loop")}`,
  };
}
