import {
  spanPlace,
  type LanguageModel,
  type ModelSession,
  type SpanTwist,
  type TokenDraw,
  type TwistService,
} from "@pgl/lm";
import {
  blocks,
  Population,
  RunEnvironment,
  startJournal,
  type JournalNode,
  type Particle,
  type RandomSource,
  type RunLimits,
  type Target,
  type Observations,
} from "@pgl/runtime";
import { TwistTrainingError } from "./errors.js";
import type { ListedPlace } from "./network.js";
import { listed } from "./shortlist.js";

/** A place of the span with what may come next. */
export interface DrawnPlace extends ListedPlace {
  /** log p0 of the tokens that are listed, and after them of all others together; nats. */
  readonly logPrior: Float64Array;
}

/** What training needs of an execution of a program: the tokens of one of its spans, and how much it weighs. Nats. */
export interface SpanExecution {
  readonly tokens: readonly number[];
  readonly places: readonly DrawnPlace[];
  /** For each token: log p0/q of all that was drawn up to it. */
  readonly logRatio: Float64Array;
  /** For each token: log p0/q of all that was drawn before it. */
  readonly logRatioBefore: Float64Array;
  /** For each token: the weights of the program up to the draw. */
  readonly logFactors: Float64Array;
  /** log p0/q of the whole execution, and its weights; the sum is its log-weight, `-Infinity` when it was ruled out. */
  readonly wholeRatio: number;
  readonly wholeFactors: number;
}

export interface DrawOptions {
  /** The name of the draw. */
  readonly span: string;
  /** Draws towards it; null: draws from the program as it is. */
  readonly twist: SpanTwist | null;
  readonly window: number;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: RunLimits | undefined;
  /** In place of what the program observes. */
  readonly observations?: Observations;
}

/**
 * Runs a program to its ends, without resampling, and gives of each execution what it drew for a span. Executions that come
 * to an end before the span are left out, and counted.
 *
 * @throws TwistTrainingError PGLX001 when the span is drawn more than once in an execution.
 */
export async function drawExecutions(
  program: Target,
  services: ReadonlyMap<string, unknown>,
  random: RandomSource,
  count: number,
  { span, twist, window, signal, limits, observations }: DrawOptions,
): Promise<{
  readonly executions: readonly SpanExecution[];
  readonly without: number;
  readonly particles: readonly Particle[];
}> {
  const { named } = (services.get("twists") as TwistService | undefined) ?? {};
  const given: TwistService = {
    automatic: false,
    given: twist === null ? new Map() : new Map([[span, twist]]),
    // The twist that the program names for the draw gives way to the one that is being learned for it.
    named: (alias, site, environment) => (site.name === span ? null : (named?.(alias, site, environment) ?? null)),
  };
  const environment = new RunEnvironment(
    new Map([...services, ["twists", given]]),
    random.split(0),
    signal,
    limits ?? {},
  );
  environment.arguments = program.arguments;
  if (observations !== undefined) environment.observations = observations;
  const population = Population.spawn(program, count, environment, random.split(1), {
    twists: "given",
    prepare: (particle) => startJournal(particle, { states: true }),
  });
  while (!population.finished) {
    signal?.throwIfAborted();
    const pending = blocks.advance(population);
    if (pending !== undefined) await pending;
  }
  const begun = population.particles.map((particle) => begin(particle, span, window));
  await lookUpHidden(begun.flatMap((b) => b?.nodes ?? []));
  const executions = begun.flatMap((b) => (b === null ? [] : [b.execution]));
  return { executions, without: count - executions.length, particles: population.particles };
}

/** A place whose hidden state is still to be looked up. */
interface Wanted {
  readonly session: ModelSession;
  readonly node: number;
  readonly place: { hidden: Float32Array | null };
}

function begin(
  particle: Particle,
  span: string,
  window: number,
): { readonly execution: SpanExecution; readonly nodes: readonly Wanted[] } | null {
  const journal: JournalNode[] = [];
  for (let at = particle.journal; at !== null && at.length > 0; at = at.previous) journal.push(at);
  journal.reverse();
  const tokens: number[] = [];
  const places: (DrawnPlace & { hidden: Float32Array | null })[] = [];
  const nodes: Wanted[] = [];
  const logRatio: number[] = [];
  const logRatioBefore: number[] = [];
  const logFactors: number[] = [];
  let ratio = 0;
  let before = 0;
  for (const entry of journal) {
    const earlier = ratio;
    ratio += entry.logRatio;
    if (entry.site.name !== span || entry.site.kind !== "token") continue;
    const at = spanPlace(entry.frame);
    if (at === null) continue;
    const { session, node, left } = at;
    if (before > 0 && left !== before - 1) throw drawnTwice(span);
    before = left;
    const { vocabulary } = session.model;
    const place = {
      hidden: null,
      recent: session.tree.last(node, window).reverse() as unknown as number[],
      left,
      ...lawOf(entry.distribution as TokenDraw, vocabulary.size),
    };
    tokens.push(vocabulary.idOf(entry.value as never));
    places.push(place);
    if (session.givesHidden) nodes.push({ session, node, place });
    logRatio.push(ratio);
    logRatioBefore.push(earlier);
    logFactors.push(entry.logFactors);
  }
  if (tokens.length === 0) return null;
  const dead = particle.logWeight === -Infinity;
  return {
    execution: {
      tokens,
      places,
      logRatio: Float64Array.from(logRatio),
      logRatioBefore: Float64Array.from(logRatioBefore),
      logFactors: Float64Array.from(logFactors),
      wholeRatio: ratio,
      wholeFactors: dead ? -Infinity : particle.logWeight - ratio,
    },
    nodes,
  };
}

/** The tokens that are listed of a distribution, and their log-probabilities. */
function lawOf(law: TokenDraw, size: number): Pick<DrawnPlace, "ids" | "logPrior"> {
  const ids = listed(law, size);
  const logPrior = new Float64Array(ids.length + 1);
  let sum = 0;
  ids.forEach((id, at) => {
    logPrior[at] = law.logProbability(id);
    sum += Math.exp(law.logProbability(id));
  });
  logPrior[ids.length] = ids.length < size && sum < 1 ? Math.log(1 - sum) : -Infinity;
  return { ids, logPrior };
}

async function lookUpHidden(wanted: readonly Wanted[]): Promise<void> {
  const bySession = new Map<ModelSession, Wanted[]>();
  for (const w of wanted) {
    const some = bySession.get(w.session);
    if (some === undefined) bySession.set(w.session, [w]);
    else some.push(w);
  }
  for (const [session, some] of bySession) {
    const states = await session.hidden(some.map((w) => w.node));
    some.forEach((w, i) => (w.place.hidden = states[i]!));
  }
}

const drawnTwice = (span: string): TwistTrainingError =>
  new TwistTrainingError(
    "PGLX001",
    `\`${span}\` is drawn more than once in an execution: no twist is learned for such a draw.`,
    {
      hint: "Give the draws names of their own, and train a twist for one of them.",
    },
  );

/** A draw of a text that an execution comes to. */
export interface TextDrawFound {
  readonly name: string;
  readonly model: LanguageModel;
}

/** The draws of texts that a few executions of a program come to, in the order they come. */
export async function textDraws(
  program: Target,
  services: ReadonlyMap<string, unknown>,
  random: RandomSource,
  count = 8,
): Promise<readonly TextDrawFound[]> {
  const environment = new RunEnvironment(services, random.split(0));
  const population = Population.spawn(program, count, environment, random.split(1), {
    twists: "none",
    prepare: (particle) => startJournal(particle, { states: true }),
  });
  while (!population.finished) {
    const pending = blocks.advance(population);
    if (pending !== undefined) await pending;
  }
  const found = new Map<string, TextDrawFound>();
  for (const particle of population.particles) {
    const own: TextDrawFound[] = [];
    for (let at = particle.journal; at !== null && at.length > 0; at = at.previous) {
      const place = at.site.kind === "token" ? spanPlace(at.frame) : null;
      if (place !== null) own.push({ name: at.site.name, model: place.session.model });
    }
    for (const draw of own.reverse()) if (!found.has(draw.name)) found.set(draw.name, draw);
  }
  return [...found.values()];
}
