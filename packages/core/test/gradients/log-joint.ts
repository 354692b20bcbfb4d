import { RunEnvironment, seeded, target, twinOf, type Model } from "@pgl/runtime";
import { LogJoint, type Point } from "../../../../runtime/src/inference/gradients/log-joint.js";

/** Runs a computation that waits for nothing, or for promises. */
export async function finished<T>(work: Generator<Promise<void>, T, void>): Promise<T> {
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
    await next.value;
  }
}

/** The log joint of a model, by both kinds of gradients. */
export function bothWays(model: Model, args: readonly unknown[]) {
  const environment = new RunEnvironment(new Map(), seeded(1));
  const program = target(model, args);
  const reverse = new LogJoint("hmc", program, twinOf(model), environment);
  const central = new LogJoint("hmc", program, null, environment);
  return {
    environment,
    reverse,
    central,
    /** A position drawn from the prior. */
    async start(seed: number): Promise<Float64Array | null> {
      const position = await finished(reverse.simulate(seeded(seed)));
      await finished(central.simulate(seeded(seed)));
      return position;
    },
    async at(position: Float64Array): Promise<{ reverse: Point; central: Point }> {
      const [r] = await finished(reverse.evaluate([position]));
      const [c] = await finished(central.evaluate([position]));
      return { reverse: r!, central: c! };
    },
  };
}
