import { MethodError, methods, type Method } from "@pgl/runtime";
import type { MethodOption, MethodOptionType } from "@pgl/compiler";
import type { Argument, Expression } from "@pgl/grammar";
import type { NamedProposal, NamedTwist } from "../load/compiled.js";
import { twistedBy } from "./twisted.js";

/** A method written as text cannot be understood. The message shows where. */
export class MethodTextError extends MethodError {
  constructor(text: string, at: number, problem: string, hint?: string) {
    super("PGLT020", `${problem}\n  ${text}\n  ${" ".repeat(at)}^`, { hint });
  }
}

/**
 * The method that a text such as `smc(particles: 64, ess: 0.5)` stands for; it is written as after `using`. Options are
 * literals, `proposal:` names one of `proposals`, and `twist:` one of `twists`. Names of draws are checked against `draws`, where these are given.
 *
 * @throws MethodTextError when the text is no method; MethodError when an option is out of range.
 */
export async function methodFromText(
  text: string,
  proposals: Readonly<Record<string, NamedProposal>> = {},
  draws?: readonly string[],
  twists: Readonly<Record<string, NamedTwist>> = {},
): Promise<Method> {
  const [{ parseMethod }, { inferenceMethods }] = await Promise.all([import("@pgl/grammar"), import("@pgl/compiler")]);
  const { method, diagnostics } = parseMethod(text);
  const [problem] = diagnostics;
  if (method === undefined || problem !== undefined) {
    const at = problem?.span.start ?? 0;
    throw new MethodTextError(
      text,
      at,
      problem?.message ?? "this is not a method.",
      problem?.hint ?? "As in smc(particles: 64).",
    );
  }
  const { name } = method;
  const described = inferenceMethods.find((m) => m.name === name.name);
  const make = (methods as Readonly<Record<string, ((options: never) => Method) | undefined>>)[name.name];
  if (described === undefined || make === undefined) {
    const known = inferenceMethods.map((m) => m.name).join(", ");
    throw new MethodTextError(
      text,
      name.span.start,
      `there is no method \`${name.name}\`.`,
      `The methods are ${known}.`,
    );
  }
  const options: Record<string, unknown> = {};
  let twist: string | undefined;
  for (const argument of method.arguments) {
    if (argument.name === undefined) {
      throw new MethodTextError(
        text,
        argument.span.start,
        "an option is given by its name.",
        "As in smc(particles: 64).",
      );
    }
    const option = described.options.find((o) => o.name === argument.name!.name);
    if (option === undefined) {
      const known = described.options.map((o) => o.name).join(", ");
      throw new MethodTextError(
        text,
        argument.span.start,
        `${name.name} has no option \`${argument.name.name}\`.`,
        `Its options are ${known}.`,
      );
    }
    if (Object.hasOwn(options, option.name)) {
      throw new MethodTextError(text, argument.span.start, `\`${option.name}\` is given twice.`);
    }
    if (option.type === "twist") {
      twist = nameOf(text, argument, "twist", twists);
      continue;
    }
    options[option.name] =
      option.type === "proposal"
        ? proposals[nameOf(text, argument, "proposal", proposals)]!.model
        : valueFor(text, option, option.type, argument.value, draws);
  }
  for (const { name: needed, required } of described.options) {
    if (required === true && !Object.hasOwn(options, needed)) {
      throw new MethodTextError(text, method.name.span.start, `${name.name} needs its option \`${needed}\`.`);
    }
  }
  const made = make(options as never);
  return twist === undefined ? made : twistedBy(made, twist, twists[twist]!);
}

const WANTED = {
  int: "a whole number",
  float: "a number",
  bool: "true or false",
  floats: "a list of numbers, as [1, 2.5]",
  draws: 'a list of names of draws, as ["x", "y"]',
};

function valueFor(
  text: string,
  { name }: MethodOption,
  type: Exclude<MethodOptionType, "proposal" | "twist">,
  value: Expression,
  draws: readonly string[] | undefined,
): unknown {
  const given = literal(text, value);
  if (!fits(given, type)) {
    const wanted = isChoice(type) ? `one of ${type.map((t) => JSON.stringify(t)).join(", ")}` : WANTED[type];
    throw new MethodTextError(text, value.span.start, `\`${name}\` is ${wanted}.`);
  }
  if (type === "draws" && draws !== undefined) checkDraws(text, value, given as readonly string[], draws);
  return given;
}

const isChoice = (type: MethodOptionType): type is readonly string[] => typeof type !== "string";

function fits(given: unknown, type: Exclude<MethodOptionType, "proposal" | "twist">): boolean {
  if (isChoice(type)) return type.includes(given as string);
  switch (type) {
    case "int":
      return Number.isInteger(given);
    case "float":
      return typeof given === "number";
    case "bool":
      return typeof given === "boolean";
    case "floats":
      return Array.isArray(given) && given.every((x) => typeof x === "number");
    case "draws":
      return Array.isArray(given) && given.every((x) => typeof x === "string");
  }
}

/** Draws that have no variable are called by where they are, as in `sample@8:3`; whether there is one is found in the run. */
const BY_PLACE = /^\w+@\d+:\d+$/;

function checkDraws(text: string, value: Expression, names: readonly string[], draws: readonly string[]): void {
  names.forEach((name, i) => {
    if (draws.includes(name) || BY_PLACE.test(name)) return;
    const { span } = value.kind === "ListExpression" ? value.elements[i]! : value;
    throw new MethodTextError(
      text,
      span.start,
      `the model has no draw \`${name}\`.`,
      draws.length === 0 ? "None of its draws has a name." : `Its draws are ${draws.join(", ")}.`,
    );
  });
}

/** The name of one of the program's proposals or twists. */
function nameOf(
  text: string,
  { value }: Argument,
  what: "proposal" | "twist",
  known: Readonly<Record<string, unknown>>,
): string {
  if (value.kind === "Identifier" && Object.hasOwn(known, value.name)) return value.name;
  const names = Object.keys(known);
  throw new MethodTextError(
    text,
    value.span.start,
    `this is not a ${what} of the program.`,
    names.length === 0 ? "It has none." : `Its ${what}s: ${names.join(", ")}.`,
  );
}

function literal(text: string, value: Expression): unknown {
  switch (value.kind) {
    case "NumberLiteral":
    case "BooleanLiteral":
    case "StringLiteral":
      return value.value;
    case "ListExpression":
      return value.elements.map((element) => literal(text, element));
    case "Identifier":
      if (value.name === "inf") return Infinity;
      break;
    case "UnaryExpression": {
      const operand = value.operator === "-" ? literal(text, value.operand) : undefined;
      if (typeof operand === "number") return -operand;
      break;
    }
    default:
  }
  throw new MethodTextError(
    text,
    value.span.start,
    "the value of an option is a number, a string, true, false or a list.",
  );
}
