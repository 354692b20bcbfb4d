/** A place in a program that draws or weighs: what error messages, traces and proposals call it. */
export interface Site {
  /** The variable a draw is bound to, or `kind@line:column`. Proposals and traces address draws by it. */
  readonly name: string;
  /** A `token` draw belongs to a larger draw, which records itself: it is not in the trace. */
  readonly kind: "sample" | "observe" | "condition" | "factor" | "twist" | "step" | "call" | "infer" | "token";
  /** Source position, 1-based, and the file it is in; missing for sites made by library code. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** UTF-16 offsets in the source. */
  readonly start?: number;
  readonly end?: number;
}

/** What emitted code calls for its module-level site constants. */
export const site = (description: Site): Site => Object.freeze(description);

/** `ending.pgl:12:3 (observe last)`, as messages show a place; a site without a name of its own by its kind alone. */
export function showSite(where: Site): string {
  const place = where.line === undefined ? "" : `${where.file ?? "program"}:${where.line}:${where.column} `;
  const what = where.name.startsWith(`${where.kind}@`) ? where.kind : `${where.kind} ${where.name}`;
  return `${place}(${what})`;
}
