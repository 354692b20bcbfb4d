import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type * as ast from "@pgl/grammar";
import { describe, expect, it } from "vitest";
import { check } from "../../src/check.js";
import type { CheckedModule } from "../../src/checked.js";
import { memoryFiles, nodeFiles } from "../../src/hosts/source-host.js";
import { someType } from "../../src/types/type.js";
import { nodesOf } from "../support.js";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
const EXPRESSIONS = new Set(
  "NumberLiteral BooleanLiteral StringLiteral TemplateLiteral NoneLiteral EosLiteral ListExpression TupleExpression RecordExpression MapExpression UnaryExpression BinaryExpression RangeExpression MatchesExpression CallExpression IndexExpression LambdaExpression IfExpression MatchExpression BlockExpression SampleExpression InferExpression".split(
    " ",
  ),
);

/** What the emitter relies on: the places of a module without an entry in the tables. */
function gaps(module: CheckedModule): readonly string[] {
  const found: string[] = [];
  const say = (what: string, node: { readonly span: ast.Span }) =>
    found.push(`${what}: ${module.text.slice(node.span.start, node.span.end)}`);
  const inPatternOrImport = new Set<unknown>();
  for (const node of nodesOf(module.tree)) {
    if (node.kind === "ImportDeclaration" || node.kind === "LiteralPattern")
      for (const inner of nodesOf(node)) inPatternOrImport.add(inner);
    if (node.kind === "LmDeclaration") inPatternOrImport.add((node as unknown as ast.LmDeclaration).spec);
    if (node.kind === "LmOption") inPatternOrImport.add((node as unknown as ast.LmOption).value);
    if (node.kind === "TwistFileDeclaration") inPatternOrImport.add((node as unknown as ast.TwistFileDeclaration).file);
  }
  for (const node of nodesOf(module.tree)) {
    if (EXPRESSIONS.has(node.kind) && !inPatternOrImport.has(node)) {
      const type = module.types.get(node as unknown as ast.Expression);
      if (type === undefined) say("no type", node);
      else if (someType(type, (part) => part.kind === "variable" || part.kind === "error")) say("open type", node);
    }
    if (node.kind === "CallExpression" || node.kind === "InferExpression") {
      if (!module.calls.has(node as unknown as ast.CallExpression)) say("no call", node);
    }
    if (
      node.kind === "LambdaExpression" ||
      node.kind === "FunctionDeclaration" ||
      node.kind === "ModelDeclaration" ||
      node.kind === "ProposalDeclaration"
    ) {
      if (!module.effects.has(node as unknown as ast.LambdaExpression)) say("no effect", node);
    }
  }
  for (const identifier of identifiersOf(module.tree))
    if (!module.symbols.has(identifier)) say("no symbol", identifier);
  return found;
}

const BUILT_IN_TYPES = new Set(
  "int float bool string token context unit none lm twist list dist posterior map".split(" "),
);

/** Identifiers that stand for something: not field names, named arguments, methods, or names after a dot. */
function* identifiersOf(tree: ast.Module): Iterable<ast.Identifier> {
  const labels = new Set<unknown>();
  for (const node of nodesOf(tree) as Iterable<AnyAst>) {
    switch (node.kind) {
      case "MemberExpression":
        labels.add(node.property);
        break;
      case "Argument":
      case "LmOption":
        labels.add(node.name);
        break;
      case "MethodNode":
      case "ConstraintCall":
        labels.add(node.name);
        break;
      case "QueryDeclaration":
        labels.add(node.name);
        break;
      case "NamedType":
        if (BUILT_IN_TYPES.has((node.name as ast.Identifier).name)) labels.add(node.name);
        break;
      case "Field":
      case undefined:
        labels.add(node.name);
        break;
      case "RecordType":
      case "RecordPattern":
      case "RecordMatchPattern":
        for (const field of (node as unknown as ast.RecordType).fields) labels.add(field.name);
    }
  }
  for (const node of nodesOf(tree))
    if (node.kind === "Identifier" && !labels.has(node)) yield node as unknown as ast.Identifier;
}

interface AnyAst {
  readonly kind: string | undefined;
  readonly name?: unknown;
  readonly property?: unknown;
}

describe("the tables of a checked module are complete", () => {
  for (const name of readdirSync(examples).filter((n) => n.endsWith(".pgl"))) {
    it(name, async () => {
      const program = await check(nodeFiles(examples), name);
      for (const module of program.modules.values()) expect(gaps(module)).toEqual([]);
    });
  }

  it("everything the language has, in one module", async () => {
    const program = await check(memoryFiles({ "/all.pgl": EVERYTHING }), "/all.pgl");
    expect(program.diagnostics).toEqual([]);
    expect(gaps(program.modules.get("/all.pgl")!)).toEqual([]);
  });
});

const EVERYTHING = `
lm writer = "stories"
type Mood = "glad" | "sad"
type Person = { name: string, age?: int, mood: Mood }
const limits: map<string, int> = map { "low": 1, "high": 10 }
const pair = (1, "one")
export const half = 1 / 2

/// Deterministic, with a default.
fn older(p: Person, by: int = 1): Person = { ...p, age: (p.age ?? 0) + by }
fn twice(f: (int) -> int, x: int): int = f(f(x))
fn describe(p: Person): string {
  let { name, mood } = p
  if p.age != none { return "\${name} is \${p.age + 1} and \${mood}" }
  return name
}
fn even(n: int): bool = if n == 0 { true } else { odd(n - 1) }
fn odd(n: int): bool = if n == 0 { false } else { even(n - 1) }
fn judged(s: string): float = writer.score(s, after: "") / 2

model noisy(x: float, sd: float = 1.0): float {
  let y ~ normal(x, sd) proposal normal(x, 2 * sd)
  return y
}
model walk(steps: int): list<float> {
  var at = 0.0
  var seen = []
  for (i, _step) in indexed(range(0, steps)) {
    at += noisy(at, sd: 1 + i)
    seen = push(seen, at)
    if at > 100 { break }
    if at < -100 { continue }
    step
  }
  while at > 0 && len(seen) < 5 { at -= 1 }
  return seen
}
model all(p: Person, words: list<string>): { text: string, n: int } {
  let first ~ writer.text(after: "Once", stop_at: ["." , "!"], max_tokens: 10, must_stop: true)
  observe first matches /[A-Z].*/ and (contains("a") or not ends_with("!")) and chars(1..80) and tokens(1..9, writer)
  condition first matches ["a", "b"]
  let mood: Mood ~ categorical(map { "glad": 2.0, "sad": 1.0 })
  let (a, b) ~ choice([(1, true), (2, false)])
  let drawn = map(words, w => { let n ~ poisson(3); n + len(w) })
  let total = fold(drawn, 0, (acc, n) => acc + n)
  let count = drawn.filter(n => n > 1).len()
  let inner = infer noisy(0.0) using smc(particles: 10, resampler: "residual", proposal: guide)
  let m = inner.mean()
  observe m ~ normal(0, 1)
  factor log_prob(inner, 0.5) + judged(first)
  twist if b { 0.0 } else { -inf }
  let score = match mood { "glad" if a > 1 => 2, "glad" => 1, "sad" => 0 }
  let found = words.first()
  let text = match found { none => "nothing", s => upper(s) }
  let label = match (b, mood) { (true, "glad") => "x", (true, _) => "y", (false, m) => string(m) }
  fn local(n: int): int = n + score
  let tok ~ writer.next("a").where(t => t != eos && !contains(t, "e")).tempered(0.7)
  let ctx = writer.context("a") + tok + "b"
  let chosen = if ctx.text == "ab" { none } else { 3 }
  let grown = older({ name: "Max", mood: "sad" }, by: limits["low"])
  let value = { let q = 3; q * 2 }
  let d = mix([0.5, 0.5], [choice([1, 2]), delta(3)])
  let e = sample d
  return { text: text + label + describe(grown) + describe(p), n: local(twice(x => x + 1, total)) + count + (chosen ?? 0) + value + e + pair.0 + len(pair.1) }
}
proposal guide(x: float, sd: float) for noisy { let y ~ normal(x, 3 * sd) }
query all({ name: "Ann", mood: "glad" }, ["a", "b"]) using importance(samples: 5)
query w = walk(3)
`;
