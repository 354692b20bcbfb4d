import { describe, expect, it } from "vitest";
import { jsonRecogniser } from "../../src/json-schema/index.js";
import { recognises } from "../../src/recogniser.js";
import { anyValue, type Json, mutated } from "./instances.js";
import { normalForm } from "./normal-form.js";
import { randomFrom, validator, walk } from "./oracle.js";
import { cases } from "./schemas.js";

const digits = (text: string): number =>
  Math.max(0, ...(text.match(/-?[0-9]+(?:\.[0-9]+)?/g) ?? []).map((n) => n.replace(/[^0-9]/g, "").length));

let accepted = 0;
let rejected = 0;

describe("values that another validator decides on", () => {
  it.each(cases.map((c, i) => [c.name, c.schema, i] as const))("are recognised just when valid: %s", (_, schema, i) => {
    const validate = validator(schema);
    const recogniser = jsonRecogniser(schema);
    const random = randomFrom(7000 + i);
    // The expressions for formats are stricter than the validator's: there what is valid may be refused.
    const strict = !JSON.stringify(schema).includes('"format"');
    let values: Json[] = Array.from({ length: 20 }, () => anyValue(random));
    for (let n = 0; n < 25; n++) values.push(JSON.parse(walk(recogniser, random, 5 * (n % 9))) as Json);
    values = values.flatMap((value) => {
      const once = mutated(value, random);
      return [value, once, mutated(value, random), mutated(once, random)];
    });
    for (const value of values) {
      const text = normalForm(value, schema);
      if (digits(text) > 15) continue;
      const valid = validate(JSON.parse(text));
      if (valid && !strict) continue;
      expect([text, recognises(recogniser, text)]).toEqual([text, valid]);
      if (valid) accepted++;
      else rejected++;
    }
  });

  it("were of both kinds, often enough", () => {
    expect(accepted).toBeGreaterThan(4000);
    expect(rejected).toBeGreaterThan(8000);
  });
});
