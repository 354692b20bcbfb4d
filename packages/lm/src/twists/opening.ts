import type { Environment, Request, RequestHandler, Site } from "@pgl/runtime";
import { LanguageModelError } from "../errors.js";
import type { LanguageModel } from "../language-model.js";
import type { ModelSession } from "../session.js";
import type { OpenTwist, SpanTwist, TwistedSpan } from "./span-twist.js";
import type { TokenSurrogate } from "./surrogate.js";
import { TwistAlias } from "./twist-alias.js";

type Opened = OpenTwist | Promise<OpenTwist>;

/** Spans of one run whose open twists are kept: particles come to the same ones one after the other. */
const KEPT = 256;

/** The twist of a span, opened once for all executions of a run that come to such a span about the same time. */
export function openTwist(twist: SpanTwist, span: TwistedSpan): Opened {
  let twists = sessions.get(span.session);
  if (twists === undefined) sessions.set(span.session, (twists = new WeakMap()));
  let spans = twists.get(twist);
  if (spans === undefined) twists.set(twist, (spans = new Map()));
  const key = `${span.node}:${span.plain}`;
  let same = spans.get(key);
  if (same === undefined) {
    if (spans.size >= KEPT) spans.delete(spans.keys().next().value!);
    spans.set(key, (same = []));
  }
  const known = same.find(({ rule, conditioning }) => rule === span.rule && conditioning === span.conditioning);
  if (known !== undefined) return known.opened;
  const entry: Entry = { rule: span.rule, conditioning: span.conditioning, opened: twist.open(span) };
  if (same.length >= KEPT) same.shift();
  same.push(entry);
  if (entry.opened instanceof Promise) {
    void entry.opened.then(
      (open) => (entry.opened = open),
      () => undefined,
    );
  }
  return entry.opened;
}

interface Entry extends Pick<TwistedSpan, "rule" | "conditioning"> {
  opened: Opened;
}

/** What a frame asks for to wait for a twist. */
export function openingOf(opened: Promise<OpenTwist>): Request<OpenTwist> {
  return { handler: opening, payload: opened };
}

const opening: RequestHandler<OpenTwist> = {
  name: "twist",
  answer: (payloads) => Promise.all(payloads as readonly Promise<OpenTwist>[]),
};

/** Programs may make a new twist in every execution: it goes with what is kept of it. */
const sessions = new WeakMap<ModelSession, WeakMap<SpanTwist, Map<string, Entry[]>>>();

/** What a run says about twists, under the service `twists`; a run without one finds twists where it can. */
export interface TwistService {
  /** Whether twists are chosen for spans that name none. */
  readonly automatic: boolean;
  /** Twists by the names of draws: for spans whose program names none. */
  readonly given?: ReadonlyMap<string, SpanTwist>;
  /**
   * The twist that a program names by a file for the draw at `site`. Null: it is drawn as if the program named none.
   * @throws PglError when the file cannot be used for this draw.
   */
  readonly named?: (alias: TwistAlias, site: Site, environment: Environment) => SpanTwist | null;
  /** What looks ahead for a model, in place of what the model has. */
  readonly surrogates?: ReadonlyMap<LanguageModel, TokenSurrogate>;
  /** Models whose surrogate the user has given: a warning says where it is not used. */
  readonly expected?: ReadonlySet<LanguageModel>;
  /** Told of each span that is twisted, by the name of its draw. */
  readonly used?: (span: string, twist: string) => void;
}

/** The twist that a draw has for itself, for this run. @throws LanguageModelError PGLM022 when the run reads no files of twists. */
export function ownTwist(twist: SpanTwist | TwistAlias, site: Site, environment: Environment): SpanTwist | null {
  if (!(twist instanceof TwistAlias)) return twist;
  const { named } = twistService(environment);
  if (named !== undefined) return named(twist, site, environment);
  throw new LanguageModelError("PGLM022", `This run reads no file for the twist \`${twist.name}\`.`, {
    site,
    hint: "Runs by `infer`, `run` and `pgl run` do.",
  });
}

export const twistService = (environment: Environment): TwistService =>
  (environment.services.get("twists") as TwistService | undefined) ?? { automatic: true };
