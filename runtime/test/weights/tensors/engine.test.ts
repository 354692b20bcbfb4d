import { describe, expect, test } from "vitest";
import { describeEngine, PglError, tensorEngine, tensorEngineInUse } from "../../../src/index.js";
import { load } from "../../../src/weights/tensors/engine.js";

describe("the tensor engine", () => {
  test("is loaded at the first call, once, and says what it is", async () => {
    expect(tensorEngineInUse()).toBeNull();
    const engine = await tensorEngine();
    expect(await tensorEngine()).toBe(engine);
    expect(tensorEngineInUse()).toBe(`${engine.name}: ${engine.detail}`);
    expect(await describeEngine()).toMatchObject({ name: engine.name, detail: engine.detail });
  });

  test("is wasm where the native ones are not installed", async () => {
    const engine = await load(undefined);
    // The optional native engines win where they are.
    expect(["gpu", "node", "wasm"]).toContain(engine.name);
    expect(engine.warning).toBeNull();
    expect(engine.detail).toMatch(/^@tensorflow\/tfjs-\S+ 4\./);
  });

  test.each(["wasm", "cpu", "off"] as const)("PGL_TENSORS=%s forces it", async (name) => {
    const engine = await load(name);
    expect(engine.name).toBe(name);
    expect(engine.warning === null).toBe(name !== "cpu");
    expect(engine.logSumExp(new Float32Array(100_000), 50_000)[0]).toBeCloseTo(Math.log(50_000), 5);
  });

  test("another value of PGL_TENSORS is refused with the list", async () => {
    const error = (await load("cuda").catch((e: unknown) => e)) as PglError;
    expect(error).toBeInstanceOf(PglError);
    expect(error.code).toBe("PGLR065");
    expect(error.hint).toContain("gpu, node, wasm, cpu, off");
  });

  test("a forced engine that is not there is an error that says so", async () => {
    const engine = await load("gpu").catch((e: unknown) => e);
    if (engine instanceof PglError) {
      expect(engine.code).toBe("PGLR066");
      expect(engine.message).toContain("gpu");
    } else expect(engine).toMatchObject({ name: "gpu" });
  });
});
