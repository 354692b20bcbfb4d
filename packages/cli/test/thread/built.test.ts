import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { folder } from "../buffer-io.js";

// The command as it is installed: a process of its own, whose programs run in a thread. Needs `npm run build`.
const bin = fileURLToPath(new URL("../../bin/pgl.js", import.meta.url));
const built = existsSync(fileURLToPath(new URL("../../dist/start.js", import.meta.url)));

const coin = "model coin(): bool { return sample bernoulli(0.25) }\nquery coin() using enumerate()\n";
const hanging = `import { judge } from "./judge.ts"
model m(): int {
  let n ~ uniform_int(0, 1)
  factor judge(n)
  return n
}
query m() using smc(particles: 4)
`;

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command, and after each time in `interrupts` (milliseconds) sends it an interrupt. */
function pgl(directory: string, argv: readonly string[], ...interrupts: readonly number[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, ...argv], { cwd: directory });
    let out = "";
    let err = "";
    child.stdout.on("data", (data: Buffer) => (out += data.toString()));
    child.stderr.on("data", (data: Buffer) => (err += data.toString()));
    let ran = false;
    child.stderr.on("data", () => {
      // The host function says when it is called: interrupts are counted from there.
      if (ran || !err.includes("judging")) return;
      ran = true;
      for (const after of interrupts) setTimeout(() => child.kill("SIGINT"), after);
    });
    child.on("close", (status) => resolve({ status, out, err }));
  });
}

describe.skipIf(!built)("the built command", () => {
  test("runs a program and exits with 0", async () => {
    const { status, out, err } = await pgl(folder({ "coin.pgl": coin }), ["run", "coin.pgl", "--json"]);
    expect(err).toBe("");
    expect(status).toBe(0);
    const { posterior } = JSON.parse(out) as { posterior: { value: boolean; weight: number }[] };
    expect(posterior.map((a) => a.value)).toEqual([false, true]);
    expect(posterior[1]!.weight).toBeCloseTo(0.25, 12);
  });

  test("reads a program from standard input", () => {
    const { status, stdout } = spawnSync(process.execPath, [bin, "run", "-", "--json"], {
      input: coin,
      encoding: "utf8",
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).query).toBe("coin");
  });

  test.each([
    [["chek"], 2],
    [["run", "missing.pgl"], 2],
    [["check", "coin.pgl"], 0],
    [["--version"], 0],
  ])("`pgl %j` exits with %d", async (argv, status) => {
    expect((await pgl(folder({ "coin.pgl": coin }), argv)).status).toBe(status);
  });

  test("what a host module prints does not get into the result", async () => {
    const directory = folder({
      "judge.ts": 'export function judge(x: number): number {\n  console.log("judging", x);\n  return 0;\n}\n',
      "m.pgl": hanging,
    });
    const { status, out, err } = await pgl(directory, ["run", "m.pgl", "--json"]);
    expect(status).toBe(0);
    expect(() => JSON.parse(out)).not.toThrow();
    expect(err).toContain("judging");
  });

  const loops =
    'import { writeSync } from "node:fs";\nexport function judge(_x: number): number {\n  writeSync(2, "judging\\n");\n  for (;;);\n}\n';

  test("a host function that never returns is named and stopped when --max-time is over", async () => {
    const { status, err } = await pgl(folder({ "judge.ts": loops, "m.pgl": hanging }), [
      "run",
      "m.pgl",
      "--max-time",
      "0.3",
    ]);
    expect(status).toBe(3);
    expect(err).toContain("the host function `judge` has not returned");
  });

  test("the second interrupt ends even a host function that never returns, with 130", async () => {
    const { status, err } = await pgl(folder({ "judge.ts": loops, "m.pgl": hanging }), ["run", "m.pgl"], 100, 400);
    expect(err).toContain("Ctrl-C again");
    expect(status).toBe(130);
  });

  test("the first interrupt shows what there is, with 130", async () => {
    const directory = folder({
      "judge.ts":
        'import { writeSync } from "node:fs";\nlet said = false;\nexport function judge(_x: number): number {\n  if (!said) writeSync(2, "judging\\n");\n  said = true;\n  return 0;\n}\n',
      "m.pgl": hanging.replace("smc(particles: 4)", "rejection(samples: 100000000, max_attempts: 100000000)"),
    });
    const { status, out } = await pgl(directory, ["run", "m.pgl", "--json"], 200);
    expect(status).toBe(130);
    const result = JSON.parse(out);
    expect(result.partial).toBe(true);
    expect(result.posterior).toHaveLength(2);
  });

  test("a program that takes all the memory is told so", () => {
    const directory = folder({});
    writeFileSync(
      join(directory, "m.pgl"),
      "model m(): int {\n  var all: list<list<int>> = []\n  for i in 0..100000 {\n    let x ~ bernoulli(0.5)\n    all = push(all, range(0, 10000))\n  }\n  return len(all)\n}\nquery m() using smc(particles: 2)\n",
    );
    const { status, stderr } = spawnSync(process.execPath, ["--max-old-space-size=100", bin, "run", "m.pgl"], {
      cwd: directory,
      encoding: "utf8",
    });
    expect(status).toBe(3);
    expect(stderr).toContain("needs more memory than Node.js may use");
    expect(stderr).not.toContain("FATAL");
  });
});
