// How much nearer do learned twists bring draws to the posterior? Three targets on the embedded stories model.
//   npm run study -- twists                    all targets, CTL and DPG; writes docs/studies/twists.md
//   npm run study -- twists --only NAME        one target
//   npm run study -- twists --losses rl,sixo,fudge --seeds 2
//   npm run study -- twists --cost             what a twist costs beside the model
// The page is made of all that has been run by then; what is in .cache/studies is not run again.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { compile, evidenceBounds, loadLanguageModel, seeded, smc, target, train, type Model } from "@pgl/core";
import { Meter } from "../../bench/src/twists/metered.js";
import type { LearnedTwist, TwistLossName } from "@pgl/twists";
import { journalOf, Population, RunEnvironment, startJournal, blocks, type JournalEntry } from "@pgl/runtime";

const option = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1]!;
};
const SEEDS = Number(option("seeds", "5"));
const STEPS = Number(option("steps", "160"));
const LOSSES = option("losses", "ctl,dpg").split(",") as TwistLossName[];
const ONLY = option("only", "");
const PARTICLES = 32;
/** Exact draws, each with a run for each bound of 32 particles, and this many of one. */
const EXACT = Number(option("exact", "12"));
const SINGLE = 8;
const NO_TWIST = "no twist";

interface Task {
  readonly name: string;
  readonly what: string;
  readonly source: string;
  readonly given: readonly unknown[];
  /** Exact draws by simulating the observed argument; else by rejection, no weight being above 1. */
  readonly simulate: boolean;
}

const once = "Once upon a time, there was a";
const tasks: readonly Task[] = [
  {
    name: "infilling",
    what: "fifteen tokens between “Once upon a time, there was a” and an end of ten tokens, which is observed; a mean over ends drawn from the model; the twist is conditional on the end",
    simulate: true,
    given: [" named Lily. She loved to play outside in the"],
    source: `model infilling(end: string): string {
  let middle ~ writer.text(after: "${once}", max_tokens: 15)
  observe end ~ writer.text(after: "${once}" + middle, max_tokens: 10)
  return middle
}`,
  },
  {
    name: "sentiment",
    what: "twenty tokens, weighed by a classifier's probability that they are sad: the logistic function of 4 · (sad words − cheerful words) − 5",
    simulate: false,
    given: [],
    source: `fn has(text: string, word: string): float { return if contains(text, word) { 1.0 } else { 0.0 } }
model sentiment(): string {
  let story ~ writer.text(after: "${once}", max_tokens: 20)
  let sad = has(story, "sad") + has(story, "cry") + has(story, "cried") + has(story, "scared") + has(story, "lost") + has(story, "hurt") + has(story, "angry")
  let cheerful = has(story, "happy") + has(story, "smil") + has(story, "love") + has(story, "fun") + has(story, "laugh")
  factor log(sigmoid(4.0 * (sad - cheerful) - 5.0))
  return story
}`,
  },
  {
    name: "banned",
    what: "twenty tokens without the words that most stories begin with (little, girl, boy, named): each that is there costs 2.5 nats",
    simulate: false,
    given: [],
    source: `fn has(text: string, word: string): float { return if contains(text, word) { 1.0 } else { 0.0 } }
model banned(): string {
  let story ~ writer.text(after: "${once}", max_tokens: 20)
  factor -2.5 * (has(story, "little") + has(story, "girl") + has(story, "boy") + has(story, "named"))
  return story
}`,
  },
];

/** Means and standard errors. */
interface Number_ {
  readonly mean: number;
  readonly error: number;
}

interface Row {
  readonly method: string;
  readonly seeds: number;
  /** KL(q ‖ σ) and KL(σ ‖ q) of one draw, and how far the bounds of 32 particles are from each other; in nats. */
  readonly reverse: Number_;
  readonly forward: Number_;
  readonly gap: Number_;
  /** Model tokens of a run of 32 particles. */
  readonly tokens: number;
  /** Processor seconds of training. */
  readonly training: number | null;
}

interface Result {
  readonly logZ: readonly [number, number];
  readonly rows: readonly Row[];
}

/** What has been run of a target. */
interface Runs {
  /** What they are runs of: others are begun anew. */
  readonly of: string;
  readonly found: Found[];
}

const stories = await loadLanguageModel("stories");
const lms = { writer: stories };
const services = new Map<string, unknown>([["lm:writer", stories]]);
const cpu = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
const log = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);

/** A target and an exact draw of it. */
interface Item {
  readonly given: readonly unknown[];
  readonly draw: readonly JournalEntry[];
}

async function exactDraws(task: Task, model: Model): Promise<Item[]> {
  if (task.simulate) return simulatedDraws(task, model);
  const items: Item[] = [];
  const random = seeded(77);
  for (let round = 0; items.length < EXACT; round++) {
    const own = random.split(round);
    const environment = new RunEnvironment(new Map(services), own.split(0));
    const population = Population.spawn(target(model as never, task.given as never), 256, environment, own.split(1), {
      twists: "none",
      prepare: (particle) => startJournal(particle),
    });
    while (!population.finished) await blocks.advance(population);
    population.particles.forEach((particle, i) => {
      if (items.length < EXACT && own.split(2).split(i).uniform() < Math.exp(particle.logWeight)) {
        items.push({ given: task.given, draw: journalOf(particle) });
      }
    });
    if (round === 120) throw new Error(`${task.name}: too few exact draws.`);
  }
  return items;
}

/** The end is drawn after the middle: the middle is then an exact draw given the end. */
async function simulatedDraws(task: Task, model: Model): Promise<Item[]> {
  const program = await compile.source(
    `lm writer = "stories"
model both(): string {
  let middle ~ writer.text(after: "${once}", max_tokens: 15)
  let end ~ writer.text(after: "${once}" + middle, max_tokens: 10)
  return end
}`,
    { lms: { stories } },
  );
  const random = seeded(78);
  const environment = new RunEnvironment(new Map(services), random.split(0));
  // Where the model itself draws: entries are told apart by their places in a program.
  const own = Population.spawn(target(model as never, task.given as never), 1, environment, random.split(2), {
    twists: "none",
    prepare: (particle) => startJournal(particle),
  });
  while (!own.finished) await blocks.advance(own);
  const site = journalOf(own.particles[0]!)[0]!.site;
  const both = program.models["both"]!;
  const population = Population.spawn(target(both as never, [] as never), 3 * EXACT, environment, random.split(1), {
    twists: "none",
    prepare: (particle) => startJournal(particle),
  });
  while (!population.finished) await blocks.advance(population);
  const items: Item[] = [];
  for (const particle of population.particles) {
    if (items.length === EXACT) break;
    const end = particle.value as string;
    const middle = journalOf(particle).filter((entry) => entry.site.name === "middle");
    // Only ends that the model would read as the tokens that it wrote.
    const tokens = journalOf(particle).filter((entry) => entry.site.name === "end").length;
    if (middle.length !== 15 || tokens !== 10 || stories.vocabulary.encode(end).length !== 10) continue;
    items.push({ given: [end], draw: middle.map((entry) => movedTo(entry, site)) });
  }
  return items;
}

const movedTo = ({ value, distribution, logDensity }: JournalEntry, site: JournalEntry["site"]): JournalEntry => ({
  kind: "draw",
  site,
  value,
  distribution,
  logDensity,
  logProposal: null,
  law: null,
});

interface Measured {
  readonly lower1: number;
  readonly upper1: number;
  readonly lower32: number;
  readonly upper32: number;
}

async function measure(task: Task, model: Model, items: readonly Item[], twist: LearnedTwist | null, seed: number) {
  const measured: Measured[] = [];
  let tokens = 0;
  for (const [i, { given, draw }] of items.entries()) {
    const own = new Map(services);
    const of =
      twist === null
        ? []
        : [
            ["middle", twist.with(given).trusting(stories)],
            ["story", twist.with(given).trusting(stories)],
          ];
    own.set("twists", { automatic: false, given: new Map(of as never) });
    const program = target(model as never, given as never);
    const bounds = (particles: number, runs: number, key: number) =>
      evidenceBounds(program, new RunEnvironment(own, seeded(1000 * seed + i).split(key)), {
        particles,
        runs,
        exact: [draw],
        resampler: "systematic",
      });
    const one = await bounds(1, SINGLE, 1);
    const start = stories.stats.tokens;
    const many = await bounds(PARTICLES, 1, 2);
    tokens += (stories.stats.tokens - start) / 2;
    measured.push({
      lower1: one.lower.estimate,
      upper1: one.upper.estimate,
      lower32: many.lower.estimate,
      upper32: many.upper.estimate,
    });
  }
  return { measured, tokens: tokens / items.length };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const standardError = (values: readonly number[]): number => {
  const m = mean(values);
  return Math.sqrt(values.reduce((s, x) => s + (x - m) ** 2, 0) / (values.length * Math.max(1, values.length - 1)));
};

const file = (name: string): string => `.cache/studies/twists-${name}.json`;
const identityOf = (task: Task): string => JSON.stringify({ source: task.source, STEPS, EXACT, SINGLE, PARTICLES });

const stored = (task: Task): Runs | null =>
  existsSync(file(task.name)) ? (JSON.parse(readFileSync(file(task.name), "utf8")) as Runs) : null;

function runsOf(task: Task): Runs {
  const of = identityOf(task);
  const runs = stored(task);
  return runs?.of === of ? runs : { of, found: [] };
}

/** Runs a target, and writes what there is after each seed. */
async function run(task: Task): Promise<void> {
  const program = await compile.source(`lm writer = "stories"\n${task.source}\n`, {
    lms: { stories },
    passes: "none",
  });
  const model = program.models[task.name]!;
  const items = await exactDraws(task, model);
  log(`${task.name}: ${items.length} exact draws`);
  const runs = runsOf(task);
  for (let seed = 1; seed <= SEEDS; seed++) {
    for (const loss of [null, ...LOSSES]) {
      const method = loss ?? NO_TWIST;
      if (runs.found.some((f) => f.method === method && f.seed === seed)) continue;
      const start = cpu();
      const trainer =
        loss === null
          ? null
          : await train(model, [task.given], { loss, steps: STEPS, seed, lms, simulate: task.simulate });
      const training = trainer === null ? null : cpu() - start;
      runs.found.push({
        method,
        seed,
        training,
        ...(await measure(task, model, items, trainer?.twist ?? null, seed)),
      });
      log(`${task.name}: ${method}, seed ${seed}${training === null ? "" : `, trained for ${training.toFixed(0)} s`}`);
      writeFileSync(file(task.name), JSON.stringify(runs));
    }
    writePage();
  }
}

interface Found {
  readonly method: string;
  readonly seed: number;
  readonly measured: readonly Measured[];
  readonly tokens: number;
  readonly training: number | null;
}

function summary(task: Task, found: readonly Found[]): Result {
  const items = found[0]!.measured;
  // log Z of each item: the midpoint of the best bounds, means over the seeds of each method.
  const methods = [...new Set(found.map((f) => f.method))];
  const shared = !task.simulate;
  const boundsOf = (pick: (m: Measured) => number, best: (...values: number[]) => number): number[] => {
    const perItem = items.map((_, i) =>
      best(...methods.map((method) => mean(found.filter((f) => f.method === method).map((f) => pick(f.measured[i]!))))),
    );
    if (!shared) return perItem;
    const one = best(
      ...methods.map((method) => mean(found.filter((f) => f.method === method).flatMap((f) => f.measured.map(pick)))),
    );
    return perItem.map(() => one);
  };
  const lower = boundsOf((m) => m.lower32, Math.max);
  const upper = boundsOf((m) => m.upper32, Math.min);
  const logZ = lower.map((l, i) => (l + upper[i]!) / 2);
  const rows = methods.map((method): Row => {
    const own = found.filter((f) => f.method === method);
    const overSeeds = (value: (m: Measured, i: number) => number): Number_ => {
      const values = own.map((f) => mean(f.measured.map(value)));
      return { mean: mean(values), error: standardError(values) };
    };
    const trainings = own.flatMap((f) => (f.training === null ? [] : [f.training]));
    return {
      method,
      seeds: own.length,
      reverse: overSeeds((m, i) => logZ[i]! - m.lower1),
      forward: overSeeds((m, i) => m.upper1 - logZ[i]!),
      gap: overSeeds((m) => m.upper32 - m.lower32),
      tokens: mean(own.map((f) => f.tokens)),
      training: trainings.length === 0 ? null : mean(trainings),
    };
  });
  return { logZ: [mean(lower), mean(upper)], rows };
}

/** What drawing towards a twist takes, beside what the model takes: processor time for each token that the model has read. */
interface Cost {
  readonly loss: string;
  /** Of pairs of runs, one after the other: quartiles. */
  readonly quartiles: readonly [number, number, number];
}

/** Pairs of runs whose costs are compared, after some that warm up. */
const PAIRS = 60;
const WARM = 12;

async function cost(task: Task): Promise<void> {
  // A model of its own: its time is taken.
  const metered = await loadLanguageModel("stories");
  const meter = new Meter(metered);
  const program = await compile.source(`lm writer = "stories"\n${task.source}\n`, {
    lms: { stories: metered },
    passes: "none",
  });
  const model = program.models[task.name]!;
  const costs: Cost[] = [];
  for (const loss of LOSSES) {
    const { twist } = await train(model, [task.given], { loss, steps: 16, seed: 1, lms: { writer: metered } });
    const once = async (given: boolean, seed: number): Promise<{ readonly model: number; readonly rest: number }> => {
      const twists = { automatic: false, given: new Map(given ? [["story", twist.trusting(metered)]] : []) };
      const own = new Map<string, unknown>([
        ["lm:writer", metered],
        ["twists", twists],
      ]);
      const [start, inModel, tokens] = [cpu(), meter.seconds, metered.stats.tokens];
      await smc({ particles: PARTICLES, ess: 0 }).run(
        target(model as never, [] as never),
        new RunEnvironment(own, seeded(seed)),
      );
      const [all, ofModel, read] = [cpu() - start, meter.seconds - inModel, metered.stats.tokens - tokens];
      return { model: ofModel / read, rest: (all - ofModel) / read };
    };
    const shares: number[] = [];
    for (let i = 0; i < WARM + PAIRS; i++) {
      // Which is first changes: what one leaves behind is paid by the other.
      const first = await once(i % 2 === 0, i);
      const second = await once(i % 2 === 1, i);
      const [twisted, plain] = i % 2 === 0 ? [first, second] : [second, first];
      if (i >= WARM) shares.push((twisted.rest - plain.rest) / ((twisted.model + plain.model) / 2));
    }
    shares.sort((x, y) => x - y);
    const at = (share: number): number => shares[Math.floor(share * PAIRS)]!;
    costs.push({ loss, quartiles: [at(0.25), at(0.5), at(0.75)] });
    log(
      `cost: ${loss} ${costs
        .at(-1)!
        .quartiles.map((q) => q.toFixed(2))
        .join(" ")}`,
    );
  }
  writeFileSync(file("cost"), JSON.stringify(costs));
  writePage();
}

mkdirSync(".cache/studies", { recursive: true });
// `--page`: only the page, of what has been run.
if (process.argv.includes("--page")) {
  writePage();
  process.exit(0);
}
if (process.argv.includes("--cost")) {
  await cost(tasks.at(-1)!);
  process.exit(0);
}
for (const task of tasks) {
  if (ONLY !== "" && task.name !== ONLY) continue;
  await run(task);
}

function costSection(): string {
  if (!existsSync(file("cost"))) return "";
  const percent = (x: number): string => `${Math.round(100 * x)} %`;
  const rows = (JSON.parse(readFileSync(file("cost"), "utf8")) as Cost[]).map(
    ({ loss, quartiles: [low, middle, high] }) =>
      `| ${loss} | ${percent(middle)} | ${percent(low)} to ${percent(high)} |`,
  );
  return `
## Cost

What drawing towards a twist adds to a run's processor time, as a share of the model's own in the same runs, for each token that the
model has read (SMC with ${PARTICLES} particles, no resampling, the banned target; ${PAIRS} pairs of runs, one after the other, on a busy machine).

\`\`\`text
npm run study -- twists --cost
\`\`\`

| method | added, median | quartiles |
| --- | --- | --- |
${rows.join("\n")}
`;
}

function writePage(): void {
  // One seed has no error.
  const number = ({ mean: m, error }: Number_): string =>
    error === 0 ? m.toFixed(2) : `${m.toFixed(2)} ± ${error.toFixed(2)}`;
  const parts = tasks.flatMap((task) => {
    const runs = stored(task);
    if (runs === null) return [];
    const { STEPS: steps, EXACT: exact } = JSON.parse(runs.of) as { readonly STEPS: number; readonly EXACT: number };
    const { rows, logZ } = summary(task, runs.found);
    const table = rows.map(
      (r) =>
        `| ${r.method} | ${r.seeds} | ${number(r.reverse)} | ${number(r.forward)} | ${number(r.gap)} | ${Math.round(r.tokens)} | ${r.training === null ? "–" : `${Math.round(r.training)} s`} |`,
    );
    const commands = [...new Set(rows.filter((r) => r.method !== NO_TWIST).map((r) => r.seeds))].map((seeds) => {
      const losses = rows.filter((r) => r.method !== NO_TWIST && r.seeds === seeds).map((r) => r.method);
      return `npm run study -- twists --only ${task.name} --seeds ${seeds} --steps ${steps} --exact ${exact} --losses ${losses.join(",")}`;
    });
    return [
      `## ${task.name[0]!.toUpperCase()}${task.name.slice(1)}

The target: ${task.what}. log Z is between ${logZ[0].toFixed(2)} and ${logZ[1].toFixed(2)}.

\`\`\`text
${commands.join("\n")}
\`\`\`

| method | seeds | KL(q‖σ) | KL(σ‖q) | bound gap, SMC of ${PARTICLES} | model tokens | training |
| --- | --- | --- | --- | --- | --- | --- |
${table.join("\n")}
`,
    ];
  });
  const page = `# Learned twists on the stories model

How near are draws to the posterior, with and without a learned twist? Written by \`scripts/studies/twists.study.ts\` with the
commands below; the definitions are those of Zhao et al. 2024 ([arXiv 2404.17546](https://arxiv.org/abs/2404.17546), sec. 5).
All numbers are nats. q is the law of one execution drawn towards the twist without resampling, σ the posterior. KL(q‖σ) is
log Z − E_q[log w] and KL(σ‖q) is E_σ[log w] − log Z, w being the weight of an execution; log Z is the midpoint of the best
bounds of all methods: what it is off shifts a column by the same for all of them. The bound gap is E_σ[log Ẑ] − E_q[log Ẑ] of SMC with ${PARTICLES} particles (conditional on an exact
draw for the first term): it bounds the sum of both divergences of a draw from such a run. Errors are standard errors over the
seeds of training and sampling. Exact draws are the same for all methods; how they vary is not in the errors. Model tokens are
those of one run of ${PARTICLES} particles, training is processor time.

${parts.join("\n")}${costSection()}`;
  mkdirSync("docs/studies", { recursive: true });
  writeFileSync("docs/studies/twists.md", page);
}
