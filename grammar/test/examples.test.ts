import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "../src/index.js";

const folder = fileURLToPath(new URL("../../examples/", import.meta.url));

describe("the example programs", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".pgl"));
  test("there are some", () => expect(files.length).toBeGreaterThan(10));
  test.each(files)("%s parses without a diagnostic", (name) => {
    const { tree, diagnostics } = parse(readFileSync(folder + name, "utf8"));
    expect(diagnostics).toEqual([]);
    expect(tree.declarations.some((each) => each.kind === "ModelDeclaration")).toBe(true);
  });
});
