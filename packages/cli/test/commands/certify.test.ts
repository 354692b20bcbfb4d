import { describe, expect, test } from "vitest";
import { folder, pgl } from "../buffer-io.js";

const hmm = `model weather(activities: list<int>): int {
  var state ~ categorical([0.6, 0.4])
  for activity in activities {
    state = sample categorical(if state == 0 { [0.7, 0.3] } else { [0.4, 0.6] })
    observe activity ~ categorical(if state == 0 { [0.6, 0.3, 0.1] } else { [0.1, 0.4, 0.5] })
  }
  return state
}
query weather([0, 0, 1, 2]) using smc(particles: 8)
`;
const squared = `model m(): float {
  let x ~ normal(0, 1)
  factor -x * x
  return x
}
query m() using smc(particles: 8)
`;

interface Json {
  readonly logZ: { readonly estimate: number; readonly lowerBound: string | null };
  readonly certificate: {
    readonly kind: string;
    readonly statement: string;
    readonly reasons?: readonly string[];
    readonly logZ?: { exact: number; lower: { estimate: number }; upper: { estimate: number } };
    readonly divergence?: { estimate: number; stderr: number };
    readonly exactDraws?: { by: string };
    readonly repetitions?: number;
  } | null;
}

test("says what log Z is a bound of", async () => {
  const directory = folder({ "hmm.pgl": hmm });
  const { out } = await pgl(directory, ["run", "hmm.pgl", "--seed", "1"]);
  expect(out).toMatch(/log Z -\S+ \(on average a lower bound\)/);
  const { out: json } = await pgl(directory, ["run", "hmm.pgl", "--seed", "1", "--json"]);
  expect(JSON.parse(json) as Json).toMatchObject({ logZ: { lowerBound: "in expectation" } });
  const { out: exact } = await pgl(directory, ["run", "hmm.pgl", "--using", "enumerate()", "--json"]);
  expect((JSON.parse(exact) as Json).logZ.lowerBound).toBeNull();
});

describe("without being asked for", () => {
  const certificateOf = async (files: Record<string, string>, ...more: readonly string[]) => {
    const { status, out } = await pgl(folder(files), ["run", "a.pgl", "--seed", "1", "--json", ...more]);
    expect(status).toBe(0);
    return (JSON.parse(out) as Json).certificate;
  };

  test("is made of finite programs, and says what it says when it is", async () => {
    const found = await certificateOf({ "a.pgl": hmm });
    expect(found).toMatchObject({ kind: "bounds", repetitions: 20, exactDraws: { by: "enumeration" } });
    expect(found).toEqual(await certificateOf({ "a.pgl": hmm }, "--certify"));
    const { out } = await pgl(folder({ "a.pgl": hmm }), ["run", "a.pgl", "--seed", "1"]);
    expect(out).toMatch(/✓ This sample's law is within \S+ ± \S+ nats of the posterior/);
  });

  test("not where it would be work, or ask somebody, or there is nothing to say, or it is not wanted", async () => {
    expect(await certificateOf({ "a.pgl": hmm }, "--particles", "50000")).toBeNull();
    expect(await certificateOf({ "a.pgl": squared })).toBeNull();
    expect(await certificateOf({ "a.pgl": hmm }, "--using", "enumerate()")).toBeNull();
    expect(await certificateOf({ "a.pgl": hmm }, "--using", "particle_gibbs()")).toBeNull();
    expect(await certificateOf({ "a.pgl": hmm }, "--no-certify")).toBeNull();
    const asks = `import { half } from "./half.ts"
model m(): bool {
  let x ~ bernoulli(half())
  condition x
  return x
}
query m() using smc(particles: 8)
`;
    expect(await certificateOf({ "a.pgl": asks, "half.ts": "export const half = (): number => 0.5;\n" })).toBeNull();
    const word = `lm writer = "stories"
model m(): string {
  let t ~ writer.text(after: "Once", max_tokens: 1)
  factor 1.0
  return t
}
query m() using smc(particles: 2)
`;
    expect(await certificateOf({ "a.pgl": word })).toBeNull();
  });
});

test("certifies in words and in JSON, and leaves the run as it is", async () => {
  const directory = folder({ "hmm.pgl": hmm });
  const { status, out, err } = await pgl(directory, ["run", "hmm.pgl", "--seed", "1", "--certify"]);
  expect(err).toBe("");
  expect(status).toBe(0);
  expect(out).toMatch(
    /✓ This sample's law is within 0\.\d+ ± 0\.\d+ nats of the posterior\s+\(sum of both divergences\)\./,
  );
  expect(out).toMatch(/-\S+ ± \S+ ≤ log Z ≤ -\S+ ± \S+ \(it is -4\.\d+\)/);
  expect(out).toMatch(/KL\(q‖σ\) ≤ 0\.\d+ ± 0\.\d+ {3}KL\(σ‖q\) ≤ 0\.\d+ ± 0\.\d+/);
  expect(out).toMatch(/from 20 runs and 20 given an exact draw \(enumeration, \d+ states\)/);
  const plain = await pgl(directory, ["run", "hmm.pgl", "--seed", "1", "--json"]);
  const wide = await pgl(directory, [
    "run",
    "hmm.pgl",
    "--seed",
    "1",
    "--certify",
    "--certify-repetitions",
    "200",
    "--json",
  ]);
  const [before, found] = [plain, wide].map((x) => JSON.parse(x.out) as Json & { posterior: unknown });
  expect(found!.posterior).toEqual(before!.posterior);
  const { logZ, divergence, ...rest } = found!.certificate!;
  expect(rest).toMatchObject({ kind: "bounds", repetitions: 200, exactDraws: { by: "enumeration" } });
  expect(logZ!.lower.estimate).toBeLessThan(logZ!.exact);
  expect(logZ!.upper.estimate).toBeGreaterThan(logZ!.exact);
  expect(divergence!.estimate).toBeCloseTo(logZ!.upper.estimate - logZ!.lower.estimate, 12);
});

test("says why there is none, and what can be done", async () => {
  const directory = folder({ "m.pgl": squared });
  const { status, out } = await pgl(directory, ["run", "m.pgl", "--seed", "1", "--certify"]);
  expect(status).toBe(0);
  expect(out.replace(/\s+/g, " ")).toMatch(/– No certificate: .*continuous.* a factor at m\.pgl:3:3/);
  expect(out).toContain("--certify-bound");
  const bounded = await pgl(directory, ["run", "m.pgl", "--seed", "1", "--certify", "--certify-bound", "0", "--json"]);
  expect((JSON.parse(bounded.out) as Json).certificate).toMatchObject({
    kind: "bounds",
    exactDraws: { by: "rejection" },
  });
  const exact = await pgl(directory, ["run", "m.pgl", "--certify", "--using", "mh(samples: 20)", "--json"]);
  expect((JSON.parse(exact.out) as Json).certificate!.reasons![0]).toMatch(/mh has no unbiased estimate/);
});

test("its options go with it", async () => {
  const directory = folder({ "hmm.pgl": hmm });
  const alone = await pgl(directory, ["run", "hmm.pgl", "--certify-bound", "1"]);
  expect(alone).toMatchObject({
    status: 2,
    err: expect.stringContaining("--certify-bound goes with --certify.") as string,
  });
  expect((await pgl(directory, ["run", "hmm.pgl", "--certify", "--certify-repetitions", "1"])).status).toBe(2);
  expect((await pgl(directory, ["run", "hmm.pgl", "--certify", "--certify-bound", "x"])).status).toBe(2);
});
