import { type Compiled, type Constraint, grammarRecogniser, jsonRecogniser } from "@pgl/constraints";
import { constraint } from "@pgl/core/prelude";
import { arithmetic, json, statements } from "./grammars.js";
import { anything, bounded, person, purchase } from "./schemas.js";

/** Regular constraints are drawn from finite automata; schemas and grammars have a stack. */
export type Kind = "regular" | "schemas and grammars";

/** A constraint that texts are asked to meet. */
export interface Task {
  readonly name: string;
  readonly kind: Kind;
  /** Compiled anew each time where states are made as they are met; what is made whole has none to be met first. */
  compile(): Compiled;
  /** The same for the peer: its regexes, JSON schemas and grammars; null where it has nothing like it. */
  readonly peer: PeerConstraint | null;
}

export type PeerConstraint =
  { readonly regex: string } | { readonly schema: unknown } | { readonly ebnf: string; readonly root?: string };

const regular = (name: string, make: () => Constraint, regex: string | null): Task => ({
  name,
  kind: "regular",
  compile: () => make().compiled()!,
  peer: regex === null ? null : { regex },
});

const expression = (name: string, source: string): Task =>
  regular(name, () => constraint.regex(source), source.replace(/\\b/g, ""));

const schema = (name: string, wanted: unknown): Task => ({
  name,
  kind: "schemas and grammars",
  compile: () => ({ recogniser: jsonRecogniser(wanted), decides: true }),
  peer: { schema: wanted },
});

const grammar = (name: string, { ours, theirs }: { readonly ours: string; readonly theirs: string }): Task => ({
  name,
  kind: "schemas and grammars",
  compile: () => ({ recogniser: grammarRecogniser(ours), decides: true }),
  peer: { ebnf: theirs },
});

const MONTH_DAY = "(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const NAMES = Array.from({ length: 30 }, (_, i) => `${"Alice Bob Carol Dan Eve".split(" ")[i % 5]} ${i}`);

/** With words that say what the set of possible tokens is like. */
export const tasks: readonly Task[] = [
  regular(
    "a keyword somewhere: nearly every token",
    () => constraint.regex(".*\\b(smiled|happy|friends)\\b.*", "s"),
    ".*(smiled|happy|friends).*",
  ),
  expression("no letter e: half of the tokens", "[^eE]*"),
  expression("a date: few tokens", `[0-9]{4}-${MONTH_DAY}`),
  expression("an e-mail address", "[a-zA-Z0-9_.+-]{1,20}@[a-z0-9-]{1,20}(\\.[a-z]{2,8}){1,3}"),
  regular("five to eight words", () => constraint.words(5, 8), "\\s*(\\S+\\s+){4,7}\\S+\\s*"),
  expression("capitalised, at most 60 characters", "[A-Z][a-z ,']{0,58}[.!?]"),
  regular("one of thirty names", () => constraint.text(NAMES), NAMES.join("|")),
  regular(
    "a word, no other one, a length",
    () =>
      constraint.and(
        constraint.contains("dragon"),
        constraint.not(constraint.contains("fire")),
        constraint.chars(20, 80),
      ),
    null,
  ),
  schema("schema of a person", person),
  schema("schema with bounded strings and patterns", bounded),
  schema("schema of a purchase, as in an API", purchase),
  schema("any JSON", anything),
  grammar("grammar of arithmetic", arithmetic),
  grammar("grammar of JSON", json),
  grammar("grammar of statements", statements),
];
