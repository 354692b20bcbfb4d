import { languageModelSpecs } from "@pgl/core";
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

const naming = (spec: string): string => `lm writer = "${spec}"
model m(): string {
  let t ~ writer.text(after: "", max_tokens: 2)
  return t
}
query m()
`;

test.each([
  ["storis", "PGL2017 There is no kind of language model `storis`.", "Did you mean `stories`?"],
  ["tabel:toy.json", "PGL2017 There is no kind of language model `tabel`.", "Did you mean `table:toy.json`?"],
  ["toy.json", "PGL2017", `A model is one of ${languageModelSpecs.map((spec) => `\`${spec}\``).join(", ")}.`],
  ["table:toi.json", "PGL2003 There is no file `toi.json` here.", "Did you mean `toy.json`?"],
  ["ngram:letters/none.txt", "PGL2003", "Paths start from the folder of the program."],
  ["onnx:modle", "PGL2003 There is no model in a folder `modle` here.", "Did you mean `model`?"],
  ["onnx:letters", "PGL2003 There is no model in a folder `letters` here.", "It has a `config.json`"],
])("a model that is not there is an error where it is named: %s", async (spec, error, hint) => {
  const files = {
    "sub/a.pgl": naming(spec),
    "sub/toy.json": "{}",
    "sub/model/config.json": "{}",
    "sub/letters/a.txt": "",
  };
  const { status, err } = await pgl(folder(files), ["check", "sub/a.pgl"]);
  expect(status).toBe(1);
  expect(err).toContain(`sub/a.pgl:1:13 error ${error}`);
  expect(err).toContain(`hint: ${hint}`);
});

test("every kind of model that a run knows is known, and none is loaded", async () => {
  // Nothing of what is in the files is right.
  const files = { "FILE.json": "{}", "FILE.txt": "", "FOLDER/config.json": "{}" };
  const programs = languageModelSpecs.map((spec, i) => [`${i}.pgl`, naming(spec)] as const);
  const directory = folder({ ...files, ...Object.fromEntries(programs) });
  expect(await pgl(directory, ["check", ...programs.map(([name]) => name)])).toEqual({ status: 0, out: "", err: "" });
});

test("a run may be given another model than the one that is not there", async () => {
  const toy = { tokens: ["a", "</s>"], eos: "</s>", order: 0, rows: { "": [0.5, 0.5] } };
  const directory = folder({ "a.pgl": naming("storis"), "toy.json": JSON.stringify(toy) });
  const { status, err } = await pgl(directory, ["run", "a.pgl", "--lm", "writer=table:toy.json", "--quiet"]);
  expect({ status, err }).toEqual({ status: 0, err: "" });
});

test("a text that is drawn token by token and then asked to match is warned of, where it costs executions", async () => {
  const looped = (method: string): string => `lm toy = "table:toy.json"
model m(): string {
  var ctx = toy.context("")
  for _ in 0..3 {
    let t ~ toy.next(ctx)
    ctx = ctx + t
  }
  condition ctx.text matches "aba"
  return ctx.text
}
query m() using ${method}
`;
  const toy = { tokens: ["a", "b"], eos: null, order: 0, rows: { "": [0.5, 0.5] } };
  const files = {
    "toy.json": JSON.stringify(toy),
    "a.pgl": looped("smc(particles: 500)"),
    "b.pgl": looped("enumerate()"),
  };
  const directory = folder(files);
  for (const argv of [
    ["check", "a.pgl"],
    ["run", "a.pgl", "--seed", "1"],
  ]) {
    const { status, err } = await pgl(directory, argv);
    expect(status).toBe(0);
    expect(err).toContain("a.pgl:8:13 warning PGL5010");
    expect(err).toContain("Draw it by `toy.text(after: …, matching: …)`");
  }
  expect(await pgl(directory, ["check", "b.pgl"])).toEqual({ status: 0, out: "", err: "" });
});
