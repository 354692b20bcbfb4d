import { LanguageModelError, modelIdentity, sameModel, type LanguageModel, type ModelIdentity } from "@pgl/lm";
import type { ModelSession, NextTokens, OpenTwist, Shortlisted, SpanTwist, TwistedSpan } from "@pgl/lm";
import type { Request } from "@pgl/runtime";
import { describeArguments } from "./arguments.js";
import type { DrawnPlace } from "./executions.js";
import type { TwistNetwork } from "./network.js";
import { listedNext } from "./shortlist.js";
import { softplus } from "./softplus.js";

/** A twist that was learned, as data. */
export interface LearnedTwistData {
  readonly network: TwistNetwork;
  /** The name of the draw it is for. */
  readonly draw: string;
  /** The model of the program. */
  readonly program: string;
  /** The loss it was learned with. */
  readonly loss: string;
  readonly lm: ModelIdentity;
  readonly link: "identity" | "log_sigmoid";
  /** Whether ψ is the ratio of a learned proposal to the model. */
  readonly proposalOnly: boolean;
  /** Nats added to log ψ, so that it is the expected future weight and not a multiple of it. */
  readonly offset: number;
}

/**
 * A twist learned for one draw of a program (`pgl train`): log ψ is what a small network makes of the model's hidden state,
 * the tokens left and the program's arguments. It outlasts its span, because it says what the program will weigh it with.
 *
 * The measure of a program does not depend on it: one that is bad, or for other arguments, costs variance alone.
 */
export class LearnedTwist implements SpanTwist {
  readonly name: string;

  constructor(
    readonly data: LearnedTwistData,
    private readonly given: readonly unknown[] = [],
    /** Models that it is known to be for. */
    private readonly checked = new WeakSet<LanguageModel>(),
  ) {
    this.name = `learned (${data.loss}) for ${data.draw} of ${data.program}`;
  }

  /** For a program with these arguments. */
  with(given: readonly unknown[]): LearnedTwist {
    return new LearnedTwist(this.data, given, this.checked);
  }

  /** The same twist, known to be for this model. */
  trusting(model: LanguageModel): this {
    this.checked.add(model);
    return this;
  }

  /** @throws LanguageModelError PGLM019 when it was learned for another model or vocabulary. */
  open({ session }: TwistedSpan): OpenTwist<LearnedState> | Promise<OpenTwist<LearnedState>> {
    const { data, given } = this;
    const { model } = session;
    const opened = (): OpenTwist<LearnedState> => {
      const described = data.network.shape.arguments === 0 ? null : describeArguments(given, model);
      if (described !== null && described.length !== data.network.shape.arguments) {
        throw new LanguageModelError("PGLM019", `The ${this.name} was learned for other arguments.`, {
          hint: `Train one for this program: pgl train FILE.`,
        });
      }
      return new OpenLearnedTwist(session, data, new Arguments(data.network, described));
    };
    if (this.checked.has(model)) return opened();
    return modelIdentity(model).then((identity) => {
      if (!sameModel(identity, data.lm)) throw otherModel(this.name, data.lm, identity);
      this.checked.add(model);
      return opened();
    });
  }
}

function otherModel(name: string, wanted: ModelIdentity, found: ModelIdentity): LanguageModelError {
  const what = wanted.vocabulary === found.vocabulary ? "other weights" : "another vocabulary";
  return new LanguageModelError(
    "PGLM019",
    `The twist ${name} was made for the model ${wanted.name}; ${found.name} has ${what}.`,
    { hint: "Train it for this model: pgl train FILE." },
  );
}

/** What the network reads of a set of arguments. */
class Arguments {
  readonly summary: Float64Array | null;
  readonly tokens: Uint8Array | null;

  constructor(network: TwistNetwork, described: Float32Array | null) {
    this.summary = network.summary(described);
    this.tokens = network.given(described);
  }
}

interface LearnedState {
  /** log ψ of the beginning, where that is needed for what comes. */
  readonly logPsi: number;
  /** log ψ of the beginning continued by each token: filled when it is asked for. */
  ahead: Shortlisted | null;
}

/** Places whose outputs are kept. */
const KEPT = 1024;
/** Share of a draw that does not look at the twist: what the network has never seen can still be drawn. */
const PLAIN_SHARE = 0.01;

class OpenLearnedTwist implements OpenTwist<LearnedState> {
  readonly outlasts = true;
  readonly plainShare = PLAIN_SHARE;
  readonly start: LearnedState = { logPsi: 0, ahead: null };
  private readonly made = new Map<number, Shortlisted>();

  constructor(
    private readonly session: ModelSession,
    private readonly data: LearnedTwistData,
    private readonly given: Arguments,
  ) {}

  ask(_state: LearnedState, node: number): Request<Float32Array> | null {
    if (this.data.network.shape.hidden === 0 || this.session.knownHidden(node) !== null) return null;
    return this.session.hiddenRequest(node);
  }

  next(state: LearnedState, node: number, left: number, answer: unknown, tokens: NextTokens): Shortlisted {
    let relative = this.made.get(node);
    if (relative === undefined) {
      if (this.made.size >= KEPT) this.made.clear();
      this.made.set(node, (relative = this.outputs(node, left, answer, tokens)));
    }
    if (!this.data.proposalOnly) return relative;
    const { ids, logPsi, rest } = relative;
    return (state.ahead ??= { ids, logPsi: logPsi.map((x) => x + state.logPsi), rest: rest + state.logPsi });
  }

  advance({ ahead }: LearnedState, token: number): LearnedState {
    if (!this.data.proposalOnly) return this.start;
    const { ids, logPsi, rest } = ahead!;
    const at = ids.indexOf(token);
    return { logPsi: at < 0 ? rest : logPsi[at]!, ahead: null };
  }

  /** log ψ after `node`; of a proposal, beside that of the beginning. */
  private outputs(node: number, left: number, answer: unknown, tokens: NextTokens): Shortlisted {
    const { session, data, given } = this;
    const { network } = data;
    const { window, hidden } = network.shape;
    const recent = hidden > 0 ? [] : Array.from(session.tree.last(node, window)).reverse();
    const state = session.knownHidden(node) ?? (answer as Float32Array | undefined) ?? null;
    const ids = listedNext(tokens);
    const x = logPsiOf(data, network.outputs({ hidden: state, recent, left, ids }, given.summary, given.tokens));
    if (data.proposalOnly) {
      const normaliser = logMean(x, (at) => tokens.logProbability(ids[at]!));
      for (let at = 0; at < x.length; at++) x[at]! -= normaliser;
    }
    return { ids, logPsi: x.subarray(0, ids.length), rest: x[ids.length]! };
  }
}

/** log ψ of a network's outputs, in their place. */
function logPsiOf({ link, offset, proposalOnly }: LearnedTwistData, x: Float64Array): Float64Array {
  if (link === "log_sigmoid") for (let at = 0; at < x.length; at++) x[at] = -softplus(-x[at]!);
  if (!proposalOnly) for (let at = 0; at < x.length; at++) x[at]! += offset;
  return x;
}

/** log Σ p·ψ over the tokens listed, and the last for the others. */
function logMean(x: Float64Array, logProbability: (at: number) => number): number {
  const last = x.length - 1;
  let most = -Infinity;
  for (const one of x) most = Math.max(most, one);
  let sum = 0;
  let left = 1;
  for (let at = 0; at < last; at++) {
    const p = Math.exp(logProbability(at));
    left -= p;
    sum += p * Math.exp(x[at]! - most);
  }
  return most + Math.log(sum + Math.max(0, left) * Math.exp(x[last]! - most));
}

/**
 * For an execution that was drawn from the model itself: log p0/q of its tokens, had it been drawn towards the twist.
 * @returns up to each token, and before it
 */
export function ratiosTowards(
  { data }: LearnedTwist,
  described: Float32Array | null,
  places: readonly DrawnPlace[],
  tokens: readonly number[],
): { readonly logRatio: Float64Array; readonly logRatioBefore: Float64Array } {
  const given = new Arguments(data.network, described);
  const logRatio = new Float64Array(tokens.length);
  const logRatioBefore = new Float64Array(tokens.length);
  let ratio = 0;
  places.forEach((place, t) => {
    const x = logPsiOf(data, data.network.outputs(place, given.summary, given.tokens));
    const at = place.ids.indexOf(tokens[t]!);
    const own = x[at < 0 ? place.ids.length : at]! - logMean(x, (i) => place.logPrior[i]!);
    logRatioBefore[t] = ratio;
    ratio -= Math.log((1 - PLAIN_SHARE) * Math.exp(own) + PLAIN_SHARE);
    logRatio[t] = ratio;
  });
  return { logRatio, logRatioBefore };
}
