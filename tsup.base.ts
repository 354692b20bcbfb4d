import { defineConfig, type Options } from "tsup";

/** How every package is built: ES modules and CommonJS, with types and source maps, for Node 20 and later. */
export const library = (options: Options = {}) =>
  defineConfig({
    entry: ["src/index.ts"],
    format: ["esm", "cjs"],
    target: "node20",
    platform: "node",
    // Declarations are made from the built declarations of other packages, not from their sources.
    dts: { compilerOptions: { composite: false, incremental: false, paths: {} } },
    sourcemap: true,
    clean: true,
    // Only ES modules are split (the default): tsup's splitting of CommonJS rewrites a class field named like an export
    // (`site = null`) into an assignment to that export.
    shims: true,
    ...options,
  });
