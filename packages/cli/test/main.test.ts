import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, pgl } from "./buffer-io.js";

test("an unknown command exits with 2 and says which one may be meant", async () => {
  const { status, out, err } = await pgl(folder({}), ["chek", "x.pgl"]);
  expect(status).toBe(2);
  expect(out).toBe("");
  expect(err).toContain("unknown command 'chek'");
  expect(err).toContain("Did you mean check?");
});

test("an unknown flag exits with 2 and says which one may be meant", async () => {
  const { status, err } = await pgl(folder({ "a.pgl": "" }), ["run", "a.pgl", "--sed", "3"]);
  expect(status).toBe(2);
  expect(err).toContain("unknown option '--sed'");
  expect(err).toContain("--seed");
});

test("a program in place of a command: how it is run", async () => {
  const { status, err } = await pgl(folder({}), ["coin.pgl", "--json"]);
  expect(status).toBe(2);
  expect(err).toContain("pgl run coin.pgl --json");
});

test.each([
  [["run"], "missing required argument 'file'"],
  [["run", "a.pgl", "--seed", "x"], "whole number from 0"],
  [["run", "a.pgl", "--seed", "-1"], "whole number from 0"],
  [["run", "a.pgl", "--seed", "1.5"], "whole number from 0"],
  [["run", "a.pgl", "--particles", "0"], "whole number from 1"],
  [["run", "a.pgl", "--max-time", "0"], "seconds above 0"],
  [["run", "a.pgl", "--lm", "stories"], "alias=spec"],
  [["run", "a.pgl", "--lm", "writer="], "alias=spec"],
  [["run", "a.pgl", "--no-pass"], "argument missing"],
  [["run", "a.pgl", "--color", "maybe"], "auto, always, never"],
  [["run", "missing.pgl"], "There is no file missing.pgl"],
  [["check", "missing.pgl"], "There is no file missing.pgl"],
  [["fmt", "."], "is a directory"],
  [["run", "a"], "Did you mean a.pgl?"],
])("`pgl %j` exits with 2 and says %s", async (argv, message) => {
  const { status, out, err } = await pgl(folder({ "a.pgl": "" }), argv);
  expect(status).toBe(2);
  expect(out).toBe("");
  expect(err).toContain(message);
});

test("help and version are results, on standard output", async () => {
  const help = await pgl(folder({}), ["--help"]);
  expect(help.status).toBe(0);
  for (const command of ["run", "check", "fmt", "compile", "doctor"]) expect(help.out).toContain(command);
  const version = await pgl(folder({}), ["--version"]);
  expect(version).toMatchObject({ status: 0, err: "" });
  expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
  const run = await pgl(folder({}), ["run", "--help"]);
  for (const flag of [
    "--args",
    "--seed",
    "--particles",
    "--using",
    "--lm",
    "--no-pass",
    "--max-time",
    "--json",
    "--quiet",
  ]) {
    expect(run.out).toContain(flag);
  }
});

test("without a command the commands are listed, and the status is 2", async () => {
  const { status, err } = await pgl(folder({}), []);
  expect(status).toBe(2);
  expect(err).toContain("Usage: pgl");
});

test.each(["check", "run", "fmt", "compile"])(
  "%s says of a file that is not text that it is not, once",
  async (command) => {
    const directory = folder({});
    writeFileSync(join(directory, "picture.pgl"), Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
    const { status, out, err } = await pgl(directory, [command, "picture.pgl"]);
    expect(status).toBe(2);
    expect(out).toBe("");
    expect(err).toContain("picture.pgl is no program: it is not UTF-8 text: byte 0 is 0x89.");
    expect(err.split("\n").length).toBeLessThan(5);
  },
);
