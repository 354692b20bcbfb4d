import { describe, expect, it } from "vitest";
import { jsonRecogniser } from "../../src/json-schema/index.js";
import { known } from "../../src/json-schema/keywords.js";
import { recognises } from "../../src/recogniser.js";
import { randomFrom, validator, walk } from "./oracle.js";
import { cases, largeCases } from "./schemas.js";

describe("generated documents", () => {
  it("come from enough schemas, which use every keyword", () => {
    expect(cases.length).toBeGreaterThanOrEqual(200);
    expect(largeCases.length).toBeGreaterThanOrEqual(50);
    const used = new Set<string>();
    JSON.stringify(cases, (key, value: unknown) => (used.add(key), value));
    expect(Object.keys(known).filter((keyword) => !used.has(keyword))).toEqual([]);
  });

  it.each(cases.map((c, i) => [c.name, c.schema, i] as const))("validate: %s", (_, schema, i) => {
    const validate = validator(schema);
    const recogniser = jsonRecogniser(schema);
    const random = randomFrom(1000 + i);
    for (let n = 0; n < 40; n++) {
      const text = walk(recogniser, random, 10 * (n % 7));
      expect(recognises(recogniser, text)).toBe(true);
      expect([text, validate(JSON.parse(text)), validate.errors]).toEqual([text, true, null]);
    }
  });
});
