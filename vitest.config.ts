import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@pgl\/(grammar|compiler|runtime)$/, replacement: at("./") + "$1/src/index.ts" },
      { find: /^@pgl\/(\w+)$/, replacement: at("./packages/") + "$1/src/index.ts" },
    ],
  },
  test: {
    include: ["{grammar,compiler,runtime}/test/**/*.test.ts", "{packages,examples}/**/test/**/*.test.ts"],
    pool: "forks",
    // What is kept between runs of programs is no part of what is tested, unless a test says where.
    env: { PGL_CACHE: "off" },
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
