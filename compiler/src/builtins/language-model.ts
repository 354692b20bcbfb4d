/** What an `lm` offers after the dot. Notation of signature.ts; arguments are emitted in this order. */
export interface LanguageModelMember {
  readonly name: string;
  readonly signature: string;
  readonly effect: "pure" | "async";
  readonly doc: string;
}

export const languageModelMembers: readonly LanguageModelMember[] = [
  {
    name: "text",
    signature:
      'text(after: string | context, stop_at?: (string | list<string>)?, stop_before?: (string | list<string>)?, max_tokens?: int, must_stop?: bool, matching?: constraint, guide?: "mask" | "awrs" | "none", twist?: "none" | twist | ((string) => float), shortlist?: int): dist<string, text>',
    effect: "pure",
    doc: 'A span of text, drawn token by token until a stop string, the end of the sequence or `max_tokens` (64). With `matching` conditioned on a constraint, as `observe … matches` does; `guide` says how it is drawn towards it; `twist: "none"` that it is drawn without looking ahead, `twist: t => w` that beginnings are steered by a function of the text so far, in nats, asked for the `shortlist` (20) likeliest tokens, and with the name of a learned twist (`twist ahead = "FILE"`) by that.',
  },
  {
    name: "next",
    signature: "next(ctx: string | context): dist<token, next-token>",
    effect: "pure",
    doc: "The next token.",
  },
  {
    name: "choose",
    signature: "choose(after: string | context, options: list<string>): dist<string, choice>",
    effect: "pure",
    doc: "One of the given strings, in proportion to the model's probability of each whole string.",
  },
  {
    name: "score",
    signature: "score(text: string, after?: string | context): float",
    effect: "async",
    doc: "The log-probability of a text after a context, in nats.",
  },
  {
    name: "context",
    signature: "context(text: string): context",
    effect: "pure",
    doc: "A text as the model's context, to which tokens can be added.",
  },
  {
    name: "tokens",
    signature: "tokens(text: string): list<token>",
    effect: "async",
    doc: "The canonical tokens of a text.",
  },
  {
    name: "chat",
    signature: "chat(messages: list<{ role: string, content: string }>): context",
    effect: "async",
    doc: "A conversation in the model's chat format, as a context.",
  },
];

export const languageModelMember: ReadonlyMap<string, LanguageModelMember> = new Map(
  languageModelMembers.map((member) => [member.name, member]),
);
