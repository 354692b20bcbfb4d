import { expect, test } from "vitest";
import { folder, pgl } from "../buffer-io.js";

test("finds that what is needed works", async () => {
  const { status, out } = await pgl(folder({}), ["doctor"]);
  expect(out).toContain(process.version);
  expect(out).toMatch(/ok +embedded model +stories, 1024 tokens.*as it should be/);
  expect(out).toMatch(/ok +ONNX engine +onnxruntime-(node|web) \d/);
  expect(out).toMatch(/ok +tensor engine +(gpu|node|wasm|cpu|off): /);
  expect(out).toContain("Everything that is needed works.");
  expect(status).toBe(0);
});

test("--json gives the findings as data, with how to install what is missing", async () => {
  const directory = folder({});
  const { out } = await pgl(directory, ["doctor", "--json"]);
  const { healthy, findings } = JSON.parse(out) as {
    healthy: boolean;
    findings: { name: string; status: string; hint?: string; detail: string }[];
  };
  expect(healthy).toBe(true);
  for (const { name, status, hint } of findings) {
    expect(["ok", "missing"]).toContain(status);
    if (status === "missing" && name.startsWith("@")) expect(hint).toBe(`npm install ${name}`);
  }
  expect(findings.find((f) => f.name === "working folder")!.detail).toContain(directory);
});
