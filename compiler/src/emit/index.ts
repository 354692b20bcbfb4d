import type { ModuleIr, Program } from "../ir/program.js";
import { differentiable } from "./differentiable.js";
import { printJavaScript } from "./javascript.js";
import { buildModule, type ModuleStructure } from "./module.js";
import { sourceMap, type RawSourceMap, type SourcePosition } from "./source-map.js";
import { printDeclarations, printTypeScript } from "./typescript.js";

export type { RawSourceMap } from "./source-map.js";

/** TypeScript text of a module, for people and for builds. */
export interface TypeScriptText {
  /** An ES module. */
  readonly text: string;
  /** Its `.d.ts`. */
  readonly declarations: string;
  /** Of `text`. */
  readonly map: RawSourceMap;
}

/** One `.pgl` file, compiled. */
export interface EmittedModule {
  readonly file: string;
  /** The body of a CommonJS function of `exports`, `require` and `module`, to be evaluated in this process. */
  readonly javascript: string;
  /** Of `javascript`. */
  readonly map: RawSourceMap;
  /**
   * Like `javascript`, with the arithmetic as calls of built-ins: the program that methods with gradients run. Printed when
   * asked for. The same names are exported.
   */
  differentiable(): string;
  /** Printed when asked for: loading ts-morph takes a third of a second. */
  typescript(): Promise<TypeScriptText>;
  /** The `.pgl` files it imports. */
  readonly dependencies: readonly string[];
  /** The host modules it imports, as written. */
  readonly hosts: readonly string[];
}

/** A program as modules of code, in dependency order. */
export function emit(program: Program): readonly EmittedModule[] {
  let twin: Program | null = null;
  const twinOf = (): Program => (twin ??= differentiable(program));
  return program.modules.map(
    (module, i) => new Emitted(module, buildModule(program, module), () => buildModule(twinOf(), twinOf().modules[i]!)),
  );
}

class Emitted implements EmittedModule {
  readonly file: string;
  readonly javascript: string;
  readonly dependencies: readonly string[];
  readonly hosts: readonly string[];
  readonly #positions: readonly SourcePosition[];
  readonly #structure: ModuleStructure;
  readonly #text: string;
  readonly #twin: () => ModuleStructure;
  #map: RawSourceMap | null = null;
  #differentiable: string | null = null;

  constructor(module: ModuleIr, structure: ModuleStructure, twin: () => ModuleStructure) {
    this.#twin = twin;
    this.file = module.file;
    this.#text = module.text;
    this.#structure = structure;
    const { text, positions } = printJavaScript(structure.statements);
    this.javascript = text;
    this.#positions = positions;
    this.dependencies = structure.dependencies;
    this.hosts = structure.hosts;
  }

  get map(): RawSourceMap {
    return (this.#map ??= sourceMap(`${this.file}.js`, this.file, this.#text, this.#positions));
  }

  differentiable(): string {
    return (this.#differentiable ??= printJavaScript(this.#twin().statements).text);
  }

  async typescript(): Promise<TypeScriptText> {
    const { text, positions } = await printTypeScript(this.#structure.statements);
    const declarations = await printDeclarations(this.#structure.declarations);
    return { text, declarations, map: sourceMap(`${this.file}.ts`, this.file, this.#text, positions) };
  }
}
