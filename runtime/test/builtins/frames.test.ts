import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtins, frames, type Callee } from "../../src/builtins/index.js";
import { normal } from "../../src/distributions/index.js";
import { RunError } from "../../src/errors.js";
import { RunEnvironment } from "../../src/inference/environment.js";
import { Frame, Op, Particle, site, type Closure, type Process } from "../../src/machine/index.js";
import { seeded } from "../../src/random/index.js";

const HERE = site({ name: "here", kind: "step" });

/** What a frame of emitted code looks like: stops once, at a step, and then returns what `body` makes of its arguments. */
class Pausing extends Frame {
  constructor(
    private readonly args: readonly unknown[],
    private readonly body: (...args: never[]) => unknown,
  ) {
    super();
  }
  step(particle: Particle): Op {
    if (this.pc === 0) {
      this.pc = 1;
      return particle.step(HERE);
    }
    return particle.return(this.body(...(this.args as never[])));
  }
  protected copy(): Frame {
    return new Pausing(this.args, this.body);
  }
}

const pausing = (body: (...args: never[]) => unknown): Closure => ({
  kind: "closure",
  enter: (args) => new Pausing(args, body),
});

const spawn = (frame: Frame): Particle => {
  const random = seeded(1);
  return new Particle(frame, random, new RunEnvironment(new Map(), random));
};

/** Runs to the end; after each stop `fork` says whether to go on with the particle, or with a fork of it. */
function run(frame: Frame, fork: (stop: number) => boolean = () => false): unknown {
  let particle = spawn(frame);
  for (let stop = 0; ; stop++) {
    const op = particle.advance();
    if (op === Op.Done) return particle.value;
    if (fork(stop)) {
      const twin = particle.fork(seeded(stop));
      // Both go on; the one left behind must not disturb the other.
      for (let left = particle.advance(), i = 0; left !== Op.Done && i < 3; i++) left = particle.advance();
      particle = twin;
    }
  }
}

const xs = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 8 });
const even = (x: number): boolean => x % 2 === 0;

/** Each with the pure built-in it must agree with. */
const cases: Record<
  string,
  {
    frame: (list: readonly number[], wrap: (f: (...args: never[]) => unknown) => Callee) => Frame;
    pure: (list: readonly number[]) => unknown;
  }
> = {
  map: {
    frame: (l, w) =>
      frames.map(
        l,
        w((x: number) => x * 2),
      ),
    pure: (l) => builtins.map(l, (x) => x * 2),
  },
  filter: { frame: (l, w) => frames.filter(l, w(even)), pure: (l) => builtins.filter(l, even) },
  fold: {
    frame: (l, w) =>
      frames.fold(
        l,
        "",
        w((acc: string, x: number) => `${acc}${x};`),
      ),
    pure: (l) => builtins.fold(l, "", (acc, x) => `${acc}${x};`),
  },
  flat_map: {
    frame: (l, w) =>
      frames.flat_map(
        l,
        w((x: number) => [x, [x]]),
      ),
    pure: (l) => builtins.flat_map<number, unknown>(l, (x) => [x, [x]]),
  },
  any: {
    frame: (l, w) =>
      frames.any(
        l,
        w((x: number) => x > 5),
      ),
    pure: (l) => builtins.any(l, (x) => x > 5),
  },
  all: {
    frame: (l, w) =>
      frames.all(
        l,
        w((x: number) => x > -5),
      ),
    pure: (l) => builtins.all(l, (x) => x > -5),
  },
  find: {
    frame: (l, w) =>
      frames.find(
        l,
        w((x: number) => x > 5),
      ),
    pure: (l) => builtins.find(l, (x) => x > 5),
  },
  each: {
    frame: (l, w) =>
      frames.each(
        l,
        w(() => 1),
      ),
    pure: () => undefined,
  },
};

describe.each(Object.entries(cases))("frames.%s", (_, { frame, pure }) => {
  it("gives what the built-in gives, with a function that waits", () => {
    fc.assert(fc.property(xs, (list) => void expect(run(frame(list, pausing))).toEqual(pure(list))));
  });

  it("gives it with a plain function", () => {
    fc.assert(fc.property(xs, (list) => void expect(run(frame(list, (f) => f))).toEqual(pure(list))));
  });

  it("gives it to every particle, whenever they part", () => {
    fc.assert(
      fc.property(xs, fc.infiniteStream(fc.boolean()), (list, stream) => {
        expect(run(frame(list, pausing), () => stream.next().value)).toEqual(pure(list));
      }),
    );
  });

  it("refuses what is not a list", () => {
    expect(() => frame("abc" as never, pausing)).toThrow(RunError);
  });
});

describe("frames", () => {
  it("stop calling when the answer is known, and go in order", () => {
    const seen: number[] = [];
    const look = pausing((x: number) => {
      seen.push(x);
      return x === 3;
    });
    expect(run(frames.find([1, 2, 3, 4], look))).toBe(3);
    expect(run(frames.any([1, 3, 5], look))).toBe(true);
    expect(run(frames.all([3, 3, 5, 3], look))).toBe(false);
    expect(run(frames.each([7, 8], look))).toBeUndefined();
    expect(seen).toEqual([1, 2, 3, 1, 3, 3, 3, 5, 7, 8]);
  });

  it("let particles that part in the middle differ from there on", () => {
    let next = 0;
    const particle = spawn(
      frames.map(
        [0, 0, 0],
        pausing(() => next++),
      ),
    );
    particle.advance();
    particle.advance();
    const twin = particle.fork(seeded(2));
    while (particle.advance() !== Op.Done);
    while (twin.advance() !== Op.Done);
    expect(particle.value).toEqual([0, 1, 2]);
    expect(twin.value).toEqual([0, 3, 4]);
  });

  it("nest", () => {
    const rows = [[1, 2], [], [3]];
    const inner: Closure = {
      kind: "closure",
      enter: ([row]) =>
        frames.map(
          row as number[],
          pausing((x: number) => x + 1),
        ),
    };
    expect(run(frames.map(rows, inner), (stop) => stop % 2 === 0)).toEqual([[2, 3], [], [4]]);
  });

  it("say when a value that is no function is called", () => {
    expect(() => run(frames.map([1], 3 as never))).toThrow(/not a function/);
  });

  it("log_prob asks a process and answers for a distribution", () => {
    expect(run(frames.log_prob(normal(0, 1), 0))).toBe(normal(0, 1).logDensity(0));
    const process: Process<string> = {
      kind: "process",
      name: "spelling",
      draw: () => new Pausing([], () => "a"),
      logDensity: (value) => new Pausing([value], (v: string) => -v.length),
    };
    expect(run(frames.log_prob(process, "abc"))).toBe(-3);
    expect(() => builtins.log_prob(process as never, "abc")).toThrow(/log_prob is not defined for spelling/);
  });
});
