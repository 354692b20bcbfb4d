import { Context } from "./context.js";
import { LanguageModelError } from "./errors.js";
import type { Vocabulary } from "./vocabulary.js";

/** One message of a conversation. */
export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/**
 * How a conversation is written for a model: for each role what a message becomes (`{content}` stands for its text), and
 * what comes last, where the model is to answer. Names of special tokens in a template are those tokens; in the messages
 * they are text.
 */
export interface ChatTemplate {
  readonly roles: Readonly<Record<string, string>>;
  readonly answer: string;
}

/** The context in which the model answers `messages`. @throws LanguageModelError PGLM012 for a role the template has not. */
export function chatContext(template: ChatTemplate, messages: readonly ChatMessage[], vocabulary: Vocabulary): Context {
  let context = Context.empty;
  for (const { role, content } of messages) {
    const written = Object.hasOwn(template.roles, role) ? template.roles[role] : undefined;
    if (written === undefined) {
      throw new LanguageModelError("PGLM012", `This model's chat template has no role \`${role}\`.`, {
        hint: `It has: ${Object.keys(template.roles).join(", ")}.`,
      });
    }
    written.split("{content}").forEach((part, i) => {
      if (i > 0) context = context.plus(content);
      context = withSpecials(context, part, vocabulary);
    });
  }
  return withSpecials(context, template.answer, vocabulary);
}

function withSpecials(context: Context, part: string, vocabulary: Vocabulary): Context {
  let rest = part;
  while (rest !== "") {
    let first = rest.length;
    let token = -1;
    for (const [id, label] of vocabulary.specials) {
      const at = rest.indexOf(label);
      if (at >= 0 && (at < first || (at === first && token >= 0 && label.length > vocabulary.label(token).length))) {
        first = at;
        token = id;
      }
    }
    if (first > 0) context = context.plus(rest.slice(0, first));
    if (token < 0) return context;
    context = context.plus(vocabulary.token(token));
    rest = rest.slice(first + vocabulary.label(token).length);
  }
  return context;
}
