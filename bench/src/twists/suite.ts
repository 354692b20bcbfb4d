import { fileURLToPath } from "node:url";
import {
  compare,
  compile,
  constraint,
  infer,
  loadLanguageModel,
  smc,
  train,
  type InferOptions,
  type LanguageModel,
} from "@pgl/core";
import { ModelSession, SpanRule, SurrogateTwist, TokenAutomaton, type TokenSurrogate } from "@pgl/lm";
import { RunEnvironment, seeded } from "@pgl/runtime";
import { readSurrogate, surrogateFor } from "@pgl/twists";
import { cpuSeconds, interleaved, median } from "../clock.js";
import type { Row } from "../row.js";
import { Meter } from "./metered.js";
import { rareEnding, subjects, type Subject } from "./programs.js";

const PARTICLES = 32;
const ROUNDS = 11;
/** Turns that do not count: until the engine has compiled what runs. */
const WARMUP = 4;
/** Runs a turn. */
const REPEATS = 10;
/** Exact draws of the rare ending, and runs for the lower bound: an exact draw takes a thousand texts. */
const DRAWS = 8;

/**
 * What a twist costs on the embedded story model, beside what the model itself takes in the same runs; CPU time by the token
 * that the model has read, since runs with a twist keep other beginnings. And what it is worth.
 */
export async function twistSuite(): Promise<Row[]> {
  const folder = fileURLToPath(new URL("../../packages/lm/models/stories/", import.meta.url));
  const stories = await loadLanguageModel(`onnx:${folder}`);
  const meter = new Meter(stories);
  const rows: Row[] = [];
  for (const subject of subjects) rows.push(await cost(subject, stories, meter));
  const stored = `${folder}surrogate.json`;
  rows.push(filterRow(await surrogateFor(stories, readSurrogate(stored), stored), stories), await worthRow(stories));
  return rows;
}

/** Of some runs, by model token, in µs. */
interface Spent {
  readonly model: number;
  readonly rest: number;
}

async function cost(subject: Subject, stories: LanguageModel, meter: Meter): Promise<Row> {
  const { what, source, tokens, twist } = subject;
  const lms = { stories };
  const compiled = async (text: string) => (await compile.source(text, { file: "twists.pgl", lms }))["story"]!;
  const twisted = await compiled(source);
  const plain = typeof twist === "object" ? await compiled(twist.without) : twisted;
  let options: InferOptions = {};
  if (twist === "learned") {
    // How well it was learned does not matter to its cost.
    const { twist: learned } = await train(twisted, [[tokens]], { steps: 4, seed: 1 });
    options = { twists: [learned] };
  }
  const spent = { twisted: [] as Spent[], plain: [] as Spent[] };
  let seed = 1;
  const turn = (program: typeof twisted, given: InferOptions, into: Spent[]) => async (): Promise<number> => {
    let read = 0;
    const [all, model] = [cpuSeconds(), meter.seconds];
    for (let i = 0; i < REPEATS; i++) {
      const { run } = await infer(program, [tokens], smc({ particles: PARTICLES }), { ...given, seed: seed++ });
      read += run.lm.tokens;
    }
    const inModel = meter.seconds - model;
    const rest = cpuSeconds() - all - inModel;
    into.push({ model: (1e6 * inModel) / read, rest: (1e6 * rest) / read });
    return rest / read;
  };
  await interleaved(
    {
      twisted: turn(twisted, options, spent.twisted),
      plain: turn(plain, { automaticTwists: false }, spent.plain),
    },
    { rounds: ROUNDS, warmup: WARMUP },
  );
  const twistedRounds = spent.twisted.slice(WARMUP);
  const rounds = twistedRounds.map((t, i) => t.rest - spent.plain[WARMUP + i]!.rest);
  const models = twistedRounds.map((t) => t.model);
  const measured = median(rounds);
  const peer = { name: "the model", measured: median(models), rounds: models };
  const of = (key: keyof typeof spent): string => median(spent[key].slice(WARMUP).map((s) => s.rest)).toFixed(1);
  return {
    suite: "twists",
    what,
    unit: "µs CPU/model token",
    measured,
    rounds,
    peer,
    ratio: median(rounds.map((extra, i) => extra / models[i]!)),
    ratioOf: "of the model's time",
    goal: { of: "ratio", relation: "at most", bound: 0.15 },
    note: `beside the model a run takes ${of("twisted")} µs a token with the twist, ${of("plain")} without`,
  };
}

/** The backward filter of the rare ending, 16 tokens. */
function filterRow(surrogate: TokenSurrogate, stories: LanguageModel): Row {
  const wanted = constraint.regex("[^]*friends\\.");
  const compiled = wanted.compiled()!;
  const session = new ModelSession(stories);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const rule = SpanRule.of({ max_tokens: 16 });
    const conditioning = new TokenAutomaton(compiled, rule, stories.vocabulary, wanted.describe());
    const environment = new RunEnvironment(new Map(), seeded(1));
    const start = cpuSeconds();
    void new SurrogateTwist(surrogate).open({ session, environment, rule, node: 0, conditioning, plain: true });
    return 1000 * (cpuSeconds() - start);
  });
  return {
    suite: "twists",
    what: "the backward filter of a rare ending, 16 tokens",
    unit: "ms CPU",
    measured: median(rounds),
    rounds,
    note: "once for each constraint, stopping rule and surrogate",
  };
}

async function worthRow(stories: LanguageModel): Promise<Row> {
  const { story } = await compile.source(rareEnding, { file: "twists.pgl", lms: { stories } });
  const gaps: number[] = [];
  for (const automaticTwists of [true, false]) {
    const contender = { label: "smc", methods: [{ budget: PARTICLES, method: smc({ particles: PARTICLES }) }] };
    const { methods } = await compare(story!, [16], [contender], {
      seed: 1,
      repeats: DRAWS,
      exact: { executions: 5000 * DRAWS },
      automaticTwists,
    });
    gaps.push(methods[0]!.points[0]!.gap!.estimate);
  }
  const [measured, without] = gaps as [number, number];
  return {
    suite: "twists",
    what: "gap of the bounds, a rare ending, 16 tokens",
    unit: "nats",
    measured,
    rounds: [measured],
    peer: { name: "without the twist", measured: without, rounds: [without] },
    ratio: measured / without,
    ratioOf: "of the gap without",
    goal: { of: "ratio", relation: "at most", bound: 0.25 },
    note: `${DRAWS} exact draws, and as many runs for the lower bound`,
  };
}
