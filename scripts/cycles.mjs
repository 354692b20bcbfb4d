// Fails when a file imports itself through others. Type-only imports do not count: they are gone at run time.
import madge from "madge";

const roots = [
  "grammar",
  "runtime",
  "compiler",
  ...["lm", "constraints", "twists", "core", "testing", "cli", "notebook"].map((n) => `packages/${n}`),
];
const graph = await madge(
  roots.map((root) => `${root}/src`),
  { fileExtensions: ["ts"], detectiveOptions: { ts: { skipTypeImports: true } }, tsConfig: "tsconfig.base.json" },
);
const cycles = graph.circular();
for (const cycle of cycles) console.error(`circular import: ${cycle.join(" → ")}`);
console.log(`${Object.keys(graph.obj()).length} files, ${cycles.length} circular imports`);
process.exit(cycles.length === 0 ? 0 : 1);
