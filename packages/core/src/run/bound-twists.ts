import type { SpanTwist } from "@pgl/lm";
import { hashKey, RunEnvironment, type Environment } from "@pgl/runtime";
import type { LearnedTwist } from "@pgl/twists";

/** Learned twists for programs with some arguments: one for the same ones, so that it is opened once. */
export class BoundTwists {
  private readonly made = new Map<LearnedTwist, Map<string, SpanTwist>>();

  of(learned: LearnedTwist, args: readonly unknown[], name: string): SpanTwist {
    const key = learned.data.network.shape.arguments === 0 ? "" : hashKey(args);
    let twists = this.made.get(learned);
    if (twists === undefined) this.made.set(learned, (twists = new Map()));
    let twist = twists.get(key);
    if (twist === undefined) {
      const bound = learned.with(args);
      twists.set(key, (twist = { name, open: (span) => bound.open(span) }));
    }
    return twist;
  }
}

/** A learned twist that a run is given for a program with some arguments, or for what is simulated in place of them. */
export class GivenTwist implements SpanTwist {
  readonly name: string;

  constructor(
    private readonly learned: LearnedTwist,
    private readonly args: readonly unknown[],
    private readonly bound: BoundTwists,
  ) {
    this.name = learned.name;
  }

  within(environment: Environment): SpanTwist {
    const own = environment instanceof RunEnvironment ? environment.arguments : undefined;
    // A program inside the run has arguments of its own.
    const args = own?.length === this.args.length ? own : this.args;
    return this.bound.of(this.learned, args, this.name);
  }

  open(span: Parameters<SpanTwist["open"]>[0]): ReturnType<SpanTwist["open"]> {
    return this.within(span.environment).open(span);
  }
}
