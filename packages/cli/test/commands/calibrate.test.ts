import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, pgl } from "../buffer-io.js";

const coin = `model fair_or_not(flips: list<bool>): bool {
  let fair ~ bernoulli(0.5)
  let p = if fair { 0.5 } else { 0.9 }
  for f in flips { observe f ~ bernoulli(p) }
  return fair
}
query fair_or_not([true, true, true, true, false]) using enumerate()
`;

test("says that a right method is calibrated, and draws ranks and coverage", async () => {
  const directory = folder({ "coin.pgl": coin });
  const { status, out, err } = await pgl(directory, ["calibrate", "coin.pgl", "--seed", "1"]);
  expect(err).toBe("");
  expect(status).toBe(0);
  expect(out).toContain("fair_or_not([true, true, true, true, false]) using enumerate(");
  expect(out).toContain("200 simulations");
  expect(out).toMatch(/0\.9–1\.0 █+▓/);
  expect(out).toContain("●");
  expect(out).toContain("✓ rank of the result, turned by the data");
  expect(out).toMatch(/Calibrated:.*A right method is called wrong in 1% of calibrations\./);
});

test("says that too few samples are not, and ends with 3", async () => {
  const directory = folder({ "coin.pgl": coin });
  const { status, out } = await pgl(directory, [
    "calibrate",
    "coin.pgl",
    "--seed",
    "1",
    "--using",
    "importance(samples: 1)",
    "--simulations",
    "400",
  ]);
  expect(status).toBe(3);
  expect(out).toMatch(/✗ .*p < 0\.001/);
  expect(out).toContain("Not calibrated:");
});

test("writes one JSON object, and a picture", async () => {
  const directory = folder({ "coin.pgl": coin });
  const { status, out } = await pgl(directory, [
    "calibrate",
    "coin.pgl",
    "--seed",
    "4",
    "--simulations",
    "50",
    "--json",
    "--svg",
    "ranks.svg",
  ]);
  expect(status).toBe(0);
  const result = JSON.parse(out) as { seed: number; simulations: number; tests: { kind: string; values: number[] }[] };
  expect(result).toMatchObject({ seed: 4, simulations: 50, calibrated: true, query: "fair_or_not" });
  expect(result.tests.map((t) => t.kind)).toContain("coverage by data");
  expect(result.tests[0]!.values).toHaveLength(50);
  const svg = readFileSync(join(directory, "ranks.svg"), "utf8");
  expect(svg).toMatch(/^<svg [\s\S]*rank of the result[\s\S]*<polyline[\s\S]*<\/svg>\n$/);
});

test("a program that cannot be simulated is said, with its place", async () => {
  const directory = folder({
    "f.pgl":
      "model m(): bool {\n  let a ~ bernoulli(0.5)\n  factor if a { 0.5 } else { 0.0 }\n  return a\n}\nquery m()\n",
  });
  const { status, err } = await pgl(directory, ["calibrate", "f.pgl", "--svg", "p.svg"]);
  expect(status).toBe(3);
  expect(err).toContain("PGLR100");
  expect(err).toContain("f.pgl:3:3");
  expect(existsSync(join(directory, "p.svg"))).toBe(false);
});

test("command lines that make no sense", async () => {
  const two = "model m(): bool { return sample bernoulli(0.5) }\nquery a = m()\nquery b = m()\n";
  const directory = folder({ "two.pgl": two, "coin.pgl": coin });
  const several = await pgl(directory, ["calibrate", "two.pgl"]);
  expect(several.status).toBe(2);
  expect(several.err).toContain("Name one: a, b.");
  const few = await pgl(directory, ["calibrate", "coin.pgl", "--simulations", "5"]);
  expect(few.status).toBe(2);
  expect(few.err).toContain("fewer than 20");
  const nowhere = await pgl(directory, ["calibrate", "coin.pgl", "--simulations", "20", "--svg", "no/such/file.svg"]);
  expect(nowhere.status).toBe(2);
});
