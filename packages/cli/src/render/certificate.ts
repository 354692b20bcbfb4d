import { showDivergence, toJson, type Certificate, type Estimate } from "@pgl/core";
import { grouped, short } from "./number.js";
import type { Colors } from "./paint.js";
import { wrap } from "./width.js";

/** A certificate for people: what it says in words, and the bounds it comes from; or why there is none and what can be done. */
export function renderCertificate(certificate: Certificate, columns: number, c: Colors): string {
  const lines = (text: string): string[] => wrap(text, Math.max(30, columns - 2));
  switch (certificate.kind) {
    case "exact":
      return block(lines(certificate.statement), c.green("✓"), []);
    case "none":
      return block(
        lines(certificate.statement),
        c.yellow("–"),
        certificate.remedy === "" ? [] : lines(certificate.remedy).map((line) => c.dim(line)),
      );
    case "bounds": {
      const { logZ, towardsPosterior, fromPosterior, exactDraws, repetitions, of } = certificate;
      const about = of === "posterior" ? "log Z" : "average log Z";
      const known = logZ.exact === null ? "" : ` (it is ${short(logZ.exact)})`;
      const details = [
        `${withError(logZ.lower)} ≤ ${about} ≤ ${withError(logZ.upper)}${known}`,
        ...(towardsPosterior === null || fromPosterior === null
          ? []
          : [`KL(q‖σ) ≤ ${showDivergence(towardsPosterior)}   KL(σ‖q) ≤ ${showDivergence(fromPosterior)}`]),
        `from ${repetitions} runs and ${repetitions} given an exact draw (${exactDraws.by}, ${grouped(exactDraws.looked)} ${
          exactDraws.by === "enumeration" ? "states" : "executions"
        })`,
      ];
      return block(
        lines(certificate.statement),
        c.green("✓"),
        details.map((line) => c.dim(line)),
      );
    }
  }
}

const block = (statement: readonly string[], mark: string, details: readonly string[]): string =>
  [...statement.map((line, i) => `${i === 0 ? mark : " "} ${line}`), ...details.map((line) => `  ${line}`)].join("\n");

const withError = ({ estimate, stderr }: Estimate): string =>
  stderr === null ? short(estimate) : `${short(estimate)} ± ${short(stderr, 2)}`;

/** The certificate as `--json` has it: nats, −Infinity as `"-inf"`. */
export const certificateJson = (certificate: Certificate): unknown => toJson(certificate);
