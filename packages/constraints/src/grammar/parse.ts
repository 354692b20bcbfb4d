import type { GrammarError } from "./error.js";
import { grammarError, scan, type Token } from "./scan.js";
import { type Definition, type GrammarTree, type Import, isTerminal, type Pattern } from "./syntax.js";

/**
 * Reads a grammar in the dialect of docs/grammars.md. Line ends have no meaning: a definition goes on up to the next
 * `name:` or `%directive`.
 *
 * @throws GrammarError PGLC020 where the text is no grammar.
 */
export function parseGrammar(text: string): GrammarTree {
  return new Parser(text).grammar();
}

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(private readonly text: string) {
    this.tokens = scan(text);
  }

  grammar(): GrammarTree {
    const definitions: Definition[] = [];
    const ignored: Pattern[] = [];
    const imports: Import[] = [];
    while (this.peek().kind !== "end") {
      const token = this.peek();
      if (token.kind === "directive") {
        this.next++;
        if (token.text === "%ignore") ignored.push(this.choice());
        else if (token.text === "%import") imports.push(...this.import());
        else {
          throw this.error(
            token,
            `The directive \`${token.text}\` is not in this dialect.`,
            "There are `%ignore` and `%import common.NAME`.",
          );
        }
      } else definitions.push(this.definition());
    }
    return { definitions, ignored, imports };
  }

  private definition(): Definition {
    // Marks that shape the tree of a parser. The set of strings does not depend on them.
    while (this.symbol("?") || this.symbol("!")) this.next++;
    const name = this.name("a definition `name: …`");
    if (this.symbol(".")) {
      throw this.error(
        this.peek(),
        "Priorities are not in this dialect.",
        "They choose between parses. A constraint is a set of strings: leave the priority away.",
      );
    }
    if (this.symbol("{")) throw this.error(this.peek(), "Templates are not in this dialect.", "Write the rule out.");
    if (!/^_*(?:[a-z][a-z0-9_]*|[A-Z][A-Z0-9_]*)$/.test(name.text)) {
      throw this.error(
        name,
        `\`${name.text}\` mixes capitals and small letters.`,
        "Rules are written in small letters, terminals in capitals.",
      );
    }
    this.expect(":");
    return { name: name.text, at: name.at, body: this.choice() };
  }

  private import(): Import[] {
    const library = this.name("the name of a library");
    if (library.text !== "common") {
      throw this.error(library, `There is no library \`${library.text}\`.`, "There is `common`.");
    }
    this.expect(".");
    if (this.symbol("(")) throw this.error(this.peek(), "One name is imported at a time.", "`%import common.WORD`");
    const name = this.name("the name of a terminal");
    let as = name.text;
    if (this.symbol("->")) {
      this.next++;
      as = this.name("a name").text;
      if (!isTerminal(as)) throw this.error(name, "What is imported is a terminal.", "Its name is in capitals.");
    }
    return [{ name: name.text, as, at: name.at }];
  }

  private choice(): Pattern {
    const { at } = this.peek();
    // A bar may stand before the first option too, as a line of its own.
    const options = [this.sequence()];
    while (this.symbol("|")) {
      this.next++;
      options.push(this.sequence());
    }
    return options.length === 1 ? options[0]! : { kind: "choice", options, at };
  }

  private sequence(): Pattern {
    const { at } = this.peek();
    const parts: Pattern[] = [];
    while (this.startsPart()) parts.push(this.repeated());
    if (this.symbol("->")) {
      // The name of a node of the tree: nothing to the set of strings.
      this.next++;
      this.name("a name");
    }
    return parts.length === 1 ? parts[0]! : { kind: "sequence", parts, at };
  }

  private startsPart(): boolean {
    const token = this.peek();
    switch (token.kind) {
      case "string":
      case "regex":
        return true;
      case "symbol":
        return token.text === "(" || token.text === "[";
      case "name":
        return !this.startsDefinition();
      default:
        return false;
    }
  }

  /** Whether a definition begins here: `name:`, or what is meant as one. */
  private startsDefinition(): boolean {
    const after = this.tokens[this.next + 1]!;
    return after.kind === "symbol" && (after.text === ":" || after.text === "." || after.text === "{");
  }

  private repeated(): Pattern {
    let part = this.atom();
    for (;;) {
      const token = this.peek();
      if (token.kind !== "symbol") return part;
      const { at } = token;
      if (token.text === "*") part = { kind: "repeat", part, low: 0, high: Infinity, at };
      else if (token.text === "+") part = { kind: "repeat", part, low: 1, high: Infinity, at };
      else if (token.text === "?" && !this.marksDefinition()) part = { kind: "repeat", part, low: 0, high: 1, at };
      else if (token.text === "~") {
        this.next++;
        const low = this.number();
        let high = low;
        if (this.symbol("..")) {
          this.next++;
          high = this.number();
        }
        if (low > high) throw this.error(token, `~${low}..${high} is no range.`, "The smaller number comes first.");
        part = { kind: "repeat", part, low, high, at };
        continue;
      } else return part;
      this.next++;
    }
  }

  /** Whether the `?` here belongs to the next definition: `?name:`. */
  private marksDefinition(): boolean {
    const [name, colon] = [this.tokens[this.next + 1]!, this.tokens[this.next + 2]];
    if (name.kind !== "name" || colon?.kind !== "symbol" || colon.text !== ":") return false;
    // `a: b? c: d` on one line would be read as `a: b` and `?c: d`: the mark stands where its line begins.
    return /(?:^|\n)[ \t]*$/.test(this.text.slice(0, this.peek().at));
  }

  private atom(): Pattern {
    const token = this.peek();
    this.next++;
    const { at } = token;
    switch (token.kind) {
      case "string": {
        if (!this.symbol("..")) return { kind: "string", text: token.value, anyCase: token.flags === "i", at };
        this.next++;
        const end = this.peek();
        this.next++;
        if (end.kind !== "string" || [...end.value].length !== 1 || [...token.value].length !== 1) {
          throw this.error(token, "A range goes from one character to another.", 'For example `"a".."z"`.');
        }
        if (end.value.codePointAt(0)! < token.value.codePointAt(0)!) {
          throw this.error(token, "No character is in this range.", "The smaller character comes first.");
        }
        return { kind: "range", low: token.value, high: end.value, at };
      }
      case "regex":
        return { kind: "regex", source: token.source, flags: token.flags, at };
      case "name":
        return { kind: "name", name: token.text, at };
      case "symbol":
        if (token.text === "(" || token.text === "[") {
          const inner = this.choice();
          this.expect(token.text === "(" ? ")" : "]");
          return token.text === "(" ? inner : { kind: "repeat", part: inner, low: 0, high: 1, at };
        }
    }
    throw this.error(token, `${shown(token)} stands where a part of a rule should.`);
  }

  private peek(): Token {
    return this.tokens[this.next]!;
  }

  private symbol(text: string): boolean {
    const token = this.peek();
    return token.kind === "symbol" && token.text === text;
  }

  private expect(text: string): void {
    if (!this.symbol(text)) throw this.error(this.peek(), `Here \`${text}\` is missing before ${shown(this.peek())}.`);
    this.next++;
  }

  private name(what: string): Token {
    const token = this.peek();
    if (token.kind !== "name") throw this.error(token, `Here ${what} is missing before ${shown(token)}.`);
    this.next++;
    return token;
  }

  private number(): number {
    const token = this.peek();
    if (token.kind !== "number") throw this.error(token, `Here a number is missing before ${shown(token)}.`);
    this.next++;
    return token.value;
  }

  private error(token: Token, message: string, hint?: string): GrammarError {
    return grammarError(this.text, token.at, "PGLC020", message, hint);
  }
}

const shown = (token: Token): string => (token.kind === "end" ? "the end" : `\`${token.text}\``);
