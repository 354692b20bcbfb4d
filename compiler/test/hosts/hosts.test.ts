import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check } from "../../src/check.js";
import { memoryFiles, nodeFiles } from "../../src/hosts/source-host.js";
import { showType } from "../../src/types/show.js";
import { checkText, messages } from "../support.js";

/** The PGL type of each export of a module. */
async function exportsOf(
  source: string,
  names: readonly string[],
  file = "./host.ts",
  more: Readonly<Record<string, string>> = {},
) {
  const { program, module } = await checkText(
    `import { ${names.join(", ")} } from "${file}"\nconst all = [${names.map((n) => `string(${n})`).join(", ")}]`,
    { "/host.ts": source, ...more },
  );
  const types = Object.fromEntries(
    [...module.symbols.values()].flatMap((symbol) =>
      symbol.kind === "host" ? [[symbol.name, showType(symbol.type)]] : [],
    ),
  );
  return { types, program };
}

describe("types of TypeScript declarations", () => {
  it("become PGL's", async () => {
    const { types } = await exportsOf(
      `
type Mood = "glad" | "sad";
interface Person { readonly name: string; age?: number; friends: readonly string[]; kind: "a" | null }
class Opaque { constructor(readonly n: number) {} }
export const number = (x: number): number => x;
export const flag = (a: boolean, b?: string, c = 3): boolean => a;
export const mood = (m: Mood): Mood => m;
export const person = (p: Person): Person => p;
export const maybe = (s: string): string | undefined => s;
export const nothing = (s: string): void => {};
export const pair = (): [number, string] => [1, "a"];
export const table = (m: Map<string, number[]>): ReadonlyMap<string, boolean> => new Map();
export const call = (f: (x: number) => boolean): ((s: string) => Promise<string>) => async (s) => s;
export const later = async (): Promise<readonly Person[]> => [];
export const perhaps = (b: boolean): number | Promise<number> => 1;
export const unknown = (x: unknown): unknown => x;
export const opaque = (): Opaque => new Opaque(1);
export const date = (): Date => new Date();
export const index = (): Record<string, number> => ({});
export const rest = (a: string, ...more: string[]): string => a;
export const either = (x: string | number): string | number => x;
export const limit = 3;
export const words = ["a", "b"] as const;
export default 3;
`,
      "number flag mood person maybe nothing pair table call later perhaps unknown opaque date index rest either limit words".split(
        " ",
      ),
    );
    expect(types).toEqual({
      number: "(float) -> float",
      flag: "(bool, string?, float?) -> bool",
      mood: '("glad" | "sad") -> "glad" | "sad"',
      person:
        '({ name: string, age?: float, friends: list<string>, kind: "a"? }) -> { name: string, age?: float, friends: list<string>, kind: "a"? }',
      maybe: "(string) -> string?",
      nothing: "(string) -> unit",
      pair: "() -> (float, string)",
      table: "(map<string, list<float>>) -> map<string, bool>",
      call: "((float) -> bool) -> (string) -> string",
      later: '() -> list<{ name: string, age?: float, friends: list<string>, kind: "a"? }>',
      perhaps: "(bool) -> float",
      unknown: "(unknown) -> unknown",
      opaque: "() -> Opaque",
      date: "() -> Date",
      index: "() -> Record<string, number>",
      rest: "(string) -> string",
      either: "(string | float) -> string | float",
      limit: "float",
      words: '("a", "b")',
    });
  });

  it("that contain themselves end in something opaque", async () => {
    const { types } = await exportsOf(
      "export interface Tree { left?: Tree; value: number }\nexport const tree = (): Tree => ({ value: 1 });",
      ["tree"],
    );
    expect(types["tree"]).toBe("() -> { left?: Tree, value: float }");
  });

  it("of a JavaScript file come from the declarations beside it, or its own text", async () => {
    const more = {
      "/typed.js": "export const f = (x) => x;",
      "/typed.d.ts": "export declare function f(x: string): string[];",
      "/plain.js": "/** @param {number} x */\nexport const g = (x) => x + 1;",
    };
    expect((await exportsOf("", ["f"], "./typed.js", more)).types).toEqual({ f: "(string) -> list<string>" });
    expect((await exportsOf("", ["g"], "./plain.js", more)).types).toEqual({ g: "(float) -> float" });
  });

  it("are made anew for every call of a generic function", async () => {
    const { program } = await checkText(
      'import { same, pick, keep } from "./host.ts"\nconst a: int = same(3)\nconst b: string = same("x")\nconst c: list<int> = keep([1, 2], x => x > 1)\nconst d: int = unwrap(pick([1], 0))\nconst e: string = same(1)',
      {
        "/host.ts":
          "export const same = <T>(x: T): T => x; export const pick = <T>(xs: readonly T[], i: number): T | undefined => xs[i]; export function keep<T>(xs: T[], p: (x: T) => boolean): T[] { return xs.filter(p); }",
      },
    );
    expect(messages(program)).toEqual(["PGL3001 `e` must be `string`, not `int`."]);
  });

  it("follow the file when it changes", async () => {
    const text = 'import { f } from "./changing.ts"\nconst a: string = f()';
    expect(
      messages((await checkText(text, { "/changing.ts": "export const f = (): number => 1;" })).program),
    ).toHaveLength(1);
    expect(messages((await checkText(text, { "/changing.ts": 'export const f = (): string => "";' })).program)).toEqual(
      [],
    );
  });
});

describe("where modules come from", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "pgl-hosts-"));
    mkdirSync(join(folder, "node_modules/judge"), { recursive: true });
    writeFileSync(
      join(folder, "node_modules/judge/package.json"),
      JSON.stringify({ name: "judge", version: "1.0.0", main: "index.js", types: "index.d.ts" }),
    );
    writeFileSync(join(folder, "node_modules/judge/index.js"), "exports.judge = (s) => s.length;");
    writeFileSync(
      join(folder, "node_modules/judge/index.d.ts"),
      "export declare function judge(text: string): Promise<number>;",
    );
    writeFileSync(
      join(folder, "helper.ts"),
      'import type { Score } from "./types";\nexport const score = (s: string): Score => ({ value: s.length });',
    );
    writeFileSync(join(folder, "types.ts"), "export interface Score { value: number }");
    writeFileSync(
      join(folder, "main.pgl"),
      'import { judge } from "judge"\nimport { score } from "./helper.ts"\nfn f(s: string): float = judge(s) + score(s).value\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("packages and files that import others are found on disk", async () => {
    const program = await check(nodeFiles(folder), "main.pgl");
    expect(messages(program)).toEqual([]);
    expect(program.hostModules).toEqual([join(folder, "node_modules/judge/index.d.ts"), join(folder, "helper.ts")]);
  });

  it("text in memory may import the files around it", async () => {
    const entry = join(folder, "made-up.pgl");
    const program = await check(
      memoryFiles({ [entry]: 'import { score } from "./helper.ts"\nconst a = score("x").value' }, nodeFiles(folder)),
      entry,
    );
    expect(messages(program)).toEqual([]);
  });

  it("modules are in dependency order, each once", async () => {
    const files = {
      "/main.pgl": 'import { b } from "./b.pgl"\nimport { c } from "./c.pgl"\nconst a = b + c',
      "/b.pgl": 'import { c } from "./c.pgl"\nexport const b = c',
      "/c.pgl": "export const c = 1",
    };
    const program = await check(memoryFiles(files), "/main.pgl");
    expect(messages(program)).toEqual([]);
    expect([...program.modules.keys()]).toEqual(["/c.pgl", "/b.pgl", "/main.pgl"]);
  });

  it("a missing entry is a diagnostic", async () => {
    const program = await check(memoryFiles({ "/main.pgl": "" }), "/mian.pgl");
    expect(program.diagnostics).toMatchObject([{ code: "PGL2003", hint: "Did you mean `main.pgl`?" }]);
  });
});
