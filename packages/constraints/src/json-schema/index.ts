import { type Constraint, TextConstraint } from "../constraint.js";
import { ConstraintError } from "../errors.js";
import { prepare } from "../grammar/prepare.js";
import { NetworkRecogniser } from "../grammar/recogniser.js";
import { DEAD, recognises } from "../recogniser.js";
import { SchemaDocument } from "./document.js";
import { SchemaError } from "./error.js";
import { Expander } from "./expand.js";
import type { Json } from "./json.js";
import { digitsOf } from "./numbers.js";
import { type JsonOptions, styles } from "./style.js";
import { Writer } from "./write.js";

export { SchemaError } from "./error.js";
export type { JsonOptions, JsonStyle } from "./style.js";

/** Digits that numbers have at most, unless the schema writes longer ones: what a double keeps. */
const DIGITS = 15;

/**
 * The recogniser of the JSON documents that satisfy a schema (2020-12; docs/json-schema.md has the keywords), in the normal
 * form described there: members in the order of the schema, each value written in one way, laid out in one style.
 *
 * @throws SchemaError PGLC030 to PGLC034, with the place in the schema as a JSON pointer.
 */
export function jsonRecogniser(schema: unknown, options: JsonOptions = {}): NetworkRecogniser {
  const { style = "compact" } = options;
  if (!styles.includes(style)) {
    throw new ConstraintError("PGLC035", `There is no style ${JSON.stringify(style)} of JSON.`, {
      hint: `There are ${styles.map((s) => JSON.stringify(s)).join(", ")}.`,
    });
  }
  const own = ownJson(schema);
  const expander = new Expander(new SchemaDocument(own));
  const writer = new Writer(expander, style, Math.max(DIGITS, longestNumber(own)));
  const recogniser = new NetworkRecogniser(prepare(writer.network(expander.root)));
  if (recogniser.start === DEAD) {
    throw new SchemaError("PGLC033", "No JSON value satisfies the schema.", expander.unsatisfiable(), {
      hint: "What is asked for here contradicts itself, or needs itself without end.",
    });
  }
  return recogniser;
}

/**
 * The text is a JSON document that satisfies a schema. The schema is a value, or its JSON as a string.
 * @throws SchemaError as `jsonRecogniser` does.
 */
export function json(schema: unknown, options: JsonOptions = {}): Constraint {
  const style = options.style === undefined ? "" : `, style: ${JSON.stringify(options.style)}`;
  const description = `json(${JSON.stringify(ownJson(schema))}${style})`;
  let constraint = made.get(description);
  if (constraint === undefined) {
    // At once: what is wrong with a schema is wrong where it is written.
    const recogniser = jsonRecogniser(schema, options);
    constraint = new TextConstraint(
      description,
      (text) => recognises(recogniser, text),
      () => ({ recogniser, decides: true }),
      description,
    );
    if (made.size >= 64) made.clear();
    made.set(description, constraint);
  }
  return constraint;
}

/** Programs make the same constraint again and again. */
const made = new Map<string, Constraint>();

/** The schema as plain JSON, whose objects are our own. */
function ownJson(schema: unknown): Json {
  try {
    if (typeof schema === "string") return JSON.parse(schema) as Json;
    const text = JSON.stringify(schema) as string | undefined;
    if (text !== undefined) return JSON.parse(text) as Json;
  } catch (cause) {
    throw new SchemaError("PGLC031", `The schema is no JSON: ${(cause as Error).message}`, "", { cause });
  }
  throw new SchemaError("PGLC031", "A schema is an object of keywords, or `true` or `false`.", "");
}

function longestNumber(value: Json): number {
  if (typeof value === "number") return digitsOf(value);
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((most, part) => Math.max(most, longestNumber(part as Json)), 0);
}
