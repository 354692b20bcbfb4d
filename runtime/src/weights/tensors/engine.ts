import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import type * as Tfjs from "@tensorflow/tfjs-core";
import { PglError } from "../../errors.js";
import { rowOperations, type RowOperations } from "./operations.js";
import { plainKernels } from "./plain.js";
import { tfjsKernels, type TfCore } from "./tfjs.js";

/** The engines, in the order in which they are tried; `off` is plain loops. */
export const tensorEngines = ["gpu", "node", "wasm", "cpu", "off"] as const;
export type TensorEngineName = (typeof tensorEngines)[number];

/** Where particles × vocabulary work is done. */
export interface TensorEngine extends RowOperations {
  readonly name: TensorEngineName;
  /** The package and what it runs on, as `@tensorflow/tfjs-backend-wasm 4.22.0 (SIMD)`. */
  readonly detail: string;
  /** Engines that come before it and why they are not used. Not installed optional ones are not listed. */
  readonly passedOver: readonly { readonly name: TensorEngineName; readonly problem: string }[];
  /** What a user should know, as that it is slow. */
  readonly warning: string | null;
}

type Tf = TfCore & {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  getBackend(): string;
  enableProdMode(): void;
  env(): { getAsync(flag: string): Promise<unknown> };
};

let loading: Promise<TensorEngine> | null = null;
/** TensorFlow.js as the engine has loaded it: the native ones bring their own. */
let core: typeof Tfjs | null = null;
let inUse: TensorEngine | null = null;

/**
 * The tensor engine of this process: `@tensorflow/tfjs-node-gpu` if it is installed and works, else
 * `@tensorflow/tfjs-node`, else tfjs on wasm, else tfjs on plain JavaScript, with a warning. The environment variable
 * `PGL_TENSORS` (`gpu`, `node`, `wasm`, `cpu`, or `off` for plain loops) forces one. Loaded at the first call.
 *
 * @throws PglError PGLR065 for another value of `PGL_TENSORS`, PGLR066 when the engine it asks for does not work.
 */
export function tensorEngine(): Promise<TensorEngine> {
  loading ??= load(process.env["PGL_TENSORS"]).then(
    (engine) => (inUse = engine),
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

/**
 * TensorFlow.js with the backend of this process's engine, for work with gradients. Where the engine is plain loops
 * (`PGL_TENSORS=off`), its plain JavaScript backend.
 *
 * @throws PglError as `tensorEngine` does.
 */
export async function tensorFlow(): Promise<typeof Tfjs> {
  await tensorEngine();
  if (core === null) await start("cpu");
  return core!;
}

/** The name and detail of the engine this process has loaded; null when none was needed yet. Loads nothing. */
export function tensorEngineInUse(): string | null {
  return inUse === null ? null : `${inUse.name}: ${inUse.detail}`;
}

/** What there is to say about the engine, as data: for `pgl doctor` and a run's report. Loads it. */
export async function describeEngine(): Promise<Pick<TensorEngine, "name" | "detail" | "passedOver" | "warning">> {
  const { name, detail, passedOver, warning } = await tensorEngine();
  return { name, detail, passedOver, warning };
}

/** Loads an engine afresh; `wanted` as in `PGL_TENSORS`. */
export async function load(wanted: string | undefined): Promise<TensorEngine> {
  if (wanted !== undefined && wanted !== "") {
    const name = tensorEngines.find((engine) => engine === wanted);
    if (name === undefined) {
      throw new PglError("PGLR065", `PGL_TENSORS is ${JSON.stringify(wanted)}, which is no tensor engine.`, {
        hint: `It is one of ${tensorEngines.join(", ")}; without it the best that works is taken.`,
      });
    }
    try {
      return { ...(await start(name)), passedOver: [] };
    } catch (cause) {
      throw new PglError(
        "PGLR066",
        `The tensor engine ${name}, asked for by PGL_TENSORS, does not work: ${messageOf(cause)}`,
        {
          hint: "Install it, or unset PGL_TENSORS.",
          cause,
        },
      );
    }
  }
  const passedOver: { name: TensorEngineName; problem: string }[] = [];
  for (const name of tensorEngines) {
    try {
      return { ...(await start(name)), passedOver };
    } catch (error) {
      if (!isMissing(error)) passedOver.push({ name, problem: messageOf(error) });
    }
  }
  throw new PglError("PGLR066", "No tensor engine works.");
}

function start(name: TensorEngineName): Promise<Omit<TensorEngine, "passedOver">> {
  switch (name) {
    case "gpu":
      return native(name, "@tensorflow/tfjs-node-gpu");
    case "node":
      return native(name, "@tensorflow/tfjs-node");
    case "wasm":
      return wasm();
    case "cpu":
      return cpu();
    case "off":
      return Promise.resolve({ name, detail: "plain loops", warning: null, ...rowOperations(plainKernels) });
  }
}

/** The native engines are optional: they come with TensorFlow.js of their own. */
async function native(name: TensorEngineName, specifier: string): Promise<Omit<TensorEngine, "passedOver">> {
  const tf = await loadTf(specifier);
  await tf.ready();
  if (tf.getBackend() !== "tensorflow") throw new Error(`${specifier} started as ${tf.getBackend()}.`);
  return { name, detail: `${specifier} ${versionOf(specifier)}`, warning: null, ...rowOperations(tfjsKernels(tf)) };
}

async function wasm(): Promise<Omit<TensorEngine, "passedOver">> {
  const specifier = "@tensorflow/tfjs-backend-wasm";
  const tf = await loadTf("@tensorflow/tfjs-core");
  const backend = interop(await import("@tensorflow/tfjs-backend-wasm"));
  backend.setWasmPaths(join(dirname(resolve(`${specifier}/package.json`)), "dist") + sep);
  await begin(tf, "wasm");
  const simd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true;
  return {
    name: "wasm",
    detail: `${specifier} ${versionOf(specifier)}${simd ? " (SIMD)" : ""}`,
    warning: simd ? null : "This Node.js has no SIMD for wasm: tensor work is slow.",
    ...rowOperations(tfjsKernels(tf)),
  };
}

async function cpu(): Promise<Omit<TensorEngine, "passedOver">> {
  const specifier = "@tensorflow/tfjs-backend-cpu";
  const tf = await loadTf("@tensorflow/tfjs-core");
  await import("@tensorflow/tfjs-backend-cpu");
  await begin(tf, "cpu");
  return {
    name: "cpu",
    detail: `${specifier} ${versionOf(specifier)}`,
    warning:
      "Tensor work is done by tfjs in plain JavaScript, which is several times slower than a loop: PGL_TENSORS=off may be faster.",
    ...rowOperations(tfjsKernels(tf)),
  };
}

async function begin(tf: Tf, backend: string): Promise<void> {
  // Keeps advice about other packages off the terminal.
  tf.enableProdMode();
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs could not start its ${backend} backend.`);
  await tf.ready();
}

async function loadTf(specifier: string): Promise<Tf> {
  const tf = interop((await import(specifier)) as typeof Tfjs);
  core = tf;
  return tf as unknown as Tf;
}

/** CommonJS packages come as the default export. */
function interop<T extends object>(module: T): T {
  return (module as { default?: T }).default ?? module;
}

const resolve = (specifier: string): string => createRequire(import.meta.url).resolve(specifier);

function versionOf(specifier: string): string {
  return (createRequire(import.meta.url)(`${specifier}/package.json`) as { version: string }).version;
}

const isMissing = (error: unknown): boolean => {
  const code = (error as { code?: unknown } | null)?.code;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
