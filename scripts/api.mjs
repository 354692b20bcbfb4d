// The public names of each package, kept in api/ so that a change of them is seen in review.
//   npm run api              fails when a built package exports something else than its file says
//   npm run api -- --write   writes the files
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const write = process.argv.includes("--write");
const entries = {
  grammar: "grammar/dist/index.d.ts",
  compiler: "compiler/dist/index.d.ts",
  runtime: "runtime/dist/index.d.ts",
  lm: "packages/lm/dist/index.d.ts",
  constraints: "packages/constraints/dist/index.d.ts",
  twists: "packages/twists/dist/index.d.ts",
  core: "packages/core/dist/index.d.ts",
  "core-prelude": "packages/core/dist/prelude.d.ts",
  testing: "packages/testing/dist/index.d.ts",
  notebook: "packages/notebook/dist/index.d.ts",
  cli: "packages/cli/dist/index.d.ts",
};

const program = ts.createProgram(
  Object.values(entries).map((file) => root + file),
  { skipLibCheck: true, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
);
const checker = program.getTypeChecker();

function kindOf(symbol) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const flags = target.flags;
  if (flags & ts.SymbolFlags.Class) return "class";
  if (flags & ts.SymbolFlags.Function) return "function";
  if (flags & ts.SymbolFlags.Interface && !(flags & ts.SymbolFlags.Value)) return "interface";
  if (flags & ts.SymbolFlags.TypeAlias && !(flags & ts.SymbolFlags.Value)) return "type";
  return "value";
}

/** `any` in a public signature hides mistakes from those who call it. */
function anyIn(file) {
  const found = [];
  const visit = (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword)
      found.push(file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

let wrong = 0;
mkdirSync(`${root}api`, { recursive: true });
for (const [name, path] of Object.entries(entries)) {
  const source = program.getSourceFile(root + path);
  if (source === undefined) {
    console.error(`${path} is missing: run npm run build first.`);
    process.exit(1);
  }
  const module = checker.getSymbolAtLocation(source);
  const names = module === undefined ? [] : checker.getExportsOfModule(module);
  const text =
    names
      .map((symbol) => `${symbol.name} (${kindOf(symbol)})`)
      .sort()
      .join("\n") + "\n";
  const file = `${root}api/${name}.txt`;
  if (write) {
    writeFileSync(file, text);
    continue;
  }
  let known = "";
  try {
    known = readFileSync(file, "utf8");
  } catch {
    // A package without a file yet differs from it.
  }
  if (known === text) continue;
  wrong++;
  const before = new Set(known.split("\n"));
  const after = new Set(text.split("\n"));
  console.error(`The public names of ${name} have changed (if that is meant: npm run api -- --write):`);
  for (const line of after) if (!before.has(line)) console.error(`  + ${line}`);
  for (const line of before) if (!after.has(line)) console.error(`  - ${line}`);
}
for (const file of program.getSourceFiles()) {
  if (!file.fileName.startsWith(root) || file.fileName.includes("/node_modules/")) continue;
  for (const line of anyIn(file)) {
    wrong++;
    console.error(`${file.fileName.slice(root.length)}:${line}: \`any\` in a public type.`);
  }
}
if (wrong > 0) process.exit(1);
console.log(`${Object.keys(entries).length} public interfaces${write ? " written" : ""}.`);
