import { expect, test } from "vitest";
import { suggestion } from "../src/suggestion.js";

test("suggests the nearest name, and nothing when none is near", () => {
  expect(suggestion("endnig", ["ending", "start"])).toBe("Did you mean ending? ");
  expect(suggestion("wrtier", ["writer", "reader"])).toBe("Did you mean writer? ");
  expect(suggestion("xyz", ["writer"])).toBe("");
  expect(suggestion("x", [])).toBe("");
});
