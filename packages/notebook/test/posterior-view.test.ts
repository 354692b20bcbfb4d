import { describe, expect, test } from "vitest";
import { posteriorHtml, posteriorLine, posteriorPictures, type Shown } from "../src/posterior-view.js";
import { all, coordinates, parseMarkup, textOf, withClass } from "./markup-tree.js";
import { historyOf, posteriorOf, uniform } from "./posteriors.js";

const shown = (posterior: Shown, options?: Parameters<typeof posteriorHtml>[1]) =>
  parseMarkup(posteriorHtml(posterior, options));
const facts = (tree: ReturnType<typeof shown>): string[] =>
  withClass(tree, "p", "pgl-facts").flatMap((p) =>
    p.children.map((child) => (typeof child === "string" ? child : textOf(child))),
  );

describe("a posterior in a cell", () => {
  test("says how it was found and how good it is", () => {
    const posterior = posteriorOf(uniform(["a", "b"]), {
      logZ: { estimate: -3.1415926, stderr: 0.0123 },
      diagnostics: { ess: 51.234, executions: 64, history: historyOf([64, 20], [2]), distinctAncestors: 9 },
      method: { name: "smc", options: { particles: 64, resampler: "systematic", proposal: undefined } },
    });
    expect(facts(shown(posterior))).toEqual([
      'smc(particles: 64, resampler: "systematic")',
      "log Z −3.142 ± 0.012",
      "ESS 51.23 of 64",
      "steps 2",
      "ancestors 9",
    ]);
  });

  test("says how chains mixed in place of a log Z", () => {
    const chains = { count: 4, draws: 500, acceptance: 0.25, rHat: 1.0041, essBulk: 812.4, summary: "the value" };
    const mh = { logZ: { estimate: null, stderr: null }, method: { name: "mh", options: {} } };
    expect(facts(shown(posteriorOf([["a", 1]], { ...mh, diagnostics: { chains } })))).toEqual([
      "mh()",
      "R-hat 1.004",
      "ESS 812.4 of 2,000 draws",
      "chains 4",
      "accepted 25.00 %",
    ]);
    const unknown = { ...chains, rHat: null, essBulk: null };
    expect(facts(shown(posteriorOf([["a", 1]], { ...mh, diagnostics: { chains: unknown } })))).toContain("draws 2,000");
  });

  test("of a maximum says what attains it", () => {
    const site = { name: "act", kind: "sample" } as const;
    const maximum = {
      logValue: -3,
      logEvidence: -2,
      choices: [{ site, value: "go" }],
      policy: [],
    };
    const map = { name: "map", guarantee: "maximum", options: {} };
    const tree = shown(posteriorOf([["a", 1]], { method: map, diagnostics: { maximum, executions: 17 } }));
    expect(facts(tree)).toEqual([
      "map()",
      "an exact maximum, not the posterior",
      "log max −3 (exact)",
      "probability 0.3679",
      "log Z −2",
      "states 17",
    ]);
    expect(all(tree, "caption").map(textOf)).toEqual(["1 value", "Attained by"]);
    const policy = [{ site, value: "go", after: [{ site, value: "wait" }], probability: 1, logValue: 0 }];
    const planned = shown(posteriorOf([["a", 1]], { method: map, diagnostics: { maximum: { ...maximum, policy } } }));
    expect(textOf(planned)).toContain('act = "wait"');
  });

  test("of signed weights lists the values", () => {
    const weights = Array.from({ length: 40 }, (_, i) => [i, i === 3 ? -0.1 : 1.1 / 39] as const);
    const tree = shown(posteriorOf(weights));
    expect(all(tree, "caption").map(textOf)).toEqual(["The 12 heaviest values of 40"]);
  });

  test("says what the run used, when it is known", () => {
    const run: Shown["run"] = {
      seed: 7,
      time: { total: 1234, lm: 1000 },
      lm: { calls: 1, tokens: 1200, cachedTokens: 0 },
    };
    const text = facts(shown(Object.assign(posteriorOf([["a", 1]]), { run })));
    expect(text).toContain("model 1 call, 1,200 tokens");
    expect(text).toContain("time 1.2 s");
    expect(text).toContain("seed 7");
  });

  test("says when log Z is exact, and nothing where its error is not known", () => {
    expect(facts(shown(posteriorOf([["a", 1]], { logZ: { exact: true, stderr: 0 } })))).toContain("log Z −1.5 (exact)");
    expect(facts(shown(posteriorOf([["a", 1]], { logZ: { stderr: null } })))).toContain("log Z −1.5");
  });

  test("shows warnings with their places, once", () => {
    const site = { name: "x", kind: "condition", file: "a.pgl", line: 3, column: 5 } as const;
    const tree = shown(
      posteriorOf([["a", 1]], {
        diagnostics: {
          warnings: [
            { code: "PGLW001", message: "Few <particles> are left.", site, count: 3 },
            { code: "PGLW003", message: "It ended at a.pgl:3:5 (condition x).", site, count: 1 },
          ],
        },
      }),
    );
    expect(all(tree, "li").map(textOf)).toEqual([
      "PGLW001 Few <particles> are left. a.pgl:3:5 (condition x) (3 times)",
      "PGLW003 It ended at a.pgl:3:5 (condition x).",
    ]);
  });

  test("has a table and two pictures", () => {
    const tree = shown(posteriorOf(uniform(["a", "b"]), { diagnostics: { history: historyOf([64, 20]) } }));
    expect(all(tree, "table")).toHaveLength(1);
    expect(all(tree, "svg").map((svg) => String(all(svg, "title")[0]!.children[0]))).toEqual([
      "Weights",
      "ESS by step",
    ]);
  });

  test("has another second picture for methods without steps", () => {
    const titles = all(shown(posteriorOf(uniform(["a", "b"]))), "svg").map((svg) =>
      String(all(svg, "title")[0]!.children[0]),
    );
    expect(titles[1]).toBe("Weight of the heaviest executions");
  });

  test("of ten thousand numbers is a histogram and a summary", () => {
    const html = posteriorHtml(posteriorOf(uniform(Array.from({ length: 10_000 }, (_, i) => Math.tan(i)))));
    const titles = all(parseMarkup(html), "svg").map((svg) => String(all(svg, "title")[0]!.children[0]));
    expect(titles[0]).toBe("Weight by value");
    expect(html.length).toBeLessThan(60_000);
  });

  test("of many records of numbers has a histogram for each of the first components", () => {
    const records = Array.from({ length: 30 }, (_, i) => ({ a: i, b: i, c: i, d: i, e: i }));
    const { values, run } = posteriorPictures(posteriorOf(uniform(records)));
    expect(values.map((svg) => String(all(parseMarkup(svg), "title")[0]!.children[0]))).toEqual(
      ["a", "b", "c", "d"].map((name) => `Weight by ${name}`),
    );
    expect(run).toMatch(/^<svg /);
  });

  test("lists as many values as asked for", () => {
    const posterior = posteriorOf(uniform(Array.from({ length: 30 }, (_, i) => `v${i}`)));
    const rows = (options?: { rows: number }) => all(all(shown(posterior, options), "tbody")[0]!, "tr").length;
    expect(rows()).toBe(13);
    expect(rows({ rows: 30 })).toBe(30);
    expect(rows({ rows: 0 })).toBe(2);
  });

  test.each<[string, Shown, string]>([
    [
      "an empty one",
      posteriorOf<unknown>([], { logZ: { estimate: -Infinity, stderr: null } }),
      "no execution met the program's conditions",
    ],
    [
      "one of dead executions",
      posteriorOf<unknown>([["a", 0]], { diagnostics: { ess: NaN } }),
      "no execution met the program's conditions",
    ],
    [
      "an interrupted one",
      posteriorOf<unknown>([], { diagnostics: { partial: true } }),
      "no execution had come to its end",
    ],
  ])("says why there is nothing in %s", (_, posterior, text) => {
    const tree = shown(posterior);
    expect(textOf(tree)).toContain(text);
    expect(all(tree, "svg")).toHaveLength(2);
    expect(all(tree, "table")).toEqual([]);
    expect(coordinates(tree).every(Number.isFinite)).toBe(true);
  });

  test("writes log Z of impossible conditions as PGL does", () => {
    expect(facts(shown(posteriorOf<unknown>([], { logZ: { estimate: -Infinity, stderr: null } })))).toContain(
      "log Z −inf",
    );
    expect(facts(shown(posteriorOf<unknown>([], { logZ: { estimate: NaN, stderr: NaN } })))).toContain(
      "log Z nan ± nan",
    );
  });

  test("says when it was ended early, or has not visited all", () => {
    const text = facts(shown(posteriorOf([["a", 1]], { diagnostics: { partial: true, unvisitedMass: 0.25 } })));
    expect(text).toContain("ended early");
    expect(text).toContain("not visited 25.00 %");
  });

  test("needs nothing from elsewhere", () => {
    const html = posteriorHtml(posteriorOf([["a", 1]])).replaceAll('xmlns="http://www.w3.org/2000/svg"', "");
    expect(html).not.toMatch(/https?:|url\(|@import|<script|<link|<img/);
  });

  test("takes its text colour from the page: no text has one of its own", () => {
    const tree = shown(posteriorOf(uniform(["a", "b"]), { diagnostics: { history: historyOf([64, 20]) } }));
    expect(all(tree, "text").every((text) => [undefined, "currentColor"].includes(text.attributes["fill"]))).toBe(true);
    const style = String(all(tree, "style")[0]!.children[0]);
    expect(style.match(/(?<![-\w])color:(?!inherit)/g)).toBe(null);
  });
});

test("inside another value a posterior is a line", () => {
  expect(
    posteriorLine(
      posteriorOf([
        ["a", 0.25],
        ["b", 0.75],
      ]),
    ),
  ).toBe('[posterior of 2 values; "b": 75.00 %]');
  expect(posteriorLine(posteriorOf<unknown>([]))).toBe("[posterior: empty]");
});
