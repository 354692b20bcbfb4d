/** A program with a twist, and what is different without it. */
export interface Subject {
  readonly what: string;
  readonly source: string;
  readonly tokens: number;
  /** Where the twist comes from: by itself, trained for the draw, or a function in `source`, which `without` is without. */
  readonly twist: "automatic" | "learned" | { readonly without: string };
}

/** As in examples/rare-ending.pgl. */
export const rareEnding = `
lm writer = "stories"

model story(tokens: int): string {
  let text ~ writer.text(after: "One day, Lily went to the park. She", max_tokens: tokens)
  observe text matches /[^]*friends\\./
  return text
}
`;

/** Weighed by its words. */
const cheerful = (option: string): string => `
lm writer = "stories"

fn cheer(text: string): float = 0.7 * float(count(text, "happy") + count(text, "smil") + count(text, "fun"))

model story(tokens: int): string {
  let text ~ writer.text(after: "Once upon a time, there was a", max_tokens: tokens${option})
  factor cheer(text)
  return text
}
`;

export const subjects: readonly Subject[] = [
  { what: "automatic, a rare ending, 16 tokens", source: rareEnding, tokens: 16, twist: "automatic" },
  { what: "automatic, a rare ending, 40 tokens", source: rareEnding, tokens: 40, twist: "automatic" },
  { what: "learned, 20 tokens", source: cheerful(""), tokens: 20, twist: "learned" },
  {
    what: "a function, shortlist of 20, 20 tokens",
    source: cheerful(", twist: t => cheer(t)"),
    tokens: 20,
    twist: { without: cheerful("") },
  },
];
