import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import { folder, pgl } from "../buffer-io.js";

const coin = `model fair(): bool {
  let fair ~ bernoulli(0.5)
  return fair
}
query fair()
`;

test("writes TypeScript, declarations and a source map beside the program", async () => {
  const directory = folder({ "coin.pgl": coin });
  const { status, out, err } = await pgl(directory, ["compile", "coin.pgl"]);
  expect(err).toBe("");
  expect(status).toBe(0);
  expect(out.trim().split("\n")).toEqual(["coin.pgl.ts", "coin.pgl.d.ts", "coin.pgl.ts.map"]);
  expect(readFileSync(join(directory, "coin.pgl.ts"), "utf8")).toContain('"@pgl/core/prelude"');
  expect(readFileSync(join(directory, "coin.pgl.d.ts"), "utf8")).toContain("fair");
  const map = JSON.parse(readFileSync(join(directory, "coin.pgl.ts.map"), "utf8")) as {
    version: number;
    sources: string[];
  };
  expect(map.version).toBe(3);
  expect(map.sources.some((source) => source.endsWith("coin.pgl"))).toBe(true);
});

test("--out takes them to another folder, which is made", async () => {
  const directory = folder({ "coin.pgl": coin });
  const { status, out } = await pgl(directory, ["compile", "coin.pgl", "--out", "build/pgl"]);
  expect(status).toBe(0);
  expect(out).toContain("build/pgl/coin.pgl.ts\n");
  expect(existsSync(join(directory, "build/pgl/coin.pgl.d.ts"))).toBe(true);
  expect(existsSync(join(directory, "coin.pgl.ts"))).toBe(false);
});

test("modules that are imported are compiled too, and host modules are found from the new place", async () => {
  const directory = folder({
    "src/main.pgl":
      'import { half } from "./lib/shared.pgl"\nimport { judge } from "./judge.ts"\nmodel m(): float {\n  factor judge(half(1.0))\n  return half(1.0)\n}\n',
    "src/lib/shared.pgl": "export fn half(x: float): float = x / 2.0\n",
    "src/judge.ts": "export const judge = (x: number): number => x;\n",
  });
  const { status, err } = await pgl(directory, ["compile", "src/main.pgl", "--out", "out"]);
  expect(err).toBe("");
  expect(status).toBe(0);
  expect(readFileSync(join(directory, "out/main.pgl.ts"), "utf8")).toContain('from "../src/judge.js"');
  expect(readFileSync(join(directory, "out/main.pgl.ts"), "utf8")).toContain('from "./lib/shared.pgl.js"');
  expect(readFileSync(join(directory, "out/lib/shared.pgl.ts"), "utf8")).toContain("export function half");
});

test("the declarations give compiled programs their types", async () => {
  const story =
    'model ending(hero: string, times: int = 1): string {\n  let n ~ uniform_int(1, times)\n  return "${hero} ${n}"\n}\n';
  const use = `import { compile, enumerate, infer, type Model } from "@pgl/core";
const story = await compile.file<typeof import("./story.pgl")>("story.pgl");
const ending: Model<[hero: string, times?: number], string> = story.ending;
const posterior = await infer(ending, ["Max"], enumerate());
export const length: number = posterior.mode().length;
// @ts-expect-error the hero is a string
void infer(story.ending, [3], enumerate());
// @ts-expect-error there is no such model
void story.beginning.name;
`;
  const directory = folder({ "story.pgl": story, "use.ts": use });
  expect((await pgl(directory, ["compile", "story.pgl"])).status).toBe(0);
  const root = fileURLToPath(new URL("../../../../", import.meta.url));
  const { config } = ts.readConfigFile(join(root, "tsconfig.base.json"), (path) => readFileSync(path, "utf8"));
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...(config as { compilerOptions: object }).compilerOptions, noEmit: true, types: [] },
    root,
  );
  // The prelude is a subpath, which the workspace's own paths do not name.
  options.paths = { "@pgl/core/prelude": ["./packages/core/src/prelude.ts"], ...options.paths };
  options.typeRoots = [join(root, "node_modules/@types")];
  options.types = ["node"];
  const program = ts.createProgram([join(directory, "use.ts")], options);
  const problems = [join(directory, "use.ts"), join(directory, "story.pgl.ts")].flatMap((name) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(name))
      .map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n")),
  );
  expect(problems).toEqual([]);
}, 120_000);

test("a program with errors is not compiled", async () => {
  const directory = folder({ "bad.pgl": "model m(): int { return nothing }\n" });
  const { status, err } = await pgl(directory, ["compile", "bad.pgl"]);
  expect(status).toBe(1);
  expect(err).toContain("nothing");
  expect(existsSync(join(directory, "bad.pgl.ts"))).toBe(false);
});
