import { expect, test } from "vitest";
import { folder, pgl } from "../buffer-io.js";

const good = "model m(): int { return sample uniform_int(1, 6) }\nquery m()\n";
const bad = 'model m(): int {\n  return nothing\n}\nconst n: int = "three"\n';

test("says nothing about programs that are right", async () => {
  expect(await pgl(folder({ "a.pgl": good }), ["check", "a.pgl"])).toEqual({ status: 0, out: "", err: "" });
});

test("reports every error of every file, and exits with 1", async () => {
  const { status, out, err } = await pgl(folder({ "a.pgl": good, "b.pgl": bad, "c.pgl": "model (" }), [
    "check",
    "a.pgl",
    "b.pgl",
    "c.pgl",
  ]);
  expect(status).toBe(1);
  expect(out).toBe("");
  expect(err).toContain("return nothing");
  expect(err).toContain('const n: int = "three"');
  expect(err).toContain("c.pgl");
});

test("--json gives the diagnostics as data", async () => {
  const directory = folder({ "b.pgl": bad });
  const { status, out, err } = await pgl(directory, ["check", "--json", "b.pgl"]);
  expect(status).toBe(1);
  expect(err).toBe("");
  const diagnostics = JSON.parse(out);
  const unknown = diagnostics.find((d: { code: string }) => d.code === "PGL2001");
  expect(unknown).toMatchObject({
    severity: "error",
    file: `${directory}/b.pgl`,
    range: { start: { line: 2, column: 10 }, end: { line: 2, column: 17 } },
  });
  expect(unknown.message).toContain("nothing");
  for (const d of diagnostics) expect(Object.keys(d)).toEqual(["code", "severity", "file", "range", "message", "hint"]);
  expect(JSON.parse((await pgl(folder({ "a.pgl": good }), ["check", "--json", "a.pgl"])).out)).toEqual([]);
});

test("a module that two programs import is reported once", async () => {
  const user = 'import { f } from "./shared.pgl"\nmodel m(): int { return f(1) }\n';
  const directory = folder({ "a.pgl": user, "b.pgl": user, "shared.pgl": "export fn f(x: int): int = x + missing\n" });
  const { out } = await pgl(directory, ["check", "--json", "a.pgl", "b.pgl"]);
  const errors = JSON.parse(out).filter((d: { code: string }) => d.code === "PGL2001");
  expect(errors).toHaveLength(1);
  expect(errors[0].file).toBe(`${directory}/shared.pgl`);
});

test("a program can come from standard input", async () => {
  const { status, err } = await pgl(folder({}), ["check", "-"], { input: bad });
  expect(status).toBe(1);
  expect(err).toContain("nothing");
});
