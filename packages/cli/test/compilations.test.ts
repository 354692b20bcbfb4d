import { readdirSync } from "node:fs";
import { join } from "node:path";
import { TextConstraint, constraint } from "@pgl/constraints";
import { allowStates, watchCompilation } from "@pgl/core";
import { afterEach, expect, test } from "vitest";
import { prepareConstraints } from "../src/compilations.js";
import type { Io } from "../src/io.js";
import { folder, pgl } from "./buffer-io.js";

afterEach(() => {
  watchCompilation(null);
  allowStates();
});

const program = (regex: string): string => `lm writer = "stories"
model m(): string {
  let t ~ writer.text(after: "", matching: ${regex})
  return t
}
query m() using smc(particles: 2)
`;

test("what takes long to compile is kept, and doctor says where", async () => {
  const directory = folder({ "a.pgl": program('without_words("never", "ever") and date("D MMMM YYYY, hh:mm:ss")') });
  const environment = { PGL_CACHE: join(directory, "cache") };
  // The check compiles what the draw is given, to see whether anything matches.
  const { err } = await pgl(directory, ["check", "a.pgl"], { environment });
  expect(err).not.toContain("error");
  const [own] = readdirSync(environment.PGL_CACHE);
  expect(readdirSync(join(environment.PGL_CACHE, own!)).length).toBeGreaterThan(0);
  const { out } = await pgl(directory, ["doctor"], { environment });
  expect(out).toMatch(/ok +constraint cache +.*cache.*: \d+ compiled constraints?, \d+\.\d MB/);
  expect((await pgl(directory, ["doctor"], { environment: { PGL_CACHE: "off" } })).out).toMatch(
    /missing +constraint cache +turned off/,
  );
});

test("the limit of states is taken from the environment", async () => {
  const directory = folder({ "a.pgl": program("/(a|b)*a(a|b){9}/") });
  const small = await pgl(directory, ["check", "a.pgl"], { environment: { PGL_CONSTRAINT_STATES: "200" } });
  expect([small.status, small.err.includes("PGL4026"), small.err.includes("more than 200 states")]).toEqual([
    1,
    true,
    true,
  ]);
  expect((await pgl(directory, ["check", "a.pgl"])).status).toBe(0);
  const commands = [["check"], ["compile"], ["run"], ["calibrate"], ["compare"], ["train", "-o", "t.json"]];
  for (const [command, ...options] of commands) {
    const environment = { PGL_CONSTRAINT_STATES: "many" };
    const wrong = await pgl(directory, [command!, "a.pgl", ...options], { environment });
    expect([command, wrong.status, wrong.err.includes("PGL_CONSTRAINT_STATES")]).toEqual([command, 2, true]);
  }
});

test.each([true, false])("a compilation that takes long says so (terminal: %s)", async (errorIsTerminal) => {
  let err = "";
  const io: Io = {
    write: () => expect.unreachable(),
    writeError: (text) => void (err += text),
    readInput: () => new Uint8Array(),
    outputIsTerminal: false,
    errorIsTerminal,
    columns: 60,
    environment: { PGL_CACHE: "off" },
    directory: ".",
  };
  await prepareConstraints(io);
  let now = 0;
  const clock = performance.now.bind(performance);
  performance.now = () => (now += 900);
  try {
    const slow = new TextConstraint(
      "slow",
      () => true,
      () => constraint.chars(1, errorIsTerminal ? 900 : 901).compiled(),
    );
    slow.compiled();
  } finally {
    performance.now = clock;
  }
  if (errorIsTerminal) {
    expect(err).toMatch(/^(\r\x1b\[2Kcompiling slow: [\d,]+ states, \S+ s)+\r\x1b\[2K$/);
  } else expect(err).toBe("compiling slow takes long\n");
});
