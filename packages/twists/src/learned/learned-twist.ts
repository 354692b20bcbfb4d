import { LanguageModelError, modelIdentity, sameModel, type LanguageModel, type ModelIdentity } from "@pgl/lm";
import type { ModelSession, OpenTwist, SpanTwist, TwistedSpan } from "@pgl/lm";
import type { Request } from "@pgl/runtime";
import { describeArguments } from "./arguments.js";
import type { TwistNetwork } from "./network.js";

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
      return new OpenLearnedTwist(session, data, data.network.summary(described));
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

interface LearnedState {
  /** log ψ of the beginning, where that is needed for what comes. */
  readonly logPsi: number;
  /** log ψ of the beginning continued by each token: filled when it is asked for. */
  ahead: Float64Array | null;
}

/** Places whose outputs are kept. */
const KEPT = 1024;

class OpenLearnedTwist implements OpenTwist<LearnedState> {
  readonly outlasts = true;
  readonly start: LearnedState = { logPsi: 0, ahead: null };
  private readonly made = new Map<number, Float64Array>();

  constructor(
    private readonly session: ModelSession,
    private readonly data: LearnedTwistData,
    private readonly summary: Float64Array | null,
  ) {}

  ask(_state: LearnedState, node: number): Request<Float32Array> | null {
    if (this.data.network.shape.hidden === 0 || this.session.knownHidden(node) !== null) return null;
    return this.session.hiddenRequest(node);
  }

  next(state: LearnedState, node: number, left: number, answer?: unknown): Float64Array {
    let relative = this.made.get(node);
    if (relative === undefined) {
      if (this.made.size >= KEPT) this.made.clear();
      this.made.set(node, (relative = this.outputs(node, left, answer)));
    }
    if (!this.data.proposalOnly) return relative;
    return (state.ahead ??= relative.map((x) => x + state.logPsi));
  }

  advance({ ahead }: LearnedState, token: number): LearnedState {
    return this.data.proposalOnly ? { logPsi: ahead![token]!, ahead: null } : this.start;
  }

  /** log ψ after `node`; of a proposal, beside that of the beginning. */
  private outputs(node: number, left: number, answer: unknown): Float64Array {
    const { session, data } = this;
    const { network, link, offset, proposalOnly } = data;
    const { window, hidden } = network.shape;
    const recent = hidden > 0 ? [] : Array.from(session.tree.last(node, window)).reverse();
    const state = session.knownHidden(node) ?? (answer as Float32Array | undefined) ?? null;
    const x = network.outputs({ hidden: state, recent, left }, this.summary);
    if (link === "log_sigmoid") for (let v = 0; v < x.length; v++) x[v] = -softplus(-x[v]!);
    if (!proposalOnly) {
      for (let v = 0; v < x.length; v++) x[v]! += offset;
      return x;
    }
    // Without the row ψ is one that is not renormalised: it costs variance.
    const row = session.peek(node);
    if (row === undefined) return x;
    let most = -Infinity;
    for (let v = 0; v < x.length; v++) most = Math.max(most, row.logProbability(v) + x[v]!);
    let sum = 0;
    for (let v = 0; v < x.length; v++) sum += Math.exp(row.logProbability(v) + x[v]! - most);
    const normaliser = most + Math.log(sum);
    for (let v = 0; v < x.length; v++) x[v]! -= normaliser;
    return x;
  }
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
