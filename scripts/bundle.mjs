// Bundles a TypeScript file of the workspace, with the packages it imports from source, for Node to run.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";

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
 * Gives esbuild a source file, which stays where it is as far as it can tell: files that it reads stand beside it.
 *
 * @param change of its text
 */
const loading = (change) => (args) => {
  if (args.path.includes("node_modules")) return undefined;
  const text = change(readFileSync(args.path, "utf8"), args.path);
  return {
    contents: text.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(args.path).href)),
    loader: "ts",
  };
};

/**
 * @param entry of the root
 * @param directory where the bundle is written
 * @param alias other names that stand for files
 * @param change what is done to the text of a source file (given the text and its path) before it is read
 * @param sourcemap whether stacks should name the sources
 * @returns its path
 */
export async function bundle(entry, directory, { alias = {}, change = (text) => text, sourcemap = true } = {}) {
  const sourcesAsRead = {
    name: "sources",
    setup: (plugins) => plugins.onLoad({ filter: /\.ts$/ }, loading(change)),
  };
  await build({
    entry: [`${root}${entry}`],
    outDir: directory,
    format: ["esm"],
    target: "node20",
    platform: "node",
    config: false,
    silent: true,
    sourcemap: sourcemap ? "inline" : false,
    splitting: false,
    // Only what is of the workspace: Node finds the others from where the bundle is, inside it.
    skipNodeModulesBundle: true,
    noExternal: [/^@pgl\//, ...Object.keys(alias)],
    esbuildPlugins: [sourcesAsRead],
    esbuildOptions(options) {
      const packages = sources.map((folder) => [`@pgl/${basename(folder)}`, `${root}${folder}/src/index.ts`]);
      options.alias = { ...Object.fromEntries(packages), ...alias };
      options.conditions = ["import"];
    },
    outExtension: () => ({ js: ".mjs" }),
  });
  return `${directory}/${basename(entry).replace(/\.ts$/, ".mjs")}`;
}
