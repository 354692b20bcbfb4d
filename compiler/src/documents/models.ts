import type * as ast from "@pgl/grammar";
import type { Reporter } from "../diagnostics/reporter.js";
import { baseName } from "../hosts/base-name.js";
import type { SourceHost } from "../hosts/source-host.js";
import type { Suggester } from "../resolve/suggest.js";

/** A kind of language model that a spec may name, as `table` in `table:model.json`. */
interface ModelKind {
  /** How a spec of it is written. */
  readonly spec: string;
  /** The file that has to be there, of the path after the colon; absent where there is no path. */
  readonly file?: (path: string) => string;
}

const kinds: ReadonlyMap<string, ModelKind> = new Map<string, ModelKind>([
  ["stories", { spec: "stories" }],
  ["table", { spec: "table:FILE.json", file: (path) => path }],
  ["ngram", { spec: "ngram:FILE.txt", file: (path) => path }],
  ["onnx", { spec: "onnx:FOLDER", file: (path) => `${path}/config.json` }],
]);

/**
 * Checks what `lm` declarations of a module name, without loading it: that the kind of model exists, and its file. What is in
 * the file, a run sees.
 */
export function checkModels(
  tree: ast.Module,
  file: string,
  host: SourceHost,
  suggester: Suggester,
  reporter: Reporter,
): void {
  const isThere = (path: string): boolean => host.read(path) !== undefined || host.problem?.(path) !== undefined;
  for (const declaration of tree.declarations) {
    if (declaration.kind !== "LmDeclaration" || declaration.spec.value === "") continue;
    const { spec } = declaration;
    const [, word, path] = /^([^:]*):?([^]*)$/.exec(spec.value)!;
    const kind = kinds.get(word!);
    if (kind === undefined) {
      const meant = suggester.suggest(word!, kinds.keys());
      reporter.report("PGL2017", spec, `There is no kind of language model \`${word!}\`.`, {
        hint:
          meant === undefined
            ? `A model is one of ${[...kinds.values()].map((k) => `\`${k.spec}\``).join(", ")}.`
            : `Did you mean \`${meant}${spec.value.slice(word!.length)}\`?`,
      });
      continue;
    }
    if (kind.file === undefined) {
      if (spec.value !== kind.spec)
        reporter.report("PGL2017", spec, `\`${word!}\` is all there is to name of this model.`, `Write \`${word!}\`.`);
      continue;
    }
    if (path === "") {
      reporter.report("PGL2017", spec, `\`${spec.value}\` names no file.`, `Write \`${kind.spec}\`.`);
      continue;
    }
    const wanted = host.resolve(file, kind.file(path!));
    if (isThere(wanted)) continue;
    const own = host.resolve(file, path!);
    const isFolder = wanted !== own;
    const name = baseName(own);
    const meant = suggester.suggest(name, host.neighbours?.(own).filter((other) => other !== name) ?? []);
    reporter.report(
      "PGL2003",
      spec,
      isFolder ? `There is no model in a folder \`${path!}\` here.` : `There is no file \`${path!}\` here.`,
      {
        hint:
          meant !== undefined
            ? `Did you mean \`${meant}\`?`
            : isFolder
              ? "It has a `config.json`, a tokenizer and a network. Paths start from the folder of the program."
              : "Paths start from the folder of the program.",
      },
    );
  }
}
