import type { LanguageModelAlias } from "@pgl/lm";
import { MethodError, type Model } from "@pgl/runtime";
import { inspectable } from "../inspect.js";
import { setOrigin } from "../load/origin.js";
import { standsFor } from "../run/language-models.js";
import { ProgramFrame, siteOf } from "./frame.js";
import type { Program } from "./program.js";

/** What is to be known of a model beside its body. */
export interface ModelOptions {
  /** Names of its draws. Needed only of a model that serves as a proposal: it proposes for the draws named here. */
  readonly draws?: readonly string[];
  /** Language models it draws from: those that a run is not given are loaded from their specs. */
  readonly lms?: readonly LanguageModelAlias[];
}

/**
 * Names a program: what every inference method takes, and what `.pgl` models are too. `body` is called once for each
 * particle, when it first runs, and must be deterministic.
 */
export function model<A extends readonly unknown[], R>(
  name: string,
  body: (...args: A) => Program<R>,
  options: ModelOptions = {},
): Model<A, R> {
  const named: Model<A, R> = {
    kind: "model",
    name,
    start: (...args: A) => ProgramFrame.run(() => body(...args)),
    parameters: parametersOf(body),
    // Asked for of proposals only: one that names no draws would propose nothing, without a word.
    get sites() {
      if (options.draws !== undefined) return options.draws.map((draw) => siteOf("sample", draw));
      throw new MethodError("PGLT004", `\`${name}\` does not say what it draws, and cannot be a proposal.`, {
        hint: `Name its draws: model(${JSON.stringify(name)}, …, { draws: ["x"] }).`,
      });
    },
  };
  setOrigin(named as unknown as Model, {
    places: null,
    aliases: (options.lms ?? []).map((alias) => ({
      name: alias.name,
      model: standsFor(alias),
      directory: process.cwd(),
    })),
    callsHosts: true,
    checkArguments: null,
  });
  return inspectable(named);
}

/** The names are for messages; a TypeScript function does not tell them at run time. */
function parametersOf(body: (...args: never[]) => unknown): Model["parameters"] {
  return Array.from({ length: body.length }, (_, i) => ({
    name: `argument ${i + 1}`,
    type: "unknown",
    optional: false,
  }));
}
