import type * as ast from "@pgl/grammar";
import type { Checking } from "../types/checking.js";
import { a } from "../types/mismatch.js";
import { assignable } from "../types/relate.js";
import { findWeighing, reachableDraws, type BodySummary, type Draw } from "./summary.js";

/**
 * Checks a `proposal … for` against what its model draws: every named draw of the proposal must be a draw of the model and
 * yield the same type, and nothing in it may weigh.
 */
export function checkProposalDraws(
  c: Checking,
  proposal: ast.ProposalDeclaration,
  summary: BodySummary,
  model: ast.ModelDeclaration,
): void {
  const sites = new Map<string, Draw>();
  for (const { draw } of reachableDraws(model, c.summaries)) {
    if (draw.name !== undefined && !sites.has(draw.name.name)) sites.set(draw.name.name, draw);
  }
  for (const draw of summary.draws.values()) {
    if (draw.domain === "product") {
      c.report(
        "PGL4006",
        draw.node.distribution,
        "A product weighs what it draws, and a proposal may only draw.",
        "Draw from `.local()` of it, which is normalised.",
      );
    }
    if (draw.name === undefined) continue;
    const site = sites.get(draw.name.name);
    if (site === undefined) {
      c.report("PGL4004", draw.name, `\`${model.name.name}\` has no draw \`${draw.name.name}\`.`, {
        hint:
          c.suggester.hint(draw.name.name, sites.keys()) ??
          `For a draw of the proposal's own, write \`let ${draw.name.name} = sample …\`.`,
      });
    } else if (!assignable(draw.element, site.element)) {
      c.report(
        "PGL4005",
        draw.node.distribution,
        `This draws ${a(draw.element)}, and \`${draw.name.name}\` of \`${model.name.name}\` is ${a(site.element)}.`,
      );
    } else if (
      draw.domain !== site.domain &&
      (draw.domain === "continuous") !== (site.domain === "continuous") &&
      known(draw) &&
      known(site)
    ) {
      c.report(
        "PGL4005",
        draw.node.distribution,
        `This is a ${kind(draw)} distribution, and \`${draw.name.name}\` of \`${model.name.name}\` is drawn from a ${kind(site)} one.`,
        "A proposal must be able to draw whatever the model can.",
      );
    }
  }
  for (const callee of summary.callees) {
    const weighing = findWeighing(callee, c.summaries);
    if (weighing === undefined || !("name" in callee) || callee.name === undefined) continue;
    c.report(
      "PGL4006",
      proposal.name,
      `\`${proposal.name.name}\` calls \`${callee.name.name}\`, which weighs (\`${weighing.kind}\`), and a proposal may only draw.`,
    );
  }
}

const known = (draw: Draw): boolean => draw.domain !== "unknown";
const kind = (draw: Draw): string => (draw.domain === "continuous" ? "continuous" : "discrete");
