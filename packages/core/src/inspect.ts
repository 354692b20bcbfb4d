import type { Model } from "@pgl/runtime";

/** What Node's consoles and `util.inspect` call to show an object. */
export const inspect = Symbol.for("nodejs.util.inspect.custom");

type Described = Pick<Model, "name" | "parameters">;

/** Gives a model a line of its own in consoles: its name and parameters, in place of functions and sites. */
export function inspectable<M extends Described>(model: M): M {
  return Object.defineProperty(model, inspect, { value: () => signature(model) });
}

/** `model ending(hero: string, n?: int)`; of parameters whose types are not known, the names. */
function signature({ name, parameters }: Described): string {
  const shown = parameters.map((p) => `${p.name}${p.optional ? "?" : ""}${p.type === "unknown" ? "" : `: ${p.type}`}`);
  return `model ${name}(${shown.join(", ")})`;
}
