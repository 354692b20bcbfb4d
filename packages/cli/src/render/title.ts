import { show, type Method, type Query } from "@pgl/core";

/** Columns that a title may have. */
export const TITLE = 200;

/** `ending("Max")`. */
export const callText = ({ model }: Query, args: readonly unknown[]): string =>
  `${model.name}(${args.map((a) => (a === undefined ? "default" : show(a))).join(", ")})`;

/** `smc(particles: 64, ess: 0.5)`. */
export function methodText({ name, options }: Pick<Method, "name" | "options">): string {
  const written = Object.entries(options).filter(([, value]) => value !== undefined);
  return `${name}(${written.map(([key, value]) => `${key}: ${show(value)}`).join(", ")})`;
}
