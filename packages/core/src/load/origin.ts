import type { Model } from "@pgl/runtime";
import type { LearnedTwist } from "@pgl/twists";
import type { DeclaredAlias } from "../run/language-models.js";
import type { Places } from "./places.js";

/** What is known of a model beside how it runs: where it was written, and what it needs. */
export interface Origin {
  /** Null for models written in TypeScript. */
  readonly places: Places | null;
  /** The language models it may draw from. */
  readonly aliases: readonly DeclaredAlias[];
  /** Learned twists that are there without a file, by the files that the program names. */
  readonly twists?: Readonly<Record<string, LearnedTwist>>;
  /** Whether running it may call functions of TypeScript, which may be slow, or do something outside. */
  readonly callsHosts: boolean;
  /** Arguments from a list, or from an object by name. Null where nothing is known of the parameters. */
  readonly checkArguments: ((args: unknown, path: string) => readonly unknown[]) | null;
}

const origins = new WeakMap<Model, Origin>();

export const originOf = (model: Model): Origin | undefined => origins.get(model);

export function setOrigin(model: Model, origin: Origin): void {
  origins.set(model, origin);
}
