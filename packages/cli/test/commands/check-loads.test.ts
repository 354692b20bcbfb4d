import { expect, test, vi } from "vitest";
import { folder, pgl } from "../buffer-io.js";

vi.mock("@pgl/core", () => {
  throw new Error("loaded");
});

const model = 'lm writer = "stories"\nmodel m(): string { let t ~ writer.text(after: ""); return t }\n';

test("what runs programs is not loaded, which takes longer than all the rest", async () => {
  const directory = folder({ "a.pgl": model, "b.pgl": model.replace("return t", "return u") });
  expect(await pgl(directory, ["check", "a.pgl"])).toEqual({ status: 0, out: "", err: "" });
  expect((await pgl(directory, ["check", "b.pgl"])).err).toContain("PGL2001");
  expect((await pgl(directory, ["fmt", "a.pgl"])).status).toBe(0);
});

test("but for what keeps compiled constraints, where there are some", async () => {
  const directory = folder({ "a.pgl": model.replace('after: ""', 'after: "", matching: /a+/') });
  // Here it cannot be had.
  expect((await pgl(directory, ["check", "a.pgl"])).status).toBe(3);
});
