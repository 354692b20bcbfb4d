import { describe, expect, it } from "vitest";
import { Context, lm, NgramModel, type LogRow } from "../../src/index.js";
import { exact } from "../programs.js";

const text = "anna\nann\nhannah\nnan\n";
const model = NgramModel.from(text);
const after = (prefix: string): LogRow => model.row(Context.of(prefix).tokens(model.vocabulary));
const p = (prefix: string, next: string): number =>
  Math.exp(after(prefix).logProbability(next === "" ? model.vocabulary.eosId! : model.vocabulary.encode(next)[0]!));

/** Witten–Bell by counting in the text itself. */
function byHand(history: string, next: string): number {
  const lines = text.split("\n").filter((l) => l !== "");
  const symbols = new Set([...text.replaceAll("\n", ""), "$"]);
  let probability = 1 / symbols.size;
  for (let n = 0; n <= history.length; n++) {
    const h = history.slice(history.length - n);
    const followers: string[] = [];
    for (const line of lines) {
      const marked = `^${line}$`;
      for (let i = 1; i < marked.length; i++) if (marked.slice(0, i).endsWith(h)) followers.push(marked[i]!);
    }
    if (followers.length === 0) break;
    const different = new Set(followers).size;
    probability =
      (followers.filter((c) => c === next).length + different * probability) / (followers.length + different);
  }
  return probability;
}

describe("n-gram models", () => {
  it("interpolate counts of up to four characters of history", () => {
    for (const [prefix, history] of [
      ["", "^"],
      ["a", "^a"],
      ["ann", "^ann"],
      ["hann", "hann"],
      ["nanna", "anna"],
      ["hhh", "^hhh"],
    ] as const) {
      for (const next of ["a", "n", "h", ""]) {
        expect(p(prefix, next), `${prefix} → ${next}`).toBeCloseTo(byHand(history, next === "" ? "$" : next), 12);
      }
    }
  });

  it("give every character somewhere to go: rows sum to one and none is zero", () => {
    for (const prefix of ["", "a", "nn", "hhhh", "annahan"]) {
      const row = after(prefix);
      let total = 0;
      for (let id = 0; id < model.vocabulary.size; id++) {
        expect(row.logProbability(id)).toBeGreaterThan(-Infinity);
        total += Math.exp(row.logProbability(id));
      }
      expect(total).toBeCloseTo(1, 12);
    }
  });

  it("start over after an end token", () => {
    const { eosId } = model.vocabulary;
    expect(model.row([0, eosId!])).toBe(model.row([]));
  });

  it("learn lines, whatever ends them, and characters beyond 16 bits", () => {
    const other = NgramModel.from("\uFEFFa😀\r\nb\rc");
    expect(other.vocabulary.size).toBe(5);
    expect(other.vocabulary.decode(other.vocabulary.encode("a😀"))).toBe("a😀");
    expect(other.vocabulary.tryEncode("x")).toBeNull();
    expect(() => NgramModel.from("\n\n")).toThrow(/no line/);
  });

  it("draw texts", async () => {
    const drawn = await exact(lm("m", model).text({ max_tokens: 2 }));
    expect([...drawn.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(drawn.get("an")!).toBeGreaterThan(0.2);
  });
});
