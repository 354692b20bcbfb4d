import type { Alphabet } from "../automata/alphabet.js";
import type { LetterAutomaton } from "../automata/spelled.js";
import { allowedStates, tooLarge } from "../compiling.js";
import { DEAD } from "../recogniser.js";
import type { Look, Program } from "./program.js";

/**
 * A way the expression may be in the middle of a match: where in the program, and what must hold of the text still to come
 * (numbers of `Duty`s, ascending). Ways are alternatives; the duties of one must hold together.
 */
interface Way {
  readonly at: number;
  readonly duties: readonly number[];
}

/** A lookahead that is being checked: the rest of the text must, or must not, be accepted from a state of its own. */
interface Duty {
  readonly look: number;
  readonly negate: boolean;
  readonly state: number;
}

/** What is known of the text before a place: all that `^`, `\b` and lookbehinds ask. */
interface View {
  readonly atStart: boolean;
  readonly afterWord: boolean;
  readonly afterLineEnd: boolean;
  /** By lookbehind, the ways of its program that end here. */
  readonly behind: readonly (readonly Way[])[];
}

interface State {
  readonly view: View;
  readonly ways: readonly Way[];
}

/**
 * The expression as a deterministic automaton over letters, made as it is read (subset construction). Lookaheads run
 * beside the match as automata of their own (an alternating automaton); lookbehinds run from the start of the text and are
 * asked where the match comes to them. Since no text can be unread, nothing is ever tried twice.
 */
export class RegexAutomaton implements LetterAutomaton {
  readonly alphabet: Alphabet;
  readonly description: string;
  readonly start: number;
  private readonly states: State[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly transitions = new Map<number, number>();
  private readonly lookStates: (readonly Way[])[][];
  private readonly lookNumbers: Map<string, number>[];
  private readonly duties: Duty[] = [];
  private readonly dutyNumbers = new Map<string, number>();
  /** By instruction, letters needed at least to the end of the program it is in. */
  private readonly distances: Int32Array;
  private readonly lookAccepts: ReadonlySet<number>;

  constructor(private readonly program: Program) {
    this.alphabet = program.alphabet;
    this.description = program.source;
    this.lookStates = program.aheads.map(() => []);
    this.lookNumbers = program.aheads.map(() => new Map<string, number>());
    this.distances = distancesToEnd(program);
    this.lookAccepts = new Set(program.aheads.map((l) => l.accept));
    const view = this.firstView();
    this.start = this.number(view, this.close([{ at: program.start, duties: [] }], view));
  }

  next(state: number, letter: number): number {
    const key = state * this.alphabet.size + letter;
    const known = this.transitions.get(key);
    if (known !== undefined) return known;
    const { view, ways } = this.states[state]!;
    const after = this.nextView(view, letter);
    const next = this.number(after, this.close(this.advance(ways, letter, after), after));
    this.transitions.set(key, next);
    return next;
  }

  accepts(state: number): boolean {
    return this.acceptsHere(this.states[state]!.ways, this.program.accept);
  }

  shortest(state: number): number {
    let least = Infinity;
    for (const { at } of this.states[state]!.ways) least = Math.min(least, this.distances[at]!);
    return least;
  }

  private number(view: View, ways: readonly Way[]): number {
    if (ways.length === 0) return DEAD;
    const key = `${viewKey(view)}|${waysKey(ways)}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      if (this.states.length >= allowedStates()) throw tooLarge(this.description, allowedStates());
      this.numbers.set(key, (number = this.states.push({ view, ways }) - 1));
    }
    return number;
  }

  // What came before.

  private firstView(): View {
    const view = { atStart: this.program.readsStart, afterWord: false, afterLineEnd: false, behind: [] as Way[][] };
    for (const look of this.program.behinds) view.behind.push(this.ending(look, [], view));
    return view;
  }

  private nextView(before: View, letter: number): View {
    const { word, lineEnd, behinds } = this.program;
    const view = {
      atStart: false,
      afterWord: word !== null && word[letter] === 1,
      afterLineEnd: lineEnd !== null && lineEnd[letter] === 1,
      behind: [] as Way[][],
    };
    // In order: a lookbehind asks only those inside it, which come first.
    behinds.forEach((look, i) => {
      view.behind.push(this.ending(look, this.advance(before.behind[i]!, letter, view), view));
    });
    return view;
  }

  /** Ways of a lookbehind: those that go on, and the one that begins here. */
  private ending(look: Look, going: readonly Way[], view: View): Way[] {
    return this.close([...going, { at: look.start, duties: [] }], view);
  }

  // Reading.

  /** The ways after a letter, before instructions that read nothing are followed. */
  private advance(ways: readonly Way[], letter: number, view: View): Way[] {
    const { instructions, sets } = this.program;
    const moved: Way[] = [];
    for (const { at, duties } of ways) {
      const instruction = instructions[at]!;
      let next = at;
      if (instruction.kind === "letter") {
        if (sets[instruction.set]![letter] !== 1) continue;
        next = instruction.next;
        // A lookahead that has matched does not care what follows.
      } else if (!this.lookAccepts.has(at)) continue;
      const kept = this.advanceDuties(duties, letter, view);
      if (kept !== null) moved.push({ at: next, duties: kept });
    }
    return moved;
  }

  private advanceDuties(duties: readonly number[], letter: number, view: View): readonly number[] | null {
    let kept: readonly number[] | null = [];
    for (const duty of duties) {
      const { look, negate, state } = this.duties[duty]!;
      const ways = this.close(this.advance(this.lookStates[look]![state]!, letter, view), view);
      kept = this.withDuty(kept, look, negate, ways);
      if (kept === null) return null;
    }
    return kept;
  }

  /** Follows what reads nothing. The result has letters and ends only, in order, and no way that another one covers. */
  private close(ways: readonly Way[], view: View): Way[] {
    const { instructions, aheads } = this.program;
    const seen = new Set<string>();
    const found: Way[] = [];
    const open = [...ways].reverse();
    while (open.length > 0) {
      const way = open.pop()!;
      const key = wayKey(way);
      if (seen.has(key)) continue;
      seen.add(key);
      const { at, duties } = way;
      const instruction = instructions[at]!;
      switch (instruction.kind) {
        case "letter":
        case "accept":
          found.push(way);
          break;
        case "split":
          for (const next of instruction.next) open.push({ at: next, duties });
          break;
        case "start":
          if (view.atStart || (instruction.lines && view.afterLineEnd)) open.push({ at: instruction.next, duties });
          break;
        case "border":
        case "ahead": {
          const look = aheads[instruction.look]!;
          // A border where the word character is behind asks for none ahead, and the other way round.
          const negate = instruction.kind === "border" ? instruction.negate !== view.afterWord : instruction.negate;
          const begun = this.close([{ at: look.start, duties: [] }], view);
          const kept = this.withDuty(duties, instruction.look, negate, begun);
          if (kept !== null) open.push({ at: instruction.next, duties: kept });
          break;
        }
        case "behind": {
          const { accept } = this.program.behinds[instruction.look]!;
          const ends = view.behind[instruction.look]!.filter((w) => w.at === accept);
          const chosen = instruction.negate ? this.refuted(ends) : ends.map((w) => w.duties);
          for (const more of chosen) open.push({ at: instruction.next, duties: merged(duties, more) });
          break;
        }
      }
    }
    return withoutCovered(found);
  }

  /** Every way of making all of `ways` fail: of each, one duty fails. */
  private refuted(ways: readonly Way[]): readonly (readonly number[])[] {
    let choices: (readonly number[])[] = [[]];
    for (const { duties } of ways) {
      choices = choices.flatMap((chosen) =>
        duties.map((duty) => {
          const { look, negate, state } = this.duties[duty]!;
          return merged(chosen, [this.dutyNumber(look, !negate, state)]);
        }),
      );
    }
    return choices;
  }

  // Duties.

  /** The duties with one more; null when it cannot be met. */
  private withDuty(
    duties: readonly number[],
    look: number,
    negate: boolean,
    ways: readonly Way[],
  ): readonly number[] | null {
    const { accept } = this.program.aheads[look]!;
    const holds = ways.some((w) => w.at === accept && w.duties.length === 0);
    if (holds) return negate ? null : duties;
    if (ways.length === 0) return negate ? duties : null;
    return merged(duties, [this.dutyNumber(look, negate, this.lookState(look, ways))]);
  }

  private lookState(look: number, ways: readonly Way[]): number {
    const key = waysKey(ways);
    let number = this.lookNumbers[look]!.get(key);
    if (number === undefined) {
      const states = this.lookStates[look]!;
      if (states.length >= allowedStates()) throw tooLarge(this.description, allowedStates());
      this.lookNumbers[look]!.set(key, (number = states.push(ways) - 1));
    }
    return number;
  }

  private dutyNumber(look: number, negate: boolean, state: number): number {
    const key = `${look}${negate ? "!" : "="}${state}`;
    let number = this.dutyNumbers.get(key);
    if (number === undefined) this.dutyNumbers.set(key, (number = this.duties.push({ look, negate, state }) - 1));
    return number;
  }

  /** Whether one of the ways has come to `accept` with all its duties met if the text ends here. */
  private acceptsHere(ways: readonly Way[], accept: number): boolean {
    return ways.some(
      ({ at, duties }) =>
        at === accept &&
        duties.every((duty) => {
          const { look, negate, state } = this.duties[duty]!;
          return this.acceptsHere(this.lookStates[look]![state]!, this.program.aheads[look]!.accept) !== negate;
        }),
    );
  }
}

const wayKey = ({ at, duties }: Way): string => (duties.length === 0 ? `${at}` : `${at}:${duties.join("+")}`);
const waysKey = (ways: readonly Way[]): string => ways.map(wayKey).join();
const viewKey = ({ atStart, afterWord, afterLineEnd, behind }: View): string =>
  `${atStart ? "^" : ""}${afterWord ? "w" : ""}${afterLineEnd ? "n" : ""}${behind.map(waysKey).join("/")}`;

/** The union of two ascending lists. */
function merged(a: readonly number[], b: readonly number[]): readonly number[] {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

/** In order; a way is left out when another one at the same place asks for less. */
function withoutCovered(ways: Way[]): Way[] {
  const sorted = ways.sort((a, b) => a.at - b.at || a.duties.length - b.duties.length || compare(a.duties, b.duties));
  if (!sorted.some((w) => w.duties.length > 0)) return sorted;
  const kept: Way[] = [];
  for (const way of sorted) {
    const covered = kept.some((k) => k.at === way.at && k.duties.every((d) => way.duties.includes(d)));
    if (!covered) kept.push(way);
  }
  return kept;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

/** Letters from each instruction to the end of its program, assertions taken to hold. */
function distancesToEnd({ instructions, sets }: Program): Int32Array {
  const possible = sets.map((s) => s.includes(1));
  const before: { from: number; cost: number }[][] = instructions.map(() => []);
  instructions.forEach((instruction, from) => {
    switch (instruction.kind) {
      case "accept":
        return;
      case "split":
        for (const next of instruction.next) before[next]!.push({ from, cost: 0 });
        return;
      case "letter":
        if (possible[instruction.set]!) before[instruction.next]!.push({ from, cost: 1 });
        return;
      default:
        before[instruction.next]!.push({ from, cost: 0 });
    }
  });
  const far = 0x3fffffff;
  const distance = new Int32Array(instructions.length).fill(far);
  let level: number[] = [];
  instructions.forEach((instruction, i) => {
    if (instruction.kind !== "accept") return;
    distance[i] = 0;
    level.push(i);
  });
  // Breadth first, what costs nothing within its level.
  for (let d = 0; level.length > 0; d++) {
    const next: number[] = [];
    for (let at = 0; at < level.length; at++) {
      if (distance[level[at]!]! !== d) continue;
      for (const { from, cost } of before[level[at]!]!) {
        if (d + cost >= distance[from]!) continue;
        distance[from] = d + cost;
        (cost === 0 ? level : next).push(from);
      }
    }
    level = next;
  }
  return distance;
}
