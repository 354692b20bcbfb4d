import { ConstraintError } from "../errors.js";
import type { Recogniser } from "../recogniser.js";
import { escapeRegex } from "../regex/escape.js";
import { automatonOf, type SizedAutomaton } from "./automaton-of.js";
import { common } from "./common.js";
import { type Network, NetworkBuilder } from "./network.js";
import { parseGrammar } from "./parse.js";
import { nullableRules } from "./prepare.js";
import { grammarError } from "./scan.js";
import { type Definition, type GrammarTree, isTerminal, type Pattern } from "./syntax.js";
import { utf8Ranges } from "./utf8-ranges.js";

/** Compiles a regular expression that a whole piece of text must match. */
export type RegexCompiler = (source: string, flags: string) => Recogniser;

/** States of one terminal's expression. */
const TERMINAL_STATES = 10_000;
/** Terminals of more states than this are rules of their own, called where they stand instead of copied there. */
const COPIED_STATES = 24;
/** States of the whole network, before it is made deterministic. */
const NETWORK_STATES = 100_000;

/**
 * A grammar as a network. Terminals are what they match, nothing more: no longest match is taken, and a keyword may be
 * followed by a letter. What is ignored may stand before and after every terminal of a rule, not inside terminals.
 *
 * @throws GrammarError PGLC022 for undefined and twice defined names, PGLC023 for rules that no text ends, PGLC024 for
 * terminals that refer to rules or to themselves, PGLC021 for what is too large.
 */
export function lowerGrammar(text: string, start: string, regex: RegexCompiler): Network {
  return new Lowering(text, parseGrammar(text), regex).network(start);
}

class Lowering {
  private readonly builder = new NetworkBuilder();
  private readonly definitions = new Map<string, Definition>();
  private readonly rules = new Map<string, number>();
  private readonly automata = new Map<string, { automaton: SizedAutomaton; rule: number | null }>();
  private readonly open = new Set<string>();
  private ignored: number | null = null;
  private owner = "";

  constructor(
    private readonly text: string,
    private readonly tree: GrammarTree,
    private readonly regex: RegexCompiler,
  ) {
    for (const { name, as, at } of tree.imports) {
      const source = common[name];
      if (source === undefined) {
        throw this.error(at, "PGLC022", `\`common\` has no terminal \`${name}\`.`, hintFor(name, Object.keys(common)));
      }
      const body = parseGrammar(`${as}: ${source}`).definitions[0]!.body;
      this.add({ name: as, at, body });
    }
    tree.definitions.forEach((definition) => this.add(definition));
  }

  network(start: string): Network {
    const { builder } = this;
    const first = this.definitions.get(start);
    if (first === undefined) {
      throw this.error(
        0,
        "PGLC022",
        `There is no rule \`${start}\`, where the text begins.`,
        hintFor(start, [...this.definitions.keys()]) ?? "Name another with the option `start`.",
      );
    }
    if (this.tree.ignored.length > 0) {
      this.ignored = builder.rule("%ignore");
      const [from, to] = [builder.start(this.ignored), builder.end(this.ignored)];
      builder.empty(from, to);
      for (const pattern of this.tree.ignored) this.terminalPattern(from, pattern, from);
    }
    for (const name of this.definitions.keys()) this.rules.set(name, builder.rule(name));
    for (const { name, body } of this.definitions.values()) {
      this.owner = name;
      const rule = this.rules.get(name)!;
      if (isTerminal(name)) {
        this.open.add(name);
        this.terminalPattern(builder.start(rule), body, builder.end(rule));
        this.open.delete(name);
      } else this.pattern(builder.start(rule), body, builder.end(rule));
    }
    const root = builder.rule("the whole text");
    const from = builder.state();
    this.owner = start;
    this.ignore(builder.start(root), from);
    if (isTerminal(start)) this.terminal(from, { kind: "name", name: start, at: first.at }, builder.end(root));
    else builder.call(from, this.rules.get(start)!, builder.end(root));
    const network = builder.network(root);
    this.checkProductive(network);
    return network;
  }

  private add(definition: Definition): void {
    const before = this.definitions.get(definition.name);
    if (before !== undefined) {
      throw this.error(
        definition.at,
        "PGLC022",
        `\`${definition.name}\` is defined twice.`,
        "Put the options of both into one definition, with `|` between them.",
      );
    }
    this.definitions.set(definition.name, definition);
  }

  /** A part of a rule. */
  private pattern(from: number, pattern: Pattern, to: number): void {
    const { builder } = this;
    switch (pattern.kind) {
      case "string":
      case "range":
      case "regex":
        return this.terminal(from, pattern, to);
      case "name": {
        if (isTerminal(pattern.name)) return this.terminal(from, pattern, to);
        builder.call(from, this.ruleOf(pattern.name, pattern.at), to);
        return;
      }
      default:
        this.composite(from, pattern, to, (a, part, b) => this.pattern(a, part, b));
    }
  }

  /** A terminal of a rule, and what is ignored after it. */
  private terminal(from: number, pattern: Pattern, to: number): void {
    if (this.ignored === null) return this.terminalPattern(from, pattern, to);
    const after = this.builder.state();
    this.terminalPattern(from, pattern, after);
    this.ignore(after, to);
  }

  private ignore(from: number, to: number): void {
    if (this.ignored === null) this.builder.empty(from, to);
    else this.builder.call(from, this.ignored, to);
  }

  /** A terminal or a part of one: nothing is ignored inside. */
  private terminalPattern(from: number, pattern: Pattern, to: number): void {
    const { builder } = this;
    switch (pattern.kind) {
      case "string":
        // Without `u`: with it, letters of other scripts would count as the same.
        if (pattern.anyCase) return this.regular(from, escapeRegex(pattern.text), "i", pattern.at, to);
        return builder.literal(from, new TextEncoder().encode(pattern.text), to);
      case "range":
        for (const ranges of utf8Ranges(pattern.low.codePointAt(0)!, pattern.high.codePointAt(0)!)) {
          let at = from;
          ranges.forEach(([low, high], i) => {
            const next = i === ranges.length - 1 ? to : builder.state();
            builder.range(at, low, high, next);
            at = next;
          });
        }
        return;
      case "regex":
        return this.regular(from, pattern.source, pattern.flags, pattern.at, to);
      case "name": {
        const { name, at } = pattern;
        if (!isTerminal(name)) {
          throw this.error(
            at,
            "PGLC024",
            `A terminal cannot contain the rule \`${name}\`.`,
            "Write what uses it as a rule: with a name in small letters.",
          );
        }
        const definition = this.definitions.get(name);
        if (definition === undefined) throw this.undefinedName(name, at);
        if (this.open.has(name)) {
          throw this.error(
            at,
            "PGLC024",
            `The terminal \`${name}\` contains itself.`,
            "Only rules are recursive: write its name in small letters.",
          );
        }
        this.open.add(name);
        this.terminalPattern(from, definition.body, to);
        this.open.delete(name);
        return;
      }
      default:
        this.composite(from, pattern, to, (a, part, b) => this.terminalPattern(a, part, b));
    }
  }

  private composite(
    from: number,
    pattern: Extract<Pattern, { kind: "sequence" | "choice" | "repeat" }>,
    to: number,
    put: (from: number, part: Pattern, to: number) => void,
  ): void {
    const { builder } = this;
    switch (pattern.kind) {
      case "sequence": {
        if (pattern.parts.length === 0) return builder.empty(from, to);
        let at = from;
        pattern.parts.forEach((part, i) => {
          const next = i === pattern.parts.length - 1 ? to : builder.state();
          put(at, part, next);
          at = next;
        });
        return;
      }
      case "choice":
        for (const option of pattern.options) put(from, option, to);
        return;
      case "repeat": {
        // States of their own on both sides: a loop must not be entered or left by edges of the neighbours.
        let at = builder.state();
        builder.empty(from, at);
        for (let i = 0; i < pattern.low; i++) {
          this.checkSize(pattern.at);
          const next = builder.state();
          put(at, pattern.part, next);
          at = next;
        }
        if (pattern.high === Infinity) {
          const loop = builder.state();
          builder.empty(at, loop);
          const back = builder.state();
          put(loop, pattern.part, back);
          builder.empty(back, loop);
          builder.empty(loop, to);
          return;
        }
        for (let i = pattern.low; i < pattern.high; i++) {
          this.checkSize(pattern.at);
          builder.empty(at, to);
          const next = builder.state();
          put(at, pattern.part, next);
          at = next;
        }
        builder.empty(at, to);
      }
    }
  }

  private checkSize(at: number): void {
    if (this.builder.size <= NETWORK_STATES) return;
    throw this.error(
      at,
      "PGLC021",
      `\`${this.owner}\` makes the grammar too large: more than ${NETWORK_STATES} states.`,
      "Bound its repetitions by smaller numbers.",
    );
  }

  private regular(from: number, source: string, flags: string, at: number, to: number): void {
    const key = `${flags}/${source}`;
    let known = this.automata.get(key);
    if (known === undefined) {
      const automaton = this.compileRegex(source, flags, at);
      let rule: number | null = null;
      if (automaton.size > COPIED_STATES) {
        rule = this.builder.rule(`/${source}/${flags}`);
        this.builder.automaton(this.builder.start(rule), automaton, this.builder.end(rule));
      }
      this.automata.set(key, (known = { automaton, rule }));
    }
    if (known.rule === null) this.builder.automaton(from, known.automaton, to);
    else this.builder.call(from, known.rule, to);
  }

  private compileRegex(source: string, flags: string, at: number): SizedAutomaton {
    let automaton: SizedAutomaton | null;
    try {
      automaton = automatonOf(this.regex(source, flags), TERMINAL_STATES);
    } catch (cause) {
      if (!(cause instanceof ConstraintError)) throw cause;
      throw this.error(at, cause.code, cause.message, cause.hint);
    }
    if (automaton !== null) return automaton;
    throw this.error(
      at,
      "PGLC021",
      `The expression /${source}/${flags} in \`${this.owner}\` needs more than ${TERMINAL_STATES} states.`,
      "Bound its repetitions by smaller numbers.",
    );
  }

  private ruleOf(name: string, at: number): number {
    const rule = this.rules.get(name);
    if (rule === undefined) throw this.undefinedName(name, at);
    return rule;
  }

  private undefinedName(name: string, at: number): Error {
    const hint = hintFor(name, [...this.definitions.keys()]);
    const library = hint === undefined && name in common ? `Bring it in: \`%import common.${name}\`.` : undefined;
    return this.error(
      at,
      "PGLC022",
      `There is no ${isTerminal(name) ? "terminal" : "rule"} \`${name}\`.`,
      hint ?? library ?? `Define it: \`${name}: …\`.`,
    );
  }

  /** Every rule must have a text. */
  private checkProductive(network: Network): void {
    const productive = productiveRules(network);
    const { name, at } =
      [...this.definitions.values()].find(({ name }) => productive[this.rules.get(name)!] === 0) ?? {};
    if (name === undefined || at === undefined) return;
    throw this.error(
      at,
      "PGLC023",
      isTerminal(name)
        ? `No text matches the terminal \`${name}\`.`
        : `No text ever ends the rule \`${name}\`: each of its options needs what has no text.`,
      isTerminal(name) ? "Correct it, or leave it away." : "Give it an option that does not lead back to it.",
    );
  }

  private error(at: number, code: string, message: string, hint?: string): Error {
    return grammarError(this.text, at, code, message, hint);
  }
}

/** Rules that derive a text. */
export function productiveRules(network: Network): Uint8Array {
  // A rule has a text just when it has the empty one once every byte may be skipped.
  return nullableRules({
    ...network,
    states: network.states.map(({ bytes, calls, empty }) => ({
      bytes: [],
      calls,
      empty: [...empty, ...bytes.filter((_, i) => i % 3 === 2)],
    })),
  });
}

function hintFor(name: string, names: readonly string[]): string | undefined {
  const near = names.map((n) => [distance(name, n), n] as const).sort((a, b) => a[0] - b[0])[0];
  return near !== undefined && near[0] <= Math.max(1, name.length / 3) ? `Did you mean \`${near[1]}\`?` : undefined;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
