import { readFile } from "node:fs/promises";
import type * as Onnx from "onnxruntime-common";
import { LanguageModelError } from "../../errors.js";

type Runtime = typeof Onnx;

/** The engine that evaluates ONNX graphs, whichever is there. */
export interface OnnxRuntime {
  /** `onnxruntime-node` (native) or `onnxruntime-web` (WebAssembly). */
  readonly name: "onnxruntime-node" | "onnxruntime-web";
  readonly Tensor: Runtime["Tensor"];
  /** Opens a graph on one thread, so that runs side by side do not fight for cores. */
  open(file: string): Promise<Onnx.InferenceSession>;
}

let loading: Promise<OnnxRuntime> | undefined;

/**
 * The engine, loaded once and only when a model needs it: `onnxruntime-node` where it is installed, else
 * `onnxruntime-web`, which comes with this package. The native engine's installation downloads files from outside npm
 * unless told not to, so it is for users to add; on the embedded model it is 1.5 to 2 times as fast with 64 contexts in a
 * batch and 7 times with one. The environment variable `PGL_ONNX=node` or `web` insists on one of them.
 *
 * @throws LanguageModelError PGLM003 when it cannot be loaded, PGLM012 for another value of `PGL_ONNX`.
 */
export function onnxRuntime(): Promise<OnnxRuntime> {
  return (loading ??= loadOnnxRuntime(process.env["PGL_ONNX"]));
}

/** As `onnxRuntime`, anew and by the wish given. */
export async function loadOnnxRuntime(wish: string | undefined): Promise<OnnxRuntime> {
  switch (wish) {
    case undefined:
    case "":
      return (
        (await native().catch(() => null)) ?? (await web().catch(failed("onnxruntime-web", "Install @pgl/lm again.")))
      );
    case "web":
      return web().catch(failed("onnxruntime-web", "Install @pgl/lm again."));
    case "node":
      return native().catch(
        failed("onnxruntime-node", "Run: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node"),
      );
    default:
      throw new LanguageModelError("PGLM012", `PGL_ONNX is \`node\` or \`web\`, not \`${wish}\`.`);
  }
}

async function native(): Promise<OnnxRuntime> {
  const runtime = namesOf<Runtime>(await import("onnxruntime-node"));
  return {
    name: "onnxruntime-node",
    Tensor: runtime.Tensor,
    open: (file) =>
      runtime.InferenceSession.create(file, {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        graphOptimizationLevel: "all",
      }),
  };
}

async function web(): Promise<OnnxRuntime> {
  const runtime = namesOf<Runtime>(await import("onnxruntime-web"));
  runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = "error";
  return {
    name: "onnxruntime-web",
    Tensor: runtime.Tensor,
    open: async (file) =>
      runtime.InferenceSession.create(new Uint8Array(await readFile(file)), {
        executionProviders: ["wasm"],
        graphOptimizationLevel: "all",
      }),
  };
}

/** Where the names of a CommonJS package arrive depends on who imports it. */
function namesOf<T>(loaded: object): T {
  return (loaded as { default?: T }).default ?? (loaded as T);
}

function failed(name: string, hint: string): (cause: Error) => never {
  return (cause) => {
    throw new LanguageModelError("PGLM003", `${name} cannot be loaded: ${cause.message}`, { cause, hint });
  };
}
