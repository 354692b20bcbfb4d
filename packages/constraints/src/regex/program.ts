import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { Alphabet, LAST_CODE_POINT, LAST_UNIT } from "../automata/alphabet.js";
import { type CodePointSet, complement } from "../automata/code-point-set.js";
import { allowedStates } from "../compiling.js";
import { ConstraintError } from "../errors.js";
import { type ClassContents, contentsOf, lineEnds, type SetFlags, wordSet } from "./character-sets.js";

/** Instructions an expression may come to. */
const mostInstructions = (): number => Math.ceil(allowedStates() / 4);

/** One instruction of a nondeterministic automaton; what reads nothing is followed at once. */
export type Instruction =
  | { readonly kind: "letter"; readonly set: number; readonly next: number }
  | { readonly kind: "split"; readonly next: readonly number[] }
  /** `^`: at the start of the text, or (`m`) after a line end. */
  | { readonly kind: "start"; readonly lines: boolean; readonly next: number }
  /** What follows (`ahead`), or what came before (`behind`), matches or does not. */
  | { readonly kind: "ahead"; readonly look: number; readonly negate: boolean; readonly next: number }
  | { readonly kind: "behind"; readonly look: number; readonly negate: boolean; readonly next: number }
  /** `\b`, `\B`. `look` asks whether a word character follows. */
  | { readonly kind: "border"; readonly look: number; readonly negate: boolean; readonly next: number }
  | { readonly kind: "accept" };

/** An expression as a nondeterministic automaton over letters, with its lookarounds as automata of their own. */
export interface Program {
  readonly source: string;
  readonly alphabet: Alphabet;
  readonly instructions: readonly Instruction[];
  /** By set, the letters in it. */
  readonly sets: readonly Uint8Array[];
  readonly start: number;
  readonly accept: number;
  /** Lookaheads: the texts that begin with a match. */
  readonly aheads: readonly Look[];
  /** Lookbehinds, those inside others first: the texts that end with a match. */
  readonly behinds: readonly Look[];
  /** Letters that are word characters and line ends; null when nothing asks for them. */
  readonly word: Uint8Array | null;
  readonly lineEnd: Uint8Array | null;
  readonly readsStart: boolean;
}

export interface Look {
  readonly start: number;
  readonly accept: number;
}

/**
 * Translates an expression that the JavaScript engine has accepted (Thompson 1968, continuation first).
 * @throws ConstraintError PGLC007 for what no finite automaton can check, PGLC006 when it is too large.
 */
export function programOf(source: string, flags: string): Program {
  const unicodeSets = flags.includes("v");
  const unicode = unicodeSets || flags.includes("u");
  const parser = new RegExpParser({ ecmaVersion: 2025 });
  const pattern = parser.parsePattern(
    source,
    0,
    source.length,
    unicodeSets ? { unicode: false, unicodeSets: true } : { unicode },
  );
  return new Compiler(`/${source}/${flags}`, {
    ignoreCase: flags.includes("i"),
    dotAll: flags.includes("s"),
    multiline: flags.includes("m"),
    unicode,
    unicodeSets,
  }).compile(pattern);
}

interface Flags extends SetFlags {
  readonly multiline: boolean;
}

class Compiler {
  private readonly instructions: Instruction[] = [];
  private readonly sets: CodePointSet[] = [];
  private readonly setNumbers = new Map<string, number>();
  private readonly contents = new Map<string, ClassContents>();
  private readonly aheads: Look[] = [];
  private readonly behinds: Look[] = [];
  private readonly namedAheads = new Map<string, number>();
  private wordFlags: SetFlags | null = null;
  private readsLines = false;
  private readsStart = false;

  constructor(
    private readonly source: string,
    private readonly flags: Flags,
  ) {}

  compile(pattern: AST.Pattern): Program {
    const accept = this.emit({ kind: "accept" });
    const start = this.alternatives(pattern.alternatives, accept, this.flags);
    const word = this.wordFlags === null ? null : wordSet(this.wordFlags);
    const extra = [...(word === null ? [] : [word]), ...(this.readsLines ? [lineEnds] : [])];
    const alphabet = new Alphabet([...this.sets, ...extra], this.flags.unicode ? "code point" : "utf-16");
    return {
      source: this.source,
      alphabet,
      instructions: this.instructions,
      sets: this.sets.map((s) => alphabet.lettersOf(s)),
      start,
      accept,
      aheads: this.aheads,
      behinds: this.behinds,
      word: word === null ? null : alphabet.lettersOf(word),
      lineEnd: this.readsLines ? alphabet.lettersOf(lineEnds) : null,
      readsStart: this.readsStart,
    };
  }

  private emit(instruction: Instruction): number {
    if (this.instructions.length >= mostInstructions()) {
      throw new ConstraintError("PGLC006", `${this.source} is too large: its repetitions unfold without end.`, {
        hint: "Use smaller bounds in {n,m}, or * with a bound on the length beside it. PGL_CONSTRAINT_STATES raises the limit.",
      });
    }
    return this.instructions.push(instruction) - 1;
  }

  /** Each method returns the instruction at which the piece begins, `next` being where it goes on. */
  private alternatives(alternatives: readonly AST.Alternative[], next: number, flags: Flags): number {
    const starts = alternatives.map((a) => this.sequence(a.elements, next, flags));
    return starts.length === 1 ? starts[0]! : this.emit({ kind: "split", next: starts });
  }

  private sequence(elements: readonly AST.Element[], next: number, flags: Flags): number {
    for (let i = elements.length - 1; i >= 0; i--) next = this.element(elements[i]!, next, flags);
    return next;
  }

  private element(node: AST.Element, next: number, flags: Flags): number {
    switch (node.type) {
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
      case "ExpressionCharacterClass":
        return this.characters(node, next, flags);
      case "Group":
        return this.alternatives(node.alternatives, next, withModifiers(flags, node.modifiers));
      case "CapturingGroup":
        return this.alternatives(node.alternatives, next, flags);
      case "Quantifier":
        return this.repeated(node, next, flags);
      case "Assertion":
        return this.assertion(node, next, flags);
      case "Backreference":
        throw new ConstraintError(
          "PGLC007",
          `\`${node.raw}\` in ${this.source} refers back to what a group matched: no finite automaton can check that while a text is drawn.`,
          {
            hint: "Write the alternatives out, or check the finished text by `condition` with a function of your own.",
          },
        );
    }
  }

  private repeated(node: AST.Quantifier, next: number, flags: Flags): number {
    const { min, max, element } = node;
    let after = next;
    if (max === Infinity) {
      // Reserved first: the body goes on here.
      const loop = this.emit({ kind: "split", next: [] });
      const body = this.element(element, loop, flags);
      this.instructions[loop] = { kind: "split", next: [body, next] };
      after = loop;
    } else {
      for (let i = min; i < max; i++) {
        const body = this.element(element, after, flags);
        after = this.emit({ kind: "split", next: [body, next] });
      }
    }
    for (let i = 0; i < min; i++) after = this.element(element, after, flags);
    return after;
  }

  private assertion(node: AST.Assertion, next: number, flags: Flags): number {
    switch (node.kind) {
      case "start":
        this.readsStart = true;
        this.readsLines ||= flags.multiline;
        return this.emit({ kind: "start", lines: flags.multiline, next });
      case "end": {
        // At the end, nothing follows; with `m`, nothing but a line end does.
        const last = flags.unicode ? LAST_CODE_POINT : LAST_UNIT;
        const barred: CodePointSet = flags.multiline ? complement(lineEnds, last) : [0, last];
        return this.emit({ kind: "ahead", look: this.letterAhead(barred), negate: true, next });
      }
      case "word": {
        this.wordFlags = flags;
        const look = this.letterAhead(wordSet(flags));
        return this.emit({ kind: "border", look, negate: node.negate, next });
      }
      case "lookahead":
      case "lookbehind": {
        const accept = this.emit({ kind: "accept" });
        const start = this.alternatives(node.alternatives, accept, flags);
        const list = node.kind === "lookahead" ? this.aheads : this.behinds;
        const look = list.push({ start, accept }) - 1;
        return this.emit({ kind: node.kind === "lookahead" ? "ahead" : "behind", look, negate: node.negate, next });
      }
    }
  }

  /** A lookahead for one letter of a set; the same for equal sets. */
  private letterAhead(set: CodePointSet): number {
    const key = set.join();
    let look = this.namedAheads.get(key);
    if (look === undefined) {
      const accept = this.emit({ kind: "accept" });
      const start = this.letter(set, accept);
      this.namedAheads.set(key, (look = this.aheads.push({ start, accept }) - 1));
    }
    return look;
  }

  private characters(
    node: AST.Character | AST.CharacterSet | AST.CharacterClass | AST.ExpressionCharacterClass,
    next: number,
    flags: Flags,
  ): number {
    const key = `${flags.ignoreCase}${flags.dotAll}${node.type}${node.raw}`;
    let contents = this.contents.get(key);
    if (contents === undefined) this.contents.set(key, (contents = contentsOf(node, flags)));
    const { set, strings } = contents;
    const ways = strings.map((s) => this.literal(s, next, flags));
    if (strings.length === 0 || set.length > 0) ways.push(this.letter(set, next));
    return ways.length === 1 ? ways[0]! : this.emit({ kind: "split", next: ways });
  }

  private literal(text: string, next: number, flags: Flags): number {
    for (const c of [...text].reverse()) {
      const value = c.codePointAt(0)!;
      const raw = `\\u{${value.toString(16)}}`;
      const node = { type: "Character", value, raw } as AST.Character;
      next = this.characters(node, next, flags);
    }
    return next;
  }

  private letter(set: CodePointSet, next: number): number {
    const key = set.join();
    let number = this.setNumbers.get(key);
    if (number === undefined) this.setNumbers.set(key, (number = this.sets.push(set) - 1));
    return this.emit({ kind: "letter", set: number, next });
  }
}

function withModifiers(flags: Flags, modifiers: AST.Modifiers | null): Flags {
  if (modifiers === null) return flags;
  const { add, remove } = modifiers;
  const set = (now: boolean, flag: "ignoreCase" | "dotAll" | "multiline"): boolean =>
    (now || add?.[flag] === true) && remove?.[flag] !== true;
  return {
    ...flags,
    ignoreCase: set(flags.ignoreCase, "ignoreCase"),
    dotAll: set(flags.dotAll, "dotAll"),
    multiline: set(flags.multiline, "multiline"),
  };
}
