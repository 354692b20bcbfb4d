import type * as ast from "@pgl/grammar";
import type { DistributionDomain, Type } from "../types.js";

/** A place that draws. */
export interface Draw {
  readonly node: ast.DrawStatement | ast.SampleExpression;
  /** The variable, when a `let x ~ …` binds one: the name of the site. */
  readonly name: ast.Identifier | undefined;
  readonly element: Type;
  readonly domain: DistributionDomain;
  /** Inside a loop or a lambda: may happen more than once in an execution. */
  readonly repeated: boolean;
}

/** What the body of a function, model or proposal does itself, and whom it calls inline. */
export interface BodySummary {
  readonly file: string;
  /** Of the declaration. */
  readonly name: string;
  /** By node, so that checking a body twice does not count twice. */
  readonly draws: Map<ast.DrawStatement | ast.SampleExpression, Draw>;
  readonly weighs: Map<ast.Statement, string>;
  /** Declarations it names other than under `infer`; whether the place is in a loop or a lambda. */
  readonly callees: Map<ast.Declaration, boolean>;
  /** It calls a function value that may draw and whose body is not known. */
  callsUnknown: boolean;
}

export const newSummary = (file: string, name: string): BodySummary => ({
  file,
  name,
  draws: new Map(),
  weighs: new Map(),
  callees: new Map(),
  callsUnknown: false,
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

/**
 * Whether every execution makes a bounded number of draws, each of finitely many values, so that visiting all of them is
 * the better default: no draw under a loop, in a lambda, in recursion, or from a distribution of another kind.
 */
export function isSmallAndFinite(
  declaration: ast.Declaration,
  summaries: ReadonlyMap<ast.Declaration, BodySummary>,
): boolean {
  const state = new Map<ast.Declaration, "open" | "done">();
  /** Draws made by a call of the declaration: none, a bounded number, or not known to be bounded. */
  const visit = (at: ast.Declaration): "none" | "bounded" | "unbounded" => {
    if (state.get(at) === "open") return "unbounded";
    const summary = summaries.get(at);
    if (summary === undefined) return "none";
    state.set(at, "open");
    let result: "none" | "bounded" | "unbounded" = summary.callsUnknown ? "unbounded" : "none";
    for (const draw of summary.draws.values()) {
      if (draw.domain !== "finite" || draw.repeated) result = "unbounded";
      else if (result === "none") result = "bounded";
    }
    for (const [callee, repeated] of summary.callees) {
      if (result === "unbounded") break;
      const inner = visit(callee);
      if (inner === "unbounded" || (inner === "bounded" && repeated)) result = "unbounded";
      else if (inner === "bounded") result = "bounded";
    }
    state.set(at, "done");
    return result;
  };
  return visit(declaration) !== "unbounded";
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
    for (const callee of summary.callees.keys()) {
      if (seen.has(callee)) continue;
      seen.add(callee);
      open.push(callee);
    }
  }
}
