/**
 * What compiled programs import, and all of it: the names here are a contract with the compiler's emitter. Loading it loads
 * no tensor engine, no ONNX runtime and no compiler.
 */
import { constraint, type Constraint } from "@pgl/constraints";
import {
  eos,
  foreseen,
  foreseenTwist,
  guided,
  lm,
  settle,
  TwistAlias,
  type Context,
  type LanguageModelAlias,
  type Token,
} from "@pgl/lm";
import {
  builtins,
  compare,
  distributions,
  enter,
  enterAny,
  Frame,
  frames,
  hostCall,
  hostFunction,
  hostValue,
  inferRequest,
  methods,
  restrict,
  site,
  ValueMap,
  type Closure,
  type Drawable,
  type Model,
  type Op,
  type Particle,
  type Posterior,
  type Site,
} from "@pgl/runtime";
import { inspectable } from "./inspect.js";
import type { Query } from "./load/compiled.js";

/** The built-in functions and the operators JavaScript has not, by their PGL names. */
export const $ = builtins;
/** The distributions by their PGL names. */
export const dist = distributions;

/** A model of a compiled program; `A` and `R` are the types of its parameters and its result. */
export function defineModel<A extends readonly unknown[], R>(
  description: Pick<Model<A, R>, "name" | "parameters" | "sites" | "start">,
): Model<A, R> {
  return Object.freeze(inspectable<Model<A, R>>({ kind: "model", ...description }));
}

/** A learned twist by its file, as a program declares it at `place`. */
export const twistFile = (name: string, file: string, place: Site): TwistAlias => new TwistAlias(name, file, place);

export {
  compare,
  constraint,
  enter,
  enterAny,
  eos,
  foreseen,
  foreseenTwist,
  Frame,
  frames,
  guided,
  hostCall,
  hostFunction,
  hostValue,
  inferRequest,
  lm,
  methods,
  restrict,
  settle,
  site,
  ValueMap,
};
export type {
  Closure,
  Constraint,
  Context,
  Drawable,
  LanguageModelAlias,
  Model,
  Op,
  Particle,
  Posterior,
  Query,
  Token,
  TwistAlias,
};
