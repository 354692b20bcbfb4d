import type * as ast from "@pgl/grammar";
import type { ParameterType } from "../types.js";
import type { Checking } from "./checking.js";
import { modelType, reportNotModel } from "./methods.js";
import { assignable } from "./relate.js";

/** What is written for a model. */
export type WrittenFor = ast.ProposalDeclaration | ast.TwistDeclaration;

export const wordOf = ({ kind }: WrittenFor): "proposal" | "twist" =>
  kind === "ProposalDeclaration" ? "proposal" : "twist";

/**
 * Checks whom a `proposal … for` or a `twist … for` is for: a model, of which it has the parameters or none. A twist is
 * written in the file of its model. Returns the model, if it is one.
 */
export function checkTarget(
  c: Checking,
  declaration: WrittenFor,
  parameters: readonly ParameterType[],
): ast.ModelDeclaration | undefined {
  const { name, target } = declaration;
  const model = c.targets.get(declaration);
  if (model === undefined) {
    reportNotModel(c, target, `\`${wordOf(declaration)} … for\``);
    return undefined;
  }
  if (declaration.kind === "TwistDeclaration" && c.binding(target).kind !== "unit") {
    c.report(
      "PGL4031",
      target,
      `\`${model.name.name}\` is a model of another file, and a twist is written beside its model.`,
      "Move the twist to the file of the model.",
    );
    return model;
  }
  const type = modelType(c, target);
  if (type.kind !== "function" || parameters.length === 0) return model;
  const same =
    type.parameters.length === parameters.length &&
    type.parameters.every((p, i) => p.name === parameters[i]!.name && assignable(p.type, parameters[i]!.type));
  if (!same) {
    c.report("PGL4008", name, `The parameters of \`${name.name}\` are not those of \`${model.name.name}\`.`, {
      hint: `Write \`(${model.parameters.map((p) => `${p.name.name}: …`).join(", ")})\` with the same types, or none.`,
    });
  }
  return model;
}
