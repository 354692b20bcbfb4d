import { afterEach, describe, expect, it } from "vitest";
import {
  allowStates,
  type Compilation,
  type Compiled,
  constraint,
  ConstraintError,
  type Recogniser,
  TextConstraint,
  useAutomatonStore,
  watchCompilation,
} from "../src/index.js";
import { DEFAULT_STATES } from "../src/compiling.js";
import type { Dfa } from "../src/automata/dfa.js";
import { throughStore } from "../src/store.js";

afterEach(() => {
  useAutomatonStore(null);
  watchCompilation(null);
  allowStates(DEFAULT_STATES);
});

const kept = new Map<string, Uint8Array>();
const memory = {
  read: (key: string) => kept.get(key) ?? null,
  write: (key: string, bytes: Uint8Array) => void kept.set(key, bytes),
};

/** Compiles as something does that takes long. */
function slowly(wanted: Compiled): { compile: () => Compiled; times: number } {
  const own = {
    times: 0,
    compile: () => {
      own.times++;
      const until = performance.now() + 55;
      while (performance.now() < until);
      return wanted;
    },
  };
  return own;
}

const table = (recogniser: Recogniser): unknown =>
  Array.from({ length: (recogniser as Dfa).size }, (_, s) => [
    recogniser.accepts(s),
    recogniser.shortest(s),
    ...Array.from({ length: 256 }, (_, byte) => recogniser.step(s, byte)),
  ]);

describe("compiled constraints", () => {
  it("come out of the store as they went in, and only for their own constraint", () => {
    kept.clear();
    const wanted = constraint.not(constraint.regex("(?:ab|é){2,3}\\b.*")).compiled()!;
    useAutomatonStore(memory);
    const slow = slowly(wanted);
    const first = throughStore("one", slow.compile)!;
    const second = throughStore("one", slow.compile)!;
    expect([slow.times, kept.size, second.decides]).toEqual([1, 1, true]);
    expect(second.recogniser).not.toBe(first.recogniser);
    expect(table(second.recogniser)).toEqual(table(first.recogniser));
    // Even if two had the same name.
    const [bytes] = [...kept.values()];
    useAutomatonStore({ ...memory, read: () => bytes! });
    throughStore("two", slow.compile);
    expect(slow.times).toBe(2);
  });

  it("that are damaged are compiled again", () => {
    kept.clear();
    const wanted = constraint.regex("ab?").compiled()!;
    useAutomatonStore(memory);
    throughStore("x", slowly(wanted).compile);
    const [[key, whole]] = [...kept] as [[string, Uint8Array]];
    for (let at = 0; at < whole.length + 2; at += at < 40 || at > whole.length - 40 ? 1 : 13) {
      const bytes = at < whole.length ? whole.slice() : whole.slice(0, at === whole.length ? 10 : -1);
      if (at < whole.length) bytes[at]! ^= 0x11;
      kept.set(key, bytes);
      let asked = false;
      const again = throughStore("x", () => ((asked = true), wanted));
      expect([at, asked, again]).toEqual([at, true, wanted]);
    }
  });

  it("that are quick to compile are not kept", () => {
    kept.clear();
    useAutomatonStore(memory);
    const clock = performance.now.bind(performance);
    performance.now = () => 0;
    try {
      throughStore("quick", () => constraint.regex("a").compiled());
    } finally {
      performance.now = clock;
    }
    expect(kept.size).toBe(0);
  });
});

describe("the budget", () => {
  it("can be changed, and what is too large is named", () => {
    allowStates(100);
    const most = (): unknown =>
      constraint.and(constraint.chars(1, 5), constraint.regex("(?:a|b)*a(?:a|b){12}")).compiled();
    expect(most).toThrow(
      expect.objectContaining({ code: "PGLC006", message: expect.stringContaining("/(?:a|b)*a(?:a|b){12}/") }),
    );
    allowStates(50_000);
    expect(constraint.regex("(?:a|b)*a(?:a|b){11}").compiled()).not.toBeNull();
    expect(() => allowStates(0)).toThrow(ConstraintError);
  });
});

describe("those who watch", () => {
  it("are told how long compilations go, and when they are over", () => {
    const told: (Compilation | null)[] = [];
    watchCompilation((progress) => told.push(progress));
    let now = 0;
    const clock = performance.now.bind(performance);
    performance.now = () => (now += 200);
    try {
      const slow = new TextConstraint(
        "slow",
        () => true,
        () => constraint.chars(1, 700).compiled(),
      );
      slow.compiled();
      constraint.regex("quick").compiled();
    } finally {
      performance.now = clock;
    }
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toBeNull();
    const reports = told.slice(0, -1) as Compilation[];
    expect(reports.every((p) => p.constraint === "slow" && p.milliseconds >= 500 && p.states > 0)).toBe(true);
  });
});
