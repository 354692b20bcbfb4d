#!/usr/bin/env node
import { existsSync } from "node:fs";

const built = new URL("../dist/start.js", import.meta.url);
if (!existsSync(built)) {
  console.error("pgl is not built yet. In the project's root, run: npm run build");
  process.exit(2);
}
const { start } = await import(built.href);
process.exitCode = await start(process.argv.slice(2));
