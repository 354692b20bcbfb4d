import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listTrace, normal, RunError, site, type TraceHolder } from "../../src/index.js";
import { Trace, TraceLedger } from "../../src/machine/trace.js";

const X = site({ name: "x", kind: "sample" });

/** What a ledger says of a holder's past, oldest first. */
const past = (ledger: TraceLedger, { lastDraw }: TraceHolder): unknown[] =>
  listTrace(Trace.of(ledger, lastDraw)).map((d) => d.value);

describe("a trace", () => {
  test("lists the draws in order, with sites and densities of numbers and of distributions", () => {
    const ledger = new TraceLedger();
    const first = ledger.append(-1, X, 0.5, normal(0, 1));
    const second = ledger.append(first, X, "text", -3);
    const draws = listTrace(Trace.of(ledger, second));
    expect(draws.map((d) => d.value)).toEqual([0.5, "text"]);
    expect(draws[0]!.site).toBe(X);
    expect(draws[0]!.logDensity).toBeCloseTo(-0.5 * Math.log(2 * Math.PI) - 0.125, 14);
    expect(draws[1]!.logDensity).toBe(-3);
    expect(Trace.of(ledger, -1)).toBeNull();
    expect(listTrace(null)).toEqual([]);
  });

  test("of a run that has gone on is an error, not another trace", () => {
    const ledger = new TraceLedger();
    const holder = { lastDraw: ledger.append(-1, X, 1, 0) };
    const trace = Trace.of(ledger, holder.lastDraw)!;
    ledger.compact([holder]);
    expect(() => trace.value).toThrow(RunError);
    expect(() => trace.value).toThrow(/earlier step/);
    expect(past(ledger, holder)).toEqual([1]);
  });
});

describe("a ledger", () => {
  test("keeps every holder's past through any order of draws, forks, deaths and compactions", () => {
    const move = fc.record({ kind: fc.constantFrom("draw", "draw", "draw", "fork", "die", "compact"), who: fc.nat(7) });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 300 }), (moves) => {
        const ledger = new TraceLedger();
        // Beside the ledger, the pasts as plain lists.
        let holders: { lastDraw: number; past: unknown[] }[] = [{ lastDraw: -1, past: [] }];
        moves.forEach(({ kind, who }, i) => {
          const holder = holders[who % holders.length]!;
          if (kind === "draw") {
            holder.lastDraw = ledger.append(holder.lastDraw, X, i, -i);
            holder.past = [...holder.past, i];
          } else if (kind === "fork" && holders.length < 8) holders.push({ ...holder });
          else if (kind === "die" && holders.length > 1) holders = holders.filter((h) => h !== holder);
          else if (kind === "compact") ledger.compact(holders);
        });
        for (const holder of holders) expect(past(ledger, holder)).toEqual(holder.past);
        ledger.compact(holders);
        for (const holder of holders) expect(past(ledger, holder)).toEqual(holder.past);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  test("knows each draw's site, in any order of sites, after compactions too", () => {
    const sites = Array.from({ length: 5 }, (_, i) => site({ name: `x${i}`, kind: "sample" }));
    const ledger = new TraceLedger();
    const holder = { lastDraw: -1 };
    const order = Array.from({ length: 20_000 }, (_, i) => ((i * i) % 7) % 5);
    order.forEach((which, i) => {
      ledger.append(-1, sites[(which + 1) % 5]!, "nobody's", 0);
      holder.lastDraw = ledger.append(holder.lastDraw, sites[which]!, i, 0);
      if (i % 6000 === 5999) ledger.compact([holder]);
    });
    const draws = listTrace(Trace.of(ledger, holder.lastDraw));
    expect(draws.map((d) => d.site)).toEqual(order.map((which) => sites[which]));
    expect(draws.map((d) => d.value)).toEqual(order.map((_, i) => i));
  });

  test("over many blocks, and does not grow with what nobody needs", () => {
    const ledger = new TraceLedger();
    const holders = Array.from({ length: 10 }, () => ({ lastDraw: -1 }));
    let compactions = 0;
    let longest = 0;
    for (let i = 0; i < 400_000; i++) {
      const holder = holders[i % 10]!;
      // Nine of ten start over at each turn.
      const previous = i % 10 === 0 && i < 20_000 ? holder.lastDraw : i % 10 === 0 ? holder.lastDraw : -1;
      if (i % 10 !== 0 || i < 20_000) holder.lastDraw = ledger.append(previous, X, i, 0);
      else ledger.append(-1, X, i, 0);
      if (ledger.isDue) {
        ledger.compact(holders);
        compactions++;
        longest = Math.max(longest, holders[0]!.lastDraw);
      }
    }
    expect(compactions).toBeGreaterThan(3);
    // Two thousand draws of the first holder and one of each other one are all that is left.
    expect(longest).toBeLessThan(2010);
    expect(past(ledger, holders[0]!)).toEqual(Array.from({ length: 2000 }, (_, i) => 10 * i));
  });
});
