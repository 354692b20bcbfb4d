/** One competitor of the story suite in a process of its own. Both load the same modules, so both have the same heap. */
import { fileURLToPath } from "node:url";
import { compile, infer, loadLanguageModel, smc, type LanguageModel } from "@pgl/core";
import { spent, type Spent } from "../clock.js";
import { answering } from "../peer-process.js";
import { BareLoop, type Work } from "./bare-loop.js";
import { span, steered } from "./program.js";

export interface Question {
  readonly who: "program" | "loop";
  readonly what: "span" | "steered";
  readonly tokens: number;
  readonly repeats: number;
}

export interface Answer extends Spent, Work {}

const PARTICLES = 64;
const WARMUP = 3;
const PROMPT = "Once upon a time there was a small dragon";

const folder = fileURLToPath(new URL("../../packages/lm/models/stories/", import.meta.url));
const model = await loadLanguageModel(`onnx:${folder}`);
const bare = await BareLoop.load(folder);
const prompt = [model.vocabulary.bosId!, ...model.vocabulary.encode(PROMPT)];
const weights = model.vocabulary.tokens.map((token) => (token.text.includes("e") ? -0.7 : 0));
const programs = { span: await story(span, model), steered: await story(steered, model) };
let seed = 1;

async function story(source: string, stories: LanguageModel): Promise<(tokens: number) => Promise<Work>> {
  const compiled = await compile.source(source, { file: "stories.pgl", lms: { stories } });
  return async (tokens) => {
    const { run } = await infer(compiled["story"]!, [PROMPT, tokens], smc({ particles: PARTICLES }), { seed: seed++ });
    return run.lm;
  };
}

const loop = (what: Question["what"], tokens: number): Promise<Work> =>
  bare.run({
    prompt,
    particles: PARTICLES,
    tokens,
    ...(what === "steered" ? { weigh: (id: number) => weights[id]! } : {}),
  });

answering<Question, Answer>(async ({ who, what, tokens, repeats }) => {
  const run = (): Promise<Work> => (who === "program" ? programs[what](tokens) : loop(what, tokens));
  const work = { calls: 0, tokens: 0 };
  // While a process waits for its turn, V8 collects its garbage and drops code that was compiled for objects of which none
  // are left. A few runs bring it back, and do not count.
  for (let i = 0; i < WARMUP; i++) await run();
  const time = await spent(async () => {
    for (let i = 0; i < repeats; i++) {
      const done = await run();
      work.calls += done.calls;
      work.tokens += done.tokens;
    }
  });
  return { ...time, ...work };
});
