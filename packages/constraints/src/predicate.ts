import { type Constraint, TextConstraint } from "./constraint.js";
import { ConstraintError } from "./errors.js";
import { DEAD, type Recogniser } from "./recogniser.js";

/** What a program of one's own says of texts. Both functions must give the same answer whenever they are asked. */
export interface TextPredicate {
  /**
   * Whether a text that begins so may still become complete. It may say yes too often, which costs time, never no where a
   * continuation is complete: that would take its probability away. It is asked of beginnings that end between characters.
   */
  prefixPossible(text: string): boolean;
  /** Whether the text, ending here, is one of those meant. */
  complete(text: string): boolean;
}

/**
 * The texts for which `predicate.complete` says yes. Asking is taken to be dear: while a text is drawn, only tokens that come
 * up are asked about (adaptive rejection), the answers are kept.
 * @throws ConstraintError PGLC003 when it is no predicate; while drawing or testing, PGLC010 when it answers with something
 * else than a boolean, or says that a complete text is not possible.
 */
export function predicate(predicate: TextPredicate): Constraint {
  const made = constraints.get(predicate);
  if (made !== undefined) return made;
  const { prefixPossible, complete } = (predicate ?? {}) as Partial<TextPredicate>;
  if (typeof prefixPossible !== "function" || typeof complete !== "function") {
    throw new ConstraintError("PGLC003", "`predicate` takes an object with `prefixPossible` and `complete`.", {
      hint: "Both are functions of the text that return true or false.",
    });
  }
  const constraint = new TextConstraint(
    "predicate(…)",
    (text) => asked("complete", predicate.complete(text)),
    () => ({ recogniser: new PredicateRecogniser(predicate), decides: true }),
  );
  constraints.set(predicate, constraint);
  return constraint;
}

/** Programs make the same constraint in every execution; its answers are kept with it. */
const constraints = new WeakMap<TextPredicate, Constraint>();

function asked(name: string, answer: unknown): boolean {
  if (typeof answer === "boolean") return answer;
  throw new ConstraintError("PGLC010", `\`${name}\` answered ${String(answer)}, not true or false.`);
}

/** Beginnings that are kept, about a hundred bytes each. */
const MOST_STATES = 5_000_000;
const UNKNOWN = 2;

/** A tree of the beginnings that have been read. Bytes within a character are not asked about. */
class PredicateRecogniser implements Recogniser {
  readonly exact = false;
  readonly classes = null;
  readonly costly = true;
  private readonly parent: number[] = [-1];
  private readonly last: number[] = [0];
  private readonly depth: number[] = [0];
  private readonly completes: number[] = [UNKNOWN];
  private readonly next = new Map<number, number>();
  private first: number | undefined;

  constructor(private readonly predicate: TextPredicate) {}

  get start(): number {
    return (this.first ??= this.possible("", 0) ? 0 : DEAD);
  }

  step(state: number, byte: number): number {
    const key = state * 256 + byte;
    const known = this.next.get(key);
    if (known !== undefined) return known;
    const fresh = this.parent.length;
    if (fresh >= MOST_STATES) {
      throw new ConstraintError("PGLC006", `A predicate has been asked about ${MOST_STATES} beginnings of texts.`, {
        hint: "Say in `prefixPossible` what is not possible any more, or draw fewer or shorter texts.",
      });
    }
    this.parent.push(state);
    this.last.push(byte);
    this.depth.push(this.depth[state]! + 1);
    this.completes.push(UNKNOWN);
    const text = this.textOf(fresh);
    const after = text === null || this.possible(text, fresh) ? fresh : DEAD;
    this.next.set(key, after);
    return after;
  }

  accepts(state: number): boolean {
    if (this.completes[state] === UNKNOWN) {
      const text = this.textOf(state);
      this.completes[state] = text !== null && asked("complete", this.predicate.complete(text)) ? 1 : 0;
    }
    return this.completes[state] === 1;
  }

  shortest(state: number): number {
    return this.accepts(state) ? 0 : 1;
  }

  private possible(text: string, state: number): boolean {
    if (asked("prefixPossible", this.predicate.prefixPossible(text))) return true;
    if (!this.accepts(state)) return false;
    throw new ConstraintError(
      "PGLC010",
      `\`prefixPossible\` says that ${JSON.stringify(text)} cannot become a text that is meant, and \`complete\` that it is one.`,
      { hint: "`prefixPossible` is true of every beginning of a complete text, and of the text itself." },
    );
  }

  /** Null within a character. */
  private textOf(state: number): string | null {
    const bytes = new Uint8Array(this.depth[state]!);
    for (let at = state, i = bytes.length - 1; i >= 0; i--, at = this.parent[at]!) bytes[i] = this.last[at]!;
    try {
      return decoder.decode(bytes);
    } catch {
      return null;
    }
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
