import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpuSeconds } from "../clock.js";
import type { PeerConstraint } from "./tasks.js";

/** What is used here of web-xgrammar, whose package has no types for Node. */
interface XGrammar {
  readonly TokenizerInfo: {
    createTokenizerInfo(
      tokens: readonly string[],
      type: string,
      prependSpace: boolean,
      size: number,
      stop: readonly number[],
    ): Promise<unknown>;
  };
  readonly GrammarCompiler: { createGrammarCompiler(info: unknown, cache: boolean): Promise<Compiler> };
  readonly GrammarMatcher: { createGrammarMatcher(compiled: Disposable): Promise<Matcher> };
}

interface Disposable {
  dispose(): void;
}

interface Compiler {
  compileJSONSchema(
    schema: string,
    anyWhitespace: boolean,
    indent: undefined,
    separators: readonly [string, string],
    strict: boolean,
  ): Promise<Disposable>;
  compileGrammar(ebnf: string, root: string): Promise<Disposable>;
  compileStructuralTag(tag: unknown): Promise<Disposable>;
}

interface Matcher extends Disposable {
  getNextTokenBitmask(): Promise<Int32Array>;
  acceptToken(id: number): boolean;
  isTerminated(): boolean;
}

/** How a vocabulary's tokens are written, as web-xgrammar wants to be told. */
export interface Encoded {
  readonly tokens: readonly string[];
  readonly type: "byte_fallback" | "byte_level";
  readonly eosId: number;
}

export interface PeerMasks {
  /** Milliseconds. */
  readonly compiled: number;
  /** Microseconds of each mask, in CPU time. */
  readonly masks: readonly number[];
}

/** web-xgrammar with a vocabulary; null where it is not installed. */
export class XGrammarPeer {
  private constructor(
    private readonly module: XGrammar,
    private readonly compiler: Compiler,
  ) {}

  static async of({ tokens, type, eosId }: Encoded): Promise<XGrammarPeer | null> {
    const module = load();
    if (module === null) return null;
    const info = await module.TokenizerInfo.createTokenizerInfo(tokens, type, false, tokens.length, [eosId]);
    return new XGrammarPeer(module, await module.GrammarCompiler.createGrammarCompiler(info, false));
  }

  /** Masks on the way through spans of possible tokens, `pick` saying which of how many. */
  async masks(wanted: PeerConstraint, spans: number, length: number, pick: (n: number) => number): Promise<PeerMasks> {
    const begin = cpuSeconds();
    const compiled = await this.compile(wanted);
    const time = 1000 * (cpuSeconds() - begin);
    const masks: number[] = [];
    for (let span = 0; span < spans; span++) {
      const matcher = await this.module.GrammarMatcher.createGrammarMatcher(compiled);
      for (let at = 0; at < length && !matcher.isTerminated(); at++) {
        const asked = cpuSeconds();
        const mask = await matcher.getNextTokenBitmask();
        masks.push(1e6 * (cpuSeconds() - asked));
        const possible: number[] = [];
        for (let word = 0; word < mask.length; word++) {
          for (let bit = 0; bit < 32; bit++) if (((mask[word]! >>> bit) & 1) === 1) possible.push(32 * word + bit);
        }
        if (possible.length === 0 || !matcher.acceptToken(possible[pick(possible.length)]!)) break;
      }
      matcher.dispose();
    }
    compiled.dispose();
    return { compiled: time, masks };
  }

  private compile(wanted: PeerConstraint): Promise<Disposable> {
    const { compiler } = this;
    if ("schema" in wanted) {
      return compiler.compileJSONSchema(JSON.stringify(wanted.schema), false, undefined, [",", ":"], true);
    }
    if ("ebnf" in wanted) return compiler.compileGrammar(wanted.ebnf, wanted.root ?? "root");
    const format = { type: "regex", pattern: wanted.regex };
    return compiler.compileStructuralTag({ type: "structural_tag", format });
  }
}

/** The package says that it is a module of today, but its file is one of CommonJS: Node cannot import it as it is. */
function load(): XGrammar | null {
  const require = createRequire(import.meta.url);
  let file: string;
  try {
    file = require.resolve("@mlc-ai/web-xgrammar");
  } catch {
    return null;
  }
  const exports = {};
  const run = new Function("exports", "module", "require", "__filename", "__dirname", readFileSync(file, "utf8"));
  run(exports, { exports }, createRequire(file), file, file.replace(/[^/]*$/, ""));
  return exports as XGrammar;
}
