import type { BoundsCertificate, Certificate } from "@pgl/core";
import { describe, expect, test } from "vitest";
import { certificateMarkup } from "../src/certificate-view.js";
import { posteriorHtml, type Shown } from "../src/posterior-view.js";
import { all, parseMarkup, textOf, withClass } from "./markup-tree.js";
import { posteriorOf, uniform } from "./posteriors.js";

const bounds: BoundsCertificate = {
  kind: "bounds",
  statement: "This sample's law is within 0.080 ± 0.010 nats of the posterior (sum of both divergences).",
  of: "posterior",
  exactDraws: { by: "enumeration", looked: 1234 },
  repetitions: 20,
  survived: 20,
  deaths: false,
  logZ: {
    exact: -1.5,
    mean: { estimate: -1.53, stderr: 0.006 },
    lower: { estimate: -1.53, stderr: 0.006 },
    upper: { estimate: -1.45, stderr: 0.008 },
  },
  divergence: { estimate: 0.08, stderr: 0.01 },
  towardsPosterior: { estimate: 0.03, stderr: 0.006 },
  fromPosterior: { estimate: 0.05, stderr: 0.008 },
};

const certified = (certificate: Certificate): ReturnType<typeof parseMarkup> =>
  parseMarkup(posteriorHtml(Object.assign(posteriorOf(uniform(["a", "b"])), { certificate }) as Shown));
const said = (certificate: Certificate): string =>
  textOf(withClass(certified(certificate), "p", "pgl-certificate")[0]!);

describe("a certificate in a cell", () => {
  test("is said in words, with where it comes from, and drawn", () => {
    expect(said(bounds)).toBe(
      "Certificate This sample's law is within 0.080 ± 0.010 nats of the posterior (sum of both divergences). KL(q‖σ) ≤ 0.030 ± 0.006, KL(σ‖q) ≤ 0.050 ± 0.008. From 20 runs and 20 given an exact draw (enumeration, 1,234 states).",
    );
    const drawn = all(certified(bounds), "svg").map((svg) => textOf(all(svg, "title")[0]!));
    expect(drawn).toContain("Bounds of log Z");
    expect(String(certificateMarkup(bounds))).toContain(
      "The lower bound is −1.53 ± 0.006 nats, the upper bound −1.45 ± 0.008; log Z is −1.5.",
    );
  });

  test("without log Z there are no single divergences", () => {
    const { logZ } = bounds;
    const unknown: BoundsCertificate = {
      ...bounds,
      exactDraws: { by: "rejection", looked: 1 },
      logZ: { ...logZ, exact: null },
      towardsPosterior: null,
      fromPosterior: null,
    };
    expect(said(unknown)).toMatch(
      /divergences\)\. From 20 runs and 20 given an exact draw \(rejection, 1 execution\)\.$/,
    );
    expect(String(certificateMarkup(unknown))).not.toContain("log Z is");
  });

  test("says why there is none, and that exact methods need none", () => {
    const none: Certificate = {
      kind: "none",
      statement: "No certificate: too rare.",
      reasons: ["too rare"],
      remedy: "Wait.",
    };
    expect(said(none)).toBe("Certificate No certificate: too rare. Wait.");
    const exact: Certificate = {
      kind: "exact",
      statement: "This sample's law is the posterior: every execution was visited.",
    };
    expect(said(exact)).toContain("is the posterior");
    expect(all(certified(exact), "svg").map((svg) => textOf(all(svg, "title")[0]!))).not.toContain("Bounds of log Z");
  });

  test("is not there where none was wanted", () => {
    expect(withClass(parseMarkup(posteriorHtml(posteriorOf(uniform(["a"])))), "p", "pgl-certificate")).toEqual([]);
  });
});
