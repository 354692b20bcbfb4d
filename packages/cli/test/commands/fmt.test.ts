import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, pgl } from "../buffer-io.js";

const untidy = "model  m( ):int{return   sample uniform_int(1,6)}\n";

test("formats in place, and then there is nothing left to do", async () => {
  const directory = folder({ "a.pgl": untidy });
  const { status, out, err } = await pgl(directory, ["fmt", "a.pgl"]);
  expect(status).toBe(0);
  expect(out).toBe("");
  expect(err).toContain("formatted a.pgl");
  const text = readFileSync(join(directory, "a.pgl"), "utf8");
  expect(text).not.toBe(untidy);
  expect(text).toContain("model m(): int {");
  expect(await pgl(directory, ["fmt", "a.pgl"])).toEqual({ status: 0, out: "", err: "" });
  expect(await pgl(directory, ["fmt", "--check", "a.pgl"])).toEqual({ status: 0, out: "", err: "" });
});

test("--check writes nothing and fails for files that are not formatted", async () => {
  const directory = folder({ "a.pgl": untidy });
  const { status, err } = await pgl(directory, ["fmt", "--check", "a.pgl"]);
  expect(status).toBe(1);
  expect(err).toContain("a.pgl is not formatted");
  expect(readFileSync(join(directory, "a.pgl"), "utf8")).toBe(untidy);
});

test("--stdout and standard input print the text", async () => {
  const directory = folder({ "a.pgl": untidy });
  const printed = await pgl(directory, ["fmt", "--stdout", "a.pgl"]);
  const piped = await pgl(directory, ["fmt", "-"], { input: untidy });
  expect(printed.out).toContain("model m(): int {");
  expect(piped.out).toBe(printed.out);
  expect(readFileSync(join(directory, "a.pgl"), "utf8")).toBe(untidy);
});

test("leaves a program with syntax errors alone, and formats the others", async () => {
  const broken = "model m( { return }\n";
  const directory = folder({ "a.pgl": untidy, "b.pgl": broken });
  const { status, err } = await pgl(directory, ["fmt", "b.pgl", "a.pgl"]);
  expect(status).toBe(1);
  expect(err).toContain("PGL1");
  expect(readFileSync(join(directory, "b.pgl"), "utf8")).toBe(broken);
  expect(readFileSync(join(directory, "a.pgl"), "utf8")).not.toBe(untidy);
});

test("--check and --stdout exclude each other", async () => {
  expect((await pgl(folder({ "a.pgl": untidy }), ["fmt", "--check", "--stdout", "a.pgl"])).status).toBe(2);
});
