import { passes as compilerPasses } from "@pgl/compiler";
import { CompileError } from "@pgl/core";
import {
  annealed,
  dcSmc,
  enumerate,
  importance,
  kernels,
  marginal,
  PglError,
  resamplers,
  seeded,
  smc,
  temperedSmc,
  type Kernel,
  type Method,
  type Model,
  type Posterior,
  type ResamplerName,
} from "@pgl/runtime";
import * as fc from "fast-check";
import {
  enumerateOutcomes,
  EnumerationError,
  expectLogZBounds,
  expectProperlyWeighted,
  expectSameMeasure,
  measureOf,
  printProgram,
  programs,
  runMethod,
  UnsupportedError,
  type GeneratedProgram,
  type LawSubject,
  type Measure,
} from "../../src/index.js";
import { compiled, reference, type Passes } from "../compiled/evaluate.js";
import { executionsOf, expectInvariantOnExecutions } from "../methods/kernels/executions.js";
import { executionsOf as pathsOf, runBlocks } from "../methods/populations/executions.js";

/** What examining programs came to, added up. */
export class Tally {
  programs = 0;
  /** Programs that mean an error, which the compiled program then has to give too. */
  failing = 0;
  /** Beyond what the reference can or may enumerate: not compared. */
  beyond = 0;
  /** Not compiled, because constraints on one text contradict each other. */
  contradictory = 0;
  compilations = 0;
  executions = 0;
  /** Pairs of a program and a method whose draws were all enumerated. */
  algorithms = 0;
  outcomes = 0;
  /** Pairs left out because the method's draws have too many outcomes. */
  tooMany = 0;
  readonly passSets = new Set<string>();
  readonly methods = new Map<string, number>();
  readonly features = new Map<string, number>();

  add(other: TallyData): void {
    for (const key of COUNTS) this[key] += other[key];
    for (const set of other.passSets) this.passSets.add(set);
    for (const [name, n] of other.methods) this.methods.set(name, (this.methods.get(name) ?? 0) + n);
    for (const [name, n] of other.features) this.features.set(name, (this.features.get(name) ?? 0) + n);
  }

  data(): TallyData {
    const counts = Object.fromEntries(COUNTS.map((key) => [key, this[key]])) as Record<Count, number>;
    return { ...counts, passSets: [...this.passSets], methods: [...this.methods], features: [...this.features] };
  }
}

const COUNTS = [
  "programs",
  "failing",
  "beyond",
  "contradictory",
  "compilations",
  "executions",
  "algorithms",
  "outcomes",
  "tooMany",
] as const;
type Count = (typeof COUNTS)[number];
export interface TallyData extends Readonly<Record<Count, number>> {
  readonly passSets: readonly string[];
  readonly methods: readonly (readonly [string, number])[];
  readonly features: readonly (readonly [string, number])[];
}

export interface ExamineOptions {
  /** Size of the programs: about 2^bits executions at most. */
  readonly bits: number;
  /** Executions of a program above which methods that sample are not enumerated on it. */
  readonly smallEnough: number;
  /** Outcomes of one method's draws on one program. */
  readonly maxOutcomes: number;
}

const kernelsByName: Readonly<Record<string, Kernel>> = {
  single: kernels.single,
  suffix: kernels.suffix,
  prior: kernels.prior,
  gibbs: kernels.gibbs(),
};

/** Each program is run by one of these at most, as they take many draws. */
const methodsByName: Readonly<Record<string, (settings: Pick<Settings, "resampler" | "ess">) => Method>> = {
  annealed: () => annealed({ particles: 1, temperatures: 2 }),
  tempered: ({ resampler }) => temperedSmc({ particles: 2, temperatures: 2, moves: 0, resampler }),
  "smc with moves": ({ resampler, ess }) => smc({ particles: 2, resampler, ess, moves: 1 }),
  "smc with islands": ({ resampler, ess }) => smc({ particles: 1, islands: 2, resampler, ess }),
};

/** What is decided at random beside the program itself. */
export interface Settings {
  readonly passes: Passes;
  readonly resampler: ResamplerName;
  readonly ess: number;
  /** Beside the methods that every small program is run by. */
  readonly extra: string;
}

const passNames = compilerPasses.map((p) => p.name);

export const settings: fc.Arbitrary<Settings> = fc.record({
  passes: fc.oneof(fc.constant<Passes>("all"), fc.shuffledSubarray(passNames)),
  resampler: fc.constantFrom("systematic", "stratified", "multinomial", "residual", "optimal"),
  ess: fc.constantFrom(0.5, 1),
  extra: fc.constantFrom(
    ...Object.keys(kernelsByName),
    "conditional SMC",
    "marginal",
    "marginal",
    ...Object.keys(methodsByName),
  ),
});

/** The methods whose proper weighting is enumerated on a small program. */
function methodsFor({ resampler, ess }: Settings, guide: Model | undefined): Method[] {
  const proposal = guide === undefined ? {} : { proposal: guide };
  const methods: Method[] = [smc({ particles: 2, resampler, ess }), importance({ samples: 1 })];
  if (guide !== undefined)
    methods.push(smc({ particles: 2, resampler, ess, ...proposal }), importance({ samples: 1, ...proposal }));
  return methods;
}

/** Where a law failed: the program was compiled with these passes, and run so. */
export class ExaminationError extends Error {
  override readonly name = "ExaminationError";
}

/**
 * Compiles a program without passes, and with all or some, in an order of their own, and compares what each means with the
 * reference; then, on a small one, runs methods that sample, and kernels, through every outcome of their draws.
 *
 * @throws ExaminationError
 */
export async function examine(
  program: GeneratedProgram,
  chosen: Settings,
  options: ExamineOptions,
  tally: Tally,
): Promise<void> {
  const expected = reference(program);
  tally.programs++;
  for (const feature of program.features) tally.features.set(feature, (tally.features.get(feature) ?? 0) + 1);
  if (expected instanceof UnsupportedError) {
    tally.beyond++;
    return;
  }
  if (expected instanceof Error) tally.failing++;
  let before: string | null = null;
  for (const passes of ["none", chosen.passes] satisfies Passes[]) {
    await within(`compiled with passes ${JSON.stringify(passes)}`, async () => {
      const subject = await compiled(program, passes).catch((error: unknown) => {
        if (isContradiction(error)) return null;
        throw error;
      });
      if (subject === null) {
        if (passes === "none") tally.contradictory++;
        return;
      }
      tally.compilations++;
      tally.passSets.add(typeof passes === "string" ? passes : [...passes].sort().join("+") || "none");
      // The same code means the same.
      const code = subject.whole.modules.map((m) => m.javascript).join("\n");
      const isNew = code !== before;
      before = code;
      if (isNew) {
        const run = runMethod(subject, enumerate({ tolerance: 0 }), seeded(1));
        if (expected instanceof Error) {
          const early = passes === "all" || passes.includes("early-weighting");
          return expectFailure(run, expected, early ? program : null);
        }
        const posterior = await run;
        tally.executions += posterior.diagnostics.executions;
        expectSameMeasure(measureOf(posterior), expected, 1e-9);
      }
      if (passes !== chosen.passes || expected instanceof Error) return;
      await sampled(program, subject, expected, chosen, options, tally);
    });
  }
}

/** Observations of one text that each can match, and cannot together: the compiler sees it. */
const isContradiction = (error: unknown): boolean =>
  error instanceof CompileError &&
  error.diagnostics.every(({ severity, code }) => severity !== "error" || code === "PGL4025");

async function sampled(
  program: GeneratedProgram,
  subject: LawSubject & { readonly whole: { readonly proposals: Readonly<Record<string, { readonly model: Model }>> } },
  expected: Measure,
  chosen: Settings,
  options: ExamineOptions,
  tally: Tally,
): Promise<void> {
  const { maxOutcomes } = options;
  /** `check` gives the outcomes that it visited. */
  const examined = (name: string, check: () => Promise<number>): Promise<void> =>
    within(`by ${name}`, async () => {
      try {
        tally.outcomes += await check();
        tally.algorithms++;
        tally.methods.set(name, (tally.methods.get(name) ?? 0) + 1);
      } catch (error) {
        if (!(error instanceof EnumerationError && /more than/.test(error.message))) throw error;
        tally.tooMany++;
      }
    });
  if (chosen.extra === "marginal") {
    await examined("marginal", async () => {
      expectSameMeasure(measureOf(await runMethod(subject, marginal(), seeded(1))), expected, 1e-9);
      return 1;
    });
  }
  const { executions } = expected;
  if (executions <= 1 || executions > options.smallEnough) return;
  const guide = program.guide === null ? undefined : subject.whole.proposals[program.guide]!.model;
  for (const method of methodsFor(chosen, guide)) {
    const name = `${method.name}${"proposal" in method.options ? " with a proposal" : ""}`;
    await examined(
      method.name === "smc" ? `${name}, ${chosen.resampler}` : name,
      async () => (await expectProperlyWeighted({ ...subject, method, expected, maxOutcomes })).outcomes,
    );
  }
  const divided = program.features.has("independent")
    ? { dc_smc: dcSmc({ particles: 2, resampler: chosen.resampler }) }
    : {};
  const more = { ...divided, [chosen.extra]: methodsByName[chosen.extra]?.(chosen) };
  for (const [name, method] of Object.entries(more)) {
    if (method === undefined) continue;
    await examined(
      name,
      async () => (await expectProperlyWeighted({ ...subject, method, expected, maxOutcomes })).outcomes,
    );
  }
  const kernel = kernelsByName[chosen.extra];
  if (expected.total === 0) return;
  if (kernel !== undefined) {
    await examined(`kernel ${chosen.extra}`, async () => {
      const states = await executionsOf(subject);
      if (states.length === 0) return 0;
      return (await expectInvariantOnExecutions({ ...subject, kernel, maxOutcomes }, states)).outcomes;
    });
  } else if (chosen.extra === "conditional SMC") {
    await examined("conditional SMC", async () => {
      const states = await pathsOf(subject);
      // A run that can end with nothing never sees the share of 1/Z that belongs to it.
      if (states.length === 0 || !(await neverEmpty(subject, maxOutcomes, chosen.resampler))) return 0;
      const { outcomes } = await expectLogZBounds({
        states,
        maxOutcomes,
        estimate: async (random) =>
          (await runBlocks(subject, null, 2, resamplers[chosen.resampler], () => true, random)).logEvidence,
        conditional: async ({ path }, random) =>
          (await runBlocks(subject, path, 2, resamplers[chosen.resampler], () => true, random)).logEvidence,
      });
      return outcomes;
    });
  }
}

/** False when all particles of a run may die. */
async function neverEmpty(subject: LawSubject, maxOutcomes: number, resampler: ResamplerName): Promise<boolean> {
  const outcomes = await enumerateOutcomes(
    async (random) => (await runBlocks(subject, null, 2, resamplers[resampler], () => true, random)).logEvidence,
    { maxOutcomes },
  );
  return outcomes.every(({ value }) => value > -Infinity);
}

/**
 * The run fails. Where a pass weighs `early`, executions of weight zero may end before they fail: then the run gives what the
 * others have.
 */
async function expectFailure(
  run: Promise<Posterior<unknown>>,
  expected: Error,
  early: GeneratedProgram | null,
): Promise<void> {
  let posterior: Posterior<unknown>;
  try {
    posterior = await run;
  } catch (error) {
    if (error instanceof PglError) return;
    throw error;
  }
  const others = early === null ? expected : reference(early, undefined, "leave");
  if (others instanceof Error)
    throw new Error(`The reference fails (${others.message}), the compiled program does not.`);
  expectSameMeasure(measureOf(posterior), others, 1e-9);
}

async function within(note: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ExaminationError(`${note}: ${message}`, { cause: error });
  }
}

/** A program that a law failed on, as small as it could be made. */
export interface Failure {
  readonly program: GeneratedProgram;
  readonly seed: number;
  readonly path: string;
  readonly message: string;
}

export interface Batch {
  readonly seed: number;
  readonly runs: number;
  /** Runs only the program at this place of the seed. */
  readonly path?: string;
  /** False: the first program that fails, as it is. */
  readonly shrink?: boolean;
}

/** Seconds that may be spent on making a failing program smaller. */
const SHRINKING = 60;

/** Examines random programs. At the first that fails it stops, and shrinks it. */
export async function examineBatch(batch: Batch, options: ExamineOptions, tally: Tally): Promise<Failure | null> {
  // Most ways to make the numbers smaller that a program is made of give the same program.
  const known = new Map<string, unknown>();
  let failing: number | null = null;
  const shrunk = new Tally();
  const property = fc.asyncProperty(programs({ bits: options.bits }), settings, async (program, chosen) => {
    const key = failing === null ? "" : printProgram(program) + JSON.stringify(chosen);
    if (failing !== null) {
      if (known.has(key)) {
        const error = known.get(key);
        if (error !== null) throw error;
        return;
      }
      // No smaller: this is as far as it gets in the time.
      if (performance.now() - failing > 1000 * SHRINKING) return;
    }
    try {
      await examine(program, chosen, options, failing === null ? tally : shrunk);
      known.set(key, null);
    } catch (error) {
      failing ??= performance.now();
      known.set(key, error);
      throw error;
    }
  });
  const { seed, runs, path } = batch;
  const result = await fc.check(property, {
    seed,
    ...(path === undefined ? { numRuns: runs, endOnFailure: batch.shrink === false } : { path, endOnFailure: true }),
  });
  if (!result.failed) return null;
  const [program] = result.counterexample!;
  const error = result.errorInstance;
  return {
    program,
    seed: result.seed,
    path: result.counterexamplePath!,
    message: error instanceof Error ? error.message : String(error),
  };
}

/** How to see a failure again. */
export const replayCommand = (
  { seed, path }: Pick<Failure, "seed" | "path">,
  { bits }: Pick<ExamineOptions, "bits">,
): string => `npm run test:nightly -- --replay ${seed} ${path} --bits ${bits}`;

/** A failure as a .pgl file: what failed and how to see it again are in comments. */
export function failureFile(failure: Failure, options: Pick<ExamineOptions, "bits">): string {
  const message = failure.message.split("\n").map((line) => `// ${line}`.trimEnd());
  return [...message, `// ${replayCommand(failure, options)}`, "", printProgram(failure.program)].join("\n");
}
