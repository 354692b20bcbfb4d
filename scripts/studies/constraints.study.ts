// How close to the posterior is the one text that a method gives? Ten constraints on the embedded stories model, three
// methods, as many model tokens for each.
import { mkdirSync, writeFileSync } from "node:fs";
import { compile, importance, infer, loadLanguageModel, smc, type Method, type Model } from "@pgl/core";
import { dotPlot } from "./dot-plot.js";

const quick = process.argv.includes("--quick");
const PARTICLES = 32;
/** Runs whose log Ẑ are averaged. */
const RUNS = quick ? 8 : 40;
/** Local draws with their weights. */
const LOCAL = quick ? 200 : 1000;
/** Long runs that stand for the truth. */
const LONG = { runs: quick ? 2 : 8, particles: quick ? 256 : 1024 };

interface Task {
  readonly name: string;
  readonly after: string;
  /** A constraint in PGL. */
  readonly constraint: string;
  readonly options: string;
  /** Declarations that the constraint uses. */
  readonly declarations?: string;
}

const once = "Once upon a time, there was a";

/** Words by how many syllables a child would clap; what a real table would be, in small. */
const syllables = [
  "I|he|she|we|they|it|the|a|in|on|big|red|sun|sky|cat|dog|ball|tree|saw|ran|sat|and|was|so|to|with|his|her|up|had",
  "happy|little|girl named|very|flower|water|into|under|wanted|Lily|garden|playing|smiling",
] as const;
const one = `(${syllables[0]})`;
const two = `(${syllables[1]})`;
/** Five syllables. */
const five = [
  `${one} ${one} ${one} ${one} ${one}`,
  `${two} ${one} ${two}`,
  `${one} ${two} ${two}`,
  `${two} ${two} ${one}`,
]
  .concat([
    `${one} ${one} ${one} ${two}`,
    `${two} ${one} ${one} ${one}`,
    `${one} ${two} ${one} ${one}`,
    `${one} ${one} ${two} ${one}`,
  ])
  .map((line) => `(${line})`)
  .join("|");

const tasks: readonly Task[] = [
  {
    name: "a rare keyphrase",
    after: once,
    constraint: `contains("big tree")`,
    options: "max_tokens: 24",
  },
  { name: "no letter e", after: "A big dog ran up to Tom and", constraint: "/[^e]*/", options: "max_tokens: 24" },
  {
    name: "words of 3 to 5 letters",
    after: once,
    constraint: "/( [a-z]{3,5}){4,8}\\./",
    options: `stop_at: ".", max_tokens: 20`,
  },
  {
    name: "lines of 5 syllables",
    after: "One day,",
    constraint: `/ (${five})\\n(${five})\\./`,
    options: `stop_at: ".", max_tokens: 24`,
  },
  {
    name: "a JSON record",
    after: "Tim had a red ball. He was happy. ",
    declarations: `const record = {
  type: "object",
  properties: {
    hero: { enum: ["Tim", "Lily", "Tom", "Sue"] },
    toy: { type: "string", pattern: "^[a-z]{2,8}$" },
    happy: { type: "boolean" },
  },
  required: ["hero", "toy", "happy"],
  additionalProperties: false,
}`,
    constraint: "json(record)",
    options: "max_tokens: 40",
  },
  {
    name: "a date",
    after: "The party was on",
    constraint:
      "/ (the )?([1-9]|[12][0-9]|3[01])(st|nd|rd|th)? of (January|February|March|April|May|June|July|August|September|October|November|December)\\./",
    options: `stop_at: ".", max_tokens: 16`,
  },
  {
    name: "an arithmetic grammar",
    after: "Tim can count:",
    declarations: `const sums = "start: \\" \\" sum \\".\\"\\nsum: term (\\" + \\" term)*\\nterm: NUMBER | \\"(\\" sum \\")\\"\\nNUMBER: /[1-9]/\\n"`,
    constraint: "grammar(sums)",
    options: `stop_at: ".", max_tokens: 16`,
  },
  {
    name: "between fixed ends",
    after: "Tim had a red ball.",
    constraint: "/ [A-Z][a-z ,]{10,60}\\. He was sad\\./",
    options: "max_tokens: 24",
  },
  {
    name: "ends with a sentence",
    after: once,
    constraint: `ends_with("They were happy.")`,
    options: "max_tokens: 32",
  },
  {
    name: "two at once",
    after: once,
    constraint: `contains("dog") and /[^z]*/ and contains("ball")`,
    options: "max_tokens: 32",
  },
];

const program = ({ after, constraint, options, declarations }: Task) => `lm writer = "stories"
${declarations ?? ""}
model guided(): string {
  let t ~ writer.text(after: ${JSON.stringify(after)}, matching: ${constraint}, ${options})
  return t
}
model unaided(): string {
  let t ~ writer.text(after: ${JSON.stringify(after)}, matching: ${constraint}, ${options}, twist: "none")
  return t
}
model free(): string {
  let t ~ writer.text(after: ${JSON.stringify(after)}, ${options})
  return t
}
`;

interface Row {
  readonly name: string;
  readonly logZ: Estimate;
  /** Model tokens of one run. */
  readonly tokens: number;
  readonly smc: Estimate;
  /** Without looking ahead by a surrogate. */
  readonly plain: Estimate;
  readonly local: Estimate;
  readonly rejection: { readonly draws: number; readonly fails: number; readonly kl: number };
  readonly example: string;
}

interface Estimate {
  readonly value: number;
  readonly error: number;
}

const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const estimate = (xs: readonly number[]): Estimate => {
  const value = mean(xs);
  return { value, error: Math.sqrt(xs.reduce((s, x) => s + (x - value) ** 2, 0) / (xs.length - 1) / xs.length) };
};
/** log of the mean of exponentials. */
const logMean = (xs: readonly number[]) => {
  const top = Math.max(...xs);
  return top + Math.log(mean(xs.map((x) => Math.exp(x - top))));
};

const stories = await loadLanguageModel("onnx:packages/lm/models/stories");

const runOf = (model: Model<readonly [], string>, method: Method, seed: number) =>
  infer(model, [], method, { seed, lms: { writer: stories } });

async function study(task: Task): Promise<Row> {
  const source = program(task);
  const compiled = await compile.source(source, { file: `${task.name.replaceAll(" ", "-")}.pgl` });
  const guided = compiled["guided"] as Model<readonly [], string>;
  const unaided = compiled["unaided"] as Model<readonly [], string>;
  const free = compiled["free"] as Model<readonly [], string>;

  const long: number[] = [];
  let example = "";
  for (let seed = 1; seed <= LONG.runs; seed++) {
    const posterior = await runOf(guided, smc({ particles: LONG.particles }), 1000 + seed);
    long.push(posterior.logZ.estimate!);
    example = posterior.mode();
  }
  const top = logMean(long);
  const ratios = estimate(long.map((l) => Math.exp(l - top)));
  const logZ: Estimate = { value: top, error: ratios.error };

  const tokens: number[] = [];
  const boundOf = async (model: Model<readonly [], string>): Promise<Estimate> => {
    const logs: number[] = [];
    for (let seed = 1; seed <= RUNS; seed++) {
      const posterior = await runOf(model, smc({ particles: PARTICLES }), seed);
      logs.push(posterior.logZ.estimate!);
      tokens.push(posterior.run.lm.tokens);
    }
    const log = estimate(logs);
    return { value: logZ.value - log.value, error: Math.hypot(log.error, logZ.error) };
  };
  const ours = await boundOf(guided);
  const plain = await boundOf(unaided);

  // Masking token by token is one particle that nothing resamples: its weight is the product of what the masks left.
  const alone = await runOf(unaided, importance({ samples: LOCAL }), 1);
  const weights = alone.samples.map(({ weight }) => Math.log(weight * LOCAL) + alone.logZ.estimate!);
  // What could not be finished in time is no sample: given as an answer, it is infinitely far from the posterior.
  while (weights.length < LOCAL) weights.push(-Infinity);
  const ofLocal = estimate(weights);
  const local: Estimate = { value: logZ.value - ofLocal.value, error: Math.hypot(ofLocal.error, logZ.error) };

  // Rejection with the same model tokens: what fails every time is answered by masking.
  const draws = 64;
  const freely = await runOf(free, importance({ samples: draws }), 1);
  const allowed = Math.max(1, Math.floor(mean(tokens) / (freely.run.lm.tokens / draws)));
  const fails = Math.exp(allowed * Math.log1p(-Math.exp(Math.min(logZ.value, -1e-12))));
  return {
    name: task.name,
    logZ,
    tokens: mean(tokens),
    smc: ours,
    plain,
    local,
    rejection: { draws: allowed, fails, kl: divergenceOfFallback(weights, logZ.value, fails) },
    example,
  };
}

/**
 * KL(q‖σ) of q = (1 − f)·σ + f·L, where L masks locally: with L/σ = Z/w it is E_q[log(1 − f + f·Z/w)], and expectations
 * under σ are those under L weighted by w/Z.
 */
function divergenceOfFallback(logWeights: readonly number[], logZ: number, f: number): number {
  const total = logMean(logWeights);
  const gain = (logWeight: number) => (f === 0 ? 0 : Math.log(1 - f + f * Math.exp(logZ - logWeight)));
  const underLocal = mean(logWeights.map(gain));
  const underPosterior = mean(logWeights.map((w) => (w === -Infinity ? 0 : Math.exp(w - total) * gain(w))));
  return f * underLocal + (1 - f) * underPosterior;
}

const number = (x: number) =>
  !Number.isFinite(x) ? "∞" : Math.abs(x) >= 100 ? x.toFixed(0) : Math.abs(x) >= 0.1 ? x.toFixed(2) : x.toPrecision(2);
const plusMinus = ({ value, error }: Estimate) =>
  Number.isFinite(value) ? `${number(value)} ± ${number(error)}` : "∞";

const rows: Row[] = [];
const only = process.argv.find((_, i) => process.argv[i - 1] === "--only");
for (const task of tasks.filter(({ name }) => only === undefined || name.includes(only))) {
  const started = performance.now();
  const row = await study(task);
  rows.push(row);
  const time = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `${row.name}: log Z ${plusMinus(row.logZ)} · smc ${plusMinus(row.smc)} · untwisted ${plusMinus(row.plain)} · local ${plusMinus(row.local)} · ` +
      `rejection ${number(row.rejection.kl)} (${row.rejection.draws} draws, fails ${number(row.rejection.fails)}) · ` +
      `${row.tokens.toFixed(0)} tokens · ${time} s · ${JSON.stringify(row.example)}`,
  );
}
if (!quick && only === undefined) write();

function write(): void {
  const table = rows.map(
    ({ name, logZ, tokens, smc: ours, plain, local, rejection }) =>
      `| ${name} | ${plusMinus(logZ)} | ${tokens.toFixed(0)} | **${plusMinus(ours)}** | ${plusMinus(plain)} | ${plusMinus(local)} | ${number(rejection.kl)} | ${rejection.draws} | ${number(rejection.fails)} |`,
  );
  const won = rows.filter((r) => r.smc.value < r.local.value && r.smc.value < r.rejection.kl).length;
  const page = `# Constraints: how far from the posterior is the text you get?

    npm run study -- constraints     # writes this page and its plot

Ten constraints on the embedded stories model. Each method gives one text; q is the law of that text, σ the posterior (the
model's own distribution given the constraint), and the table has KL(q‖σ) in nats: 0 is the posterior itself. All methods have
the same number of model tokens, those of one run of \`smc\` with ${PARTICLES} particles.

- **conditioning**: \`matching: C\` with \`smc(particles: ${PARTICLES})\`, and one particle drawn by its weight. Its law has no formula; the
  number is an upper bound on its divergence, log Z − E[log Ẑ], over ${RUNS} runs. Particles look ahead by the surrogate that comes with the model ([twists.md](../twists.md));
  *untwisted* is without it (\`twist: "none"\`).
- **local masks**: every token among those that can still match, renormalised (\`.masked(C)\`). KL is log Z − E[log w], w the product
  of what the masks left, from ${LOCAL} draws. More tokens do not help it.
  ∞: some draws could not be finished within \`max_tokens\`.
- **rejection**: texts drawn freely until one matches, for as many tokens; when none has, a locally masked one is given
  instead of none. Its law is (1 − f)·σ + f·local with f = (1 − Z)^draws.

log Z is from ${LONG.runs} runs with ${LONG.particles} particles.

| constraint | log Z | tokens | conditioning (bound) | … untwisted | local masks | rejection | its draws | fails |
|---|---|---|---|---|---|---|---|---|
${table.join("\n")}

Conditioning is the closest in ${won} of ${rows.length}.

![The table as a plot](constraints.svg)

Texts that it gave, the likeliest of the long runs:

${rows.map(({ name, example }) => `- ${name}: \`${JSON.stringify(example)}\``).join("\n")}
`;
  mkdirSync("docs/studies", { recursive: true });
  writeFileSync("docs/studies/constraints.md", page);
  const plot = dotPlot(
    "Divergence of the text that is given from the posterior",
    "KL(q‖σ) in nats, logarithmic",
    ["conditioning (bound)", "untwisted (bound)", "local masks", "rejection, then masks"],
    rows.map(({ name, smc: ours, plain, local, rejection }) => ({
      label: name,
      values: [ours.value, plain.value, local.value, rejection.kl].map((v) => (Number.isFinite(v) ? v : null)),
    })),
  );
  writeFileSync("docs/studies/constraints.svg", plot);
}
