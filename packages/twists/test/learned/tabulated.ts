import type { AssembledBatch } from "../../src/learned/batch.js";
import { BatchOutputs } from "../../src/learned/batch-outputs.js";
import type { DrawnPlace, SpanExecution } from "../../src/learned/executions.js";
import { twistLosses, type TwistLossName } from "../../src/learned/losses/index.js";

/** `.` ends a text. */
const tokens = [..."ab."];

/** A program that draws one text, and weighs it while it grows and when it is there. */
export interface Program {
  /** The model: of `a`, `b` and the end, after a beginning. */
  readonly next: (s: string) => readonly number[];
  /** Tokens of a text at most. */
  readonly most: number;
  /** What a beginning is weighed by before its next token is drawn. */
  readonly factor: (s: string) => number;
  /** What a text is weighed by. */
  readonly phi: (s: string) => number;
}

/** log ψ by beginning. */
export type Table = ReadonlyMap<string, number>;

export const textsOf = (of: Program, s = ""): readonly string[] =>
  s.length === of.most || s.endsWith(".")
    ? [s]
    : tokens.flatMap((c, v) => (of.next(s)[v]! > 0 ? textsOf(of, s + c) : []));

/** All beginnings of at least a token. */
export const beginningsOf = (of: Program): readonly string[] => [
  ...new Set(textsOf(of).flatMap((s) => [...s].map((_, t) => s.slice(0, t + 1)))),
];

/** The model's probability of a beginning. */
export const p0 = ({ next }: Program, s: string): number =>
  [...s].reduce((p, c, t) => p * next(s.slice(0, t))[tokens.indexOf(c)]!, 1);

/** What the program weighs a beginning by up to the draw of its last token. */
export const weighedBefore = ({ factor }: Program, s: string): number =>
  [...s].reduce((weight, _, t) => weight * factor(s.slice(0, t)), 1);

/** The text as if all texts of the program had been drawn once, and weighed by their probabilities. */
export function executionOf(of: Program, text: string): SpanExecution {
  const texts = textsOf(of);
  const logRatio = (s: string): number => Math.log(p0(of, s) / texts.filter((x) => x.startsWith(s)).length);
  const each = <T>(value: (before: string, upTo: string) => T): T[] =>
    [...text].map((_, t) => value(text.slice(0, t), text.slice(0, t + 1)));
  const logFactors = Float64Array.from(each((_, s) => Math.log(weighedBefore(of, s))));
  return {
    tokens: [...text].map((c) => tokens.indexOf(c)),
    places: each((before) => new TabulatedPlace(of, before)),
    logRatio: Float64Array.from(each((_, s) => logRatio(s))),
    logRatioBefore: Float64Array.from(each((before) => logRatio(before))),
    logFactors,
    wholeRatio: Math.log(p0(of, text)),
    wholeFactors: logFactors.at(-1)! + Math.log(of.phi(text)),
  };
}

class TabulatedPlace implements DrawnPlace {
  readonly hidden = null;
  readonly recent = [];
  readonly left = 1;
  readonly ids = Int32Array.of(0, 1, 2);
  readonly logPrior: Float64Array;

  constructor(
    program: Program,
    readonly before: string,
  ) {
    this.logPrior = Float64Array.from([...program.next(before), 0], Math.log);
  }
}

/** Sets of executions, each with a table of its own. */
export interface Tabulated {
  readonly tables: readonly Table[];
  readonly batch: AssembledBatch;
}

/** x of a batch by its tables; also of what there is not, which nothing may depend on. */
export const outputsOf = ({ batch, tables }: Tabulated): Float64Array =>
  Float64Array.from(
    batch.places.flatMap((place, r) => {
      const { before } = place as TabulatedPlace;
      return [...tokens.map((c) => tables[batch.set[r]!]!.get(before + c) ?? 7), 7];
    }),
  );

/** A loss, and its gradient in each of the tables. */
export function gradientOf(
  name: TwistLossName,
  tabulated: Tabulated,
): { readonly value: number; readonly gradients: readonly Table[] } {
  const { batch, tables } = tabulated;
  const outputs = new BatchOutputs(batch, outputsOf(tabulated));
  const loss = twistLosses[name].at(batch, outputs);
  const cotangents = outputs.cotangents(loss);
  const gradients = tables.map(() => new Map<string, number>());
  batch.places.forEach((place, r) => {
    const { before } = place as TabulatedPlace;
    const own = gradients[batch.set[r]!]!;
    tokens.forEach((c, v) => own.set(before + c, (own.get(before + c) ?? 0) + cotangents[4 * r + v]!));
  });
  return { value: loss.value, gradients };
}
