import { describe, expect, test } from "vitest";
import {
  bernoulli,
  categorical,
  inferRequest,
  importance,
  journalOf,
  answerRequests,
  Particle,
  replay,
  replayVerdict,
  runToCheckpoint,
  seeded,
  startJournal,
  Status,
  uniformInt,
  Guide,
} from "../../src/index.js";
import { environment, model, type Program } from "../support/script.js";

const env = environment();

const begin = (program: Program, seed = 1): Particle => new Particle(model(program).start(), seeded(seed), env);

async function finish(particle: Particle): Promise<Status> {
  for (let tick = 0; ; tick++) {
    const status = runToCheckpoint(particle);
    if (status === Status.Waiting) await answerRequests([particle], env, tick);
    else if (status !== Status.Checkpoint) return status;
  }
}

const walk: Program<readonly number[]> = (s) => {
  const first = s.sample("first", uniformInt(1, 3));
  s.factor(0.5 * first);
  const rest: number[] = [];
  for (let i = 0; i < first; i++) {
    rest.push(s.sample("rest", uniformInt(0, first), categorical([3, 1, 1, 1].slice(0, first + 1))));
    s.step();
  }
  return [first, ...rest];
};

describe("a journal", () => {
  test("has what was drawn, from what, and with what density", async () => {
    const p = begin(walk);
    startJournal(p);
    expect(await finish(p)).toBe(Status.Done);
    const [first, ...rest] = p.value as number[];
    const entries = journalOf(p);
    expect(entries.map((e) => [e.site.name, e.value])).toEqual([
      ["first", first],
      ...rest.map((value) => ["rest", value]),
    ]);
    expect(entries[0]!.logDensity).toBeCloseTo(Math.log(1 / 3));
    expect(entries[0]!.logProposal).toBe(null);
    const weights = [3, 1, 1, 1].slice(0, first! + 1);
    const total = weights.reduce((a, b) => a + b, 0);
    let ratios = 0;
    for (const [i, e] of entries.slice(1).entries()) {
      expect(e.logDensity).toBeCloseTo(-Math.log(first! + 1));
      expect(e.logProposal).toBeCloseTo(Math.log(weights[rest[i]!]! / total));
      ratios += e.logRatio;
    }
    expect(p.logFactors).toBeCloseTo(0.5 * first!);
    expect(p.logWeight).toBeCloseTo(p.logFactors + ratios);
  });

  test("changes nothing: the same draws, weights and trace", async () => {
    for (let seed = 1; seed < 6; seed++) {
      const [plain, kept] = [begin(walk, seed), begin(walk, seed)];
      startJournal(kept, { states: true });
      await finish(plain);
      await finish(kept);
      expect(kept.value).toEqual(plain.value);
      expect(kept.logWeight).toBe(plain.logWeight);
      expect(kept.trace!.value).toEqual(plain.trace!.value);
    }
  });

  test("is off until it is asked for", () => {
    expect(() => journalOf(begin(walk))).toThrow(/keeps no journal/);
  });

  test("is shared by forks up to where they part", async () => {
    const p = begin((s) => {
      const a = s.sample("a", uniformInt(0, 9));
      s.step();
      return [a, s.sample("b", uniformInt(0, 99)), s.sample("c", uniformInt(0, 99))];
    });
    startJournal(p);
    runToCheckpoint(p);
    const twin = p.fork(seeded(77));
    await finish(p);
    await finish(twin);
    expect(journalOf(twin)[0]).toBe(journalOf(p)[0]);
    expect(journalOf(twin).map((e) => e.value)).toEqual(twin.value);
    expect(journalOf(p).map((e) => e.value)).toEqual(p.value);
    expect(twin.value).not.toEqual(p.value);
  });

  test("with states can be gone back to at any entry", async () => {
    const p = begin((s) => {
      const a = s.sample("a", uniformInt(0, 99));
      s.factor(a / 100);
      const b = s.sample("b", uniformInt(0, 99));
      s.factor(b / 100);
      return [a, b, s.sample("c", uniformInt(0, 99))];
    });
    startJournal(p, { states: true });
    await finish(p);
    const entries = journalOf(p);
    const before = p.value as number[];
    const seen = new Set<string>();
    for (let at = 2; at >= 0; at--) {
      const again = new Particle(null, seeded(100 + at), env);
      again.resume(entries[at]!);
      await finish(again);
      const value = again.value as number[];
      expect(value.slice(0, at)).toEqual(before.slice(0, at));
      expect(again.logFactors).toBeCloseTo(value[0]! / 100 + value[1]! / 100);
      expect(journalOf(again).slice(0, at)).toEqual(entries.slice(0, at));
      expect(journalOf(again).map((e) => e.value)).toEqual(value);
      seen.add(JSON.stringify(value));
    }
    expect(seen.size).toBe(3);
  });
});

describe("a replay", () => {
  test("gives the same execution, and then draws by itself", async () => {
    const p = begin(walk, 5);
    startJournal(p);
    await finish(p);
    for (let kept = 0; kept <= journalOf(p).length; kept++) {
      const again = begin(walk, 6);
      replay(again, journalOf(p).slice(0, kept));
      expect(replayVerdict(again)).toEqual(
        kept === 0 ? { kind: "complete" } : { kind: "following", next: 0, of: kept },
      );
      expect(await finish(again)).toBe(Status.Done);
      expect(replayVerdict(again)).toEqual({ kind: "complete" });
      expect(
        journalOf(again)
          .slice(0, kept)
          .map((e) => e.value),
      ).toEqual(
        journalOf(p)
          .slice(0, kept)
          .map((e) => e.value),
      );
      if (kept === journalOf(p).length) {
        expect(again.value).toEqual(p.value);
        expect(again.logWeight).toBeCloseTo(p.logWeight, 12);
      }
    }
  });

  test("weighs entries by their density when it is asked to", async () => {
    const p = begin(walk, 5);
    startJournal(p);
    await finish(p);
    const again = begin(walk);
    replay(again, journalOf(p), { weigh: "density" });
    await finish(again);
    const prior = journalOf(p).reduce((sum, e) => sum + e.logDensity, 0);
    expect(again.logWeight).toBeCloseTo(prior + p.logFactors, 12);
  });

  test("ends where the program asks for something else, and says why", async () => {
    const p = begin((s) => [s.sample("a", uniformInt(0, 5)), s.sample("b", uniformInt(4, 5))]);
    startJournal(p);
    await finish(p);
    const elsewhere = begin((s) => [s.sample("a", uniformInt(0, 5)), s.sample("other", uniformInt(4, 5))]);
    replay(elsewhere, journalOf(p));
    expect(await finish(elsewhere)).toBe(Status.Dead);
    expect(replayVerdict(elsewhere)).toMatchObject({ kind: "diverged", reason: "site", site: { name: "other" } });
    expect(elsewhere.logWeight).toBe(-Infinity);
    const impossible = begin((s) => [s.sample("a", uniformInt(0, 5)), s.sample("b", uniformInt(0, 1))]);
    replay(impossible, journalOf(p));
    expect(await finish(impossible)).toBe(Status.Dead);
    expect(replayVerdict(impossible)).toMatchObject({ kind: "diverged", reason: "support", site: { name: "b" } });
  });

  test("is gone on with by a fork", async () => {
    const p = begin(walk, 9);
    startJournal(p);
    await finish(p);
    const again = begin(walk, 2);
    replay(again, journalOf(p));
    runToCheckpoint(again);
    const twin = again.fork(seeded(3));
    await finish(twin);
    await finish(again);
    expect([twin.value, again.value]).toEqual([p.value, p.value]);
  });

  test("keeps random answers of the same law, and asks for those that are functions of the question", async () => {
    const coin = model((s) => s.sample("coin", bernoulli(0.5)));
    let sampled = importance({ samples: 1 });
    const program: Program = (s) => s.ask(inferRequest(coin, [], sampled)).mode();
    const p = begin(program, 1);
    startJournal(p);
    await finish(p);
    expect(journalOf(p).map((e) => e.kind)).toEqual(["answer"]);
    for (let seed = 10; seed < 20; seed++) {
      const again = begin(program, seed);
      replay(again, journalOf(p));
      await finish(again);
      expect(again.value).toBe(p.value);
    }
    sampled = importance({ samples: 2 });
    const other = begin(program, 1);
    replay(other, journalOf(p));
    expect(await finish(other)).toBe(Status.Dead);
    expect(replayVerdict(other)).toMatchObject({ kind: "diverged", reason: "law" });
  });

  test("refuses a whole-trace proposal", () => {
    const p = begin(walk);
    p.guide = new Guide(begin(walk), new Set());
    expect(() => replay(p, [])).toThrow(/whole-trace proposal/);
  });
});
