// Bundles a TypeScript file of the workspace, with the packages it imports from source, for Node to run.
import { build } from "tsup";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = [
  "grammar",
  "compiler",
  "runtime",
  "packages/core",
  "packages/lm",
  "packages/constraints",
  "packages/twists",
  "packages/testing",
];

/**
 * @param entry of the root
 * @param directory where the bundle is written
 * @param alias other names that stand for files
 * @param plugins of esbuild
 * @param sourcemap whether stacks should name the sources
 * @returns its path
 */
export async function bundle(entry, directory, { alias = {}, plugins = [], sourcemap = true } = {}) {
  await build({
    entry: [`${root}${entry}`],
    outDir: directory,
    format: ["esm"],
    target: "node20",
    platform: "node",
    config: false,
    silent: true,
    sourcemap: sourcemap ? "inline" : false,
    // Large, and loaded only by who needs them.
    external: ["ts-morph", "typescript", "onnxruntime-node"],
    splitting: false,
    noExternal: [/^@pgl\//, ...Object.keys(alias)],
    esbuildPlugins: plugins,
    esbuildOptions(options) {
      const packages = sources.map((folder) => [`@pgl/${basename(folder)}`, `${root}${folder}/src/index.ts`]);
      options.alias = { ...Object.fromEntries(packages), ...alias };
      options.conditions = ["import"];
    },
    outExtension: () => ({ js: ".mjs" }),
  });
  return `${directory}/${basename(entry).replace(/\.ts$/, ".mjs")}`;
}
