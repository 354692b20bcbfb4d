import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadOnnxRuntime, type OnnxRuntime } from "../../src/backends/onnx/onnx-runtime.js";

const folder = fileURLToPath(new URL("../../models/stories/", import.meta.url));
const config = JSON.parse(readFileSync(`${folder}config.json`, "utf8")) as {
  layers: number;
  kv_heads: number;
  head_dim: number;
};

async function logitsOf(runtime: OnnxRuntime, tokens: readonly number[]): Promise<Float32Array> {
  const { Tensor } = runtime;
  const network = await runtime.open(`${folder}model.onnx`);
  const n = tokens.length;
  const mask = Float32Array.from({ length: n * n }, (_, at) => (at % n <= Math.floor(at / n) ? 1 : 0));
  const answer = await network.run({
    ids: new Tensor("int64", BigInt64Array.from(tokens, BigInt), [1, n]),
    pos: new Tensor(
      "int64",
      BigInt64Array.from(tokens, (_, i) => BigInt(i)),
      [1, n],
    ),
    mask: new Tensor("float32", mask, [1, n, n]),
    past: new Tensor("float32", new Float32Array(0), [2 * config.layers, 1, config.kv_heads, 0, config.head_dim]),
  });
  await network.release();
  return answer["logits"]!.data as Float32Array;
}

describe("the engines that evaluate ONNX graphs", () => {
  it("agree to float32 rounding, and what comes with the package is enough", async () => {
    const web = await loadOnnxRuntime("web");
    const chosen = await loadOnnxRuntime(undefined);
    expect(web.name).toBe("onnxruntime-web");
    const tokens = [0, 300, 301, 402];
    const [a, b] = [await logitsOf(web, tokens), await logitsOf(chosen, tokens)];
    expect(a.length).toBe(1024);
    expect(Math.max(...a.map((x, i) => Math.abs(x - b[i]!)))).toBeLessThan(1e-4);
  });

  it("refuses another name", async () => {
    await expect(loadOnnxRuntime("gpu")).rejects.toThrow(/PGL_ONNX is `node` or `web`, not `gpu`/);
  });
});
