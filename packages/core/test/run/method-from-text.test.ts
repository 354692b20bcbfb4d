import { describe, expect, test } from "vitest";
import { inferenceMethods } from "@pgl/compiler";
import {
  compile,
  enumerate,
  importance,
  MethodError,
  methodFromText,
  methods,
  MethodTextError,
  smc,
  withParticles,
  type Method,
} from "../../src/index.js";

describe("a method written as text", () => {
  test("is the method", async () => {
    expect((await methodFromText('smc(particles: 64, ess: 0.25, resampler: "residual")')).options).toEqual(
      smc({ particles: 64, ess: 0.25, resampler: "residual" }).options,
    );
    expect((await methodFromText("enumerate()")).name).toBe("enumerate");
    expect((await methodFromText("rejection(bound: -1.5)")).options).toMatchObject({ bound: -1.5 });
  });

  test("shows the place that is wrong", async () => {
    const error = await methodFromText("smc(particles: 64, particle: 1)").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MethodTextError);
    expect((error as Error).message).toBe(
      "smc has no option `particle`.\n  smc(particles: 64, particle: 1)\n                     ^",
    );
    expect((error as MethodTextError).hint).toContain("particles, resampler, ess");
  });

  const guided = `model m(): bool {
  let x ~ bernoulli(0.01)
  factor if x { 0.0 } else { -5.0 }
  return x
}
proposal guide() for m { let x ~ bernoulli(0.5) }
query m() using importance(samples: 4000, proposal: guide)
`;

  test("can name a proposal of the program, and keeps it when the particles change", async () => {
    const program = await compile.source(guided);
    expect(Object.keys(program.models)).toEqual(["m"]);
    const method = await methodFromText("smc(particles: 10, proposal: guide)", program.proposals);
    expect(method.options).toMatchObject({ particles: 10, proposal: "guide" });
    expect(withParticles(method, 20, program.proposals).options).toMatchObject({ particles: 20, proposal: "guide" });
    await expect(methodFromText("smc(proposal: gide)", program.proposals)).rejects.toThrow(
      "not a proposal of the program",
    );
  });
});

describe("what the compiler says of the methods is so", () => {
  test("each has a constructor, and no other has one", () => {
    expect(Object.keys(methods).sort()).toEqual(inferenceMethods.map((m) => m.name).sort());
  });

  for (const { name, guarantee, options } of inferenceMethods) {
    test(`${name}: guarantee, options and their defaults`, () => {
      const needed = Object.fromEntries(options.filter((o) => o.required).map((o) => [o.name, ["x"]]));
      const make = (methods as Readonly<Record<string, (options: object) => Method>>)[name]!;
      const method = make(needed);
      expect(method).toMatchObject({ name, guarantee });
      const known = options.map((o) => o.name);
      expect(Object.keys(method.options).filter((o) => !known.includes(o))).toEqual([]);
      for (const option of options) {
        // A default that depends on other options is said in words.
        if (!/^(?:-?[\d.]+(?:e-?\d+)?|true|false|"\w+")$/.test(option.default ?? "")) continue;
        const value: unknown = JSON.parse(option.default!);
        expect([option.name, make({ ...needed, [option.name]: value }).options]).toEqual([option.name, method.options]);
        // Reports leave out what is of no interest.
        expect([value, undefined]).toContainEqual(method.options[option.name]);
      }
      expect(() => make({ ...needed, no_such_option: 1 })).toThrow(MethodError);
    });
  }
});

test("another number of particles", () => {
  expect(withParticles(undefined, 7).options).toMatchObject({ particles: 7 });
  expect(withParticles(smc({ particles: 5, ess: 0.1 }), 7).options).toMatchObject({ particles: 7, ess: 0.1 });
  expect(withParticles(importance({ samples: 5 }), 7).options).toMatchObject({ samples: 7 });
  expect(() => withParticles(enumerate(), 7)).toThrow("enumerate has no particles");
});
