import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../src/compile.js";
import { nodeFiles } from "../../src/hosts/source-host.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const broad = fileURLToPath(new URL("./broad/", import.meta.url));
const examples = join(root, "examples");

/** What `tsc --strict` says of texts that stand beside real files. */
function strictErrors(files: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
    baseUrl: root,
    paths: {
      "@pgl/core/prelude": ["./packages/core/src/prelude.ts"],
      "@pgl/grammar": ["./grammar/src/index.ts"],
      "@pgl/compiler": ["./compiler/src/index.ts"],
      "@pgl/runtime": ["./runtime/src/index.ts"],
      "@pgl/*": ["./packages/*/src/index.ts"],
    },
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => files.get(name) ?? readFile.call(host, name);
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.getSourceFile = (name, ...rest) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile.call(host, name, ...rest) : ts.createSourceFile(name, text, rest[0]);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((name) => {
    const source = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((d) => {
      const { line } = source.getLineAndCharacterOfPosition(d.start ?? 0);
      return `${name.split("/").pop()!}:${line + 1} ${ts.flattenDiagnosticMessageText(d.messageText, "\n")}\n    ${source.text.split("\n")[line]!}`;
    });
  });
}

const emitted = new Map<string, string>();
const declarations = new Map<string, string>();

async function emitAll(directory: string, file: string, suffix: string, passes: "all" | "none"): Promise<void> {
  const { program, modules } = await compile(nodeFiles(directory), file, { passes });
  const errors = program.diagnostics.filter((d) => d.severity === "error");
  expect(errors.map((e) => `${file}: ${e.message}`)).toEqual([]);
  for (const module of modules) {
    const { text, declarations: types } = await module.typescript();
    const name = module.file.replace(/\.pgl$/, suffix);
    emitted.set(`${name}.ts`, text.replace(/"(\.\/\w+)\.pgl\.js"/g, `"$1${suffix}.js"`));
    declarations.set(name, types);
    emitted.set(`${name.replace(suffix, `_types${suffix}`)}.d.ts`, types);
  }
}

describe("TypeScript output", () => {
  beforeAll(async () => {
    await emitAll(broad, "broad.pgl", ".plain", "none");
    await emitAll(broad, "broad.pgl", ".pgl", "all");
    for (const file of readdirSync(examples).filter((f) => f.endsWith(".pgl")))
      await emitAll(examples, file, ".pgl", "all");
  }, 120_000);

  it("passes tsc --strict against the prelude", { timeout: 120_000 }, () => {
    expect(emitted.size).toBeGreaterThan(20);
    expect(strictErrors(emitted)).toEqual([]);
  });

  it("types models for TypeScript users", async () => {
    expect(declarations.get(join(examples, "happy-ending.pgl"))).toContain(
      "export declare const ending: Model<[hero: string], string>;",
    );
    expect(declarations.get(join(examples, "mystery.pgl"))).toContain(
      'export type Suspect = "butler" | "gardener" | "heiress";',
    );
    expect(declarations.get(join(broad, "broad.pgl"))).toContain("export declare const ahead: TwistAlias;");
    const user = `import { ending } from "./happy-ending_types.pgl";
      const start: (hero: string) => unknown = ending.start;
      // @ts-expect-error The hero is a string.
      ending.start(3);
      void start;`;
    expect(
      strictErrors(
        new Map([...emitted].filter(([name]) => name.includes("happy-ending_types"))).set(
          join(examples, "user.ts"),
          user,
        ),
      ),
    ).toEqual([]);
  }, 120_000);

  it("keeps documentation, and marks nothing", () => {
    const text = emitted.get(join(broad, "broad.pgl.ts"))!;
    expect(text).toContain('/** Learned for `t`. */\nexport const ahead = twistFile("ahead", "ahead.json", AHEAD);');
    expect(text).toContain('lm("distilled", "stories", { surrogate: "surrogate.json" })');
    expect(text).toContain("/** A point. */");
    for (const [name, code] of emitted) expect(/[\uE000-\uF8FF]/.test(code), name).toBe(false);
  });

  it("is readable", () => {
    const text = emitted.get(join(examples, "happy-ending.pgl.ts"))!;
    const from = text.indexOf("class EndingFrame");
    expect(text.slice(from, text.indexOf("export const queries"))).toMatchInlineSnapshot(`
      "class EndingFrame extends Frame {
        private hero: string;
        private start: string = "";
        private middle: string = "";
        private last: string = "";

        constructor(hero: string) {
          super();
          this.hero = hero;
        }

        override step(particle: Particle): Op {
          switch (this.pc) {
            case 0: {
              this.start = \`One day, \${this.hero} the dragon\`;
              this.pc = 1;
              return particle.sample(writer.text({ after: this.start, stop_at: ".", max_tokens: 40 }), MIDDLE);
            }
            case 1: {
              this.middle = particle.value as string;
              this.pc = 2;
              return particle.sample(guided(writer.text({ after: this.start + this.middle, stop_at: ".", max_tokens: 40 }), CONSTRAINT, OBSERVE_10), LAST);
            }
            case 2: {
              this.last = particle.value as string;
              this.pc = 3;
              return particle.factor(2 * happiness(this.last), FACTOR_11);
            }
            default: {
              return particle.return(this.start + this.middle + this.last);
            }
          }
        }

        protected override copy(): EndingFrame {
          const twin = new EndingFrame(this.hero);
          twin.start = this.start;
          twin.middle = this.middle;
          twin.last = this.last;
          return twin;
        }

        override live(result: boolean): readonly unknown[] {
          switch (this.pc) {
            case 1:
              return [this.start];
            case 2:
              return result ? [this.start, this.middle] : [];
            default:
              return [];
          }
        }

        override awaits(): boolean {
          return true;
        }
      }

      export const ending = defineModel<[hero: string], string>({
        name: "ending",
        parameters: [{ name: "hero", type: "string", optional: false }],
        sites: [MIDDLE, LAST, OBSERVE_10, FACTOR_11],
        start: (hero) => new EndingFrame(hero),
      });
      "
    `);
  });
});
