import { compile, target, type LanguageModel, type Model, type Target } from "@pgl/core";
import { TableModel } from "@pgl/lm";

/** Four tokens that follow each other unevenly, and an end. */
export const toyModel = (weight = 0.45): TableModel =>
  TableModel.from({
    tokens: ["a", "b", "c", "</s>"],
    eos: "</s>",
    order: 1,
    rows: {
      "": [0.5, 0.3, 0.15, 0.05],
      a: [weight, 0.4, 0.95 - weight - 0.4, 0.05],
      b: [0.6, 0.2, 0.15, 0.05],
      c: [0.3, 0.3, 0.3, 0.1],
      "</s>": [0.25, 0.25, 0.25, 0.25],
    },
  });

/** Texts of up to six tokens that end in `cc` after as many `b` as can be: what comes last decides. */
const source = `lm toy = "toy"
model ends(bonus: float): string {
  let x ~ toy.text(after: "", max_tokens: 6)
  factor bonus * count(x, "b")
  factor if ends_with(x, "cc") { 0.0 } else { -4.0 }
  return x
}
query ends(0.6)
query more = ends(1.2)
`;

export interface Toy {
  readonly model: Model;
  readonly lm: LanguageModel;
  readonly target: Target;
  readonly services: ReadonlyMap<string, unknown>;
}

/** A text of up to six tokens and what the program weighs it by; `y` is an argument. */
export async function weighed(by: string, lm: TableModel = toyModel()): Promise<Toy> {
  const text = `lm toy = "toy"\nmodel weighed(y: bool): string {\n  let x ~ toy.text(after: "", max_tokens: 6)\n${by}\n  return x\n}\n`;
  const program = await compile.source(text, { lms: { toy: lm }, passes: "none" });
  const model = program.models["weighed"]!;
  return { model, lm, target: target(model as never, [true] as never), services: new Map([["lm:toy", lm]]) };
}

export async function toy(lm: TableModel = toyModel()): Promise<Toy> {
  const program = await compile.source(source, { lms: { toy: lm } });
  const model = program.models["ends"]!;
  return { model, lm, target: target(model as never, [0.6] as never), services: new Map([["lm:toy", lm]]) };
}
