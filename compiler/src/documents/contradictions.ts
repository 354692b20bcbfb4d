import type * as ast from "@pgl/grammar";
import type { Constraint, ConstraintError } from "@pgl/constraints";
import { constraintKind } from "../builtins/constraints.js";
import type { Reporter } from "../diagnostics/reporter.js";
import { constantJson, type ConstantOf } from "./constant-json.js";
import type { ConstraintLibrary, LoadConstraints } from "./library.js";
import type { ConstraintDocument } from "./read.js";

/** A part of what is asked of a text, and where it is written. */
interface Part {
  readonly node: ast.ConstraintNode;
  readonly constraint: Constraint;
}

/**
 * Reports constraints on texts that no text satisfies, with the parts that contradict each other, and those given to a draw
 * that are too large to guide it, or that no automaton can check. Looked at is what is known when compiling: of `A and B` the
 * parts that are. Observations of one name that follow each other, and the draw before them, are one constraint.
 */
export async function reportContradictions(
  tree: ast.Module,
  documents: ReadonlyMap<ast.ConstraintCall, ConstraintDocument>,
  constantOf: ConstantOf,
  reporter: Reporter,
  load: LoadConstraints,
): Promise<void> {
  const found = wantedIn(tree);
  if (found.length === 0) return;
  const library = await load();
  const maker = new Maker(library, documents, constantOf);
  for (const { nodes, guides } of found) {
    const parts = nodes.flatMap((node) => maker.parts(node));
    if (parts.length > 0) new Examination(library, reporter, parts, guides).run();
  }
}

/** What is asked of one text. */
interface Wanted {
  readonly nodes: readonly ast.ConstraintNode[];
  /** Whether a draw is to be guided, not only the finished text looked at. */
  readonly guides: boolean;
}

/** What all of the observations of one text, and of its draw, ask. */
function wantedIn(tree: ast.Module): readonly Wanted[] {
  const found: Wanted[] = [];
  const seen = new Set<object>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null || seen.has(node)) return;
    seen.add(node);
    if ((node as Partial<ast.Block>).kind === "Block") found.push(...wantedOf(node as ast.Block, seen));
    if ((node as Partial<ast.Expression>).kind === "ConstraintExpression") {
      found.push({ nodes: [(node as ast.ConstraintExpression).constraint], guides: true });
      // Constraints within are parts of it.
      return;
    }
    for (const value of Object.values(node)) visit(value);
  };
  visit(tree);
  return found;
}

function wantedOf({ statements }: ast.Block, seen: Set<object>): readonly Wanted[] {
  const found: Wanted[] = [];
  for (let i = 0; i < statements.length; i++) {
    const first = statements[i]!;
    const drawn = first.kind === "DrawStatement" ? drawnWith(first) : undefined;
    const name = drawn?.name ?? observedName(first);
    const nodes = drawn === undefined ? observed(first) : [drawn.constraint.constraint];
    if (nodes.length === 0) continue;
    if (drawn !== undefined) seen.add(drawn.constraint);
    while (name !== undefined && i + 1 < statements.length && observedName(statements[i + 1]!) === name)
      nodes.push(...observed(statements[++i]!));
    found.push({ nodes, guides: drawn !== undefined });
  }
  return found;
}

const observed = (statement: ast.Statement): ast.ConstraintNode[] =>
  statement.kind === "ObserveStatement" && statement.constraint !== undefined ? [statement.constraint] : [];

function observedName(statement: ast.Statement): string | undefined {
  if (statement.kind !== "ObserveStatement" || statement.constraint === undefined) return undefined;
  return statement.value.kind === "Identifier" ? statement.value.name : undefined;
}

/** `let t ~ lm.text(…, matching: C)`. */
function drawnWith({
  pattern,
  distribution,
}: ast.DrawStatement): { name: string; constraint: ast.ConstraintExpression } | undefined {
  if (pattern.kind !== "Identifier" || distribution.kind !== "CallExpression") return undefined;
  const constraint = distribution.arguments.map((a) => a.value).find((v) => v.kind === "ConstraintExpression");
  return constraint && { name: pattern.name, constraint };
}

/** Makes the constraints that are known when compiling. */
class Maker {
  constructor(
    private readonly library: ConstraintLibrary,
    private readonly documents: ReadonlyMap<ast.ConstraintCall, ConstraintDocument>,
    private readonly constantOf: ConstantOf,
  ) {}

  /** The parts of a conjunction that are known. */
  parts(node: ast.ConstraintNode): readonly Part[] {
    if (node.kind === "AndConstraint") return node.operands.flatMap((operand) => this.parts(operand));
    const constraint = this.make(node);
    return constraint === undefined ? [] : [{ node, constraint }];
  }

  private make(node: ast.ConstraintNode): Constraint | undefined {
    const { constraint } = this.library;
    switch (node.kind) {
      case "RegexConstraint":
        return node.values === undefined ? this.made(() => constraint.regex(node.source, node.flags)) : undefined;
      case "ValueConstraint": {
        const value = this.texts(node.value);
        // An empty list has a warning of its own.
        return value === undefined || value.length === 0 ? undefined : constraint.text(value);
      }
      case "NotConstraint": {
        const operand = this.make(node.operand);
        return operand && constraint.not(operand);
      }
      case "AndConstraint":
      case "OrConstraint": {
        const operands = this.all(node.operands);
        return operands && (node.kind === "AndConstraint" ? constraint.and : constraint.or)(...operands);
      }
      case "ConstraintCall":
        return this.called(node);
    }
  }

  private all(nodes: readonly ast.ConstraintNode[]): readonly Constraint[] | undefined {
    const made = nodes.map((node) => this.make(node));
    return made.every((c): c is Constraint => c !== undefined) ? made : undefined;
  }

  private called(node: ast.ConstraintCall): Constraint | undefined {
    const { constraint } = this.library;
    const document = this.documents.get(node);
    if (document !== undefined) {
      const options = document.option === null ? {} : { [document.option.name]: document.option.value };
      return this.made(() =>
        node.name.name === "json"
          ? constraint.json(document.text, options)
          : constraint.grammar(document.text, options),
      );
    }
    const kind = constraintKind.get(node.name.name);
    if (kind === undefined || kind.parameters.includes("lm") || kind.parameters.includes("predicate")) return undefined;
    const values: unknown[] = [];
    for (const { value } of node.arguments) {
      if (value.kind === "ConstraintExpression") {
        const part = this.make(value.constraint);
        if (part === undefined) return undefined;
        values.push(part);
      } else if (value.kind === "RangeExpression") {
        const ends = [this.number(value.start), this.number(value.end)];
        if (ends.includes(undefined)) return undefined;
        values.push(...ends);
      } else {
        const found = constantJson(value, this.constantOf);
        if ("unknown" in found) return undefined;
        values.push(found.value);
      }
    }
    const make = constraint[node.name.name as keyof typeof constraint] as (...values: unknown[]) => Constraint;
    return this.made(() => make(...values));
  }

  private number(end: ast.Expression): number | undefined {
    if (end.kind === "UnaryExpression" && end.operator === "-") {
      const n = this.number(end.operand);
      return n === undefined ? undefined : -n;
    }
    if (end.kind === "Identifier" && end.name === "inf") return Infinity;
    const found = constantJson(end, this.constantOf);
    return "value" in found && typeof found.value === "number" ? found.value : undefined;
  }

  private texts(value: ast.Expression): string | readonly string[] | undefined {
    const found = constantJson(value, this.constantOf);
    if ("unknown" in found) return undefined;
    if (typeof found.value === "string") return found.value;
    const all = Array.isArray(found.value) ? (found.value as readonly unknown[]) : [found.value];
    return all.every((text): text is string => typeof text === "string") ? all : undefined;
  }

  /** What is wrong with a constraint by itself has been reported. */
  private made(make: () => Constraint): Constraint | undefined {
    try {
      return make();
    } catch (error) {
      if (error instanceof this.library.ConstraintError) return undefined;
      throw error;
    }
  }
}

/** Longer constraints are cut in messages. */
const MOST_SHOWN = 60;

class Examination {
  constructor(
    private readonly library: ConstraintLibrary,
    private readonly reporter: Reporter,
    private readonly parts: readonly Part[],
    private readonly guides: boolean,
  ) {}

  run(): void {
    for (const part of this.parts) {
      const verdict = this.verdictOn([part]);
      if (verdict === "empty") {
        this.reporter.report("PGL4025", part.node, `No text matches ${this.shown(part)}.`, {
          hint: "What it asks for contradicts itself.",
        });
        return;
      }
      if (typeof verdict === "object") {
        // The finished text can be asked about whatever an automaton cannot say.
        if (!this.guides) return;
        this.reporter.report("PGL4026", part.node, verdict.message, { hint: verdict.hint });
        return;
      }
    }
    if (this.parts.length < 2) return;
    for (let later = 1; later < this.parts.length; later++) {
      for (let earlier = 0; earlier < later; earlier++) {
        const [one, other] = [this.parts[earlier]!, this.parts[later]!];
        if (this.verdictOn([one, other]) !== "empty") continue;
        this.reporter.report(
          "PGL4025",
          other.node,
          `No text matches both ${this.shown(one)} and ${this.shown(other)}.`,
          {
            hint: "They contradict each other: every execution would be ruled out.",
          },
        );
        return;
      }
    }
    const verdict = this.parts.length > 2 ? this.verdictOn(this.parts) : "possible";
    const last = this.parts.at(-1)!;
    if (verdict === "empty") {
      const all = this.parts.map((part) => this.shown(part)).join(", ");
      this.reporter.report("PGL4025", last.node, `No text matches all of ${all}.`, {
        hint: "Any two of them can be met, all together cannot.",
      });
    }
  }

  private verdictOn(parts: readonly Part[]): "possible" | "empty" | ConstraintError {
    const { constraint, ConstraintError: Wrong, DEAD } = this.library;
    try {
      const [first] = parts;
      const whole = parts.length === 1 ? first!.constraint : constraint.and(...parts.map((part) => part.constraint));
      const compiled = whole.compiled();
      return compiled !== null && compiled.recogniser.start === DEAD ? "empty" : "possible";
    } catch (error) {
      if (error instanceof Wrong) return error;
      throw error;
    }
  }

  private shown({ constraint }: Part): string {
    const text = constraint.describe();
    return `\`${text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text}\``;
  }
}
