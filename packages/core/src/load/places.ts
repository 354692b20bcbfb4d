import { SourceMap } from "node:module";
import { relative, sep } from "node:path";
import type { EmittedModule } from "@pgl/compiler";
import type { Site } from "@pgl/runtime";
import { evaluatedName } from "./evaluate.js";

/** Finds the place in a `.pgl` file that evaluated code was at when an error was made. */
export class Places {
  private readonly byName: ReadonlyMap<string, EmittedModule>;
  private readonly maps = new Map<string, SourceMap>();

  constructor(
    modules: readonly EmittedModule[],
    /** File names are given relative to this folder, as in the sites of the program. */
    readonly directory: string,
  ) {
    this.byName = new Map(modules.map((module) => [evaluatedName(module.file), module]));
  }

  /** The innermost place of a stack trace that is in evaluated code and known to the source map. */
  of(error: Error): Site | undefined {
    for (const line of error.stack?.split("\n") ?? []) {
      const match = /\(?([^\s()][^()]*):(\d+):(\d+)\)?$/.exec(line);
      if (match === null) continue;
      const module = this.byName.get(match[1]!.replace(/^.* at /, ""));
      if (module === undefined) continue;
      const place = this.original(module, Number(match[2]), Number(match[3]));
      if (place !== undefined) return place;
    }
    return undefined;
  }

  private original(module: EmittedModule, line: number, column: number): Site | undefined {
    let map = this.maps.get(module.file);
    if (map === undefined) {
      map = new SourceMap(module.map as unknown as ConstructorParameters<typeof SourceMap>[0]);
      this.maps.set(module.file, map);
    }
    const entry = map.findEntry(line - 1, column - 1);
    if (!("originalLine" in entry) || entry.originalLine === undefined) return undefined;
    return {
      kind: "call",
      name: "expression",
      file: relative(this.directory, module.file).split(sep).join("/"),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
    };
  }
}
