import { describe, expect, test } from "vitest";
import {
  bernoulli,
  Frame,
  Op,
  Particle,
  runToCheckpoint,
  seeded,
  site,
  Status,
  type Process,
  type RunLimits,
} from "../../src/index.js";
import { environment, model, run, type Program } from "../support/script.js";
import { enumerate, importance, smc } from "../../src/index.js";

const AT = site({ name: "at", kind: "step" });

/** Counts its steps in a field, and calls another counter at the third. */
class Counter extends Frame {
  private count = 0;
  constructor(private readonly inner: boolean) {
    super();
  }
  step(particle: Particle): Op {
    this.count++;
    if (this.inner && this.count === 3) return particle.call(new Counter(false));
    if (this.count >= 5) return particle.return(this.count + (this.inner ? 10 * (particle.value as number) : 0));
    return particle.step(AT);
  }
  protected copy(): Frame {
    const twin = new Counter(this.inner);
    twin.count = this.count;
    return twin;
  }
}

const particle = (frame: Frame, limits?: RunLimits): Particle =>
  new Particle(frame, seeded(1), environment(seeded(1), undefined, limits));

const finish = (p: Particle): unknown => {
  for (;;) if (runToCheckpoint(p) === Status.Done) return p.value;
};

describe("a fork", () => {
  test("at any point goes its own way, and leaves the original its own", () => {
    for (let forkAt = 0; forkAt < 8; forkAt++) {
      const original = particle(new Counter(true));
      for (let i = 0; i < forkAt; i++) runToCheckpoint(original);
      const twin = original.fork(seeded(2));
      const second = twin.fork(seeded(3));
      expect([finish(twin), finish(original), finish(second)]).toEqual([55, 55, 55]);
    }
  });

  test("shares the draws so far and nothing after", () => {
    const original = new Particle(
      model((s) => [s.sample("a", bernoulli(0.5)), (s.step(), s.sample("b", bernoulli(0.5)))]).start(),
      seeded(1),
      environment(),
    );
    runToCheckpoint(original);
    const twin = original.fork(seeded(5));
    runToCheckpoint(twin);
    expect(original.trace!.previous).toBeNull();
    runToCheckpoint(original);
    expect(twin.trace!.previous!.value).toBe(original.trace!.previous!.value);
    expect([twin.trace!.site.name, original.trace!.site.name]).toEqual(["b", "b"]);
  });

  test("keeps weight and twist apart", () => {
    const original = particle(new Counter(false));
    original.logWeight = -2;
    original.logTwist = 1;
    const twin = original.fork(seeded(2));
    twin.logWeight = 5;
    expect([original.logWeight, original.logTwist, twin.logWeight, twin.logTwist]).toEqual([-2, 1, 5, 1]);
  });

  test("a variable and a list changed after a resampling are each particle's own", async () => {
    // Each execution collects what it drew: a leak between copies would mix them.
    const program: Program<[readonly boolean[], number]> = (s) => {
      let seen: readonly boolean[] = [];
      let ones = 0;
      for (let i = 0; i < 6; i++) {
        const x = s.sample(`x${i}`, bernoulli(0.5));
        seen = [...seen, x];
        if (x) ones++;
        s.factor(x ? 1 : -1);
      }
      return [seen, ones];
    };
    const posterior = await run(smc({ particles: 50, ess: 1 }), program);
    for (const { value, trace } of posterior.samples) {
      const drawn = [];
      for (let at = trace; at !== null; at = at.previous) drawn.unshift(at.value);
      expect(value[0]).toEqual(drawn);
      expect(value[1]).toBe(drawn.filter(Boolean).length);
    }
  });
});

describe("observing a process", () => {
  const coin = (p: number): Process<boolean> => ({
    kind: "process",
    name: "coin",
    draw: (at) => model((s) => s.sample(at.name, bernoulli(p))).start(),
    logDensity: (value) =>
      model((s) => {
        s.step();
        return bernoulli(p).logDensity(value);
      }).start(),
  });

  test("weighs once, by its density, and goes on with the program", async () => {
    const posterior = await run(enumerate(), (s) => {
      const a = s.sample("a", bernoulli(0.5));
      s.observe(coin(a ? 0.9 : 0.2), true);
      return a;
    });
    expect(posterior.logZ.estimate).toBeCloseTo(Math.log(0.55), 14);
    expect(posterior.probability((a) => a === true)).toBeCloseTo(0.45 / 0.55, 14);
  });

  test("of density zero ends the execution", async () => {
    let after = false;
    const posterior = await run(importance({ samples: 1 }), (s) => {
      s.observe(coin(0), true);
      after = true;
      return 1;
    });
    expect(posterior.isEmpty).toBe(true);
    expect(after).toBe(false);
  });
});

describe("limits of an execution", () => {
  class Recursion extends Frame {
    step(p: Particle): Op {
      return p.call(new Recursion());
    }
    protected copy(): Frame {
      return new Recursion();
    }
  }
  class Endless extends Frame {
    step(p: Particle): Op {
      if (this.pc++ > 1e9) return p.return(0);
      return Op.Continue;
    }
    protected copy(): Frame {
      return new Endless();
    }
  }

  test("endless recursion is an error that says how to raise the limit", () => {
    expect(() => particle(new Recursion()).advance()).toThrow(/nested more than 20000 deep/);
    expect(() => particle(new Recursion(), { max_recursion: 10 }).advance()).toThrow(/nested more than 10 deep/);
  });

  test("a loop without an end is an error", () => {
    expect(() => particle(new Endless(), { max_operations: 5000 }).advance()).toThrow(
      expect.objectContaining({ code: "PGLR061", hint: expect.stringContaining("max_operations") }),
    );
  });

  test("forks have what their ancestor has used", () => {
    const p = particle(new Endless(), { max_operations: 10 });
    expect(() => p.advance()).toThrow();
    expect(() => p.fork(seeded(1)).advance()).toThrow(/10 operations/);
  });
});
