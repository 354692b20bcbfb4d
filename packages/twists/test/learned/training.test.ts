import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enumerate, evidenceBounds, infer, seeded, smc, train, type TrainOptions } from "@pgl/core";
import { RunEnvironment } from "@pgl/runtime";
import { expect, it, onTestFinished } from "vitest";
import { readTwist, writeCheckpoint, writeTwist, type LearnedTwist, type TwistTrainer } from "../../src/index.js";
import { toy, toyModel, weighed, type Toy } from "./toy.js";

const lms = ({ lm }: Toy) => ({ toy: lm });

const learned = (of: Toy, options: TrainOptions): Promise<TwistTrainer> =>
  train(of.model, [[0.6]], { lms: lms(of), seed: 3, ...options });

const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "pgl-twists-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Bounds of log Z by SMC of 32 particles, with exact draws by enumeration. */
function bounds(
  of: Toy,
  twist: LearnedTwist,
  runs: number,
  args: readonly unknown[] = [0.6],
): ReturnType<typeof evidenceBounds> {
  const given = new Map([["x", twist.with(args).trusting(of.lm)]]);
  const services = new Map([...of.services, ["twists", { automatic: false, given }]]);
  const environment = new RunEnvironment(services, seeded(9));
  return evidenceBounds(of.target, environment, { particles: 32, runs, exact: "enumerate" });
}

it("a twist learned on a small model brings the bounds of 32 particles within 0.05 nats of each other", async () => {
  const of = await toy();
  const trainer = await learned(of, { loss: "ctl", steps: 256 });
  const twisted = await bounds(of, trainer.twist, 10);
  const exact = (await infer(of.model, [0.6], enumerate(), { lms: lms(of) })).logZ.estimate!;
  expect(twisted.divergence.estimate).toBeLessThan(0.05);
  const { curve } = trainer;
  expect(curve.at(-1)!.ess).toBeGreaterThan(3 * curve[0]!.ess);
  expect(Math.abs(twisted.lower.estimate - exact)).toBeLessThan(0.05);
  // The offset makes it the expected future weight itself.
  expect(Math.abs(trainer.curve.at(-1)!.logZ! - exact)).toBeLessThan(0.3);
});

it.each(["rl", "sixo", "fudge", "dpg"] as const)("%s learns too", async (loss) => {
  const of = await toy();
  const trainer = await learned(of, { loss, steps: 160 });
  const { divergence } = await bounds(of, trainer.twist, 8);
  expect(divergence.estimate).toBeLessThan(0.25);
});

it("training that goes on from a checkpoint is training that was not interrupted", async () => {
  const of = await toy();
  const whole = await learned(of, { steps: 64 });
  const file = join(scratch(), "half.checkpoint.json");
  const half = await learned(of, { steps: 32 });
  writeCheckpoint(file, half.state, { program: "ends", draw: "x", model: half.lm });
  const rest = await learned(of, { steps: 64, resume: file });
  expect(rest.state.network.parameters.out).toEqual(whole.state.network.parameters.out);
  const untimed = (trainer: TwistTrainer) => trainer.curve.map((round) => ({ ...round, time: 0 }));
  expect(untimed(rest)).toEqual(untimed(whole));
  expect(half.state.network.parameters.out).not.toEqual(whole.state.network.parameters.out);
});

it("a checkpoint of other training is refused", async () => {
  const of = await toy();
  const folder = scratch();
  const file = join(folder, "one.checkpoint.json");
  const one = await learned(of, { steps: 16 });
  writeCheckpoint(file, one.state, { program: "ends", draw: "x", model: one.lm });
  for (const [options, message] of [
    [{ loss: "rl" }, /`loss` was ctl, and is rl now/],
    [{ seed: 4 }, /`seed` was 3, and is 4 now/],
    [{ simulate: true }, /`simulate` was false, and is true now/],
  ] as const) {
    const resumed = learned(of, { steps: 32, resume: file, ...options });
    await expect(resumed).rejects.toMatchObject({ code: "PGLX004", message: expect.stringMatching(message) });
  }
  const several = train(of.model, [[0.6], [1.2]], { lms: lms(of), seed: 3, steps: 32, resume: file });
  await expect(several).rejects.toMatchObject({ code: "PGLX004", message: expect.stringMatching(/other arguments/) });
  const state = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  for (const key of ["of", "loss", "seed", "network", "adam", "centre", "power", "curve"]) {
    writeFileSync(file, JSON.stringify({ ...state, [key]: undefined }));
    await expect(learned(of, { steps: 32, resume: file }), key).rejects.toMatchObject({ code: "PGLX004" });
  }
});

it("a condition that few executions meet is learned", async () => {
  // Of a step's executions all may have been ruled out, which no loss can learn from.
  const of = await weighed('  condition ends_with(x, "bccc")');
  const rounds = async (loss: "dpg" | "rl") =>
    (await train(of.model, [[true]], { lms: lms(of), seed: 3, loss, steps: 64 })).curve;
  const [first, ...others] = await rounds("dpg");
  expect(first!.ess).toBeLessThan(9);
  expect(others.at(-1)!.ess).toBeGreaterThan(20);
  expect((await rounds("rl")).every(({ loss }) => Number.isFinite(loss))).toBe(true);
});

it("what is simulated is an exact draw, or refused", async () => {
  const observed = '  observe y ~ bernoulli(if contains(x, "cc") { 0.9 } else { 0.05 })';
  const of = await weighed(observed);
  for (const [loss, most] of [
    ["dpg", 0.1],
    ["fudge", 0.4],
  ] as const) {
    const { twist } = await train(of.model, [[true]], { lms: lms(of), seed: 3, loss, steps: 160, simulate: true });
    for (const y of [true, false]) {
      const own = { ...of, target: { ...of.target, arguments: [y], start: () => of.model.start(y) } };
      expect((await bounds(own, twist, 20, [y])).divergence.estimate).toBeLessThan(most);
    }
  }
  const factor = await weighed(`  factor 3.0 * count(x, "b")\n${observed}`);
  await expect(
    train(factor.model, [[true]], { lms: lms(factor), seed: 3, steps: 16, simulate: true }),
  ).rejects.toMatchObject({ code: "PGLX005", message: expect.stringContaining("what it does not observe") });
});

it("a twist for several sets of arguments is conditional on them", async () => {
  const of = await toy();
  const trainer = await train(of.model, [[0.6], [-1.5]], { lms: lms(of), steps: 160 });
  const { twist } = trainer;
  const count = async (bonus: number, given: number): Promise<number> => {
    const services = new Map([
      ...of.services,
      ["twists", { automatic: false, given: new Map([["x", twist.with([given]).trusting(of.lm)]]) }],
    ]);
    const environment = new RunEnvironment(services, seeded(5));
    const found = await smc({ particles: 400, ess: 0 }).run(
      { ...of.target, arguments: [bonus], start: () => of.model.start(bonus) },
      environment,
    );
    return found.diagnostics.ess;
  };
  // The twist of other arguments is a worse one for these.
  expect(await count(0.6, 0.6)).toBeGreaterThan(1.5 * (await count(0.6, -1.5)));
});

it("files hold the twist, and are refused for other models", async () => {
  const of = await toy();
  const trainer = await learned(of, { steps: 16 });
  const path = join(scratch(), "end.json");
  writeTwist(path, trainer.twist, trainer.curve);
  const read = readTwist(path);
  expect(read.data.network.parameters).toEqual(trainer.twist.data.network.parameters);
  const options = { lms: lms(of), seed: 1, twists: [read] };
  const [a, b] = [
    await infer(of.model, [0.6], smc({ particles: 20 }), options),
    await infer(of.model, [0.6], smc({ particles: 20 }), { ...options, twists: [trainer.twist] }),
  ];
  expect(a.logZ).toEqual(b.logZ);
  expect(a.logZ).not.toEqual((await infer(of.model, [0.6], smc({ particles: 20 }), { lms: lms(of), seed: 1 })).logZ);

  const other = await toy(toyModel(0.4));
  await expect(
    infer(other.model, [0.6], smc({ particles: 4 }), { lms: lms(other), twists: [read] }),
  ).rejects.toMatchObject({
    code: "PGLM019",
    message: expect.stringContaining("has other weights"),
  });
});

it("files that are none say so", () => {
  const folder = scratch();
  const path = join(folder, "bad.json");
  expect(() => readTwist(path)).toThrow(expect.objectContaining({ code: "PGLX004" }));
  writeFileSync(path, "{");
  expect(() => readTwist(path)).toThrow(/it is not JSON/);
  writeFileSync(path, '{"format": "other"}');
  expect(() => readTwist(path)).toThrow(/`format` is not/);
});

it("cut files are refused", async () => {
  const of = await toy();
  const trainer = await learned(of, { steps: 16 });
  const path = join(scratch(), "end.json");
  writeTwist(path, trainer.twist, trainer.curve);
  const file = JSON.parse(readFileSync(path, "utf8")) as { network: { parameters: { out: string } } };
  file.network.parameters.out = file.network.parameters.out.slice(8);
  writeFileSync(path, JSON.stringify(file));
  expect(() => readTwist(path)).toThrow(/`out` has not 7 × 32 numbers/);
});

it("a condition that is never met is an error, not a twist", async () => {
  const of = await toy();
  await expect(learned(of, { draw: "y", steps: 1 })).rejects.toMatchObject({ code: "PGLX002" });
});
