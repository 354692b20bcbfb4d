import type { Model } from "../machine/model.js";

/** Models whose arithmetic can be recorded, by the models they are the same as. Made when first asked for. */
const twins = new WeakMap<Model, () => Model>();

/**
 * Says how to get the differentiable twin of a model: the same program, whose draws may be numbers with derivatives. A
 * compiled model's twin is compiled when the first method asks for it.
 */
export function setTwin(model: Model, make: () => Model): void {
  twins.set(model, make);
}

/** The twin, or null for a model that has none: one written with the library, whose functions take plain numbers. */
export const twinOf = (model: Model): Model | null => twins.get(model)?.() ?? null;
