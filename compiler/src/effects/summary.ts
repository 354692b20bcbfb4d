import type * as ast from "@pgl/grammar";
import type { DistributionDomain, Type } from "../types.js";

/** A place that draws. */
export interface Draw {
  readonly node: ast.DrawStatement | ast.SampleExpression;
  /** The variable, when a `let x ~ …` binds one: the name of the site. */
  readonly name: ast.Identifier | undefined;
  readonly element: Type;
  readonly domain: DistributionDomain;
}

/** What the body of a function, model or proposal does itself, and whom it calls inline. */
export interface BodySummary {
  readonly file: string;
  /** Of the declaration. */
  readonly name: string;
  /** By node, so that checking a body twice does not count twice. */
  readonly draws: Map<ast.DrawStatement | ast.SampleExpression, Draw>;
  readonly weighs: Map<ast.Statement, string>;
  /** Declarations it names other than under `infer`. */
  readonly callees: Set<ast.Declaration>;
}

export const newSummary = (file: string, name: string): BodySummary => ({
  file,
  name,
  draws: new Map(),
  weighs: new Map(),
  callees: new Set(),
});

/** Every draw that running the declaration may come to, in its own body and in those it calls. */
export function* reachableDraws(
  declaration: ast.Declaration,
  summaries: ReadonlyMap<ast.Declaration, BodySummary>,
): Iterable<{ readonly draw: Draw; readonly file: string; readonly owner: string }> {
  for (const summary of reachable(declaration, summaries)) {
    for (const draw of summary.draws.values()) yield { draw, file: summary.file, owner: summary.name };
  }
}

/** Names of the draws among those. */
export function namedDraws(
  declaration: ast.Declaration,
  summaries: ReadonlyMap<ast.Declaration, BodySummary>,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { draw } of reachableDraws(declaration, summaries)) if (draw.name !== undefined) names.add(draw.name.name);
  return names;
}

/** A statement that weighs, in the declaration or what it calls. */
export function findWeighing(
  declaration: ast.Declaration,
  summaries: ReadonlyMap<ast.Declaration, BodySummary>,
): { readonly statement: ast.Statement; readonly kind: string } | undefined {
  for (const summary of reachable(declaration, summaries)) {
    for (const [statement, kind] of summary.weighs) return { statement, kind };
  }
  return undefined;
}

function* reachable(
  declaration: ast.Declaration,
  summaries: ReadonlyMap<ast.Declaration, BodySummary>,
): Iterable<BodySummary> {
  const seen = new Set([declaration]);
  const open = [declaration];
  while (open.length > 0) {
    const summary = summaries.get(open.pop()!);
    if (summary === undefined) continue;
    yield summary;
    for (const callee of summary.callees) {
      if (seen.has(callee)) continue;
      seen.add(callee);
      open.push(callee);
    }
  }
}
