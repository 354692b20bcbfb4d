import { ConstraintError } from "../errors.js";
import { automatonOf, type SizedAutomaton } from "../grammar/automaton-of.js";
import { type ByteAutomaton, type Network, NetworkBuilder } from "../grammar/network.js";
import { chars } from "../lengths.js";
import { SchemaError } from "./error.js";
import type { Expander } from "./expand.js";
import type { ArrayShape, Containing, Form, FreeMembers, ObjectShape, Place } from "./form.js";
import type { Json } from "./json.js";
import { numbers, upToDigits } from "./numbers.js";
import { type RegularSet, strings } from "./regular-set.js";
import { INDENT, type JsonStyle } from "./style.js";
import { finiteValues, MOST_VALUES, tooManyValues, type WrittenValue } from "./values.js";

/** States of all automata of a schema together. */
const MOST_STATES = 100_000;
/** Automata of more states than this are rules of their own, called where they stand instead of copied there. */
const COPIED_STATES = 16;
/** Levels of `indented` documents. */
const MOST_LEVELS = 32;
/** Members that free ones are turned into when their names are finitely many. */
const MOST_NAMES = 200;

const encoder = new TextEncoder();

/** Writes the values of places down as rules of a network: the texts of JSON documents. */
export class Writer {
  private readonly builder = new NetworkBuilder();
  private readonly rules = new Map<string, number>();
  private readonly waiting: (() => void)[] = [];
  private readonly regular = new Map<string, { automaton: SizedAutomaton; rule: number | null }>();
  private space: number | null = null;
  private character: number | null = null;

  constructor(
    private readonly expander: Expander,
    private readonly style: JsonStyle,
    /** Digits that numbers have at most. */
    private readonly digits: number,
  ) {}

  /** @throws SchemaError PGLC032, PGLC034. */
  network(place: Place): Network {
    const { builder } = this;
    const root = builder.rule("the document");
    const [before, after] = [builder.state(), builder.state()];
    this.blank(builder.start(root), before);
    builder.call(before, this.rule(place, 0), after);
    this.blank(after, builder.end(root));
    // A loop instead of recursion: schemas nest deeply.
    for (let write = this.waiting.pop(); write !== undefined; write = this.waiting.pop()) write();
    return builder.network(root);
  }

  private rule(place: Place, level: number): number {
    const own = this.style === "indented" ? level : 0;
    const key = `${place.id}@${own}`;
    let rule = this.rules.get(key);
    if (rule !== undefined) return rule;
    if (own > MOST_LEVELS) {
      throw new SchemaError(
        "PGLC032",
        `Documents of this schema can nest more than ${MOST_LEVELS} levels deep: \`indented\` has no bound for them.`,
        this.expander.describe(place),
        { hint: 'Use the style "compact", "spaced" or "free".' },
      );
    }
    const fresh = (rule = this.builder.rule(`the values at ${this.expander.describe(place) || "the root"}`));
    this.rules.set(key, fresh);
    this.waiting.push(() => this.write(fresh, this.expander.form(place), level, place));
    return fresh;
  }

  private write(rule: number, form: Form, level: number, place: Place): void {
    const { builder } = this;
    this.checkStates(this.expander.describe(place));
    const [from, to] = [builder.start(rule), builder.end(rule)];
    for (const [is, text] of [
      [form.null, "null"],
      [form.true, "true"],
      [form.false, "false"],
    ] as const) {
      if (is) this.text(from, text, to);
    }
    if (!form.numbers.isEmpty) {
      this.set(from, numbers.and(form.numbers, upToDigits(this.digits)), "number", to, place);
    }
    if (!form.strings.isEmpty) this.quoted(from, form.strings, to, place);
    for (const shape of form.arrays) this.array(from, shape, level, to);
    for (const shape of form.objects) this.object(from, shape, level, to, place);
  }

  private text(from: number, text: string, to: number): void {
    this.builder.literal(from, encoder.encode(text), to);
  }

  /** White space that may be there in the free style. */
  private blank(from: number, to: number): void {
    const { builder } = this;
    if (this.style !== "free") return builder.empty(from, to);
    if (this.space === null) {
      this.space = builder.rule("white space");
      const [start, end] = [builder.start(this.space), builder.end(this.space)];
      builder.empty(start, end);
      for (const byte of [0x20, 0x0a, 0x0d, 0x09]) builder.range(start, byte, byte, start);
    }
    builder.call(from, this.space, to);
  }

  /** A mark with the white space around it. */
  private mark(from: number, text: string, to: number): void {
    const [before, after] = [this.builder.state(), this.builder.state()];
    this.blank(from, before);
    this.text(before, text, after);
    this.blank(after, to);
  }

  /** What stands before an item or a member: an opening bracket, or a comma. */
  private before(from: number, text: "[" | "{" | ",", level: number, to: number): void {
    switch (this.style) {
      case "compact":
        return this.text(from, text, to);
      case "spaced":
        return this.text(from, text === "," ? ", " : text, to);
      case "indented":
        return this.text(from, `${text}\n${" ".repeat(INDENT * (level + 1))}`, to);
      case "free":
        return this.mark(from, text, to);
    }
  }

  /** The closing bracket after an item or a member. */
  private close(from: number, text: "]" | "}", level: number, to: number): void {
    if (this.style === "indented") return this.text(from, `\n${" ".repeat(INDENT * level)}${text}`, to);
    const closing = this.builder.state();
    this.blank(from, closing);
    this.text(closing, text, to);
  }

  private emptyBrackets(from: number, open: string, close: string, to: number): void {
    const [inside, closing] = [this.builder.state(), this.builder.state()];
    this.text(from, open, inside);
    this.blank(inside, closing);
    this.text(closing, close, to);
  }

  private colon(from: number, to: number): void {
    if (this.style === "free") return this.mark(from, ":", to);
    this.text(from, this.style === "compact" ? ":" : ": ", to);
  }

  /** A set of texts as they stand. */
  private set(from: number, set: RegularSet, as: "number" | "string", to: number, place: Place): void {
    if (set.lengths !== null) return this.characters(from, set.lengths, to, this.expander.describe(place));
    const key = `${as} ${set.id}`;
    let known = this.regular.get(key);
    if (known === undefined) {
      const automaton = this.automaton(set, place);
      let rule: number | null = null;
      if (automaton.size > COPIED_STATES) {
        rule = this.builder.rule(`a ${as} at ${this.expander.describe(place) || "the root"}`);
        this.put(this.builder.start(rule), automaton, as, this.builder.end(rule));
      }
      this.regular.set(key, (known = { automaton, rule }));
    }
    if (known.rule === null) this.put(from, known.automaton, as, to);
    else this.builder.call(from, known.rule, to);
  }

  /** So many characters of a string: a rule for one, and a chain of calls. */
  private characters(from: number, [min, max]: readonly [number, number], to: number, pointer: string): void {
    const { builder } = this;
    const key = `characters ${min} ${max}`;
    let rule = this.rules.get(key);
    if (rule === undefined) {
      this.rules.set(key, (rule = builder.rule(`strings of ${min} to ${max} characters`)));
      if (this.character === null) {
        this.character = builder.rule("a character");
        putEscaped(builder, builder.start(this.character), oneCharacter(), builder.end(this.character));
      }
      const end = builder.end(rule);
      let at = builder.start(rule);
      const most = max < Infinity ? max : min;
      for (let i = 0; i < most; i++) {
        if (i >= min) builder.empty(at, end);
        this.checkStates(pointer);
        const next = builder.state();
        builder.call(at, this.character, next);
        at = next;
      }
      builder.empty(at, end);
      if (max === Infinity) builder.call(at, this.character, at);
    }
    builder.call(from, rule, to);
  }

  private put(from: number, automaton: ByteAutomaton, as: "number" | "string", to: number): void {
    if (as === "number") this.builder.automaton(from, automaton, to);
    else putEscaped(this.builder, from, automaton, to);
  }

  private automaton(set: RegularSet, place: Place): SizedAutomaton {
    try {
      const automaton = automatonOf(set.recogniser, MOST_STATES);
      if (automaton !== null) return automaton;
    } catch (error) {
      if (!(error instanceof ConstraintError) || error.code !== "PGLC006") throw error;
    }
    throw new SchemaError(
      "PGLC034",
      "The strings or numbers allowed here need too many states.",
      this.expander.describe(place),
      { hint: "Bound lengths by smaller numbers, or use a simpler pattern." },
    );
  }

  /** Strings in quotes. */
  private quoted(from: number, set: RegularSet, to: number, place: Place): void {
    const [begun, ended] = [this.builder.state(), this.builder.state()];
    this.text(from, '"', begun);
    this.set(begun, set, "string", ended, place);
    this.text(ended, '"', to);
  }

  private array(from: number, shape: ArrayShape, level: number, to: number): void {
    if (shape.unique && shape.max > 1 && !this.differAnyway(shape)) return this.differentItems(from, shape, level, to);
    const { builder } = this;
    const { prefix, rest, min, max } = shape;
    const containing = shape.containing.filter((c) => c.min > 0 || c.max < Infinity);
    // After the prefix and the bounds, how many items there are does not matter.
    const most = Math.max(prefix.length, min, max < Infinity ? max : 0, ...containing.map((c) => c.from), 1);
    const cap = containing.map((c) => (c.max < Infinity ? c.max + 1 : c.min));
    const states = new Map<string, number>();
    const queue: { count: number; met: number[]; state: number }[] = [];
    const stateOf = (count: number, met: number[]): number => {
      const key = `${count},${met.join()}`;
      let state = states.get(key);
      if (state === undefined) {
        states.set(key, (state = builder.state()));
        queue.push({ count, met, state });
      }
      return state;
    };
    const start = stateOf(
      0,
      containing.map(() => 0),
    );
    builder.empty(from, start);
    for (let at = 0; at < queue.length; at++) {
      this.checkStates(shape.pointer);
      const { count, met, state } = queue[at]!;
      if (count >= min && containing.every((c, i) => met[i]! >= c.min)) {
        if (count === 0) this.emptyBrackets(state, "[", "]", to);
        else this.close(state, "]", level, to);
      }
      // With `max`, the state after it is not reached; without, the last state stands for all larger counts.
      if (count >= max) continue;
      const item = prefix[count] ?? rest;
      const opened = builder.state();
      this.before(state, count === 0 ? "[" : ",", level, opened);
      for (const { place, counted } of this.claims(item, containing, count)) {
        const now = met.map((n, i) => Math.min(cap[i]!, n + (counted[i]! ? 1 : 0)));
        if (containing.some((c, i) => now[i]! > c.max)) continue;
        builder.call(opened, this.rule(place, level + 1), stateOf(Math.min(most, count + 1), now));
      }
    }
  }

  /**
   * The ways in which an item can count for what the array must contain. Where only a least number is asked for, items that
   * match need not be counted; where there is a largest number, those not counted must not match.
   */
  private claims(
    item: Place,
    containing: readonly Containing[],
    index: number,
  ): { place: Place; counted: readonly boolean[] }[] {
    const { places } = this.expander;
    let claims: { place: Place; counted: boolean[] }[] = [{ place: item, counted: [] }];
    for (const c of containing) {
      claims = claims.flatMap(({ place, counted }) => {
        if (index < c.from) return [{ place, counted: [...counted, false] }];
        return [
          { place: c.max < Infinity ? places.and(place, c.others) : place, counted: [...counted, false] },
          { place: places.and(place, c.place), counted: [...counted, true] },
        ];
      });
    }
    return claims.filter(({ place }) => place.literals !== null);
  }

  /** Whether no two items of an array can be equal, by their schemas. */
  private differAnyway({ prefix, rest, max }: ArrayShape): boolean {
    if (max > prefix.length + 1) return false;
    const all = max > prefix.length ? [...prefix, rest] : prefix.slice(0, max);
    return all.every((a, i) => all.slice(i + 1).every((b) => this.expander.isEmpty(this.expander.places.and(a, b))));
  }

  /** Arrays of different items, out of finitely many values: the state is which have been used. */
  private differentItems(from: number, shape: ArrayShape, level: number, to: number): void {
    const { builder } = this;
    const { prefix, rest, min } = shape;
    if (shape.containing.length > 0) {
      throw new SchemaError("PGLC032", "`uniqueItems` cannot be combined with `contains`.", shape.pointer, {
        hint: "Leave one of them away.",
      });
    }
    const everywhere: WrittenValue[] = [];
    const numberOf = new Map<string, number>();
    const choices = (place: Place): number[] => {
      // White space has no part in values, and would make them infinitely many.
      const values = finiteValues(new Writer(this.expander, "compact", this.digits).network(place), shape.pointer);
      return values.map((value) => {
        let n = numberOf.get(value.key);
        if (n === undefined) numberOf.set(value.key, (n = everywhere.push(value) - 1));
        return n;
      });
    };
    const byIndex = prefix.map(choices);
    const byRest = shape.max > prefix.length ? choices(rest) : [];
    if (everywhere.length > MOST_VALUES) throw tooManyValues(shape.pointer);
    const states = new Map<number, number>();
    const queue: { used: number; count: number; state: number }[] = [];
    const stateOf = (used: number, count: number): number => {
      let state = states.get(used);
      if (state === undefined) {
        states.set(used, (state = builder.state()));
        queue.push({ used, count, state });
      }
      return state;
    };
    builder.empty(from, stateOf(0, 0));
    for (let at = 0; at < queue.length; at++) {
      this.checkStates(shape.pointer);
      const { used, count, state } = queue[at]!;
      if (count >= min) {
        if (count === 0) this.emptyBrackets(state, "[", "]", to);
        else this.close(state, "]", level, to);
      }
      if (count >= shape.max) continue;
      const opened = builder.state();
      const open = (byIndex[count] ?? byRest).filter((n) => (used & (1 << n)) === 0);
      if (open.length > 0) this.before(state, count === 0 ? "[" : ",", level, opened);
      for (const n of open) {
        const value = this.constantAt(everywhere[n]!.value, level + 1, shape.pointer);
        builder.call(opened, value, stateOf(used | (1 << n), count + 1));
      }
    }
  }

  private constantAt(value: Json, level: number, pointer: string): number {
    return this.rule(this.expander.constantPlace(value, pointer), level);
  }

  private object(from: number, original: ObjectShape, level: number, to: number, place: Place): void {
    const shape = this.withFiniteNames(original);
    const { builder } = this;
    const { min, max, free, some } = shape;
    const named = [...shape.named].filter(([, member]) => member.place.literals !== null);
    const required = named.filter(([, member]) => member.required).length;
    if (free.length > 0 && min > required + 1) {
      throw new SchemaError(
        "PGLC032",
        `At least ${min} properties are asked for, and names of free ones may repeat: how many differ cannot be counted.`,
        shape.pointer,
        { hint: "Name the properties, list the names by an `enum` in `propertyNames`, or ask for one." },
      );
    }
    const most = Math.max(1, min, max < Infinity ? max : 0);
    // By how many of the named members are done, and how many members there are.
    const states = new Map<number, number>();
    const stateOf = (done: number, count: number): number => {
      const key = done * (most + 2) + count;
      let state = states.get(key);
      if (state === undefined) states.set(key, (state = builder.state()));
      return state;
    };
    builder.empty(from, stateOf(0, 0));
    named.forEach(([name, member], i) => {
      this.checkStates(this.expander.describe(place));
      for (let count = 0; count <= Math.min(most, i); count++) {
        if (!states.has(i * (most + 2) + count)) continue;
        const state = stateOf(i, count);
        if (!member.required) builder.empty(state, stateOf(i + 1, count));
        if (count < max)
          this.member(state, name, member.place, count, level, stateOf(i + 1, Math.min(most, count + 1)));
      }
    });
    for (let count = 0; count <= most; count++) {
      if (!states.has(named.length * (most + 2) + count)) continue;
      this.freeMembers(stateOf(named.length, count), count, { ...shape, free, some }, most, level, to, place);
    }
  }

  private member(from: number, name: string, value: Place, count: number, level: number, to: number): void {
    const { builder } = this;
    const [opened, read, ready] = [builder.state(), builder.state(), builder.state()];
    this.before(from, count === 0 ? "{" : ",", level, opened);
    this.text(opened, JSON.stringify(name), read);
    this.colon(read, ready);
    builder.call(ready, this.rule(value, level + 1), to);
  }

  /** The members after those that have names of their own, and the closing bracket. */
  private freeMembers(
    from: number,
    counted: number,
    shape: ObjectShape,
    most: number,
    level: number,
    to: number,
    place: Place,
  ): void {
    const { builder } = this;
    const { min, max, free, some } = shape;
    // By how many members there are, and which demands are met.
    const states = new Map<string, number>();
    const queue: { count: number; met: number; state: number }[] = [];
    const stateOf = (count: number, met: number): number => {
      const key = `${count},${met}`;
      let state = states.get(key);
      if (state === undefined) {
        states.set(key, (state = builder.state()));
        queue.push({ count, met, state });
      }
      return state;
    };
    builder.empty(from, stateOf(counted, 0));
    for (let at = 0; at < queue.length; at++) {
      this.checkStates(this.expander.describe(place));
      const { count, met, state } = queue[at]!;
      if (count >= min && met === (1 << some.length) - 1) {
        if (count === 0) this.emptyBrackets(state, "{", "}", to);
        else this.close(state, "}", level, to);
      }
      if (count >= max) continue;
      const members = free.flatMap((one) => this.demanded(one, some, met));
      if (members.length === 0) continue;
      const opened = builder.state();
      this.before(state, count === 0 ? "{" : ",", level, opened);
      for (const { names, place: value, now } of members) {
        const [read, ready] = [builder.state(), builder.state()];
        this.quoted(opened, names, read, place);
        this.colon(read, ready);
        builder.call(ready, this.rule(value, level + 1), stateOf(Math.min(most, count + 1), now));
      }
    }
  }

  /** A free member, and what it can be in order to meet more of the demands. */
  private demanded(
    one: FreeMembers,
    some: readonly FreeMembers[],
    met: number,
  ): { names: RegularSet; place: Place; now: number }[] {
    let ways = [{ ...one, now: met }];
    some.forEach(({ names, place }, i) => {
      if ((met & (1 << i)) !== 0) return;
      ways = ways.flatMap((way) => [
        way,
        {
          names: strings.and(way.names, names),
          place: this.expander.places.and(way.place, place),
          now: way.now | (1 << i),
        },
      ]);
    });
    return ways.filter((way) => !way.names.isEmpty && way.place.literals !== null);
  }

  /** Free members whose names are finitely many get names of their own: in the order of the names. */
  private withFiniteNames(shape: ObjectShape): ObjectShape {
    const listed = shape.free.filter(
      ({ names }) => names.list !== null && !names.leftOut && names.list.size <= MOST_NAMES,
    );
    if (listed.length === 0 || shape.some.length > 0) return shape;
    const named = new Map(shape.named);
    const names = listed.flatMap(({ names, place }) => [...names.list!].sort().map((name) => [name, place] as const));
    for (const [name, place] of names) named.set(name, { place, required: false, listed: false });
    return { ...shape, named, free: shape.free.filter((one) => !listed.includes(one)) };
  }

  private checkStates(pointer: string): void {
    if (this.builder.size <= MOST_STATES) return;
    throw new SchemaError(
      "PGLC034",
      `The schema is too large: it needs more than ${MOST_STATES} states; the last of them here.`,
      pointer,
      { hint: "Bound its lengths and numbers of items by smaller numbers." },
    );
  }
}

let character: ByteAutomaton | null = null;
const oneCharacter = (): ByteAutomaton => (character ??= automatonOf(chars(1, 1).compiled()!.recogniser, 100)!);

const SHORT: Readonly<Record<number, string>> = { 0x08: "b", 0x09: "t", 0x0a: "n", 0x0c: "f", 0x0d: "r" };

/** A copy of an automaton of texts that reads them as they are written between quotes. */
function putEscaped(builder: NetworkBuilder, from: number, automaton: ByteAutomaton, to: number): void {
  const own = new Map<number, number>();
  const queue: number[] = [];
  const stateOf = (state: number): number => {
    let mine = own.get(state);
    if (mine === undefined) {
      own.set(state, (mine = builder.state()));
      queue.push(state);
    }
    return mine;
  };
  builder.empty(from, stateOf(automaton.start));
  for (let i = 0; i < queue.length; i++) {
    const state = own.get(queue[i]!)!;
    if (automaton.accepts(queue[i]!)) builder.empty(state, to);
    const edges = automaton.edges(queue[i]!);
    let backslash = -1;
    // After `\u00`, by the next digit.
    let hex: readonly [number, number] | null = null;
    const escaped = (byte: number, target: number): void => {
      if (backslash < 0) builder.literal(state, [0x5c], (backslash = builder.state()));
      const short = byte === 0x22 || byte === 0x5c ? String.fromCharCode(byte) : SHORT[byte];
      if (short !== undefined) return builder.literal(backslash, encoder.encode(short), target);
      if (hex === null) {
        const zeros = builder.state();
        builder.literal(backslash, encoder.encode("u00"), zeros);
        hex = [builder.state(), builder.state()];
        hex.forEach((digit, n) => builder.range(zeros, 0x30 + n, 0x30 + n, digit));
      }
      const digit = (byte & 15).toString(16).charCodeAt(0);
      builder.range(hex[byte >> 4]!, digit, digit, target);
    };
    for (let e = 0; e < edges.length; e += 3) {
      const target = stateOf(edges[e + 2]!);
      const [low, high] = [edges[e]!, edges[e + 1]!];
      for (let byte = low; byte <= Math.min(high, 0x1f); byte++) escaped(byte, target);
      for (const byte of [0x22, 0x5c]) if (low <= byte && byte <= high) escaped(byte, target);
      for (const [a, b] of [
        [0x20, 0x21],
        [0x23, 0x5b],
        [0x5d, 0xff],
      ] as const) {
        if (Math.max(low, a) <= Math.min(high, b)) builder.range(state, Math.max(low, a), Math.min(high, b), target);
      }
    }
  }
}
