import { DEAD } from "../recogniser.js";
import type { Alphabet } from "./alphabet.js";
import { LazyRecogniser } from "./lazy.js";

/** An automaton that reads letters of an alphabet. */
export interface LetterAutomaton {
  readonly alphabet: Alphabet;
  readonly description: string;
  readonly start: number;
  /** The state after a letter; `DEAD` only when nothing is accepted any more. */
  next(state: number, letter: number): number;
  accepts(state: number): boolean;
  /** At most the number of letters still needed; `Infinity` when none helps. */
  shortest(state: number): number;
}

/** Reads the letters of an automaton as they are spelled in UTF-8. */
export class Spelled extends LazyRecogniser<number> {
  private readonly nodes: number;

  constructor(private readonly automaton: LetterAutomaton) {
    super(automaton.description, automaton.alphabet.byteClasses);
    this.nodes = automaton.alphabet.nodes;
  }

  // A value is the automaton's state and the node of the spelling: state · nodes + node.

  protected begin(): number | null {
    const { start } = this.automaton;
    return start === DEAD ? null : start * this.nodes;
  }

  protected next(value: number, byte: number): number | null {
    const { alphabet } = this.automaton;
    const node = value % this.nodes;
    const state = (value - node) / this.nodes;
    const child = alphabet.child(node, byte);
    if (child === -1) return null;
    if (child < 0) {
      const after = this.afterSymbol(state, -2 - child);
      return after === DEAD ? null : after * this.nodes;
    }
    // Part of a character: is there any way it can go on?
    const alive = alphabet.below[child]!.some((symbol) => this.afterSymbol(state, symbol) !== DEAD);
    return alive ? value - node + child : null;
  }

  protected isAccepting(value: number): boolean {
    return value % this.nodes === 0 && this.automaton.accepts(value / this.nodes);
  }

  protected bound(value: number): number {
    const node = value % this.nodes;
    if (node === 0) return this.automaton.shortest(value / this.nodes);
    const state = (value - node) / this.nodes;
    let least = Infinity;
    for (const symbol of this.automaton.alphabet.below[node]!) {
      const after = this.afterSymbol(state, symbol);
      if (after !== DEAD) least = Math.min(least, this.automaton.shortest(after));
    }
    return 1 + least;
  }

  protected key(value: number): number {
    return value;
  }

  private afterSymbol(state: number, symbol: number): number {
    for (const letter of this.automaton.alphabet.symbols[symbol]!) {
      state = this.automaton.next(state, letter);
      if (state === DEAD) return DEAD;
    }
    return state;
  }
}
