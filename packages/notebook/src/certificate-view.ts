import { showDivergence, type Certificate } from "@pgl/core";
import { boundsPicture } from "./bounds-picture.js";
import { element, fragment, type Child, type Markup } from "./markup.js";
import { counted, grouped } from "./numbers.js";

/** What a certificate says, where it comes from, and its bounds; or why there is none and what can be done about it. */
export function certificateMarkup(certificate: Certificate): Markup {
  switch (certificate.kind) {
    case "exact":
      return section(certificate.statement);
    case "none":
      return section(certificate.statement, certificate.remedy !== "" && more(certificate.remedy));
    case "bounds": {
      const { towardsPosterior, fromPosterior, exactDraws, repetitions, logZ } = certificate;
      const sides =
        towardsPosterior === null || fromPosterior === null
          ? ""
          : `KL(q‖σ) ≤ ${showDivergence(towardsPosterior)}, KL(σ‖q) ≤ ${showDivergence(fromPosterior)}. `;
      const looked =
        exactDraws.by === "enumeration" ? counted(exactDraws.looked, "state") : counted(exactDraws.looked, "execution");
      const drawable = [logZ.lower.estimate, logZ.upper.estimate].every(Number.isFinite);
      return fragment(
        section(
          certificate.statement,
          more(
            `${sides}From ${grouped(repetitions)} runs and ${grouped(repetitions)} given an exact draw (${exactDraws.by}, ${looked}).`,
          ),
        ),
        drawable && boundsPicture(certificate),
      );
    }
  }
}

const section = (statement: string, ...rest: readonly Child[]): Markup =>
  element("p", { class: "pgl-certificate" }, element("b", {}, "Certificate"), ` ${statement} `, rest);

const more = (text: string): Markup => element("span", { class: "pgl-more" }, text);
