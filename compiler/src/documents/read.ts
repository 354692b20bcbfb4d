import type * as ast from "@pgl/grammar";
import type { Reporter } from "../diagnostics/reporter.js";
import type { SourceHost } from "../hosts/source-host.js";
import { nodesIn } from "../nodes.js";
import { type ConstantOf, constantJson, partAt } from "./constant-json.js";
import type { LoadConstraints } from "./library.js";

/** A schema or a grammar that a constraint stands for, known when compiling. */
export interface ConstraintDocument {
  /** The schema as JSON, or the grammar as it is written. */
  readonly text: string;
  /** `style` of a schema, `start` of a grammar. */
  readonly option: { readonly name: string; readonly value: string } | null;
}

/** Constraints that are documents, with the option each has. */
export const documentKinds: ReadonlyMap<string, { readonly option: string; readonly example: string }> = new Map([
  ["json", { option: "style", example: 'json({ type: "integer" })` or `json("schema.json")' }],
  ["grammar", { option: "start", example: 'grammar("""start: …""")` or `grammar("file.lark")' }],
]);

/**
 * Reads and checks the schemas and grammars of a module: written in the program, or in files beside it. What is wrong with
 * them is reported, in a schema that is written as a record at the very part.
 */
export async function readDocuments(
  tree: ast.Module,
  file: string,
  host: SourceHost,
  constantOf: ConstantOf,
  reporter: Reporter,
  load: LoadConstraints,
): Promise<ReadonlyMap<ast.ConstraintCall, ConstraintDocument>> {
  const documents = new Map<ast.ConstraintCall, ConstraintDocument>();
  const calls = documentCalls(tree);
  if (calls.length === 0) return documents;
  const { constraint, ConstraintError } = await load();
  for (const call of calls) {
    const document = new DocumentReader(call, file, host, constantOf, reporter).read();
    if (document === undefined) continue;
    documents.set(call, document);
    const options = document.option === null ? {} : { [document.option.name]: document.option.value };
    const written = call.arguments[0]!.value;
    try {
      if (call.name.name === "json") constraint.json(document.text, options);
      else constraint.grammar(document.text, options);
    } catch (error) {
      if (!(error instanceof ConstraintError)) throw error;
      const pointer = "pointer" in error && typeof error.pointer === "string" ? error.pointer : "";
      reporter.report("PGL4024", partAt(written, pointer), error.message, { hint: error.hint });
    }
  }
  return documents;
}

class DocumentReader {
  constructor(
    private readonly call: ast.ConstraintCall,
    private readonly file: string,
    private readonly host: SourceHost,
    private readonly constantOf: ConstantOf,
    private readonly reporter: Reporter,
  ) {}

  read(): ConstraintDocument | undefined {
    const { reporter, call } = this;
    const { name } = call.name;
    const kind = documentKinds.get(name)!;
    const [first, second, third] = call.arguments;
    if (first === undefined || first.name !== undefined || third !== undefined) {
      reporter.report(
        first === undefined ? "PGL3003" : "PGL3004",
        call,
        `The constraint \`${name}\` takes a ${name === "json" ? "schema" : "grammar"}, and \`${kind.option}\` if need be.`,
        `Write \`${kind.example}\`.`,
      );
      return undefined;
    }
    const option = second === undefined ? null : this.option(second, kind.option);
    const text = this.text(first.value);
    return text === undefined || option === undefined ? undefined : { text, option };
  }

  private option({ name, value }: ast.Argument, wanted: string): ConstraintDocument["option"] | undefined {
    const { reporter, call } = this;
    if (name?.name !== wanted) {
      reporter.report(
        "PGL2008",
        name ?? value,
        `The constraint \`${call.name.name}\` has the option \`${wanted}\` alone.`,
        {
          hint: `Write \`${wanted}: "…"\`.`,
        },
      );
      return undefined;
    }
    const found = constantJson(value, this.constantOf);
    if ("value" in found && typeof found.value === "string") return { name: wanted, value: found.value };
    reporter.report("PGL4023", value, `\`${wanted}\` must be a string that is known when compiling.`);
    return undefined;
  }

  private text(value: ast.Expression): string | undefined {
    const { reporter, call } = this;
    const isSchema = call.name.name === "json";
    const found = constantJson(value, this.constantOf);
    if ("unknown" in found) {
      reporter.report(
        "PGL4023",
        found.unknown,
        `The ${isSchema ? "schema" : "grammar"} must be known when compiling, and this is not.`,
        isSchema
          ? 'Write it as records, lists and maps (`map { "$ref": "…" }`), as a string with its JSON, or name a file.'
          : "Write it as a string without `${…}`, or name a file.",
      );
      return undefined;
    }
    if (typeof found.value !== "string") {
      if (isSchema) return JSON.stringify(found.value);
      reporter.report("PGL3002", value, "A grammar is a string, or the name of a file with it.");
      return undefined;
    }
    // A definition has a colon, a schema a brace; names of files have neither.
    const isName = isSchema ? !/^\s*(?:\{|true\s*$|false\s*$)/.test(found.value) : !/[:\n]/.test(found.value);
    return isName ? this.readFile(found.value, value) : found.value;
  }

  private readFile(name: string, at: ast.Expression): string | undefined {
    const { host, reporter } = this;
    const path = host.resolve(this.file, name);
    const text = host.read(path);
    if (text !== undefined) return text;
    const problem = host.problem?.(path);
    if (problem !== undefined) reporter.report("PGL2016", at, `\`${name}\` is no text: ${problem}.`);
    else {
      reporter.report("PGL2003", at, `There is no file \`${name}\` here.`, {
        hint: "Files are looked for beside the program.",
      });
    }
    return undefined;
  }
}

/** Constraints of the module that are documents. */
function documentCalls(tree: ast.Module): ast.ConstraintCall[] {
  const found: ast.ConstraintCall[] = [];
  for (const node of nodesIn(tree)) {
    const call = node as ast.ConstraintCall;
    if (call.kind === "ConstraintCall" && documentKinds.has(call.name.name)) found.push(call);
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}
