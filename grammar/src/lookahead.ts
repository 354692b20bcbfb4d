import type { Alternative } from "chevrotain";
import {
  Alternation,
  NonTerminal,
  Option,
  Repetition,
  Terminal,
  type BaseParser,
  type ILookaheadStrategy,
  type IOrAlt,
  type IProduction,
  type IToken,
  type Rule,
  type TokenType,
} from "chevrotain";

/**
 * One token of lookahead, found out when a decision is first made. The grammar needs no more than one; chevrotain's own
 * strategy prepares any number for every decision in advance, which took a third of the time to the first parse. Which
 * tokens begin which alternative is the same, and so is what it makes of a conflict: the first alternative that fits.
 *
 * Conflicts are looked for by chevrotain's own strategy, in the tests.
 */
export class LazyLookahead implements ILookaheadStrategy {
  /** By rule: what it can begin with, and whether it can be empty. */
  private readonly rules = new Map<Rule, First>();

  validate(): [] {
    return [];
  }

  buildLookaheadForAlternation(options: {
    prodOccurrence: number;
    rule: Rule;
    hasPredicates: boolean;
  }): (this: BaseParser, alternatives?: IOrAlt<unknown>[]) => number | undefined {
    const { hasPredicates } = options;
    let table: (number[] | undefined)[] | undefined;
    const build = () => {
      const choices: (number[] | undefined)[] = [];
      const alternation = find(options.rule.definition, Alternation, options.prodOccurrence);
      alternation?.definition.forEach((alternative, index) => {
        for (const type of this.firstOf(alternative).tokens) (choices[type] ??= []).push(index);
      });
      return choices;
    };
    return function (this: BaseParser, alternatives) {
      const fitting = (table ??= build())[nextType(this)];
      if (fitting === undefined) return undefined;
      if (!hasPredicates || alternatives === undefined) return fitting[0];
      for (const index of fitting) {
        const gate = alternatives[index]?.GATE;
        if (gate === undefined || gate.call(this)) return index;
      }
      return undefined;
    };
  }

  buildLookaheadForOptional(options: {
    prodOccurrence: number;
    prodType: string;
    rule: Rule;
  }): (this: BaseParser) => boolean {
    let entering: boolean[] | undefined;
    const build = () => {
      const table: boolean[] = [];
      const kind = options.prodType === "Option" ? Option : Repetition;
      const production = find(options.rule.definition, kind, options.prodOccurrence);
      for (const type of this.firstOfAll(production?.definition ?? []).tokens) table[type] = true;
      return table;
    };
    return function (this: BaseParser) {
      return (entering ??= build())[nextType(this)] === true;
    };
  }

  private firstOfAll(productions: readonly IProduction[]): First {
    const tokens = new Set<number>();
    for (const production of productions) {
      const first = this.firstOf(production);
      for (const token of first.tokens) tokens.add(token);
      if (!first.empty) return { tokens, empty: false };
    }
    return { tokens, empty: true };
  }

  private firstOf(production: IProduction): First {
    if (production instanceof Terminal) return { tokens: withMembers(production.terminalType), empty: false };
    if (production instanceof NonTerminal) {
      const rule = production.referencedRule;
      let first = this.rules.get(rule);
      if (first === undefined) {
        first = this.firstOfAll(rule.definition);
        this.rules.set(rule, first);
      }
      return first;
    }
    if (production instanceof Alternation) {
      const tokens = new Set<number>();
      let empty = false;
      for (const alternative of production.definition) {
        const first = this.firstOf(alternative);
        for (const token of first.tokens) tokens.add(token);
        empty ||= first.empty;
      }
      return { tokens, empty };
    }
    const { tokens, empty } = this.firstOfAll((production as Alternative).definition);
    return { tokens, empty: empty || production instanceof Option || production instanceof Repetition };
  }
}

interface First {
  readonly tokens: ReadonlySet<number>;
  readonly empty: boolean;
}

const nextType = (parser: BaseParser): number =>
  (parser as unknown as { LA(ahead: number): IToken }).LA(1).tokenTypeIdx;

function withMembers(type: TokenType): ReadonlySet<number> {
  return new Set([type.tokenTypeIdx as number, ...(type.categoryMatches ?? [])]);
}

type Found<P> = new (...options: never[]) => P;

/** The production of a kind and number in a rule. */
function find<P extends IProduction & { idx: number }>(
  productions: readonly IProduction[],
  kind: Found<P>,
  occurrence: number,
): P | undefined {
  for (const production of productions) {
    if (production instanceof kind && production.idx === occurrence) return production;
    if (production instanceof Terminal || production instanceof NonTerminal) continue;
    const found = find((production as Alternative).definition, kind, occurrence);
    if (found) return found;
  }
  return undefined;
}
