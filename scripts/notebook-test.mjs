// Runs the notebooks in examples/notebooks as a user would, in tslab under Jupyter but without a browser, and checks what
// their cells show. Leaves the executed notebooks and their pictures in .cache/notebook/.
//   npm run notebook:test
// Cells say by their tags what they must show: `posterior`, a table with its pictures; `error`, a message with the lines of
// the program. No cell may write to stderr: that is where tslab writes what fails. The last cell prints `end of NAME`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "examples/notebooks");
const results = join(root, ".cache/notebook");
const jupyterFolder = join(root, ".jupyter");
const tslab = join(root, "node_modules/tslab/bin/tslab");
/** Seconds for all cells of a notebook; a kernel that does not come up counts too. */
const LIMIT = 100;

const jupyter = spawnSync("jupyter", ["nbconvert", "--version"], { encoding: "utf8" });
if (jupyter.status !== 0) {
  const what =
    "notebook:test needs Jupyter: apt-get install -y --no-install-recommends jupyter-nbconvert python3-jupyter-client jupyter-core";
  if (process.env.CI) fail(what);
  console.log(`Skipped. ${what}`);
  process.exit(0);
}
if (!existsSync(tslab)) fail("tslab is not installed: npm ci");
if (!existsSync(join(root, "packages/notebook/dist/index.cjs"))) fail("The packages are not built: npm run build");

mkdirSync(join(jupyterFolder, "kernels/tslab"), { recursive: true });
writeFileSync(
  join(jupyterFolder, "kernels/tslab/kernel.json"),
  JSON.stringify({
    argv: [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
  }),
);
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const problems = [];
for (const file of readdirSync(folder).filter((name) => name.endsWith(".ipynb"))) {
  const start = performance.now();
  const executed = execute(file);
  if (executed === null) continue;
  const found = check(basename(file, ".ipynb"), executed);
  console.log(`${file}: ${found} posteriors, ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
for (const problem of problems) console.error(`\n${problem}`);
process.exit(problems.length === 0 ? 0 : 1);

/** The notebook with its outputs, or null when it did not run to its end. */
function execute(file) {
  const run = spawnSync(
    "jupyter",
    // Cells that fail are found in the outputs: Jupyter does not know of them, tslab only writes to stderr.
    ["nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--output-dir", results, "--output", file, file],
    { cwd: folder, env: { ...process.env, JUPYTER_PATH: jupyterFolder }, encoding: "utf8", timeout: LIMIT * 1000 },
  );
  const path = join(results, file);
  if (run.status === 0 && existsSync(path)) return JSON.parse(readFileSync(path, "utf8"));
  const why = run.error?.code === "ETIMEDOUT" ? `has not come to its end in ${LIMIT} s` : "could not be executed";
  problems.push(`${file} ${why}:\n${run.stderr}`);
  return null;
}

function check(name, { cells }) {
  const code = cells.filter((cell) => cell.cell_type === "code");
  let posteriors = 0;
  for (const [i, cell] of code.entries()) {
    const say = (what) =>
      problems.push(
        `${name}, code cell ${i + 1}: ${what}\n  ${text(cell.source).split("\n").slice(0, 3).join("\n  ")}`,
      );
    const before = problems.length;
    for (const output of cell.outputs) {
      if (output.output_type === "error") say(`${output.ename}: ${output.evalue}`);
      if (output.name === "stderr") say(`wrote to stderr:\n${text(output.text)}`);
    }
    // What fails ends the notebook: tslab skips the cells after it.
    if (problems.length > before) return posteriors;
    const html = cell.outputs.map((output) => text(output.data?.["text/html"] ?? ""));
    const pictures = html.flatMap((markup) => markup.match(/<svg[\s\S]*?<\/svg>/g) ?? []);
    pictures.forEach((svg, n) => writeFileSync(join(results, `${name}-${i + 1}-${n + 1}.svg`), svg));
    const tags = cell.metadata.tags ?? [];
    if (tags.includes("posterior")) {
      posteriors++;
      if (!html.some((markup) => markup.includes("<table"))) say("shows no table of a posterior.");
      if (pictures.length < 2) say(`shows ${pictures.length} pictures of a posterior, not two.`);
      if (cell.outputs.some((output) => output.name === "stdout")) say("prints something beside its posterior.");
    }
    if (tags.includes("error") && !html.some((markup) => /\^\^\^/.test(markup) && /hint:/.test(markup))) {
      say("shows no message with the lines of the program.");
    }
  }
  const last = code[code.length - 1]?.outputs.map((output) => text(output.text ?? "")).join("");
  if (!last?.includes(`end of ${name}`)) problems.push(`${name}: its last cell did not print \`end of ${name}\`.`);
  if (posteriors === 0) problems.push(`${name}: no cell is tagged \`posterior\`.`);
  return posteriors;
}

/** Jupyter stores texts as lists of lines, or as they are. */
function text(stored) {
  return Array.isArray(stored) ? stored.join("") : stored;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
