import type { Environment, Request, RequestHandler } from "@pgl/runtime";
import { chatContext, type ChatMessage } from "./chat-template.js";
import { Context } from "./context.js";
import { LanguageModelError } from "./errors.js";
import type { LanguageModel } from "./language-model.js";
import { sum } from "./log-sum.js";
import { ChooseProcess } from "./processes/choose.js";
import { NextProcess } from "./processes/next.js";
import { TextProcess, type TextProcessOptions } from "./processes/text.js";
import { type ModelReference, type ModelSession, sessionOf } from "./session.js";
import type { Token } from "./token.js";

/** What `lm.text` takes. */
export interface TextOptions extends TextProcessOptions {
  /** What the span follows; nothing by default. */
  readonly after?: string | Context;
}

/** What `lm.choose` takes. */
export interface ChooseOptions {
  /** What the option follows; nothing by default. */
  readonly after?: string | Context;
  readonly options: readonly string[];
}

const TEXT_OPTIONS = new Set([
  "after",
  "stop_at",
  "stop_before",
  "max_tokens",
  "must_stop",
  "matching",
  "guide",
  "twist",
  "shortlist",
]);
const CHOOSE_OPTIONS = new Set(["after", "options"]);
const SCORE_OPTIONS = new Set(["after"]);

/**
 * A language model as a program names it. It is a pure value: which model it is, a run decides, whose environment has the
 * model under `lm:NAME`.
 */
export class LanguageModelAlias implements ModelReference {
  readonly kind = "lm";

  constructor(
    readonly name: string,
    /** What the program's declaration asks for, as `stories`; null when it was made from a loaded model. */
    readonly spec: string | null,
    /** The model used when a run brings none under this name. */
    readonly bound: LanguageModel | null = null,
    /** The file of a surrogate of the model that `spec` asks for, as it is written (`pgl distill`). */
    readonly surrogate: string | null = null,
  ) {}

  /** Text drawn token by token, as a distribution over strings. @throws LanguageModelError PGLM012 for options that make no sense. */
  text(options: TextOptions = {}): TextProcess {
    checkOptions("text", options, TEXT_OPTIONS);
    return new TextProcess(this, Context.of(options.after ?? ""), options);
  }

  /** The next token after a context. */
  next(context: string | Context): NextProcess {
    return NextProcess.of(this, Context.of(context));
  }

  /** One of some strings, each as likely as the model finds the whole of it. */
  choose(options: ChooseOptions): ChooseProcess {
    checkOptions("choose", options, CHOOSE_OPTIONS);
    return new ChooseProcess(this, Context.of(options.after ?? ""), options.options);
  }

  /** A context that begins with a text, or is one already. */
  context(text: string | Context): Context {
    return Context.of(text);
  }

  /**
   * The log-probability, in nats, of a text after a context: that of its canonical tokens one after the other, without any
   * ending. 0 for the empty text.
   */
  score(text: string, options: { readonly after?: string | Context } = {}): Request<number> {
    checkOptions("score", options, SCORE_OPTIONS);
    return {
      handler: this.scoreHandler,
      payload: { text, after: Context.of(options.after ?? "") } satisfies ScorePayload,
    };
  }

  /** The canonical tokens of a text, without a begin token. */
  tokens(text: string): Request<readonly Token[]> {
    return { handler: this.tokensHandler, payload: text };
  }

  /** The context in which the model answers a conversation. Fails with PGLM011 when the model has no chat template. */
  chat(messages: readonly ChatMessage[]): Request<Context> {
    return { handler: this.chatHandler, payload: messages };
  }

  /** How many canonical tokens a text has in the run's model. @throws LanguageModelError PGLM008 when it cannot spell it. */
  countTokens(text: string, environment: Environment): number {
    return this.model(environment).vocabulary.encode(text).length;
  }

  session(environment: Environment): ModelSession {
    return sessionOf(this.model(environment), environment);
  }

  private model(environment: Environment): LanguageModel {
    const key = `lm:${this.name}`;
    if (this.bound !== null && !environment.services.has(key)) return this.bound;
    return environment.service<LanguageModel>(key);
  }

  private readonly scoreHandler: RequestHandler<number> = {
    name: "score",
    answer: async (payloads, environment) => {
      const session = this.session(environment);
      const { vocabulary } = session.model;
      const paths = (payloads as readonly ScorePayload[]).map(({ text, after }) => ({
        start: after.nodeIn(session.tree, vocabulary),
        tokens: vocabulary.encode(text),
        law: session.plain,
      }));
      return (await session.scorePaths(paths)).map(sum);
    },
  };

  private readonly tokensHandler: RequestHandler<readonly Token[]> = {
    name: "tokens",
    answer: (payloads, environment) => {
      const { vocabulary } = this.model(environment);
      return (payloads as readonly string[]).map((text) =>
        Array.from(vocabulary.encode(text), (id) => vocabulary.token(id)),
      );
    },
  };

  private readonly chatHandler: RequestHandler<Context> = {
    name: "chat",
    answer: (payloads, environment) => {
      const model = this.model(environment);
      const { chatTemplate } = model;
      if (chatTemplate === undefined) {
        throw new LanguageModelError("PGLM011", `The model ${model.name} has no chat template.`, {
          hint: "Write the prompt as text for it to continue, or use a model that was trained on conversations.",
        });
      }
      return (payloads as readonly (readonly ChatMessage[])[]).map((messages) =>
        chatContext(chatTemplate, messages, model.vocabulary),
      );
    },
  };
}

interface ScorePayload {
  readonly text: string;
  readonly after: Context;
}

/**
 * A language model under a name: `lm("writer", "stories")` as programs declare it, or `lm("writer", model)` with a model
 * that has been loaded. `surrogate` is a file of one of that model.
 */
export function lm(
  name: string,
  model: string | LanguageModel,
  { surrogate = null }: { readonly surrogate?: string | null } = {},
): LanguageModelAlias {
  return typeof model === "string"
    ? new LanguageModelAlias(name, model, null, surrogate)
    : new LanguageModelAlias(name, null, model, surrogate);
}

function checkOptions(method: string, options: object, known: ReadonlySet<string>): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new LanguageModelError("PGLM012", `\`${method}\` takes its options by name.`);
  }
  for (const key of Object.keys(options)) {
    if (!known.has(key)) {
      throw new LanguageModelError("PGLM012", `\`${method}\` has no option \`${key}\`.`, {
        hint: `It has: ${[...known].join(", ")}.`,
      });
    }
  }
}
