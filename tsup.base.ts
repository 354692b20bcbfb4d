import { defineConfig, type Options } from "tsup";

/** How every package is built: ES modules and CommonJS, with types and source maps, for Node 20 and later. */
export const library = (options: Options = {}) =>
  defineConfig({
    entry: ["src/index.ts"],
    format: ["esm", "cjs"],
    target: "node20",
    platform: "node",
    dts: true,
    sourcemap: true,
    clean: true,
    splitting: true,
    shims: true,
    ...options,
  });
