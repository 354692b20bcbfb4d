import { parse } from "@pgl/grammar";
import { describe, expect, it } from "vitest";
import { checkText, messages } from "../support.js";

/** A program of about 5,000 lines, in which most things refer to others. */
function large(copies: number): string {
  const one = (i: number): string => `
/// Number ${i}.
type Person${i} = { name: string, age: int, mood: "glad" | "sad", friend?: string }
const limit${i} = ${i === 0 ? "1" : `limit${i - 1} + 1`}
fn older${i}(p: Person${i}, by: int = 1): Person${i} = { ...p, age: p.age + by }
fn describe${i}(p: Person${i}, words: list<string>): string {
  var out = p.name
  for (k, word) in indexed(words) {
    if k > limit${i} { break }
    out = match p.mood {
      "glad" => "\${out} \${word}!",
      "sad" => "\${out} \${lower(word)}",
    }
  }
  if p.friend != none { return out + p.friend }
  return out
}
model walk${i}(steps: int, p: Person${i}): list<float> {
  var at = 0.0
  var seen = []
  for j in 0..steps {
    let fair ~ bernoulli(0.5)
    let step_size ~ normal(if fair { 1.0 } else { -1.0 }, 0.5)
    at += step_size
    seen = push(seen, at)
    observe at ~ normal(0, 10)
    condition at > -100 && at < 100
    factor -0.1 * sum(map(seen, v => abs(v) * ${i}))
  }
  ${i === 0 ? "" : `let before = walk${i - 1}(steps, { name: p.name, age: p.age, mood: "glad" })\n  at += sum(before)`}
  return if len(describe${i}(older${i}(p), ["A", "b"])) > 3 { seen } else { [at] }
}
query q${i} = walk${i}(${i}, { name: "Ann", age: 3, mood: "sad" }) using smc(particles: 10)
`;
  return Array.from({ length: copies }, (_, i) => one(i)).join("");
}

describe("a program of 5,000 lines", () => {
  it("is checked in a small multiple of the time that reading it takes, without growing faster than its length", async () => {
    const text = large(147);
    expect(text.split("\n").length).toBeGreaterThan(4500);
    await checkText(large(10));
    const measure = async (program: string): Promise<{ readonly parse: number; readonly check: number }> => {
      const start = performance.now();
      parse(program);
      const parsed = performance.now();
      const result = await checkText(program);
      const end = performance.now();
      expect(messages(result.program)).toEqual([]);
      return { parse: parsed - start, check: end - parsed - (parsed - start) };
    };
    const half = await measure(large(73));
    const whole = await measure(text);
    // Relative to parsing, because machines differ and are busy; the generous factors still catch a quadratic scan.
    expect(whole.check).toBeLessThan(4 * whole.parse + 200);
    expect(whole.check).toBeLessThan(6 * Math.max(half.check, 20) + 200);
    expect(whole.check).toBeLessThan(5000);
  });
});
