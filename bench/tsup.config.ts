import { defineConfig } from "tsup";

// The sources of the packages, as they are now: nothing has to be built before.
export default defineConfig({
  entry: {
    main: "src/main.ts",
    "run-suite": "src/run-suite.ts",
    "webppl-process": "src/hmm/webppl-process.ts",
    "mh-webppl-process": "src/mh/webppl-process.ts",
    "elimination-webppl-process": "src/elimination/webppl-process.ts",
    "elimination-pgl-process": "src/elimination/pgl-process.ts",
    "stories-process": "src/stories/process.ts",
  },
  format: ["esm"],
  target: "node20",
  platform: "node",
  clean: true,
  splitting: true,
  shims: true,
  sourcemap: true,
  silent: true,
  noExternal: [/^@pgl\//],
  // Whatever else the packages use is found in node_modules.
  external: [/^(?!@pgl\/)[^./]/],
});
