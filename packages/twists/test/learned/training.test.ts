import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enumerate, evidenceBounds, infer, seeded, smc, train, type TrainOptions } from "@pgl/core";
import { RunEnvironment } from "@pgl/runtime";
import { expect, it, onTestFinished } from "vitest";
import { readTwist, writeCheckpoint, writeTwist, type LearnedTwist, type TwistTrainer } from "../../src/index.js";
import { toy, toyModel, type Toy } from "./toy.js";

const lms = ({ lm }: Toy) => ({ toy: lm });

const learned = (of: Toy, options: TrainOptions): Promise<TwistTrainer> =>
  train(of.model, [[0.6]], { lms: lms(of), seed: 3, ...options });

const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "pgl-twists-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Bounds of log Z by SMC of 32 particles, with exact draws by enumeration. */
function bounds(of: Toy, twist: LearnedTwist, runs: number): ReturnType<typeof evidenceBounds> {
  const given = new Map([["x", twist.with([0.6]).trusting(of.lm)]]);
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
  expect(() => readTwist(path)).toThrow(/`out` has not 32 × 4 numbers/);
});

it("a condition that is never met is an error, not a twist", async () => {
  const of = await toy();
  await expect(learned(of, { draw: "y", steps: 1 })).rejects.toMatchObject({ code: "PGLX002" });
});
