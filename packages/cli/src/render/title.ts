import { show, type CompiledProgram, type Method, type Query } from "@pgl/core";

/** Columns that a title may have. */
export const TITLE = 200;

/** `ending("Max")`. */
export const callText = ({ model }: Query, args: readonly unknown[]): string =>
  `${model.name}(${args.map((a) => (a === undefined ? "default" : show(a))).join(", ")})`;

/** What is shown of a method. */
export type ShownMethod = Pick<Method, "name" | "options">;

/** `smc(particles: 64, ess: 0.5)`. */
export function methodText({ name, options }: ShownMethod): string {
  const written = Object.entries(options).filter(([, value]) => value !== undefined);
  // Twists and proposals are named, not quoted.
  const text = (key: string, value: unknown): string =>
    typeof value === "string" && NAMED.has(key) ? value : show(value);
  return `${name}(${written.map(([key, value]) => `${key}: ${text(key, value)}`).join(", ")})`;
}

const NAMED = new Set(["proposal", "twist"]);

/**
 * The method that answered a query, with the `twist … for` its model that it was asked for with: a twist is part of the
 * model that is run, and the method knows nothing of it.
 */
export function withTwist(
  program: CompiledProgram,
  query: Query,
  asked: Pick<Method, "options"> | undefined,
  { name, options }: ShownMethod,
): ShownMethod {
  const inQuery = Object.entries(program.twists).find(([, { model }]) => model === query.model)?.[0];
  const twist = asked?.options["twist"] ?? inQuery;
  return { name, options: twist === undefined ? options : { ...options, twist } };
}
