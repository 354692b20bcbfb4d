// Studies: experiments whose results are pages of the documentation. Each is a file of scripts/studies.
//   npm run study -- constraints          runs it, and writes docs/studies/constraints.md and its plot
//   npm run study -- constraints --quick  a tenth of the repetitions, written nowhere
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const names = readdirSync(`${root}scripts/studies`)
  .filter((file) => file.endsWith(".study.ts"))
  .map((file) => file.slice(0, -".study.ts".length));
const [name, ...rest] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`npm run study -- NAME, where NAME is one of ${names.join(", ")}.`);
  process.exit(2);
}
const script = await bundle(`scripts/studies/${name}.study.ts`, `${root}.cache/studies`);
process.exit(spawnSync(process.execPath, [script, ...rest], { cwd: root, stdio: "inherit" }).status ?? 1);
