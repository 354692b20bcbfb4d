// Runs the test suite on the other Node.js versions PGL supports. They come as npm packages, into .cache/node/.
//   npm run test:node             every version
//   npm run test:node -- 24       one of them
//   npm run test:node -- 26 -- runtime/test     with arguments for vitest
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const supported = ["20", "24", "26"];
const split = process.argv.indexOf("--", 2);
const wanted = (split < 0 ? process.argv.slice(2) : process.argv.slice(2, split)).filter((a) => a !== "--");
const rest = split < 0 ? [] : process.argv.slice(split + 1);
for (const version of wanted) {
  if (!supported.includes(version)) {
    console.error(`Node ${version} is not one of ${supported.join(", ")}.`);
    process.exit(2);
  }
}

let failed = false;
for (const version of wanted.length === 0 ? supported : wanted) {
  const prefix = `${root}.cache/node/${version}`;
  const binary = `${prefix}/node_modules/node/bin/node`;
  if (!existsSync(binary)) {
    console.log(`Installing Node ${version} …`);
    mkdirSync(prefix, { recursive: true });
    const install = spawnSync(
      "npm",
      ["install", "--prefix", prefix, "--no-save", "--silent", "--ignore-scripts=false", `node@${version}`],
      {
        stdio: "inherit",
      },
    );
    if (install.status !== 0) {
      console.error(`Node ${version} could not be installed from npm.`);
      process.exit(1);
    }
  }
  const shown = spawnSync(binary, ["--version"], { encoding: "utf8" }).stdout.trim();
  console.log(`\nTests on Node ${shown}`);
  const run = spawnSync(binary, ["node_modules/vitest/vitest.mjs", "run", ...rest], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: `${prefix}/node_modules/node/bin:${process.env.PATH}` },
  });
  if (run.status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
